//! What guards call an entity, and what they ask for a text.

use assay_domain::guards::{GuardKind, names_of, price};

#[test]
fn names_and_prices_are_read() {
    assert_eq!(names_of(GuardKind::Bedrock, "PERSON"), ["NAME"]);
    assert_eq!(names_of(GuardKind::Private, "X"), ["X"]);
    assert!(names_of(GuardKind::Presidio, "GITHUB_TOKEN").is_empty());
    let price = price(GuardKind::Bedrock).unwrap();
    assert_eq!(
        (price.units(0), price.units(1), price.units(1_001)),
        (0, 1, 2)
    );
    assert!(price.source.starts_with("https://"));
}
