//! A call with all that people keep beside one: a note, a tag, a place in a review sample.

use assay_domain::query::Query;
use assay_domain::review_sample::Allocation;
use assay_store::calls::CallRecord;
use assay_store::notes::{NewNote, TagOn};
use assay_store::open::Store;
use assay_store::review_samples::{Drawing, NewSample};

/// Writes a note of `tester` on the call, tags it `odd`, and draws sample 1 from what `only` matches.
pub(crate) fn annotate(store: &Store, call: &CallRecord, only: &Query, now_ms: i64) {
    let (tree_size, root) = store.tree().unwrap();
    let drawing = Drawing {
        query: only,
        by: &[],
        seed: 1,
        size: 1,
        allocation: Allocation::Equal,
        tree_size,
    };
    let drawn = store.draw(&drawing).unwrap();
    let sample = NewSample {
        query: "",
        drawing: &drawing,
        drawn: &drawn,
        root,
        readers: 1,
    };
    let note = NewNote {
        call_seq: call.seq,
        call_id: &call.id,
        text: "ask somebody",
        replaces: None,
    };
    let tag = TagOn {
        call_seq: call.seq,
        call_id: &call.id,
        tag: "odd",
    };
    let mut writer = store.writer().unwrap();
    writer.save_sample(&sample, "tester", now_ms).unwrap();
    writer.add_note(&note, "tester", now_ms).unwrap();
    writer.add_tag(&tag, "tester", now_ms).unwrap();
}
