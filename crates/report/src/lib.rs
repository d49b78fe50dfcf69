//! Assay: report.
