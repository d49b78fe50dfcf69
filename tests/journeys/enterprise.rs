//! What Claude Enterprise gives to its organisation, from files to the trail: frames of inference hooks, a chat, and
//! what is known of a deployment that is none of the Claude API.

use serde_json::{Value, json};

use super::Bench;

fn message(id: &str, role: &str, minute: u32, text: &str) -> Value {
    json!({"id": format!("claude_chat_msg_{id}"), "role": role, "created_at": format!("2026-10-01T10:{minute:02}:00Z"),
        "content": [{"type": "text", "text": text}], "files": null, "generated_files": null, "artifacts": null})
}

fn chat(messages: &[Value]) -> String {
    json!({"id": "claude_chat_01", "name": "Claims", "created_at": "2026-10-01T10:00:00Z",
        "updated_at": "2026-10-01T10:10:00Z", "deleted_at": null, "model": "claude-opus-4-8",
        "organization_uuid": "org-1", "project_id": null, "has_more": false,
        "user": {"id": "user_01", "email_address": "rosa@example.com"}, "chat_messages": messages})
    .to_string()
}

#[test]
fn a_chat_becomes_calls_that_are_told_searched_and_counted_once() {
    let bench = Bench::empty();
    let mut messages = vec![
        message("1", "user", 0, "Write to anna.keller@example.org, please."),
        message("2", "assistant", 1, "Dear Ms Keller"),
        message("3", "user", 5, "And in French?"),
    ];
    let file = bench.file("chat.json", chat(&messages));
    let summary = bench.json(&["import", &file]);
    assert_eq!(
        (&summary["accepted"], &summary["rejected"]),
        (&json!(1), &json!(1))
    );
    let rejected = bench.json(&["import", "rejected"]).to_string();
    assert!(rejected.contains("which no answer follows"), "{rejected}");
    let page = bench.json(&[
        "trail",
        "calls",
        "kind:claude_enterprise source:claude_chats",
    ]);
    let call = &page["calls"][0];
    assert_eq!(call["started_at"], "2026-10-01T10:00:00.000Z");
    assert_eq!(call["deployment"], "claude-enterprise-org-1");
    assert_eq!(call["principal"], "rosa@example.com");
    let detail = bench.json(&["trail", "call", call["id"].as_str().expect("an id")]);
    assert_eq!(
        detail["cost"]["basis"],
        "what Claude Enterprise costs is by its contract"
    );
    let text = detail.to_string();
    assert!(
        !text.contains("anna.keller"),
        "an address is masked: {text}"
    );
    assert!(text.contains("Dear Ms"), "{text}");

    // The chat went on: what was there is known, what is new is taken.
    messages.push(message("4", "assistant", 6, "Madame"));
    let file = bench.file("later.json", chat(&messages));
    let summary = bench.json(&["import", &file]);
    let counts = ["accepted", "duplicates", "rejected"].map(|key| summary[key].clone());
    assert_eq!(counts, [json!(1), json!(1), json!(0)], "{summary}");
    assert_eq!(bench.json(&["trail", "calls"])["total"], 2);
}

#[test]
fn a_prompt_of_a_hook_is_a_call_without_an_outcome() {
    let bench = Bench::empty();
    let frame = |id: &str, application: &str| {
        json!({"type": "prompt", "request_id": id, "tenant_id": "org-1", "model": "claude-sonnet-4-6",
            "actor": {"type": "user", "id": "user_01", "email_address": "rosa@example.com"},
            "source": {"application": application}, "session_id": "s-1", "metadata": {},
            "webhook-timestamp": "1790848800",
            "messages": [{"role": "user", "content": [{"type": "text", "text": "Sum it up."}]}]})
    };
    let lines = format!(
        "{}\n{}\n",
        frame("req_1", "claude-ai"),
        frame("req_2", "config-test")
    );
    let file = bench.file("frames.jsonl", lines);
    let summary = bench.json(&["import", &file]);
    assert_eq!(
        (&summary["accepted"], &summary["rejected"]),
        (&json!(1), &json!(1))
    );
    let page = bench.json(&["trail", "calls", "error_type:no_outcome_recorded"]);
    let call = &page["calls"][0];
    assert_eq!(call["status"], "error", "nobody knows that it succeeded");
    assert_eq!(call["started_at"], "2026-10-01T10:00:00.000Z");
    assert_eq!(call["sources"], json!(["inference_hooks"]));
}

#[test]
fn no_statement_about_the_claude_api_is_made_of_claude_enterprise() {
    let bench = Bench::empty();
    let messages = [
        message("1", "user", 0, "Hello"),
        message("2", "assistant", 1, "Good evening"),
    ];
    let file = bench.file("chat.json", chat(&messages));
    bench.json(&["import", &file]);
    let page = bench.json(&["deployments", "show", "claude-enterprise-org-1"]);
    let handling = page["handling"].as_array().expect("lines").clone();
    let of = |topic: &str| -> Vec<&Value> {
        handling
            .iter()
            .filter(|line| line["topic"] == topic)
            .collect()
    };
    assert!(of("retention").iter().any(|line| {
        line["statement"]
            .as_str()
            .is_some_and(|text| text.starts_with("Chats and projects are kept without end"))
    }));
    for topic in ["training", "residency", "human_access"] {
        assert_eq!(of(topic)[0]["mark"], "unknown", "{topic}");
    }
    assert!(!page.to_string().contains("not retained by default"));
}

#[test]
fn what_anthropics_feed_tells_of_a_call_stands_with_it_and_leads_back() {
    let bench = Bench::empty();
    let activity = |id: &str, kind: &str, actor: &Value, own: Value| {
        let mut activity = json!({"id": id, "created_at": "2026-10-02T08:00:00Z", "type": kind, "actor": actor,
            "organization_id": "org_1", "organization_uuid": "org-1"});
        for (key, value) in own.as_object().expect("an object") {
            activity[key] = value.clone();
        }
        activity
    };
    let staff = json!({"type": "anthropic_actor", "email_address": null});
    let rosa =
        json!({"type": "user_actor", "email_address": "rosa@example.com", "user_id": "user_01"});
    let lines = [
        json!({"custom_id": "b-1", "result": {"type": "succeeded", "message": {"id": "msg_01A", "type": "message",
            "role": "assistant", "model": "claude-sonnet-4-6", "content": [{"type": "text", "text": "Hello"}],
            "usage": {"input_tokens": 3, "output_tokens": 1}}}}),
        json!({"type": "prompt", "request_id": "req_01B", "tenant_id": "org-1", "model": "claude-sonnet-4-6",
            "actor": {"type": "user", "id": "user_01", "email_address": null}, "session_id": "s-1", "metadata": {},
            "source": {"application": "claude-ai"},
            "messages": [{"role": "user", "content": [{"type": "text", "text": "Sum it up."}]}]}),
        activity(
            "activity_1",
            "anthropic_access",
            &staff,
            json!({"reason_code": "safety_review",
            "resource_details": {"type": "message", "id": "msg_01A"}}),
        ),
        activity(
            "activity_2",
            "inference_hooks_request_denied",
            &rosa,
            json!({"request_id": "req_01B", "conversation_id": "s-9", "reference_id": "scan-1", "surface": "claude-ai"}),
        ),
        activity(
            "activity_3",
            "claude_chat_viewed",
            &rosa,
            json!({"claude_chat_id": "claude_chat_01"}),
        ),
        activity(
            "activity_4",
            "claude_chat_viewed",
            &rosa,
            json!({"claude_chat_id": "claude_chat_99"}),
        ),
    ];
    let text: Vec<String> = lines.iter().map(|line| format!("{line}\n")).collect();
    let chat = chat(&[
        message("1", "user", 0, "Hello"),
        message("2", "assistant", 1, "Good evening"),
    ]);
    let files = [
        bench.file("told.jsonl", text.concat()),
        bench.file("chat.json", chat),
    ];
    bench.json(&["import", &files[0], &files[1]]);

    let about = |query: &str| {
        let page = bench.json(&["trail", "calls", query]);
        let id = page["calls"][0]["id"].as_str().expect("a call").to_owned();
        let detail = bench.json(&["trail", "call", &id]);
        let activities = detail["activities"].as_array().expect("a list").clone();
        activities
            .iter()
            .map(|one| one["action"].to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(about("source:batch_results"), ["\"anthropic_access\""]);
    assert_eq!(
        about("source:inference_hooks"),
        ["\"inference_hooks_request_denied\""]
    );
    assert_eq!(about("source:claude_chats"), ["\"claude_chat_viewed\""]);

    let back = |query: &str| {
        let page = bench.json(&["trail", "activities", query]);
        let id = page["activities"][0]["id"]
            .as_str()
            .expect("an activity")
            .to_owned();
        bench.json(&["trail", "activity", &id])["calls"].clone()
    };
    let expected = |query: &str, count: u64| json!({"query": query, "count": count});
    assert_eq!(
        back("action:anthropic_access"),
        expected("request_id:msg_01A", 1)
    );
    assert_eq!(
        back("action:inference_hooks_request_denied"),
        expected("request_id:req_01B", 1)
    );
    assert_eq!(
        back("target:claude_chat_01"),
        expected("conversation_id:claude_chat_01", 1)
    );
    assert_eq!(
        back("target:claude_chat_99"),
        expected("conversation_id:claude_chat_99", 0)
    );
    let page = bench.json(&["trail", "calls", "source:batch_results"]);
    let told = bench.run(&[
        "trail",
        "call",
        page["calls"][0]["id"].as_str().expect("an id"),
    ]);
    let said = "2026-10-02T08:00:00.000Z anthropic_access by anthropic_actor (safety_review)";
    assert!(told.stdout.contains(said), "{}", told.stdout);
}

#[test]
fn a_chat_is_replayed_by_the_names_of_the_claude_api_and_of_no_cloud() {
    let bench = Bench::empty();
    let messages = [
        message("1", "user", 0, "Hello"),
        message("2", "assistant", 1, "Good evening"),
    ];
    let file = bench.file("chat.json", chat(&messages));
    bench.json(&["import", &file]);
    // Planned only: nothing is sent.
    let item = |name: &str, kind: &str| {
        let save = ["replay", "backend", "save", name, "--kind", kind];
        let at = [
            "--url",
            "http://127.0.0.1:9",
            "--auth",
            "none",
            "--place",
            "us",
        ];
        bench
            .run(&[save.as_slice(), at.as_slice()].concat())
            .with_code(0);
        let plan = ["replay", "plan", "--backend", name, "source:claude_chats"];
        bench.json(&plan)["items"][0].clone()
    };
    assert_eq!(item("api", "claude_api")["model"], "claude-opus-4-8");
    let cloud = item("cloud", "bedrock");
    let reason = cloud["reason"].as_str().expect("a reason");
    assert!(reason.contains("the model has another name"), "{cloud}");
}
