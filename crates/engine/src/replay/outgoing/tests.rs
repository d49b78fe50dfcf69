//! What leaves the engine of a request holds nothing that its policy hides.

use assay_redact::policy::DEFAULT;
use serde_json::json;

use super::*;

const MAIL: &str = "jane@example.com";

/// What an operator writes may look like what it stands for.
#[test]
fn a_request_with_pseudonyms_and_moved_dates_may_go() {
    let policy = Policy::parse(
        "name='x'\nversion='1'\n[operators]\ndefault={operator='pseudonym'}\nDATE_TIME={operator='date_shift'}\nDATE_OF_BIRTH={operator='generalise'}\n",
    )
    .unwrap();
    let text =
        format!("{MAIL} of 81.2.69.142, MRN: 00482213, due 2026-12-01, born on 12 March 1984");
    let mut request = said(json!(text));
    redact_all(&mut request, &policy, "claims", b"key").unwrap();
    let sent = request.to_string();
    for value in [MAIL, "81.2.69.142", "00482213", "2026-12-01", "12 March"] {
        assert!(!sent.contains(value), "{sent}");
    }
    assert!(Looking::at(&json!(text), &policy, None, &[]).is_left(&json!(text), ""));
}

/// Sends a request through, and answers it as text with what was taken out.
fn sent(mut request: Value) -> Result<(String, Vec<String>), String> {
    let removed = strip(&mut request)?;
    redact_all(
        &mut request,
        &Policy::parse(DEFAULT).unwrap(),
        "claims",
        b"key",
    )?;
    Ok((request.to_string(), removed))
}

#[track_caller]
fn check(request: Value) {
    let (text, _) = sent(request).unwrap();
    assert!(
        !text.contains(MAIL) && text.contains("EMAIL_ADDRESS"),
        "{text}"
    );
}

fn said(content: Value) -> Value {
    json!({"messages": [{"role": "user", "content": content}]})
}

#[test]
fn every_text_of_a_request_is_redacted() {
    check(json!({"system": MAIL, "messages": []}));
    check(json!({"system": [{"type": "text", "text": MAIL}], "messages": []}));
    check(said(json!(MAIL)));
    check(said(json!([{"type": "text", "text": MAIL}])));
    check(said(json!([{"text": MAIL}])));
    check(said(json!([{"type": "text", "text": "x", "note": MAIL}])));
    check(said(
        json!([{"type": "tool_use", "id": "t", "name": "n", "input": {"a": [{"b": MAIL}]}}]),
    ));
    check(said(
        json!([{"type": "tool_use", "id": "t", "name": "n", "input": {MAIL: 1}}]),
    ));
    check(said(
        json!([{"type": "tool_use", "id": "t", "name": "n", "input": {"type": MAIL, "id": MAIL}}]),
    ));
    check(said(
        json!([{"type": "tool_result", "tool_use_id": "t", "content": MAIL}]),
    ));
    check(said(
        json!([{"type": "tool_result", "tool_use_id": "t", "content": [{"type": "text", "text": MAIL}]}]),
    ));
    check(said(
        json!([{"type": "document", "title": MAIL, "source": {"type": "text", "media_type": "text/plain", "data": "x"}}]),
    ));
    check(said(
        json!([{"type": "document", "context": MAIL, "source": {"type": "text", "media_type": "text/plain", "data": "x"}}]),
    ));
    check(said(
        json!([{"type": "document", "source": {"type": "content", "content": [{"type": "text", "text": MAIL}]}}]),
    ));
    check(said(
        json!([{"type": "search_result", "source": "s", "title": MAIL, "content": [{"type": "text", "text": MAIL}]}]),
    ));
    check(
        json!({"messages": [], "tools": [{"name": "n", "description": MAIL, "input_schema": {}}]}),
    );
    check(
        json!({"messages": [], "tools": [{"name": "n", "input_schema": {"properties": {"to": {"description": "x", "default": MAIL}}}}]}),
    );
    check(json!({"messages": [], "stop_sequences": [MAIL]}));
    check(
        json!({"messages": [], "output_config": {"format": {"type": "json_schema", "schema": {"title": MAIL}}}}),
    );
}

#[test]
fn a_number_in_a_tools_input_is_redacted_and_stays_where_it_says_nothing() {
    let (text, _) = sent(said(json!([{"type": "tool_use", "id": "t", "name": "n", "input": {"card": 4_111_111_111_111_111_u64, "n": 7}}]))).unwrap();
    assert!(
        text.contains("\"card\":\"[CREDIT_CARD_1]\"") && text.contains("\"n\":7"),
        "{text}"
    );
}

#[test]
fn what_the_policy_keeps_is_not_counted_as_redacted() {
    let policy = Policy::parse(DEFAULT).unwrap();
    let count = |text: &str| redact_all(&mut said(json!(text)), &policy, "claims", b"key").unwrap();
    assert_eq!(count("due on 2026-12-01"), 0);
    assert_eq!(count("due on 2026-12-01 to jane@example.com"), 1);
}

#[test]
fn what_holds_a_block_together_is_refused_where_it_is_personal() {
    for block in [
        json!({"type": "tool_use", "id": MAIL, "name": "n", "input": {}}),
        json!({"type": "tool_use", "id": "t", "name": MAIL, "input": {}}),
        json!({"type": "text", "text": "x", MAIL: 1}),
    ] {
        assert_eq!(
            sent(said(json!([block]))).unwrap_err(),
            "personal data is left after redaction"
        );
    }
}

#[test]
fn only_known_fields_are_sent() {
    let (text, removed) = sent(json!({
        "messages": [{"role": "user", "content": "hello"}],
        "metadata": {"user_id": MAIL}, "user": MAIL, "speed": "fast", "anthropic_beta": ["x"], "mcp_servers": [{"url": MAIL}],
        "cache_control": {"type": "ephemeral"}, "stream": true, "Jane Roe": 1,
    }))
    .unwrap();
    assert_eq!(text, r#"{"messages":[{"content":"hello","role":"user"}]}"#);
    let mut removed = removed;
    removed.sort();
    assert_eq!(
        removed,
        [
            "a field of unknown name",
            "anthropic_beta",
            "cache_control",
            "mcp_servers",
            "metadata",
            "speed",
            "user"
        ]
    );
}

#[test]
fn what_runs_or_lies_elsewhere_is_taken_out_or_refused() {
    let (text, removed) = sent(json!({
        "tools": [{"type": "web_search_20250305", "name": "web_search"}, {"name": "n", "input_schema": {}, "cache_control": {"type": "ephemeral", "ttl": "1h"}}],
        "messages": [{"role": "assistant", "content": [
            {"type": "thinking", "thinking": MAIL, "signature": "s"},
            {"type": "server_tool_use", "id": "s", "name": "web_search", "input": {"query": MAIL}},
            {"type": "web_search_tool_result", "tool_use_id": "s", "content": [{"title": MAIL}]},
            {"type": "mcp_tool_use", "id": "m", "name": "x", "input": {"q": MAIL}},
            {"type": "text", "text": "hello", "citations": [{"cited_text": MAIL}], "cache_control": {"type": "ephemeral"}},
        ]}, {"role": "assistant", "content": [{"type": "redacted_thinking", "data": "x"}]}],
    }))
    .unwrap();
    assert_eq!(
        text,
        r#"{"messages":[{"content":[{"text":"hello","type":"text"}],"role":"assistant"}],"tools":[{"input_schema":{},"name":"n"}]}"#
    );
    assert_eq!(
        removed,
        [
            "server tool web_search_20250305",
            "cache_control",
            "thinking",
            "server_tool_use",
            "web_search_tool_result",
            "mcp_tool_use",
            "citations"
        ]
    );
    for block in [
        json!({"type": "container_upload", "file_id": "f"}),
        json!({"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}),
        json!({"type": "image", "source": {"type": "url", "url": "https://example.com/a.png"}}),
        json!({"type": "document", "source": {"type": "file", "file_id": "f"}}),
        json!({"type": "tool_result", "tool_use_id": "t", "content": [{"type": "image", "source": {"type": "url", "url": "https://example.com"}}]}),
    ] {
        assert!(sent(said(json!([block]))).is_err(), "{block}");
    }
}

#[test]
fn a_schema_keeps_the_address_of_its_dialect() {
    let address = "http://json-schema.org/draft-07/schema#";
    let (text, _) = sent(
        json!({"messages": [], "tools": [{"name": "n", "input_schema": {"$schema": address}}]}),
    )
    .unwrap();
    assert!(text.contains(address), "{text}");
}

#[test]
fn the_most_tokens_are_no_fewer_than_the_bytes() {
    let request = said(json!("a".repeat(5_000)));
    assert!(most_tokens(&request).unwrap() > 5_000);
    let image = json!({"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AAAA"}});
    assert!(
        most_tokens(&said(json!([image.clone()]))).unwrap() > 5_000
            && holds_bytes(&said(json!([image])))
    );
    let pages = json!({"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": "AAAA"}});
    assert_eq!(most_tokens(&said(json!([pages]))), None);
    assert!(!holds_bytes(&request));
}

/// Asks for what goes and sees nothing of a card in it.
#[track_caller]
fn check_parted(request: Value) {
    let (text, _) = sent(request).unwrap();
    let left: String = text.chars().filter(char::is_ascii_digit).collect();
    assert!(
        text.matches("[CREDIT_CARD_1]").count() == 2 && !left.contains("1111"),
        "{text}"
    );
}

#[test]
fn a_value_that_is_parted_between_texts_goes_nowhere() {
    let text = |text: &str| json!({"type": "text", "text": text});
    let (front, rest) = (text("my card is 4111 1111"), text("1111 1111, thanks"));
    check_parted(said(json!([front, rest])));
    check_parted(json!({"system": [front, rest], "messages": []}));
    check_parted(json!({"messages": [
        {"role": "user", "content": "my card is 4111 1111"},
        {"role": "user", "content": "1111 1111, thanks"},
    ]}));
    check_parted(said(
        json!([{"type": "tool_result", "tool_use_id": "t", "content": [front, rest]}]),
    ));
}
