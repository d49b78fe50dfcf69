//! Proof that the trail was not changed: leaves, the RFC 6962 tree over them, proofs and the
//! evidence pack.
//!
//! Pure: bytes in, bytes out. Not here: where leaves and tiles are stored (`assay-store`), and
//! signatures, which the checkpoint of a later version carries.

pub mod leaf;
pub mod pack;
pub mod proof;
pub mod tree;
