//! A test set with a text that was taken from a record.

use assay_store::open::Store;
use assay_store::test_sets::{FromCall, NewLabel, NewText};

/// A text of the record in a test set, labelled.
pub(crate) fn holding(store: &Store, seq: u64, who: &str) -> String {
    let mut writer = store.writer().unwrap();
    let name = "claims".to_owned();
    writer.make_test_set(&name, None, None, "Ola", 0).unwrap();
    let text = NewText {
        text: format!("ask {who}"),
        language: None,
        field: None,
        labels: vec![NewLabel {
            from_point: 4,
            to_point: 8,
            entity_type: "PERSON".to_owned(),
        }],
    };
    let from = FromCall {
        call_seq: seq,
        call_id: "taken from",
    };
    let set = store.test_set(&name).unwrap();
    writer
        .add_test_texts(&set, Some(from), &[text], "Ola", 0)
        .unwrap();
    name
}
