//! The report as PDF, set by typst from a fixed template.
//!
//! The report reaches the template as a JSON file that it reads as values; no text of it is ever
//! source. The world holds those two files and the embedded fonts, nothing else. Not here: the
//! template (`templates/monthly.typ`).

use std::sync::LazyLock;

use typst::LibraryExt;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, World};
use typst_kit::fonts::{self, FontStore};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, Timestamp};

use crate::ReportError;
use crate::model::{Report, mark_word, money, thousands, verdict_word};
use crate::visible::{shortened, visible};

const TEMPLATE: &str = include_str!("../templates/monthly.typ");
/// Characters of one text in a table.
const TEXT: usize = 1_200;

static FONTS: LazyLock<FontStore> = LazyLock::new(|| {
    let mut store = FontStore::new();
    store.extend(fonts::embedded());
    store
});

struct TwoFiles {
    library: LazyHash<Library>,
    main: Source,
    data: (FileId, Bytes),
}

fn id(name: &str) -> Result<FileId, ReportError> {
    let path = VirtualPath::new(name).map_err(|_| ReportError::Pdf(format!("no path: {name}")))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

impl World for TwoFiles {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        FONTS.book()
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() { Ok(self.main.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.data.0 { Ok(self.data.1.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.font(index)
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// Sets the report; returns the bytes and the number of pages.
///
/// # Errors
/// [`ReportError::Pdf`] with typst's message.
pub fn render(report: &Report) -> Result<(Vec<u8>, u32), ReportError> {
    let data = serde_json::to_vec(&shown(report)?)?;
    let world = TwoFiles {
        library: LazyHash::new(Library::default()),
        main: Source::new(id("main.typ")?, TEMPLATE.to_owned()),
        data: (id("report.json")?, Bytes::new(data)),
    };
    let problem = |errors: typst::ecow::EcoVec<typst::diag::SourceDiagnostic>| {
        ReportError::Pdf(errors.first().map_or_else(|| "no reason given".to_owned(), |error| error.message.to_string()))
    };
    let document = typst::compile::<PagedDocument>(&world).output.map_err(problem)?;
    let options = PdfOptions {
        ident: Smart::Custom(format!("{} {}", report.integrity.root, report.generated_at)),
        creator: Smart::Custom(Some(format!("Assay {}", report.version))),
        timestamp: timestamp(&report.generated_at),
        ..PdfOptions::default()
    };
    let bytes = typst_pdf::pdf(&document, &options).map_err(problem)?;
    let pages = u32::try_from(document.pages().len()).unwrap_or(u32::MAX);
    Ok((bytes, pages))
}

fn timestamp(text: &str) -> Option<Timestamp> {
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<i32>().ok();
    let small = |from: usize, to: usize| u8::try_from(number(from, to)?).ok();
    let at = Datetime::from_ymd_hms(number(0, 4)?, small(5, 7)?, small(8, 10)?, small(11, 13)?, small(14, 16)?, small(17, 19)?)?;
    Some(Timestamp::new_utc(at))
}

/// The report with every text made visible and shortened, and numbers written out.
fn shown(report: &Report) -> Result<serde_json::Value, ReportError> {
    let mut value = serde_json::to_value(report)?;
    clean(&mut value);
    let figures: Vec<serde_json::Value> = report
        .figures
        .iter()
        .map(|figure| {
            let counted = |counted: &Option<crate::model::Counted>| {
                counted.as_ref().map_or_else(String::new, |counted| format!("{} {}", thousands(counted.value), visible(&counted.what)))
            };
            serde_json::json!({
                "title": visible(&figure.title),
                "value": visible(&figure.value.text()),
                "percent": percent(figure),
                "of": counted(&figure.denominator),
                "unknown": counted(&figure.unknown),
                "query": figure.query.as_deref().map(visible),
                "note": figure.note.as_deref().map(visible),
            })
        })
        .collect();
    let weeks: Vec<serde_json::Value> = report
        .weeks
        .iter()
        .map(|week| {
            serde_json::json!({
                "from": week.from,
                "calls": thousands(week.calls),
                "errors": thousands(week.errors),
                "input": thousands(week.input_tokens),
                "output": thousands(week.output_tokens),
                "cost": money(week.cost_usd_micros),
                "known": format!("{} of {}", thousands(week.cost_known), thousands(week.calls)),
            })
        })
        .collect();
    value["figures"] = figures.into();
    value["weeks"] = weeks.into();
    value["tree"] = serde_json::json!({
        "size": thousands(report.integrity.size),
        "short": report.integrity.root.get(..8).unwrap_or(""),
    });
    words(&mut value);
    Ok(value)
}

fn percent(figure: &crate::model::Figure) -> Option<String> {
    let of = figure.denominator.as_ref()?.value;
    match figure.value {
        crate::model::Value::Share(count) if of > 0 => {
            let tenths = (count as u128 * 1_000 + u128::from(of) / 2) / u128::from(of);
            Some(format!("{}.{} %", tenths / 10, tenths % 10))
        }
        _ => None,
    }
}

fn clean(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::String(text) => *text = shortened(&visible(text), TEXT),
        serde_json::Value::Array(items) => items.iter_mut().for_each(clean),
        serde_json::Value::Object(fields) => fields.values_mut().for_each(clean),
        _ => {}
    }
}

/// Verdicts and marks as words.
fn words(value: &mut serde_json::Value) {
    let replace = |value: &mut serde_json::Value, word: fn(&str) -> &str| {
        if let Some(text) = value.as_str() {
            *value = word(text).to_owned().into();
        }
    };
    for finding in value["findings"].as_array_mut().into_iter().flatten() {
        replace(&mut finding["verdict"], verdict_word);
    }
    for handling in value["handling"].as_array_mut().into_iter().flatten() {
        for line in handling["lines"].as_array_mut().into_iter().flatten() {
            replace(&mut line["mark"], mark_word);
        }
    }
}
