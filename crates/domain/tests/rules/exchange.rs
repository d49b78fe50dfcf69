//! Every form of content gives its text, with where it stands.

use assay_domain::exchange::{Exchange, Part, READING, Step};
use assay_domain::formats::{exchange, recognise};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Who changes how text is read raises `READING`, and then notes here what is read now.
#[test]
fn text_is_read_as_the_number_of_the_reading_says() {
    let logs = [
        include_str!("../../../../tests/fixtures/logs/audited-client.jsonl"),
        include_str!("../../../../tests/fixtures/logs/bedrock-invocations.jsonl"),
        include_str!("../../../../tests/fixtures/logs/litellm.jsonl"),
    ];
    let lines = logs.iter().flat_map(|log| log.lines());
    let mut read: Vec<Exchange> = lines
        .filter_map(|line| Some(exchange(recognise(line.as_bytes())?, line.as_bytes())))
        .collect();
    read.push(said(json!({
        "type": "tool_use", "name": "note", "input": {"rows": [7, 1.5, "a", true, null, {}], "b": {"c": "d"}},
    })));
    let mut hasher = Sha256::new();
    for part in read.iter().flat_map(Exchange::parts) {
        for piece in [part.field.name(), &part.pointer, &part.text] {
            hasher.update(piece);
            hasher.update([0]);
        }
    }
    let read = hex::encode(&hasher.finalize()[..8]);
    assert_eq!((READING, read.as_str()), (5, "1ff4bcc5b7ac5cf6"));
}

fn said(block: Value) -> Exchange {
    let request = json!({"messages": [{"role": "user", "content": [block]}]});
    Exchange {
        request: Some(request),
        ..Exchange::default()
    }
}

#[test]
fn documents_results_and_tools_of_every_form_give_their_text() {
    let check = |block: Value, expected: &[&str]| {
        let exchange = said(block);
        let parts = exchange.parts();
        let texts: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
        assert_eq!(texts, expected);
        let request = exchange.request.as_ref().unwrap();
        assert!(parts.iter().all(
            |part| request.pointer(&part.pointer).and_then(Value::as_str) == Some(&part.text)
        ));
        assert!(exchange.unsearchable().is_empty());
    };
    let text = |text: &str| json!([{"type": "text", "text": text}]);
    check(
        json!({"type": "document", "title": "a", "context": "b", "source": {"type": "text", "data": "c"}}),
        &["a", "b", "c"],
    );
    check(
        json!({"type": "document", "source": {"type": "content", "content": text("a")}}),
        &["a"],
    );
    check(
        json!({"type": "document", "source": {"type": "content", "content": "a"}}),
        &["a"],
    );
    check(
        json!({"type": "search_result", "source": "s", "title": "a", "content": text("b")}),
        &["a", "b"],
    );
    check(
        json!({"type": "mcp_tool_use", "name": "n", "input": {"q": "a"}}),
        &["a"],
    );
    check(
        json!({"type": "mcp_tool_result", "content": text("a")}),
        &["a"],
    );
}

#[test]
fn what_is_said_goes_on_in_the_next_block_and_the_next_message_of_the_same_sender() {
    let text = |text: &str| json!({"type": "text", "text": text});
    let exchange = Exchange {
        request: Some(json!({"system": [text("a"), text("b")], "messages": [
            {"role": "user", "content": [text("c"), {"type": "image"}, text("d")]},
            {"role": "user", "content": "e"},
            {"role": "assistant", "content": "f"},
            {"role": "user", "content": [
                {"type": "tool_result", "content": [text("g"), text("h")]},
                {"type": "tool_result", "content": [text("i")]},
            ]},
            {"role": "assistant", "content": [{"type": "tool_use", "input": {"x": ["j", "k"]}}]},
        ]})),
        response: Some(json!({"content": [text("l"), text("m")]})),
        ..Exchange::default()
    };
    let parts = exchange.parts();
    let on: Vec<String> = parts
        .windows(2)
        .filter(|two| two[0].goes_on_in(&two[1]))
        .map(|two| format!("{}{}", two[0].text, two[1].text))
        .collect();
    assert_eq!(on, ["ab", "cd", "de", "gh", "lm"]);
}

#[test]
fn an_image_within_a_document_is_counted_as_not_searched() {
    let image = json!({"type": "image", "source": {"type": "base64", "data": "AAAA"}});
    let exchange =
        said(json!({"type": "document", "source": {"type": "content", "content": [image]}}));
    assert_eq!(exchange.unsearchable(), [("image", 1)]);
}

#[test]
fn a_tools_input_gives_each_value_with_where_it_stands() {
    let input = json!({
        "rows": [48_213_977, [1.5, "a"]], "input": {"a/b~c": 7}, "1": "b", "sure": true, "no": null,
        "empty": ["", [], {}],
    });
    let exchange = said(json!({"type": "tool_use", "name": "note", "input": input}));
    let told = |parts: &[Part]| -> Vec<(String, String)> {
        let step = |step: Step| match step {
            Step::Name(name) => name,
            Step::Place(place) => format!("#{place}"),
        };
        parts
            .iter()
            .map(|part| {
                assert_eq!(part.input().unwrap().0, "/messages/0/content/0/input");
                let steps: Vec<String> = exchange.steps(part).into_iter().map(step).collect();
                (steps.join(" "), part.text.clone())
            })
            .collect()
    };
    let all = [
        ("rows #0", "48213977"),
        ("rows #1 #0", "1.5"),
        ("rows #1 #1", "a"),
        ("input a/b~c", "7"),
        ("1", "b"),
        ("sure", "true"),
        ("no", "null"),
        ("empty #0", "\"\""),
        ("empty #1", "[]"),
        ("empty #2", "{}"),
    ]
    .map(|(path, text)| (path.to_owned(), text.to_owned()));
    let mut everything = told(&exchange.everything());
    let sorted = |list: &[(String, String)]| {
        let mut list = list.to_vec();
        list.sort();
        list
    };
    assert_eq!(sorted(&everything), sorted(&all));
    everything.retain(|(_, text)| !matches!(text.as_str(), "true" | "null" | "\"\"" | "[]" | "{}"));
    assert_eq!(told(&exchange.parts()), everything);
    assert_eq!(
        sorted(&told(&exchange.texts())),
        sorted(&[all[2].clone(), all[4].clone()])
    );
    let names: Vec<Option<String>> = exchange.parts().iter().map(Part::name).collect();
    assert!(names.contains(&Some("rows".to_owned())), "{names:?}");
}
