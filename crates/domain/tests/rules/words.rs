//! Texts → words, and records that hold them.

use assay_domain::formats::Format;
use assay_domain::words::{NoWords, Words, for_each, record_holds};

fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for_each(text, &mut |word| words.push(word.to_owned()));
    words
}

#[test]
fn words_have_neither_case_nor_marks() {
    let check = |text: &str, expected: &[&str]| assert_eq!(words(text), expected, "{text}");
    check("Policy-Renewal, 2026!", &["policy", "renewal", "2026"]);
    check("Änne RENÉE", &["anne", "renee"]);
    // The same name, its marks written apart.
    check("A\u{308}nne Rene\u{301}e", &["anne", "renee"]);
    check("İstanbul ﬁne Ａ１", &["istanbul", "fine", "a1"]);
    check("ΟΔΟΣ οδος", &["οδοσ", "οδοσ"]);
    check("契約の更新", &["契", "約", "の", "更", "新"]);
    check("anna.berg@example.org", &["anna", "berg", "example", "org"]);
    check(" \u{301} … ", &[]);
}

#[test]
fn base64_is_no_text() {
    let data = "QUJD".repeat(60);
    assert_eq!(words(&format!("see {data} end")), ["see", "end"]);
    assert_eq!(
        words(&format!("data:image/png;base64,{data}")),
        ["data", "image", "png", "base64"]
    );
    assert!(words(&"x".repeat(65)).is_empty());
    assert_eq!(words(&"x".repeat(64)).len(), 1);
}

#[test]
fn words_stand_one_after_the_other_in_one_text() {
    let check = |wanted: &str, is_prefix: bool, texts: &[&str], expected: bool| {
        let wanted = Words::of(wanted, is_prefix).unwrap();
        assert_eq!(wanted.are_in(texts), expected, "{wanted:?} in {texts:?}");
    };
    check(
        "policy renewal",
        false,
        &["The policy-renewal of May"],
        true,
    );
    check("policy renewal", false, &["renewal policy"], false);
    check("policy renewal", false, &["the policy", "renewal"], false);
    check("a a b", false, &["a a a b"], true);
    check("renew", false, &["renewal"], false);
    check("renew", true, &["renewal"], true);
    check(
        "policy renew",
        true,
        &["a policy is renewed, a policy renewal"],
        true,
    );
    check("polic renewal", true, &["policy renewal"], false);
}

#[test]
fn places_are_those_of_the_text_as_written() {
    let wanted = Words::of("renée", false).unwrap();
    let text = "«Renée» and RENE\u{301}E";
    let found: Vec<&str> = wanted
        .places_in(text)
        .into_iter()
        .map(|at| &text[at])
        .collect();
    // A mark that is written apart stands behind its letter.
    assert_eq!(found, ["Renée", "RENE\u{301}E"]);
}

#[test]
fn a_term_without_words_or_with_too_many_is_refused() {
    assert_eq!(Words::of("…!", false), Err(NoWords::Empty));
    assert_eq!(Words::of(&"a ".repeat(65), false), Err(NoWords::TooMany));
}

#[test]
fn a_record_is_searched_in_what_was_said_else_in_its_strings() {
    let holds = |format, raw: &str, wanted: &str| {
        record_holds(format, raw.as_bytes(), &Words::of(wanted, false).unwrap())
    };
    let said = r#"{"schemaType":"ModelInvocationLog","schemaVersion":"1.0","operation":"InvokeModel","modelId":"some-model","input":{"inputContentType":"application/json","inputBodyJson":{"messages":[{"role":"user","content":"Renew the pol\u0069cy"}]}},"output":{"outputBodyJson":{"content":[{"type":"text","text":"Done."}]}}}"#;
    let bedrock = Some(Format::BedrockInvocationLog);
    assert!(holds(bedrock, said, "policy"));
    assert!(holds(bedrock, said, "done"));
    assert!(!holds(bedrock, said, "invokemodel"), "no part of the text");
    assert!(!holds(bedrock, said, "user"));
    assert!(holds(
        None,
        r#"{"a":["Error: throttled"],"b":7}"#,
        "throttled"
    ));
    assert!(!holds(None, r#"{"a":"Error"}"#, "a"));
}

#[test]
fn bytes_tell_of_no_record_that_it_lacks_words_which_its_texts_hold() {
    let key = "k".repeat(65);
    let data = "ab+/cd-_".repeat(20);
    let line = "\n";
    for gap in [
        " ",
        line,
        "\t\t",
        "-",
        ", \"",
        "\" ",
        "\\",
        " … ",
        "/",
        "\u{1}",
        &format!(" {key} "),
        &format!(" {data} "),
        &format!("\n{data}\n{key}."),
    ] {
        for text in [
            format!("The Policy{gap}Renewal of May"),
            format!("policyholder, policy{gap}renewal"),
            format!("{{\"nested\": \"policy{gap}renewal\"}}"),
        ] {
            for wanted in [("policy renewal", false), ("policy renew", true)] {
                let wanted = Words::of(wanted.0, wanted.1).unwrap();
                let raw = serde_json::json!({ "a": [text] }).to_string();
                assert!(wanted.are_in(&[&text]), "{text}");
                assert!(record_holds(None, raw.as_bytes(), &wanted), "{raw}");
            }
        }
    }
    let wanted = Words::of("policy renewal", false).unwrap();
    let apart = br#"{"a":"policy of renewal","b":"policyrenewal"}"#;
    assert!(!record_holds(None, apart, &wanted));
    let lines = br#"{"a":"Policy\n\nrenewal"}"#;
    assert!(record_holds(None, lines, &wanted));
}
