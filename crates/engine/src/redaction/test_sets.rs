//! Test sets: making them, filling them from corpora, calls and pasted texts, and labelling by hand.
//!
//! A text that was taken from a call leaves here masked by the policy in force, and what is
//! labelled in it as dots; `reveal` shows it once that is in the trail. Texts that were pasted or
//! imported are shown as they are. Not here: measuring (`test_runs`), how sets are kept
//! (`assay-store`).

pub mod view;

use std::collections::{BTreeMap, HashSet};
use std::io::{BufRead, BufReader, Write};

use assay_domain::moment::rfc3339;
use assay_evidence::leaf::LeafKind;
use assay_redact::labels::{Labels, Meaning, spelt};
use assay_store::policies::deed;
use assay_store::test_sets::{FromCall, LabelRecord, NewLabel, NewText, SetRecord, TextRecord};
use assay_store::writer::OwnRecord;
use sha2::{Digest, Sha256};

use crate::checks::thousands;
use crate::commands::Nothing;
use crate::error::{Code, Result, WireError};
use crate::opening::Engine;
use crate::redaction::evaluation::{Measure, corpora, label_rows};
use crate::redaction::test_runs;
use crate::redaction::test_sets::view::{
    AddTestText, AddedTexts, CaseRow, ImportSet, LabelText, MakeSet, RevealText, SetRow, TextRef,
};
use crate::trail::parts;

/// Bytes of one text.
const MAX_TEXT: usize = 1 << 20;
/// Texts and bytes of one import.
const MAX_TEXTS: usize = 50_000;
const MAX_BYTES: usize = 64 << 20;
/// The fewest characters of a reason.
const REASON: usize = 10;
/// Texts that are read at once.
pub(crate) const PAGE: u32 = 500;

fn bad(message: impl Into<String>) -> WireError {
    WireError::new(Code::BadInput, message)
}

pub(crate) fn number(id: i64) -> u32 {
    u32::try_from(id).unwrap_or(u32::MAX)
}

pub(crate) fn row(set: &SetRecord) -> SetRow {
    SetRow {
        name: set.name.clone(),
        language: set.language.clone(),
        field: set.field.clone(),
        texts: set.texts,
        from_calls: set.from_calls,
        erased: set.erased,
        labels: set.labels,
        made_by: set.made_by.clone(),
        made_at: rfc3339(set.made_ms),
    }
}

/// All test sets, by name.
///
/// # Errors
/// The store's.
pub fn list(engine: &Engine, _: Nothing) -> Result<Vec<SetRow>> {
    Ok(engine.store().test_sets()?.iter().map(row).collect())
}

fn short(what: &str, text: Option<&str>) -> Result<Option<String>> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    match text {
        Some(text) if text.chars().count() > 60 || text.chars().any(char::is_control) => Err(bad(
            format!("{what} has at most 60 characters, and no line ends"),
        )),
        text => Ok(text.map(str::to_owned)),
    }
}

/// Makes an empty test set.
///
/// # Errors
/// `bad_input` for the name, or where there is one.
pub fn make(engine: &Engine, input: MakeSet) -> Result<SetRow> {
    let name = short("a name", Some(&input.name))?.ok_or_else(|| bad("a test set has a name"))?;
    let store = engine.store();
    if store.test_sets()?.iter().any(|set| set.name == name) {
        return Err(bad(format!("there is a test set `{name}`")).hint("choose another name"));
    }
    let language = short("a language", input.language.as_deref())?;
    let field = short("a field", input.field.as_deref())?;
    store.writer()?.make_test_set(
        &name,
        language.as_deref(),
        field.as_deref(),
        engine.user(),
        engine.now_ms(),
    )?;
    Ok(row(&store.test_set(&name)?))
}

/// Adds a pasted text, or the texts of a call, to a set.
///
/// # Errors
/// `bad_input` for the text; `not_found` for set, call or part; `policy_refused` where the record
/// was erased.
pub fn add_text(engine: &Engine, input: AddTestText) -> Result<AddedTexts> {
    let store = engine.store();
    let set = store.test_set(&input.set)?;
    let language = short("a language", input.language.as_deref())?.or_else(|| set.language.clone());
    let (texts, call) = match (&input.text, &input.call_id) {
        (Some(text), None) => {
            let text = new_text(text.clone(), language, set.field.clone())?;
            (vec![text], None)
        }
        (None, Some(id)) => {
            let record = store.call(id)?;
            if let Some(by) = record.erased {
                return Err(WireError::new(
                    Code::PolicyRefused,
                    format!("the record was erased by #{}", thousands(by)),
                ));
            }
            let raw = store.raw(record.seq)?;
            let said = parts::said(store, record.seq, record.format, &raw)?;
            let all = said.texts();
            let count = all.len();
            let texts = all
                .into_iter()
                .enumerate()
                .filter(|(index, _)| input.part.is_none_or(|part| part as usize == *index))
                .filter(|(_, part)| !part.text.trim().is_empty())
                .map(|(_, part)| {
                    let field = serde_json::to_value(part.field)
                        .ok()
                        .and_then(|name| name.as_str().map(str::to_owned));
                    new_text(part.text, language.clone(), field)
                })
                .collect::<Result<Vec<_>>>()?;
            if texts.is_empty() {
                return Err(WireError::new(
                    Code::NotFound,
                    format!("no such text; the call has {count}"),
                ));
            }
            (texts, Some(record))
        }
        _ => return Err(bad("give a text or a call, one of the two")),
    };
    let from = call.as_ref().map(|record| FromCall {
        call_seq: record.seq,
        call_id: &record.id,
    });
    let ids = store
        .writer()?
        .add_test_texts(&set, from, &texts, engine.user(), engine.now_ms())?;
    Ok(AddedTexts {
        set: set.name,
        texts: ids.into_iter().map(number).collect(),
        labels: 0,
        taken_for: Vec::new(),
        empty: 0,
        held: 0,
    })
}

fn new_text(text: String, language: Option<String>, field: Option<String>) -> Result<NewText> {
    if text.trim().is_empty() {
        return Err(bad("the text is empty"));
    }
    if text.len() > MAX_TEXT {
        return Err(bad("a text of a test set has at most 1 MiB").hint("add a part of it"));
    }
    Ok(NewText {
        text,
        language,
        field,
        labels: Vec::new(),
    })
}

/// Imports a labelled corpus from a file that was chosen.
///
/// # Errors
/// As [`import_from`]; `bad_input` for the file.
pub fn import(engine: &Engine, input: ImportSet) -> Result<AddedTexts> {
    let path = engine.handles().path(&input.handle)?;
    let file = std::fs::File::open(&path)
        .map_err(|error| bad(format!("the file can't be read: {}", error.kind())))?;
    let made = MakeSet {
        name: input.set,
        language: input.language,
        field: input.field,
    };
    imported(engine, made, BufReader::new(file), &Measure::default())
}

/// Imports a labelled corpus into a set: all of it, or nothing. A set that is not there is made.
///
/// # Errors
/// `bad_input` naming the line, or where it is too large.
pub fn import_from(
    engine: &Engine,
    name: &str,
    corpus: impl BufRead,
    how: &Measure,
) -> Result<AddedTexts> {
    let made = MakeSet {
        name: name.to_owned(),
        ..MakeSet::default()
    };
    imported(engine, made, corpus, how)
}

/// `made` names the set, and says what it is like where there is none.
fn imported(
    engine: &Engine,
    made: MakeSet,
    corpus: impl BufRead,
    how: &Measure,
) -> Result<AddedTexts> {
    let name = made.name.trim().to_owned();
    let own = [
        short("a language", made.language.as_deref())?,
        short("a field", made.field.as_deref())?,
    ];
    let labels = Labels::new(
        crate::masking::Masker::in_force(engine)?.policy(),
        &how.told,
    );
    let (mut texts, mut bytes, mut empty) = (Vec::new(), 0, 0);
    let mut meant: BTreeMap<String, (Meaning, u64)> = BTreeMap::new();
    corpora::read(corpus, how.format, &mut |one| {
        bytes += one.text.len();
        if texts.len() >= MAX_TEXTS || bytes > MAX_BYTES {
            return Err(bad(format!(
                "line {}: an import has at most {MAX_TEXTS} texts of 64 MiB together",
                one.line
            ))
            .hint("import a part of it, or measure it whole with `redaction evaluate`"));
        }
        if one.text.trim().is_empty() {
            empty += 1;
            return Ok(());
        }
        let mut text = new_text(one.text, one.language, one.field)?;
        for span in one.spans {
            let (meaning, spans) = meant
                .entry(span.label)
                .or_insert_with_key(|label| (labels.meaning(label), 0));
            *spans += 1;
            let Some(entity_type) = meaning.entity_type.clone() else {
                continue;
            };
            text.labels.push(NewLabel {
                from_point: span.start as u64,
                to_point: span.end as u64,
                entity_type,
            });
        }
        texts.push(text);
        Ok(())
    })?;
    if texts.is_empty() {
        return Err(bad("the corpus has no text"));
    }
    let store = engine.store();
    if !store.test_sets()?.iter().any(|set| set.name == name) {
        make(engine, made)?;
    }
    let set = store.test_set(&name)?;
    let [language, field] = own;
    let (language, field) = (
        language.or_else(|| set.language.clone()),
        field.or_else(|| set.field.clone()),
    );
    // A text that came twice would count twice.
    let held = digests(engine, &set)?;
    let before = texts.len();
    texts.retain(|text| !held.contains(&digest(&text.text)));
    let held = (before - texts.len()) as u64;
    for text in &mut texts {
        if text.language.is_none() {
            text.language.clone_from(&language);
        }
        if text.field.is_none() {
            text.field.clone_from(&field);
        }
    }
    let ids = match texts.is_empty() {
        true => Vec::new(),
        false => {
            store
                .writer()?
                .add_test_texts(&set, None, &texts, engine.user(), engine.now_ms())?
        }
    };
    Ok(AddedTexts {
        set: set.name,
        texts: ids.into_iter().map(number).collect(),
        labels: texts.iter().map(|text| text.labels.len() as u64).sum(),
        taken_for: label_rows(meant),
        empty,
        held,
    })
}

fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}

/// The hashes of the texts of a set.
fn digests(engine: &Engine, set: &SetRecord) -> Result<HashSet<[u8; 32]>> {
    let (mut after, mut all) = (0, HashSet::new());
    loop {
        let texts = engine.store().test_texts(set.id, after, PAGE)?;
        let Some(last) = texts.last() else {
            return Ok(all);
        };
        after = last.id;
        all.extend(texts.iter().map(|text| digest(&text.text)));
    }
}

/// Writes a set as JSON lines, in the form that `redaction evaluate` reads. Texts go out as they
/// are: that is in the trail before the first of them.
///
/// # Errors
/// `not_found`; `bad_input` where `output` can't be written.
pub fn export(engine: &Engine, name: &str, reason: &str, output: &mut impl Write) -> Result<u64> {
    let reason = reason_of(reason)?;
    let store = engine.store();
    let set = store.test_set(name)?;
    let payload = serde_json::json!({
        "action": "test_set.export", "at": rfc3339(engine.now_ms()), "by": engine.user(),
        "from_calls": set.from_calls, "reason": reason, "texts": set.texts,
    });
    own(
        engine,
        LeafKind::Export,
        "test_set.export",
        &set.name,
        reason,
        &payload,
    )?;
    let (mut after, mut count) = (0, 0);
    loop {
        let texts = store.test_texts(set.id, after, PAGE)?;
        let Some(last) = texts.last() else { break };
        after = last.id;
        for text in texts {
            let spans: Vec<_> = text
                .labels
                .iter()
                .map(|label| {
                    serde_json::json!({
                        "start": label.from_point, "end": label.to_point,
                        "label": label.entity_type,
                    })
                })
                .collect();
            let line = serde_json::json!({
                "text": text.text, "spans": spans, "lang": text.language, "field": text.field,
            });
            writeln!(output, "{line}")
                .map_err(|error| bad(format!("the set can't be written: {error}")))?;
            count += 1;
        }
    }
    Ok(count)
}

fn reason_of(reason: &str) -> Result<&str> {
    let reason = reason.trim();
    if reason.chars().count() < REASON {
        return Err(bad(format!("a reason has at least {REASON} characters"))
            .hint("say why the original text is needed"));
    }
    Ok(reason)
}

fn own(
    engine: &Engine,
    kind: LeafKind,
    action: &str,
    target: &str,
    reason: &str,
    payload: &serde_json::Value,
) -> Result<()> {
    let now_ms = engine.now_ms();
    let payload = payload.to_string();
    let own = OwnRecord {
        kind,
        activity: deed(action, target, engine.user(), now_ms),
        reason: Some(reason),
        payload: payload.as_bytes(),
        now_ms,
    };
    engine.store().writer()?.record_own(&own)?;
    Ok(())
}

/// A text of a set as far as it may be shown, with a policy's findings beside its labels.
///
/// # Errors
/// `not_found`; `bad_input` for the policy.
pub fn text(engine: &Engine, input: TextRef) -> Result<CaseRow> {
    let text = engine.store().test_text(input.text.into())?;
    test_runs::shown(engine, &text, input.policy, input.policy_toml, false)
}

/// A text that was taken from a call, as it is; the trail says so first.
///
/// # Errors
/// `not_found`; `bad_input` for the reason or the policy.
pub fn reveal(engine: &Engine, input: RevealText) -> Result<CaseRow> {
    let reason = reason_of(&input.reason)?;
    let text = engine.store().test_text(input.text.into())?;
    if let Some(seq) = text.call_seq {
        let call = engine.store().id_of_call(seq)?;
        let payload = serde_json::json!({
            "action": "test_set.reveal", "at": rfc3339(engine.now_ms()), "by": engine.user(),
            "call": call, "leaf": seq, "reason": reason, "text": text.id,
        });
        own(
            engine,
            LeafKind::Reveal,
            "test_set.reveal",
            &call,
            reason,
            &payload,
        )?;
    }
    test_runs::shown(engine, &text, input.policy, input.policy_toml, true)
}

/// Labels a span, gives a label another type or place, or takes it back.
///
/// # Errors
/// `not_found`; `bad_input` for the span or the type.
pub fn label(engine: &Engine, input: LabelText) -> Result<CaseRow> {
    let store = engine.store();
    let text = store.test_text(input.text.into())?;
    let old: Option<&LabelRecord> = match input.label {
        None => None,
        Some(id) => Some(
            text.labels
                .iter()
                .find(|label| label.id == i64::from(id))
                .ok_or_else(|| {
                    WireError::new(Code::NotFound, format!("no such label on this text: {id}"))
                })?,
        ),
    };
    let point = |given: Option<u32>, before: Option<u64>| given.map(u64::from).or(before);
    let span = point(input.from_point, old.map(|old| old.from_point))
        .zip(point(input.to_point, old.map(|old| old.to_point)));
    let mut added = Vec::new();
    if let Some(entity_type) = &input.entity_type {
        let (from_point, to_point) =
            span.ok_or_else(|| bad("say where the span begins and ends"))?;
        added.push(new_label(&text, from_point, to_point, entity_type)?);
    } else if old.is_none() {
        return Err(bad("give a type to label, or the label to take back"));
    }
    let taken_back: Vec<i64> = old.iter().map(|label| label.id).collect();
    store
        .writer()?
        .label_test_text(&text, &taken_back, &added, engine.user(), engine.now_ms())?;
    let text = store.test_text(text.id)?;
    test_runs::shown(engine, &text, None, None, false)
}

fn new_label(
    text: &TextRecord,
    from_point: u64,
    to_point: u64,
    entity_type: &str,
) -> Result<NewLabel> {
    let entity_type = spelt(entity_type);
    let is_type = !entity_type.is_empty()
        && entity_type.len() <= 60
        && entity_type
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    if !is_type {
        return Err(bad("a type has 1 to 60 letters, digits and `_`"));
    }
    let length = text.text.chars().count() as u64;
    if from_point >= to_point || to_point > length {
        return Err(bad(format!(
            "no span: {from_point}–{to_point} in a text of {length} characters"
        ))
        .hint(
            "offsets are Unicode code points, the end is the first that no longer belongs to it",
        ));
    }
    if text.labels.iter().any(|label| {
        label.from_point == from_point
            && label.to_point == to_point
            && label.entity_type == entity_type
    }) {
        return Err(bad("it is labelled so already"));
    }
    Ok(NewLabel {
        from_point,
        to_point,
        entity_type,
    })
}

/// Takes a text out of its set and destroys it there; the call that it came from stays.
///
/// # Errors
/// `not_found`.
pub fn take_out(engine: &Engine, input: TextRef) -> Result<Nothing> {
    engine.store().writer()?.take_out_test_text(
        input.text.into(),
        engine.user(),
        engine.now_ms(),
    )?;
    Ok(Nothing {})
}
