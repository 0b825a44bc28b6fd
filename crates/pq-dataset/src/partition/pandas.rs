//! The key-value by which pandas knows its columns, where some of them are folders.

use serde_json::Value;

/// The key.
pub(crate) const PANDAS: &str = "pandas";

/// The text of the key-value with partition columns where they belong: in `partition_columns`, not
/// among the `columns` of the files. `None` where nothing is to be moved, or where the text is of a
/// form that this version does not know.
pub(crate) fn move_partition_columns(text: &str, partition_on: &[String]) -> Option<String> {
    let mut value: Value = serde_json::from_str(text).ok()?;
    let object = value.as_object_mut()?;
    let columns = object.get_mut("columns")?.as_array_mut()?;
    let name = |column: &Value| {
        let name = column.get("field_name").or_else(|| column.get("name"))?;
        name.as_str().map(str::to_owned)
    };
    let mut moved = Vec::new();
    for partition in partition_on {
        let is_it = |column: &Value| name(column).as_ref() == Some(partition);
        if let Some(place) = columns.iter().position(is_it) {
            moved.push(columns.remove(place));
        }
    }
    if moved.is_empty() {
        return None;
    }
    let there = object
        .entry("partition_columns")
        .or_insert_with(|| Value::Array(Vec::new()));
    there.as_array_mut()?.extend(moved);
    serde_json::to_string(&value).ok()
}

#[cfg(test)]
mod tests {
    use super::move_partition_columns;

    #[test]
    fn partition_columns_are_listed_apart() {
        let text = r#"{"columns":[{"field_name":"x","name":"x"},{"name":"year"}],"creator":{}}"#;
        let on = |names: &[&str]| {
            names
                .iter()
                .map(|name| (*name).to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(
            move_partition_columns(text, &on(&["year", "month"])).unwrap(),
            r#"{"columns":[{"field_name":"x","name":"x"}],"creator":{},"partition_columns":[{"name":"year"}]}"#
        );
        assert_eq!(move_partition_columns(text, &on(&["month"])), None);
        for odd in [
            "",
            "[]",
            "{}",
            r#"{"columns":1}"#,
            r#"{"columns":[1,{"name":2}]}"#,
        ] {
            assert_eq!(move_partition_columns(odd, &on(&["year"])), None);
        }
    }
}
