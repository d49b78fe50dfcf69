//! Texts that were masked, and texts that only look like it.

use assay_domain::masks::{is_masked, may_be_masked, may_hold};

#[test]
fn placeholders_are_told_from_what_only_looks_like_them() {
    for (text, is) in [
        ("write to <EMAIL_ADDRESS> today", true),
        ("<PERSON_2> called", true),
        ("the key is [REDACTED].", true),
        ("card *** please", true),
        ("redacted-by-litellm", true),
        ("<HTML> and <b>bold</b>", false),
        ("a [link] and [NOTE]", false),
        ("***emphasis*** and **bold**", false),
        ("one\n***\ntwo", false),
        ("sk-***", false),
        ("", false),
    ] {
        assert_eq!(is_masked(text), is, "{text}");
        let json = serde_json::json!({ "text": text }).to_string();
        assert!(may_hold(&json) || !is, "{text}");
    }
    for (text, may) in [
        ("mail {EMAIL} now", true),
        ("[ANTHROPIC_API_KEY_1]", true),
        ("[EMAIL_ADDRESS:0123456789abcdef]", true),
        ("card 4532************7890", true),
        ("<DE_TAX_ID>", true),
        ("[A] and {x} and <b> and {\"NAME\": 1}", false),
        ("<unclosed NAME", false),
        ("[", false),
    ] {
        assert_eq!(may_be_masked(text), may, "{text}");
    }
    assert!(may_hold("{\"a\":\"\\u003cPERSON\\u003e\"}"));
    assert!(!may_hold("{\"a\":[1,[2]],\"b\":\"x < y\"}"));
}

#[test]
fn each_name_of_a_placeholder_is_known() {
    let names = "ADDRESS API_KEY CREDIT_CARD CREDIT_CARD_NUMBER CRYPTO DATE_OF_BIRTH DATE_TIME EMAIL EMAIL_ADDRESS IBAN IBAN_CODE
        IP_ADDRESS LOCATION MASKED MEDICAL_LICENSE NAME NRP PASSWORD PERSON PHI PHONE PHONE_NUMBER PII REDACTED SECRET SSN
        UK_NHS URL US_BANK_NUMBER US_DRIVER_LICENSE US_PASSPORT US_SSN";
    for name in names.split_whitespace() {
        assert!(is_masked(&format!("of <{name}> and")), "{name}");
        assert!(is_masked(&format!("of [{name}_12] and")), "{name}");
        assert!(!is_masked(&format!("of <{name}X> and")), "{name}");
    }
}
