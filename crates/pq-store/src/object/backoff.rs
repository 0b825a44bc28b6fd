//! How long to wait before the next attempt, and when to stop.

use super::settings::Settings;
use std::time::{Duration, Instant};

const FIRST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(15);

pub(super) struct Backoff {
    attempts: u32,
    most: u32,
    end: Instant,
}

impl Backoff {
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            attempts: 1,
            most: settings.max_retries.saturating_add(1),
            end: Instant::now() + settings.retry_timeout,
        }
    }

    /// The number of the attempt that [`wait`](Self::wait) leads to, from 2.
    pub(super) fn next_attempt(&self) -> u32 {
        self.attempts + 1
    }

    /// Waits, and tells whether there is to be another attempt.
    pub(super) async fn wait(&mut self) -> bool {
        let Some(delay) = self.delay() else {
            return false;
        };
        tokio::time::sleep(delay).await;
        self.attempts += 1;
        true
    }

    /// Twice as long every time, of which a random half.
    fn delay(&self) -> Option<Duration> {
        let full = FIRST * 2_u32.saturating_pow(self.attempts - 1).min(1 << 12);
        let full = full.min(LONGEST);
        let jitter = (crate::hidden::random() % 1000) as u32;
        let delay = full / 2 + full / 2 * jitter / 1000;
        let is_late = Instant::now() + delay > self.end;
        (self.attempts < self.most && !is_late).then_some(delay)
    }
}

#[cfg(test)]
mod tests {
    use super::{Backoff, FIRST, LONGEST};
    use crate::object::settings::Settings;

    #[test]
    fn delays_grow_and_end() {
        let settings = Settings {
            max_retries: 10,
            ..Settings::default()
        };
        let mut backoff = Backoff::new(&settings);
        for attempt in 1..=10 {
            backoff.attempts = attempt;
            let full = (FIRST * 2_u32.pow(attempt - 1)).min(LONGEST);
            let delay = backoff.delay().unwrap();
            assert!(full / 2 <= delay && delay <= full, "{attempt}: {delay:?}");
        }
        backoff.attempts = 11;
        assert_eq!(backoff.delay(), None);
    }

    #[test]
    fn no_delay_goes_beyond_the_time() {
        let settings = Settings {
            retry_timeout: std::time::Duration::from_millis(10),
            ..Settings::default()
        };
        assert_eq!(Backoff::new(&settings).delay(), None);
    }
}
