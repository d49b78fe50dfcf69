//! What Langfuse's ingestion batches tell of a trace, which stands in an event of its own before those of its
//! generations: for whom it was.
//!
//! In: the records of a file, in order. Out: fields of calls of a trace that was told before them. Not here: the
//! generations (`langfuse`), and what a later event says of a trace: a call is stored as soon as it is read.
//!
//! Source: langfuse/langfuse-python 2.60.10, `ingestion_event`.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::call::Call;
use crate::formats::gateway;
use crate::formats::row::Row;

/// Traces that are remembered at a time: those of a batch stand near each other.
const REMEMBERED: usize = 10_000;

/// The traces that a file has told of so far.
#[derive(Default)]
pub struct Traces(BTreeMap<String, Trace>);

#[derive(Default, Clone)]
struct Trace {
    user: Option<String>,
    session: Option<String>,
    metadata: Option<Value>,
}

impl Traces {
    /// Takes what a record that is no call says of a trace. Of several events each adds what it tells.
    pub fn note(&mut self, raw: &[u8]) {
        const MARK: &[u8] = b"\"trace-create\"";
        if memchr::memmem::find(raw, MARK).is_none() {
            return;
        }
        let row = std::str::from_utf8(raw).ok().map(Row::read);
        let Some(Ok(row)) = row else {
            return;
        };
        let body = row.value("body").and_then(Value::as_object).cloned();
        let (Some("trace-create"), Some(body)) = (row.text("type").as_deref(), body) else {
            return;
        };
        let body = Row::of(body);
        let Some(id) = body.text("id") else {
            return;
        };
        if self.0.len() >= REMEMBERED {
            self.0.clear();
        }
        let trace = self.0.entry(id).or_default();
        trace.user = body.text("userId").or_else(|| trace.user.take());
        trace.session = body.text("sessionId").or_else(|| trace.session.take());
        trace.metadata = body.body("metadata").or_else(|| trace.metadata.take());
    }

    /// Adds to a generation what its trace says, and the generation does not.
    pub fn complete(&self, call: &mut Call) {
        // Where a generation names no session, its conversation is its trace.
        let trace = call.conversation_id.as_ref().and_then(|id| self.0.get(id));
        let Some(trace) = trace else {
            return;
        };
        call.principal = call.principal.take().or_else(|| trace.user.clone());
        let (own, class) = (call.metadata.clone(), call.classification.clone());
        gateway::metadata(trace.metadata.as_ref(), call);
        call.metadata.extend(own);
        call.classification = class.or_else(|| call.classification.take());
        call.conversation_id = trace
            .session
            .clone()
            .or_else(|| call.conversation_id.take());
    }
}
