//! Assay: domain.
