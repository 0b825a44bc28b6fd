//! `pq verify`.

use crate::args::VerifyArgs;
use crate::error::CliError;
use crate::report;
use pq_verify::{Finding, Options, Report, Severity, verify_path};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Checks files and data sets, and says what breaks a rule.
///
/// # Errors
///
/// A rule is broken, or something could not be checked.
pub fn run(args: &VerifyArgs) -> Result<(), CliError> {
    let options = Options::default();
    let reports: Vec<Report> = args
        .paths
        .iter()
        .map(|path| verify_path(path, &options))
        .collect();
    let is_shown = |severity: Severity| !(args.no_deviations && severity == Severity::Deviation);
    if args.json {
        let reports = args.paths.iter().zip(&reports);
        let reports: Vec<Value> = reports
            .map(|(path, report)| document(&path.to_string_lossy(), report, is_shown))
            .collect();
        report::print(&format!("{:#}", Value::Array(reports)))?;
    } else {
        let mut text = String::new();
        for (path, report) in args.paths.iter().zip(&reports) {
            lines(&path.to_string_lossy(), report, is_shown, &mut text);
        }
        report::print(text.trim_end())?;
    }
    let unsound = args.paths.iter().zip(&reports);
    match unsound.into_iter().find(|(_, report)| !report.is_sound()) {
        None => Ok(()),
        Some((path, report)) => Err(CliError::Unsound {
            path: path.to_string_lossy().into_owned(),
            broken: report.count_of(Severity::Broken),
            unverified: report.count_of(Severity::Unverified),
        }),
    }
}

fn lines(path: &str, report: &Report, is_shown: impl Fn(Severity) -> bool, text: &mut String) {
    for finding in report.findings() {
        if is_shown(finding.severity()) {
            let _ = writeln!(text, "{finding}");
        }
    }
    let kept = |rule| {
        let findings = report.findings().iter();
        findings.filter(|finding| finding.rule == rule).count() as u64
    };
    for (rule, count) in report.counts() {
        let more = count.saturating_sub(kept(rule));
        if more > 0 && is_shown(rule.severity()) {
            let _ = writeln!(text, "{rule}: {more} more places");
        }
    }
    let checked = report.checked();
    let verdict = if report.is_sound() {
        "sound"
    } else {
        "not sound"
    };
    let _ = writeln!(
        text,
        "{}: {verdict}; {} files, {} row groups, {} pages, {} values checked",
        crate::error::plain_line(path),
        checked.files,
        checked.row_groups,
        checked.pages,
        checked.values
    );
}

fn document(path: &str, report: &Report, is_shown: impl Fn(Severity) -> bool) -> Value {
    let checked = report.checked();
    let findings: Vec<Value> = report
        .findings()
        .iter()
        .filter(|finding| is_shown(finding.severity()))
        .map(entry)
        .collect();
    let counts: serde_json::Map<String, Value> = report
        .counts()
        .filter(|(rule, _)| is_shown(rule.severity()))
        .map(|(rule, count)| (rule.id().to_owned(), count.into()))
        .collect();
    json!({
        "path": path,
        "sound": report.is_sound(),
        "checked": {
            "files": checked.files,
            "row_groups": checked.row_groups,
            "pages": checked.pages,
            "values": checked.values,
            "bytes": checked.bytes,
        },
        "counts": counts,
        "findings": findings,
    })
}

fn entry(finding: &Finding) -> Value {
    json!({
        "rule": finding.rule.id(),
        "severity": finding.severity().to_string(),
        "section": finding.rule.section(),
        "path": finding.place.path,
        "row_group": finding.place.row_group,
        "column": finding.place.column,
        "page": finding.place.page,
        "byte": finding.place.byte,
        "detail": finding.detail,
    })
}
