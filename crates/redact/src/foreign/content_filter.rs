//! LiteLLM's own content filter: its patterns, and words that it blocks.
//!
//! In: the parameters of such a guardrail, or a file of words that one names. Out: rules and words in a draft, what
//! is done to each type on either way, and what has no word here. Not here: other guardrails, which way one runs
//! (`litellm`).
//!
//! Source: `LitellmContentFilterGuardrailConfigModel`, `ContentFilterPattern`, `BlockedWord` and `patterns.json` of
//! litellm 1.110.2.

use serde_json::Value;

use super::draft::{Draft, NewPattern, type_of};
use super::litellm::{Ways, allow};
use super::twins;

/// The entity type of the words.
const WORDS: &str = "BLOCKED_WORD";

/// Takes a guardrail that runs on `way`: to the model and back.
pub(super) fn read(name: &str, params: &Value, way: [bool; 2], ways: &mut Ways, draft: &mut Draft) {
    let mut blocked = Vec::new();
    for pattern in entries(params, "patterns") {
        if let Some(said) = pattern_of(name, pattern, way, ways, draft) {
            blocks(said, pattern, &mut blocked);
        }
    }
    words(name, params, way, ways, draft, &mut blocked);
    if !blocked.is_empty() {
        draft.loss(
            format!("`{name}`: BLOCK of {}", blocked.join(", ")),
            "there the whole request is refused; a policy has no such word: it becomes `replace`, so that nothing of it goes out and the call goes on",
        );
    }
    for (key, becomes) in [
        (
            "blocked_words_file",
            "import that file as well: only its name stands here",
        ),
        (
            "pattern_redaction_format",
            "the placeholder here is `[TYPE_1]`",
        ),
        (
            "keyword_redaction_tag",
            "the placeholder here is `[TYPE_1]`",
        ),
        (
            "categories",
            "it tells what a text is about and is no personal data: left out",
        ),
        (
            "competitor_intent_config",
            "it tells what a text is about and is no personal data: left out",
        ),
        ("on_violation", "a policy refuses no call and ends none"),
        (
            "end_session_after_n_fails",
            "a policy refuses no call and ends none",
        ),
    ] {
        if let Some(value) = params.get(key).filter(|value| !value.is_null()) {
            draft.loss(format!("`{name}`: {key} = {value}"), becomes);
        }
    }
}

/// Takes the `blocked_words` of a guardrail or a file.
pub(super) fn words(
    name: &str,
    of: &Value,
    way: [bool; 2],
    ways: &mut Ways,
    draft: &mut Draft,
    blocked: &mut Vec<String>,
) {
    let mut plain = Vec::new();
    let mut unnamed = 0;
    for entry in entries(of, "blocked_words") {
        let Some(keyword) = entry.get("keyword").and_then(Value::as_str) else {
            unnamed += 1;
            continue;
        };
        blocks(keyword.to_owned(), entry, blocked);
        if !keyword.contains('*') {
            plain.push(keyword.to_owned());
            continue;
        }
        // A star stands for one character or none.
        let regex = regex::escape(keyword).replace("\\*", ".?");
        let about = entry.get("description").and_then(Value::as_str);
        let new = NewPattern {
            name: keyword,
            entity_type: WORDS,
            about: about.unwrap_or_default(),
            regex: &regex,
            flags: "(?i)",
            score: 1.0,
            context: Vec::new(),
        };
        if draft.pattern(new) {
            allow(ways, WORDS, way);
        }
    }
    if unnamed > 0 {
        draft.loss(
            format!("`{name}`: {unnamed} of its blocked words"),
            "it has no `keyword`, and is left out there as well",
        );
    }
    if plain.is_empty() {
        return;
    }
    draft.deny(WORDS, plain);
    allow(ways, WORDS, way);
    draft.loss(
        format!("`{name}`: blocked words within longer words"),
        "there `cat` is found in `concatenate`; here words are found whole",
    );
}

fn entries<'a>(of: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    of.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn blocks(what: String, entry: &Value, blocked: &mut Vec<String>) {
    if entry.get("action").and_then(Value::as_str) == Some("BLOCK") {
        blocked.push(what);
    }
}

/// Takes one pattern; answers how it is called where it was taken.
fn pattern_of(
    name: &str,
    pattern: &Value,
    way: [bool; 2],
    ways: &mut Ways,
    draft: &mut Draft,
) -> Option<String> {
    let text = |key: &str| pattern.get(key).and_then(Value::as_str);
    if let Some(theirs) = text("pattern_name") {
        let Some(ours) = twins::of_content_filter(theirs, &draft.known) else {
            draft.loss(
                format!("`{name}`: prebuilt {theirs}"),
                "no recognizer here finds this: left out; write its pattern as `regex`, or put its words on a deny list",
            );
            return None;
        };
        if let Some(wider) = wider(theirs) {
            draft.loss(format!("`{name}`: prebuilt {theirs}"), wider);
        }
        allow(ways, &ours, way);
        return Some(theirs.to_owned());
    }
    let called = text("name").unwrap_or("custom_regex");
    let entity_type = type_of(called);
    let Some(regex) = text("pattern") else {
        draft.loss(
            format!("`{name}`: a pattern of neither `pattern_name` nor `pattern`"),
            "left out",
        );
        return None;
    };
    let new = NewPattern {
        name: called,
        entity_type: &entity_type,
        about: "",
        regex,
        // There each pattern ignores case, and has no score: what it matches counts.
        flags: "(?i)",
        score: 1.0,
        context: Vec::new(),
    };
    if !draft.pattern(new) {
        return None;
    }
    allow(ways, &entity_type, way);
    Some(called.to_owned())
}

/// What else the twin of a prebuilt pattern finds.
fn wider(theirs: &str) -> Option<&'static str> {
    Some(match theirs {
        "visa" | "mastercard" | "amex" | "discover" => {
            "`CREDIT_CARD` finds the cards of every issuer, with the check that cards have"
        }
        name if name.starts_with("passport_") || name == "eu_passport_generic" => {
            "`PASSPORT` finds those of every State, near a word that says so"
        }
        name if name.contains("phone") => "`PHONE_NUMBER` finds those of every country",
        "fr_postal_code" | "br_cep" | "sg_postal_code" | "ca_postal_code" => {
            "`ZIP_CODE` finds those of every country"
        }
        "ipv4" | "ipv6" => "`IP_ADDRESS` finds both kinds",
        "generic_api_key" => "`API_KEY` finds keys of some fifty vendors by their names as well",
        "street_address" => "`LOCATION` finds towns and countries as well",
        "sg_bank_account" | "ca_bank_account" => "`US_BANK_NUMBER` finds accounts of any country",
        _ => return None,
    })
}
