//! What the contests of DELTA_LENGTH_BYTE_ARRAY and DELTA_BYTE_ARRAY have in common.

use crate::data::{Texts, all_texts};
use crate::peers::parquet2;
use crate::report::Report;
use crate::texts;
use parquet::basic::Encoding;
use std::hint::black_box;

/// Encoders of one encoding: ours of offsets and data, ours of slices, and the one of parquet2.
pub struct Encoders {
    pub encoding: Encoding,
    pub family: &'static str,
    pub ours: fn(&Texts, &mut Vec<u8>),
    pub ours_of_slices: fn(&[&[u8]], &mut Vec<u8>),
    pub parquet2: fn(&[&[u8]], &mut Vec<u8>),
}

impl Encoders {
    /// Runs the contests over all kinds of texts, in either form.
    pub fn contests(&self, report: &mut Report) {
        for (case, texts) in all_texts() {
            let slices = texts.slices();
            self.contest(report, case, &texts, &slices, |out| {
                (self.ours)(black_box(&texts), out);
            });
            self.contest(report, &format!("{case}, slices"), &texts, &slices, |out| {
                (self.ours_of_slices)(black_box(&slices), out);
            });
        }
    }

    fn contest(
        &self,
        report: &mut Report,
        case: &str,
        texts: &Texts,
        slices: &[&[u8]],
        ours: impl Fn(&mut Vec<u8>),
    ) {
        let Some(entry) = report.entry(self.family, case) else {
            return;
        };
        let contest = texts::encode(self.encoding, texts, ours);
        entry.run(contest.appends(parquet2::NAME, |out| {
            (self.parquet2)(black_box(slices), out);
        }));
    }
}
