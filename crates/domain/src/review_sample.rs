//! Drawing a review sample: how many of each stratum, and which.
//!
//! The same seed and population give the same sample, on every computer, in whatever order the
//! records came. In: ids by stratum, seed, size. Out: ids in the order of reading. Not here: which
//! records there are (the store), judging them.

use std::collections::BinaryHeap;

use sha2::{Digest, Sha256};

/// How a sample's size is shared among the strata.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allocation {
    /// By the strata's sizes, at least one each.
    Proportional,
    /// The same of each, as far as there are so many.
    Equal,
}

impl Allocation {
    /// The name on the terminal and in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Proportional => "proportional",
            Self::Equal => "equal",
        }
    }

    /// The allocation with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Proportional, Self::Equal]
            .into_iter()
            .find(|one| one.name() == name)
    }
}

/// By what calls are put into strata.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    Deployment,
    Model,
    Status,
    /// The day it began on, UTC.
    Day,
}

impl By {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Deployment, Self::Model, Self::Status, Self::Day];

    /// The name on the terminal and in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Deployment => "deployment",
            Self::Model => "model",
            Self::Status => "status",
            Self::Day => "day",
        }
    }

    /// The one with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }
}

/// How many to take of each stratum, in their order; all of it where `size` is no less than the
/// population. `None` where there are more strata than `size`.
///
/// Proportional: the largest remainder of `size·Nₕ/N` (Hamilton), then at least one each, taken
/// from the strata that are furthest above their quota. Equal: one each in turn, until the size is
/// reached or a stratum is used up. Ties go to the first stratum.
pub fn allocate(sizes: &[u64], size: u64, allocation: Allocation) -> Option<Vec<u64>> {
    let population: u64 = sizes.iter().sum();
    if size >= population {
        return Some(sizes.to_vec());
    }
    if (sizes.len() as u64) > size {
        return None;
    }
    if allocation == Allocation::Equal {
        let mut taken = vec![0; sizes.len()];
        let mut left = size;
        while left > 0 {
            for (taken, of) in taken.iter_mut().zip(sizes) {
                if left > 0 && *taken < *of {
                    *taken += 1;
                    left -= 1;
                }
            }
        }
        return Some(taken);
    }
    let (n, whole) = (i128::from(size), i128::from(population));
    let mut taken: Vec<u64> = sizes
        .iter()
        .map(|of| {
            let quota = n * i128::from(*of) / whole;
            u64::try_from(quota).unwrap_or(0).max(1)
        })
        .collect();
    // How far a stratum is below its quota, times the population.
    let below =
        |taken: &[u64], at: usize| n * i128::from(sizes[at]) - i128::from(taken[at]) * whole;
    while taken.iter().sum::<u64>() < size {
        let at = (0..sizes.len())
            .filter(|at| taken[*at] < sizes[*at])
            .max_by_key(|at| (below(&taken, *at), std::cmp::Reverse(*at)))?;
        taken[at] += 1;
    }
    while taken.iter().sum::<u64>() > size {
        let at = (0..sizes.len())
            .filter(|at| taken[*at] > 1)
            .min_by_key(|at| (below(&taken, *at), std::cmp::Reverse(*at)))?;
        taken[at] -= 1;
    }
    Some(taken)
}

/// The place of a record in the order that a seed gives: SHA-256 over the seed as eight bytes, most
/// significant first, and the 16 bytes of the record's id.
pub fn place(seed: u64, id: &[u8; 16]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(seed.to_be_bytes());
    hasher.update(id);
    hasher.finalize().into()
}

/// Keeps the first records of a stratum in the order of a seed, whatever order they come in.
#[derive(Debug, Default)]
pub struct Picked {
    /// How many there were.
    pub seen: u64,
    first: BinaryHeap<([u8; 32], [u8; 16], u64)>,
}

impl Picked {
    /// Looks at a record with its leaf; keeps at most `most`.
    pub fn offer(&mut self, seed: u64, id: [u8; 16], leaf: u64, most: usize) {
        self.seen += 1;
        let place = place(seed, &id);
        if self.first.len() >= most {
            match self.first.peek() {
                Some((last, _, _)) if place < *last => {
                    self.first.pop();
                }
                _ => return,
            }
        }
        self.first.push((place, id, leaf));
    }

    /// The first `count` in order: place, id, leaf.
    pub fn take(self, count: usize) -> Vec<([u8; 32], [u8; 16], u64)> {
        let mut all = self.first.into_sorted_vec();
        all.truncate(count);
        all
    }
}
