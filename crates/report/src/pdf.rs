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
use crate::model::oversight::{Tally, look_word, state_word};
use crate::model::{Report, chain_word, mark_word, moment_text, money, thousands, verdict_word};
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
        if id == self.main.id() {
            Ok(self.main.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.data.0 {
            Ok(self.data.1.clone())
        } else {
            Err(FileError::AccessDenied)
        }
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
        ReportError::Pdf(errors.first().map_or_else(
            || "no reason given".to_owned(),
            |error| error.message.to_string(),
        ))
    };
    let document = typst::compile::<PagedDocument>(&world)
        .output
        .map_err(problem)?;
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
    let at = Datetime::from_ymd_hms(
        number(0, 4)?,
        small(5, 7)?,
        small(8, 10)?,
        small(11, 13)?,
        small(14, 16)?,
        small(17, 19)?,
    )?;
    Some(Timestamp::new_utc(at))
}

/// The report with every text made visible and shortened, and numbers written out.
fn shown(report: &Report) -> Result<serde_json::Value, ReportError> {
    let mut value = serde_json::to_value(report)?;
    clean(&mut value);
    // What every query of the period begins with is said once.
    let base = report
        .figures
        .iter()
        .find(|figure| figure.id == "calls")
        .and_then(|figure| figure.query.as_deref())
        .unwrap_or("");
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
                "query": figure.query.as_deref().map(|query| visible(query.strip_prefix(base).unwrap_or(query).trim())).filter(|query| !query.is_empty()),
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
    value["base"] = visible(base).into();
    value["dates"] = serde_json::json!({
        "period": visible(&report.period.text()),
        "made": visible(&moment_text(&report.generated_at)),
        "checked": report.checked_at.as_deref().map(|at| visible(&moment_text(at))),
    });
    value["folder"] = visible(shared_folder(report)).into();
    value["weeks"] = weeks.into();
    value["tree"] = serde_json::json!({
        "size": thousands(report.integrity.size),
        "short": report.integrity.root.get(..8).unwrap_or(""),
    });
    words(&mut value);
    written_out(&mut value, report);
    oversight(&mut value, report);
    Ok(value)
}

/// Who looked and what was approved, with words, and numbers with their thousands apart.
fn oversight(value: &mut serde_json::Value, report: &Report) {
    let shown = |text: &str| shortened(&visible(text), TEXT);
    let at = |text: &str| visible(&text.get(..19).unwrap_or(text).replace('T', " "));
    let tallies = |tallies: &[Tally]| -> Vec<serde_json::Value> {
        tallies
            .iter()
            .map(|tally| {
                serde_json::json!({
                    "title": shown(&tally.title),
                    "value": thousands(tally.value),
                    "of": format!("{} {}", thousands(tally.of.value), visible(&tally.of.what)),
                    "query": tally.query.as_deref().map(shown),
                    "note": tally.note.as_deref().map(shown),
                })
            })
            .collect()
    };
    value["coverage"]["tallies"] = tallies(&report.coverage.tallies).into();
    value["looked"]["tallies"] = tallies(&report.looked.tallies).into();
    value["approvals"]["tallies"] = tallies(&report.approvals.tallies).into();
    let looks: Vec<serde_json::Value> = report
        .looked
        .rows
        .iter()
        .map(|look| {
            serde_json::json!({
                "at": at(&look.at),
                "who": shown(&look.who),
                "what": look_word(&look.what),
                "record": shown(&look.record),
                "reason": look.reason.as_deref().map(shown),
                "approval": look.approval.as_deref().map(visible),
                "leaf": thousands(look.leaf),
            })
        })
        .collect();
    value["looked"]["rows"] = looks.into();
    let requests: Vec<serde_json::Value> = report
        .approvals
        .rows
        .iter()
        .map(|row| {
            serde_json::json!({
                "id": visible(&row.id),
                "kind": shown(&row.kind),
                "what": shown(&row.what),
                "state": state_word(&row.state),
                "asked": format!("{}, {}, leaf #{}", shown(&row.asked_by), at(&row.asked_at), thousands(row.asked_leaf)),
                "asked_key": visible(&row.asked_key),
                "decided": row.decision.as_ref().map(|said| format!("{} by {}, {}, leaf #{}: {}", said.verdict, shown(&said.by), at(&said.at), thousands(said.leaf), shown(&said.reason))),
                "decided_key": row.decision.as_ref().map(|said| visible(&said.key)),
                "used": match (&row.used_at, row.used_leaf) {
                    (Some(used), Some(leaf)) => Some(format!("{}, leaf #{}", at(used), thousands(leaf))),
                    _ => None,
                },
            })
        })
        .collect();
    value["approvals"]["rows"] = requests.into();
}

/// Counts of findings, places and imports with their thousands apart, paths without what all have
/// in common.
fn written_out(value: &mut serde_json::Value, report: &Report) {
    for (shown, finding) in value["findings"]
        .as_array_mut()
        .into_iter()
        .flatten()
        .zip(&report.findings)
    {
        shown["counted"] = thousands(finding.counted).into();
        shown["of"] = thousands(finding.of).into();
        shown["unknown"] = thousands(finding.unknown).into();
    }
    for (shown, handling) in value["handling"]
        .as_array_mut()
        .into_iter()
        .flatten()
        .zip(&report.handling)
    {
        shown["calls"] = thousands(handling.calls).into();
        for (shown, place) in shown["places"]
            .as_array_mut()
            .into_iter()
            .flatten()
            .zip(&handling.places)
        {
            shown["calls"] = thousands(place.calls).into();
        }
    }
    let folder = shared_folder(report).len();
    for (shown, import) in value["imports"]
        .as_array_mut()
        .into_iter()
        .flatten()
        .zip(&report.imports)
    {
        shown["path"] = shortened(
            &visible(import.path.get(folder..).unwrap_or(&import.path)),
            TEXT,
        )
        .into();
        shown["accepted"] = thousands(import.accepted).into();
        shown["duplicates"] = thousands(import.duplicates).into();
        shown["rejected"] = thousands(import.rejected).into();
    }
}

/// The folder in which all imported files lie, with its `/`; empty where there is none.
fn shared_folder(report: &Report) -> &str {
    let mut paths = report.imports.iter().map(|import| import.path.as_str());
    let Some(first) = paths.next() else { return "" };
    let mut folder = first.rfind('/').map_or("", |at| &first[..=at]);
    for path in paths {
        while !path.starts_with(folder) {
            folder = folder
                .trim_end_matches('/')
                .rfind('/')
                .map_or("", |at| &folder[..=at]);
        }
    }
    folder
}

fn percent(figure: &crate::model::Figure) -> Option<String> {
    let of = figure.denominator.as_ref()?.value;
    match figure.value {
        crate::model::Value::Share(count) if of > 0 => {
            // A part is never rounded to none or to all.
            let tenths = (u128::from(count) * 1_000 + u128::from(of) / 2) / u128::from(of);
            Some(match tenths {
                0 if count > 0 => "< 0.1 %".to_owned(),
                1_000 if count < of => "> 99.9 %".to_owned(),
                _ => format!("{}.{} %", tenths / 10, tenths % 10),
            })
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
    for chain in value["sources"]["chains"]
        .as_array_mut()
        .into_iter()
        .flatten()
    {
        replace(&mut chain["verdict"], chain_word);
    }
    for handling in value["handling"].as_array_mut().into_iter().flatten() {
        for line in handling["lines"].as_array_mut().into_iter().flatten() {
            replace(&mut line["mark"], mark_word);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Counted, Figure, Value};

    #[test]
    fn a_part_is_never_rounded_to_none_or_to_all() {
        let text = |part: u64, whole: u64| {
            percent(&Figure {
                id: "f".into(),
                title: "F".into(),
                value: Value::Share(part),
                denominator: Some(Counted {
                    value: whole,
                    what: "calls".into(),
                }),
                unknown: None,
                query: None,
                note: None,
            })
        };
        assert_eq!(text(7, 16_885).as_deref(), Some("< 0.1 %"));
        assert_eq!(text(16_884, 16_885).as_deref(), Some("> 99.9 %"));
        assert_eq!(text(0, 5).as_deref(), Some("0.0 %"));
        assert_eq!(text(5, 5).as_deref(), Some("100.0 %"));
        assert_eq!(text(0, 0), None);
    }
}
