//! The report as a workbook: one sheet a section.
//!
//! Every text is written as a string cell, never as a formula or a link. Not here: CSV.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet};

use crate::ReportError;
use crate::model::oversight::{Tally, look_word, state_word};
use crate::model::{Report, Value, chain_word, mark_word, verdict_word};
use crate::visible::{shortened, visible};

/// Characters that a cell holds (Microsoft, Excel specifications and limits).
const CELL: usize = 32_000;

struct Sheet<'a> {
    sheet: &'a mut Worksheet,
    head: Format,
    wrap: Format,
    row: u32,
}

impl<'a> Sheet<'a> {
    fn new(
        book: &'a mut Workbook,
        name: &str,
        columns: &[(&str, f64)],
    ) -> Result<Self, ReportError> {
        let sheet = book.add_worksheet();
        sheet.set_name(name)?;
        let head = Format::new()
            .set_bold()
            .set_border_bottom(rust_xlsxwriter::FormatBorder::Thin)
            .set_align(FormatAlign::Left);
        let wrap = Format::new().set_text_wrap().set_align(FormatAlign::Top);
        for (column, (title, width)) in (0_u16..).zip(columns) {
            sheet.set_column_width(column, *width)?;
            sheet.write_string_with_format(0, column, *title, &head)?;
        }
        sheet.set_freeze_panes(1, 0)?;
        Ok(Self {
            sheet,
            head,
            wrap,
            row: 1,
        })
    }

    fn line(&mut self, cells: &[Cell<'_>]) -> Result<(), ReportError> {
        for (column, cell) in (0_u16..).zip(cells) {
            match cell {
                Cell::Text(text) => {
                    let text = shortened(&visible(text), CELL);
                    self.sheet
                        .write_string_with_format(self.row, column, text, &self.wrap)?;
                }
                Cell::Number(number) => {
                    self.sheet.write_number_with_format(
                        self.row,
                        column,
                        *number,
                        &Format::new()
                            .set_align(FormatAlign::Top)
                            .set_num_format("#,##0.######"),
                    )?;
                }
                Cell::None => {}
            }
        }
        self.row += 1;
        Ok(())
    }
}

enum Cell<'a> {
    Text(&'a str),
    Number(f64),
    None,
}

fn number(count: u64) -> Cell<'static> {
    Cell::Number(count as f64)
}

fn maybe(text: Option<&str>) -> Cell<'_> {
    text.map_or(Cell::None, Cell::Text)
}

/// Writes the workbook.
///
/// # Errors
/// [`ReportError::Xlsx`].
pub fn render(report: &Report) -> Result<Vec<u8>, ReportError> {
    let mut book = Workbook::new();
    let created = ExcelDateTime::parse_from_str(
        report
            .generated_at
            .get(..19)
            .unwrap_or("2026-01-01T00:00:00"),
    )?;
    book.set_properties(
        &DocProperties::new()
            .set_title(&report.title)
            .set_author("Assay")
            .set_creation_datetime(&created),
    );
    summary(&mut book, report)?;
    figures(&mut book, report)?;
    handling(&mut book, report)?;
    findings(&mut book, report)?;
    weeks(&mut book, report)?;
    let mut sheet = Sheet::new(
        &mut book,
        "Imports",
        &[
            ("File", 50.0),
            ("Format", 24.0),
            ("SHA-256", 66.0),
            ("Accepted", 12.0),
            ("Duplicates", 12.0),
            ("Rejected", 12.0),
        ],
    )?;
    for import in &report.imports {
        sheet.line(&[
            Cell::Text(&import.path),
            maybe(import.format.as_deref()),
            maybe(import.sha256.as_deref()),
            number(import.accepted),
            number(import.duplicates),
            number(import.rejected),
        ])?;
    }
    let mut sheet = Sheet::new(
        &mut book,
        "CloudTrail integrity",
        &[
            ("Chain of digests", 60.0),
            ("Verdict", 18.0),
            ("Statement", 110.0),
        ],
    )?;
    for sentence in &report.sources.says {
        sheet.line(&[
            Cell::Text("All CloudTrail log files"),
            Cell::Text(""),
            Cell::Text(sentence),
        ])?;
    }
    for chain in &report.sources.chains {
        for sentence in &chain.says {
            sheet.line(&[
                Cell::Text(&chain.title),
                Cell::Text(chain_word(&chain.verdict)),
                Cell::Text(sentence),
            ])?;
        }
    }
    coverage(&mut book, report)?;
    looked(&mut book, report)?;
    approvals(&mut book, report)?;
    let mut sheet = Sheet::new(
        &mut book,
        "Evidence tree",
        &[("What", 18.0), ("Statement", 120.0)],
    )?;
    for (what, sentences) in [
        ("State", &report.integrity.says),
        ("Proves", &report.integrity.proves),
        ("Does not prove", &report.integrity.does_not_prove),
    ] {
        for sentence in sentences {
            sheet.line(&[Cell::Text(what), Cell::Text(sentence)])?;
        }
    }
    let mut sheet = Sheet::new(
        &mut book,
        "Not covered",
        &[("What this report does not cover", 120.0)],
    )?;
    for sentence in &report.not_covered {
        sheet.line(&[Cell::Text(sentence)])?;
    }
    Ok(book.save_to_buffer()?)
}

fn summary(book: &mut Workbook, report: &Report) -> Result<(), ReportError> {
    let mut sheet = Sheet::new(
        book,
        "Summary",
        &[("Report", 24.0), (&visible(&report.title), 110.0)],
    )?;
    let sample = if report.sample {
        "yes: not a real organisation"
    } else {
        "no"
    };
    let size = report.integrity.size.to_string();
    for (name, value) in [
        ("Organisation", report.organisation.as_str()),
        ("From", &report.period.from),
        ("To (exclusive)", &report.period.to),
        ("Generated at", &report.generated_at),
        ("Generated by", &report.generated_by),
        ("Assay version", &report.version),
        ("Sample data", sample),
        (
            "Checks run at",
            report.checked_at.as_deref().unwrap_or("not run"),
        ),
        ("Evidence tree size", &size),
        ("Evidence tree root", &report.integrity.root),
    ] {
        sheet.line(&[Cell::Text(name), Cell::Text(value)])?;
    }
    let head = sheet.head.clone();
    sheet
        .sheet
        .write_string_with_format(sheet.row, 0, "Summary", &head)?;
    sheet.row += 1;
    for sentence in &report.summary {
        sheet.line(&[Cell::None, Cell::Text(sentence)])?;
    }
    Ok(())
}

fn looked(book: &mut Workbook, report: &Report) -> Result<(), ReportError> {
    let mut sheet = Sheet::new(
        book,
        "Who looked",
        &[
            ("When", 26.0),
            ("Who", 24.0),
            ("Did", 26.0),
            ("Record", 60.0),
            ("Reason", 60.0),
            ("Approval", 16.0),
            ("Leaf", 10.0),
        ],
    )?;
    for sentence in &report.looked.says {
        sheet.line(&[Cell::None, Cell::None, Cell::None, Cell::Text(sentence)])?;
    }
    for look in &report.looked.rows {
        sheet.line(&[
            Cell::Text(&look.at),
            Cell::Text(&look.who),
            Cell::Text(look_word(&look.what)),
            Cell::Text(&look.record),
            maybe(look.reason.as_deref()),
            maybe(look.approval.as_deref()),
            number(look.leaf),
        ])?;
    }
    tallies(
        book,
        ("Oversight figures", "Query of activities"),
        report
            .looked
            .tallies
            .iter()
            .chain(&report.approvals.tallies),
    )?;
    Ok(())
}

/// What the sources cover, with the queries that open it.
fn coverage(book: &mut Workbook, report: &Report) -> Result<(), ReportError> {
    let mut sheet = tallies(
        book,
        ("Coverage", "Query of calls"),
        report.coverage.tallies.iter(),
    )?;
    for sentence in &report.coverage.says {
        sheet.line(&[Cell::Text(sentence)])?;
    }
    Ok(())
}

fn tallies<'b, 'r>(
    book: &'b mut Workbook,
    (name, query): (&str, &str),
    tallies: impl Iterator<Item = &'r Tally>,
) -> Result<Sheet<'b>, ReportError> {
    let mut sheet = Sheet::new(
        book,
        name,
        &[
            ("What", 50.0),
            ("Count", 12.0),
            ("Out of", 12.0),
            ("Of what", 40.0),
            ("Note", 60.0),
            (query, 70.0),
        ],
    )?;
    for tally in tallies {
        sheet.line(&[
            Cell::Text(&tally.title),
            number(tally.value),
            number(tally.of.value),
            Cell::Text(&tally.of.what),
            maybe(tally.note.as_deref()),
            maybe(tally.query.as_deref()),
        ])?;
    }
    Ok(sheet)
}

fn approvals(book: &mut Workbook, report: &Report) -> Result<(), ReportError> {
    let columns = [
        ("Request", 16.0),
        ("State", 22.0),
        ("Kind", 22.0),
        ("What", 80.0),
        ("Asked by", 24.0),
        ("Key that asked", 40.0),
        ("Asked at", 26.0),
        ("Leaf", 10.0),
        ("Verdict", 12.0),
        ("Decided by", 24.0),
        ("Key that decided", 40.0),
        ("Decided at", 26.0),
        ("Leaf", 10.0),
        ("Reason", 50.0),
        ("Used at", 26.0),
        ("Leaf", 10.0),
    ];
    let mut sheet = Sheet::new(book, "Approvals", &columns)?;
    for sentence in &report.approvals.says {
        sheet.line(&[Cell::None, Cell::None, Cell::None, Cell::Text(sentence)])?;
    }
    for row in &report.approvals.rows {
        let said = row.decision.as_ref();
        let leaf = |leaf: Option<u64>| leaf.map_or(Cell::None, number);
        sheet.line(&[
            Cell::Text(&row.id),
            Cell::Text(state_word(&row.state)),
            Cell::Text(&row.kind),
            Cell::Text(&row.what),
            Cell::Text(&row.asked_by),
            Cell::Text(&row.asked_key),
            Cell::Text(&row.asked_at),
            number(row.asked_leaf),
            maybe(said.map(|said| said.verdict.as_str())),
            maybe(said.map(|said| said.by.as_str())),
            maybe(said.map(|said| said.key.as_str())),
            maybe(said.map(|said| said.at.as_str())),
            leaf(said.map(|said| said.leaf)),
            maybe(said.map(|said| said.reason.as_str())),
            maybe(row.used_at.as_deref()),
            leaf(row.used_leaf),
        ])?;
    }
    Ok(())
}

fn figures(book: &mut Workbook, report: &Report) -> Result<(), ReportError> {
    let columns = [
        ("Figure", 34.0),
        ("Value", 18.0),
        ("Unit", 10.0),
        ("Out of", 12.0),
        ("What", 30.0),
        ("Unknown", 12.0),
        ("Query", 60.0),
        ("Note", 60.0),
    ];
    let mut sheet = Sheet::new(book, "Figures", &columns)?;
    for figure in &report.figures {
        let (value, unit) = match &figure.value {
            Value::Count(count) => (number(*count), "count"),
            Value::Share(count) => (number(*count), "share"),
            Value::Money(micros) => (Cell::Number(*micros as f64 / 1e6), "USD"),
            Value::DurationMs(ms) => (number(*ms), "ms"),
            Value::Text(text) => (Cell::Text(text), ""),
        };
        let of = figure.denominator.as_ref();
        sheet.line(&[
            Cell::Text(&figure.title),
            value,
            Cell::Text(unit),
            of.map_or(Cell::None, |of| number(of.value)),
            maybe(of.map(|of| of.what.as_str())),
            figure
                .unknown
                .as_ref()
                .map_or(Cell::None, |unknown| number(unknown.value)),
            maybe(figure.query.as_deref()),
            maybe(figure.note.as_deref()),
        ])?;
    }
    Ok(())
}

fn handling(book: &mut Workbook, report: &Report) -> Result<(), ReportError> {
    let columns = [
        ("Deployment", 26.0),
        ("Kind", 18.0),
        ("Topic", 20.0),
        ("Mark", 14.0),
        ("Statement", 90.0),
        ("Source", 50.0),
        ("As of", 12.0),
        ("Review due", 12.0),
    ];
    let mut sheet = Sheet::new(book, "Data handling", &columns)?;
    for handling in &report.handling {
        for line in &handling.lines {
            sheet.line(&[
                Cell::Text(&handling.deployment),
                Cell::Text(&handling.kind),
                Cell::Text(&line.topic),
                Cell::Text(mark_word(&line.mark)),
                Cell::Text(&line.statement),
                maybe(line.source.as_deref()),
                maybe(line.as_of.as_deref()),
                Cell::Text(if line.review_due { "yes" } else { "" }),
            ])?;
        }
    }
    Ok(())
}

fn findings(book: &mut Workbook, report: &Report) -> Result<(), ReportError> {
    let columns = [
        ("Verdict", 10.0),
        ("Severity", 10.0),
        ("Check", 18.0),
        ("Deployment", 24.0),
        ("Subject", 24.0),
        ("Statement", 80.0),
        ("Counted", 10.0),
        ("Out of", 10.0),
        ("Unknown", 10.0),
        ("Clauses (our mapping: confirm it with your auditor)", 50.0),
        ("What to do", 60.0),
        ("Waiver", 40.0),
        ("Id", 28.0),
    ];
    let mut sheet = Sheet::new(book, "Findings", &columns)?;
    for finding in &report.findings {
        sheet.line(&[
            Cell::Text(verdict_word(&finding.verdict)),
            Cell::Text(&finding.severity),
            Cell::Text(&finding.check),
            Cell::Text(&finding.deployment),
            Cell::Text(&finding.subject),
            Cell::Text(&finding.title),
            number(finding.counted),
            number(finding.of),
            number(finding.unknown),
            Cell::Text(&finding.clauses.join("; ")),
            Cell::Text(&finding.how_to_fix),
            maybe(finding.waiver.as_deref()),
            Cell::Text(&finding.id),
        ])?;
    }
    let mut sheet = Sheet::new(
        book,
        "Evidence",
        &[
            ("No.", 8.0),
            ("Finding", 28.0),
            ("What", 60.0),
            ("Query", 80.0),
            ("Setting", 60.0),
            ("Some call ids", 60.0),
        ],
    )?;
    for finding in &report.findings {
        for evidence in &finding.evidence {
            sheet.line(&[
                Cell::Text(&evidence.id),
                Cell::Text(&finding.id),
                Cell::Text(&evidence.what),
                maybe(evidence.query.as_deref()),
                maybe(evidence.setting.as_deref()),
                Cell::Text(&evidence.call_ids.join(" ")),
            ])?;
        }
    }
    Ok(())
}

fn weeks(book: &mut Workbook, report: &Report) -> Result<(), ReportError> {
    let columns = [
        ("Week from", 14.0),
        ("Calls", 12.0),
        ("Errors", 12.0),
        ("Input tokens", 16.0),
        ("Output tokens", 16.0),
        ("Tokens known of calls", 20.0),
        ("Cost USD", 14.0),
        ("Cost known of calls", 20.0),
    ];
    let mut sheet = Sheet::new(book, "Weeks", &columns)?;
    for week in &report.weeks {
        sheet.line(&[
            Cell::Text(&week.from),
            number(week.calls),
            number(week.errors),
            number(week.input_tokens),
            number(week.output_tokens),
            number(week.tokens_known),
            Cell::Number(week.cost_usd_micros as f64 / 1e6),
            number(week.cost_known),
        ])?;
    }
    Ok(())
}
