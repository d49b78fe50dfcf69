//! The sample organisation, made and gone through with one command.

use super::Bench;

#[test]
fn demo_does_every_job_and_says_where_things_are() {
    let bench = Bench::empty();
    let out = bench.path("demo");
    let done = bench.json(&["demo", "--out", out.to_str().unwrap(), "--calls", "8000"]);
    assert_eq!(done["calls"], 8_000, "{done}");
    assert_eq!(done["verification"]["ok"], true);
    assert!(
        done["checks"]["not_met"].as_u64().unwrap() > 0
            && done["checks"]["met"].as_u64().unwrap() > 0,
        "{done}"
    );
    assert_eq!(
        (&done["replay"]["state"], &done["replay"]["errors"]),
        (&"done".into(), &0.into())
    );
    for name in [
        "report.pdf",
        "report.xlsx",
        "report.csv",
        "report.json",
        "evidence.zip",
    ] {
        assert!(out.join(name).is_file(), "{name}");
    }
    let store = out.join("store");
    let total = bench.json(&[
        "trail",
        "calls",
        "--limit",
        "1",
        "--store",
        store.to_str().unwrap(),
    ])["total"]
        .clone();
    assert_eq!(total, 8_000);
    let again = bench
        .run(&["demo", "--out", out.to_str().unwrap()])
        .with_code(0);
    assert!(
        again.stdout.contains("8,000 calls")
            && again
                .stdout
                .contains("holds, by a key that you have not compared: "),
        "{}",
        again.stdout
    );
    bench
        .run(&[
            "demo",
            "--out",
            bench.path("few").to_str().unwrap(),
            "--calls",
            "3",
        ])
        .error("bad_input", "at least");
}
