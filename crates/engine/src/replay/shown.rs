//! Replay runs as they are shown: the list, one run, and one comparison, masked.
//!
//! Not here: sending (`run`), how two answers differ (`answer_diff`).

use crate::commands::Nothing;
use crate::error::{Code, Result, WireError};
use crate::masking::{Masker, NamedPart};
use crate::opening::Engine;
use crate::replay::answer_diff::word_diff;
use crate::replay::run::{About, Item, NOT_COMPARED, internal};
use crate::replay::view::{Comparison, ReplayRun, RunItem, RunRef, ShowComparison};
use crate::trail::costs::usd;
use crate::trail::parts;
use crate::trail::view::Difference;
use assay_domain::call::{Call, Status};
use assay_domain::exchange::Field;

use assay_domain::moment::rfc3339;
use assay_redact::conversation::{self, Text};
use assay_redact::operators::Numbering;
use assay_store::replays::RunItemRecord;
use serde_json::Value;

/// The text of an answer, tool calls as JSON.
pub(crate) fn answer_text(response: &Value) -> String {
    let mut text = String::new();
    for block in response
        .get("content")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        match block.get("type").and_then(Value::as_str) {
            Some("text") => text.push_str(
                block
                    .get("text")
                    .and_then(Value::as_str)
                    .unwrap_or_default(),
            ),
            Some("tool_use") => text.push_str(&format!(
                "[{} {}]",
                block["name"].as_str().unwrap_or("tool"),
                block["input"]
            )),
            _ => continue,
        }
        text.push('\n');
    }
    text.trim_end().to_owned()
}

/// All runs, newest first, without their calls.
///
/// # Errors
/// The store's.
pub fn runs(engine: &Engine, _: Nothing) -> Result<Vec<ReplayRun>> {
    engine
        .store()
        .runs()?
        .into_iter()
        .map(|run| {
            let mut shown = show(engine, RunRef { run: run.id })?;
            shown.items = Vec::new();
            Ok(shown)
        })
        .collect()
}

fn view(stored: &RunItemRecord, engine: &Engine) -> Result<RunItem> {
    let item: Item = serde_json::from_str(&stored.item).map_err(internal)?;
    let original = engine.store().call(&item.call_id).ok();
    let call = original.as_ref().map(|record| &record.call);
    Ok(RunItem {
        state: item.state(&stored.state),
        detail: item.detail,
        similarity: item.similarity,
        model: item.model,
        original_input_tokens: call.and_then(|call| call.tokens.input),
        original_output_tokens: call.and_then(|call| call.tokens.output),
        input_tokens: item.input_tokens,
        output_tokens: item.output_tokens,
        original_latency_ms: call.and_then(|call| call.latency_ms),
        latency_ms: item.latency_ms,
        original_cost_usd: original
            .as_ref()
            .and_then(|record| {
                record
                    .cost_usd_micros
                    .or(record.call.reported_cost_usd_micros)
            })
            .map(usd),
        cost_usd: item.cost_micros.map(usd),
        http_status: item.http_status,
        call_id: item.call_id,
    })
}

/// A run with its calls.
///
/// # Errors
/// `not_found`.
pub fn show(engine: &Engine, input: RunRef) -> Result<ReplayRun> {
    let (record, stored) = engine.store().run(&input.run)?;
    let about: About = serde_json::from_str(&record.run).map_err(internal)?;
    let mut items: Vec<RunItem> = stored
        .iter()
        .map(|item| view(item, engine))
        .collect::<Result<_>>()?;
    let sent = items.len() as u64;
    let count = |state: &str, items: &[RunItem]| {
        items.iter().filter(|item| item.state == state).count() as u64
    };
    let (same, changed, not_compared, errors) = (
        count("same", &items),
        count("changed", &items),
        count(NOT_COMPARED, &items),
        count("error", &items),
    );
    let refused_later = count("refused", &items);
    let mut spent = 0_i64;
    let mut spent_unknown = 0;
    for item in stored.iter().filter(|item| item.state != "refused") {
        match serde_json::from_str::<Item>(&item.item)
            .map_err(internal)?
            .cost_micros
        {
            Some(cost) => spent += cost,
            None => spent_unknown += 1,
        }
    }
    let refused = about.refused.len() as u64;
    for (call_id, reason) in &about.refused {
        items.push(RunItem {
            call_id: call_id.clone(),
            state: "refused".to_owned(),
            detail: Some(reason.clone()),
            similarity: None,
            model: None,
            original_input_tokens: None,
            original_output_tokens: None,
            input_tokens: None,
            output_tokens: None,
            original_latency_ms: None,
            latency_ms: None,
            original_cost_usd: None,
            cost_usd: None,
            http_status: None,
        });
    }
    Ok(ReplayRun {
        id: record.id,
        backend: about.backend,
        destination: about.destination,
        policy: about.policy,
        state: record.state,
        started_at: rfc3339(record.started_ms),
        finished_at: record.finished_ms.map(rfc3339),
        calls: about.planned,
        compared: same + changed,
        same,
        changed,
        not_compared,
        errors,
        refused: refused + refused_later,
        not_run: about.planned.saturating_sub(sent + refused),
        spent_usd: usd(spent),
        spent_unknown,
        budget_usd: record.budget_usd_micros.map(usd),
        items,
    })
}

/// Original and new answer of one call, masked, word by word.
///
/// # Errors
/// `not_found` where the run has no answer to it.
pub fn comparison(engine: &Engine, input: ShowComparison) -> Result<Comparison> {
    let record = engine.store().call(&input.call_id)?;
    let (_, stored) = engine.store().run(&input.run)?;
    let none = || {
        WireError::new(
            Code::NotFound,
            format!("the run has no call {}", input.call_id),
        )
    };
    let item = stored
        .iter()
        .find(|item| item.call_seq == record.seq)
        .ok_or_else(none)?;
    let raw = engine.store().raw(record.seq)?;
    let mut said = parts::said(engine.store(), record.seq, record.format, &raw)?;
    let before = said.response.take().unwrap_or(Value::Null);
    let after = match engine.store().run_response(&input.run, record.seq)? {
        Some(bytes) => serde_json::from_slice(&bytes).map_err(internal)?,
        None => Value::Null,
    };
    let masker = Masker::in_force(engine)?.of(&record.deployment);
    // What the request proves is hidden in the answers as well.
    let parts = NamedPart::all(&said);
    let answers = [&before, &after].map(answer_text);
    let mut texts = masker.texts(&parts);
    texts.extend(answers.iter().map(|text| Text {
        name: None,
        text,
        policy: masker.at(Field::Response),
        goes_on_in: None,
    }));
    let mut masked = conversation::redact(&texts, masker.key(), &mut Numbering::default())
        .into_iter()
        .skip(parts.len())
        .map(|redacted| redacted.text);
    let (old, new) = (
        masked.next().unwrap_or_default(),
        masked.next().unwrap_or_default(),
    );
    let diff = word_diff(&old, &new);
    let mut differs = differs(&record.call, &before, &after);
    for text in differs
        .iter_mut()
        .flat_map(|difference| [&mut difference.here, &mut difference.there])
        .flatten()
    {
        *text = masker.plain(text);
    }
    Ok(Comparison {
        item: view(item, engine)?,
        diff,
        differs,
    })
}

fn differs(call: &Call, before: &Value, after: &Value) -> Vec<Difference> {
    let text = |value: &Value, pointer: &str| {
        value
            .pointer(pointer)
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let tools = |value: &Value| {
        let blocks = value
            .get("content")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        let names: Vec<&str> = blocks
            .filter(|block| block["type"] == "tool_use")
            .filter_map(|block| block["name"].as_str())
            .collect();
        (!value.is_null()).then(|| {
            if names.is_empty() {
                "none".to_owned()
            } else {
                names.join(", ")
            }
        })
    };
    [
        (
            "status",
            Some(call.status.name().to_owned()),
            Some(
                if after.is_null() {
                    Status::Error
                } else {
                    Status::Ok
                }
                .name()
                .to_owned(),
            ),
        ),
        (
            "stop_reason",
            call.stop_reason
                .clone()
                .or_else(|| text(before, "/stop_reason")),
            text(after, "/stop_reason"),
        ),
        (
            "model",
            call.response_model
                .clone()
                .or_else(|| text(before, "/model")),
            text(after, "/model"),
        ),
        ("tool calls", tools(before), tools(after)),
    ]
    .into_iter()
    .filter(|(_, here, there)| here != there)
    .map(|(field, here, there)| Difference {
        field: field.to_owned(),
        here,
        there,
    })
    .collect()
}
