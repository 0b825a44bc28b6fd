//! The declarations of pq-format, laid next to the IDL.

use std::collections::BTreeMap;
use std::fs;

use crate::process::{Outcome, root};

/// Where the declarations are; they read like the IDL.
const SOURCES: &[&str] = &["schema", "metadata", "page", "index", "bloom", "crypto"];

/// What is declared, `struct Statistics`, and its parts: `1: optional binary max`.
type Declarations = BTreeMap<String, Vec<String>>;

/// Compares every struct, union and enum, both ways. The IDL is `parquet.thrift` of the
/// specification.
pub fn check(path: Option<String>) -> Outcome {
    let path = path.ok_or("cargo xtask idl PATH/OF/parquet.thrift")?;
    let text = fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
    let theirs = declarations(&text)?;
    let mut ours = Declarations::new();
    for source in SOURCES {
        let path = root().join(format!("crates/pq-format/src/{source}.rs"));
        let text =
            fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        ours.extend(declarations(&text)?);
    }
    let differences = differences(&theirs, &ours);
    let parts: usize = theirs.values().map(Vec::len).sum();
    println!(
        "{} declarations, {parts} fields, members and values",
        theirs.len()
    );
    if differences.is_empty() && !theirs.is_empty() {
        Ok(())
    } else {
        Err(differences.join("\n"))
    }
}

fn differences(theirs: &Declarations, ours: &Declarations) -> Vec<String> {
    let mut found = Vec::new();
    for (name, parts) in theirs {
        let Some(own) = ours.get(name) else {
            found.push(format!("{name}: not declared"));
            continue;
        };
        let only = |these: &[String], others: &[String], whose: &str| -> Vec<String> {
            let left = these.iter().filter(|part| !others.contains(part));
            left.map(|part| format!("{name}: `{part}` {whose}"))
                .collect()
        };
        found.extend(only(parts, own, "is in the IDL only"));
        found.extend(only(own, parts, "is declared only"));
        if found.is_empty() && parts != own {
            found.push(format!("{name}: another order"));
        }
    }
    let unknown = ours.keys().filter(|name| !theirs.contains_key(*name));
    found.extend(unknown.map(|name| format!("{name}: not in the IDL")));
    found
}

/// Finds declarations in the IDL or in our source.
fn declarations(text: &str) -> Outcome<Declarations> {
    let words = words(text);
    let mut found = Declarations::new();
    let mut rest = words.as_slice();
    while let Some((word, after)) = rest.split_first() {
        rest = after;
        let [name, after_name @ ..] = after else {
            break;
        };
        // Some of our structs look at themselves before they are written.
        let after_name = match after_name {
            [colon, bound, body @ ..] if colon == ":" && bound == "Validate" => body,
            body => body,
        };
        let [brace, body @ ..] = after_name else {
            break;
        };
        if !matches!(word.as_str(), "struct" | "union" | "enum") || brace != "{" {
            continue;
        }
        let end = body.iter().position(|word| word == "}");
        let end = end.ok_or_else(|| format!("{word} {name} does not end"))?;
        let parts = match word.as_str() {
            "enum" => values(&body[..end]),
            _ => fields(&body[..end]),
        };
        if found.insert(format!("{word} {name}"), parts).is_some() {
            return Err(format!("{word} {name} stands twice"));
        }
        rest = &body[end..];
    }
    Ok(found)
}

/// `NAME = 1`, each.
fn values(body: &[String]) -> Vec<String> {
    let equals = (0..body.len()).filter(|at| body[*at] == "=");
    equals
        .filter_map(|at| {
            Some(format!(
                "{} = {}",
                body.get(at.checked_sub(1)?)?,
                body.get(at + 1)?
            ))
        })
        .collect()
}

/// `1: optional type name`, each, or `1: Type MEMBER`.
fn fields(body: &[String]) -> Vec<String> {
    let starts: Vec<usize> = (1..body.len())
        .filter(|at| body[*at] == ":")
        .map(|at| at - 1)
        .collect();
    let ends = starts.iter().skip(1).copied().chain([body.len()]);
    starts
        .iter()
        .zip(ends)
        .map(|(start, end)| {
            // What stands behind the name: a default in the IDL, in ours the name of a variant.
            let part = body[*start..end].split(|word| word == "=" || word == "as" || word == ";");
            let mut part = part.into_iter().next().unwrap_or_default().to_vec();
            if let Some(name) = part.last_mut() {
                *name = snake_case(name);
            }
            type_of_idl(&part.join(" "))
        })
        .collect()
}

/// Types that say how they are kept, as the IDL has them.
fn type_of_idl(part: &str) -> String {
    let part = part
        .replace("packed_list <", "list <")
        .replace("boxed_list <", "list <")
        .replace("string_list", "list < string >");
    match part.split_once("boxed < ") {
        Some((before, after)) => before.to_owned() + &after.replacen(" >", "", 1),
        None => part,
    }
}

/// Names of fields are in Rust's spelling; members of unions are in capitals and stay.
fn snake_case(name: &str) -> String {
    if !name.contains(char::is_lowercase) {
        return name.to_owned();
    }
    let mut out = String::new();
    let mut before = '_';
    for letter in name.chars() {
        if letter.is_uppercase() && before.is_lowercase() {
            out.push('_');
        }
        out.extend(letter.to_lowercase());
        before = letter;
    }
    out
}

/// Names, numbers and signs, without comments and what only Rust has.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let skipped = if rest.starts_with("//") || first == '#' {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if rest.starts_with("r#") {
            2
        } else if first.is_alphanumeric() || first == '_' {
            let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
            let end = rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
            words.push(rest[..end].to_owned());
            end
        } else {
            if !first.is_whitespace() && first != ',' {
                words.push(first.to_string());
            }
            first.len_utf8()
        };
        rest = &rest[skipped..];
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    const IDL: &str = "
        /* A comment
           struct No { */
        enum Colour { RED = 0; // 1
          BLUE = 2, }
        struct Point { 1: required i32 xPart = 7
          2: optional list<string> type, /** more */
          3: required list<string> path; 4: optional Point next
          5: optional list<i32> counts }
        union Any { 1: Point POINT; 3: Colour COLOUR_2 }";

    const OURS: &str = "
        enums! { /// Doc.
            enum Colour { RED = 0; BLUE = 2; } }
        structs! { struct Point: Validate {
            1: required i32 x_part; 2: optional boxed_list<string> r#type;
            3: required string_list path; 4: optional boxed<Point> next;
            5: optional packed_list<i32> counts; } }
        unions! { union Any { 1: Point POINT as Point; 3: Colour COLOUR_2 as Other; } }";

    #[test]
    fn both_spellings_are_the_same() {
        let (theirs, ours) = (declarations(IDL).unwrap(), declarations(OURS).unwrap());
        assert_eq!(theirs["enum Colour"], ["RED = 0", "BLUE = 2"]);
        assert_eq!(
            theirs["struct Point"],
            [
                "1 : required i32 x_part",
                "2 : optional list < string > type",
                "3 : required list < string > path",
                "4 : optional Point next",
                "5 : optional list < i32 > counts"
            ]
        );
        assert_eq!(
            theirs["union Any"],
            ["1 : Point POINT", "3 : Colour COLOUR_2"]
        );
        assert_eq!(differences(&theirs, &ours), [""; 0]);
    }

    #[test]
    fn every_difference_is_found() {
        let theirs = declarations(IDL).unwrap();
        for (from, to) in [
            ("RED = 0", "RED = 1"),
            ("BLUE = 2;", ""),
            ("required i32", "optional i32"),
            ("i32 x_part", "i64 x_part"),
            ("x_part", "y_part"),
            ("list<string>", "list<binary>"),
            ("2: optional", "3: optional"),
            ("POINT as", "LINE as"),
            ("union Any", "union Some"),
            ("enum Colour", "enum More { A = 1; } enum Colour"),
        ] {
            let ours = declarations(&OURS.replace(from, to)).unwrap();
            assert_ne!(differences(&theirs, &ours), [""; 0], "{from}");
        }
    }
}
