//! Presidio's real analyzer, from PyPI, behind a port of this computer.
//!
//! `scripts/setup.sh test` installs it; where it could not, the test says that it was left out. Not
//! here: names, for which Presidio needs a model of language.

#![expect(clippy::print_stderr, reason = "a test that is skipped says so")]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use super::{Bench, line, measured};
use crate::tidy::root;

/// The running server; it ends with this.
struct Presidio {
    child: Child,
    url: String,
}

impl Presidio {
    /// The server; `None`, said aloud, where it is not installed.
    fn start() -> Option<Self> {
        let python = root().join("target/setup/presidio/bin/python");
        if !python.exists() {
            eprintln!("not tested: Presidio is not installed; `scripts/setup.sh test` does it");
            return None;
        }
        let mut child = Command::new(python)
            .arg(root().join("scripts/presidio/server.py"))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut url = String::new();
        let mut told = BufReader::new(child.stdout.take().unwrap());
        told.read_line(&mut url).unwrap();
        let url = url.trim().to_owned();
        assert!(url.starts_with("http://127.0.0.1:"), "it did not start");
        Some(Self { child, url })
    }
}

impl Drop for Presidio {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_real_presidio_is_measured_and_set_against_the_local_rules() {
    let Some(presidio) = Presidio::start() else {
        return;
    };
    let bench = Bench::empty();
    bench.json(&[
        "--offline",
        "redaction",
        "guards",
        "add",
        "presidio",
        "--kind",
        "presidio",
        "--url",
        &presidio.url,
    ]);
    let drawn = [
        "--seed",
        "3",
        "--count",
        "200",
        "--clean",
        "16",
        "--writing",
        "plain",
        "--type",
        "EMAIL_ADDRESS",
        "--type",
        "CREDIT_CARD",
        "--type",
        "IBAN_CODE",
        "--type",
        "GITHUB_TOKEN",
        "--type",
        "PL_PESEL",
    ];
    let (_, run) = measured(&bench, "presidio", &drawn);
    assert_eq!(run["run"]["state"], "done", "{run}");
    assert_eq!(run["run"]["judged"], 216);
    // Cards and addresses are what both are made for.
    for entity_type in ["EMAIL_ADDRESS", "CREDIT_CARD", "IBAN_CODE"] {
        let line = line(&run, entity_type);
        assert_eq!(line["claimed"], "claimed", "{line}");
        assert_eq!(line["local"]["found"], 40, "{line}");
        assert!(line["guard"]["found"].as_u64().unwrap() >= 30, "{line}");
        let names = line["found_as"].as_array().unwrap();
        assert!(
            names.iter().any(|name| name["name"] == entity_type),
            "{line}"
        );
    }
    // It has no name for a vendor's token, and the Polish number is not switched on in English.
    for entity_type in ["GITHUB_TOKEN", "PL_PESEL"] {
        let line = line(&run, entity_type);
        assert_eq!(line["claimed"], "not_claimed", "{line}");
        assert_eq!(line["local"]["found"], 40, "{line}");
    }
    assert_eq!(run["all"]["guard"]["of"], 120);
    assert_eq!(run["not_claimed"]["guard"]["of"], 80);
    // A text that it refuses is a text without a verdict, and not one in which nothing is.
    bench.json(&[
        "redaction",
        "guards",
        "add",
        "klingon",
        "--kind",
        "presidio",
        "--url",
        &presidio.url,
        "--language",
        "tlh",
    ]);
    let few = ["--count", "3", "--clean", "0", "--type", "EMAIL_ADDRESS"];
    let (_, run) = measured(&bench, "klingon", &few);
    assert_eq!(run["run"]["judged"], 0, "{run}");
    assert_eq!(run["faults"][0]["name"], "failed");
    assert_eq!(run["all"]["guard"]["of"], 0);
}
