//! Extension types for which Parquet has an annotation.

use crate::error::ArrowError;
use arrow_schema::{DataType, Field};
use pq_writer::{DataType as Stored, Edges};
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

const UUID: &str = "arrow.uuid";
const JSON: &str = "arrow.json";
const VARIANT: &str = "arrow.parquet.variant";
const WKB: &str = "geoarrow.wkb";

/// The annotation of a field that is no struct; `None` if its extension has none, or is not over
/// the storage type that its specification has it over.
pub(super) fn annotated(
    column: &str,
    field: &Field,
    data_type: &DataType,
) -> Result<Option<Stored>, ArrowError> {
    Ok(match (field.extension_type_name(), data_type) {
        (Some(UUID), DataType::FixedSizeBinary(16)) => Some(Stored::Uuid),
        (Some(JSON), DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View) => {
            Some(Stored::Json)
        }
        (Some(WKB), DataType::Binary | DataType::LargeBinary | DataType::BinaryView) => {
            let metadata = field.extension_type_metadata().unwrap_or_default();
            let shapes = shapes(metadata).map_err(|reason| ArrowError::ExtensionMetadata {
                column: column.to_owned(),
                extension: WKB.to_owned(),
                reason,
            })?;
            Some(shapes)
        }
        _ => None,
    })
}

/// Whether a struct holds variants.
pub(super) fn is_variant(field: &Field) -> bool {
    field.extension_type_name() == Some(VARIANT)
}

/// A variant of these fields. Metadata is never null, and neither is a value that is not
/// shredded, whatever their Arrow fields say: VariantEncoding.md has them required.
pub(super) fn variant(mut fields: Vec<pq_writer::Field>) -> Stored {
    let is_shredded = fields.iter().any(|field| field.name == "typed_value");
    for field in &mut fields {
        if field.name == "metadata" || field.name == "value" && !is_shredded {
            field.nullable = false;
        }
    }
    Stored::Variant(fields)
}

/// Shapes with the reference system and the edges of GeoArrow's extension metadata.
fn shapes(metadata: &str) -> Result<Stored, String> {
    let metadata = match metadata {
        "" => "{}",
        json => json,
    };
    let keys: BTreeMap<String, &RawValue> =
        serde_json::from_str(metadata).map_err(|error| error.to_string())?;
    let value = |key: &str| match keys.get(key) {
        Some(json) => serde_json::from_str(json.get()).map_err(|error| error.to_string()),
        None => Ok(Value::Null),
    };
    let edges = match value("edges")? {
        Value::Null => None,
        Value::String(name) => match name.as_str() {
            "planar" => None,
            "spherical" => Some(Edges::Spherical),
            "vincenty" => Some(Edges::Vincenty),
            "thomas" => Some(Edges::Thomas),
            "andoyer" => Some(Edges::Andoyer),
            "karney" => Some(Edges::Karney),
            _ => return Err(format!("unknown edges {name:?}")),
        },
        other => return Err(format!("edges are {other}, not a name")),
    };
    let crs = match value("crs")? {
        // An unknown system, which is not what Parquet takes a missing one for. There is no such
        // thing on an ellipsoid.
        Value::Null if edges.is_none() => Some("srid:0".to_owned()),
        Value::Null => None,
        Value::String(name) if value("crs_type")? == "srid" => Some(format!("srid:{name}")),
        Value::String(name) if is_longitude_latitude(&name) => None,
        Value::String(name) => Some(name),
        Value::Object(projjson) => {
            let id = |key: &str| match projjson.get("id")?.get(key)? {
                Value::String(text) => Some(text.clone()),
                other => Some(other.to_string()),
            };
            let name = id("authority").zip(id("code"));
            let name = name.map(|(authority, code)| format!("{authority}:{code}"));
            match name.is_some_and(|name| is_longitude_latitude(&name)) {
                true => None,
                false => keys.get("crs").map(|json| json.get().to_owned()),
            }
        }
        other => return Err(format!("crs is {other}, neither text nor an object")),
    };
    Ok(match edges {
        None => Stored::Geometry { crs },
        edges => Stored::Geography { crs, edges },
    })
}

/// Whether this is the system that Parquet takes a missing one for. Well-known binary has
/// longitude first whatever the order of axes that EPSG gives.
fn is_longitude_latitude(name: &str) -> bool {
    matches!(name, "OGC:CRS84" | "EPSG:4326")
}

#[cfg(test)]
mod tests;
