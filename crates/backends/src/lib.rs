//! Assay: backends.
