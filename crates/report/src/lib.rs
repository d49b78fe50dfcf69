//! Writes reports: the only crate that knows document formats.
//!
//! In: a [`model::Report`], all plain values. Out: bytes of PDF, XLSX, CSV, JSON or HTML; the same
//! report gives the same bytes on any machine. Rows of records as well, one by one (`rows`). Not here: figures (the engine fills the report),
//! the clock, files.

pub mod html;
pub mod model;
pub mod pdf;
pub mod rows;
pub mod table;
pub mod visible;
pub mod xlsx;

use model::Report;

/// A document format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Pdf,
    Xlsx,
    Csv,
    Json,
    Html,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 5] = [Self::Pdf, Self::Xlsx, Self::Csv, Self::Json, Self::Html];

    /// The name on the terminal, and the file's extension.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Xlsx => "xlsx",
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Html => "html",
        }
    }

    /// The format with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// A written document.
#[derive(Debug, Clone)]
pub struct Rendered {
    pub bytes: Vec<u8>,
    /// Of a PDF.
    pub pages: Option<u32>,
}

/// Why a report could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    #[error("the figure `{0}` has no denominator")]
    NoDenominator(String),
    #[error("the PDF can't be set: {0}")]
    Pdf(String),
    #[error("the workbook can't be written: {0}")]
    Xlsx(#[from] rust_xlsxwriter::XlsxError),
    #[error("the table can't be written: {0}")]
    Csv(#[from] csv::Error),
    #[error("the report can't be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
}

/// Writes `report` in `format`.
///
/// # Errors
/// [`ReportError`]; a share without its denominator is refused.
pub fn render(report: &Report, format: Format) -> Result<Rendered, ReportError> {
    report.validate()?;
    let (bytes, pages) = match format {
        Format::Pdf => {
            let (bytes, pages) = pdf::render(report)?;
            (bytes, Some(pages))
        }
        Format::Xlsx => (xlsx::render(report)?, None),
        Format::Csv => (table::render(report)?, None),
        Format::Json => {
            let mut bytes = serde_json::to_vec_pretty(report)?;
            bytes.push(b'\n');
            (bytes, None)
        }
        Format::Html => (html::render(report).into_bytes(), None),
    };
    Ok(Rendered { bytes, pages })
}
