//! Throws texts at the engine that chance puts together, for as long as is asked.
//!
//! `redact_fuzz SECONDS [SEED [FILE...]]` puts texts together from pieces, from what each recognizer is known
//! by, from words that join them, and from parts of files where some are named. It stops at the first text
//! that breaks a promise, and prints the number that makes it again: findings lie on the text in order and on
//! character boundaries, redacting twice is redacting once, no value that was found stands in what is left,
//! JSON stays JSON. Not here: speed (`redact_bench`), whether what should be found is found.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a tool of developers that prints, and stops where something is amiss"
)]

use std::time::{Duration, Instant};

use assay_redact::detect::detect_with;
use assay_redact::operators::Numbering;
use assay_redact::policy::{DEFAULT, MASKING, Policy};
use assay_redact::redaction::{entities, redact, redact_json};
use assay_redact::scan::Scratch;
use serde_json::Value;

#[path = "../tests/odd/texts.rs"]
mod texts;

use texts::ODD;

const PIECES: [&str; 40] = [
    "ann.lee@example.com",
    "4111 1111 1111 1111",
    "DE89 3704 0044 0532 0130 00",
    "536-90-4399",
    "+44 7700 900123",
    "sk-ant-api03-Zk3v9QpLmXw7RtYbN2sHd8Fg",
    "203.0.113.77",
    "Tobias Feldmann",
    "Mme Amélie Dufour",
    "O'Brien",
    "van der Berg",
    "Kiel",
    "12 Rose Street",
    "born 4 July 1991",
    "password: Tr0ub4dor&8z",
    "https://user:pw9!x@host.example/a?b=c",
    "{\"name\": \"",
    "\"}",
    "[EMAIL_ADDRESS_1]",
    "[PERSON:1f0c22ab",
    "\\u0040",
    "\\n",
    "%40",
    "&#64;",
    "=40",
    "=\r\n",
    "=3D",
    "\u{200B}",
    "\u{FF11}\u{FF12}\u{FF13}",
    "аnn@exаmple.com",
    "YW5uQGV4YW1wbGUuY29t",
    "\x1b[31m",
    ", ",
    ": ",
    "\n",
    " ",
    "-",
    ".",
    "名前は田中",
    "😀",
];

/// What joins a value and its name in a sentence, and what tells one from the other.
const JOINTS: [&str; 24] = [
    "the",
    "my",
    "our",
    "is",
    "was",
    "of",
    "for",
    "and",
    "in",
    "a",
    "to",
    "new",
    "=",
    "'",
    "\"",
    "(",
    ")",
    "|",
    "\t",
    ",",
    ";",
    "</td><td>",
    "das",
    "ist",
];

/// Bytes of a part of a file, and letters of a word, at most: beyond every window that is looked at.
const PART: usize = 600;
const WORD: usize = 140;

struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % most.max(1)
    }

    fn text(&mut self, known: &[String], files: &[Vec<u8>]) -> Vec<u8> {
        let mut text = Vec::new();
        for _ in 0..=self.below(24) {
            match self.below(16) {
                0 => text.extend((0..self.below(12)).map(|_| self.below(256) as u8)),
                1 => {
                    let part = ODD[self.below(ODD.len())];
                    text.extend(part.repeat(1 + self.below(20)).bytes());
                }
                2 => text.extend((0..self.below(20)).map(|_| b' ' + self.below(95) as u8)),
                3 => {
                    // A value with something put into it, or cut.
                    let mut piece = PIECES[self.below(PIECES.len())].as_bytes().to_vec();
                    let at = self.below(piece.len() + 1);
                    match self.below(3) {
                        0 => piece.truncate(at),
                        1 => piece.insert(at, self.below(128) as u8),
                        _ => {
                            piece.splice(
                                at..at,
                                PIECES[self.below(PIECES.len())].bytes().collect::<Vec<_>>(),
                            );
                        }
                    }
                    text.extend(piece);
                }
                4..=6 => text.extend(known[self.below(known.len())].bytes()),
                7..=9 => text.extend(JOINTS[self.below(JOINTS.len())].bytes()),
                10 => text.extend((0..self.below(WORD)).map(|_| b'a' + self.below(26) as u8)),
                11 if !files.is_empty() => {
                    let file = &files[self.below(files.len())];
                    let from = self.below(file.len());
                    let to = file.len().min(from + self.below(PART));
                    text.extend(&file[from..to]);
                }
                _ => text.extend(PIECES[self.below(PIECES.len())].bytes()),
            }
            if self.below(2) == 0 {
                text.push(b' ');
            }
        }
        text
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let seconds = arguments.next().map_or(10, |text| text.parse().unwrap());
    let from: u64 = arguments.next().map_or(1, |text| text.parse().unwrap());
    let files: Vec<Vec<u8>> = arguments.map(|file| std::fs::read(file).unwrap()).collect();
    let policies = [DEFAULT, MASKING].map(|text| Policy::parse(text).unwrap());
    let known: Vec<String> = (policies[0].recognizers().iter())
        .map(|recognizer| &recognizer.source)
        .flat_map(|it| [&it.needs, &it.context, &it.not_context, &it.examples].map(Clone::clone))
        .flatten()
        .collect();
    let mut scratch = Scratch::default();
    let end = Instant::now() + Duration::from_secs(seconds);
    let mut number = from;
    let mut bytes = 0;
    while Instant::now() < end {
        // Neighbouring numbers must not give neighbouring texts.
        let mut chance = Chance(number.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        chance.below(2);
        let raw = chance.text(&known, &files);
        bytes += raw.len();
        let policy = &policies[number as usize % 2];
        if let Err(broken) = check(&raw, policy, &mut scratch) {
            panic!(
                "text {number} ({} of the policies): {broken}\n{:?}",
                policy.name,
                String::from_utf8_lossy(&raw)
            );
        }
        number += 1;
    }
    println!(
        "{} texts, {:.1} MB, from {from}: every promise held",
        number - from,
        bytes as f64 / 1e6
    );
}

fn check(raw: &[u8], policy: &Policy, scratch: &mut Scratch) -> Result<(), String> {
    let mut last = 0;
    for found in detect_with(raw, policy.recognizers(), policy.threshold, scratch) {
        if found.start < last || found.end <= found.start || found.end > raw.len() {
            return Err(format!("{} lies wrong", found.recognizer));
        }
        last = found.end;
    }
    let text = String::from_utf8_lossy(raw);
    let found = entities(&text, policy);
    for entity in &found {
        if !text.is_char_boundary(entity.start) || !text.is_char_boundary(entity.end) {
            return Err(format!("{} parts a character", entity.recognizer));
        }
    }
    let once = redact(&text, policy, b"key", &mut Numbering::default());
    let before: String = once.segments.iter().map(|it| it.before.as_str()).collect();
    if before != text {
        return Err("the segments are not the text".to_owned());
    }
    let twice = redact(&once.text, policy, b"key", &mut Numbering::default());
    // What a mask leaves of a number may be hidden when it stands beside something else; never shown.
    let hides_more = once.text.chars().count() == twice.text.chars().count()
        && once
            .text
            .chars()
            .zip(twice.text.chars())
            .all(|(one, two)| one == two || two == '*');
    if !hides_more {
        return Err(format!("once: {:?}\ntwice: {:?}", once.text, twice.text));
    }
    for segment in &once.segments {
        let Some(entity) = &segment.entity else {
            continue;
        };
        let is_kept = segment.operator == Some("keep");
        if !is_kept
            && segment.before.matches(char::is_alphanumeric).count() >= 8
            && segment.after == segment.before
        {
            return Err(format!("{} was left as it was", entity.recognizer));
        }
    }
    if let Ok(mut value) = serde_json::from_str::<Value>(&text) {
        redact_json(&mut value, policy, b"key", &mut Numbering::default());
        serde_json::to_string(&value).map_err(|error| error.to_string())?;
    }
    Ok(())
}
