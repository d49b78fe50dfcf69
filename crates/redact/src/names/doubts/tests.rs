//! What is doubted, name by name: a text, what a model is said to have found in it and how likely, and whether it
//! stays. Each doubt has a twin that looks like it and is somebody.

use super::*;
use crate::names::model;
use crate::names::words::split;

/// Whether `found` stays in `text`, whose kind and likelihood a model is said to hold.
fn stays(text: &str, found: &str, kind: Kind, score: f32) -> bool {
    let (mut words, mut looks) = (Vec::new(), Vec::new());
    split(text, &mut words);
    crate::names::features::codes(text, &words, &mut looks);
    let start = text.find(found).unwrap();
    let end = start + found.len();
    let mut names = vec![Name {
        start,
        end,
        kind,
        score,
    }];
    Doubts::of(text, model::shipped().unwrap(), &looks).weigh(&mut names);
    !names.is_empty()
}

/// A program around a line.
fn program(line: &str) -> String {
    format!("def load(x):\n    y = {{x: [1, 2]}}\n    {line}\n    return (y[0], x)\n")
}

#[track_caller]
fn in_program(line: &str, found: &str, kind: Kind, score: f32, expected: bool) {
    let is_kept = stays(&program(line), found, kind, score);
    assert_eq!(is_kept, expected, "{found} in {line}");
}

const PERSON: Kind = Kind::Person;
const PLACE: Kind = Kind::Location;
const FIRM: Kind = Kind::Organization;

#[test]
fn what_a_method_is_called_after() {
    in_program("# by Fletcher's algorithm", "Fletcher", PERSON, 0.99, false);
    in_program(
        "# as Anna Fletcher's algorithm",
        "Anna Fletcher",
        PERSON,
        0.99,
        true,
    );
    in_program("# by Anna's code", "Anna", PERSON, 0.99, true);
}

#[test]
fn the_label_of_a_thing() {
    in_program("# Language: Julia", "Julia", PERSON, 0.99, false);
    in_program("# Maintainer: Julia", "Julia", PERSON, 0.99, true);
}

#[test]
fn codes_of_languages() {
    in_program("f(\"ben\")", "ben", PERSON, 0.99, false);
    in_program("f(\"Ben\")", "Ben", PERSON, 0.99, true);
}

#[test]
fn tables_of_what_is_nobody() {
    let table = |values: [&str; 7]| {
        let rows = values.map(|value| format!("<option value=\"x{{}}\">{value}</option>\n"));
        rows.concat()
    };
    let languages = table([
        "Breton",
        "Haitian",
        "Kalaallisut",
        "Ndebele",
        "Northern Frisian",
        "Tahitian",
        "Malay",
    ]);
    assert!(!stays(&languages, "Northern Frisian", PERSON, 0.99));
    let people = table([
        "Anna Meier",
        "Tobias Feldmann",
        "Maria Rossi",
        "Jonas Weber",
        "Claire Dubois",
        "Peter Frisian",
        "Paul Klee",
    ]);
    assert!(stays(&people, "Peter Frisian", PERSON, 0.99));
}

#[test]
fn capitals_of_characters_and_keywords() {
    in_program("'x' # BROKEN BAR", "BAR", PLACE, 0.99, false);
    in_program(
        "'x' # GREEK CAPITAL LETTER DELTA",
        "GREEK CAPITAL LETTER DELTA",
        PERSON,
        0.99,
        false,
    );
    in_program("'x' # uses SAX now", "SAX", PLACE, 0.9, false);
    in_program(
        "'x' # ANNA MARIA MEIER",
        "ANNA MARIA MEIER",
        PERSON,
        0.99,
        true,
    );
    in_program("'x' # of the Seed Bank (SEBA)", "SEBA", FIRM, 0.97, true);
    in_program("'x' # DARK SHADE", "DARK SHADE", PERSON, 0.9, false);
    in_program("'x' # ANNA SHADE", "ANNA SHADE", PERSON, 0.9, true);
    assert!(!stays(
        "words MACRO-END MARKED-SECTION MASK",
        "MACRO-END MARKED-SECTION",
        PLACE,
        0.99
    ));
    assert!(stays(
        "in NORDRHEIN-WESTFALEN",
        "NORDRHEIN-WESTFALEN",
        PLACE,
        0.99
    ));
}

#[test]
fn lists_of_quoted_items_are_programs() {
    let items: String = (0..9).map(|_| "'not now'\n").collect();
    assert!(!stays(
        &format!("{items}'ADD-NEW-FIELD'\n"),
        "ADD-NEW-FIELD",
        PLACE,
        0.99
    ));
    let data: String = (0..9)
        .map(|_| "    \"of\": \"KARL-MARX-STADT\",\n")
        .collect();
    assert!(stays(&data, "KARL-MARX-STADT", PLACE, 0.99));
}

#[test]
fn what_things_are_called_by() {
    in_program(
        "# see the Acme Wire Protocol",
        "Acme Wire Protocol",
        FIRM,
        0.99,
        false,
    );
    in_program(
        "# see the Acme Wire Works",
        "Acme Wire Works",
        FIRM,
        0.99,
        true,
    );
    in_program(
        "# Copyright Acme Wire Protocol",
        "Acme Wire Protocol",
        FIRM,
        0.99,
        true,
    );
}

#[test]
fn guesses_at_small_words() {
    in_program(
        "# walks to the real path",
        "the real path",
        PLACE,
        0.95,
        false,
    );
    in_program(
        "# walks to the North Sea",
        "the North Sea",
        PLACE,
        0.97,
        true,
    );
    in_program("# holds borders for it", "borders", PERSON, 0.97, false);
    in_program("# asked by anna", "anna", PERSON, 0.97, true);
    in_program("# set to Lib", "Lib", PLACE, 0.8, false);
    in_program("# Pop it", "Pop", PERSON, 0.8, false);
}

#[test]
fn signs_that_no_name_has() {
    assert!(!stays("5,     7,     7, x", ",     7,     7", PLACE, 0.99));
    assert!(!stays(
        "Is it wrong? Great!\nWell, no",
        "Great!\nWell",
        PLACE,
        0.99
    ));
    assert!(!stays("EC/Qz//////Iq", "Qz//////Iq", PLACE, 0.99));
    assert!(stays("in Yahoo! Park", "Yahoo! Park", PLACE, 0.99));
}

#[test]
fn words_of_an_enumeration() {
    let text = |words| format!("A table with columns {words}, please.");
    for words in [
        "Accuracy, Latency and Runtime",
        "Low, Medium or High",
        "Betrag, Menge und Summe",
    ] {
        assert!(!stays(&text(words), words, FIRM, 0.99), "{words}");
    }
    let partners = "Meier, Schmidt and Weber";
    assert!(stays(&text(partners), partners, FIRM, 0.99));
}
