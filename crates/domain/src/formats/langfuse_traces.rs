//! What Langfuse's clients tell of a trace apart from its generations: for whom it was. An ingestion batch has an event
//! of its own for that; since version 3 it is told by a span around the generations, which is written after them.
//!
//! In: the records of a file, in order, or all of them beforehand. Out: fields of calls of a trace that was told before
//! them. Not here: the generations (`langfuse`, `otel`), and what another file says of a trace.
//!
//! Source: langfuse/langfuse-python 2.60.10, `ingestion_event`; what version 3.15.0 writes.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::call::Call;
use crate::formats::otel::langfuse_spans;
use crate::formats::row::Row;
use crate::formats::{Format, gateway};
use crate::parts;

/// Traces that are remembered at a time: those of a file are few, and those of a batch stand near each other.
const REMEMBERED: usize = 100_000;
/// What stands in records that tell of traces.
const MARKS: [&[u8]; 2] = [b"\"trace-create\"", b"langfuse.observation.type"];

/// The traces that a file has told of so far.
#[derive(Default)]
pub struct Traces(BTreeMap<String, Trace>);

/// What is told of a trace.
#[derive(Default, Clone)]
pub(super) struct Trace {
    pub(super) user: Option<String>,
    pub(super) session: Option<String>,
    pub(super) metadata: Option<Value>,
}

/// Whether a file that begins so may tell of traces behind their generations.
pub fn may_tell(beginning: &[u8]) -> bool {
    MARKS
        .iter()
        .any(|mark| memchr::memmem::find(beginning, mark).is_some())
}

/// Whether records of a format may be of a trace of Langfuse.
pub fn are_traced(format: Format) -> bool {
    matches!(format, Format::Langfuse | Format::OpenTelemetry)
}

impl Traces {
    /// Takes what a record that is no call says of a trace. Of several records each adds what it tells.
    pub fn note(&mut self, raw: &[u8]) {
        if !may_tell(raw) {
            return;
        }
        let row = std::str::from_utf8(raw).ok().map(Row::read);
        let Some(Ok(row)) = row else {
            return;
        };
        let Some((id, told)) = of_event(&row).or_else(|| langfuse_spans::trace(&row)) else {
            return;
        };
        if self.0.len() >= REMEMBERED {
            self.0.clear();
        }
        let trace = self.0.entry(id).or_default();
        trace.user = told.user.or_else(|| trace.user.take());
        trace.session = told.session.or_else(|| trace.session.take());
        trace.metadata = told.metadata.or_else(|| trace.metadata.take());
    }

    /// Adds to a generation what its trace says, and the generation does not.
    pub fn complete(&self, call: &mut Call) {
        // Where a generation names no session, its conversation is its trace; a span names its trace itself.
        let span = call.request_ids.get(parts::SPAN_ID);
        let of_span = span.and_then(|span| self.0.get(span.split_once('/')?.0));
        let trace = of_span.or_else(|| self.0.get(call.conversation_id.as_ref()?));
        let Some(trace) = trace else {
            return;
        };
        call.principal = call.principal.take().or_else(|| trace.user.clone());
        let (own, class) = (call.metadata.clone(), call.classification.clone());
        let conversation = call.conversation_id.take();
        gateway::metadata(trace.metadata.as_ref(), call);
        call.metadata.extend(own);
        call.classification = class.or_else(|| call.classification.take());
        let told = call.conversation_id.take();
        call.conversation_id = match of_span {
            Some(_) => conversation.or_else(|| trace.session.clone()).or(told),
            None => trace.session.clone().or(told).or(conversation),
        };
    }
}

fn of_event(row: &Row) -> Option<(String, Trace)> {
    let body = row.value("body").and_then(Value::as_object).cloned();
    let (Some("trace-create"), Some(body)) = (row.text("type").as_deref(), body) else {
        return None;
    };
    let body = Row::of(body);
    let told = Trace {
        user: body.text("userId"),
        session: body.text("sessionId"),
        metadata: body.body("metadata"),
    };
    Some((body.text("id")?, told))
}
