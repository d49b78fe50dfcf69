//! Turns the recognizers of `data/recognizers` into one JSON text that the library holds: reading their
//! TOML took a good part of the time until the first text is looked through. `names:x` in a list of words
//! stands for the list `x` of `names.toml`. Nothing else is checked here; what the files say is
//! read, and tested, by the library.

use std::collections::BTreeSet;
use std::error::Error;
use std::path::Path;
use std::{env, fs};

use serde_json::Value;

use Covered::{Beginning, End};

/// In the order in which they are asked.
const FILES: [&str; 14] = [
    "by_field",
    "numbers_by_name",
    "contact",
    "dates",
    "financial",
    "statements",
    "government",
    "government_europe",
    "government_world",
    "secrets",
    "passwords",
    "secrets_by_prefix",
    "secrets_by_prefix_of_services",
    "secrets_by_name",
];

fn main() -> Result<(), Box<dyn Error>> {
    let names = read("names")?;
    let mut all = Vec::new();
    for name in FILES {
        let mut file = read(name)?;
        let recognizers = file["recognizer"].as_array_mut().into_iter().flatten();
        for recognizer in recognizers {
            // A context word is looked for in all its writings by the library.
            for (list, is_name) in [("needs", true), ("context", false)] {
                if let Some(words) = recognizer.get_mut(list).and_then(Value::as_array_mut) {
                    *words = named(words, &names, is_name)?;
                }
            }
        }
        all.push(file);
    }
    println!("cargo::rerun-if-changed=build.rs");
    let out = env::var("OUT_DIR")?;
    fs::write(
        Path::new(&out).join("recognizers.json"),
        serde_json::to_vec(&all)?,
    )?;
    Ok(())
}

fn read(name: &str) -> Result<Value, Box<dyn Error>> {
    let path = format!("data/recognizers/{name}.toml");
    println!("cargo::rerun-if-changed={path}");
    let read = fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
    Ok(toml::from_str(&read).map_err(|error| format!("{path}: {error}"))?)
}

/// `words` with the lists that they name: each word as it is and without accents, and as the name of a
/// field where `is_name` says so.
fn named(words: &[Value], names: &Value, is_name: bool) -> Result<Vec<Value>, Box<dyn Error>> {
    let mut all = BTreeSet::new();
    for word in words {
        let word = word.as_str().ok_or("a word is no text")?;
        let Some(list) = word.strip_prefix("names:") else {
            all.insert(word.to_owned());
            continue;
        };
        let list = names[list].as_array();
        let list = list.ok_or_else(|| format!("there is no list of this name: {word}"))?;
        let list: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
        for word in &list {
            let covered = covered(word, &list);
            if covered == Some(End) || covered.is_some() && !is_name {
                continue;
            }
            for word in [(*word).to_owned(), word.chars().map(plain).collect()] {
                let joints: &[&str] = match (is_name, covered, word.split(' ').count()) {
                    (false, ..) => &[],
                    (true, Some(_), _) => &[""],
                    (true, None, 3..) => &["_", ""],
                    (true, None, _) => &["_", "-", ""],
                };
                for joint in joints {
                    // Points belong to abbreviations, which names of fields have not.
                    let joined = word.replace(". ", joint).replace(['.', '\''], "");
                    let joined = joined.replace(' ', joint);
                    if joined.len() > 2 {
                        all.insert(joined);
                    }
                }
                if covered.is_some() {
                    continue;
                }
                // The search folds the case of ASCII only.
                if !word.is_ascii() {
                    all.insert(word.to_uppercase());
                    let mut letters = word.chars();
                    let first = letters.next().into_iter().flat_map(char::to_uppercase);
                    all.insert(first.chain(letters).collect());
                }
                all.insert(word);
            }
        }
    }
    Ok(all.into_iter().map(Value::String).collect())
}

/// Words behind a name that the name alone is read with: `passport number`.
const BEHIND: [&str; 8] = [
    "number", "no", "nr", "nummer", "id", "card", "card no", "code",
];

/// Where in a name another of the list stands that is found there as well.
#[derive(Clone, Copy, PartialEq)]
enum Covered {
    Beginning,
    End,
}

/// Whether another name of the list stands at the end of `word`, or before what says only that it is a
/// number: the search looks for each name at each place.
fn covered(word: &str, list: &[&str]) -> Option<Covered> {
    let ends = |other: &&str| {
        let before = word.strip_suffix(*other);
        before.is_some_and(|before| before.ends_with(' '))
    };
    let begins = |other: &&str| {
        let rest = word.strip_prefix(*other);
        let rest = rest.and_then(|rest| rest.strip_prefix(' '));
        rest.is_some_and(|rest| BEHIND.contains(&rest))
    };
    if list.iter().any(ends) {
        return Some(End);
    }
    list.iter().any(begins).then_some(Beginning)
}

/// A letter without its accent, as names of fields are written.
const fn plain(letter: char) -> char {
    match letter {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ą' => 'a',
        'ç' | 'č' | 'ć' => 'c',
        'è' | 'é' | 'ê' | 'ë' | 'ě' | 'ę' => 'e',
        'ì' | 'í' | 'î' | 'ï' | 'ı' => 'i',
        'ł' => 'l',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ő' | 'º' | '°' => 'o',
        'ř' => 'r',
        'š' | 'ś' | 'ş' => 's',
        'ù' | 'ú' | 'û' | 'ü' | 'ů' | 'ű' => 'u',
        'ý' => 'y',
        'ž' | 'ź' | 'ż' => 'z',
        other => other,
    }
}
