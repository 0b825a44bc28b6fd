use crate::{ArrowError, HasNulls, schema};
use arrow_schema::{DataType, Field, Schema};
use pq_writer::{DataType as Stored, Edges};
use std::sync::Arc;

fn extension(name: &str, metadata: &str, data_type: DataType) -> Field {
    Field::new("c", data_type, true).with_metadata([
        ("ARROW:extension:name".to_owned(), name.to_owned()),
        ("ARROW:extension:metadata".to_owned(), metadata.to_owned()),
    ])
}

fn stored(field: Field) -> Result<Stored, ArrowError> {
    let found = schema(&Schema::new(vec![field]), &HasNulls::AsDeclared)?;
    Ok(found.fields()[0].data_type.clone())
}

fn shapes(metadata: &str) -> Result<Stored, ArrowError> {
    stored(extension("geoarrow.wkb", metadata, DataType::BinaryView))
}

#[test]
fn extensions_with_an_annotation_get_it() {
    for (name, data_type, expected) in [
        ("arrow.uuid", DataType::FixedSizeBinary(16), Stored::Uuid),
        ("arrow.json", DataType::Utf8View, Stored::Json),
        ("arrow.json", DataType::LargeUtf8, Stored::Json),
        // Not what they are specified over.
        (
            "arrow.uuid",
            DataType::FixedSizeBinary(8),
            Stored::FixedBinary(8),
        ),
        ("arrow.json", DataType::Binary, Stored::Binary),
        ("geoarrow.wkb", DataType::Utf8, Stored::String),
        // Without an annotation.
        ("arrow.bool8", DataType::Int8, Stored::Int8),
        ("arrow.opaque", DataType::Binary, Stored::Binary),
        ("of.another", DataType::Null, Stored::Null),
    ] {
        let found = stored(extension(name, "", data_type.clone())).unwrap();
        assert_eq!(found, expected, "{name} over {data_type}");
    }
}

#[test]
fn extensions_are_seen_through_codes_runs_and_lists() {
    let uuid = |name: &str, data_type| {
        let field = extension("arrow.uuid", "", data_type);
        Arc::new(field.with_name(name))
    };
    let ends = Arc::new(Field::new("run_ends", DataType::Int32, false));
    let plain = Arc::new(Field::new("values", DataType::FixedSizeBinary(16), true));
    let bytes = || DataType::FixedSizeBinary(16);
    let dictionary = DataType::Dictionary(Box::new(DataType::Int8), Box::new(bytes()));
    assert_eq!(
        stored(extension("arrow.uuid", "", dictionary)).unwrap(),
        Stored::Uuid
    );
    let outside = extension(
        "arrow.uuid",
        "",
        DataType::RunEndEncoded(ends.clone(), plain),
    );
    assert_eq!(stored(outside).unwrap(), Stored::Uuid);
    let inside = DataType::RunEndEncoded(ends, uuid("values", bytes()));
    assert_eq!(stored(Field::new("c", inside, true)).unwrap(), Stored::Uuid);
    let list = DataType::List(uuid("item", bytes()));
    let element = pq_writer::Field::new("element", Stored::Uuid, true);
    let found = stored(Field::new("c", list, true)).unwrap();
    assert_eq!(found, Stored::List(Box::new(element)));
}

#[test]
fn variants_keep_their_fields() {
    let variant = |fields: Vec<Field>| {
        extension("arrow.parquet.variant", "", DataType::Struct(fields.into()))
    };
    let metadata = || Field::new("metadata", DataType::BinaryView, true);
    let value = || Field::new("value", DataType::BinaryView, true);
    // Without shredding neither is null.
    assert_eq!(
        stored(variant(vec![metadata(), value()])).unwrap(),
        Stored::variant()
    );
    let typed = Field::new("typed_value", DataType::Int64, true);
    let shredded = variant(vec![metadata(), value(), typed]);
    assert_eq!(
        stored(shredded).unwrap(),
        Stored::Variant(vec![
            pq_writer::Field::new("metadata", Stored::Binary, false),
            pq_writer::Field::new("value", Stored::Binary, true),
            pq_writer::Field::new("typed_value", Stored::Int64, true),
        ])
    );
    let error = stored(variant(vec![value()])).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("column \"c\": a variant without"),
        "{error}"
    );
}

#[test]
fn shapes_have_a_reference_system() {
    let geometry = |crs: Option<&str>| Stored::Geometry {
        crs: crs.map(str::to_owned),
    };
    let projjson =
        r#"{"type": "ProjectedCRS", "id": {"authority": "EPSG", "code": 3857}, "x": 1.10}"#;
    for (metadata, expected) in [
        ("", geometry(Some("srid:0"))),
        ("{}", geometry(Some("srid:0"))),
        (
            r#"{"crs": null, "edges": "planar"}"#,
            geometry(Some("srid:0")),
        ),
        (r#"{"crs": "OGC:CRS84"}"#, geometry(None)),
        (
            r#"{"crs": "EPSG:4326", "crs_type": "authority_code"}"#,
            geometry(None),
        ),
        (r#"{"crs": "EPSG:3857"}"#, geometry(Some("EPSG:3857"))),
        (
            r#"{"crs": "7", "crs_type": "srid"}"#,
            geometry(Some("srid:7")),
        ),
        (
            r#"{"crs": {"id": {"authority": "EPSG", "code": 4326}}}"#,
            geometry(None),
        ),
        (
            r#"{"crs": {"id": {"authority": "OGC", "code": "CRS84"}}}"#,
            geometry(None),
        ),
        // As it is written, to the last digit.
        (
            &format!(r#"{{"crs": {projjson}}}"#),
            geometry(Some(projjson)),
        ),
    ] {
        assert_eq!(shapes(metadata).unwrap(), expected, "{metadata}");
    }
}

#[test]
fn edges_that_are_not_planar_make_a_geography() {
    for (name, edges) in [
        ("spherical", Edges::Spherical),
        ("vincenty", Edges::Vincenty),
        ("thomas", Edges::Thomas),
        ("andoyer", Edges::Andoyer),
        ("karney", Edges::Karney),
    ] {
        let expected = |crs: Option<&str>| Stored::Geography {
            crs: crs.map(str::to_owned),
            edges: Some(edges),
        };
        let metadata = format!(r#"{{"edges": "{name}"}}"#);
        assert_eq!(shapes(&metadata).unwrap(), expected(None));
        let metadata = format!(r#"{{"edges": "{name}", "crs": "OGC:CRS27"}}"#);
        assert_eq!(shapes(&metadata).unwrap(), expected(Some("OGC:CRS27")));
    }
}

#[test]
fn metadata_that_says_nothing_is_an_error_that_names_the_column() {
    for metadata in [
        "nonsense",
        "[]",
        r#"{"edges": "straight"}"#,
        r#"{"edges": 1}"#,
        r#"{"crs": 4326}"#,
    ] {
        let error = shapes(metadata).unwrap_err();
        assert!(
            matches!(&error, ArrowError::ExtensionMetadata { column, .. } if column == "c"),
            "{metadata}: {error}"
        );
    }
}
