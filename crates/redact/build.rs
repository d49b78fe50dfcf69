//! Turns the recognizers of `data/recognizers` into one JSON text that the library holds: reading their
//! TOML took a good part of the time until the first text is looked through. Nothing is checked here but that
//! they are TOML; what they say is read, and tested, by the library.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

/// In the order in which they are asked.
const FILES: [&str; 10] = [
    "by_field",
    "contact",
    "dates",
    "financial",
    "government",
    "government_europe",
    "government_world",
    "secrets",
    "secrets_by_prefix",
    "secrets_by_name",
];

fn main() -> Result<(), Box<dyn Error>> {
    let mut all = Vec::new();
    for name in FILES {
        let path = format!("data/recognizers/{name}.toml");
        println!("cargo::rerun-if-changed={path}");
        let read = fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
        let file: serde_json::Value =
            toml::from_str(&read).map_err(|error| format!("{path}: {error}"))?;
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
