//! The same call in two sources: what one holds in clear and the other masks.

use serde_json::{Value, json};

use super::Bench;

/// One call as Bedrock logged it, and as a gateway did: `said` by each of them.
fn both(bench: &Bench, number: u32, bedrock: &str, gateway: &str) {
    let log = json!({
        "schemaType": "ModelInvocationLog", "schemaVersion": "1.0", "timestamp": "2026-10-01T10:00:00Z",
        "accountId": "111122223333", "region": "eu-west-1", "requestId": format!("r-{number}"),
        "operation": "InvokeModel", "modelId": "eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "identity": { "arn": "arn:aws:iam::1:user/a" },
        "input": { "inputContentType": "application/json", "inputTokenCount": 300 + number,
            "inputBodyJson": { "messages": [{ "role": "user", "content": bedrock }] } },
        "output": { "outputContentType": "application/json", "outputTokenCount": 40,
            "outputBodyJson": { "id": format!("msg_{number}"), "content": [{ "type": "text", "text": "Done." }], "stop_reason": "end_turn" } },
    });
    let spent = json!({
        "id": format!("msg_{number}"), "call_type": "acompletion", "status": "success",
        "custom_llm_provider": "bedrock", "model": "anthropic.claude-sonnet-4-5-20250929-v1:0",
        "response_cost": 0.5,
        "prompt_tokens": 300 + number, "completion_tokens": 40, "total_tokens": 340 + number,
        "startTime": 1_790_848_802.0, "endTime": 1_790_848_803.0, "metadata": {},
        "messages": [{ "role": "user", "content": gateway }], "response": null,
    });
    for (name, record) in [("bedrock", log), ("gateway", spent)] {
        let file = bench.file(&format!("{name}-{number}.jsonl"), format!("{record}\n"));
        bench.run(&["import", &file]).with_code(0);
    }
}

fn pair(compared: &Value) -> &Value {
    let pairs = compared["pairs"].as_array().unwrap();
    assert_eq!(pairs.len(), 1, "{compared}");
    assert_eq!(pairs[0]["one"], "bedrock_invocation_log");
    assert_eq!(pairs[0]["other"], "litellm");
    &pairs[0]
}

#[test]
fn what_one_source_masks_and_the_other_holds_in_clear_is_told_by_type() {
    let bench = Bench::empty();
    // Clear in Bedrock's log, masked by the gateway: in the forms of several filters.
    let clear = "Write to jo.doe@example.com about 4111 1111 1111 1111";
    both(
        &bench,
        1,
        clear,
        "Write to <EMAIL_ADDRESS> about {CREDIT_DEBIT_CARD_NUMBER}",
    );
    both(
        &bench,
        2,
        clear,
        "Write to [EMAIL_ADDRESS_1] about 4111 1111 1111 1111",
    );
    // In clear in both, however it is spaced.
    both(
        &bench,
        3,
        clear,
        "Write to jo.doe@example.com about 4111-1111-1111-1111",
    );
    // Left out by one without a sign of masking.
    both(&bench, 4, "Ask jo.doe@example.com today", "Ask them today");
    // The other way round.
    both(&bench, 5, "Write to ***", "Write to jo.doe@example.com");
    let compared = bench.json(&["redaction", "sinks"]);
    assert_eq!(
        (&compared["matching"], &compared["several"]),
        (&json!(5), &json!(5)),
        "{compared}"
    );
    let pair = pair(&compared);
    assert_eq!(
        (&pair["together"], &pair["compared"]),
        (&json!(5), &json!(5))
    );
    assert_eq!(pair["calls_clear_in_one"], 2);
    assert_eq!(pair["calls_clear_in_other"], 1);
    assert_eq!(
        pair["by_type"],
        json!([
            {"entity_type": "CREDIT_CARD", "clear_in_both": 2, "clear_in_one": 1, "clear_in_other": 0, "unclear": 0},
            {"entity_type": "EMAIL_ADDRESS", "clear_in_both": 1, "clear_in_one": 2, "clear_in_other": 1, "unclear": 1},
        ]),
    );
    // The figures open their calls, and no value is told.
    for id in pair["examples_one"].as_array().unwrap() {
        bench
            .run(&["trail", "call", id.as_str().unwrap()])
            .with_code(0);
    }
    let told = bench.run(&["redaction", "sinks"]).with_code(0).stdout;
    assert!(
        told.contains("5 of 5 calls that both recorded were compared"),
        "{told}"
    );
    assert!(!told.contains("jo.doe") && !compared.to_string().contains("jo.doe"));
    let few = bench.json(&["redaction", "sinks", "--limit", "2"]);
    assert_eq!((&few["several"], &few["looked"]), (&json!(5), &json!(2)));
    let none = bench.json(&["redaction", "sinks", "status:error"]);
    assert_eq!((&none["matching"], &none["pairs"]), (&json!(0), &json!([])));
    bench
        .run(&["redaction", "sinks", "sttus:ok"])
        .error("bad_input", "sttus");
}

#[test]
fn a_call_whose_text_one_source_does_not_hold_is_not_compared() {
    let bench = Bench::empty();
    both(&bench, 1, "Write to jo.doe@example.com", "Write to [EMAIL]");
    both(
        &bench,
        2,
        "Write to jo.doe@example.com",
        "redacted-by-litellm",
    );
    both(&bench, 3, "Write to jo.doe@example.com", "");
    let compared = bench.json(&["redaction", "sinks"]);
    let pair = pair(&compared);
    assert_eq!(pair["together"], 3, "{pair}");
    // A note in place of the whole text masks all of it; an empty text says nothing.
    assert_eq!(
        (&pair["compared"], &pair["calls_clear_in_one"]),
        (&json!(2), &json!(2))
    );
    assert_eq!(
        pair["not_compared"],
        json!([{"name": "no text in LiteLLM logging payload", "count": 1}])
    );
}
