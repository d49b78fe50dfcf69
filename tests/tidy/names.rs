//! Names and words: one word per concept, none that says nothing (STYLE.md, ARCHITECTURE.md).

use regex::Regex;

use super::{none, sources};

/// Parts of names that say nothing about a thing.
const EMPTY: &[&str] = &[
    "manager",
    "service",
    "helper",
    "helpers",
    "util",
    "utils",
    "processor",
    "data",
    "info",
    "common",
    "handler",
];

/// `CallPage` and `call_page` alike as `["call", "page"]`.
fn parts(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    for letter in name.chars() {
        if letter == '_' {
            parts.push(String::new());
        } else {
            if letter.is_uppercase() && parts.last().is_some_and(|part| !part.is_empty()) {
                parts.push(String::new());
            }
            if let Some(part) = parts.last_mut() {
                part.extend(letter.to_lowercase());
            }
        }
    }
    parts
}

/// Data handling, personal data and processor (GDPR Art. 4(8)) are terms of the field, not fillers.
fn is_term(name: &str) -> bool {
    let joined = name.to_lowercase().replace('_', "");
    joined.contains("datahandling") || joined.contains("personaldata") || joined == "processor"
}

#[test]
fn names_say_something() {
    let rust = Regex::new(r"^\s*(?:pub(?:\([a-z ]+\))? )?(?:const |async |unsafe )*(?:struct|enum|trait|type|fn|mod|union) ([A-Za-z_][A-Za-z0-9_]*)").unwrap();
    let script = Regex::new(r"^(?:export )?(?:default )?(?:async )?(?:const|function|class|type|interface) ([A-Za-z_][A-Za-z0-9_]*)").unwrap();
    let mut broken = Vec::new();
    for file in sources() {
        let pattern = if file.has_extension(&["rs"]) {
            &rust
        } else if file.has_extension(&["ts", "tsx"]) {
            &script
        } else {
            continue;
        };
        let stem = file.path.rsplit('/').next().unwrap_or_default();
        let stem = stem.split('.').next().unwrap_or_default();
        if !is_term(stem)
            && parts(stem)
                .iter()
                .any(|part| EMPTY.contains(&part.as_str()))
        {
            broken.push(format!("{}: the file's name", file.path));
        }
        for (number, line) in file.lines() {
            if let Some(found) = pattern.captures(line) {
                let name = &found[1];
                if !is_term(name)
                    && parts(name)
                        .iter()
                        .any(|part| EMPTY.contains(&part.as_str()))
                {
                    broken.push(format!("{}:{number}: {name}", file.path));
                }
            }
        }
    }
    none("names have no part that says nothing", broken);
}

#[test]
fn no_claim_that_software_can_t_make() {
    let claim = Regex::new(
        r"(?i)\banonymi[sz](ed|es|e|ation)\b|\b(is|are|be|fully) compliant\b|\bnon-compliant\b",
    )
    .unwrap();
    let mut broken = Vec::new();
    for file in sources() {
        let shown = file.path.starts_with("ui/src/")
            || file.path.starts_with("crates/report/")
            || file.path.starts_with("crates/domain/src/checks");
        if !shown {
            continue;
        }
        for (number, line) in file.lines() {
            if claim.is_match(line) {
                broken.push(format!("{}:{number}: {}", file.path, line.trim()));
            }
        }
    }
    none(
        "neither \"anonymised\" nor \"compliant\": those are legal claims",
        broken,
    );
}

#[test]
fn parts_splits_both_spellings() {
    assert_eq!(parts("CallPage"), ["call", "page"]);
    assert_eq!(parts("call_page"), ["call", "page"]);
    assert_eq!(parts("metadata"), ["metadata"]);
}
