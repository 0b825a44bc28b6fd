//! What identifies a state of an object, and the text that a [`Version`] makes of it.

use crate::store::Version;
use object_store::{Attribute, Attributes, GetResult, PutResult, UpdateVersion};

/// The name of the metadata that carries the token of a write. Azure allows no hyphens.
const TOKEN: &str = "pqtoken";

/// A state of an object: `token|generation|entity tag`, as a version.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(super) struct State {
    /// What the writer put into the metadata; objects of other writers have none.
    pub(super) token: Option<String>,
    /// Google's generation number; the other stores need none.
    generation: Option<String>,
    /// Without quotation marks: stores are not of one mind about them.
    etag: Option<String>,
}

impl State {
    pub(super) fn of_get(result: &GetResult, has_generation: bool) -> Self {
        let attribute = Attribute::Metadata(TOKEN.into());
        let token = result.attributes.get(&attribute);
        Self {
            token: token.map(|token| token.to_string()),
            generation: result.meta.version.clone().filter(|_| has_generation),
            etag: result.meta.e_tag.as_deref().map(unquoted),
        }
    }

    pub(super) fn of_put(result: PutResult, token: &str, has_generation: bool) -> Self {
        Self {
            token: Some(token.to_owned()),
            generation: result.version.filter(|_| has_generation),
            etag: result.e_tag.as_deref().map(unquoted),
        }
    }

    pub(super) fn of_token(token: &str) -> Self {
        Self {
            token: Some(token.to_owned()),
            ..Self::default()
        }
    }

    /// Whether the write with this token made it.
    pub(super) fn is_of(&self, token: &str) -> bool {
        self.token.as_deref() == Some(token)
    }

    /// Whether a store can tell if an object is still in this state.
    pub(super) fn is_comparable(&self) -> bool {
        self.generation.is_some() || self.etag.is_some()
    }

    pub(super) fn to_version(&self) -> Version {
        let field = |field: &Option<String>| field.clone().unwrap_or_default();
        Version::new(format!(
            "{}|{}|{}",
            field(&self.token),
            field(&self.generation),
            field(&self.etag)
        ))
    }

    /// `None` for a version that is none of this store.
    pub(super) fn from_version(version: &Version) -> Option<Self> {
        let mut fields = version.as_str().splitn(3, '|');
        let mut field = || {
            let field = fields.next()?;
            Some((!field.is_empty()).then(|| field.to_owned()))
        };
        Some(Self {
            token: field()?,
            generation: field()?,
            etag: field()?,
        })
    }

    /// The entity tag as a header shows it.
    pub(super) fn quoted_etag(&self) -> Option<String> {
        let etag = self.etag.as_ref()?;
        Some(match etag.starts_with("W/") {
            true => etag.clone(),
            false => format!("\"{etag}\""),
        })
    }

    pub(super) fn to_update(&self) -> UpdateVersion {
        UpdateVersion {
            e_tag: self.quoted_etag(),
            version: self.generation.clone(),
        }
    }
}

/// The metadata of an object that is written with a token.
pub(super) fn attributes(token: &str) -> Attributes {
    let mut attributes = Attributes::new();
    attributes.insert(Attribute::Metadata(TOKEN.into()), token.to_owned().into());
    attributes
}

/// A token like no other.
pub(super) fn new_token() -> String {
    format!(
        "{:016x}{:016x}",
        crate::hidden::random(),
        crate::hidden::random()
    )
}

fn unquoted(etag: &str) -> String {
    let inner = etag
        .strip_prefix('"')
        .and_then(|etag| etag.strip_suffix('"'));
    inner.unwrap_or(etag).to_owned()
}

#[cfg(test)]
mod tests {
    use super::{State, unquoted};
    use crate::store::Version;

    #[test]
    fn versions_come_back() {
        for state in [
            State::default(),
            State {
                token: Some("00ff".into()),
                generation: Some("17".into()),
                etag: Some("a|b".into()),
            },
        ] {
            assert_eq!(State::from_version(&state.to_version()), Some(state));
        }
        assert_eq!(State::from_version(&Version::new("7")), None);
    }

    #[test]
    fn quotation_marks_do_not_matter_but_weakness_does() {
        assert_eq!(unquoted("\"x\""), "x");
        assert_eq!(unquoted("x"), "x");
        let weak = State {
            etag: Some(unquoted("W/\"x\"")),
            ..State::default()
        };
        assert_eq!(weak.quoted_etag().unwrap(), "W/\"x\"");
    }
}
