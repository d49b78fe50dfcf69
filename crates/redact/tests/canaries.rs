//! Canaries are what they say they are: the same for a seed, valid, labelled where they stand, and
//! found by the rules that they are to be set against.

use assay_redact::canaries::{Wanted, Writing, controls, draw, kinds};
use assay_redact::detect::detect;
use assay_redact::recognizers::Recognizers;

fn plain() -> Wanted {
    Wanted {
        entity_types: Vec::new(),
        writings: vec![Writing::Plain],
    }
}

#[test]
fn a_seed_gives_the_same_canaries_and_a_longer_draw_begins_with_the_shorter_one() {
    let long = draw(7, 300, &Wanted::default()).unwrap();
    assert_eq!(long[..40], draw(7, 40, &Wanted::default()).unwrap()[..]);
    assert_ne!(
        long[0].text,
        draw(8, 1, &Wanted::default()).unwrap()[0].text
    );
    assert_eq!(controls(7, 20), controls(7, 20));
}

#[test]
fn types_and_writings_are_drawn_alike_often() {
    let count = kinds().count() * Writing::ALL.len();
    let all = draw(1, count, &Wanted::default()).unwrap();
    for (label, nobody) in kinds() {
        assert!(nobody.len() > 20, "{label} does not say why it is nobody's");
        for writing in Writing::ALL {
            let drawn = all
                .iter()
                .filter(|one| one.writing == writing && one.planted[0].label == label)
                .count();
            assert_eq!(drawn, 1, "{label} {}", writing.name());
        }
    }
}

#[test]
fn a_label_covers_its_value_and_nothing_else() {
    for canary in draw(3, 2_000, &plain()).unwrap() {
        let planted = &canary.planted[0];
        let written = &canary.text[planted.start..planted.end];
        assert_eq!(written.replace("\\n", "\n"), planted.value, "{}", canary.id);
        if canary.field.starts_with("tool_") && canary.text.starts_with('{') {
            serde_json::from_str::<serde_json::Value>(&canary.text).unwrap();
        }
    }
    for writing in Writing::ALL {
        let wanted = Wanted {
            entity_types: vec!["IBAN_CODE".to_owned()],
            writings: vec![writing],
        };
        let canary = &draw(3, 1, &wanted).unwrap()[0];
        let planted = &canary.planted[0];
        let is_plain = canary.text[planted.start..planted.end] == planted.value;
        assert_eq!(is_plain, writing == Writing::Plain, "{}", writing.name());
    }
}

/// A canary that no rule could find would be a wrong canary. Names need the model of names.
#[test]
fn the_rules_find_every_plain_canary() {
    let recognizers = Recognizers::with(Vec::new()).unwrap();
    let mut missed = std::collections::BTreeMap::<String, Vec<String>>::new();
    let mut drawn = 0;
    for canary in draw(11, kinds().count() * 40, &plain()).unwrap() {
        let planted = &canary.planted[0];
        if planted.label == "PERSON" {
            continue;
        }
        drawn += 1;
        let found = detect(&canary.text, &recognizers, 0.5);
        if !found
            .iter()
            .any(|entity| entity.start < planted.end && planted.start < entity.end)
        {
            missed
                .entry(planted.label.clone())
                .or_default()
                .push(canary.text);
        }
    }
    let count: usize = missed.values().map(Vec::len).sum();
    assert!(count * 100 <= drawn, "{count} of {drawn}: {missed:#?}");
}

#[test]
fn a_type_without_canaries_is_named() {
    let wanted = Wanted {
        entity_types: vec!["SHOE_SIZE".to_owned()],
        writings: Vec::new(),
    };
    assert_eq!(
        draw(1, 1, &wanted).unwrap_err().to_string(),
        "there are no canaries of the type `SHOE_SIZE`"
    );
}
