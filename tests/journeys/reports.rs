//! Reports: formats, figures that open their calls, the same bytes twice.

use super::{Bench, finished};

fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let kind = entry.file_type().unwrap();
        let target = to.join(entry.file_name());
        if kind.is_dir() {
            copy(&entry.path(), &target);
        } else if kind.is_file() {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn every_format_is_the_same_twice_at_the_same_time() {
    let bench = Bench::filled();
    bench.run(&["check", "run"]).with_code(0);
    for format in ["pdf", "xlsx", "csv", "json", "html"] {
        let mut sums = Vec::new();
        // Writing a report is an activity and so changes the store: both start from one copy.
        for copied in ["first", "second"] {
            let store = bench.path(format!("{format}-{copied}"));
            copy(&bench.store(), &store);
            // With what is remembered of it: the second copy is no older one put in its place.
            let state = bench.path(format!("{format}-{copied}-state"));
            copy(&bench.path("state"), &state);
            let out = bench.path(format!("report.{format}"));
            let arguments = [
                "--json",
                "report",
                "render",
                "monthly",
                "--format",
                format,
                "--out",
                out.to_str().unwrap(),
                "--store",
                store.to_str().unwrap(),
            ];
            let ran = bench
                .command(&arguments)
                .env("ASSAY_STATE", &state)
                .output()
                .unwrap();
            let report = finished(ran).with_code(0).json();
            assert_eq!(report["path"], out.to_str().unwrap());
            sums.push((report["sha256"].clone(), std::fs::read(&out).unwrap()));
        }
        assert!(sums[0] == sums[1], "{format}");
        assert!(
            !sums[0]
                .1
                .windows(18)
                .any(|window| window == b"jo.doe@example.com"),
            "{format}"
        );
    }
}

#[test]
fn who_looked_stands_in_the_report_with_its_leaf() {
    let bench = Bench::filled();
    let out = bench.path("report.json");
    let out = out.to_str().unwrap();
    let period = ["--from", "2026-11-01", "--to", "2026-12-01"];
    let render = || {
        let mut words = vec![
            "report", "render", "monthly", "--format", "json", "--out", out,
        ];
        words.extend(period);
        bench.run(&words).with_code(0);
        serde_json::from_slice::<serde_json::Value>(&std::fs::read(out).unwrap()).unwrap()
    };
    let none = render();
    assert_eq!(none["looked"]["rows"], serde_json::json!([]));
    let says = none["looked"]["says"][0].as_str().unwrap();
    assert!(says.starts_with("Nobody looked at original text"), "{says}");
    let calls = bench.json(&["trail", "calls", "kind:bedrock", "body:present"]);
    let id = calls["calls"][0]["id"].as_str().unwrap();
    bench
        .run(&[
            "trail",
            "reveal",
            id,
            "--reason",
            "Ticket 4711 of the fraud desk",
        ])
        .with_code(0);
    let pack = bench.path("pack.zip");
    bench
        .run(&[
            "evidence",
            "pack",
            "--out",
            pack.to_str().unwrap(),
            "kind:bedrock",
        ])
        .with_code(0);
    let some = render();
    let rows = some["looked"]["rows"].as_array().unwrap();
    let what: Vec<_> = rows
        .iter()
        .map(|row| row["what"].as_str().unwrap())
        .collect();
    assert_eq!(what, ["exported", "revealed"], "newest first");
    assert_eq!(rows[1]["reason"], "Ticket 4711 of the fraud desk");
    assert_eq!(
        (&rows[1]["record"], &rows[1]["who"]),
        (&id.into(), &"auditor".into())
    );
    assert!(rows[1]["leaf"].as_u64().unwrap() < rows[0]["leaf"].as_u64().unwrap());
    let tally = &some["looked"]["tallies"][0];
    assert_eq!(
        (&tally["value"], &tally["of"]["value"]),
        (&1.into(), &9.into())
    );
    let query = tally["query"].as_str().unwrap();
    let opened = bench.json(&["trail", "activities", query]);
    assert_eq!(opened["total"], 1, "{query}");
    let exports = &some["approvals"]["tallies"][3];
    assert_eq!(
        (&exports["value"], &exports["of"]["value"]),
        (&0.into(), &1.into())
    );
    let says = some["integrity"]["says"].as_array().unwrap();
    assert!(
        says.iter()
            .any(|line| line.as_str().unwrap().starts_with("Signed to #")),
        "{says:?}"
    );
    assert!(some["integrity"]["first_key"].is_string());
}

#[test]
fn figures_are_counts_of_queries() {
    let bench = Bench::filled();
    bench.run(&["check", "run"]).with_code(0);
    let out = bench.path("report.pdf");
    let report = bench.json(&[
        "report",
        "render",
        "monthly",
        "--format",
        "pdf",
        "--out",
        out.to_str().unwrap(),
        "--from",
        "2026-10-01",
        "--to",
        "2026-11-01",
    ]);
    assert!(report["pages"].as_u64().unwrap() > 1);
    assert!(report.get("handle").is_none());
    assert!(std::fs::read(&out).unwrap().starts_with(b"%PDF-"));
    let figures = report["figures"].as_array().unwrap();
    for id in ["calls", "errors", "region_unknown", "with_text"] {
        let figure = figures.iter().find(|figure| figure["id"] == id).unwrap();
        let query = figure["query"].as_str().unwrap();
        assert_eq!(
            bench.json(&["trail", "calls", query])["total"].to_string(),
            figure["value"].as_str().unwrap(),
            "{figure}"
        );
    }
    let listed = bench.json(&["report", "list"]);
    assert_eq!(
        (&listed[0]["sha256"], &listed[0]["state"]),
        (&report["sha256"], &"unchanged".into())
    );
    std::fs::write(&out, "changed").unwrap();
    assert_eq!(bench.json(&["report", "list"])[0]["state"], "changed");
}

#[test]
fn what_cannot_be_written_is_said() {
    let bench = Bench::filled();
    let render = |kind: &str, format: &str, out: &str, more: &[&str]| {
        bench.run(
            &[
                &["report", "render", kind, "--format", format, "--out", out],
                more,
            ]
            .concat(),
        )
    };
    for format in ["oscal", "ocsf", "sarif"] {
        render("monthly", format, "r", &[]).error("bad_input", format);
    }
    render("yearly", "pdf", "r", &[]).error("bad_input", "yearly");
    let out = bench.path("missing/r.csv");
    render("monthly", "csv", out.to_str().unwrap(), &[]).error("file_unwritable", "r.csv");
    let out = bench.path("r.csv");
    let out = out.to_str().unwrap();
    render(
        "monthly",
        "csv",
        out,
        &["--from", "2026-11-01", "--to", "2026-10-01"],
    )
    .error("bad_input", "empty");
    render("monthly", "csv", out, &["--from", "soon"]).error("bad_input", "soon");
    render("monthly", "csv", out, &["--deployment", "nothing"]).error("not_found", "nothing");
    assert!(!std::path::Path::new(out).exists());
}

#[test]
fn a_report_of_a_store_that_was_rolled_back_says_so_first_and_adds_nothing() {
    let bench = Bench::filled();
    let older = bench.path("older");
    copy(&bench.store(), &older);
    bench.run(&["check", "run"]).with_code(0);
    bench.run(&["evidence", "checkpoint"]).with_code(0);
    std::fs::remove_dir_all(bench.store()).unwrap();
    copy(&older, &bench.store());
    let out = bench.path("report.json");
    let out = out.to_str().unwrap();
    let render = [
        "report", "render", "monthly", "--format", "json", "--out", out,
    ];
    bench.run(&render).with_code(0);
    let report: serde_json::Value = serde_json::from_slice(&std::fs::read(out).unwrap()).unwrap();
    let first = report["summary"][0].as_str().unwrap();
    assert!(first.starts_with("This store was rolled back: "), "{first}");
    bench
        .run(&["evidence", "pack", "--out", "pack.zip"])
        .error("store_rolled_back", "was rolled back");
    assert!(!bench.path("pack.zip").exists());
}

#[test]
fn what_the_sources_cover_stands_in_the_report_and_opens() {
    let bench = Bench::filled();
    let out = bench.path("report.json");
    let render = |format: &str, out: &std::path::Path| {
        let out = out.to_str().unwrap();
        bench
            .run(&[
                "report", "render", "monthly", "--format", format, "--out", out,
            ])
            .with_code(0);
    };
    render("json", &out);
    let report: serde_json::Value = serde_json::from_slice(&std::fs::read(&out).unwrap()).unwrap();
    let coverage = &report["coverage"];
    let tallies = coverage["tallies"].as_array().unwrap();
    let of = |prefix: &str| {
        tallies
            .iter()
            .filter(|tally| tally["id"].as_str().unwrap().starts_with(prefix))
            .collect::<Vec<_>>()
    };
    assert!(
        !of("calls.").is_empty() && !of("hole.").is_empty(),
        "{coverage}"
    );
    for tally in tallies {
        assert!(
            tally["value"].as_u64() <= tally["of"]["value"].as_u64(),
            "{tally}"
        );
    }
    for tally in ["calls.", "alone.", "both.", "left.", "right."]
        .iter()
        .flat_map(|id| of(id))
    {
        let query = tally["query"].as_str().unwrap();
        assert_eq!(
            bench.json(&["trail", "calls", query])["total"],
            tally["value"],
            "{tally}"
        );
    }
    let says = coverage["says"].to_string();
    assert!(
        says.contains("What the provider billed is unknown"),
        "{says}"
    );
    let html = bench.path("report.html");
    render("html", &html);
    let html = std::fs::read_to_string(html).unwrap();
    assert!(html.contains("<h2>Coverage</h2>") && html.contains("Query of calls"));
    let csv = bench.path("report.csv");
    render("csv", &csv);
    let table = std::fs::read_to_string(csv).unwrap();
    assert!(
        table
            .lines()
            .any(|line| line.contains("coverage") && line.contains("calls.bedrock")),
        "{table}"
    );
}
