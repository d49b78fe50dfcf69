//! What the documents show works as they show it: the definition and the policy in docs/.
//!
//! In: the `toml` blocks of the documents. Out: what the terminal program says of them.

use std::path::Path;
use std::process::Command;

/// The first `toml` block of a document.
fn block(document: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../docs")
        .join(document);
    let text = std::fs::read_to_string(path).expect("the document is there");
    let (_, rest) = text.split_once("```toml\n").expect("it shows TOML");
    rest.split_once("```").expect("the block ends").0.to_owned()
}

#[track_caller]
fn assay(store: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_assay"))
        .arg("--store")
        .arg(store)
        .args(arguments)
        .env("ASSAY_STATE", store.with_file_name("state"))
        .output()
        .expect("the program runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn definition_in_the_document_is_taken() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("claims-eu.toml");
    std::fs::write(&file, block("deployments.md")).unwrap();
    let store = home.path().join("store");
    assay(
        &store,
        &[
            "deployments",
            "set",
            "claims-eu",
            "--file",
            &file.to_string_lossy(),
        ],
    );
    assert!(
        assay(&store, &["--json", "deployments", "show", "claims-eu"]).contains("Contract C-2291")
    );
}

#[test]
fn policy_in_the_document_does_what_its_remarks_say() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("claims.toml");
    std::fs::write(&file, block("policies.md")).unwrap();
    let text = "from 203.0.113.9: jane@example.com, support@example.com, 4111 1111 1111 1111";
    let store = home.path().join("store");
    let shown = assay(
        &store,
        &[
            "--json",
            "redaction",
            "preview",
            "--policy",
            &file.to_string_lossy(),
            text,
        ],
    );
    let redacted: serde_json::Value = serde_json::from_str(&shown).unwrap();
    let redacted = redacted["redacted"].as_str().unwrap();
    assert!(redacted.starts_with("from 203.0.113.9: "), "{redacted}");
    assert!(!redacted.contains("jane@example.com"), "{redacted}");
    assert!(redacted.contains("support@example.com"), "{redacted}");
    assert!(
        redacted.ends_with("1111") && !redacted.contains("4111 1111"),
        "{redacted}"
    );
}
