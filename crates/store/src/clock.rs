//! Noticing that the computer's clock jumped.
//!
//! In: what the wall clock and a clock that only runs on say, at each record. Out: a jump to write
//! down. Not here: reading clocks (the engine); the time of a record, which never goes back
//! (`writer`).

use std::sync::Arc;

/// How far the wall clock may differ from the steady one between two records.
const TOLERANCE_MS: i64 = 5_000;

/// What two clocks say at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// UTC milliseconds since 1970.
    pub wall_ms: i64,
    /// Milliseconds since any moment, through sleep as well; never set by anybody.
    pub steady_ms: i64,
}

/// Reads both clocks.
pub type Clocks = Arc<dyn Fn() -> Reading + Send + Sync>;

/// The wall clock did not go on as it should.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Jump {
    /// What it should have said at least.
    pub(crate) expected_ms: i64,
    /// What it said.
    pub(crate) wall_ms: i64,
}

/// What was seen of the clocks so far.
#[derive(Clone, Default)]
pub(crate) struct Watch {
    pub(crate) clocks: Option<Clocks>,
    wall_ms: Option<i64>,
    last: Option<Reading>,
}

impl Watch {
    /// Goes on after a record that an earlier process wrote at `wall_ms`.
    pub(crate) fn after(wall_ms: Option<i64>) -> Self {
        Self {
            wall_ms,
            ..Self::default()
        }
    }

    /// Looks at the clocks; answers a jump once. `now_ms` may be some time old, as whoever passes
    /// it may have waited for the writer.
    pub(crate) fn look(&mut self, now_ms: i64) -> Option<Jump> {
        let now = self.clocks.as_ref().map(|clocks| clocks());
        let wall_ms = now.map_or(now_ms, |now| now.wall_ms);
        let slack = if now.is_some() { 0 } else { TOLERANCE_MS };
        let mut jump = self
            .wall_ms
            .filter(|last| wall_ms < last - slack)
            .map(|expected_ms| Jump {
                expected_ms,
                wall_ms,
            });
        if let (None, Some(now), Some(last)) = (jump, now, self.last) {
            let expected_ms = last.wall_ms + (now.steady_ms - last.steady_ms);
            if (now.wall_ms - expected_ms).abs() > TOLERANCE_MS {
                jump = Some(Jump {
                    expected_ms,
                    wall_ms,
                });
            }
        }
        self.last = now.or(self.last);
        self.wall_ms = match (now, jump) {
            (None, None) => Some(self.wall_ms.unwrap_or(wall_ms).max(wall_ms)),
            _ => Some(wall_ms),
        };
        jump
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[test]
    fn only_a_clock_that_was_set_jumps() {
        let now = Arc::new(Mutex::new(Reading {
            wall_ms: 1_000_000,
            steady_ms: 0,
        }));
        let mut watch = Watch::after(Some(1_000_000));
        let read = Arc::clone(&now);
        watch.clocks = Some(Arc::new(move || *read.lock().unwrap()));
        let mut at = |wall_ms: i64, steady_ms: i64| {
            *now.lock().unwrap() = Reading { wall_ms, steady_ms };
            watch.look(0).map(|jump| (jump.expected_ms, jump.wall_ms))
        };
        assert_eq!(at(1_000_000, 0), None);
        // An hour asleep is an hour on both clocks.
        assert_eq!(at(4_600_000, 3_600_000), None);
        assert_eq!(at(4_604_000, 3_600_500), None, "within the tolerance");
        assert_eq!(at(4_603_999, 3_600_600), Some((4_604_000, 4_603_999)));
        assert_eq!(at(4_604_099, 3_600_700), None, "told once");
        assert_eq!(at(4_704_099, 3_601_700), Some((4_605_099, 4_704_099)));
        assert_eq!(at(4_705_099, 3_602_700), None);
    }

    #[test]
    fn a_time_that_waited_for_the_writer_is_no_jump() {
        let mut watch = Watch::after(Some(100_000));
        assert_eq!(watch.look(99_000), None);
        assert_eq!(watch.look(100_500), None);
        assert!(watch.look(10_000).is_some());
        assert_eq!(watch.look(10_000), None);
    }
}
