//! Exports of rows: exactly those that match, in every format, with a manifest that can be checked.

use std::process::{Command, Stdio};

use serde_json::Value;

use super::{Bench, interrupt, log};

const REASON: &str = "Handed to the external auditor under NDA";
/// What the fixtures hold that must not be shown.
const PERSONAL: &str = "jo.doe@example.com";

/// Reads a file with what every Python has, and answers its rows as a JSON array of arrays, heads
/// first; numbers are texts.
const READ: &str = r#"
import csv, json, sys, zipfile, xml.etree.ElementTree as tree
path = sys.argv[1]
if path.endswith(".csv"):
    rows = list(csv.reader(open(path, newline="", encoding="utf-8"), strict=True))
elif path.endswith(".jsonl"):
    lines = [json.loads(line) for line in open(path, encoding="utf-8")]
    rows = [list(lines[0])] + [list(line.values()) for line in lines] if lines else []
else:
    rows, main = [], "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    book = zipfile.ZipFile(path)
    assert book.testzip() is None
    for name in sorted(name for name in book.namelist() if name.startswith("xl/worksheets/")):
        for row in tree.parse(book.open(name)).iter(main + "row"):
            cells = {}
            for cell in row.iter(main + "c"):
                letters = cell.get("r").rstrip("0123456789")
                column = 0
                for letter in letters:
                    column = column * 26 + ord(letter) - 64
                cells[column - 1] = "".join(cell.itertext())
            rows.append([cells.get(column, "") for column in range(max(cells) + 1 if cells else 0)])
    for part in ("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"):
        tree.parse(book.open(part))
print(json.dumps(rows))
"#;

fn read(path: &str) -> Vec<Vec<Value>> {
    let output = Command::new("python3")
        .args(["-c", READ, path])
        .output()
        .expect("python3 is installed");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

fn manifest(path: &str) -> Value {
    serde_json::from_slice(&std::fs::read(format!("{path}.manifest.json")).unwrap()).unwrap()
}

fn at(bench: &Bench, name: &str) -> String {
    bench.path(name).to_str().unwrap().to_owned()
}

/// Makes keys of two persons known.
fn second_person(bench: &Bench) {
    bench.json(&["approvals", "key", "create", "Ann Khan"]);
    let ben = Bench::empty().json(&["approvals", "key", "create", "Ben Ode"]);
    let digits: String = ben["fingerprint"].as_str().unwrap()[..35].to_owned();
    let vkey = ben["vkey"].as_str().unwrap();
    bench.json(&[
        "approvals",
        "persons",
        "add",
        "Ben Ode",
        vkey,
        "--fingerprint",
        &digits,
    ]);
}

#[test]
fn every_format_holds_the_rows_of_the_query_and_others_read_it() {
    let bench = Bench::filled();
    for query in [
        "",
        "status:error",
        "kind:bedrock -has:served_region",
        "has:principal",
    ] {
        let listed = bench.json(&["trail", "calls", "--limit", "500", query]);
        let ids: Vec<&Value> = listed["calls"]
            .as_array()
            .unwrap()
            .iter()
            .map(|call| &call["id"])
            .collect();
        for format in ["csv", "jsonl", "xlsx"] {
            let path = at(&bench, &format!("out.{format}"));
            let written = bench.json(&["trail", "export", "--out", &path, "--force", query]);
            assert_eq!(written["rows"], ids.len(), "{query} {format}");
            let rows = read(&path);
            let found: Vec<&Value> = rows.iter().skip(1).map(|row| &row[0]).collect();
            assert_eq!(found, ids, "{query} {format}");
            let manifest = manifest(&path);
            assert_eq!(manifest["query"], query);
            assert_eq!(manifest["rows"], ids.len());
            assert_eq!(manifest["sha256"], written["sha256"]);
            assert_eq!(manifest["text"], "masked");
            if format != "jsonl" || !ids.is_empty() {
                let heads: Vec<Value> = rows[0].clone();
                assert_eq!(&Value::from(heads), &manifest["columns"], "{format}");
            }
            let check = bench.json(&["trail", "export", "verify", "--in-store", &path]);
            assert_eq!(
                (&check["ok"], &check["rows"], &check["in_trail"]),
                (&true.into(), &ids.len().into(), &true.into())
            );
        }
    }
    let path = at(&bench, "activities.csv");
    let all = bench.json(&[
        "trail",
        "activities",
        "--limit",
        "500",
        "category:workbench",
    ]);
    let written = bench.json(&[
        "trail",
        "export",
        "--records",
        "activities",
        "--out",
        &path,
        "category:workbench",
    ]);
    // That it is written is among them already.
    assert_eq!(written["rows"], all["total"].as_u64().unwrap() + 1);
}

#[test]
fn a_manifest_says_where_the_export_stands_and_the_trail_says_the_same() {
    let bench = Bench::filled();
    let path = at(&bench, "calls.csv");
    bench.json(&[
        "trail",
        "export",
        "--columns",
        "id,status,cost_usd",
        "--out",
        &path,
        "status:ok",
    ]);
    let manifest = manifest(&path);
    assert_eq!(manifest["file"], "calls.csv");
    assert_eq!(
        manifest["columns"],
        serde_json::json!(["id", "status", "cost_usd"])
    );
    assert_eq!(manifest["made_at"], "2026-11-23T12:00:00.000Z");
    assert_eq!(manifest["made_by"], "auditor");
    let log = &manifest["log"];
    assert_eq!(log["size"].as_u64(), log["written_leaf"].as_u64());
    assert_eq!(log["root"].as_str().unwrap().len(), 64);
    let done = bench.json(&["trail", "activities", "action:trail.export,trail.exported"]);
    let done = done["activities"].as_array().unwrap();
    assert_eq!(done.len(), 2);
    assert_eq!(done[0]["target"], manifest["sha256"]);
    assert_eq!(done[1]["target"], "status:ok");
}

#[test]
fn a_file_that_was_changed_is_another_one() {
    let bench = Bench::filled();
    let path = at(&bench, "calls.csv");
    bench.json(&["trail", "export", "--out", &path]);
    let text = std::fs::read_to_string(&path).unwrap();
    let (kept, _) = text.trim_end().rsplit_once("\r\n").unwrap();
    std::fs::write(&path, format!("{kept}\r\n")).unwrap();
    let ran = bench
        .run(&["trail", "export", "verify", &path])
        .with_code(1);
    for said in ["not the file", "SHA-256", "bytes", "rows"] {
        assert!(ran.stdout.contains(said), "{said}: {}", ran.stdout);
    }
    // Its manifest adapted, only the trail knows.
    let mut forged = manifest(&path);
    let check = bench
        .run(&["--json", "trail", "export", "verify", &path])
        .with_code(1)
        .json();
    forged["sha256"] = check["sha256"].clone();
    forged["rows"] = check["rows"].clone();
    forged["bytes"] = std::fs::metadata(&path).unwrap().len().into();
    bench.file("calls.csv.manifest.json", forged.to_string());
    bench
        .run(&["trail", "export", "verify", &path])
        .with_code(0);
    let ran = bench
        .run(&["trail", "export", "verify", "--in-store", &path])
        .with_code(1);
    assert!(ran.stdout.contains("has no leaf"), "{}", ran.stdout);
    let ran = Bench::imported()
        .run(&["trail", "export", "verify", "--in-store", &path])
        .with_code(1);
    assert!(ran.stdout.contains("another log"), "{}", ran.stdout);
    std::fs::remove_file(format!("{path}.manifest.json")).unwrap();
    bench
        .run(&["trail", "export", "verify", &path])
        .error("bad_input", "manifest.json");
}

#[test]
fn text_is_masked_and_the_original_needs_a_reason_and_is_in_the_trail_first() {
    let bench = Bench::filled();
    let raw = String::from_utf8(log("audited-client.jsonl")).unwrap()
        + &String::from_utf8(log("bedrock-invocations.jsonl")).unwrap();
    assert!(raw.contains(PERSONAL), "the fixtures hold it");
    let path = at(&bench, "text.jsonl");
    let texts = [
        "trail",
        "export",
        "--columns",
        "id,request,response",
        "--out",
        &path,
        "--force",
    ];
    bench.json(&texts);
    let masked = std::fs::read_to_string(&path).unwrap();
    assert!(
        !masked.contains(PERSONAL) && masked.contains("[user_message]"),
        "{masked}"
    );
    let original = |more: &[&str]| {
        let mut all = texts.to_vec();
        all.push("--original");
        all.extend(more);
        bench.run(&all)
    };
    original(&[]).error("bad_input", "--reason");
    original(&["--reason", "because"]).error("bad_input", "at least 10");
    let none = bench.json(&["trail", "activities", "action:trail.export_originals"]);
    assert_eq!(none["total"], 0);
    original(&["--reason", REASON]).with_code(0);
    assert!(std::fs::read_to_string(&path).unwrap().contains(PERSONAL));
    let told = bench.json(&["trail", "activities", "action:trail.export_originals"]);
    assert_eq!(told["activities"][0]["reason"], REASON);
    assert_eq!(manifest(&path)["text"], "original");
    assert_eq!(manifest(&path)["reason"], REASON);
    second_person(&bench);
    bench.json(&["approvals", "rules", "on", "exports"]);
    original(&["--reason", REASON]).error("approval_needed", "nobody was asked");
    assert!(
        std::fs::read_to_string(&path).unwrap().contains(PERSONAL),
        "what stood there is unchanged"
    );
    // Masked rows need nobody.
    bench.json(&texts);
    bench
        .run(&[
            "trail",
            "export",
            "--records",
            "activities",
            "--original",
            "--reason",
            REASON,
            "--out",
            &at(&bench, "a.csv"),
        ])
        .error("bad_input", "no original text");
}

#[test]
fn what_can_not_be_written_leaves_nothing_behind() {
    let bench = Bench::filled();
    let path = at(&bench, "calls.csv");
    let check = |arguments: &[&str], code: &str, text: &str| {
        let mut all = vec!["trail", "export"];
        all.extend(arguments);
        bench.run(&all).error(code, text);
    };
    check(&[], "bad_input", "--out");
    check(
        &["--out", &at(&bench, "calls.pdf")],
        "bad_input",
        "no format of rows",
    );
    check(
        &["--out", &path, "--columns", "id,nothing"],
        "bad_input",
        "no column",
    );
    check(
        &["--out", &path, "--columns", "id,id"],
        "bad_input",
        "twice",
    );
    check(
        &["--out", &path, "--records", "people"],
        "bad_input",
        "people",
    );
    check(&["--out", &path, "stauts:ok"], "bad_input", "stauts");
    check(
        &["--out", &at(&bench, "no/such/calls.csv")],
        "file_unwritable",
        "calls.csv",
    );
    let before = bench.json(&["trail", "activities", "action:trail.export"]);
    assert_eq!(before["total"], 0, "what was not begun is not in the trail");
    bench.json(&["trail", "export", "--out", &path]);
    check(&["--out", &path], "bad_input", "a file stands there");
    bench.json(&["trail", "export", "--out", &path, "--force", "status:error"]);
    assert_eq!(manifest(&path)["query"], "status:error");
    // A folder stands where the manifest would.
    std::fs::create_dir(bench.path("b.csv.manifest.json")).unwrap();
    check(
        &["--out", &at(&bench, "b.csv"), "--force"],
        "file_unwritable",
        "folder",
    );
    assert!(!bench.path("b.csv").exists());
    let empty = at(&bench, "none.xlsx");
    bench.json(&["trail", "export", "--out", &empty, "principal:nobody"]);
    assert_eq!(manifest(&empty)["rows"], 0);
    assert_eq!(read(&empty).len(), 1);
    let left: Vec<_> = std::fs::read_dir(bench.path("."))
        .unwrap()
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().contains(".part"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_and_an_interrupt_leave_nothing() {
    let bench = Bench::filled();
    // Many rows, so that there is time, and more than the limit below.
    let calls: String = (0..20_000)
        .map(|index| {
            format!(
                "{{\"schemaType\":\"ModelInvocationLog\",\"schemaVersion\":\"1.0\",\"timestamp\":\"2026-10-05T08:30:00Z\",\"accountId\":\"1\",\"region\":\"eu-central-1\",\"requestId\":\"many-{index}\",\"operation\":\"InvokeModel\",\"modelId\":\"m\"}}\n"
            )
        })
        .collect();
    let many = bench.file("many.jsonl", calls);
    bench.run(&["import", &many]).with_code(0);
    for format in ["csv", "jsonl", "xlsx"] {
        let out = at(&bench, &format!("full.{format}"));
        let program = bench.command(&[]).get_program().to_owned();
        let usual = bench.command(&[]);
        let mut limited = Command::new("sh");
        limited
            .args(["-c", "trap '' XFSZ; ulimit -f 1024; exec \"$0\" \"$@\""])
            .arg(program)
            .args(["trail", "export", "--out", &out])
            .envs(
                usual
                    .get_envs()
                    .filter_map(|(name, value)| Some((name, value?))),
            );
        let ran = limited.output().unwrap();
        let said = String::from_utf8_lossy(&ran.stderr).into_owned();
        assert!(
            said.starts_with("error[file_unwritable]"),
            "{format}: {said}"
        );
        for name in std::fs::read_dir(bench.path(".")).unwrap().flatten() {
            let name = name.file_name().to_string_lossy().into_owned();
            assert!(
                !name.contains(".part") && !name.starts_with("full"),
                "{format}: {name}"
            );
        }
        let mut child = bench
            .command(&[
                "trail",
                "export",
                "--columns",
                "id,request",
                "--out",
                &out,
                "--force",
            ])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        interrupt(&child);
        let status = child.wait().unwrap();
        let is_there = bench.path(format!("full.{format}")).exists();
        let has_manifest = bench.path(format!("full.{format}.manifest.json")).exists();
        assert_eq!(is_there, has_manifest, "{format} {status}");
        for suffix in ["", ".manifest.json"] {
            // It may have been quicker than the interrupt.
            let _ = std::fs::remove_file(format!("{out}{suffix}"));
        }
    }
}
