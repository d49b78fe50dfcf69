//! Definitions → calls that are theirs, or the place of what is wrong.

use assay_domain::call::{Call, Kind, Status};
use assay_domain::deployment::{Definition, name_for};

const GOOD: &str = "name = 'claims-eu'\nkind = 'bedrock'\nregulated = true\nallowed_places = ['geo:eu']\n[match]\naccounts = ['111122223333']\n[requirements]\nlog_retention_min_days = 183\nlog_retention_min_clause = 'EU AI Act Art. 26(6)'\n[[declared]]\ntopic = 'processor'\nstatement = 'DPA signed'\nsource = 'Contract 7'\nas_of = '2026-01-31'\n";

#[test]
fn a_definition_matches_its_calls() {
    let definition = Definition::parse(GOOD).unwrap();
    let mut call = Call::new(Kind::Bedrock, Status::Ok);
    assert!(!definition.matches(&call, "bedrock"));
    call.account = Some("111122223333".into());
    assert!(definition.matches(&call, "bedrock"));
    assert_eq!(name_for(&call), "bedrock-111122223333");
    assert!(!Definition::bare("x", Kind::Bedrock).matches(&call, "bedrock"));
}

#[test]
fn an_unusable_definition_says_where() {
    let error = |from: &str, to: &str| {
        Definition::parse(&GOOD.replace(from, to))
            .unwrap_err()
            .to_string()
    };
    assert!(
        error("'bedrock'", "'bedrok'").starts_with("line 2"),
        "{}",
        error("'bedrock'", "'bedrok'")
    );
    assert!(error("geo:eu", "geo:europe").contains("allowed_places"));
    assert!(error("regulated", "regulatd").contains("line 3"));
    assert!(error("2026-01-31", "31.1.2026").contains("declared.as_of"));
    assert!(
        error(
            "log_retention_min_days = 183",
            "log_retention_min_days = 183\nlog_retention_max_days = 90"
        )
        .contains("split")
    );
}
