//! Excerpts of what a search for words found: the text around the first match, masked.
//!
//! A search looks at the original text, since an officer must be able to find a person's calls;
//! what is shown is what the policy in force leaves. A match that lies in masked text is told and
//! not shown. Not here: searching (the store), masking (`masking`).

use std::cell::LazyCell;
use std::ops::Range;
use std::rc::Rc;

use assay_domain::call::Body;
use assay_domain::exchange::Field;
use assay_domain::formats::{Format, exchange};
use assay_domain::query::Test;
use assay_domain::query::keys::Table;
use assay_domain::words::Words;
use assay_redact::conversation;
use assay_redact::operators::Numbering;
use assay_redact::redaction::{Redacted, redact_json};
use assay_store::calls::CallRecord;

use crate::error::{Code, Result, WireError};
use crate::masking::{Masker, NamedPart, fold};
use crate::opening::{Engine, read_query};
use crate::trail::text_index::view::{AskExcerpts, Excerpt, ExcerptPiece};

/// Calls of one question.
const MOST: usize = 500;
/// Characters shown before the first match, and in all.
const BEFORE: usize = 48;
const SHOWN: usize = 200;

/// Where these calls hold the words of the query. A call that was erased, or that holds none of
/// them, has none.
///
/// # Errors
/// `bad_input` for the query or for too many ids; `not_found`.
pub fn excerpts(engine: &Engine, input: AskExcerpts) -> Result<Vec<Excerpt>> {
    if input.ids.len() > MOST {
        return Err(
            WireError::new(Code::BadInput, format!("more than {MOST} calls were named"))
                .hint("ask for fewer at a time"),
        );
    }
    let query = read_query(&input.query, Table::Calls)?;
    let words: Vec<Words> = query
        .terms
        .into_iter()
        .filter(|term| !term.excluded)
        .filter_map(|term| match term.test {
            Test::Text(words) => Some(words),
            _ => None,
        })
        .collect();
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let masker = Masker::in_force(engine)?;
    let mut found = Vec::new();
    for id in &input.ids {
        let record = engine.store().call(id)?;
        if record.erased.is_some() {
            continue;
        }
        let masker = masker.of(&record.deployment);
        let of = |record: &CallRecord| -> Result<Option<Excerpt>> {
            let raw = engine.store().raw(record.seq)?;
            let format = Format::from_number(record.format);
            Ok(excerpt(id, format, &raw, &words, &masker))
        };
        let mut own = of(&record)?;
        if own.is_none() {
            let behind = engine.store().witnesses(record.seq)?;
            let holds_text =
                |record: &&CallRecord| record.erased.is_none() && record.call.body == Body::Present;
            for other in behind.iter().map(|other| &other.record).filter(holds_text) {
                own = of(other)?;
                if own.is_some() {
                    break;
                }
            }
        }
        found.extend(own);
    }
    Ok(found)
}

/// A text as it is shown: its field, and where nothing of it is masked.
#[derive(Clone)]
struct Shown {
    field: Option<Field>,
    text: String,
    visible: Vec<Range<usize>>,
}

fn excerpt(
    id: &str,
    format: Option<Format>,
    raw: &[u8],
    words: &[Words],
    masker: &Masker,
) -> Option<Excerpt> {
    let mut is_found = false;
    let answer = |field, pieces: Vec<ExcerptPiece>| Excerpt {
        id: id.to_owned(),
        field,
        hidden: pieces.is_empty(),
        pieces,
    };
    for (original, show) in texts(format, raw, masker) {
        if !words.iter().any(|words| words.are_in(&[&original])) {
            continue;
        }
        is_found = true;
        let shown = show(&original);
        let mut places: Vec<Range<usize>> = words
            .iter()
            .flat_map(|words| words.places_in(&shown.text))
            .filter(|place| {
                let holds =
                    |part: &Range<usize>| part.start <= place.start && place.end <= part.end;
                shown.visible.iter().any(holds)
            })
            .collect();
        places.sort_by_key(|place| (place.start, place.end));
        if !places.is_empty() {
            return Some(answer(shown.field, cut(&shown.text, &places)));
        }
    }
    is_found.then(|| answer(None, Vec::new()))
}

type Show<'a> = Box<dyn Fn(&str) -> Shown + 'a>;

/// The texts of a record that are searched, each with what shows it masked.
fn texts<'a>(format: Option<Format>, raw: &[u8], masker: &'a Masker) -> Vec<(String, Show<'a>)> {
    let said = format
        .map(|format| exchange(format, raw))
        .unwrap_or_default();
    if said.request.is_some() || said.response.is_some() {
        // What one text proves is masked in all of them, so that they are masked together, once one of them
        // is to be shown.
        let parts = NamedPart::all(&said);
        let originals: Vec<String> = parts.iter().map(|named| named.part.text.clone()).collect();
        let shown = Rc::new(LazyCell::new(move || masked(&parts, masker)));
        return originals
            .into_iter()
            .enumerate()
            .map(|(place, text)| {
                let shown = Rc::clone(&shown);
                let show: Show<'a> = Box::new(move |_| (**shown)[place].clone());
                (text, show)
            })
            .collect();
    }
    let Ok(value) = serde_json::from_slice::<serde_json::Value>(raw) else {
        return Vec::new();
    };
    // A value is masked by what stands around it as well, so that the record is masked whole.
    let mut whole = value.clone();
    fold(&mut whole);
    redact_json(
        &mut whole,
        masker.whole(),
        masker.key(),
        &mut Numbering::default(),
    );
    let (mut originals, mut shown) = (Vec::new(), Vec::new());
    strings(&value, &mut originals);
    strings(&whole, &mut shown);
    originals
        .into_iter()
        .zip(shown)
        .map(|(original, shown)| {
            let show: Show<'a> = Box::new(move |_| Shown {
                field: None,
                visible: std::iter::once(0..shown.len()).collect(),
                text: shown.clone(),
            });
            (original, show)
        })
        .collect()
}

fn strings(value: &serde_json::Value, texts: &mut Vec<String>) {
    match value {
        serde_json::Value::String(text) => texts.push(text.clone()),
        serde_json::Value::Array(items) => items.iter().for_each(|item| strings(item, texts)),
        serde_json::Value::Object(fields) => {
            fields.values().for_each(|field| strings(field, texts));
        }
        _ => {}
    }
}

fn masked(parts: &[NamedPart], masker: &Masker) -> Vec<Shown> {
    let texts = masker.texts(parts);
    let redacted = conversation::redact(&texts, masker.key(), &mut Numbering::default());
    let shown = |(named, redacted): (&NamedPart, Redacted)| {
        let mut shown = Shown {
            field: Some(named.part.field),
            text: String::new(),
            visible: Vec::new(),
        };
        for segment in redacted.segments {
            let start = shown.text.len();
            shown.text.push_str(&segment.after);
            // What a policy finds and keeps is shown as any other text.
            if segment.entity.is_none() || segment.after == segment.before {
                match shown.visible.last_mut() {
                    Some(last) if last.end == start => last.end = shown.text.len(),
                    _ => shown.visible.push(start..shown.text.len()),
                }
            }
        }
        shown
    };
    parts.iter().zip(redacted).map(shown).collect()
}

/// The text around the first of these places, which are in order, with those that lie in it.
fn cut(text: &str, places: &[Range<usize>]) -> Vec<ExcerptPiece> {
    let first = places[0].start;
    let start = text[..first]
        .char_indices()
        .rev()
        .take(BEFORE)
        .last()
        .map_or(first, |(at, _)| at);
    let end = text[start..]
        .char_indices()
        .nth(SHOWN)
        .map_or(text.len(), |(at, _)| start + at);
    let mut pieces = Vec::new();
    let mut add = |text: &str, mark| {
        // Line breaks and runs of spaces are one space: it is shown in one line.
        let mut line = String::with_capacity(text.len());
        for character in text.chars() {
            match character.is_whitespace() || character.is_control() {
                true if line.ends_with(' ') => {}
                true => line.push(' '),
                false => line.push(character),
            }
        }
        if !line.is_empty() {
            pieces.push(ExcerptPiece { text: line, mark });
        }
    };
    if start > 0 {
        add("…", false);
    }
    let mut at = start;
    for place in places {
        let (from, to) = (place.start.max(at), place.end.min(end));
        if from >= to {
            continue;
        }
        add(&text[at..from], false);
        add(&text[from..to], true);
        at = to;
    }
    add(&text[at..end], false);
    if end < text.len() {
        add("…", false);
    }
    pieces
}
