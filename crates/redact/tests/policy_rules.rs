//! Scopes, the allow list and rules that fight: text of a policy → what it does, or why it is refused.

#![expect(
    clippy::unwrap_used,
    reason = "a panic here is a failing test with its line"
)]

use assay_redact::operators::Numbering;
use assay_redact::policy::Policy;
use assay_redact::policy::allow::day_of;
use assay_redact::redaction::{redact, silenced};

const HEAD: &str = "name = \"t\"\nversion = \"1\"\n";
const OPERATORS: &str = "[operators]\ndefault = { operator = \"replace\" }\n";

fn policy(lists: &str, rest: &str) -> Policy {
    Policy::parse(&format!("{HEAD}{lists}\n{OPERATORS}{rest}")).unwrap()
}

fn refused(lists: &str, rest: &str) -> String {
    match Policy::parse(&format!("{HEAD}{lists}\n{OPERATORS}{rest}")) {
        Ok(_) => panic!("accepted: {lists} {rest}"),
        Err(error) => error.to_string(),
    }
}

fn left(policy: &Policy, text: &str) -> String {
    redact(text, policy, b"key", &mut Numbering::default()).text
}

const SAID: &str = "jo.doe@example.com from 192.168.13.7";

#[test]
fn a_scope_says_what_is_other_in_a_field_or_a_deployment() {
    let scopes = r#"
[[scope]]
fields = ["tool_input"]
[scope.operators]
EMAIL_ADDRESS = { operator = "keep" }
[[scope]]
deployments = ["claims"]
[scope.operators]
IP_ADDRESS = { operator = "redact" }
"#;
    let policy = policy("", scopes);
    let at = |field, deployment| left(policy.within(field, deployment), SAID);
    assert_eq!(at(None, None), "[EMAIL_ADDRESS_1] from [IP_ADDRESS_1]");
    assert_eq!(at(Some("system"), Some("other")), at(None, None));
    assert_eq!(
        at(Some("tool_input"), None),
        "jo.doe@example.com from [IP_ADDRESS_1]"
    );
    assert_eq!(
        at(Some("system"), Some("claims")),
        "[EMAIL_ADDRESS_1] from "
    );
    assert_eq!(
        at(Some("tool_input"), Some("claims")),
        "jo.doe@example.com from "
    );
}

#[test]
fn a_record_as_a_whole_shows_nothing_that_one_of_its_fields_hides() {
    let text = format!(
        "{HEAD}{}",
        r#"allow = [{ exact = "jo.doe@example.com", fields = ["system"] }]
[operators]
default = { operator = "replace" }
IP_ADDRESS = { operator = "keep" }
[[scope]]
fields = ["tool_result"]
threshold = 0.1
[scope.operators]
IP_ADDRESS = { operator = "mask" }
EMAIL_ADDRESS = { operator = "keep" }
"#
    );
    let policy = Policy::parse(&text).unwrap();
    let whole = policy.anywhere(None);
    assert_eq!(left(whole, SAID), "[EMAIL_ADDRESS_1] from ***.***.**.*");
    assert!((whole.threshold - 0.1).abs() < f32::EPSILON);
    assert_eq!(
        left(policy.within(Some("system"), None), SAID),
        SAID,
        "its own field keeps it"
    );
}

#[test]
fn an_entry_of_the_allow_list_has_a_type_a_field_and_a_last_day() {
    let lists = r#"allow = [
  "support@example.com",
  { pattern = ".*@example\\.org", entity_type = "EMAIL_ADDRESS", reason = "our own" },
  { exact = "192.168.13.7", fields = ["system"], until = "2027-01-31" },
]"#;
    let text = format!("{HEAD}{lists}\n{OPERATORS}");
    let said = "support@example.com, ann@example.org, 192.168.13.7";
    let on = |day: &str, field: Option<&str>| {
        let policy = Policy::parse_on(&text, day_of(day).unwrap()).unwrap();
        left(policy.within(field, None), said)
    };
    let hidden = "support@example.com, ann@example.org, [IP_ADDRESS_1]";
    assert_eq!(on("2027-01-31", Some("system")), said);
    assert_eq!(on("2027-02-01", Some("system")), hidden);
    assert_eq!(on("2027-01-31", Some("response")), hidden);
    // Where nobody says which day it is, no entry that ends counts.
    let policy = Policy::parse(&text).unwrap();
    assert_eq!(left(policy.within(Some("system"), None), said), hidden);
    let told: Vec<String> = silenced(said, &policy)
        .iter()
        .map(|one| policy.allow_list()[one.entry].said())
        .collect();
    assert_eq!(
        told,
        [
            "allow[1] leaves `support@example.com` alone",
            "allow[2] leaves the pattern `.*@example\\.org` alone as EMAIL_ADDRESS: our own"
        ]
    );
}

#[test]
fn a_pattern_must_be_the_whole_value() {
    let policy = policy(
        "allow = [{ pattern = \"jo\", entity_type = \"EMAIL_ADDRESS\" }]",
        "",
    );
    assert_eq!(left(&policy, "jo.doe@example.com"), "[EMAIL_ADDRESS_1]");
}

#[test]
fn an_allow_list_does_not_switch_a_secret_off() {
    for entry in [
        "{ pattern = \".*\" }",
        "{ pattern = \"(?s).+\" }",
        "{ pattern = \"AKIA.*\" }",
        "{ pattern = \"[A-Z0-9]{20}\", entity_type = \"AWS_ACCESS_KEY\" }",
    ] {
        let error = refused(&format!("allow = [{entry}]"), "");
        assert!(
            error.contains("allow[1]") && error.contains("secret") && error.contains("exact"),
            "{entry}: {error}"
        );
    }
    let error = refused("allow = [{ entity_type = \"AWS_ACCESS_KEY\" }]", "");
    assert!(error.contains("whole type"), "{error}");
    for entry in [
        "\"AKIAIOSFODNN7EXAMPLE\"",
        "{ pattern = \"AKIAIOSFODNN7EXAMPLE\" }",
        "{ pattern = \".*\", entity_type = \"EMAIL_ADDRESS\" }",
    ] {
        policy(&format!("allow = [{entry}]"), "");
    }
}

#[test]
fn two_rules_that_fight_are_both_named() {
    let check = |lists: &str, rest: &str, words: &[&str]| {
        let error = refused(lists, rest);
        for word in words {
            assert!(error.contains(word), "{word}: {error}");
        }
    };
    let deny = "[[deny]]\nentity_type = \"PROJECT\"\nwords = [\"Bluebird\"]\n";
    check(
        "allow = [\"bluebird\"]",
        deny,
        &["deny[1]", "allow[1]", "Bluebird"],
    );
    check(
        "",
        &format!("{deny}[[deny]]\nentity_type = \"CLIENT\"\nwords = [\"bluebird\"]\n"),
        &["deny[2]", "deny[1]", "PROJECT", "CLIENT"],
    );
    let recognizer = |name: &str| {
        format!(
            "[[recognizer]]\nname = \"{name}\"\nentity_type = \"TICKET\"\ncategory = \"custom\"\nabout = \"a ticket\"\npattern = \"TCK-[0-9]{{6}}\"\nscore = 0.9\n"
        )
    };
    check(
        "",
        &format!("{}{}", recognizer("ticket"), recognizer("ticket")),
        &["recognizer[2]", "recognizer[1]", "`ticket`"],
    );
    let scope = |names: &str, operator: &str| {
        format!("[[scope]]\n{names}\n[scope.operators]\nURL = {{ operator = \"{operator}\" }}\n")
    };
    let fields = "fields = [\"system\", \"response\"]";
    check(
        "",
        &format!(
            "{}{}",
            scope(fields, "keep"),
            scope("deployments = [\"claims\"]", "mask")
        ),
        &["scope[2]", "scope[1]", "URL", "system", "claims"],
    );
    // The same, or in places that never meet, is no fight.
    policy("", &format!("{0}{0}", scope(fields, "keep")));
    policy(
        "",
        &format!(
            "{}{}",
            scope(fields, "keep"),
            scope("fields = [\"metadata\"]", "mask")
        ),
    );
}

#[test]
fn what_is_wrong_says_what_to_do() {
    let error = refused("", "EMAIL_ADRESS = { operator = \"mask\" }\n");
    assert!(error.contains("did you mean `EMAIL_ADDRESS`?"), "{error}");
    let error = refused(
        "",
        "[[scope]]\n[scope.operators]\nURL = { operator = \"mask\" }\n",
    );
    assert!(
        error.contains("neither `fields` nor `deployments`"),
        "{error}"
    );
    let error = refused("allow = [{ exact = \"x\", until = \"31.1.2027\" }]", "");
    assert!(error.contains("2027-01-31"), "{error}");
    let error = refused("allow = [{ pattern = \"(?<=a)b\" }]", "");
    assert!(error.contains("allow[1].pattern"), "{error}");
    assert_eq!(day_of("1970-01-01"), Some(0));
    assert_eq!(day_of("2000-02-29"), Some(11_016));
    assert_eq!(day_of("2027-02-29"), None);
}
