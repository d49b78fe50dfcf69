//! Assay: evidence.
