//! OpenInference's attributes of a span, in the words of OpenTelemetry's conventions.
//!
//! In: the attributes of a span of the kind `LLM`. Out: the same with those that are read of it under
//! the names that spans of the conventions have, and with the bodies as the client sent and got them.
//! Not here: spans of chains, tools and retrievers, which are no calls.
//!
//! Source: Arize-ai/openinference, spec/semantic_conventions.md; what
//! openinference-instrumentation-anthropic 3.1.0 (Python) and 0.2.8 (Node) and LiteLLM 1.110.2 write.

use serde_json::{Map, Value, json};

use super::{COST_USD, METADATA, REQUEST, RESPONSE};
use crate::call::Kind;
use crate::formats::row::{Row, opened};
use crate::formats::{fields, gateway};

/// What it writes for a text that it was told to hide.
const HIDDEN: &str = "__REDACTED__";

/// Who called a LiteLLM proxy, in the metadata of its spans.
const OF_LITELLM: [&str; 4] = [
    "user_api_key_user_email",
    "user_api_key_user_id",
    "user_api_key_end_user_id",
    "user_api_key_alias",
];

/// Attributes that mean the same, by their names there and here; the first that is told stands.
const NAMES: [(&str, &str); 13] = [
    ("llm.request.model_name", "gen_ai.request.model"),
    ("llm.model_name", "gen_ai.request.model"),
    ("llm.response.model_name", "gen_ai.response.model"),
    ("llm.token_count.prompt", "gen_ai.usage.input_tokens"),
    ("llm.token_count.completion", "gen_ai.usage.output_tokens"),
    (
        "llm.token_count.prompt_details.cache_read",
        "gen_ai.usage.cache_read.input_tokens",
    ),
    (
        "llm.token_count.prompt_details.cache_write",
        "gen_ai.usage.cache_creation.input_tokens",
    ),
    ("llm.finish_reason", "anthropic.message.stop_reason"),
    ("session.id", "gen_ai.conversation.id"),
    ("user.id", "enduser.id"),
    ("llm.response.id", "gen_ai.response.id"),
    ("error.type", "error.type"),
    ("http.response.status_code", "http.response.status_code"),
];

/// The attributes as they are, or those of an OpenInference span in the words of the conventions.
pub(super) fn in_our_words(told: Row) -> Row {
    if told.text("openinference.span.kind").as_deref() != Some("LLM") {
        return told;
    }
    let mut found = Map::new();
    for (theirs, ours) in NAMES {
        if let Some(value) = told.value(theirs) {
            found.entry(ours).or_insert_with(|| value.clone());
        }
    }
    // LangChain counts no input of a streamed answer, and writes 0.
    if found
        .get("gen_ai.usage.input_tokens")
        .and_then(Value::as_u64)
        == Some(0)
    {
        found.remove("gen_ai.usage.input_tokens");
    }
    let provider = told.first(&["llm.provider", "llm.system"]);
    let model = found.get("gen_ai.request.model").and_then(Value::as_str);
    let provider = match (provider.as_deref(), gateway::kind_of_model(model)) {
        (Some("aws"), _) => "aws.bedrock",
        (Some("google" | "vertexai"), _) => "gcp.vertex_ai",
        (Some(other), _) => other,
        // LlamaIndex names none of Bedrock.
        (None, Some(Kind::Bedrock)) => "aws.bedrock",
        (None, Some(Kind::Vertex)) => "gcp.vertex_ai",
        (None, _) => "",
    };
    found.insert("gen_ai.provider.name".to_owned(), json!(provider));
    found.insert("gen_ai.operation.name".to_owned(), json!("chat"));
    count_whole(&told, &mut found);
    let body = |key: &str| told.value(key).and_then(opened).filter(Value::is_object);
    // LangChain keeps what the provider answered beside its own objects.
    let id = body("output.value").and_then(|body| body.pointer("/llm_output/id").cloned());
    if let Some(id) = id {
        found.insert("gen_ai.response.id".to_owned(), id);
    }
    let settings = body("llm.invocation_parameters");
    let streams = settings.as_ref().and_then(|body| body.get("stream"));
    if streams == Some(&Value::Bool(true)) {
        found.insert("gen_ai.request.stream".to_owned(), json!(true));
    }
    let request = body("input.value").filter(has_turns).or_else(|| {
        let turns = messages(&told, "llm.input_messages")?;
        let mut body = json!({ "messages": turns });
        let tools = tools(&told);
        if !tools.is_empty() {
            body["tools"] = json!(tools);
        }
        Some(body)
    });
    // LiteLLM's callback for Langfuse has the request there alone.
    let request = request.or_else(|| {
        let mut body = match told.value("langfuse.observation.input").and_then(opened)? {
            turns @ Value::Array(_) => json!({ "messages": turns }),
            other => return Some(other),
        };
        if let Some(tools) = settings.as_ref().and_then(|body| body.get("tools")) {
            body["tools"] = tools.clone();
        }
        Some(body)
    });
    let metadata = body("metadata");
    let caller = |key: &str| fields::said(metadata.as_ref()?.get(key)?.as_str());
    let caller = OF_LITELLM.iter().find_map(|key| caller(key));
    if let (Some(caller), false) = (caller, found.contains_key("enduser.id")) {
        found.insert("enduser.id".to_owned(), json!(caller));
    }
    let response = body("output.value")
        .filter(|body| body.get("content").is_some())
        .or_else(|| answer(&told));
    for (name, body) in [
        (REQUEST, request),
        (RESPONSE, response),
        (METADATA, metadata),
        (COST_USD, told.value("llm.cost.total").cloned()),
    ] {
        if let Some(body) = body {
            found.insert(name.to_owned(), body);
        }
    }
    Row::of(found)
}

/// Makes the input the whole where the total tells that it is what was not cached alone, as LlamaIndex has it of Bedrock.
fn count_whole(told: &Row, found: &mut Map<String, Value>) {
    let count = |part: &str| told.value(&format!("llm.token_count.{part}"))?.as_u64();
    let parts = [
        "prompt",
        "prompt_details.cache_read",
        "prompt_details.cache_write",
    ];
    let whole = parts
        .iter()
        .filter_map(|part| count(part))
        .fold(0_u64, u64::saturating_add);
    let total = count("total").zip(count("completion"));
    let is_apart = total.is_some_and(|(total, output)| total == whole.saturating_add(output));
    if is_apart && found.contains_key("gen_ai.usage.input_tokens") {
        found.insert("gen_ai.usage.input_tokens".to_owned(), json!(whole));
    }
}

/// Whether a span of the kind of a call is none: LlamaIndex marks so what puts a request together.
pub(super) fn prepares(row: &Row, told: &Row) -> bool {
    let name = row.text("name").unwrap_or_default();
    name.contains("prepare_chat_with_tools") && !told.has("gen_ai.usage.output_tokens")
}

/// Whether a span's name says that the answer was streamed: LlamaIndex's are of its classes' functions.
pub(super) fn streams(row: &Row) -> bool {
    let name = row.text("name").unwrap_or_default();
    let function = name.rsplit_once('.').map_or("", |(_, function)| function);
    let function = function.strip_prefix('a').unwrap_or(function);
    matches!(function, "stream_chat" | "stream_complete")
}

/// Whether a body's messages are those of an API: LangChain's are lists of its own objects.
fn has_turns(body: &Value) -> bool {
    let turns = body.get("messages").and_then(Value::as_array);
    turns.is_some_and(|turns| turns.iter().all(|turn| turn.get("role").is_some()))
}

/// Tools that are written out, in the dialect of the provider's API.
fn tools(told: &Row) -> Vec<Value> {
    let mut tools = Vec::new();
    for index in 0..1_000 {
        let tool = told.value(&format!("llm.tools.{index}.tool.json_schema"));
        let Some(tool) = tool.and_then(opened) else {
            break;
        };
        tools.push(match tool.get("toolSpec") {
            Some(spec) => json!({
                "name": spec.get("name"), "description": spec.get("description"),
                "input_schema": spec.pointer("/inputSchema/json"),
            }),
            None => tool,
        });
    }
    tools
}

fn answer(told: &Row) -> Option<Value> {
    let message = messages(told, "llm.output_messages")?.into_iter().next()?;
    Some(json!({ "choices": [{ "message": message }] }))
}

/// Messages that are written out, an attribute a part, in the dialect of OpenAI's API.
fn messages(told: &Row, name: &str) -> Option<Vec<Value>> {
    let mut turns = Vec::new();
    for index in 0..10_000 {
        let key = |part: &str| format!("{name}.{index}.message.{part}");
        let Some(role) = told.text(&key("role")) else {
            break;
        };
        let mut turn = json!({ "role": role, "content": content(told, &key("content")) });
        if let Some(id) = told.text(&key("tool_call_id")) {
            turn["tool_call_id"] = json!(id);
        }
        let calls = tool_calls(told, &key("tool_calls"));
        if !calls.is_empty() {
            turn["tool_calls"] = json!(calls);
        }
        turns.push(turn);
    }
    (!turns.is_empty()).then_some(turns)
}

/// A message's text, or its parts: those without text are kept by their kind.
fn content(told: &Row, name: &str) -> Value {
    if let Some(text) = told.text(name).filter(|text| text != HIDDEN) {
        return json!(text);
    }
    let mut parts = Vec::new();
    for index in 0..1_000 {
        let key = |part: &str| format!("{name}s.{index}.message_content.{part}");
        match (told.text(&key("type")).as_deref(), told.text(&key("text"))) {
            (None, None) => break,
            (Some("reasoning"), Some(text)) => {
                parts.push(json!({ "type": "thinking", "thinking": text }));
            }
            (Some("image"), _) => parts.push(json!({ "type": "image_url" })),
            (_, Some(text)) => parts.push(json!({ "type": "text", "text": text })),
            // A call of a tool stands among the message's own as well.
            (Some(_), None) => {}
        }
    }
    json!(parts)
}

fn tool_calls(told: &Row, name: &str) -> Vec<Value> {
    let mut calls = Vec::new();
    for index in 0..1_000 {
        let key = |part: &str| format!("{name}.{index}.tool_call.{part}");
        let Some(function) = told.text(&key("function.name")) else {
            break;
        };
        calls.push(json!({ "id": told.text(&key("id")), "function": {
            "name": function, "arguments": told.text(&key("function.arguments")),
        }}));
    }
    calls
}
