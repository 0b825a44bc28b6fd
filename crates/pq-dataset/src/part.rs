//! Names of part files.

use crate::partition;
use crate::scheme::Scheme;
use pq_store::StorePath;

/// How many taken names are passed over before a writer gives up.
pub(crate) const MOST_TAKEN: u32 = 10_000;

/// The name of part `number`.
pub fn part_name(number: u64) -> String {
    format!("part.{number}.parquet")
}

/// The number in the name of a part file; `None` for names of another pattern. A prefix of eight
/// hexadecimal digits and a hyphen is part of the pattern.
pub(crate) fn part_number(name: &str) -> Option<u64> {
    let name = match name.split_once('-') {
        Some((prefix, rest))
            if prefix.len() == 8 && prefix.bytes().all(|byte| byte.is_ascii_hexdigit()) =>
        {
            rest
        }
        _ => name,
    };
    let digits = name.strip_prefix("part.")?.strip_suffix(".parquet")?;
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // Numbers beyond are nobody's, and counting on from them would go wrong.
    digits.parse::<u32>().ok().map(u64::from)
}

/// Numbers of parts end here: who has others above counts for nothing.
const MOST_COUNTED: u64 = 1 << 31;

/// One above the highest number of a part among these paths: the first that nobody has taken there.
pub fn next_part_number<'a>(paths: impl Iterator<Item = &'a str>) -> u64 {
    paths
        .filter_map(|path| part_number(path.rsplit('/').next().unwrap_or(path)))
        .filter(|number| *number < MOST_COUNTED)
        .max()
        .map_or(0, |highest| highest + 1)
}

/// Whether `path`, as metadata states it, stays below the data set's root on every kind of store.
/// Folders that this crate would name just so may hold anything: they are names, not ways.
pub(crate) fn is_within_root(path: &str, scheme: Option<Scheme>) -> bool {
    let has_scheme = path
        .split('/')
        .next()
        .is_some_and(|first| first.ends_with(':') || first.get(1..2) == Some(":"));
    // An encoded dot or slash may be decoded by whoever reads the file.
    let leads_out = |segment: &str| {
        let decoded = partition::decode(segment);
        let mut names = decoded.split(['/', '\\']);
        let is_way = names.any(|name| name == ".." || name == ".") || decoded.contains('\0');
        is_way && !scheme.is_some_and(|scheme| partition::is_own_folder(scheme, segment))
    };
    !has_scheme && StorePath::new(path).is_ok() && !path.split('/').any(leads_out)
}

#[cfg(test)]
mod tests {
    use super::{Scheme, is_within_root, next_part_number, part_number};

    #[test]
    fn numbers() {
        for (name, number) in [
            ("part.0.parquet", Some(0)),
            ("part.17.parquet", Some(17)),
            ("0a1b2c3d-part.5.parquet", Some(5)),
            ("part.parquet", None),
            ("part..parquet", None),
            ("part.+1.parquet", None),
            ("part.1.parquet.gz", None),
            ("part.18446744073709551614.parquet", None),
            ("part-00000-uuid.parquet", None),
            ("xx-part.1.parquet", None),
        ] {
            assert_eq!(part_number(name), number, "{name}");
        }
        let paths = ["a=1/part.3.parquet", "a=2/part.11.parquet", "_metadata"];
        assert_eq!(next_part_number(paths.into_iter()), 12);
        assert_eq!(next_part_number([].into_iter()), 0);
        let huge = format!("a=1/part.{}.parquet", u32::MAX);
        assert_eq!(
            next_part_number([huge.as_str(), "part.4.parquet"].into_iter()),
            5
        );
    }

    #[test]
    fn hostile_paths() {
        for good in [
            "part.0.parquet",
            "a=b%2Fc/part.0.parquet",
            "x y/ü.parquet",
            "a=%2E%2E/p",
        ] {
            assert!(is_within_root(good, None), "{good}");
        }
        for bad in [
            "",
            "/etc/passwd",
            "../x",
            "a/../../x",
            "a/./b",
            "s3://b/x",
            "file:/x",
            "C:/x",
            "a\\b",
            "a\0b",
            "%2e%2e/x",
            "a/%2E%2E/x",
            "a%2f..%2fx",
            "a//b",
        ] {
            assert!(!is_within_root(bad, None), "{bad:?}");
        }
        let dots = "%2E%2E/%2E/part.0.parquet";
        assert!(is_within_root(dots, Some(Scheme::Drill)));
        assert!(!is_within_root(dots, Some(Scheme::Hive)));
        assert!(!is_within_root(
            "%2e%2e/part.0.parquet",
            Some(Scheme::Drill)
        ));
    }
}
