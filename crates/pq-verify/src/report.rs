//! What a check found.

use crate::place::Place;
use crate::rule::Rule;
use std::collections::BTreeMap;
use std::fmt;

/// What it means that a rule is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Severity {
    /// The specification discourages it or calls it deprecated; readers can live with it.
    Deviation,
    /// Something could not be checked, so nothing is known of it.
    Unverified,
    /// The file is wrong.
    Broken,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Deviation => "deviation",
            Self::Unverified => "unverified",
            Self::Broken => "broken",
        })
    }
}

/// A place where a rule is not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The rule.
    pub rule: Rule,
    /// Where.
    pub place: Place,
    /// What is there, and what should be.
    pub detail: String,
}

impl Finding {
    /// What it means.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.rule.severity()
    }
}

/// One line; control characters in names are escaped.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = format!(
            "{}: {} {}: {} ({})",
            self.place,
            self.severity(),
            self.rule,
            self.detail,
            self.rule.section()
        );
        for character in line.chars() {
            if character.is_control() {
                write!(f, "{}", character.escape_default())?;
            } else {
                write!(f, "{character}")?;
            }
        }
        Ok(())
    }
}

/// How much was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Checked {
    /// Files, metadata files included.
    pub files: u64,
    /// Row groups in them, those of metadata files not counted.
    pub row_groups: u64,
    /// Pages, dictionary pages included.
    pub pages: u64,
    /// Values and nulls.
    pub values: u64,
    /// Bytes of pages after decompression.
    pub bytes: u64,
}

/// What a check found, and how much it looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    findings: Vec<Finding>,
    counts: BTreeMap<Rule, u64>,
    checked: Checked,
}

impl Report {
    /// The findings in the order they were made, of each rule only the first ones
    /// ([`Options::findings_per_rule`](crate::Options::findings_per_rule)).
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// How often each rule was not kept, also where no finding was kept of it.
    pub fn counts(&self) -> impl Iterator<Item = (Rule, u64)> + '_ {
        self.counts.iter().map(|(&rule, &count)| (rule, count))
    }

    /// How often a rule was not kept.
    #[must_use]
    pub fn count(&self, rule: Rule) -> u64 {
        self.counts.get(&rule).copied().unwrap_or(0)
    }

    /// How many findings there are of a severity.
    #[must_use]
    pub fn count_of(&self, severity: Severity) -> u64 {
        self.counts()
            .filter(|(rule, _)| rule.severity() == severity)
            .map(|(_, count)| count)
            .sum()
    }

    /// Whether all was checked and no rule is broken; deviations may have been found.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.count_of(Severity::Broken) == 0 && self.count_of(Severity::Unverified) == 0
    }

    /// Whether nothing at all was found.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.counts.is_empty()
    }

    /// How much was looked at.
    #[must_use]
    pub fn checked(&self) -> Checked {
        self.checked
    }

    pub(crate) fn checked_mut(&mut self) -> &mut Checked {
        &mut self.checked
    }

    /// Counts a finding; the first `most` of a rule are kept.
    pub(crate) fn add(&mut self, rule: Rule, most: usize, finding: impl FnOnce() -> Finding) {
        let count = self.counts.entry(rule).or_default();
        *count = count.saturating_add(1);
        if *count <= most as u64 {
            self.findings.push(finding());
        }
    }
}
