//! A workbook of nothing but rows, written straight through: a sheet is full, the next begins.
//!
//! In: rows. Out: the parts of a workbook (ECMA-376) that every reader needs, in a zip file. The
//! crate that writes the reports' workbooks keeps all cells in memory, or puts them into files of its
//! own and aborts where the disk is full; neither will do for millions of records. Not here: looks.

use std::io::{Seek, Write};
use std::mem::ManuallyDrop;

use serde_json::Value;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::rows::{RowsError, SHEET_ROWS, text};
use crate::visible::{shortened, visible};

/// Characters of a cell; Excel takes 32,767, and a sentence says how many were cut.
const CELL: usize = 32_700;
/// The largest whole number that a cell holds exactly.
const EXACT: i64 = 1 << 53;

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";

pub(super) struct Workbook<W: Write + Seek> {
    /// Never dropped where it is not finished: it would end its archive then, and complain to the
    /// terminal where that fails. The file that it would end is taken away.
    zip: ManuallyDrop<ZipWriter<W>>,
    title: String,
    columns: Vec<String>,
    sheets: u64,
    /// Of the sheet that is being written, with its head.
    row: u64,
    cut: u64,
    line: String,
}

fn options() -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(4))
        // The same rows give the same bytes, whenever they are written.
        .last_modified_time(DateTime::default())
        .large_file(true)
}

impl<W: Write + Seek> Workbook<W> {
    pub(super) fn begin(title: &str, columns: &[String], out: W) -> Result<Self, RowsError> {
        let mut book = Self {
            zip: ManuallyDrop::new(ZipWriter::new(out)),
            title: title.to_owned(),
            columns: columns.to_vec(),
            sheets: 0,
            row: 0,
            cut: 0,
            line: String::new(),
        };
        book.next_sheet()?;
        Ok(book)
    }

    pub(super) fn row(&mut self, cells: &[Value]) -> Result<(), RowsError> {
        if self.row > SHEET_ROWS {
            self.end_sheet()?;
            self.next_sheet()?;
        }
        self.begin_row();
        for (index, cell) in cells.iter().enumerate() {
            let is_money = self
                .columns
                .get(index)
                .is_some_and(|name| name.ends_with("_usd"));
            self.cell(index, cell, is_money);
        }
        self.end_row()
    }

    pub(super) fn finish(mut self) -> Result<(u64, u64), RowsError> {
        self.end_sheet()?;
        let numbers = 1..=self.sheets;
        let each = |form: &dyn Fn(u64) -> String| numbers.clone().map(form).collect::<String>();
        let types = each(&|number| {
            format!(
                "<Override PartName=\"/xl/worksheets/sheet{number}.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>"
            )
        });
        let title = escaped(&self.title);
        let sheets = each(&|number| {
            let name = match self.sheets {
                1 => title.clone(),
                _ => format!("{title} {number}"),
            };
            format!("<sheet name=\"{name}\" sheetId=\"{number}\" r:id=\"rId{number}\"/>")
        });
        let relations = each(&|number| {
            format!(
                "<Relationship Id=\"rId{number}\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/sheet{number}.xml\"/>"
            )
        });
        for (name, content) in [
            (
                "xl/workbook.xml",
                format!(
                    "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets>{sheets}</sheets></workbook>"
                ),
            ),
            (
                "xl/_rels/workbook.xml.rels",
                format!(
                    "<Relationships xmlns=\"{PACKAGE}/relationships\">{relations}<Relationship Id=\"rStyles\" Type=\"{OFFICE}/styles\" Target=\"styles.xml\"/></Relationships>"
                ),
            ),
            (
                "xl/styles.xml",
                format!(
                    "<styleSheet xmlns=\"{MAIN}\"><fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font><font><b/><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts><fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills><borders count=\"1\"><border/></borders><cellStyleXfs count=\"1\"><xf/></cellStyleXfs><cellXfs count=\"2\"><xf xfId=\"0\"/><xf fontId=\"1\" applyFont=\"1\" xfId=\"0\"/></cellXfs></styleSheet>"
                ),
            ),
            (
                "_rels/.rels",
                format!(
                    "<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"rId1\" Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
                ),
            ),
            (
                "[Content_Types].xml",
                format!(
                    "<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/><Override PartName=\"/xl/styles.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml\"/>{types}</Types>"
                ),
            ),
        ] {
            self.zip.start_file(name, options())?;
            self.zip.write_all(DECLARATION.as_bytes())?;
            self.zip.write_all(content.as_bytes())?;
        }
        ManuallyDrop::into_inner(self.zip).finish()?.flush()?;
        Ok((self.sheets, self.cut))
    }

    fn next_sheet(&mut self) -> Result<(), RowsError> {
        self.sheets += 1;
        self.row = 0;
        let name = format!("xl/worksheets/sheet{}.xml", self.sheets);
        self.zip.start_file(name, options())?;
        let head = format!(
            "{DECLARATION}<worksheet xmlns=\"{MAIN}\"><sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews><cols><col min=\"1\" max=\"{}\" width=\"22\" customWidth=\"1\"/></cols><sheetData>",
            self.columns.len().max(1)
        );
        self.zip.write_all(head.as_bytes())?;
        self.begin_row();
        for index in 0..self.columns.len() {
            let title = self.columns[index].clone();
            self.text_cell(index, &title, " s=\"1\"");
        }
        self.end_row()
    }

    fn end_sheet(&mut self) -> Result<(), RowsError> {
        Ok(self.zip.write_all(b"</sheetData></worksheet>")?)
    }

    fn begin_row(&mut self) {
        self.row += 1;
        self.line.clear();
        self.line.push_str(&format!("<row r=\"{}\">", self.row));
    }

    fn end_row(&mut self) -> Result<(), RowsError> {
        self.line.push_str("</row>");
        Ok(self.zip.write_all(self.line.as_bytes())?)
    }

    fn cell(&mut self, index: usize, value: &Value, is_money: bool) {
        match value {
            Value::Bool(is) => self.value_cell(index, " t=\"b\"", if *is { "1" } else { "0" }),
            Value::Number(number) => match number.as_i64() {
                Some(whole) if whole.abs() > EXACT => {
                    self.text_cell(index, &number.to_string(), "");
                }
                _ => self.value_cell(index, "", &number.to_string()),
            },
            Value::String(amount) if is_money && amount.parse::<f64>().is_ok() => {
                self.value_cell(index, "", &amount.clone());
            }
            other => {
                if let Some(text) = text(other) {
                    self.text_cell(index, &text, "");
                }
            }
        }
    }

    fn value_cell(&mut self, index: usize, kind: &str, value: &str) {
        let place = letters(index);
        self.line.push_str(&format!(
            "<c r=\"{place}{}\"{kind}><v>{value}</v></c>",
            self.row
        ));
    }

    fn text_cell(&mut self, index: usize, text: &str, style: &str) {
        let shown = visible(text);
        let mut kept = shortened(&shown, CELL);
        if kept != shown {
            self.cut += 1;
        }
        // What XML can't hold is no character of a text.
        kept.retain(|c| !matches!(c, '\u{fffe}' | '\u{ffff}'));
        self.line.push_str(&format!(
            "<c r=\"{}{}\" t=\"inlineStr\"{style}><is><t xml:space=\"preserve\">{}</t></is></c>",
            letters(index),
            self.row,
            escaped(&kept)
        ));
    }
}

/// The name of a column: A … Z, AA …
fn letters(index: usize) -> String {
    let mut left = index + 1;
    let mut name = Vec::new();
    while left > 0 {
        let digit = (left - 1) % 26;
        name.push(char::from(b'A' + u8::try_from(digit).unwrap_or(0)));
        left = (left - 1) / 26;
    }
    name.iter().rev().collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_spreadsheets_name_them() {
        let check = |index: usize, name: &str| assert_eq!(letters(index), name);
        check(0, "A");
        check(25, "Z");
        check(26, "AA");
        check(701, "ZZ");
        check(702, "AAA");
    }
}
