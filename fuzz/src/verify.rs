//! Whole files: findings, whatever the bytes are, and no more memory than the limits allow.

use pq_verify::{Options, verify};

pub fn check(data: &[u8]) {
    let mut options = Options::default();
    options.page_bytes = 1 << 20;
    options.page_values = 1 << 14;
    options.distinct_values = 1 << 10;
    let report = verify(&mut &*data, "f", &options);
    for finding in report.findings() {
        assert!(!finding.to_string().contains('\n'));
    }
    assert!(report.findings().len() as u64 <= report.counts().map(|(_, count)| count).sum());
}
