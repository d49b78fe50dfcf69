//! All leaf hashes of a log in one pass: its roots at any sizes, and the hashes at any places.
//!
//! In: 32-byte hashes, in pieces of any length. Out: what was asked for. Needs memory for what was
//! asked for only. Not here: proofs.

use std::collections::{BTreeMap, BTreeSet};

use crate::tree::{Hash, empty_root, node_hash};

/// Reads leaf hashes from the first on.
pub(super) struct Scope<'a> {
    sizes: &'a BTreeSet<u64>,
    places: &'a BTreeSet<u64>,
    part: Vec<u8>,
    count: u64,
    /// The roots of the perfect trees on the left, the largest first.
    edge: Vec<Hash>,
    pub(super) roots: BTreeMap<u64, Hash>,
    pub(super) leaves: BTreeMap<u64, Hash>,
}

impl<'a> Scope<'a> {
    /// Wants the roots at `sizes` and the hashes at `places`.
    pub(super) fn new(sizes: &'a BTreeSet<u64>, places: &'a BTreeSet<u64>) -> Self {
        let mut scope = Self {
            sizes,
            places,
            part: Vec::new(),
            count: 0,
            edge: Vec::new(),
            roots: BTreeMap::new(),
            leaves: BTreeMap::new(),
        };
        scope.note();
        scope
    }

    fn note(&mut self) {
        if self.sizes.contains(&self.count) {
            let root = self
                .edge
                .iter()
                .rev()
                .copied()
                .reduce(|right, left| node_hash(&left, &right))
                .unwrap_or_else(empty_root);
            self.roots.insert(self.count, root);
        }
    }

    fn push(&mut self, leaf: Hash) {
        if self.places.contains(&self.count) {
            self.leaves.insert(self.count, leaf);
        }
        let mut hash = leaf;
        let mut level = self.count;
        while level & 1 == 1 {
            if let Some(left) = self.edge.pop() {
                hash = node_hash(&left, &hash);
            }
            level >>= 1;
        }
        self.edge.push(hash);
        self.count += 1;
        self.note();
    }

    /// The next bytes.
    pub(super) fn read(&mut self, piece: &[u8]) {
        self.part.extend_from_slice(piece);
        let part = std::mem::take(&mut self.part);
        let mut whole = part.chunks_exact(32);
        for chunk in whole.by_ref() {
            if let Ok(hash) = chunk.try_into() {
                self.push(hash);
            }
        }
        self.part = whole.remainder().to_vec();
    }
}
