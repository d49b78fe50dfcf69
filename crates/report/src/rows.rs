//! Rows of records as CSV, JSON Lines or a workbook, written one after the other: memory does not
//! grow with their number.
//!
//! In: columns, then one value a column and row. Out: bytes on the way, and at the end what a reader
//! has to know of them. JSON Lines hold every value as it is; a table shows hidden characters, and no
//! cell of it can be read as a formula. Not here: files, which records (the engine), reports.

use std::io::{BufRead, Read, Seek, Write};

use csv::{QuoteStyle, Terminator, WriterBuilder};
use serde_json::Value;

use crate::rows::workbook::Workbook;
use crate::table::neutral;

mod workbook;

/// Rows of one sheet below its head (Microsoft, Excel specifications and limits: 1,048,576 rows).
pub const SHEET_ROWS: u64 = 1_048_575;

/// A format of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowFormat {
    Csv,
    Jsonl,
    Xlsx,
}

impl RowFormat {
    /// All formats.
    pub const ALL: [Self; 3] = [Self::Csv, Self::Jsonl, Self::Xlsx];

    /// The name on the terminal and in JSON, and the file's extension.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
            Self::Xlsx => "xlsx",
        }
    }

    /// The format with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// What a reader has to know of every file in it, a sentence each.
    pub const fn notes(self) -> &'static [&'static str] {
        match self {
            Self::Csv => &[
                "UTF-8, comma separated, lines end with CR LF; the first line names the columns.",
                "A cell that a spreadsheet could read as a formula begins with an apostrophe; hidden characters are shown, line feeds as \u{21b5}.",
                "A value that was not recorded is an empty cell; several values in one cell are separated by \"; \".",
            ],
            Self::Jsonl => {
                &["UTF-8, one JSON object a line; a value that was not recorded is null."]
            }
            Self::Xlsx => &[
                "The first row of each sheet names the columns; every text is a text, never a formula.",
                "Hidden characters are shown, line feeds as \u{21b5}; a value that was not recorded is an empty cell; several values in one cell are separated by \"; \".",
            ],
        }
    }
}

/// What was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    /// Without heads.
    pub rows: u64,
    /// Of a workbook.
    pub sheets: Option<u64>,
    /// Cells of a workbook that were too long for one and were cut.
    pub cut: u64,
}

/// Why rows could not be written.
#[derive(Debug, thiserror::Error)]
pub enum RowsError {
    #[error("{0}")]
    Write(#[from] std::io::Error),
    #[error("{0}")]
    Csv(#[from] csv::Error),
    #[error("{0}")]
    Json(#[from] serde_json::Error),
    #[error("{0}")]
    Zip(#[from] zip::result::ZipError),
}

/// Rows that are being written.
pub struct Rows<W: Write + Seek> {
    columns: Vec<String>,
    rows: u64,
    form: Form<W>,
}

enum Form<W: Write + Seek> {
    Csv(Box<csv::Writer<W>>),
    Jsonl(W),
    Xlsx(Box<Workbook<W>>),
}

impl<W: Write + Seek> Rows<W> {
    /// Begins with the head. `title` names the sheets of a workbook.
    ///
    /// # Errors
    /// [`RowsError`].
    pub fn begin(
        format: RowFormat,
        title: &str,
        columns: &[String],
        out: W,
    ) -> Result<Self, RowsError> {
        let form = match format {
            RowFormat::Csv => {
                let mut writer = WriterBuilder::new()
                    .quote_style(QuoteStyle::Necessary)
                    .terminator(Terminator::CRLF)
                    .from_writer(out);
                writer.write_record(columns)?;
                Form::Csv(Box::new(writer))
            }
            RowFormat::Jsonl => Form::Jsonl(out),
            RowFormat::Xlsx => Form::Xlsx(Box::new(Workbook::begin(title, columns, out)?)),
        };
        Ok(Self {
            columns: columns.to_vec(),
            rows: 0,
            form,
        })
    }

    /// Writes one row: a value for each column.
    ///
    /// # Errors
    /// [`RowsError`].
    pub fn row(&mut self, cells: &[Value]) -> Result<(), RowsError> {
        self.rows += 1;
        match &mut self.form {
            Form::Csv(writer) => {
                for cell in cells {
                    writer.write_field(csv_cell(cell))?;
                }
                Ok(writer.write_record(None::<&[u8]>)?)
            }
            Form::Jsonl(out) => {
                // In the order of the columns, which a map would not keep.
                for (index, (column, cell)) in self.columns.iter().zip(cells).enumerate() {
                    out.write_all(if index == 0 { b"{" } else { b"," })?;
                    serde_json::to_writer(&mut *out, column)?;
                    out.write_all(b":")?;
                    serde_json::to_writer(&mut *out, cell)?;
                }
                Ok(out.write_all(b"}\n")?)
            }
            Form::Xlsx(book) => book.row(cells),
        }
    }

    /// Ends the file.
    ///
    /// # Errors
    /// [`RowsError`].
    pub fn finish(self) -> Result<Written, RowsError> {
        let mut written = Written {
            rows: self.rows,
            ..Written::default()
        };
        match self.form {
            Form::Csv(mut writer) => writer.flush()?,
            Form::Jsonl(mut out) => out.flush()?,
            Form::Xlsx(book) => {
                let (sheets, cut) = book.finish()?;
                written.sheets = Some(sheets);
                written.cut = cut;
            }
        }
        Ok(written)
    }
}

/// How many rows a file has, without heads; every one of them is read.
///
/// # Errors
/// [`RowsError`] where the file is not of the format.
pub fn count(format: RowFormat, file: impl BufRead + Seek) -> Result<u64, RowsError> {
    let mut rows = 0;
    match format {
        RowFormat::Csv => {
            let mut reader = csv::Reader::from_reader(file);
            let mut record = csv::ByteRecord::new();
            while reader.read_byte_record(&mut record)? {
                rows += 1;
            }
        }
        RowFormat::Jsonl => {
            for line in file.lines() {
                serde_json::from_str::<serde::de::IgnoredAny>(&line?)?;
                rows += 1;
            }
        }
        RowFormat::Xlsx => {
            let mut archive = zip::ZipArchive::new(file)?;
            for index in 0..archive.len() {
                let member = archive.by_index(index)?;
                if member.name()?.starts_with("xl/worksheets/") {
                    // Each sheet has a head.
                    rows += occurrences(member, b"<row ")?.saturating_sub(1);
                }
            }
        }
    }
    Ok(rows)
}

/// How often `wanted` stands in a stream.
fn occurrences(mut from: impl Read, wanted: &[u8]) -> std::io::Result<u64> {
    let (mut kept, mut buffer, mut count) = (Vec::new(), vec![0; 1 << 16], 0);
    loop {
        match from.read(&mut buffer)? {
            0 => return Ok(count),
            length => kept.extend_from_slice(&buffer[..length]),
        }
        let mut at = 0;
        while let Some(next) = kept[at..].iter().position(|byte| *byte == wanted[0]) {
            at += next;
            let Some(here) = kept.get(at..at + wanted.len()) else {
                break;
            };
            count += u64::from(here == wanted);
            at += 1;
        }
        // What may go on in the next part; it begins no occurrence that was counted.
        let from = kept
            .len()
            .saturating_sub(wanted.len() - 1)
            .max(at.min(kept.len()));
        let rest = kept.split_off(from);
        kept = rest;
    }
}

/// A value as one text, as a table has it; `None` where it was not recorded.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Array(items) => {
            let parts: Vec<String> = items.iter().filter_map(text).collect();
            (!parts.is_empty()).then(|| parts.join("; "))
        }
        Value::Object(fields) if fields.is_empty() => None,
        other => Some(other.to_string()),
    }
}

fn csv_cell(value: &Value) -> String {
    match value {
        Value::Number(_) | Value::Bool(_) => value.to_string(),
        other => text(other).map_or_else(String::new, |text| neutral(&text)),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use serde_json::json;

    use super::*;

    fn written(format: RowFormat, rows: &[[Value; 3]]) -> (Vec<u8>, Written) {
        let mut out = Cursor::new(Vec::new());
        let columns = ["id", "said", "tokens"].map(str::to_owned);
        let mut writer = Rows::begin(format, "Calls", &columns, &mut out).unwrap();
        for row in rows {
            writer.row(row).unwrap();
        }
        let written = writer.finish().unwrap();
        (out.into_inner(), written)
    }

    fn hostile() -> Vec<[Value; 3]> {
        vec![
            [json!("a"), json!("=HYPERLINK(\"x\")"), json!(-3)],
            [json!("b"), json!("two\nlines, \"quoted\""), Value::Null],
            [json!(["c", "d"]), json!({}), json!(true)],
            [
                json!("</t><t>&\u{202e}\u{0}"),
                json!({"k": "v"}),
                json!(1.5),
            ],
        ]
    }

    #[test]
    fn a_table_holds_no_formula_and_one_row_a_record() {
        let (bytes, written) = written(RowFormat::Csv, &hostile());
        assert_eq!(written.rows, 4);
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        assert_eq!(reader.headers().unwrap(), vec!["id", "said", "tokens"]);
        let rows: Vec<Vec<String>> = reader
            .records()
            .map(|record| record.unwrap().iter().map(str::to_owned).collect())
            .collect();
        assert_eq!(rows[0], ["a", "'=HYPERLINK(\"x\")", "-3"]);
        assert_eq!(rows[1], ["b", "two↵ lines, \"quoted\"", ""]);
        assert_eq!(rows[2], ["c; d", "", "true"]);
        assert_eq!(rows[3], ["</t><t>&[U+202E]␀", "{\"k\":\"v\"}", "1.5"]);
    }

    #[test]
    fn lines_of_json_hold_every_value_as_it_is_in_the_order_of_the_columns() {
        let (bytes, _) = written(RowFormat::Jsonl, &hostile());
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.starts_with("{\"id\":\"a\",\"said\":"));
        for (line, row) in text.lines().zip(hostile()) {
            let read: Value = serde_json::from_str(line).unwrap();
            assert_eq!(
                read,
                json!({"id": row[0], "said": row[1], "tokens": row[2]})
            );
        }
    }

    #[test]
    fn a_workbook_holds_texts_numbers_and_no_formula() {
        let (bytes, written) = written(RowFormat::Xlsx, &hostile());
        assert_eq!((written.rows, written.sheets, written.cut), (4, Some(1), 0));
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut sheet = String::new();
        std::io::Read::read_to_string(
            &mut archive.by_name("xl/worksheets/sheet1.xml").unwrap(),
            &mut sheet,
        )
        .unwrap();
        assert_eq!(sheet.matches("<row ").count(), 5);
        assert!(!sheet.contains("<f>"));
        assert!(sheet.contains("<v>-3</v>") && sheet.contains("t=\"b\"><v>1</v>"));
        assert!(sheet.contains("&lt;/t&gt;&lt;t&gt;&amp;[U+202E]"));
    }

    #[test]
    fn the_rows_of_a_file_are_counted_again() {
        for format in RowFormat::ALL {
            let many: Vec<[Value; 3]> = (0..2_000)
                .map(|index| {
                    [
                        json!(format!("<row {index}")),
                        json!("\n<row "),
                        json!(index),
                    ]
                })
                .collect();
            let (bytes, _) = written(format, &many);
            assert_eq!(
                count(format, Cursor::new(bytes)).unwrap(),
                2_000,
                "{format:?}"
            );
            let (bytes, _) = written(format, &[]);
            assert_eq!(count(format, Cursor::new(bytes)).unwrap(), 0, "{format:?}");
        }
        assert!(count(RowFormat::Xlsx, Cursor::new(b"PK".to_vec())).is_err());
        assert!(count(RowFormat::Jsonl, Cursor::new(b"{".to_vec())).is_err());
    }

    #[test]
    fn a_part_of_a_word_at_the_end_of_a_piece_is_not_lost_and_not_counted_twice() {
        struct Slow<'a>(&'a [u8]);
        impl Read for Slow<'_> {
            fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
                let length = self.0.len().min(3);
                out[..length].copy_from_slice(&self.0[..length]);
                self.0 = &self.0[length..];
                Ok(length)
            }
        }
        let found = |text: &str| occurrences(Slow(text.as_bytes()), b"<row ").unwrap();
        assert_eq!(found("<row <row <ro <<row <row"), 3);
        assert_eq!(found(""), 0);
    }

    #[test]
    fn what_does_not_fit_a_cell_is_cut_and_counted() {
        let long = json!("x".repeat(40_000));
        let (_, written) = written(RowFormat::Xlsx, &[[long, Value::Null, Value::Null]]);
        assert_eq!(written.cut, 1);
    }
}
