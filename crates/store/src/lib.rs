//! Assay: store.
