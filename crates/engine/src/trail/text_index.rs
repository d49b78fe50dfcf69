//! The search index of the trail: what it costs, switching it on and off, building it in slices.
//!
//! It is off until somebody switches it on: it keeps the words of sealed records in clear. It is
//! built as a job that may be stopped at any time and goes on where it stopped; searches are exact
//! all the while, since what is not in it yet is read. Not here: what is in it (the store).

pub mod view;

use std::time::Instant;

use assay_domain::formats::Format;
use assay_domain::query::Test;
use assay_domain::query::keys::Table;
use assay_domain::words::{Words, record_holds};
use assay_store::text_index::Detail;

use crate::commands::Nothing;
use crate::error::{Code, Result, WireError};
use crate::jobs::{JobState, Progress, Started, Step};
use crate::opening::{Engine, read_query};
use crate::trail::text_index::view::{AskTextStatus, BuildText, CostOf, TextCost, TextStatus};

/// Calls that are entered in one transaction: others write in between.
const SLICE: usize = 4_000;
/// Calls that are read to tell how long reading takes.
const TRIED: usize = 200;
/// The command of the job that builds it.
const BUILD: &str = "trail.text_build";
/// What changes with it.
const CHANGED: [&str; 2] = ["trail", "activities"];

/// How the search index stands.
///
/// # Errors
/// `bad_input` for the query; the store's.
pub fn status(engine: &Engine, input: AskTextStatus) -> Result<TextStatus> {
    let query = read_query(input.query.as_deref().unwrap_or_default(), Table::Calls)?;
    let has_words = query
        .terms
        .iter()
        .any(|term| matches!(term.test, Test::Text(_)));
    let store = engine.store();
    let state = store.text_index()?;
    let of = store.calls_with_text(0)?;
    let damaged =
        state.as_ref().is_some_and(|state| !state.is_usable()) || store.is_text_index_damaged();
    let up_to = state.as_ref().map_or(0, |state| state.up_to);
    let unread = match damaged {
        true => of,
        false => store.calls_with_text(up_to)?,
    };
    let measured = state.as_ref().filter(|state| state.bytes > 0);
    Ok(TextStatus {
        detail: state.as_ref().map(|state| state.detail.name().to_owned()),
        records: state.as_ref().map_or(0, |state| state.records),
        of,
        unread,
        read_s: reading_s(engine, unread)?,
        up_to: state.as_ref().map(|state| state.up_to),
        bytes: measured.map(|state| state.bytes),
        bytes_per_record: measured
            .filter(|state| state.records > 0)
            .map(|state| state.bytes as f64 / state.records as f64),
        damaged,
        job: running(engine),
        has_words,
    })
}

fn running(engine: &Engine) -> Option<u64> {
    engine
        .jobs()
        .list()
        .into_iter()
        .find(|job| job.command == BUILD && job.state == JobState::Running)
        .map(|job| job.id)
}

/// Seconds that reading so many calls takes, told from the first ones.
fn reading_s(engine: &Engine, calls: u64) -> Result<f64> {
    let nowhere = Words::of("assayreadsthis", false)
        .map_err(|_| WireError::new(Code::Internal, "a word is a word"))?;
    let began = Instant::now();
    let tried = engine.store().scannable(0, TRIED)?;
    for call in &tried {
        record_holds(Format::from_number(call.format), &call.raw, &nowhere);
    }
    let each = began.elapsed().as_secs_f64() / tried.len().max(1) as f64;
    Ok(each * calls as f64)
}

/// What the search index would cost, from a sample of the store's own calls.
///
/// # Errors
/// The store's.
pub fn cost(engine: &Engine, _: Nothing) -> Result<TextCost> {
    let cost = engine.store().estimate_text_index()?;
    let of = |bytes: u64| {
        let each = bytes as f64 / cost.sampled.max(1) as f64;
        CostOf {
            bytes_per_record: each,
            bytes: (each * cost.records as f64) as u64,
        }
    };
    Ok(TextCost {
        records: cost.records,
        sampled: cost.sampled,
        words: of(cost.words_bytes),
        phrases: of(cost.phrases_bytes),
    })
}

/// Switches the search index on where a detail is given, and builds it as a job. Where one builds
/// it already, answers that.
///
/// # Errors
/// As [`build_now`] before it begins.
pub fn build(engine: &Engine, input: BuildText) -> Result<Started> {
    detail(&input)?;
    if let Some(job) = running(engine) {
        return Ok(Started { job });
    }
    switch_on(engine, &input)?;
    let started = begin(engine);
    // The screens show from here on that it is on, and how far it is.
    engine.jobs().changed(&CHANGED);
    Ok(started)
}

fn begin(engine: &Engine) -> Started {
    let own = engine.clone();
    engine.jobs().start(
        BUILD,
        "Building the search index".to_owned(),
        &CHANGED,
        move |progress| catch_up(&own, progress),
    )
}

/// Switches the search index on where a detail is given, and builds it.
///
/// # Errors
/// `bad_input` for the detail, or where it is off and none is given; `cancelled`: it then goes on
/// where it stopped; the store's.
pub fn build_now(engine: &Engine, input: &BuildText, progress: &Progress) -> Result<TextStatus> {
    switch_on(engine, input)?;
    catch_up(engine, progress)
}

fn detail(input: &BuildText) -> Result<Option<Detail>> {
    match input.detail.as_deref() {
        None => Ok(None),
        Some("words") => Ok(Some(Detail::Words)),
        Some("phrases") => Ok(Some(Detail::Phrases)),
        Some(other) => Err(
            WireError::new(Code::BadInput, format!("no such detail: {other}"))
                .hint("`words` or `phrases`"),
        ),
    }
}

fn switch_on(engine: &Engine, input: &BuildText) -> Result<()> {
    let store = engine.store();
    match detail(input)? {
        Some(detail) => {
            store
                .writer()?
                .begin_text_index(detail, engine.user(), engine.now_ms())?;
            Ok(())
        }
        None if store.text_index()?.is_none() => {
            Err(WireError::new(Code::BadInput, "the search index is off")
                .hint("say what it keeps to switch it on: `words` or `phrases`"))
        }
        None => Ok(()),
    }
}

/// Enters what is not in the index yet, where it is on. Makes it anew first where it does not hold.
///
/// # Errors
/// `cancelled`; the store's.
pub fn catch_up(engine: &Engine, progress: &Progress) -> Result<TextStatus> {
    let store = engine.store();
    let Some(state) = store.text_index()? else {
        return status(engine, AskTextStatus::default());
    };
    if !state.is_usable() || store.is_text_index_damaged() {
        store.writer()?.renew_text_index()?;
        store.text_index_is_new();
    }
    let mut entered = false;
    let total = store.calls_with_text(0)?;
    loop {
        progress.check()?;
        let done = store.text_index()?.map_or(0, |state| state.records);
        progress.step(Step {
            phase: "entering words".to_owned(),
            done,
            total: Some(total.max(done)),
            unit: "calls",
            ..Step::default()
        });
        let Some(slice) = store.next_texts(SLICE)? else {
            break;
        };
        store.writer()?.enter_texts(&slice)?;
        entered = true;
    }
    if entered {
        let mut writer = store.writer()?;
        writer.measure_text_index()?;
        writer.checkpoint_log()?;
        drop(writer);
        engine.signer().sign_if_possible();
    }
    status(engine, AskTextStatus::default())
}

/// Begins a job that enters what is not in the index yet, where it is on and something is not.
pub(crate) fn follow(engine: &Engine) {
    let is_behind = || -> Result<bool> {
        let store = engine.store();
        let Some(state) = store.text_index()? else {
            return Ok(false);
        };
        Ok(store.is_for_writing()
            && running(engine).is_none()
            && (!state.is_usable() || store.calls_with_text(state.up_to)? > 0))
    };
    if is_behind().unwrap_or(false) {
        begin(engine);
    }
}

/// Switches the search index off and overwrites what it kept.
///
/// # Errors
/// The store's; `busy` where another process reads.
pub fn switch_off(engine: &Engine, _: Nothing) -> Result<TextStatus> {
    if let Some(job) = running(engine) {
        engine.jobs().cancel(job)?;
    }
    engine
        .store()
        .writer()?
        .drop_text_index(engine.user(), engine.now_ms())?;
    engine.store().text_index_is_new();
    engine.signer().sign_if_possible();
    status(engine, AskTextStatus::default())
}

#[cfg(test)]
mod tests;
