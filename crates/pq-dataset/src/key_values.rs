//! The key-values of several footers together.

use pq_format::RawFooter;

/// The key-values of several footers together.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Joined {
    /// Those that the first has not.
    pub(crate) added: Vec<(String, String)>,
    /// What a person should know.
    pub(crate) warnings: Vec<String>,
}

/// Joins the key-values of these files to those of the first: of a key with several values the
/// first stays.
pub(crate) fn joined(footers: &[(&str, &RawFooter<'_>)]) -> Joined {
    let mut joined = Joined::default();
    let Some(((_, first), others)) = footers.split_first() else {
        return joined;
    };
    let mut differ: Vec<(String, &str, usize)> = Vec::new();
    for (file, footer) in others {
        for key_value in footer.key_values() {
            let (Some(key), Some(value)) = (key_value.key(), key_value.value()) else {
                continue;
            };
            let added = || joined.added.iter().find(|(known, _)| known == key);
            let known = first
                .key_value(key)
                .or_else(|| added().map(|(_, value)| value.as_str()));
            match known {
                Some(known) if known == value => {}
                None if first
                    .key_values()
                    .iter()
                    .all(|known| known.key() != Some(key)) =>
                {
                    joined.added.push((key.to_owned(), value.to_owned()));
                }
                _ => match differ.iter_mut().find(|(known, ..)| known == key) {
                    Some((_, _, count)) => *count += 1,
                    None => differ.push((key.to_owned(), file, 1)),
                },
            }
        }
    }
    let warnings = differ.into_iter().map(|(key, file, count)| match count {
        1 => format!("the key-value {key:?} of {file} differs from the first, which stays"),
        _ => format!(
            "the key-value {key:?} of {file} and {} other files differs from the first, which stays",
            count - 1
        ),
    });
    joined.warnings = warnings.collect();
    joined
}

#[cfg(test)]
mod tests {
    use super::joined;
    use pq_format::{FileMetaData, KeyValue, RawFooter};

    fn footer(pairs: &[(&str, Option<&str>)]) -> Vec<u8> {
        let pairs = pairs.iter().map(|(key, value)| KeyValue {
            key: (*key).to_owned(),
            value: value.map(str::to_owned),
            ..KeyValue::default()
        });
        let mut out = Vec::new();
        let metadata = FileMetaData {
            version: 1,
            schema: vec![pq_format::SchemaElement::default()],
            key_value_metadata: Some(pairs.collect()),
            ..FileMetaData::default()
        };
        pq_format::encode(&metadata, &mut out).unwrap();
        out
    }

    #[test]
    fn the_first_stays_and_is_told() {
        let one = footer(&[("same", Some("1")), ("x", Some("a")), ("none", None)]);
        let two = footer(&[("same", Some("1")), ("x", Some("b")), ("new", Some("n"))]);
        let three = footer(&[
            ("new", Some("other")),
            ("x", Some("c")),
            ("none", Some("1")),
        ]);
        let raw: Vec<RawFooter<'_>> = [&one, &two, &three]
            .map(|bytes| RawFooter::parse(bytes).unwrap())
            .into();
        let named: Vec<_> = ["a", "b", "c"].into_iter().zip(&raw).collect();
        let joined = joined(&named);
        assert_eq!(joined.added, [("new".to_owned(), "n".to_owned())]);
        assert_eq!(
            joined.warnings,
            [
                "the key-value \"x\" of b and 1 other files differs from the first, which stays",
                "the key-value \"new\" of c differs from the first, which stays",
                "the key-value \"none\" of c differs from the first, which stays",
            ]
        );
    }
}
