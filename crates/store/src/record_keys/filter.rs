//! Which keys there may be: a Bloom filter in blocks of one cache line, in layers that grow fourfold:
//! each is another line that has to be fetched for a key that is nowhere.
//!
//! A key that was added is always answered with yes, another one with no but in one of some
//! thousand cases at worst: a wrong yes costs a look on every day. Nothing is ever taken out. Not here: where the keys are.
//!
//! Source: F. Putze, P. Sanders, J. Singler, Cache-, Hash- and Space-Efficient Bloom Filters, 2007.

/// Bits of a block: a cache line of 64 bytes.
const BLOCK_BITS: u64 = 512;
/// Words of a block.
const WORDS: usize = 8;
/// Keys that a block is made for: 32 bits each.
const KEYS_A_BLOCK: u64 = 16;
/// Blocks of the first layer: 32,768 keys in 128 kB.
const FIRST_BLOCKS: u64 = 1 << 11;
/// Times as many blocks as the layer before has.
const GROWTH: u64 = 4;
/// Blocks of the largest layers: 16 million keys in 64 MB.
const MOST_BLOCKS: u64 = 1 << 20;
/// Five that grow and two of the largest, for 44 million keys. Beyond them, filled to the brim, more
/// keys are taken to be there that are not: looking is slower then, and finds the same.
const MOST_LAYERS: usize = 7;
/// Bits that are set for a key.
const BITS: u32 = 7;

#[derive(Default)]
pub(super) struct Filter {
    layers: Vec<Layer>,
}

struct Layer {
    words: Vec<u64>,
    blocks: u64,
    keys: u64,
}

impl Layer {
    fn new(blocks: u64) -> Self {
        Self {
            words: vec![0; usize::try_from(blocks).unwrap_or(0) * WORDS],
            blocks,
            keys: 0,
        }
    }

    /// The first word of a key's block.
    fn block(&self, mixed: u64) -> usize {
        let block = u64::try_from((u128::from(mixed) * u128::from(self.blocks)) >> 64).unwrap_or(0);
        usize::try_from(block).unwrap_or(0) * WORDS
    }
}

/// Spreads a key over all bits: hashes of ids of one source differ as little as somebody likes.
fn mix(hash: i64, source: i64) -> u64 {
    let mut z = (hash as u64).wrapping_add((source as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// The bits of a key in its block: nine bits of a second hash for each.
fn bits(mixed: u64) -> impl Iterator<Item = (usize, u64)> {
    let second = mixed.wrapping_mul(0xD6E8_FEB8_6659_FD93).rotate_left(32);
    (0..BITS).map(move |index| {
        let bit = (second >> (9 * index)) % BLOCK_BITS;
        (usize::try_from(bit / 64).unwrap_or(0), 1 << (bit % 64))
    })
}

impl Filter {
    /// A filter whose first layer has room for so many keys, as far as a layer goes.
    pub(super) fn for_keys(keys: u64) -> Self {
        let blocks = keys.div_ceil(KEYS_A_BLOCK).next_power_of_two();
        let layer = Layer::new(blocks.clamp(FIRST_BLOCKS, MOST_BLOCKS));
        Self {
            layers: vec![layer],
        }
    }

    pub(super) fn add(&mut self, hash: i64, source: i64) {
        let mixed = mix(hash, source);
        let is_full = |layer: &Layer| layer.keys >= layer.blocks * KEYS_A_BLOCK;
        if self.layers.last().is_none_or(is_full) && self.layers.len() < MOST_LAYERS {
            let blocks = self
                .layers
                .last()
                .map_or(FIRST_BLOCKS, |last| (last.blocks * GROWTH).min(MOST_BLOCKS));
            self.layers.push(Layer::new(blocks));
        }
        if let Some(layer) = self.layers.last_mut() {
            layer.keys += 1;
            let first = layer.block(mixed);
            for (word, bit) in bits(mixed) {
                layer.words[first + word] |= bit;
            }
        }
    }

    pub(super) fn may_have(&self, hash: i64, source: i64) -> bool {
        let mixed = mix(hash, source);
        self.layers.iter().any(|layer| {
            let first = layer.block(mixed);
            bits(mixed).all(|(word, bit)| layer.words[first + word] & bit != 0)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_added_is_there_and_little_else_is() {
        check(Filter::default(), 3);
        check(Filter::for_keys(200_000), 1);
        check(Filter::for_keys(60_000), 2);
    }

    fn check(mut filter: Filter, layers: usize) {
        // Hashes of a bad sort, in a row, and good ones, over several layers.
        let key = |index: i64| match index % 2 {
            0 => (index, 3),
            _ => (mix(index, 7) as i64, 0),
        };
        for index in 0..200_000 {
            let (hash, source) = key(index);
            filter.add(hash, source);
        }
        assert_eq!(filter.layers.len(), layers);
        let has = |index: i64| {
            let (hash, source) = key(index);
            filter.may_have(hash, source)
        };
        assert!((0..200_000).all(has));
        let wrong = (200_000..400_000).filter(|index| has(*index)).count();
        assert!(wrong < 200, "{wrong} of 200,000");
        let other_source = (0..100_000).filter(|index| filter.may_have(index * 2, 4));
        assert!(other_source.count() < 100);
    }
}
