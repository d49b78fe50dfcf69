//! Assay: redact.
