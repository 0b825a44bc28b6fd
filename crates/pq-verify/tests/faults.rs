//! Plants one fault at a time into a sound file, and expects that rule, there, and no other.

mod common;

use common::columns::{FLAG, ID, NAME, POINT_B, PRICE, SMALL, TAGS, X};
use common::{At, Body, Changes, Footer, build, check};
use pq_encoding::{levels, rle};
use pq_format::{
    BoundaryOrder, ColumnChunk, ColumnIndex, ColumnMetaData, ColumnOrder, CompressionCodec,
    ConvertedType, Encoding, FieldRepetitionType, LogicalType, OffsetIndex, PackedList, PageHeader,
    SchemaElement, Statistics, Type,
};
use pq_verify::Rule;
use std::collections::BTreeSet;

/// What is broken, where it is first reported, and how it is planted.
type Fault = (&'static [Rule], &'static str, fn(&mut Changes));

fn run(faults: &[Fault]) {
    for (rules, place, plant) in faults {
        let mut changes = Changes::default();
        plant(&mut changes);
        let report = check(&build(&changes));
        let found: BTreeSet<Rule> = report.counts().map(|(rule, _)| rule).collect();
        let expected: BTreeSet<Rule> = rules.iter().copied().collect();
        let lines: Vec<String> = report.findings().iter().map(ToString::to_string).collect();
        assert_eq!(found, expected, "{lines:#?}");
        let first = report.findings()[0].place.to_string();
        let place = format!("f{place}");
        assert!(
            first == place || first.starts_with(&format!("{place}, byte")),
            "{rules:?} at {first}, not {place}"
        );
    }
}

fn footer(changes: &mut Changes, change: impl Fn(&mut Footer) + 'static) {
    changes.footer = Some(Box::new(change));
}

/// Changes a chunk of the first row group, and the sums over its sizes.
fn chunk(changes: &mut Changes, column: usize, change: impl Fn(&mut ColumnChunk) + 'static) {
    footer(changes, move |footer| {
        let group = &mut footer.row_groups[0];
        change(&mut group.columns[column]);
        let metas = || group.columns.iter().filter_map(|it| it.meta_data.as_ref());
        group.total_byte_size = metas().map(|it| it.total_uncompressed_size).sum();
        group.total_compressed_size = Some(metas().map(|it| it.total_compressed_size).sum());
    });
}

fn meta(changes: &mut Changes, column: usize, change: impl Fn(&mut ColumnMetaData) + 'static) {
    chunk(changes, column, move |chunk| {
        change(chunk.meta_data.as_mut().unwrap());
    });
}

fn statistics(changes: &mut Changes, column: usize, change: impl Fn(&mut Statistics) + 'static) {
    meta(changes, column, move |meta| {
        change(meta.statistics.as_mut().unwrap());
    });
}

/// A schema without rows.
fn schema(changes: &mut Changes, change: impl Fn(&mut Vec<SchemaElement>) + 'static) {
    footer(changes, move |footer| {
        footer.row_groups.clear();
        footer.num_rows = 0;
        change(&mut footer.schema);
    });
}

fn is_at(at: At, column: usize, page: usize) -> bool {
    let row_group = 0;
    at == At {
        row_group,
        column,
        page,
    }
}

fn header(
    changes: &mut Changes,
    column: usize,
    page: usize,
    change: impl Fn(&mut PageHeader) + 'static,
) {
    changes.header = Some(Box::new(move |at, header| {
        if is_at(at, column, page) {
            change(header);
        }
    }));
}

fn body(changes: &mut Changes, column: usize, page: usize, change: impl Fn(&mut Body) + 'static) {
    changes.body = Some(Box::new(move |at, body| {
        if is_at(at, column, page) {
            change(body);
        }
    }));
}

fn index(changes: &mut Changes, column: usize, change: impl Fn(&mut ColumnIndex) + 'static) {
    changes.index = Some(Box::new(move |at, index| {
        if is_at(at, column, 0) {
            change(index);
        }
    }));
}

fn offsets(changes: &mut Changes, column: usize, change: impl Fn(&mut OffsetIndex) + 'static) {
    changes.offsets = Some(Box::new(move |at, index| {
        if is_at(at, column, 0) {
            change(index);
        }
    }));
}

#[test]
fn the_file_itself_is_clean() {
    let report = check(&build(&Changes::default()));
    let lines: Vec<String> = report.findings().iter().map(ToString::to_string).collect();
    assert!(report.is_clean(), "{lines:#?}");
    let checked = report.checked();
    assert_eq!((checked.files, checked.row_groups), (1, 2));
    assert_eq!(
        (checked.pages, checked.values),
        (2 * (2 * 9 + 1), 2 * (8 * 6 + 8))
    );
}

#[test]
fn faults_of_the_frame() {
    run(&[
        (&[Rule::FileMagic], "", |it| {
            it.file = Some(Box::new(|file| file[0] = b'X'));
        }),
        (&[Rule::FileMagic], "", |it| {
            it.file = Some(Box::new(|file| *file.last_mut().unwrap() = b'2'));
        }),
        (&[Rule::Encrypted], "", |it| {
            it.file = Some(Box::new(|file| *file.last_mut().unwrap() = b'E'));
        }),
        (&[Rule::FooterLength], "", |it| {
            it.file = Some(Box::new(|file| {
                let at = file.len() - 5;
                file[at] = 0x7f;
            }));
        }),
        (&[Rule::FooterThrift], "", |it| {
            it.file = Some(Box::new(|file| {
                let at = file.len() - 8;
                let length = u32::from_le_bytes(file[at..at + 4].try_into().unwrap()) + 1;
                file[at..at + 4].copy_from_slice(&length.to_le_bytes());
                file.insert(at, 0);
            }));
        }),
        (&[Rule::FileVersion], "", |it| {
            footer(it, |footer| footer.version = 3)
        }),
        (&[Rule::FileVersion2], "", |it| {
            footer(it, |footer| footer.version = 2)
        }),
        (&[Rule::FileNumRows], "", |it| {
            footer(it, |footer| footer.num_rows += 1)
        }),
        (&[Rule::ColumnOrdersCount], "", |it| {
            footer(it, |footer| {
                footer.column_orders.as_mut().unwrap().pop();
            });
        }),
        (&[Rule::ColumnOrdersMissing], "", |it| {
            footer(it, |footer| footer.column_orders = None);
        }),
        (&[Rule::ColumnOrderType], ", column id", |it| {
            footer(it, |footer| {
                footer.column_orders.as_mut().unwrap()[ID] =
                    ColumnOrder::Ieee754TotalOrder(Default::default());
            });
        }),
    ]);
}

#[test]
fn faults_of_the_schema() {
    run(&[
        (&[Rule::SchemaTree], "", |it| {
            schema(it, |schema| schema[0].num_children = Some(9));
        }),
        (&[Rule::SchemaTree], "", |it| {
            schema(it, |schema| schema[0].num_children = Some(7));
        }),
        (&[Rule::SchemaRoot], "", |it| {
            schema(it, |schema| {
                schema[0].repetition_type = Some(FieldRepetitionType::REQUIRED);
            });
        }),
        (&[Rule::SchemaRepetition], ", column id", |it| {
            schema(it, |schema| schema[1].repetition_type = None);
        }),
        (&[Rule::SchemaName], ", column id", |it| {
            schema(it, |schema| schema[2].name = "id".to_owned());
        }),
        (
            &[Rule::SchemaGroup, Rule::ColumnOrdersCount],
            ", column id",
            |it| {
                schema(it, |schema| schema[1].r#type = None);
            },
        ),
        (&[Rule::TypeLength], ", column id", |it| {
            schema(it, |schema| {
                schema[1].r#type = Some(Type::FIXED_LEN_BYTE_ARRAY);
                schema[1].type_length = Some(0);
            });
        }),
        (&[Rule::PhysicalInt96], ", column id", |it| {
            schema(it, |schema| schema[1].r#type = Some(Type::INT96));
        }),
        (&[Rule::PhysicalType], ", column id", |it| {
            schema(it, |schema| schema[1].r#type = Some(Type(8)));
        }),
        (&[Rule::LogicalPhysical], ", column id", |it| {
            schema(it, |schema| {
                schema[1].logical_type = Some(LogicalType::Date(Default::default()));
                schema[1].converted_type = Some(ConvertedType::DATE);
            });
        }),
        (&[Rule::ConvertedMissing], ", column name", |it| {
            schema(it, |schema| schema[2].converted_type = None);
        }),
        (&[Rule::LogicalMissing], ", column name", |it| {
            schema(it, |schema| schema[2].logical_type = None);
        }),
        (&[Rule::ConvertedDiffers], ", column small", |it| {
            schema(it, |schema| {
                schema[8].converted_type = Some(ConvertedType::UINT_16)
            });
        }),
        (&[Rule::DecimalPrecision], ", column price", |it| {
            schema(it, |schema| {
                schema[7].precision = Some(10);
                if let Some(LogicalType::Decimal(decimal)) = &mut schema[7].logical_type {
                    decimal.precision = 10;
                }
            });
        }),
        (&[Rule::DecimalScale], ", column price", |it| {
            schema(it, |schema| schema[7].scale = Some(3));
        }),
        (&[Rule::ListStructure], ", column tags", |it| {
            schema(it, |schema| schema[5].name = "item".to_owned());
        }),
        (&[Rule::ListBroken], ", column tags", |it| {
            schema(it, |schema| {
                schema[4].repetition_type = Some(FieldRepetitionType::OPTIONAL);
            });
        }),
        (&[Rule::MapBroken], ", column tags", |it| {
            schema(it, |schema| {
                schema[3].logical_type = Some(LogicalType::Map(Default::default()));
                schema[3].converted_type = Some(ConvertedType::MAP);
                schema[4].name = "key_value".to_owned();
                schema[5].name = "key".to_owned();
            });
        }),
        (&[Rule::MapStructure], ", column tags", |it| {
            schema(it, |schema| {
                schema[3].logical_type = Some(LogicalType::Map(Default::default()));
                schema[3].converted_type = Some(ConvertedType::MAP);
                schema[5].repetition_type = Some(FieldRepetitionType::REQUIRED);
            });
        }),
    ]);
}

#[test]
fn faults_of_row_groups() {
    run(&[
        (&[Rule::RowGroupColumns], ", row group 0", |it| {
            footer(it, |footer| {
                let group = &mut footer.row_groups[0];
                let last = group.columns.pop().unwrap().meta_data.unwrap();
                group.total_byte_size -= last.total_uncompressed_size;
                *group.total_compressed_size.as_mut().unwrap() -= last.total_compressed_size;
            });
        }),
        (&[Rule::RowGroupOrder], ", row group 0, column id", |it| {
            meta(it, ID, |meta| meta.path_in_schema = ["di"].into());
        }),
        (&[Rule::RowGroupOrdinal], ", row group 1", |it| {
            footer(it, |footer| footer.row_groups[1].ordinal = Some(2));
        }),
        (&[Rule::RowGroupFileOffset], ", row group 1", |it| {
            footer(it, |footer| footer.row_groups[1].file_offset = Some(4));
        }),
        (&[Rule::RowGroupByteSize], ", row group 1", |it| {
            footer(it, |footer| footer.row_groups[1].total_byte_size += 1);
        }),
        (&[Rule::RowGroupCompressedSize], ", row group 1", |it| {
            footer(it, |footer| {
                footer.row_groups[1].total_compressed_size = Some(1)
            });
        }),
        (&[Rule::RowGroupNumRows], ", row group 0, column id", |it| {
            footer(it, |footer| {
                footer.num_rows += 1;
                footer.row_groups[0].num_rows += 1;
            });
        }),
        (&[Rule::ChunkFileOffset], ", row group 0, column x", |it| {
            chunk(it, X, |chunk| chunk.file_offset = 4);
        }),
        (&[Rule::ChunkFilePath], ", row group 0, column x", |it| {
            chunk(it, X, |chunk| chunk.file_path = Some("y".to_owned()));
        }),
        (&[Rule::ChunkType], ", row group 0, column small", |it| {
            meta(it, SMALL, |meta| meta.r#type = Type::FLOAT);
        }),
        (&[Rule::ChunkRange], ", row group 0, column small", |it| {
            meta(it, SMALL, |meta| meta.data_page_offset += 1 << 40);
        }),
        (&[Rule::ChunkOverlap], ", row group 1", |it| {
            footer(it, |footer| {
                let first = footer.row_groups[0].columns[SMALL].clone();
                footer.row_groups[1].columns[SMALL] = first;
            });
        }),
        (&[Rule::SortingOrder], ", row group 0, column id", |it| {
            footer(it, |footer| {
                footer.row_groups[0].sorting_columns.as_mut().unwrap()[0].descending = true;
            });
        }),
        (&[Rule::SortingOrder], ", row group 0, column name", |it| {
            footer(it, |footer| {
                footer.row_groups[0].sorting_columns.as_mut().unwrap()[0].column_idx = 1;
            });
        }),
    ]);
}

#[test]
fn faults_of_chunks() {
    run(&[
        (
            &[Rule::DictionaryOffsetMissing, Rule::DataPageOffset],
            ", row group 0, column name",
            |it| {
                meta(it, NAME, |meta| {
                    meta.data_page_offset = meta.dictionary_page_offset.take().unwrap();
                });
            },
        ),
        (
            &[Rule::DictionaryOffset, Rule::DataPageOffset],
            ", row group 0, column name",
            |it| {
                meta(it, NAME, |meta| {
                    let offset = meta.dictionary_page_offset.unwrap();
                    meta.dictionary_page_offset = Some(meta.data_page_offset);
                    meta.data_page_offset = offset;
                });
            },
        ),
        (
            &[Rule::DataPageOffset],
            ", row group 0, column name",
            |it| {
                meta(it, NAME, |meta| meta.data_page_offset += 1);
            },
        ),
        (
            &[Rule::DictionaryFirst],
            ", row group 0, column name, page 1",
            |it| {
                it.columns = Some(Box::new(|columns| columns[NAME].dictionary_twice = true));
            },
        ),
        (
            &[Rule::DictionaryMissing],
            ", row group 0, column name, page 0",
            |it| {
                it.columns = Some(Box::new(|columns| columns[NAME].dictionary = None));
            },
        ),
        (
            &[Rule::DictionaryUnused],
            ", row group 0, column small",
            |it| {
                it.columns = Some(Box::new(|columns| {
                    columns[SMALL].dictionary = Some((1, vec![1, 0, 0, 0]));
                }));
            },
        ),
        (
            &[Rule::DictionaryEncoding, Rule::EncodingStats],
            ", row group 0, column name, page 0",
            |it| {
                header(it, NAME, 0, |header| {
                    header.dictionary_page_header.as_mut().unwrap().encoding = Encoding::RLE;
                });
            },
        ),
        (
            &[Rule::DictionarySorted],
            ", row group 0, column name, page 0",
            |it| {
                body(it, NAME, 0, |body| {
                    body.values = b"\x03\0\0\0bob\x03\0\0\0ann\x03\0\0\0cat".to_vec();
                });
            },
        ),
        (
            &[Rule::PlainDictionary],
            ", row group 0, column name",
            |it| {
                it.columns = Some(Box::new(|columns| {
                    columns[NAME].encoding = Encoding::PLAIN_DICTIONARY;
                }));
            },
        ),
        (
            // Its last byte is the first one of the next chunk.
            &[Rule::ChunkCompressedSize, Rule::ChunkOverlap],
            ", row group 0, column name",
            |it| {
                meta(it, NAME, |meta| meta.total_compressed_size += 1);
            },
        ),
        (
            &[Rule::ChunkCompressedSize],
            ", row group 0, column name",
            |it| {
                meta(it, NAME, |meta| meta.total_compressed_size -= 1);
            },
        ),
        (
            &[Rule::ChunkUncompressedSize],
            ", row group 0, column name",
            |it| {
                meta(it, NAME, |meta| meta.total_uncompressed_size += 1);
            },
        ),
        (
            &[Rule::ChunkNumValues],
            ", row group 0, column name",
            |it| {
                meta(it, NAME, |meta| meta.num_values += 1);
            },
        ),
        (&[Rule::EncodingsList], ", row group 0, column name", |it| {
            meta(it, NAME, |meta| {
                meta.encodings = [Encoding::PLAIN, Encoding::RLE_DICTIONARY].into();
            });
        }),
        (&[Rule::EncodingStats], ", row group 0, column name", |it| {
            meta(it, NAME, |meta| {
                let mut stats: Vec<_> = meta.encoding_stats.as_ref().unwrap().iter().collect();
                stats[1].count = 3;
                meta.encoding_stats = Some(PackedList::new(&stats).unwrap());
            });
        }),
        (
            &[Rule::EncodingStatsMissing],
            ", row group 0, column name",
            |it| {
                meta(it, NAME, |meta| meta.encoding_stats = None);
            },
        ),
        (
            &[Rule::SiblingLevels],
            ", row group 0, column point.b",
            |it| {
                it.columns = Some(Box::new(|columns| {
                    columns[POINT_B].pages[0].definition = vec![0, 1, 1];
                }));
            },
        ),
        (
            &[Rule::CodecUnknown],
            ", row group 0, column id, page 0",
            |it| {
                meta(it, ID, |meta| meta.codec = CompressionCodec::LZO);
            },
        ),
        (&[Rule::Lz4Hadoop], ", row group 0, column id", |it| {
            it.columns = Some(Box::new(|columns| {
                columns[ID].codec = CompressionCodec::LZ4
            }));
        }),
    ]);
}

#[test]
fn faults_of_pages() {
    run(&[
        (
            &[Rule::PageHeader],
            ", row group 0, column id, page 0",
            |it| {
                it.file = Some(Box::new(|file| file[4] = 0xff));
            },
        ),
        (&[Rule::PageCrc], ", row group 0, column id, page 1", |it| {
            header(it, ID, 1, |header| header.crc = Some(1));
        }),
        (
            &[Rule::PageCompression],
            ", row group 0, column name, page 1",
            |it| {
                it.stored = Some(Box::new(|at, stored| {
                    if is_at(at, NAME, 1) {
                        stored[1] = 0xff;
                    }
                }));
                header(it, NAME, 1, |header| header.crc = None);
            },
        ),
        (
            &[Rule::PageUncompressedSize],
            ", row group 0, column name, page 1",
            |it| {
                header(it, NAME, 1, |header| header.uncompressed_page_size += 1);
            },
        ),
        (
            &[Rule::LevelEncoding],
            ", row group 0, column name, page 1",
            |it| {
                header(it, NAME, 1, |header| {
                    let header = header.data_page_header.as_mut().unwrap();
                    header.definition_level_encoding = Encoding::PLAIN;
                });
            },
        ),
        (
            &[Rule::LevelsDecode],
            ", row group 0, column name, page 1",
            |it| {
                body(it, NAME, 1, |body| body.definition = vec![1, 0, 0, 0, 3]);
            },
        ),
        (
            &[Rule::LevelsByteLength],
            ", row group 0, column tags.list.element, page 0",
            |it| {
                body(it, TAGS, 0, |body| body.definition.push(0));
            },
        ),
        (
            &[Rule::LevelsMax],
            ", row group 0, column tags.list.element, page 0",
            |it| {
                it.columns = Some(Box::new(|columns| {
                    let tags = &mut columns[TAGS];
                    tags.elements[2].repetition_type = Some(FieldRepetitionType::REQUIRED);
                    tags.max_definition = 2;
                    tags.pages[0].definition = vec![2, 2, 1, 0];
                    tags.pages[1].definition = vec![2, 2, 2, 1];
                }));
                body(it, TAGS, 0, |body| {
                    body.definition.clear();
                    rle::encode_u32(&[3, 2, 1, 0], 2, &mut body.definition).unwrap();
                });
            },
        ),
        (
            &[Rule::LevelsAgree],
            ", row group 0, column tags.list.element, page 0",
            |it| {
                it.columns = Some(Box::new(|columns| {
                    columns[TAGS].pages[0].repetition = vec![0, 0, 0, 1];
                }));
            },
        ),
        (
            &[Rule::ChunkRowStart],
            ", row group 0, column tags.list.element, page 0",
            |it| {
                it.columns = Some(Box::new(|columns| {
                    columns[TAGS].pages[0].repetition = vec![1, 0, 0, 0];
                }));
            },
        ),
        (
            &[Rule::PageRowStart],
            ", row group 0, column tags.list.element, page 1",
            |it| {
                it.columns = Some(Box::new(|columns| {
                    columns[TAGS].pages[0].definition = vec![3, 3, 0, 2];
                    columns[TAGS].pages[1].repetition = vec![1, 0, 0, 0];
                }));
            },
        ),
        (
            &[Rule::PageNumNulls],
            ", row group 0, column tags.list.element, page 0",
            |it| {
                header(it, TAGS, 0, |header| {
                    header.data_page_header_v2.as_mut().unwrap().num_nulls += 1;
                });
            },
        ),
        (
            &[Rule::PageNumRows],
            ", row group 0, column tags.list.element, page 0",
            |it| {
                header(it, TAGS, 0, |header| {
                    header.data_page_header_v2.as_mut().unwrap().num_rows += 1;
                });
            },
        ),
        (
            &[Rule::EncodingType],
            ", row group 0, column small, page 0",
            |it| {
                it.columns = Some(Box::new(|columns| {
                    columns[SMALL].encoding = Encoding::DELTA_BYTE_ARRAY;
                }));
            },
        ),
        (
            &[Rule::ValuesDecode],
            ", row group 0, column id, page 0",
            |it| {
                body(it, ID, 0, |body| body.values.truncate(5));
            },
        ),
        (
            &[Rule::ValuesTrailing],
            ", row group 0, column small, page 1",
            |it| {
                body(it, SMALL, 1, |body| body.values.push(0));
            },
        ),
        (
            &[Rule::RunOverrun],
            ", row group 0, column flag, page 1",
            |it| {
                body(it, FLAG, 1, |body| {
                    body.values.clear();
                    let run = |out: &mut Vec<u8>| rle::encode_run(1, 100, 1, out);
                    levels::v1_frame(&mut body.values, run).unwrap();
                });
            },
        ),
        (
            &[Rule::DictionaryIndex],
            ", row group 0, column name, page 2",
            |it| {
                body(it, NAME, 2, |body| {
                    body.values = vec![2];
                    rle::encode_u32(&[0, 3], 2, &mut body.values).unwrap();
                });
            },
        ),
        (
            &[Rule::TextUtf8],
            ", row group 0, column tags.list.element, page 0",
            |it| {
                it.columns = Some(Box::new(|columns| {
                    columns[TAGS].pages[0].values = b"\x01\0\0\0a\x02\0\0\0a\xff".to_vec();
                    columns[TAGS].pages[0].bytes = 3;
                }));
            },
        ),
        (&[Rule::ValueRange], ", row group 0, column small", |it| {
            it.columns = Some(Box::new(|columns| {
                let page = &mut columns[SMALL].pages[1];
                page.values[4..8].copy_from_slice(&300_i32.to_le_bytes());
                page.max = 300_i32.to_le_bytes().to_vec();
                columns[SMALL].max = 300_i32.to_le_bytes().to_vec();
            }));
        }),
    ]);
}

#[test]
fn faults_of_statistics() {
    run(&[
        (
            &[Rule::StatisticsUndefined, Rule::IndexUndefined],
            ", row group 0, column tags.list.element, page 0",
            |it| {
                it.columns = Some(Box::new(|columns| {
                    let element = &mut columns[TAGS].elements[2];
                    element.logical_type = Some(LogicalType::Geometry(Default::default()));
                    element.converted_type = None;
                }));
            },
        ),
        (&[Rule::BoundForm], ", row group 0, column price", |it| {
            statistics(it, PRICE, |it| {
                it.min_value = Some(vec![0xff, 0xff, 0].into())
            });
        }),
        (&[Rule::MinBound], ", row group 0, column price", |it| {
            statistics(it, PRICE, |it| it.min_value = Some(vec![0, 0, 0, 0].into()));
        }),
        (&[Rule::BoundForm], ", row group 0, column name", |it| {
            statistics(it, NAME, |it| {
                it.max_value = Some(vec![0xff].into());
                it.is_max_value_exact = Some(false);
            });
        }),
        (&[Rule::BoundNan], ", row group 0, column x", |it| {
            statistics(it, X, |it| {
                it.max_value = Some(bytes(f64::NAN.to_le_bytes()))
            });
        }),
        (&[Rule::BoundZero], ", row group 0, column x", |it| {
            statistics(it, X, |it| it.min_value = Some(bytes(0_f64.to_le_bytes())));
        }),
        (&[Rule::MinBound], ", row group 0, column id", |it| {
            statistics(it, ID, |it| it.min_value = Some(bytes(2_i64.to_le_bytes())));
        }),
        (&[Rule::MaxBound], ", row group 0, column id", |it| {
            statistics(it, ID, |it| {
                it.max_value = Some(bytes(599_i64.to_le_bytes()))
            });
        }),
        (&[Rule::MaxBound], ", row group 0, column small", |it| {
            statistics(it, SMALL, |it| {
                it.max_value = Some(bytes(199_i32.to_le_bytes()))
            });
        }),
        (&[Rule::MinExact], ", row group 0, column id", |it| {
            statistics(it, ID, |it| it.min_value = Some(bytes(0_i64.to_le_bytes())));
        }),
        (&[Rule::MaxExact], ", row group 0, column name", |it| {
            statistics(it, NAME, |it| it.max_value = Some(b"d".as_slice().into()));
        }),
        (&[Rule::NullCount], ", row group 0, column name", |it| {
            statistics(it, NAME, |it| it.null_count = Some(3));
        }),
        (
            &[Rule::NullCountMissing],
            ", row group 0, column name",
            |it| {
                statistics(it, NAME, |it| it.null_count = None);
            },
        ),
        (
            &[Rule::NullCountMissing],
            ", row group 0, column name",
            |it| {
                meta(it, NAME, |it| it.statistics = None);
            },
        ),
        (&[Rule::NanCount], ", row group 0, column x", |it| {
            statistics(it, X, |it| it.nan_count = Some(0));
        }),
        (&[Rule::NanCountMissing], ", row group 0, column x", |it| {
            statistics(it, X, |it| it.nan_count = None);
        }),
        (&[Rule::DistinctCount], ", row group 0, column name", |it| {
            statistics(it, NAME, |it| it.distinct_count = Some(4));
        }),
        (&[Rule::LegacyBound], ", row group 0, column id", |it| {
            statistics(it, ID, |it| it.min = Some(bytes(2_i64.to_le_bytes())));
        }),
        (
            &[Rule::LegacyUnsigned],
            ", row group 0, column name",
            |it| {
                statistics(it, NAME, |it| it.min = Some(b"ann".as_slice().into()));
            },
        ),
        (
            &[Rule::UnencodedBytes],
            ", row group 0, column name",
            |it| {
                meta(it, NAME, |meta| {
                    let sizes = meta.size_statistics.as_mut().unwrap();
                    sizes.unencoded_byte_array_data_bytes = Some(28);
                });
            },
        ),
        (
            &[Rule::RepetitionHistogram],
            ", row group 0, column tags.list.element",
            |it| {
                meta(it, TAGS, |meta| {
                    let sizes = meta.size_statistics.as_mut().unwrap();
                    sizes.repetition_level_histogram = Some([5, 3].into());
                });
            },
        ),
        (
            &[Rule::DefinitionHistogram],
            ", row group 0, column tags.list.element",
            |it| {
                meta(it, TAGS, |meta| {
                    let sizes = meta.size_statistics.as_mut().unwrap();
                    sizes.definition_level_histogram = Some([1, 1, 6].into());
                });
            },
        ),
    ]);
}

fn bytes<const N: usize>(value: [u8; N]) -> pq_format::Binary {
    value.as_slice().into()
}

#[test]
fn faults_of_page_indexes() {
    run(&[
        (
            &[Rule::OffsetIndexMissing],
            ", row group 0, column id",
            |it| {
                chunk(it, ID, |chunk| {
                    (chunk.offset_index_offset, chunk.offset_index_length) = (None, None);
                });
            },
        ),
        (&[Rule::IndexThrift], ", row group 0, column id", |it| {
            chunk(it, ID, |chunk| {
                chunk.column_index_length = Some(chunk.column_index_length.unwrap() - 1);
            });
        }),
        (&[Rule::IndexPages], ", row group 0, column id", |it| {
            offsets(it, ID, |offsets| {
                offsets.page_locations.pop();
            });
            index(it, ID, |index| {
                index.null_pages.pop();
                index.min_values.pop();
                index.max_values.pop();
                index.null_counts.as_mut().unwrap().pop();
            });
        }),
        (&[Rule::IndexPages], ", row group 0, column id", |it| {
            offsets(it, ID, |offsets| {
                let last = offsets.page_locations[1].clone();
                offsets.page_locations.push(last);
            });
        }),
        (
            &[Rule::PageLocation],
            ", row group 0, column id, page 1",
            |it| {
                offsets(it, ID, |offsets| offsets.page_locations[1].offset += 1);
            },
        ),
        (
            &[Rule::PageLocation],
            ", row group 0, column name, page 1",
            |it| {
                offsets(it, NAME, |offsets| {
                    offsets.page_locations[0].compressed_page_size -= 1;
                });
            },
        ),
        (
            &[Rule::FirstRowIndex],
            ", row group 0, column tags.list.element, page 1",
            |it| {
                offsets(it, TAGS, |offsets| {
                    offsets.page_locations[1].first_row_index = 4
                });
            },
        ),
        (
            &[Rule::IndexUnencodedBytes],
            ", row group 0, column name, page 1",
            |it| {
                offsets(it, NAME, |offsets| {
                    offsets.unencoded_byte_array_data_bytes = Some(vec![7, 6]);
                });
            },
        ),
        (
            &[Rule::IndexUndefined],
            ", row group 0, column x, page 0",
            |it| {
                it.columns = Some(Box::new(|columns| {
                    let x = &mut columns[X];
                    x.pages[0].values.clear();
                    let nans = [f64::NAN; 3];
                    let out = &mut x.pages[0].values;
                    pq_encoding::byte_stream_split::encode_f64(&nans, out).unwrap();
                    x.pages[0].nans = 3;
                    x.min = 2_f64.to_le_bytes().to_vec();
                }));
            },
        ),
        (
            &[Rule::NullPages],
            ", row group 0, column id, page 0",
            |it| {
                index(it, ID, |index| index.null_pages[0] = true);
            },
        ),
        (
            &[Rule::IndexMinBound],
            ", row group 0, column small, page 0",
            |it| {
                index(it, SMALL, |index| {
                    index.min_values[0] = bytes(2_i32.to_le_bytes())
                });
            },
        ),
        (
            &[Rule::IndexMaxBound],
            ", row group 0, column name, page 1",
            |it| {
                index(it, NAME, |index| {
                    index.max_values[0] = b"boa".as_slice().into()
                });
            },
        ),
        (
            &[Rule::IndexBoundForm],
            ", row group 0, column flag, page 1",
            |it| {
                index(it, FLAG, |index| index.max_values[1] = bytes([2]));
            },
        ),
        (
            &[Rule::IndexBoundZero],
            ", row group 0, column x, page 0",
            |it| {
                index(it, X, |index| {
                    index.min_values[0] = bytes(0_f64.to_le_bytes())
                });
            },
        ),
        (
            &[Rule::IndexNullCount],
            ", row group 0, column name, page 2",
            |it| {
                index(it, NAME, |index| index.null_counts = Some(vec![1, 2]));
            },
        ),
        (
            &[Rule::IndexNullCountMissing],
            ", row group 0, column name",
            |it| {
                index(it, NAME, |index| index.null_counts = None);
            },
        ),
        (
            &[Rule::IndexNanCount],
            ", row group 0, column x, page 0",
            |it| {
                index(it, X, |index| index.nan_counts = Some(vec![0, 0]));
            },
        ),
        (
            &[Rule::IndexHistogram],
            ", row group 0, column name, page 1",
            |it| {
                index(it, NAME, |index| {
                    index.definition_level_histograms = Some(vec![2, 1, 1, 2]);
                });
            },
        ),
        (&[Rule::BoundaryOrder], ", row group 0, column id", |it| {
            index(it, ID, |index| {
                index.boundary_order = BoundaryOrder::DESCENDING
            });
        }),
    ]);
}

#[test]
fn faults_of_bloom_filters() {
    run(&[
        (&[Rule::BloomHeader], ", row group 0, column name", |it| {
            it.bloom = Some(Box::new(|at, bits| {
                if at.row_group == 0 {
                    bits.pop();
                }
            }));
        }),
        (&[Rule::BloomLength], ", row group 0, column name", |it| {
            meta(it, NAME, |meta| {
                *meta.bloom_filter_length.as_mut().unwrap() -= 1
            });
        }),
        (
            &[Rule::BloomLengthMissing],
            ", row group 0, column name",
            |it| {
                meta(it, NAME, |meta| meta.bloom_filter_length = None);
            },
        ),
        (
            &[Rule::BloomValue],
            ", row group 0, column name, page 1",
            |it| {
                it.bloom = Some(Box::new(|at, bits| {
                    if at.row_group == 0 {
                        bits.fill(0);
                    }
                }));
            },
        ),
        (&[Rule::ChunkRange], ", row group 0, column name", |it| {
            meta(it, NAME, |meta| {
                meta.bloom_filter_offset = Some(1 << 40);
                meta.bloom_filter_length = None;
            });
        }),
    ]);
}
