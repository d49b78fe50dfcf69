//! Texts of queries → terms, or what is wrong and what helps.

use assay_domain::query::keys::Table;
use assay_domain::query::{Match, Query, QueryError, Term, Test, term_for};
use assay_domain::words::Words;

fn calls(text: &str) -> Result<Query, QueryError> {
    Query::parse(text, Table::Calls)
}

fn only(text: &str) -> Term {
    let mut terms = calls(text).unwrap().terms;
    assert_eq!(terms.len(), 1, "{text}");
    terms.remove(0)
}

fn number_of(text: &str) -> (Option<i64>, Option<i64>) {
    match only(text).test {
        Test::Field { any, .. } => match any.as_slice() {
            [Match::Number { from, to }] => (*from, *to),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

#[test]
fn terms_split_at_spaces_outside_quotes() {
    let query = calls("kind:bedrock -status:ok \"policy renewal\" premium").unwrap();
    assert_eq!(query.terms.len(), 4);
    assert!(query.terms[1].excluded);
    let words = |text: &str, is_prefix| Test::Text(Words::of(text, is_prefix).unwrap());
    assert_eq!(query.terms[2].test, words("policy renewal", false));
    assert_eq!(query.terms[3].test, words("premium", false));
    assert_eq!(only("renew*").test, words("renew", true));
    assert_eq!(only("\"policy renew*\"").test, words("policy renew", false));
}

#[test]
fn a_text_without_a_word_is_refused() {
    assert!(calls("…").unwrap_err().message.contains("no word"));
    assert!(calls("\"?!\"").is_err());
}

#[test]
fn a_comma_is_or_and_a_star_a_prefix() {
    let term = only("served_region:eu-*,us-east-1");
    let Test::Field { any, .. } = term.test else {
        panic!()
    };
    assert_eq!(
        any,
        [
            Match::Prefix("eu-".to_owned()),
            Match::Text("us-east-1".to_owned())
        ]
    );
    let Test::Field { any, .. } = only("principal:\"a,b*\"").test else {
        panic!()
    };
    assert_eq!(any, [Match::Text("a,b*".to_owned())]);
}

#[test]
fn ranges_include_both_ends_and_a_date_is_a_day() {
    assert_eq!(number_of("latency_ms:>1000"), (Some(1001), None));
    assert_eq!(number_of("latency_ms:<=5"), (None, Some(5)));
    assert_eq!(number_of("input_tokens:10..20"), (Some(10), Some(20)));
    assert_eq!(number_of("input_tokens:..20"), (None, Some(20)));
    assert_eq!(number_of("cost_usd:>=0.5"), (Some(500_000), None));
    let day = 86_400_000;
    let first = 1_790_812_800_000;
    assert_eq!(
        number_of("started_at:2026-10-01..2026-10-01"),
        (Some(first), Some(first + day - 1))
    );
    assert_eq!(
        number_of("started_at:>2026-10-01"),
        (Some(first + day), None)
    );
}

#[test]
fn an_unknown_field_names_the_nearest() {
    let error = calls("stauts:ok").unwrap_err();
    assert_eq!(error.message, "unknown field: `stauts`");
    assert_eq!(error.hint.as_deref(), Some("did you mean `status`?"));
}

#[test]
fn a_wrong_value_says_what_it_takes() {
    assert!(
        calls("status:good")
            .unwrap_err()
            .hint
            .unwrap()
            .contains("ok, error")
    );
    assert!(calls("latency_ms:fast").is_err());
    assert!(calls("kind:").is_err());
    assert!(
        calls("\"open")
            .unwrap_err()
            .message
            .contains("quotation mark")
    );
    assert!(calls("http://x").is_err());
}

#[test]
fn a_written_term_reads_back() {
    for value in [
        "eu-west-1",
        "a b",
        "say \"hi\" \\ there",
        "x..y",
        "a,b",
        "global*",
    ] {
        let text = term_for("principal", Some(value));
        let Test::Field { any, .. } = only(&text).test else {
            panic!("{text}")
        };
        assert_eq!(any, [Match::Text(value.to_owned())], "{text}");
    }
    assert_eq!(term_for("served_region", None), "-has:served_region");
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in ".{0,60}") {
        let _ = calls(&text);
    }
}
