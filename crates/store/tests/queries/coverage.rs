//! What each source saw and tells, against what was appended and what queries count.

use assay_domain::call::Body;
use assay_domain::coverage::{FIELDS, Told, bit, field_name};
use assay_domain::formats::Format;
use assay_store::coverage::Period;
use assay_store::fsck::Depth;
use assay_store::open::Store;
use proptest::test_runner::TestCaseError;
use proptest::{prop_assert, prop_assert_eq};

use super::{Drawn, query};

const SOURCES: [Format; 3] = [
    Format::BedrockInvocationLog,
    Format::CloudTrail,
    Format::LiteLlm,
];

/// Every count of coverage is that of the records that were appended, and of its query.
pub(super) fn agrees(store: &Store, drawn: &[Drawn]) -> Result<(), TestCaseError> {
    let count = |text: &str| store.count(&query(text)).unwrap().0;
    let seen = store.seen(Period::default()).unwrap();
    let with = |all: u64, none: u64| -> u64 {
        seen.iter()
            .filter(|one| one.sources & all == all && one.sources & none == 0)
            .map(|one| one.calls)
            .sum()
    };
    prop_assert_eq!(with(0, 0), count(""));
    for (index, source) in SOURCES.into_iter().enumerate() {
        let name = source.name();
        prop_assert_eq!(with(bit(source), 0), count(&format!("source:{name}")));
        for other in SOURCES.into_iter().filter(|other| *other != source) {
            let both = format!("source:{name} source:{}", other.name());
            let only = format!("source:{name} -source:{}", other.name());
            prop_assert_eq!(with(bit(source) | bit(other), 0), count(&both));
            prop_assert_eq!(with(bit(source), bit(other)), count(&only));
        }
        for one in seen.iter().filter(|one| one.by(source)) {
            let Some(hour) = one.hour_ms else { continue };
            let at = format!(
                "started_at:>={} started_at:<{}",
                assay_domain::moment::rfc3339(hour),
                assay_domain::moment::rfc3339(hour + 3_600_000)
            );
            let all: u64 = seen
                .iter()
                .filter(|other| other.by(source) && other.hour_ms == Some(hour))
                .map(|other| other.calls)
                .sum();
            prop_assert_eq!(all, count(&format!("source:{name} {at}")));
        }
        let told: Vec<Told> = store
            .told(Period::default())
            .unwrap()
            .into_iter()
            .filter(|told| told.source == name)
            .collect();
        let records = drawn.iter().filter(|one| one.source == index);
        prop_assert_eq!(
            told.iter().map(|told| told.records).sum::<u64>(),
            records.clone().count() as u64
        );
        prop_assert_eq!(
            told.iter().map(|told| told.text_held).sum::<u64>(),
            records
                .clone()
                .filter(|one| one.present && !one.failed)
                .count() as u64
        );
        for (at, column) in FIELDS.iter().enumerate() {
            let lacking = count(&format!("record:{name}.no_{}", field_name(column)));
            let all: u64 = told.iter().map(|told| told.records).sum();
            let tell: u64 = told.iter().map(|told| told.fields[at]).sum();
            // Several records of one call are one call in the list.
            prop_assert!(lacking <= all - tell, "{} {}", name, column);
            prop_assert_eq!(lacking == 0, all == tell, "{} {}", name, column);
        }
    }
    // The same, read from the records.
    let scanned = store
        .told(Period {
            from_ms: Some(1),
            to_ms: None,
        })
        .unwrap();
    let mut rolled = store.told(Period::default()).unwrap();
    rolled.retain(|told| told.day_ms.is_some());
    prop_assert_eq!(rolled, scanned);
    let report = store
        .fsck(Depth::Records, &[], &mut |_, _, _| Ok(()))
        .unwrap();
    prop_assert!(report.is_ok(), "{:?}", report.damage);
    prop_assert!(report.checked.contains_key("rows of coverage"));
    Ok(())
}

/// Text that a record lacks is counted by the source that lacks it.
#[test]
fn a_source_that_lacks_text_is_counted_although_another_holds_it() {
    use super::{append, record, store};
    use assay_domain::call::{Call, Kind, Status};
    let (_folder, store) = store();
    let with = |source: &'static str, body: Body| {
        let mut call = Call::new(Kind::Bedrock, Status::Ok);
        call.started_at_ms = Some(super::NOW);
        call.body = body;
        call.request_ids
            .insert("aws_request_id".to_owned(), "r-1".to_owned());
        record(source, source, call, "claims")
    };
    append(
        &store,
        vec![
            with("bedrock_invocation_log", Body::Missing),
            with("litellm", Body::Present),
            with("cloudtrail", Body::NotCarried),
        ],
    );
    let told = store.told(Period::default()).unwrap();
    let missing: Vec<(String, u64, u64)> = told
        .into_iter()
        .map(|told| (told.source.clone(), told.text_missing, told.text_of()))
        .collect();
    assert_eq!(
        missing,
        [
            ("bedrock_invocation_log".to_owned(), 1, 1),
            ("litellm".to_owned(), 0, 1),
            ("cloudtrail".to_owned(), 0, 0)
        ]
    );
    let count = |text: &str| store.count(&query(text)).unwrap().0;
    assert_eq!(count("record:bedrock_invocation_log.no_text"), 1);
    assert_eq!(count("record:litellm.no_text"), 0);
    assert_eq!(count("body:missing"), 0, "the call has its text");
}
