//! Sets of calls by their leaves, a bit each.
//!
//! In: leaves in order. Out: whether one is among them. Not here: which words they hold.

/// Calls that hold words, by their leaves.
#[derive(Clone)]
pub(crate) struct Calls {
    pub(crate) number: u64,
    /// The leaf of the first bit.
    from: u64,
    bits: Vec<u64>,
    pub(crate) count: u64,
    /// Their leaves as a JSON list, where they are few.
    pub(crate) few: Option<String>,
    /// Whether all of these hold the words; else they hold each of them, and must be read.
    pub(crate) is_exact: bool,
}

impl Calls {
    pub(crate) fn has(&self, seq: u64) -> bool {
        let Some(at) = seq.checked_sub(self.from) else {
            return false;
        };
        usize::try_from(at / 64)
            .ok()
            .and_then(|place| self.bits.get(place))
            .is_some_and(|bits| bits >> (at % 64) & 1 == 1)
    }

    /// A bit for each leaf from the first on, 64 a number; `None` for a set that begins elsewhere.
    pub(crate) fn bits(&self) -> Option<&[u64]> {
        (self.from == 0).then_some(&self.bits)
    }

    /// Their leaves in order.
    pub(crate) fn all(&self) -> impl Iterator<Item = u64> {
        let from = self.from;
        (0_u64..).zip(&self.bits).flat_map(move |(at, bits)| {
            (0..64)
                .filter(move |bit| bits >> bit & 1 == 1)
                .map(move |bit| from + at * 64 + bit)
        })
    }
}

/// A set that is being gathered, from one leaf on.
pub(crate) struct Gathered {
    from: u64,
    bits: Vec<u64>,
    pub(crate) count: u64,
}

impl Gathered {
    /// An empty one that takes no leaf before `from`.
    pub(crate) const fn from(from: u64) -> Self {
        Self {
            from,
            bits: Vec::new(),
            count: 0,
        }
    }

    /// All of these, 64 leaves a number, from the first leaf of all on.
    pub(crate) fn of(bits: Vec<u64>) -> Self {
        let count = bits.iter().map(|bits| u64::from(bits.count_ones())).sum();
        Self {
            from: 0,
            bits,
            count,
        }
    }

    /// Adds a leaf that is not in it.
    pub(crate) fn add(&mut self, seq: u64) {
        let at = seq.saturating_sub(self.from);
        let place = usize::try_from(at / 64).unwrap_or(usize::MAX);
        if place >= self.bits.len() {
            self.bits.resize(place.saturating_add(1), 0);
        }
        self.bits[place] |= 1 << (at % 64);
        self.count += 1;
    }

    /// The set. `number` is what statements name it by, `few` how many are named one by one.
    pub(crate) fn calls(self, number: u64, is_exact: bool, few: u64) -> serde_json::Result<Calls> {
        let mut calls = Calls {
            number,
            from: self.from,
            bits: self.bits,
            count: self.count,
            few: None,
            is_exact,
        };
        if calls.count <= few {
            let seqs: Vec<u64> = calls.all().collect();
            calls.few = Some(serde_json::to_string(&seqs)?);
        }
        Ok(calls)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_has_what_was_added_and_nothing_else() {
        for from in [0, 1, 63, 64, 1_000] {
            let seqs = [0, 1, 5, 63, 64, 65, 640].map(|at| from + at);
            let mut gathered = Gathered::from(from);
            for seq in seqs {
                gathered.add(seq);
            }
            let calls = gathered.calls(1, true, 3).unwrap();
            assert_eq!(calls.all().collect::<Vec<_>>(), seqs, "from {from}");
            for seq in 0..from + 900 {
                assert_eq!(calls.has(seq), seqs.contains(&seq), "{seq} from {from}");
            }
            assert_eq!(calls.count, 7);
        }
    }
}
