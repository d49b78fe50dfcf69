//! Maps over small numbers that this program gave out itself.
//!
//! Several of them are asked for each record of an import, where the standard hash, made against
//! keys that somebody else picks, is a part of the time. Not here: maps over texts or ids of others.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A map over keys of whole numbers.
pub(crate) type Map<K, V> = HashMap<K, V, BuildHasherDefault<Mixing>>;

/// Multiplies and rotates each eight bytes into the next.
#[derive(Default)]
pub(crate) struct Mixing(u64);

impl Hasher for Mixing {
    fn write(&mut self, bytes: &[u8]) {
        for part in bytes.chunks(8) {
            let mut eight = [0; 8];
            eight[..part.len()].copy_from_slice(part);
            self.write_u64(u64::from_le_bytes(eight));
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = (self.0.rotate_left(23) ^ number).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }

    fn finish(&self) -> u64 {
        // The map goes by the highest bits and by the lowest.
        self.0 ^ (self.0 >> 32)
    }
}
