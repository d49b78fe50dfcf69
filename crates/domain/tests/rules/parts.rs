//! What two records of one call tell together. Not here: how a format writes its parts (`message_events`, `sessions`).

use assay_domain::call::{Call, Kind, Oddity, Status, Tokens};
use assay_domain::parts::{is_part, together};

fn call(model: Option<&str>, part: bool) -> Call {
    let mut call = Call::new(Kind::ClaudeApi, Status::Ok);
    call.request_model = model.map(str::to_owned);
    call.oddities = part
        .then_some([Oddity::PartOfCall, Oddity::TimeMissing])
        .map_or_else(Vec::new, Vec::from);
    call
}

#[test]
fn what_begins_a_call_stands_before_its_later_parts() {
    let mut first = call(Some("claude-a"), false);
    first.started_at_ms = Some(1_790_848_800_000);
    first.tokens.input = Some(3);
    let mut later = call(Some("claude-b"), true);
    later.status = Status::Error;
    later.tokens.input = Some(9);
    later.tokens.output = Some(5);
    later
        .metadata
        .insert("ended_at".to_owned(), "2026-10-01T10:00:02.500Z".to_owned());
    for (new, stored) in [(&first, &later), (&later, &first)] {
        let whole = together(new, stored).unwrap();
        assert_eq!(whole.request_model.as_deref(), Some("claude-a"));
        assert_eq!(
            (whole.tokens.input, whole.tokens.output),
            (Some(3), Some(5))
        );
        assert_eq!(whole.latency_ms, Some(2_500));
        assert_eq!(whole.status, Status::Error);
        assert!(!whole.oddities.contains(&Oddity::TimeMissing));
        assert_eq!(is_part(&whole), is_part(new), "a record stays what it is");
    }
}

#[test]
fn buckets_of_two_parts_are_not_added() {
    let of = |short: Option<u64>, long: Option<u64>| Tokens {
        cache_write_5m: short,
        cache_write_1h: long,
        ..Tokens::default()
    };
    let check = |first: Tokens, later: Tokens, whole: (Option<u64>, Option<u64>)| {
        let mut parts = [call(None, false), call(None, true)];
        (parts[0].tokens, parts[1].tokens) = (first, later);
        let found = together(&parts[1], &parts[0]).unwrap().tokens;
        assert_eq!((found.cache_write_5m, found.cache_write_1h), whole);
    };
    let apart = of(Some(200), Some(100));
    check(of(Some(300), None), apart, (Some(200), Some(100)));
    check(apart, of(Some(300), None), (Some(200), Some(100)));
    check(of(Some(250), None), apart, (Some(250), None));
    check(of(None, None), apart, (Some(200), Some(100)));
    check(of(Some(300), None), of(None, None), (Some(300), None));
}

#[test]
fn of_later_parts_the_first_stands_and_two_beginnings_are_none() {
    let (one, two) = (call(Some("a"), true), call(Some("b"), true));
    let whole = together(&two, &one).unwrap();
    assert_eq!(whole.request_model.as_deref(), Some("a"));
    assert!(together(&call(Some("a"), false), &call(Some("b"), false)).is_none());
}
