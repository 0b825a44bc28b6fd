//! What a data set promises, on memory and on disk.

mod common;

use common::{bytes, files, footer, layout, options, path, put, schema, state, visible, write};
use pq_dataset::blocking::{DatasetWriter, detect};
use pq_dataset::{DatasetError, Existing, Layout, Scheme, Target};
use pq_format::{FileMetaData, MAGIC, append_footer, encode};
use pq_store::{LocalStore, MemoryStore, PutMode, Store};
use pq_writer::{Batch, Bits, Column, DataType, Field, Schema, Values};

const SCHEMES: [Scheme; 4] = [Scheme::Simple, Scheme::Flat, Scheme::Hive, Scheme::Drill];

/// Runs a test on memory and on a directory of its own.
fn on_each_store(test: impl Fn(&dyn Store)) {
    test(&MemoryStore::default());
    let directory = tempfile::tempdir().unwrap();
    test(&LocalStore::open(directory.path()).unwrap());
    let names: Vec<_> = std::fs::read_dir(directory.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert!(names.iter().all(|name| name == "data"), "litter: {names:?}");
}

#[test]
fn create_append_overwrite() {
    for scheme in SCHEMES {
        on_each_store(|store| {
            assert_eq!(detect(store, &path("data")).unwrap(), Target::Absent);
            let summary = write(store, scheme, Existing::Fail, &[1, 2]).unwrap();
            assert_eq!(summary.rows, 2);
            assert_eq!(summary.warnings, Vec::<String>::new());
            assert_eq!(visible(store, scheme), [1, 2]);
            match detect(store, &path("data")).unwrap() {
                Target::File => assert_eq!(scheme, Scheme::Simple),
                Target::Dataset(found) => assert_eq!(found, layout(scheme)),
                other => panic!("{other:?}"),
            }

            write(store, scheme, Existing::Append, &[4]).unwrap();
            write(store, scheme, Existing::Append, &[6, 7]).unwrap();
            assert_eq!(visible(store, scheme), [1, 2, 4, 6, 7]);

            write(store, scheme, Existing::Overwrite, &[9]).unwrap();
            assert_eq!(visible(store, scheme), [9]);
            let parts = files(store);
            let parts: Vec<_> = parts
                .iter()
                .filter(|name| name.ends_with("parquet"))
                .collect();
            assert!(parts.len() <= 1, "replaced parts stay: {parts:?}");
        });
    }
}

#[test]
fn names_of_files() {
    on_each_store(|store| {
        write(store, Scheme::Hive, Existing::Fail, &[1, 2]).unwrap();
        write(store, Scheme::Hive, Existing::Append, &[4]).unwrap();
        assert_eq!(
            files(store),
            [
                "data/_common_metadata",
                "data/_metadata",
                "data/k=1/part.0.parquet",
                "data/k=1/part.1.parquet",
                "data/k=2/part.0.parquet",
            ]
        );
        let part = footer(&bytes(store, "data/k=1/part.1.parquet"));
        assert_eq!(part.num_rows, 1, "a part counts its own rows");
        assert_eq!(
            part.schema.len(),
            2,
            "the partition column is in the folder only"
        );
        let common = footer(&bytes(store, "data/_common_metadata"));
        assert_eq!((common.num_rows, common.row_groups.len()), (0, 0));
        assert_eq!(footer(&bytes(store, "data/_metadata")).num_rows, 3);
    });
}

#[test]
fn nothing_happens_to_a_target_that_is_there() {
    for scheme in SCHEMES {
        on_each_store(|store| {
            write(store, scheme, Existing::Fail, &[1]).unwrap();
            let before = state(store);
            for refused in SCHEMES {
                assert!(write(store, refused, Existing::Fail, &[2]).is_err());
                if refused != scheme {
                    let error = write(store, refused, Existing::Append, &[2]).unwrap_err();
                    let text = error.to_string();
                    assert!(
                        text.contains("existing file scheme"),
                        "{scheme}, {refused}: {text}"
                    );
                }
            }
            assert_eq!(state(store), before);
        });
    }
}

#[test]
fn an_append_needs_a_target() {
    for scheme in SCHEMES {
        on_each_store(|store| {
            let error = write(store, scheme, Existing::Append, &[1]).unwrap_err();
            assert!(matches!(error, DatasetError::NotFound { .. }), "{error}");
            assert_eq!(files(store), Vec::<String>::new());
        });
    }
}

#[test]
fn an_append_of_another_schema_changes_nothing() {
    let field = Field::new;
    let other_schemas = [
        (
            vec![
                field("k", DataType::Int32, false),
                field("x", DataType::Int32, false),
            ],
            "x",
        ),
        (
            vec![
                field("k", DataType::Int32, false),
                field("x", DataType::UInt64, false),
            ],
            "x",
        ),
        (
            vec![
                field("k", DataType::Int32, false),
                field("x", DataType::Int64, true),
            ],
            "x",
        ),
        (
            vec![
                field("k", DataType::Int32, false),
                field("y", DataType::Int64, false),
            ],
            "x",
        ),
        (
            vec![
                field("k", DataType::String, false),
                field("x", DataType::Int64, false),
            ],
            "k",
        ),
        (
            vec![
                field("k", DataType::Int32, false),
                field("x", DataType::Int64, false),
                field("z", DataType::Int64, false),
            ],
            "z",
        ),
    ];
    for scheme in SCHEMES {
        on_each_store(|store| {
            write(store, scheme, Existing::Fail, &[1]).unwrap();
            let before = state(store);
            for (fields, column) in &other_schemas {
                let error = DatasetWriter::open(
                    store,
                    path("data"),
                    Schema::new(fields.clone()).unwrap(),
                    layout(scheme),
                    options(Existing::Append),
                )
                .unwrap_err();
                match &error {
                    DatasetError::SchemaMismatch { column: named, .. } => assert_eq!(named, column),
                    other => panic!("{other}"),
                }
                let text = error.to_string();
                assert!(text.contains("expected") && text.contains("got"), "{text}");
            }
            assert_eq!(state(store), before);
        });
    }
}

#[test]
fn columns_without_nulls_go_behind_columns_that_may_have_them() {
    on_each_store(|store| {
        let nullable = Schema::new(vec![Field::new("x", DataType::Int64, true)]).unwrap();
        let required = Schema::new(vec![Field::new("x", DataType::Int64, false)]).unwrap();
        for (schema, existing) in [(nullable, Existing::Fail), (required, Existing::Append)] {
            let mut writer = DatasetWriter::open(
                store,
                path("data"),
                schema,
                layout(Scheme::Flat),
                options(existing),
            )
            .unwrap();
            let column = Column::new("x", Values::Int64(&[5]));
            writer.write_row_group(&[Batch::new(vec![column])]).unwrap();
            writer.commit().unwrap();
        }
        let part = footer(&bytes(store, "data/part.1.parquet"));
        let first = footer(&bytes(store, "data/part.0.parquet"));
        assert_eq!(part.schema, first.schema);
    });
}

#[test]
fn an_append_keeps_what_describes_the_rows() {
    for scheme in SCHEMES {
        on_each_store(|store| {
            let pairs = |texts: [&str; 2]| {
                let keys = ["ARROW:schema", "owner"].map(str::to_owned);
                keys.into_iter()
                    .zip(texts.map(str::to_owned))
                    .collect::<Vec<_>>()
            };
            for (existing, values) in [
                (Existing::Fail, ["first", "ann"]),
                (Existing::Append, ["second", "bob"]),
            ] {
                let mut options = options(existing);
                options.writer.key_values = pairs(values);
                let mut writer =
                    DatasetWriter::open(store, path("data"), schema(), layout(scheme), options)
                        .unwrap();
                put(&mut writer, &[3]).unwrap();
                writer.commit().unwrap();
            }
            let names = files(store);
            for name in names.iter().filter(|name| !name.contains("part.0")) {
                let found = footer(&bytes(store, name)).key_value_metadata.unwrap();
                let value = |key: &str| {
                    let pair = found.iter().find(|pair| pair.key == key).unwrap();
                    pair.value.clone().unwrap()
                };
                assert_eq!(value("ARROW:schema"), "first", "{name}");
                assert_eq!(value("owner"), "bob", "{name}");
            }
        });
    }
}

#[test]
fn two_appenders_both_get_in() {
    for scheme in [Scheme::Flat, Scheme::Hive, Scheme::Drill] {
        on_each_store(|store| {
            write(store, scheme, Existing::Fail, &[0]).unwrap();
            let open = || {
                let options = options(Existing::Append);
                DatasetWriter::open(store, path("data"), schema(), layout(scheme), options).unwrap()
            };
            let (mut one, mut two) = (open(), open());
            put(&mut one, &[3]).unwrap();
            put(&mut two, &[6]).unwrap();
            two.commit().unwrap();
            one.commit().unwrap();
            assert_eq!(visible(store, scheme), [0, 3, 6]);
        });
    }
}

#[test]
fn of_two_appenders_to_one_file_the_second_is_told() {
    on_each_store(|store| {
        write(store, Scheme::Simple, Existing::Fail, &[0]).unwrap();
        let open = || {
            let options = options(Existing::Append);
            DatasetWriter::open(
                store,
                path("data"),
                schema(),
                layout(Scheme::Simple),
                options,
            )
            .unwrap()
        };
        let (mut one, mut two) = (open(), open());
        put(&mut one, &[3]).unwrap();
        put(&mut two, &[6]).unwrap();
        two.commit().unwrap();
        let error = one.commit().unwrap_err();
        assert!(matches!(error, DatasetError::Conflict { .. }), "{error}");
        assert_eq!(visible(store, Scheme::Simple), [0, 6]);
    });
}

#[test]
fn an_overwrite_does_not_bury_what_came_meanwhile() {
    on_each_store(|store| {
        write(store, Scheme::Flat, Existing::Fail, &[0]).unwrap();
        let options = options(Existing::Overwrite);
        let mut overwriter =
            DatasetWriter::open(store, path("data"), schema(), layout(Scheme::Flat), options)
                .unwrap();
        put(&mut overwriter, &[5]).unwrap();
        write(store, Scheme::Flat, Existing::Append, &[1]).unwrap();
        let before = visible(store, Scheme::Flat);
        assert!(matches!(
            overwriter.commit(),
            Err(DatasetError::Conflict { .. })
        ));
        assert_eq!(visible(store, Scheme::Flat), before);
        assert_eq!(files(store).len(), 4, "the loser's parts are gone");
    });
}

#[test]
fn an_append_after_an_overwrite_lands_on_the_new_rows() {
    on_each_store(|store| {
        write(store, Scheme::Flat, Existing::Fail, &[0]).unwrap();
        let options = options(Existing::Append);
        let mut appender =
            DatasetWriter::open(store, path("data"), schema(), layout(Scheme::Flat), options)
                .unwrap();
        put(&mut appender, &[5]).unwrap();
        write(store, Scheme::Flat, Existing::Overwrite, &[1]).unwrap();
        appender.commit().unwrap();
        assert_eq!(visible(store, Scheme::Flat), [1, 5]);
    });
}

#[test]
fn two_creators_make_one_data_set() {
    for scheme in SCHEMES {
        on_each_store(|store| {
            let open = || {
                let options = options(Existing::Fail);
                DatasetWriter::open(store, path("data"), schema(), layout(scheme), options).unwrap()
            };
            let (mut one, mut two) = (open(), open());
            put(&mut one, &[3]).unwrap();
            put(&mut two, &[6]).unwrap();
            two.commit().unwrap();
            assert!(one.commit().is_err());
            assert_eq!(visible(store, scheme), [6]);
        });
    }
}

#[test]
fn a_writer_that_is_dropped_leaves_nothing() {
    for scheme in SCHEMES {
        on_each_store(|store| {
            let options = options(Existing::Fail);
            let mut writer =
                DatasetWriter::open(store, path("data"), schema(), layout(scheme), options)
                    .unwrap();
            put(&mut writer, &[1, 2, 3]).unwrap();
            drop(writer);
            assert_eq!(files(store), Vec::<String>::new());
        });
    }
}

#[test]
fn a_directory_stays_if_it_was_there() {
    for was_there in [true, false] {
        let directory = tempfile::tempdir().unwrap();
        let store = LocalStore::open(directory.path()).unwrap();
        let data = directory.path().join("data");
        if was_there {
            std::fs::create_dir(&data).unwrap();
        }
        let options = options(Existing::Fail);
        let layout = layout(Scheme::Hive);
        let mut writer =
            DatasetWriter::open(&store, path("data"), schema(), layout, options).unwrap();
        put(&mut writer, &[1, 2, 3]).unwrap();
        writer.abort().unwrap();
        assert_eq!(data.exists(), was_there);
    }
}

#[test]
fn a_bad_row_group_spoils_the_commit() {
    for scheme in SCHEMES {
        on_each_store(|store| {
            write(store, scheme, Existing::Fail, &[7]).unwrap();
            let before = state(store);
            let options = options(Existing::Append);
            let mut writer =
                DatasetWriter::open(store, path("data"), schema(), layout(scheme), options)
                    .unwrap();
            put(&mut writer, &[1]).unwrap();
            let null =
                Column::new("x", Values::Int64(&[1])).with_validity(Bits::new(&[0], 0, 1).unwrap());
            let bad = Batch::new(vec![Column::new("k", Values::Int32(&[1])), null]);
            assert!(writer.write_row_group(&[bad]).is_err());
            assert!(matches!(writer.commit(), Err(DatasetError::Poisoned)));
            assert_eq!(state(store), before);
        });
    }
}

#[test]
fn no_rows_are_a_data_set_too() {
    for scheme in SCHEMES {
        on_each_store(|store| {
            let summary = write(store, scheme, Existing::Fail, &[]).unwrap();
            assert_eq!((summary.rows, summary.row_groups), (0, 0));
            assert_eq!(visible(store, scheme), Vec::<i64>::new());
            write(store, scheme, Existing::Append, &[1]).unwrap();
            assert_eq!(visible(store, scheme), [1]);
        });
    }
}

#[test]
fn layouts_that_cannot_be() {
    let open = |layout: Layout| {
        let store = MemoryStore::default();
        DatasetWriter::open(
            &store,
            path("data"),
            schema(),
            layout,
            options(Existing::Fail),
        )
        .map(drop)
        .unwrap_err()
        .to_string()
    };
    assert_eq!(
        open(Layout::new(Scheme::Hive, ["k", "x"])),
        "Cannot include all columns in partition_on"
    );
    assert_eq!(
        open(Layout::new(Scheme::Hive, ["nope"])),
        "partition column \"nope\" is not in the schema"
    );
    assert_eq!(
        open(Layout::new(Scheme::Drill, ["k", "k"])),
        "duplicate partition column \"k\""
    );
    assert_eq!(
        open(Layout::new(Scheme::Flat, ["k"])),
        "scheme flat has no partition columns"
    );
}

#[test]
fn an_append_to_other_partitions_is_refused() {
    let store = MemoryStore::default();
    write(&store, Scheme::Hive, Existing::Fail, &[1]).unwrap();
    let error = DatasetWriter::open(
        &store,
        path("data"),
        schema(),
        Layout::new(Scheme::Hive, ["x"]),
        options(Existing::Append),
    )
    .unwrap_err();
    assert!(
        matches!(error, DatasetError::ExistingPartitions { .. }),
        "{error}"
    );
}

#[test]
fn metadata_that_leads_elsewhere_is_refused() {
    for file_path in [
        "../secret.parquet",
        "/etc/x.parquet",
        "s3://b/x",
        "%2e%2e/x.parquet",
    ] {
        let store = MemoryStore::default();
        write(&store, Scheme::Flat, Existing::Fail, &[1]).unwrap();
        let mut metadata: FileMetaData = footer(&bytes(&store, "data/_metadata"));
        for column in &mut metadata.row_groups[0].columns {
            column.file_path = Some(file_path.to_owned());
        }
        let mut encoded = Vec::new();
        encode(&metadata, &mut encoded).unwrap();
        let mut file = MAGIC.to_vec();
        append_footer(&encoded, &mut file).unwrap();
        pollster::block_on(store.put(&path("data/_metadata"), &file, PutMode::Always)).unwrap();
        for existing in [Existing::Append, Existing::Overwrite] {
            let error = write(&store, Scheme::Flat, existing, &[2]).unwrap_err();
            assert!(matches!(error, DatasetError::HostilePath { .. }), "{error}");
        }
    }
}

#[test]
fn a_directory_of_others_is_left_alone() {
    on_each_store(|store| {
        pollster::block_on(store.put(&path("data/notes.txt"), b"mine", PutMode::Always)).unwrap();
        for existing in [Existing::Fail, Existing::Append, Existing::Overwrite] {
            for scheme in SCHEMES {
                assert!(write(store, scheme, existing, &[1]).is_err());
            }
        }
        assert_eq!(files(store), ["data/notes.txt"]);
    });
}

#[test]
fn equal_input_makes_equal_bytes() {
    for scheme in SCHEMES {
        let states: Vec<_> = (0..2)
            .map(|_| {
                let store = MemoryStore::default();
                write(&store, scheme, Existing::Fail, &[1, 2, 3, 4]).unwrap();
                write(&store, scheme, Existing::Append, &[5, 6]).unwrap();
                state(&store)
            })
            .collect();
        assert_eq!(states[0], states[1]);
    }
}
