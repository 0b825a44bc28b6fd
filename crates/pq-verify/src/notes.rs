//! Collects findings, and remembers where the check is.

use crate::options::Options;
use crate::place::Place;
use crate::report::{Finding, Report, Severity};
use crate::rule::Rule;

/// Where findings go.
#[derive(Debug)]
pub(crate) struct Notes<'a> {
    report: &'a mut Report,
    pub(crate) options: &'a Options,
    pub(crate) place: Place,
    /// How much was found so far that makes a file unsound.
    pub(crate) unsound: u64,
}

impl<'a> Notes<'a> {
    pub(crate) fn new(report: &'a mut Report, options: &'a Options, path: &str) -> Self {
        let place = Place {
            path: path.to_owned(),
            ..Place::default()
        };
        Self {
            report,
            options,
            place,
            unsound: 0,
        }
    }

    pub(crate) fn report(&mut self) -> &mut Report {
        self.report
    }

    /// A finding at the place where the check is.
    #[cold]
    pub(crate) fn say(&mut self, rule: Rule, detail: impl FnOnce() -> String) {
        self.say_at(rule, self.place.byte, detail);
    }

    /// A finding at a byte of the file.
    #[cold]
    pub(crate) fn say_at(
        &mut self,
        rule: Rule,
        byte: Option<u64>,
        detail: impl FnOnce() -> String,
    ) {
        if rule.severity() != Severity::Deviation {
            self.unsound += 1;
        }
        let place = &self.place;
        self.report
            .add(rule, self.options.findings_per_rule, || Finding {
                rule,
                place: Place {
                    byte,
                    ..place.clone()
                },
                detail: detail(),
            });
    }

    /// A finding unless the rule is kept.
    pub(crate) fn check(&mut self, rule: Rule, kept: bool, detail: impl FnOnce() -> String) {
        if !kept {
            self.say(rule, detail);
        }
    }

    /// A finding unless what is stated is what was counted.
    pub(crate) fn equal(&mut self, rule: Rule, what: &str, stated: i64, counted: u64) {
        let kept = u64::try_from(stated) == Ok(counted);
        self.check(rule, kept, || {
            format!("{what} is {stated}, should be {counted}")
        });
    }
}
