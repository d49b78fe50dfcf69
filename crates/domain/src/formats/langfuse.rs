//! Langfuse: observations as its API and exports write them (v1 and v2), and the events of an
//! ingestion batch. A generation is a call; a span, an event or a trace is none. An update is a
//! later part of the generation whose id it has (`parts`). Not here: what an event says of a trace
//! (`langfuse_traces`).
//!
//! Source: langfuse/langfuse-python, `observation`, `observation_v2`, `ingestion_event`.

use serde_json::{Map, Value};

use crate::call::{Body, Call, Oddity, Status};
use crate::exchange::Exchange;
use crate::formats::row::{Row, is_given};
use crate::formats::{Context, Reason, Record, Rejected, gateway};
use crate::moment::WithoutZone;
use crate::parts;

/// Whether a record's type (JSON) is one of an ingestion batch's.
pub(super) fn is_event(kind: &str) -> bool {
    let kind = kind.trim_matches('"');
    kind.ends_with("-create") || kind.ends_with("-update") || kind == "sdk-log"
}

/// What a record tells of a generation.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    /// All that there is.
    Whole,
    /// What an update changes.
    Part,
}

/// Takes an observation out of the event that creates or updates it.
fn observation(row: Row) -> Result<(Row, Told), Rejected> {
    let kind = row.text("type").unwrap_or_default();
    if !is_event(&kind) {
        return match kind.as_str() {
            "GENERATION" => Ok((row, Told::Whole)),
            _ => Err(Rejected::new(
                Reason::NoCall,
                "an observation that is no generation",
            )),
        };
    }
    let told = match kind.as_str() {
        "generation-create" | "observation-create" => Told::Whole,
        "generation-update" | "observation-update" => Told::Part,
        _ => {
            return Err(Rejected::new(
                Reason::NoCall,
                "an event that is no generation",
            ));
        }
    };
    let Some(body) = row.value("body").and_then(Value::as_object).cloned() else {
        return Err(Rejected::new(Reason::FieldMissing, "`body`"));
    };
    let body = Row::of(body);
    // Events of observations say in their body of what kind they are.
    let is_generation =
        kind.starts_with("generation") || body.text("type").as_deref() == Some("GENERATION");
    match (is_generation, told, body.text("id")) {
        (false, ..) => Err(Rejected::new(
            Reason::NoCall,
            "an event that is no generation",
        )),
        (true, Told::Part, None) => Err(Rejected::new(Reason::FieldMissing, "`body.id`")),
        _ => Ok((body, told)),
    }
}

/// Reads an observation or an event.
///
/// # Errors
/// [`Rejected`].
pub fn parse(text: &str, context: &Context) -> Result<Record, Rejected> {
    let outer = Row::read(text)?;
    if !outer.has("type") || !(outer.has("traceId") || outer.has("body")) {
        return Err(Rejected::new(
            Reason::FormatUnknown,
            "no `type`, or neither `traceId` nor `body`",
        ));
    }
    let (mut row, told) = observation(outer)?;
    row.open(&["metadata", "usage", "usageDetails", "costDetails"]);
    let failed = row.text("level").as_deref() == Some("ERROR");
    let model = row.first(&["providedModelName", "model"]);
    // LiteLLM and others write `provider/model`.
    let (provider, name) = match model.as_deref().and_then(|model| model.split_once('/')) {
        Some((provider, name)) => (Some(provider.to_owned()), Some(name.to_owned())),
        None => (None, model),
    };
    let parameters = row.body("modelParameters");
    let parameter = |key: &str| {
        let value = parameters.as_ref()?.get(key)?.as_str()?;
        Some(value.to_owned())
    };
    let base = row.text_at(&["metadata", "hidden_params", "api_base"]);
    let host = base.as_deref().and_then(gateway::host);
    let kind = match (&provider, gateway::kind_of_model(name.as_deref())) {
        (None, Some(kind)) => kind,
        (None, None)
            if name
                .as_deref()
                .is_some_and(|name| name.starts_with("claude")) =>
        {
            gateway::kind(Some("anthropic"), host)
        }
        _ => gateway::kind(provider.as_deref(), host),
    };
    let mut call = Call::new(kind, if failed { Status::Error } else { Status::Ok });
    call.request_model = name;
    gateway::place(&mut call, base.as_deref());
    if let Some(region) = parameter("aws_region").or_else(|| parameter("aws_region_name")) {
        call.requested_region = Some(region);
        call.served_region = super::bedrock::served_region(
            call.request_model.as_deref(),
            call.requested_region.as_deref(),
            None,
        );
    }
    call.started_at_ms = row.time("startTime", WithoutZone::IsUtc, context.now_ms);
    let end = row
        .value("endTime")
        .is_some()
        .then(|| row.time("endTime", WithoutZone::IsUtc, context.now_ms))
        .flatten();
    // v2 gives seconds, v1 milliseconds: the times say the same without that doubt.
    call.latency_ms = call
        .started_at_ms
        .zip(end)
        .map(|(start, end)| end - start)
        .filter(|ms| *ms >= 0);
    if told == Told::Part {
        parts::note(&mut call, end);
        row.odd(Oddity::PartOfCall);
    }
    if let Some(id) = row.text("id") {
        call.request_ids.insert("gateway_id".to_owned(), id);
    }
    call.principal = row.text("userId");
    call.conversation_id = row.text("sessionId").or_else(|| row.text("traceId"));
    for (key, name) in [
        ("environment", "environment"),
        ("traceName", "trace_name"),
        ("release", "release"),
    ] {
        if let Some(value) = row.text(key) {
            call.metadata.insert(name.to_owned(), value);
        }
    }
    let own = row.at(&["metadata", "requester_metadata"]).cloned();
    gateway::metadata(own.as_ref(), &mut call);
    read_usage(&mut row, &mut call);
    if failed {
        gateway::failure(row.text("statusMessage").as_deref(), &mut call);
    }
    let (input, output) = (row.body("input"), row.body("output"));
    if let Some(answer) = &output {
        let counted = call.tokens;
        gateway::answer(answer, &mut call);
        // An older way to count has no buckets for the cache, and leaves them out.
        let adds_buckets = call.tokens.input == counted.input
            && counted.cache_read.is_none()
            && counted.cache_write_5m.is_none();
        if counted.input.is_some() && !adds_buckets {
            call.tokens = counted;
        }
    }
    gateway::used(input.as_ref(), &mut call);
    let has_text = [&input, &output]
        .into_iter()
        .take(match told {
            Told::Whole => 1,
            Told::Part => 2,
        })
        .flatten()
        .any(is_given);
    call.body = match has_text {
        true => Body::Present,
        false => Body::Missing,
    };
    call.oddities = row.oddities;
    Ok(Record::Call(Box::new(call)))
}

/// `usageDetails` names buckets of its own, which are disjoint where the integration made them so:
/// LiteLLM and the Anthropic integration count cached input apart from `input`.
fn read_usage(row: &mut Row, call: &mut Call) {
    let details = row
        .value("usageDetails")
        .and_then(Value::as_object)
        .cloned();
    let usage = details
        .filter(|details| !details.is_empty())
        .or_else(|| row.value("usage").and_then(Value::as_object).cloned())
        .unwrap_or_default();
    // The first version counted characters, seconds or requests as well.
    let unit = usage
        .get("unit")
        .and_then(Value::as_str)
        .unwrap_or("TOKENS");
    let is_tokens = unit.eq_ignore_ascii_case("TOKENS");
    let mut usage = Row::of(usage);
    let mut first = |keys: &[&str]| {
        keys.iter()
            .filter(|_| is_tokens)
            .find_map(|key| usage.count(key))
    };
    let (input, total) = (
        first(&["input", "input_tokens", "promptTokens"]),
        first(&["total"]),
    );
    call.tokens.output = first(&["output", "output_tokens", "completionTokens"]);
    call.tokens.cache_read = first(&[
        "cache_read_input_tokens",
        "input_cache_read",
        "input_cached_tokens",
    ]);
    call.tokens.cache_write_5m = first(&[
        "cache_creation_input_tokens",
        "input_cache_creation",
        "input_cache_creation_5m",
    ]);
    call.tokens.cache_write_1h = first(&["input_cache_creation_1h"]);
    let tokens = &mut call.tokens;
    let counts = [tokens.output, tokens.cache_read, tokens.cache_write_5m];
    tokens.input = input.map(|input| gateway::apart(input, counts, total));
    let total = ["totalCost", "calculatedTotalCost"]
        .iter()
        .find_map(|key| row.money(key, 1e6));
    call.reported_cost_usd_micros = total
        .or_else(|| Row::of(object(row, "costDetails")).money("total", 1e6))
        .or_else(|| usage.money("totalCost", 1e6));
    row.oddities.append(&mut usage.oddities);
}

fn object(row: &Row, key: &str) -> Map<String, Value> {
    row.value(key)
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default()
}

/// The request and response of an observation, in Messages form.
pub fn exchange(text: &str) -> Exchange {
    let Some((row, _)) = Row::read(text).ok().and_then(|row| observation(row).ok()) else {
        return Exchange::default();
    };
    let model = row.first(&["providedModelName", "model"]);
    Exchange {
        request: row
            .body("input")
            .filter(is_given)
            .and_then(|body| gateway::request(body, model.as_deref())),
        response: row
            .body("output")
            .filter(is_given)
            .and_then(gateway::response),
        references: Vec::new(),
    }
}
