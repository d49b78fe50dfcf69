//! Proof that the trail was not changed: leaves, the RFC 6962 tree over them, proofs and the
//! evidence pack.
//!
//! Pure: bytes in, bytes out; keys are passed in. Not here: where leaves, tiles and checkpoints are
//! stored (`assay-store`), and where secret keys are (`assay-backends`).

pub mod archive;
pub mod checkpoint;
mod der;
pub mod kept;
pub mod leaf;
pub mod note;
pub mod pack;
pub mod proof;
pub mod rsa_signature;
pub mod signing;
pub mod timestamp;
pub mod tree;
pub mod witness;
