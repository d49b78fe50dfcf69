//! What is given to find and treat with, read: a policy, a level of names, a field, lines.
//!
//! Not here: what is done with it (`redaction`, `evaluating`, `test_sets`).

use std::io::{BufReader, Read};
use std::path::Path;

use assay_domain::exchange::Field;
use assay_engine::error::WireError;
use assay_engine::opening::Engine;
use assay_engine::redaction::evaluation::{self, Choice};

use crate::arguments::PolicyArguments;
use crate::deployments::text_of;
use crate::ending::bad_input;

/// A field by its name.
pub(crate) fn field_named(name: &str) -> Result<Field, WireError> {
    let found = Field::ALL.into_iter().find(|field| field.name() == name);
    found.ok_or_else(|| {
        let all: Vec<&str> = Field::ALL.iter().map(|field| field.name()).collect();
        bad_input(format!("no field is called `{name}`")).hint(all.join(", "))
    })
}

/// The rules with another level of names, where one is given.
pub(crate) fn at(
    engine: &Engine,
    rules: evaluation::Rules,
    level: Option<&str>,
) -> Result<evaluation::Rules, WireError> {
    match level {
        Some(level) => rules.at(engine, level),
        None => Ok(rules),
    }
}

/// A policy by its name, or the text of a file that is tried.
pub(crate) fn choice(given: &PolicyArguments) -> Result<Choice, WireError> {
    Ok(match given.policy.as_deref() {
        None => Choice::InForce,
        Some(name) if name.ends_with(".toml") => Choice::Toml(text_of(Path::new(name))?),
        Some(name) => Choice::Named(name.to_owned()),
    })
}

/// The bytes of a file, or of standard input for `-`.
pub(crate) fn lines(path: &Path) -> Result<BufReader<Box<dyn Read>>, WireError> {
    let source: Box<dyn Read> = if path.as_os_str() == "-" {
        Box::new(std::io::stdin())
    } else {
        Box::new(
            std::fs::File::open(path)
                .map_err(|error| bad_input(format!("can't read `{}`: {error}", path.display())))?,
        )
    };
    Ok(BufReader::with_capacity(256 << 10, source))
}
