//! A framework's span around a client's: which two tell one call. Not here: how spans are written (`frameworks`).

use std::collections::BTreeMap;

use assay_domain::call::Tokens;
use assay_domain::parts::{PARENT_ID, SPAN_ID};
use assay_domain::same_call::spans::{Span, is_of_framework, key, may_be_of_one};

fn ids(of: &[(&str, &str)]) -> BTreeMap<String, String> {
    let own = |(name, id): &(&str, &str)| ((*name).to_owned(), (*id).to_owned());
    of.iter().map(own).collect()
}

#[test]
fn a_clients_span_lies_within_the_time_of_the_frameworks() {
    let framework = ids(&[(SPAN_ID, "t1/a"), (PARENT_ID, "t1/r")]);
    let root = ids(&[(SPAN_ID, "t2/c"), ("message_id", "msg_1")]);
    let beside = ids(&[(SPAN_ID, "t1/c"), (PARENT_ID, "t1/r")]);
    let other = ids(&[(SPAN_ID, "t2/c"), (PARENT_ID, "t2/r")]);
    let (counted, uncounted) = (of(Some(400)), of(None));
    let check = |is_expected: bool, client: &BTreeMap<String, String>, began_ms, lasted_ms| {
        let of_framework = |tokens| Span {
            request_ids: &framework,
            tokens,
            began_ms: 1_000,
            lasted_ms: Some(500),
        };
        let client = Span {
            request_ids: client,
            tokens: &counted,
            began_ms,
            lasted_ms,
        };
        let is = may_be_of_one(&of_framework(&uncounted), &client);
        assert_eq!(is, is_expected, "{client:?}");
        may_be_of_one(&of_framework(&counted), &client)
    };
    check(true, &root, 1_100, Some(300));
    check(true, &beside, 1_100, Some(300));
    check(true, &root, 999, Some(502));
    check(false, &other, 1_100, Some(300));
    check(true, &root, 1_100, Some(450));
    check(false, &root, 1_300, Some(400));
    check(false, &root, 1_100, None);
    assert!(check(false, &root, 990, Some(300)), "as much of both");
    assert!(!check(false, &root, 890, Some(300)));
}

fn of(input: Option<u64>) -> Tokens {
    Tokens {
        input,
        output: Some(53),
        ..Tokens::default()
    }
}

#[test]
fn a_framework_that_counts_the_input_is_found_by_that() {
    let model = (Some("claude-opus-4-7"), None);
    let client = key(model, &of(Some(400)), false);
    assert!(client.is_some());
    assert_eq!(key(model, &of(None), true), client);
    assert_eq!(key(model, &of(Some(400)), true), None);
    assert_eq!(key(model, &Tokens::default(), true), None);
    assert!(is_of_framework(&ids(&[(SPAN_ID, "t/a")])));
    assert!(!is_of_framework(&ids(&[
        (SPAN_ID, "t/a"),
        ("message_id", "msg_1")
    ])));
    assert!(!is_of_framework(&ids(&[("gateway_id", "g")])));
}
