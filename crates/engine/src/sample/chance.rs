//! The sample's chance: a seeded generator in whole numbers, the same on every machine.
//!
//! In: a seed and the name of a stream. Out: numbers, choices and ids. Streams are independent of
//! each other, so that more calls of one deployment leave the others as they are. No floating
//! point: its functions differ from platform to platform. Not for secrets.

/// The seed of the sample organisation.
const SEED: u64 = 0x4e6f_7274_6877_696e;

/// A stream of chance (SplitMix64; Steele, Lea and Flood 2014).
#[derive(Clone)]
pub(crate) struct Chance(u64);

impl Chance {
    /// The stream with this name.
    pub(crate) fn of(stream: &str) -> Self {
        let seed = stream.bytes().fold(SEED, |seed, byte| {
            (seed ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        let mut chance = Self(seed);
        chance.next();
        chance
    }

    /// 64 bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`; 0 where `end` is 0.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(end)) >> 64) as u64
    }

    /// A number from `first` to `last`, both included.
    pub(crate) fn within(&mut self, first: u64, last: u64) -> u64 {
        first + self.below(last - first + 1)
    }

    /// Whether something happens that happens `permille` times in a thousand.
    pub(crate) fn happens(&mut self, permille: u64) -> bool {
        self.below(1_000) < permille
    }

    /// One of `choices`.
    pub(crate) fn pick<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.below(choices.len() as u64) as usize]
    }

    /// The index of one of `weights`, the heavier the likelier.
    pub(crate) fn weighted(&mut self, weights: &[u64]) -> usize {
        let mut left = self.below(weights.iter().sum());
        for (index, weight) in weights.iter().enumerate() {
            if left < *weight {
                return index;
            }
            left -= weight;
        }
        weights.len() - 1
    }

    /// A number around `median` with a long tail: 99 of 100 lie within five times of it, the
    /// longest is twenty times it.
    pub(crate) fn skewed(&mut self, median: u64) -> u64 {
        // Quantiles of what response times and prompt lengths look like, in hundredths of the median.
        const AT: [u64; 9] = [0, 100, 250, 500, 750, 900, 970, 995, 1_000];
        const FACTOR: [u64; 9] = [22, 42, 66, 100, 155, 240, 380, 700, 2_000];
        let place = self.below(1_000_000);
        let (permille, rest) = (place / 1_000, place % 1_000);
        let upper = AT
            .iter()
            .position(|at| *at > permille)
            .unwrap_or(AT.len() - 1);
        let (from, to) = (AT[upper - 1], AT[upper]);
        let inside = (permille - from) * 1_000 + rest;
        let factor =
            FACTOR[upper - 1] * 1_000 + (FACTOR[upper] - FACTOR[upper - 1]) * inside / (to - from);
        median * factor / 100_000
    }

    /// `length` characters of `alphabet`.
    pub(crate) fn letters(&mut self, alphabet: &[u8], length: usize) -> String {
        (0..length)
            .map(|_| char::from(alphabet[self.below(alphabet.len() as u64) as usize]))
            .collect()
    }

    /// A UUID of version 4.
    pub(crate) fn uuid(&mut self) -> String {
        let (high, low) = (self.next(), self.next());
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xfff,
            0x8000 | ((low >> 48) & 0x3fff),
            low & 0xffff_ffff_ffff
        )
    }

    /// An id as Anthropic's APIs give out: `prefix` and 24 letters and digits.
    pub(crate) fn id(&mut self, prefix: &str) -> String {
        const BASE58: &[u8] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
        format!("{prefix}01{}", self.letters(BASE58, 22))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_repeat_themselves_and_differ_from_each_other() {
        let mut one = Chance::of("one");
        assert_eq!(Chance::of("one").uuid(), one.uuid());
        assert_ne!(Chance::of("one").next(), Chance::of("two").next());
        // Fixed for ever: another value here is another sample.
        assert_eq!(Chance::of("one").below(1_000_000), 466_574);
    }

    #[test]
    fn skewed_numbers_have_their_median_and_a_tail() {
        let mut chance = Chance::of("skew");
        let mut drawn: Vec<u64> = (0..10_001).map(|_| chance.skewed(1_000)).collect();
        drawn.sort_unstable();
        assert!((950..1_050).contains(&drawn[5_000]), "{}", drawn[5_000]);
        assert!(drawn[9_900] > 3_800 && drawn[10_000] < 20_001);
    }
}
