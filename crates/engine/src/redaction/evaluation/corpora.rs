//! Labelled corpora: bytes → labelled texts, one after another, never the whole file at once.
//!
//! In: JSON lines, a JSON array (Presidio-evaluator), CoNLL columns or CSV. Out: texts with spans in
//! Unicode code points. A line that is none is named with its number and never quoted. Not here:
//! what labels mean (`assay_redact::labels`), counting.

use std::cell::Cell;
use std::io::{BufRead, Read};
use std::rc::Rc;

use assay_redact::evaluate::Span;
use serde::Deserialize;

use crate::error::{Code, Result, WireError};
use crate::redaction::evaluation::{MAX_LINE, next_line};

/// How a corpus is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Jsonl,
    Presidio,
    Conll,
    Csv,
}

impl Format {
    /// The names on the terminal and in JSON.
    pub const NAMES: [&str; 4] = ["jsonl", "presidio", "conll", "csv"];

    /// The format of a name.
    ///
    /// # Errors
    /// `bad_input` naming those that there are.
    pub fn named(name: &str) -> Result<Self> {
        [Self::Jsonl, Self::Presidio, Self::Conll, Self::Csv]
            .into_iter()
            .find(|format| format.name() == name)
            .ok_or_else(|| {
                WireError::new(
                    Code::BadInput,
                    format!("`{name}` is no format: {}", Self::NAMES.join(", ")),
                )
            })
    }

    /// The name of this one.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Presidio => "presidio",
            Self::Conll => "conll",
            Self::Csv => "csv",
        }
    }
}

/// A labelled text; labels are as the corpus writes them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Labelled {
    /// Where it begins in the corpus, from 1.
    pub line: u64,
    pub text: String,
    pub spans: Vec<Span>,
    pub language: Option<String>,
    pub field: Option<String>,
}

/// Reads a corpus and answers its format; `each` is called text by text.
///
/// # Errors
/// `bad_input` naming the line; what `each` answers.
pub fn read(
    mut input: impl BufRead,
    format: Option<Format>,
    each: &mut dyn FnMut(Labelled) -> Result<()>,
) -> Result<Format> {
    let (format, is_array) = detected(&mut input, format)?;
    match format {
        Format::Jsonl | Format::Presidio if is_array => array(input, each)?,
        Format::Jsonl | Format::Presidio => lines(input, each)?,
        Format::Conll => conll(input, each)?,
        Format::Csv => csv_rows(input, each)?,
    }
    Ok(format)
}

fn wrong(line: u64, what: impl std::fmt::Display) -> WireError {
    WireError::new(Code::BadInput, format!("line {line} {what}"))
}

/// The format, and whether it is one JSON array, by how the corpus begins.
fn detected(input: &mut impl BufRead, given: Option<Format>) -> Result<(Format, bool)> {
    let cannot = |error: std::io::Error| wrong(1, format!("can't be read: {error}"));
    if input
        .fill_buf()
        .map_err(cannot)?
        .starts_with(b"\xEF\xBB\xBF")
    {
        input.consume(3);
    }
    let start = String::from_utf8_lossy(input.fill_buf().map_err(cannot)?).into_owned();
    let is_array = start.trim_start().starts_with('[');
    if let Some(given) = given {
        return Ok((given, is_array));
    }
    let first = start
        .lines()
        .map(str::trim_end)
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    let format = if is_array || first.contains("\"full_text\"") {
        Format::Presidio
    } else if first.trim_start().starts_with('{') || first.is_empty() {
        Format::Jsonl
    } else if columns(first).is_some_and(|(_, tag)| Tag::of(tag).is_some()) || is_aside(first) {
        Format::Conll
    } else if Header::of(&cells(first)).is_some() {
        Format::Csv
    } else {
        return Err(wrong(1, "is of no known form").hint(
            "a corpus is JSON lines (an object a line), Presidio's JSON (an array), CoNLL (a word and its tag a line) or CSV (a header with a column `text`); on the terminal `--format` names one",
        ));
    };
    Ok((format, is_array))
}

#[derive(Deserialize)]
struct Form {
    #[serde(alias = "full_text", alias = "source_text")]
    text: String,
    #[serde(alias = "privacy_mask", alias = "entities")]
    spans: Vec<Mark>,
    #[serde(default, alias = "language", alias = "locale")]
    lang: Option<String>,
    #[serde(default, alias = "field_type")]
    field: Option<String>,
}

#[derive(Deserialize)]
struct Mark {
    #[serde(alias = "start_position")]
    start: usize,
    #[serde(alias = "end_position")]
    end: usize,
    #[serde(alias = "entity_type", alias = "type")]
    label: String,
    #[serde(default, alias = "entity_value")]
    value: Option<serde_json::Value>,
}

const FORM: &str = "each text is {\"text\":\"…\",\"spans\":[{\"start\":0,\"end\":1,\"label\":\"…\"}]}, or Presidio's {\"full_text\":\"…\",\"spans\":[{\"entity_type\":\"…\",\"start_position\":0,\"end_position\":1}]}";

fn object(line: u64, json: &str) -> Result<Labelled> {
    let form: Form = serde_json::from_str(json).map_err(|error| {
        let what = match error.classify() {
            serde_json::error::Category::Data => "lacks a field, or has one of another type",
            _ => "is not JSON",
        };
        wrong(line, what).hint(FORM)
    })?;
    let mut labelled = Labelled {
        line,
        text: form.text,
        spans: Vec::with_capacity(form.spans.len()),
        language: form.lang,
        field: form.field,
    };
    for mark in form.spans {
        let value = mark.value.as_ref().and_then(serde_json::Value::as_str);
        push(&mut labelled, mark.start, mark.end, mark.label, value)?;
    }
    Ok(labelled)
}

/// Adds a span that lies in the text, and where its value is given holds it.
fn push(
    labelled: &mut Labelled,
    start: usize,
    end: usize,
    label: String,
    value: Option<&str>,
) -> Result<()> {
    let line = labelled.line;
    let length = labelled.text.chars().count();
    if start >= end || end > length {
        return Err(wrong(
            line,
            format!("has a span {start}–{end} in a text of {length} characters"),
        )
        .hint(
            "offsets are Unicode code points, the end is the first that no longer belongs to it",
        ));
    }
    if let Some(value) = value {
        let there = labelled.text.chars().skip(start).take(end - start);
        if !there.eq(value.chars()) {
            return Err(wrong(
                line,
                format!("has a span {start}–{end} where its value does not stand"),
            )
            .hint("offsets are Unicode code points, not bytes and not UTF-16 units"));
        }
    }
    labelled.spans.push(Span { start, end, label });
    Ok(())
}

fn lines(mut input: impl BufRead, each: &mut dyn FnMut(Labelled) -> Result<()>) -> Result<()> {
    let mut number = 0;
    while let Some(line) = next_line(&mut input, number + 1)? {
        number += 1;
        if !line.trim().is_empty() {
            each(object(number, &line)?)?;
        }
    }
    Ok(())
}

/// The objects of one JSON array, each read on its own.
fn array(mut input: impl BufRead, each: &mut dyn FnMut(Labelled) -> Result<()>) -> Result<()> {
    let (mut line, mut began) = (1, 1);
    let (mut depth, mut is_text, mut is_escaped) = (0_u32, false, false);
    let mut item: Vec<u8> = Vec::new();
    let mut is_open = false;
    loop {
        let buffer = input
            .fill_buf()
            .map_err(|error| wrong(line, format!("can't be read: {error}")))?;
        if buffer.is_empty() {
            break;
        }
        let length = buffer.len();
        let mut whole = Vec::new();
        for byte in buffer {
            line += u64::from(*byte == b'\n');
            if depth == 0 {
                match byte {
                    b'{' => (depth, began) = (1, line),
                    b'[' if !is_open => is_open = true,
                    b',' | b']' => continue,
                    byte if byte.is_ascii_whitespace() => continue,
                    _ => return Err(wrong(line, "is not an object of a JSON array").hint(FORM)),
                }
                if depth == 0 {
                    continue;
                }
                item.push(*byte);
                continue;
            }
            item.push(*byte);
            match byte {
                _ if is_escaped => is_escaped = false,
                b'\\' if is_text => is_escaped = true,
                b'"' => is_text = !is_text,
                b'{' if !is_text => depth += 1,
                b'}' if !is_text => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                whole.push((began, std::mem::take(&mut item)));
            }
        }
        input.consume(length);
        if item.len() as u64 > MAX_LINE {
            return Err(wrong(began, "is longer than 32 MiB"));
        }
        for (began, item) in whole {
            let json = String::from_utf8(item).map_err(|_| wrong(began, "is not UTF-8"))?;
            each(object(began, &json)?)?;
        }
    }
    if depth > 0 {
        return Err(wrong(began, "begins an object that does not end"));
    }
    Ok(())
}

/// The first and the last column of a line of CoNLL.
fn columns(line: &str) -> Option<(&str, &str)> {
    let mut parts = line.split([' ', '\t']).filter(|part| !part.is_empty());
    let word = parts.next()?;
    Some((word, parts.next_back()?))
}

/// A line between sentences, or about them.
fn is_aside(line: &str) -> bool {
    line.starts_with("-DOCSTART-")
        || line.starts_with("# ") && columns(line).is_none_or(|(_, tag)| Tag::of(tag).is_none())
}

/// A tag of IOB, IOB2, IOBES or BILOU.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tag<'a> {
    Outside,
    /// Begins a span.
    Begins(&'a str),
    /// Goes on with a span of its label, or begins one.
    Inside(&'a str),
    /// As inside, and ends it.
    Ends(&'a str),
    /// A span of its own.
    Single(&'a str),
}

impl<'a> Tag<'a> {
    fn of(tag: &'a str) -> Option<Self> {
        if tag == "O" {
            return Some(Self::Outside);
        }
        let (kind, label) = tag.split_once(['-', '_'])?;
        if label.is_empty() {
            return None;
        }
        match kind {
            "B" => Some(Self::Begins(label)),
            "I" | "M" => Some(Self::Inside(label)),
            "E" | "L" => Some(Self::Ends(label)),
            "S" | "U" => Some(Self::Single(label)),
            _ => None,
        }
    }
}

/// Sentences with a word and its tag a line; the text is the words with a space between them.
fn conll(mut input: impl BufRead, each: &mut dyn FnMut(Labelled) -> Result<()>) -> Result<()> {
    let mut number = 0;
    let mut sentence = Labelled::default();
    let mut length = 0;
    let mut is_open = false;
    while let Some(line) = next_line(&mut input, number + 1)? {
        number += 1;
        if line.trim().is_empty() || is_aside(&line) {
            if !sentence.text.is_empty() {
                each(std::mem::take(&mut sentence))?;
            }
            (length, is_open) = (0, false);
            continue;
        }
        let tagged = columns(&line).and_then(|(word, tag)| Some((word, Tag::of(tag)?)));
        let Some((word, tag)) = tagged else {
            return Err(wrong(number, "is no word with a tag").hint(
                "the first column is the word, the last its tag: O, or B-, I-, E-, S- and the label; a blank line ends a sentence",
            ));
        };
        if sentence.text.is_empty() {
            sentence.line = number;
        } else {
            sentence.text.push(' ');
            length += 1;
        }
        let start = length;
        sentence.text.push_str(word);
        length += word.chars().count();
        if sentence.text.len() as u64 > MAX_LINE {
            return Err(wrong(sentence.line, "begins a sentence longer than 32 MiB"));
        }
        let begin = |label: &str| Span {
            start,
            end: length,
            label: label.to_owned(),
        };
        match tag {
            Tag::Outside => is_open = false,
            Tag::Begins(label) | Tag::Single(label) => {
                sentence.spans.push(begin(label));
                is_open = matches!(tag, Tag::Begins(_));
            }
            Tag::Inside(label) | Tag::Ends(label) => {
                match sentence
                    .spans
                    .last_mut()
                    .filter(|span| is_open && span.label == label)
                {
                    Some(span) => span.end = length,
                    None => sentence.spans.push(begin(label)),
                }
                is_open = matches!(tag, Tag::Inside(_));
            }
        }
    }
    if !sentence.text.is_empty() {
        each(sentence)?;
    }
    Ok(())
}

/// Which column of a CSV holds what.
#[derive(Debug, Default)]
struct Header {
    text: usize,
    /// A JSON list of spans.
    spans: Option<usize>,
    /// Label, start and end: a row a span.
    span: Option<(usize, usize, usize)>,
    id: Option<usize>,
    language: Option<usize>,
    field: Option<usize>,
}

impl Header {
    fn of(cells: &[String]) -> Option<Self> {
        let find = |names: &[&str]| {
            cells
                .iter()
                .position(|cell| names.contains(&cell.trim().to_ascii_lowercase().as_str()))
        };
        let span = find(&["label", "entity_type", "type"])
            .zip(find(&["start", "start_position"]))
            .zip(find(&["end", "end_position"]))
            .map(|((label, start), end)| (label, start, end));
        let spans = find(&["spans", "privacy_mask", "entities", "labels"]);
        if span.is_none() && spans.is_none() {
            return None;
        }
        Some(Self {
            text: find(&["text", "full_text", "source_text", "sentence"])?,
            spans,
            span,
            id: find(&["id", "text_id", "record"]),
            language: find(&["lang", "language"]),
            field: find(&["field", "field_type"]),
        })
    }
}

/// The delimiter of a header, of those in use.
fn delimiter(header: &str) -> u8 {
    let count = |with: char| header.matches(with).count();
    [';', '\t']
        .into_iter()
        .find(|with| count(*with) > count(','))
        .map_or(b',', |with| with as u8)
}

fn cells(header: &str) -> Vec<String> {
    header
        .split(delimiter(header) as char)
        .map(|cell| cell.trim().trim_matches('"').to_owned())
        .collect()
}

/// Ends with an error where a record reaches too far.
struct Limited<R> {
    inner: R,
    left: Rc<Cell<u64>>,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(buffer)?;
        let left = self.left.get().checked_sub(count as u64);
        self.left
            .set(left.ok_or_else(|| std::io::Error::other("it is longer than 32 MiB"))?);
        Ok(count)
    }
}

fn csv_rows(mut input: impl BufRead, each: &mut dyn FnMut(Labelled) -> Result<()>) -> Result<()> {
    let first = next_line(&mut input, 1)?.unwrap_or_default();
    let header = Header::of(&cells(&first)).ok_or_else(|| {
        wrong(1, "is no header of labelled texts").hint(
            "name the columns: text, label, start, end (a row a span), or text, spans (a JSON list); lang, field and id are read where they are there",
        )
    })?;
    let left = Rc::new(Cell::new(MAX_LINE));
    let mut rows = csv::ReaderBuilder::new()
        .has_headers(false)
        .delimiter(delimiter(&first))
        .from_reader(Limited {
            inner: input,
            left: Rc::clone(&left),
        });
    let mut now: Option<(String, Labelled)> = None;
    let mut row = csv::StringRecord::new();
    loop {
        left.set(MAX_LINE);
        let at = rows.position().line() + 1;
        let is_row = rows.read_record(&mut row).map_err(|error| {
            let what = match error.kind() {
                csv::ErrorKind::Utf8 { .. } => "is not UTF-8".to_owned(),
                csv::ErrorKind::UnequalLengths {
                    expected_len, len, ..
                } => format!("has {len} columns, the one before {expected_len}"),
                csv::ErrorKind::Io(error) => format!("can't be read: {error}"),
                _ => "is not CSV".to_owned(),
            };
            wrong(at, what)
        })?;
        if !is_row {
            break;
        }
        let cell = |column: Option<usize>| {
            let cell = column.and_then(|column| row.get(column))?;
            (!cell.trim().is_empty()).then(|| cell.to_owned())
        };
        let text = row
            .get(header.text)
            .ok_or_else(|| wrong(at, "has no text"))?;
        let key = cell(header.id).unwrap_or_else(|| text.to_owned());
        if now.as_ref().is_none_or(|(of, _)| *of != key) {
            if let Some((_, whole)) = now.take() {
                each(whole)?;
            }
            let begun = Labelled {
                line: at,
                text: text.to_owned(),
                spans: Vec::new(),
                language: cell(header.language),
                field: cell(header.field),
            };
            now = Some((key, begun));
        }
        let Some((_, labelled)) = &mut now else { break };
        labelled.line = at;
        if let Some(json) = cell(header.spans) {
            let marks: Vec<Mark> = serde_json::from_str(&json)
                .map_err(|_| wrong(at, "has spans that are no JSON list of them").hint(FORM))?;
            for mark in marks {
                push(labelled, mark.start, mark.end, mark.label, None)?;
            }
        }
        let Some((label, start, end)) = header.span else {
            continue;
        };
        if let Some(label) = cell(Some(label)) {
            let number = |column: usize| -> Option<usize> { row.get(column)?.trim().parse().ok() };
            let (start, end) = number(start)
                .zip(number(end))
                .ok_or_else(|| wrong(at, "has a start or an end that is no number"))?;
            push(labelled, start, end, label, None)?;
        }
    }
    if let Some((_, whole)) = now {
        each(whole)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
