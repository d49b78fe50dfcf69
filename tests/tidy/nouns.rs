//! A noun is one word everywhere: the prefix of its commands, the engine's module and the folder of
//! its screens (ARCHITECTURE.md).

use std::collections::BTreeSet;

use regex::Regex;

use super::{none, read, root};

/// Prefixes of commands that stand with another noun: jobs are shown with the settings, a snapshot is
/// of a deployment.
const WITH: &[(&str, &str)] = &[("jobs", "settings"), ("snapshots", "deployments")];

/// Each command with the first module of what carries it out.
fn commands() -> Vec<(String, String)> {
    let entry = Regex::new(r#"(?m)^\s+"(\w+\.\w+)"\s*=>\s*\w+\s+(\w+)::"#).unwrap();
    let found: Vec<_> = entry
        .captures_iter(&read("crates/engine/src/commands.rs"))
        .map(|found| (found[1].to_owned(), found[2].to_owned()))
        .collect();
    assert!(found.len() > 100, "the list of commands was not read");
    found
}

#[test]
fn a_command_is_carried_out_by_the_module_that_it_is_called_after() {
    let broken = commands()
        .into_iter()
        .filter(|(name, module)| {
            let prefix = name.split('.').next().unwrap_or_default();
            prefix != module && !WITH.contains(&(prefix, module))
        })
        .map(|(name, module)| format!("{name}: {module}"))
        .collect();
    none("a command's prefix is the module of its noun", broken);
}

#[test]
fn each_noun_has_a_module_and_a_folder_of_screens() {
    let nouns: BTreeSet<String> = commands().into_iter().map(|(_, module)| module).collect();
    let screens: BTreeSet<String> = std::fs::read_dir(root().join("ui/src/features"))
        .expect("the screens can be read")
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(
        nouns, screens,
        "nouns of the engine, and folders of screens"
    );
    let modules = read("crates/engine/src/lib.rs");
    let broken = nouns
        .into_iter()
        .filter(|noun| !modules.contains(&format!("\npub mod {noun};\n")))
        .collect();
    none("a noun is a module of the engine", broken);
}
