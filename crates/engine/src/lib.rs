//! Assay: engine.
