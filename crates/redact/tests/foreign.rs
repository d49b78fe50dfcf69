//! Policies of other tools: file → draft and losses, and back.

#![expect(
    clippy::unwrap_used,
    reason = "a panic here is a failing test with its line"
)]

use assay_redact::foreign::{Carried, ForeignError, Form, export, import};
use assay_redact::names::Level;
use assay_redact::operators::{Numbering, Operator};
use assay_redact::policy::Policy;
use assay_redact::redaction::redact;

fn taken(text: &str) -> (Policy, Carried) {
    let carried = import(text, None, "imported").unwrap();
    match Policy::parse(&carried.text) {
        Ok(policy) => (policy, carried),
        Err(error) => panic!("{error}\n{}", carried.text),
    }
}

fn left(policy: &Policy, field: &str, text: &str) -> String {
    let policy = policy.within(Some(field), None);
    redact(text, policy, b"key", &mut Numbering::default()).text
}

fn loses(carried: &Carried, what: &str, becomes: &str) {
    assert!(
        carried
            .losses
            .iter()
            .any(|loss| loss.what.contains(what) && loss.becomes.contains(becomes)),
        "{what} / {becomes}: {:#?}",
        carried.losses
    );
}

const PRESIDIO: &str = r#"
supported_languages: [en, de]
global_regex_flags: 26
recognizers:
  - CreditCardRecognizer
  - name: UrlRecognizer
    type: predefined
    enabled: false
  - name: TransformersRecognizer
    type: predefined
  - name: "Zip code Recognizer"
    type: custom
    supported_languages:
      - language: de
        context: [plz]
      - language: en
        context: [zip, code]
    patterns:
      - name: "zip code (weak)"
        regex: "(\\b\\d{5}(?:\\-\\d{4})?\\b)"
        score: 0.6
      - name: "behind"
        regex: "(?<=zip )\\d{5}"
        score: 0.6
      - name: "twice"
        regex: "(\\d)\\1{4}"
        score: 0.6
    supported_entity: ZIP
  - name: Titles
    supported_language: en
    supported_entity: TITLE
    deny_list: [Mr., Mister]
    deny_list_score: 0.8
"#;

#[test]
fn presidio_s_recognizers_become_rules_and_what_cannot_is_told() {
    let (policy, carried) = taken(PRESIDIO);
    assert_eq!(carried.form, Form::Presidio);
    assert_eq!(
        left(
            &policy,
            "system",
            "the title Mister or Mr. and zip 12345-6789"
        ),
        "the title [TITLE_1] or [TITLE_2] and zip [ZIP_1]"
    );
    assert_eq!(
        left(&policy, "system", "see https://example.com/a"),
        "see https://example.com/a"
    );
    loses(&carried, "`behind` of ZIP", "looks behind");
    loses(&carried, "`twice` of ZIP", "refers back");
    loses(&carried, "UrlRecognizer", "keep");
    loses(&carried, "names of persons", "models are not carried over");
    loses(&carried, "languages", "every language");
    loses(&carried, "deny_list_score", "always found");
    // Back, and taken again, it is the same policy.
    let back = export(&policy, Form::Presidio);
    let (again, _) = taken(&back.text);
    assert_eq!(
        left(&again, "system", "Mister X, zip 12345-6789"),
        "[TITLE_1] X, zip [ZIP_1]"
    );
    assert_eq!(export(&again, Form::Presidio).text, back.text);
    loses(&back, "operators", "anonymizer");
}

#[test]
fn a_type_is_left_alone_only_where_no_recognizer_of_it_is_on() {
    let (policy, carried) = taken(
        r#"
supported_countries: [us]
recognizers:
  - {name: UsPassportRecognizer, type: predefined, score_thresholds: {default: 0.4}}
  - {name: UkPassportRecognizer, type: predefined, enabled: false}
  - {name: SgFinRecognizer, type: predefined, enabled: false}
  - {name: SpacyRecognizer, type: predefined}
"#,
    );
    assert_eq!(
        *policy.operator("PASSPORT"),
        Operator::Replace,
        "one of the United States is hidden there"
    );
    assert_eq!(*policy.operator("SG_NRIC_FIN"), Operator::Keep);
    assert_ne!(policy.names, Level::Off);
    loses(&carried, "supported_countries", "stay on");
    loses(&carried, "score_thresholds of", "one threshold");
}

#[test]
fn an_export_keeps_to_what_the_other_tool_takes() {
    let text = r#"name = "claims.eu"
version = "1"
[operators]
default = { operator = "replace" }
[[deny]]
entity_type = "TITLE"
words = ["Dr.", "Bluebird", "C++"]
[[recognizer]]
name = "policy_number"
entity_type = "POLICY_NUMBER"
score = 0.6
pattern = 'pol-(?P<value>[0-9]{6})'
"#;
    let policy = Policy::parse(text).unwrap();
    let bedrock = export(&policy, Form::Bedrock);
    let request: serde_json::Value = serde_json::from_str(&bedrock.text).unwrap();
    assert_eq!(
        request["name"], "claims-eu",
        "a guardrail's name has no dot"
    );
    assert_eq!(request.get("description"), None, "an empty one is refused");
    let regexes = &request["sensitiveInformationPolicyConfig"]["regexesConfig"];
    let words = regexes[1]["pattern"].as_str().unwrap();
    let words = regex::Regex::new(words).unwrap();
    for (text, is_found) in [
        ("Dr. Meyer", true),
        ("in C++, say", true),
        ("bluebirds", false),
    ] {
        assert_eq!(words.is_match(text), is_found, "{text}");
    }
    loses(&bedrock, "`policy_number`: the group", "whole match");
    loses(
        &export(&policy, Form::Presidio),
        "`policy_number`: the group",
        "whole match",
    );
    let litellm = export(&policy, Form::Litellm);
    assert!(
        litellm.text.contains("US_PASSPORT: MASK"),
        "{}",
        litellm.text
    );
    loses(
        &litellm,
        "does not look for as it is shipped",
        "UK_PASSPORT",
    );
}

#[test]
fn ad_hoc_recognizers_are_a_list_as_json() {
    let (policy, _) = taken(
        r#"[{"name": "Ticket", "supported_language": "en", "supported_entity": "TICKET",
            "patterns": [{"name": "ticket", "regex": "TCK-\\d{6}", "score": 0.9}]}]"#,
    );
    assert_eq!(left(&policy, "system", "tck-123456"), "[TICKET_1]");
}

const LITELLM: &str = r#"
model_list:
  - model_name: claude
guardrails:
  - guardrail_name: "presidio-mask"
    litellm_params:
      guardrail: presidio
      mode: "pre_call"
      presidio_language: "en"
      presidio_score_thresholds:
        ALL: 0.7
        PERSON: 0.85
      pii_entities_config:
        EMAIL_ADDRESS: "MASK"
        CREDIT_CARD: "BLOCK"
        MARTIAN_ID: "MASK"
  - guardrail_name: "out"
    litellm_params:
      guardrail: presidio
      mode: [pre_call, post_call]
      default_on: true
      pii_entities_config: {PERSON: MASK, IP_ADDRESS: MASK}
      presidio_entities_deny_list: [URL]
  - guardrail_name: "spares"
    litellm_params:
      guardrail: presidio
      mode: pre_call
      default_on: true
      pii_entities_config: {US_SSN: MASK, IBAN_CODE: MASK}
      presidio_entities_deny_list: [IBAN_CODE]
  - guardrail_name: "aporia-guard"
    litellm_params: {guardrail: aporia, mode: during_call}
"#;

#[test]
fn litellm_s_guardrails_become_operators_by_way() {
    let (policy, carried) = taken(LITELLM);
    assert_eq!(carried.form, Form::Litellm);
    assert!((policy.threshold - 0.7).abs() < 1e-6);
    let said = "jo.doe@example.com 203.0.113.7";
    assert_eq!(
        left(
            &policy,
            "user_message",
            "jo.doe@example.com, ip 203.0.113.7"
        ),
        "[EMAIL_ADDRESS_1], ip [IP_ADDRESS_1]"
    );
    assert!(
        left(&policy, "response", said).starts_with("jo.doe@example.com"),
        "it runs before the call only"
    );
    loses(&carried, "BLOCK of CREDIT_CARD", "`replace`");
    loses(&carried, "MARTIAN_ID", "no recognizer here");
    loses(&carried, "aporia", "left out");
    loses(&carried, "by type: PERSON 0.85", "one threshold");
    loses(&carried, "does not list", "`keep`");
    loses(&carried, "not `default_on`", "every call");
    assert!(carried.text.contains("US_SSN"));
    assert!(
        !carried.text.contains("IBAN_CODE"),
        "named, and dropped from what was found"
    );
    let back = export(&policy, Form::Litellm);
    let (again, _) = taken(&back.text);
    assert_eq!(
        export(&again, Form::Litellm).text,
        back.text,
        "{}",
        back.text
    );
    loses(&back, "secrets", "go through");
}

const CONTENT_FILTER: &str = r#"
guardrails:
  - guardrail_name: "filter"
    litellm_params:
      guardrail: litellm_content_filter
      mode: "pre_call"
      default_on: true
      patterns:
        - {pattern_type: prebuilt, pattern_name: us_ssn, action: MASK}
        - {pattern_type: prebuilt, pattern_name: visa, action: BLOCK}
        - {pattern_type: prebuilt, pattern_name: religion, action: MASK}
        - {pattern_type: prebuilt, pattern_name: flight_number, action: MASK}
        - {pattern_type: regex, name: "case number", pattern: 'CASE-\d{5}', action: MASK}
        - {pattern_type: regex, name: behind, pattern: '(?<=x)\d{5}', action: MASK}
      blocked_words:
        - {keyword: "Project Heron", action: MASK, description: "not announced"}
        - {keyword: "bl*eberry", action: BLOCK}
      blocked_words_file: words.yaml
      categories:
        - {category: harmful_self_harm, action: BLOCK}
      pattern_redaction_format: "<{pattern_name}>"
      competitor_intent_config: {brand_self: [us]}
"#;

#[test]
fn litellm_s_content_filter_becomes_operators_patterns_and_words() {
    let (policy, carried) = taken(CONTENT_FILTER);
    assert_eq!(carried.form, Form::Litellm);
    let said = "ssn 536-90-4399, case-12345, about project heron and blueberry, ip 203.0.113.7";
    assert_eq!(
        left(&policy, "user_message", said),
        "ssn [US_SSN_1], [CASE_NUMBER_1], about [BLOCKED_WORD_1] and [BLOCKED_WORD_2], ip 203.0.113.7"
    );
    assert_eq!(
        left(&policy, "response", said),
        said,
        "before the call only"
    );
    assert!(carried.text.contains("CREDIT_CARD"));
    loses(&carried, "BLOCK of visa, bl*eberry", "`replace`");
    loses(&carried, "visa", "every issuer");
    loses(&carried, "prebuilt religion", "no recognizer here");
    loses(&carried, "prebuilt flight_number", "no recognizer here");
    loses(&carried, "`behind`", "looks behind");
    loses(
        &carried,
        "blocked_words_file = \"words.yaml\"",
        "import that file",
    );
    loses(&carried, "categories", "no personal data");
    loses(&carried, "competitor_intent_config", "no personal data");
    loses(&carried, "pattern_redaction_format", "placeholder");
    loses(&carried, "does not list", "`keep`");
}

#[test]
fn litellm_s_file_of_blocked_words_is_imported_by_itself() {
    let (policy, carried) =
        taken("blocked_words:\n  - {keyword: Heron, action: BLOCK}\n  - {action: MASK}\n");
    assert_eq!(carried.form, Form::Litellm);
    assert_eq!(
        left(&policy, "response", "the heron."),
        "the [BLOCKED_WORD_1]."
    );
    loses(&carried, "1 of its blocked words", "no `keyword`");
}

const BEDROCK: &str = r#"{
  "name": "g", "blockedInputMessaging": "no", "blockedOutputsMessaging": "no",
  "topicPolicyConfig": {"topicsConfig": []}, "automatedReasoningPolicyConfig": {"policies": []},
  "sensitiveInformationPolicyConfig": {
    "piiEntitiesConfig": [
      {"type": "EMAIL", "action": "ANONYMIZE"},
      {"type": "IP_ADDRESS", "action": "ANONYMIZE", "inputAction": "NONE", "outputAction": "BLOCK"},
      {"type": "URL", "action": "BLOCK", "outputEnabled": false},
      {"type": "MARTIAN", "action": "BLOCK"}
    ],
    "regexesConfig": [
      {"name": "Ticket no", "description": "a ticket", "pattern": "TCK-[0-9]{6}", "action": "ANONYMIZE"},
      {"name": "Ahead", "pattern": "a(?=b)", "action": "BLOCK"}
    ]
  }
}"#;

#[test]
fn bedrock_s_guardrail_becomes_operators_by_way() {
    let (policy, carried) = taken(BEDROCK);
    assert_eq!(carried.form, Form::Bedrock);
    let said = "jo.doe@example.com TCK-123456 https://example.com/a from 203.0.113.7";
    assert_eq!(
        left(&policy, "user_message", said),
        "[EMAIL_ADDRESS_1] [TICKET_NO_1] [URL_1] from 203.0.113.7"
    );
    assert_eq!(
        left(&policy, "response", said),
        "[EMAIL_ADDRESS_1] [TICKET_NO_1] https://example.com/a from [IP_ADDRESS_1]"
    );
    loses(&carried, "MARTIAN", "left out");
    loses(&carried, "BLOCK of IP_ADDRESS, URL", "`replace`");
    loses(&carried, "`Ahead` of AHEAD", "looks ahead");
    for other in ["topicPolicy", "automatedReasoningPolicy"] {
        loses(&carried, other, "no rule about personal data");
    }
    let back = export(&policy, Form::Bedrock);
    let (again, _) = taken(&back.text);
    assert_eq!(export(&again, Form::Bedrock).text, back.text);
    assert!(
        back.text.contains("\"inputAction\": \"NONE\""),
        "{}",
        back.text
    );
    // The answer of GetGuardrail has other names for the same.
    let described = BEDROCK
        .replace("PolicyConfig", "Policy")
        .replace("EntitiesConfig", "Entities")
        .replace("regexesConfig", "regexes");
    assert_eq!(taken(&described).1.text, carried.text);
}

#[test]
fn what_an_export_cannot_say_is_told() {
    let text = r#"name = "t"
version = "1"
allow = ["x@example.com"]
[operators]
default = { operator = "replace" }
CREDIT_CARD = { operator = "mask", keep_last = 4 }
[[scope]]
fields = ["tool_input"]
[scope.operators]
EMAIL_ADDRESS = { operator = "keep" }
"#;
    let policy = Policy::parse(text).unwrap();
    for form in Form::ALL {
        let carried = export(&policy, form);
        loses(&carried, "allow list (1)", "treated there");
        if form != Form::Presidio {
            loses(&carried, "CREDIT_CARD: operator `mask`", "name of the type");
            loses(&carried, "scopes by field", "what goes to the model");
        }
    }
    let presidio = export(&policy, Form::Presidio);
    loses(&presidio, "scopes (1)", "no fields of a call");
    loses(&presidio, "the threshold (0.5)", "default_score_threshold");
    loses(
        &export(&policy, Form::Bedrock),
        "types without a twin",
        "ANTHROPIC_API_KEY",
    );
}

#[test]
fn what_is_no_configuration_says_what_was_looked_for() {
    let error = |text: &str, form| import(text, form, "x").unwrap_err();
    assert_eq!(error("a: 1\n", None), ForeignError::Unknown);
    assert_eq!(
        error("guardrails: []\n", Some(Form::Litellm)),
        ForeignError::Empty("LiteLLM")
    );
    assert!(matches!(error("{\"a\": ", None), ForeignError::Syntax(_)));
    assert!(matches!(
        error("a: [1\nb: }", None),
        ForeignError::Syntax(_)
    ));
    // A bomb of aliases is bounded, not followed.
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let inner = vec![format!("*a{}", level - 1); 9].join(", ");
        bomb.push_str(&format!("a{level}: &a{level} [{inner}]\n"));
    }
    bomb.push_str("recognizers: *a11\n");
    let _ = import(&bomb, None, "x");
}
