//! No text, however odd, takes more than its share: every case is scanned whole.
//!
//! An eighth of a megabyte of each here; the measuring program (`redact_bench bounds`) does 64 MB of each and
//! says how long it took, as `make soak` does.

use assay_redact::detect::detect_with;
use assay_redact::recognizers::Recognizers;
use assay_redact::scan::Scratch;

#[path = "odd/texts.rs"]
mod texts;

use texts::ODD;

#[test]
fn odd_texts_are_scanned_whole() {
    let recognizers = Recognizers::with(Vec::new()).unwrap();
    let mut scratch = Scratch::default();
    for part in ODD {
        let text = part.repeat((128 << 10) / part.len());
        let found = detect_with(text.as_bytes(), &recognizers, 0.5, &mut scratch);
        assert!(
            found.iter().all(|entity| entity.end <= text.len()),
            "{part:?}"
        );
    }
}
