//! What is linked in: licences and origins of all crates, as deny.toml lists them.
//!
//! The same lists as `cargo deny` reads, tested here because that tool is not on every machine.

use std::process::Command;

use regex::Regex;

use super::{none, read, root};

fn quoted(list: &str) -> Vec<String> {
    Regex::new(r#""([^"]+)""#)
        .unwrap()
        .captures_iter(list)
        .map(|found| found[1].to_owned())
        .collect()
}

/// Whether `expression` (SPDX, or the older `MIT/Apache-2.0`) can be met with allowed licences.
fn allowed(expression: &str, allows: &dyn Fn(&str) -> bool) -> bool {
    let expression = expression.replace('/', " OR ");
    let inner = Regex::new(r"\(([^()]*)\)").unwrap();
    if let Some(found) = inner.captures(&expression) {
        let value = if allowed(&found[1], allows) {
            "YES"
        } else {
            "NO"
        };
        return allowed(&expression.replacen(&found[0], value, 1), allows);
    }
    expression.split(" OR ").any(|choice| {
        choice.split(" AND ").all(|licence| match licence.trim() {
            "YES" => true,
            "NO" => false,
            licence => allows(licence),
        })
    })
}

#[test]
fn licences_of_all_crates_are_allowed() {
    let deny = read("deny.toml");
    let section = Regex::new(r"(?s)\[licenses\]\s+allow = \[(.*?)\]").unwrap();
    let list = quoted(&section.captures(&deny).expect("deny.toml lists licences")[1]);
    let exception = Regex::new(r#"crate = "([^"]+)", allow = \[([^\]]+)\]"#).unwrap();
    let exceptions: Vec<(String, Vec<String>)> = exception
        .captures_iter(&deny)
        .map(|found| (found[1].to_owned(), quoted(&found[2])))
        .collect();

    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--locked", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "cargo metadata: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    let packages = metadata["packages"]
        .as_array()
        .expect("packages are a list");
    let mut broken = Vec::new();
    for package in packages {
        let name = package["name"].as_str().unwrap_or_default();
        let licence = package["license"].as_str().unwrap_or("none given");
        let allows = |licence: &str| {
            list.iter().any(|allowed| allowed == licence)
                || exceptions
                    .iter()
                    .any(|(only, also)| only == name && also.iter().any(|one| one == licence))
        };
        if !allowed(licence, &allows) {
            broken.push(format!("{name}: {licence}"));
        }
    }
    none("licences are those of deny.toml", broken);
}

#[test]
fn crates_come_from_the_public_registry() {
    let lock = read("Cargo.lock");
    let broken = lock
        .lines()
        .filter(|line| line.starts_with("source = "))
        .filter(|line| {
            *line != r#"source = "registry+https://github.com/rust-lang/crates.io-index""#
        })
        .map(str::to_owned)
        .collect();
    none("crates come from crates.io only", broken);
    for refused in ["openssl-sys", "native-tls"] {
        assert!(
            !lock.contains(&format!("name = \"{refused}\"")),
            "one TLS stack: {refused}"
        );
    }
}

#[test]
fn expressions_are_read_as_spdx_means_them() {
    let mit = |licence: &str| licence == "MIT" || licence == "Unicode-3.0";
    for (expression, expected) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("Apache-2.0 OR MIT", true),
        ("Unlicense/MIT", true),
        ("MIT AND GPL-3.0", false),
        ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
        ("(GPL-3.0 OR Apache-2.0) AND Unicode-3.0", false),
    ] {
        assert_eq!(allowed(expression, &mit), expected, "{expression}");
    }
}
