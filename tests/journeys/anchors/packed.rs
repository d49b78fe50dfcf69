//! What others vouched for, in a pack: by this program, by `verify.py`, by the commands of the
//! instructions.

use std::process::Command;

use serde_json::Value;

use super::{Authority, Witness, add_witness, grow, signed};
use crate::journeys::Bench;

/// What `verify.py`, as the pack holds it, says of the pack.
fn by_python(bench: &Bench, pack: &str) -> Value {
    let unpacked = bench.path("unpacked");
    let _ = std::fs::remove_dir_all(&unpacked);
    let done = Command::new("python3")
        .args(["-I", "-m", "zipfile", "-e", pack])
        .arg(&unpacked)
        .status()
        .unwrap();
    assert!(done.success());
    let said = Command::new("python3")
        .args(["-I", "verify.py", "--json"])
        .current_dir(&unpacked)
        .output()
        .unwrap();
    serde_json::from_slice(&said.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&said.stderr)))
}

#[test]
fn a_pack_carries_time_stamps_and_cosignatures_that_others_can_check() {
    let (bench, vkey) = signed();
    let Some(authority) = Authority::start(&bench.path("tsa")) else {
        return;
    };
    let (url, chain) = (authority.url(), bench.path("tsa/ca.pem"));
    let chain = chain.to_str().unwrap();
    bench.json(&[
        "evidence", "anchor", "add", "stamps", "--kind", "tsa", "--url", &url, "--chain", chain,
    ]);
    let witness = Witness::start(&bench.path("witness"), 1);
    witness.follow(&vkey);
    add_witness(&bench, "w1", &witness);
    let size = bench.json(&["evidence", "anchor", "now"])["size"].clone();
    let at = size.to_string();
    // The anchored checkpoint itself, and a later one that continues it.
    grow(&bench, 7);
    for (name, more) in [("at.zip", vec!["--at", at.as_str()]), ("later.zip", vec![])] {
        let pack = bench.path(name);
        let pack = pack.to_str().unwrap();
        let mut arguments = vec!["evidence", "pack", "--out", pack];
        arguments.extend(more);
        bench.json(&arguments);
        let here = bench.json(&["evidence", "verify", pack]);
        assert_eq!(here["ok"], true, "{here}");
        let python = by_python(&bench, pack);
        assert_eq!(python["ok"], true, "{python}");
        let notes = python["notes"].to_string();
        assert!(notes.contains("openssl accepts the time stamp"), "{notes}");
        assert!(notes.contains("is cosigned by"), "{notes}");
        let tools = bench.json(&["evidence", "verify", pack, "--standard-tools"]);
        assert_eq!(tools["ok"], true, "{tools}");
        assert_eq!(
            tools["passed"], 6,
            "the five commands and the time stamp: {tools}"
        );
    }
}
