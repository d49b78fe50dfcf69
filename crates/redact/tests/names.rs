//! Names at the engine's boundary: text to names, bytes to a model or to what is wrong with it.

#![allow(clippy::unwrap_used, reason = "a panic is a failing test")]

use assay_redact::names::model::{Model, ModelFault, shipped};
use assay_redact::names::network::{self, Network};
use assay_redact::names::tags::Kind;
use assay_redact::names::{Level, Name, Scratch, WINDOW, find, of};
use assay_redact::operators::Numbering;
use assay_redact::policy::{DEFAULT, Policy};
use assay_redact::redaction::{entities, redact};
use proptest::prelude::*;

fn names(text: &str) -> Vec<Name> {
    let mut found = Vec::new();
    find(
        shipped().unwrap(),
        None,
        text,
        &mut Scratch::default(),
        &mut found,
    );
    found
}

#[track_caller]
fn check(text: &str, expected: &[(&str, Kind)]) {
    let found: Vec<(&str, Kind)> = names(text)
        .iter()
        .map(|name| (&text[name.start..name.end], name.kind))
        .collect();
    assert_eq!(found, expected, "{text}");
}

use Kind::{Location, Organization, Person};

#[test]
fn persons_places_and_organizations_are_found_in_letters_forms_and_json() {
    check(
        "Please call Tobias Feldmann about the claim.",
        &[("Tobias Feldmann", Person)],
    );
    check(
        "La requérante, Mme Amélie Dufour, réside à Lyon.",
        &[("Amélie Dufour", Person), ("Lyon", Location)],
    );
    check(
        "Paciente: Lucía Fernández Ortega, Calle Mayor 14, 28013 Madrid",
        &[
            ("Lucía Fernández Ortega", Person),
            ("Calle Mayor 14", Location),
            ("28013", Location),
            ("Madrid", Location),
        ],
    );
    check(
        "{\"customer\": {\"name\": \"Ines Carvalho\", \"city\": \"Porto\"}}",
        &[("Ines Carvalho", Person), ("Porto", Location)],
    );
    check(
        "She joined Northwind Logistics Ltd in Leeds.",
        &[
            ("Northwind Logistics Ltd", Organization),
            ("Leeds", Location),
        ],
    );
}

#[test]
fn capitals_alone_and_code_name_nobody() {
    for text in [
        "The Quick Start Guide says: run npm install.",
        "for name in customer.names: total += prices[name]",
        "if (user.firstName === last_name) { return new Path(\"Settings\"); }",
        "impl Display for Error { fn fmt(&self, f: &mut Formatter) -> Result { todo() } }",
        "",
        " \n\n ",
        "1 2 3 4 5",
    ] {
        check(text, &[]);
    }
}

#[test]
fn a_name_is_found_however_far_into_a_text() {
    let before = "the invoice is late and nobody knows why. ".repeat(WINDOW);
    let text = format!("{before}Please ask Amélie Dufour.");
    let found = names(&text);
    assert!(
        found
            .iter()
            .any(|name| &text[name.start..name.end] == "Amélie Dufour"),
        "{found:?}"
    );
}

#[test]
fn the_same_memory_gives_the_same_names() {
    let mut scratch = Scratch::default();
    let texts = ["Ask Tobias Feldmann in Kiel.", "no", "Lyon and Porto", ""];
    for text in texts.iter().cycle().take(12) {
        let mut found = Vec::new();
        find(shipped().unwrap(), None, text, &mut scratch, &mut found);
        assert_eq!(found, names(text));
    }
}

#[test]
fn a_model_is_read_back_as_it_was_written() {
    let bytes = shipped().unwrap().to_bytes();
    let again = Model::from_bytes(&bytes).unwrap();
    assert_eq!(again.to_bytes(), bytes);
}

#[test]
fn a_model_that_is_cut_changed_or_of_another_shape_is_refused_with_what_is_wrong() {
    let whole = shipped().unwrap().to_bytes();
    assert_eq!(Model::from_bytes(b"").unwrap_err(), ModelFault::Magic);
    assert_eq!(
        Model::from_bytes(b"\x08\x01onnx").unwrap_err(),
        ModelFault::Magic
    );
    for length in [8, 20, 300, whole.len() / 2, whole.len() - 1] {
        let fault = Model::from_bytes(&whole[..length]).unwrap_err();
        assert!(
            matches!(fault, ModelFault::Length { .. }),
            "{length}: {fault}"
        );
    }
    let mut longer = whole.clone();
    longer.push(0);
    assert!(matches!(
        Model::from_bytes(&longer).unwrap_err(),
        ModelFault::Length { .. }
    ));
    for (at, what) in [(8, "rows"), (12, "lanes")] {
        let mut other = whole.clone();
        other[at] ^= 1;
        assert!(
            matches!(Model::from_bytes(&other).unwrap_err(), ModelFault::Shape { what: said, .. } if said == what)
        );
    }
    let mut huge = whole.clone();
    huge[16..20].copy_from_slice(&u32::MAX.to_le_bytes());
    assert!(matches!(
        Model::from_bytes(&huge).unwrap_err(),
        ModelFault::Shape { .. }
    ));
    for at in [20, 24, 400, whole.len() / 2, whole.len() - 40] {
        let mut other = whole.clone();
        other[at] ^= 0x40;
        assert_eq!(
            Model::from_bytes(&other).unwrap_err(),
            ModelFault::Checksum,
            "{at}"
        );
    }
}

#[test]
fn the_network_finds_what_the_words_alone_do_not() {
    let text = "Obama flew from Honolulu to meet Merkel.";
    let full = of(text, Level::Full).unwrap();
    let found: Vec<&str> = full
        .iter()
        .map(|name| &text[name.start..name.end])
        .collect();
    assert_eq!(found, ["Obama", "Honolulu", "Merkel"]);
    assert_eq!(of(text, Level::Off).unwrap(), []);
}

#[test]
fn a_network_that_is_cut_or_changed_is_refused() {
    assert!(network::shipped().is_ok());
    let whole = include_bytes!("../data/names.network");
    assert_eq!(Network::from_bytes(b"PK").unwrap_err(), ModelFault::Magic);
    for length in [8, 100, whole.len() - 1] {
        assert!(matches!(
            Network::from_bytes(&whole[..length]).unwrap_err(),
            ModelFault::Length { .. }
        ));
    }
    let mut other = whole.to_vec();
    other[whole.len() / 3] ^= 1;
    assert_eq!(
        Network::from_bytes(&other).unwrap_err(),
        ModelFault::Checksum
    );
}

fn with_names(level: &str) -> Policy {
    Policy::parse(&DEFAULT.replace("names = \"fast\"", &format!("names = \"{level}\""))).unwrap()
}

#[test]
fn a_policy_says_how_thoroughly_names_are_looked_for() {
    let text = "Ask Tobias Feldmann (tobias@feldmann.example) in Kiel. Tobias Feldmann knows.";
    let redacted = |level| redact(text, &with_names(level), b"key", &mut Numbering::default()).text;
    assert_eq!(
        redacted("off"),
        "Ask Tobias Feldmann ([EMAIL_ADDRESS_1]) in Kiel. Tobias Feldmann knows."
    );
    for level in ["fast", "full"] {
        assert_eq!(
            redacted(level),
            "Ask [PERSON_1] ([EMAIL_ADDRESS_1]) in [LOCATION_1]. [PERSON_1] knows."
        );
    }
    let unknown = Policy::parse(&DEFAULT.replace("\"fast\"", "\"slow\""));
    assert!(unknown.unwrap_err().to_string().contains("slow"));
}

#[test]
fn an_identifier_is_no_name() {
    for text in [
        "claude-sonnet-4-6",
        "anthropic.claude-opus-4-7",
        "eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "The model claude-3-haiku-20240307 was asked in eu-west-1.",
        "Run paris.tokyo.example or jordan_austin_test.",
        "Set via line number, check if b.line is the same.",
        "Write +351 XXXX XXXX there.",
        "1570\t2364\n2364\t2365\n2365\t2492\n2492\t2620\n",
        "V54\n2364\n2365\n2492\n2493\n2620\n2621\n2748\nEND\n",
        "Invoke-Sqlcmd -Username sa -Password hunter2",
    ] {
        assert_eq!(of(text, Level::Fast).unwrap(), [], "{text}");
    }
    for text in [
        "The report on JAMES-2041 is dated 5 May.",
        "The report on CLM-DAN-9 is dated 5 May.",
        "The report on ANNA-LEE/77 is dated 5 May.",
    ] {
        let found = of(text, Level::Fast).unwrap();
        assert!(!found.iter().any(|name| name.kind == Person), "{text}");
    }
    let text = "Ask Jean-Luc Dufour-Martin in Rue de Lille 188 A-6, Lyon.";
    let found: Vec<&str> = of(text, Level::Fast)
        .unwrap()
        .iter()
        .map(|name| &text[name.start..name.end])
        .collect();
    assert_eq!(found.first(), Some(&"Jean-Luc Dufour-Martin"));
    assert!(found.len() >= 2, "{found:?}");
}

#[test]
fn what_was_treated_is_not_treated_again() {
    let policy = with_names("fast");
    for text in [
        "Ask Tobias Feldmann in Kiel about Northwind Logistics Ltd.",
        "Name: Ines Carvalho\nCity: Porto\nEmployer: Acme Inc.",
        "La requérante, Mme Amélie Dufour, réside à Lyon.",
        "{\"name\": \"Ines Carvalho\", \"city\": \"Porto\"}",
    ] {
        let once = redact(text, &policy, b"key", &mut Numbering::default()).text;
        let twice = redact(&once, &policy, b"key", &mut Numbering::default()).text;
        assert_eq!(once, twice);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn whatever_the_text_names_lie_on_it_in_order(text in "(\\PC|\n|Anna |Kiel, |O'){0,300}") {
        let mut end = 0;
        for name in names(&text) {
            prop_assert!(name.start >= end && name.end > name.start);
            prop_assert!(text.is_char_boundary(name.start) && text.is_char_boundary(name.end));
            prop_assert!((0.0..=1.0).contains(&name.score));
            end = name.end;
        }
        prop_assert!(end <= text.len());
    }
}

#[test]
fn a_number_that_a_check_proves_is_no_part_of_a_name() {
    let policy = Policy::parse(DEFAULT).unwrap();
    for (text, expected) in [
        (
            "The settlement goes to IBAN GB82 WEST 1234 5698 7654 32.",
            "IBAN_CODE",
        ),
        ("Survey of 26 May: separate the serving area", "DATE_TIME"),
        ("Noted: 4111 1111 1111 1111.", "CREDIT_CARD"),
        ("due on 2026-12-01", "DATE_TIME"),
        ("am..,.j. dl. 411111\n> 1111111111 ", "CREDIT_CARD"),
    ] {
        let found = entities(text, &policy);
        assert!(
            found.iter().any(|entity| entity.entity_type == expected),
            "{text}: {found:?}"
        );
        assert!(
            !redact(text, &policy, b"key", &mut Numbering::default())
                .text
                .contains("1111")
        );
    }
}

#[test]
fn a_small_word_behind_an_article_is_nobody() {
    for text in [
        "A moped ran into the gate of a depot in Leipzig; the barrier had been left half open.",
        "On 4 May a scooter ran into the gate of a depot in Kiel; the barrier had been left half open.",
        "By 9 am a tractor ran into the gate of a depot in Graz; the barrier had been left half open. The rest is well.",
    ] {
        let found: Vec<_> = names(text)
            .into_iter()
            .filter(|name| name.kind == Person)
            .collect();
        assert_eq!(found, [], "{text}");
    }
}

#[test]
fn a_name_ends_where_its_cell_does() {
    for text in ["12 | Feldmann | e k.,;", "a; Siemens AG; Kiel; 7"] {
        for name in names(text) {
            assert!(
                !text[name.start..name.end].contains(['|', ';']),
                "{text}: {name:?}"
            );
        }
    }
}

#[test]
fn a_name_ends_where_a_cell_that_its_column_names_does() {
    let policy = with_names("fast");
    for (text, expected) in [
        (
            "id,last_name,city,account_number\n17,Vastenhouw,Utrecht,40012233\n18,Carvalho,Porto,40012234\n",
            "id,last_name,city,account_number\n17,[PERSON_1],[LOCATION_1],[US_BANK_NUMBER_1]\n18,[PERSON_2],[LOCATION_2],[US_BANK_NUMBER_2]\n",
        ),
        (
            "first_name,last_name,address,city\nJan,Vastenhouw,Kerkstraat 17,Utrecht\nAna,Carvalho,Rua das Flores 12,Lisboa\n",
            "first_name,last_name,address,city\n[PERSON_1],[PERSON_2],[LOCATION_1],[LOCATION_2]\n[PERSON_3],[PERSON_4],[LOCATION_3],[LOCATION_4]\n",
        ),
        (
            "first_name;last_name;city\nJan;de Vries;Den Haag\nAna;Carvalho Reis;Vila Nova de Gaia\n",
            "first_name;last_name;city\n[PERSON_1];[PERSON_2];[LOCATION_1]\n[PERSON_3];[PERSON_4];[LOCATION_2]\n",
        ),
    ] {
        assert_eq!(
            redact(text, &policy, b"key", &mut Numbering::default()).text,
            expected
        );
    }
}

#[test]
fn a_heading_is_no_place() {
    let text =
        "| Name | City | Street |\n|---|---|---|\n| Jan Vastenhouw | Utrecht | Kerkstraat 2 |";
    assert_eq!(
        redact(text, &with_names("fast"), b"key", &mut Numbering::default()).text,
        "| Name | City | Street |\n|---|---|---|\n| [PERSON_1] | [LOCATION_1] | [LOCATION_2] |"
    );
}

#[test]
fn an_amount_is_no_part_of_a_place() {
    for (text, expected) in [
        (
            "The roof was renewed last year. Sum insured in Porto: 9,600 EUR. Timber is stored outside.",
            "Porto",
        ),
        (
            "The accumulation within five kilometres of Rotterdam is 35,650 EUR, below the limit.",
            "Rotterdam",
        ),
    ] {
        check(text, &[(expected, Location)]);
    }
    let text =
        "Moderate. We write cyber for a solar park with a survey and a deductible of 82,050 EUR.";
    check(text, &[]);
}

/// What [`of`] finds where nothing is remembered.
fn afresh(text: &str) -> Vec<Name> {
    std::thread::scope(|threads| {
        let found = threads.spawn(|| of(text, Level::Fast).unwrap());
        found.join().unwrap()
    })
}

/// Pieces whose names depend on what stands around them: on the key of the line, the words beside it,
/// whether the line is code and whether the whole text is.
const PIECES: &[&str] = &[
    "Insured: ",
    "Carlos Mendes",
    "please call Tobias Feldmann about the claim on the kitchen floor. ",
    "She lives in Porto and works for Banco Atlas since last winter. ",
    "The barrier was open, nobody had looked after it for some days. ",
    "name = \"Ines Carvalho\";\n",
    "if (x[0] == y) { run(&z); }\n",
    "# Author: Maria Lopez\n",
    "Dr. ",
    " O'Brien's",
    "\n",
    "\n\n",
    "王小明 ",
    "; ",
    "42 ",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn what_is_remembered_of_a_text_changes_nothing(
        pieces in prop::collection::vec(0..PIECES.len(), 1..60),
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0..PIECES.len()), 1..4),
    ) {
        let written = |pieces: &[usize]| -> String {
            pieces.iter().map(|piece| PIECES[*piece]).collect()
        };
        let mut pieces = pieces;
        let mut texts = vec![written(&pieces)];
        for (place, piece) in changes {
            let place = place.index(pieces.len());
            pieces[place] = piece;
            texts.push(written(&pieces));
            texts.push(written(&pieces[place..]));
        }
        for text in texts.iter().chain(&texts) {
            prop_assert_eq!(of(text, Level::Fast).unwrap(), afresh(text), "{}", text);
        }
    }
}
