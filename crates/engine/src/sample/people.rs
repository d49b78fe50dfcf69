//! Invented people, and numbers that stand for nobody: reserved domains, reserved telephone
//! ranges, test cards, documentation IBANs, keys that open nothing.
//!
//! In: chance. Out: sentences and values that the recognizers find. Sources: RFC 2606 (domains),
//! Ofcom and NANPA (numbers for drama and fiction), the card schemes' test numbers, the examples of
//! the IBAN registry. Not here: which calls hold them (`planted`).

use crate::sample::chance::Chance;

const GIVEN: [&str; 24] = [
    "Anna", "Jonas", "Maria", "Lukas", "Sofia", "Pieter", "Ines", "Tomasz", "Claire", "Matteo",
    "Freya", "Oskar", "Helena", "Niall", "Katrin", "Emil", "Beatriz", "Stefan", "Marta", "Henrik",
    "Lea", "Andrei", "Nora", "Paul",
];
const FAMILY: [&str; 24] = [
    "Keller",
    "Lindqvist",
    "Moreau",
    "Novak",
    "Brennan",
    "Rossi",
    "Vermeer",
    "Duarte",
    "Hofmann",
    "Kowalska",
    "Larsen",
    "Petrov",
    "Albrecht",
    "Delacroix",
    "Fischer",
    "Marino",
    "Nyberg",
    "Okafor",
    "Quinn",
    "Schneider",
    "Tanaka",
    "Urban",
    "Weber",
    "Zeman",
];
const CARDS: [&str; 6] = [
    "4111 1111 1111 1111",
    "5555 5555 5555 4444",
    "4012 8888 8888 1881",
    "5105 1051 0510 5100",
    "3782 822463 10005",
    "6011 1111 1111 1117",
];
const IBANS: [&str; 6] = [
    "DE89 3704 0044 0532 0130 00",
    "GB82 WEST 1234 5698 7654 32",
    "NL91 ABNA 0417 1643 00",
    "FR14 2004 1010 0505 0001 3M02 606",
    "ES91 2100 0418 4502 0005 1332",
    "AT61 1904 3002 3457 3201",
];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A person who does not exist.
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) email: String,
}

/// Invents a person.
pub(crate) fn person(chance: &mut Chance) -> Person {
    let (given, family) = (chance.pick(&GIVEN), chance.pick(&FAMILY));
    let domain = chance.pick(&["example.com", "example.org", "mail.example.net"]);
    Person {
        name: format!("{given} {family}"),
        email: format!(
            "{}.{}@{domain}",
            given.to_lowercase(),
            family.to_lowercase()
        ),
    }
}

/// A telephone number that no network gives out.
pub(crate) fn phone(chance: &mut Chance) -> String {
    if chance.happens(700) {
        format!("+44 7700 900{:03}", chance.below(1_000))
    } else {
        format!("+1 202 555 01{:02}", chance.below(100))
    }
}

/// A bank account out of the documentation.
pub(crate) fn iban(chance: &mut Chance) -> &'static str {
    chance.pick(&IBANS)
}

/// Something that a person wrote about a person: one to three identifying things.
pub(crate) fn confession(chance: &mut Chance) -> String {
    let who = person(chance);
    let mut sentences = Vec::new();
    let first = chance.below(6);
    for step in 0..=chance.below(3) {
        sentences.push(match (first + step) % 6 {
            0 => format!(
                "Policyholder: {}, please use this name in the letter.",
                who.name
            ),
            1 => format!("Copy the answer to {} before noon.", who.email),
            2 => format!("The best number to call back is {}.", phone(chance)),
            3 => format!("The settlement goes to IBAN {}.", iban(chance)),
            4 => format!(
                "The excess was paid with card {} at the counter.",
                chance.pick(&CARDS)
            ),
            _ => format!(
                "The injured party was born on {} {} {}.",
                chance.within(1, 28),
                chance.pick(&MONTHS),
                chance.within(1946, 2004)
            ),
        });
    }
    sentences.join(" ")
}

/// A key, token or password of the kind that people paste; it opens nothing.
pub(crate) fn secret(chance: &mut Chance) -> String {
    const ALPHABET: &[u8] = b"abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    match chance.below(4) {
        0 => format!("sk-ant-api03-{}", chance.letters(ALPHABET, 40)),
        // The access key of AWS's own documentation.
        1 => format!("AKIA{}", "IOSFODNN7EXAMPLE"),
        2 => format!(
            "postgres://claims_app:{}7q@db.claims.example:5432/claims",
            chance.letters(ALPHABET, 12)
        ),
        _ => format!("glpat-{}", chance.letters(ALPHABET, 20)),
    }
}

/// What somebody writes around a secret.
pub(crate) fn slip(chance: &mut Chance) -> String {
    let opening = chance.pick(&[
        "The upload script stopped working this morning, this is what it uses:",
        "For completeness, the connection that the export runs with:",
        "Can you tell me why this is refused:",
        "Pasting the whole configuration so that nothing is missing:",
        "My colleague left this in the runbook, is it still needed:",
    ]);
    format!("{opening} {}", secret(chance))
}
