//! Hostile texts through every format: nothing is read as markup, a formula or a script, and the
//! same report gives the same bytes.

use assay_report::model::coverage::ReportCoverage;
use assay_report::model::oversight::{Approvals, Decided, Look, Looked, Requested, Tally};
use assay_report::model::*;
use assay_report::table::neutral;
use assay_report::{Format, render};

const HOSTILE: [&str; 12] = [
    "#read(\"/etc/passwd\")",
    "#import \"@preview/x:1.0.0\"",
    "$ x^2 $ \\ #while true {}",
    "*bold* _it_ `raw` <label> @ref = heading",
    "<script>alert(1)</script>",
    "=HYPERLINK(\"http://example.com\")",
    "+1+1",
    "-2",
    "@SUM(A1)",
    "\u{202E}gnp.exe\u{200B}\u{7}\u{0}",
    "]]> & \" ' </td>",
    "ends with a backslash \\",
];

fn report(texts: &[&str]) -> Report {
    let text = |index: usize| texts[index % texts.len()].to_owned();
    let tally = |index: usize| Tally {
        id: text(index),
        title: text(index),
        value: 1,
        of: Counted {
            value: 2,
            what: text(index),
        },
        query: Some(text(index)),
        note: Some(text(index)),
    };
    let evidence = |index: usize| Evidence {
        id: format!("E-{index}"),
        what: text(index),
        query: Some(text(index + 1)),
        call_ids: vec![text(index + 2)],
        setting: Some(text(index + 3)),
    };
    Report {
        title: text(0),
        organisation: text(1),
        period: Period {
            from: "2026-10-01".into(),
            to: "2026-11-01".into(),
        },
        deployments: vec![text(2)],
        generated_at: "2026-11-24T12:00:00Z".into(),
        generated_by: text(3),
        version: "0.1.0".into(),
        sample: true,
        summary: texts.iter().map(|text| (*text).to_owned()).collect(),
        figures: vec![Figure {
            id: "calls".into(),
            title: text(4),
            value: Value::Share(1),
            denominator: Some(Counted {
                value: 3,
                what: text(5),
            }),
            unknown: None,
            query: Some(text(6)),
            note: Some(text(7)),
        }],
        verdicts: Verdicts::default(),
        checked_at: None,
        handling: vec![Handling {
            deployment: text(8),
            kind: text(9),
            description: text(10),
            owner: Some(text(11)),
            regulated: true,
            zero_retention: true,
            calls: 3,
            places: vec![
                Place {
                    region: Some(text(0)),
                    calls: 1,
                },
                Place {
                    region: None,
                    calls: 2,
                },
            ],
            lines: vec![Line {
                topic: text(1),
                statement: text(2),
                mark: "unknown".into(),
                source: Some(text(3)),
                as_of: None,
                review_due: true,
            }],
        }],
        findings_of: text(3),
        findings: ["not_met", "unknown", "met", "waived"]
            .iter()
            .map(|verdict| Finding {
                id: text(4),
                check: text(5),
                deployment: text(6),
                subject: text(7),
                verdict: (*verdict).into(),
                severity: "high".into(),
                title: text(8),
                detail: text(9),
                how_to_fix: text(10),
                clauses: vec![text(11)],
                evidence: vec![evidence(0), evidence(5)],
                counted: 1,
                of: 3,
                unknown: 1,
                waiver: Some(text(2)),
            })
            .collect(),
        weeks: vec![Week {
            from: text(0),
            calls: 3,
            errors: 1,
            input_tokens: 5,
            output_tokens: 6,
            tokens_known: 3,
            cost_usd_micros: 1_234_567,
            cost_known: 2,
        }],
        coverage: ReportCoverage {
            says: vec![text(5)],
            tallies: vec![tally(6)],
        },
        not_covered: vec![text(3)],
        integrity: Integrity {
            size: 3,
            root: "ab".repeat(32),
            first_key: Some(text(2)),
            says: vec![text(3)],
            proves: vec![text(4)],
            does_not_prove: vec![text(5)],
        },
        sources: Sources {
            files: 3,
            verified: 1,
            failed: 1,
            unknown: 1,
            says: vec![text(5)],
            chains: vec![SourceChain {
                title: text(6),
                verdict: "partly".into(),
                says: vec![text(7)],
            }],
        },
        imports: vec![Import {
            path: text(6),
            format: None,
            sha256: Some("cd".repeat(32)),
            accepted: 3,
            duplicates: 0,
            rejected: 1,
        }],
        looked: Looked {
            says: vec![text(7)],
            tallies: vec![tally(8)],
            rows: ["revealed", "exported", "refused"]
                .iter()
                .map(|what| Look {
                    at: text(9),
                    who: text(10),
                    what: (*what).into(),
                    record: text(11),
                    reason: Some(text(0)),
                    approval: Some(text(1)),
                    leaf: 1_234,
                })
                .collect(),
            total: 3,
        },
        approvals: Approvals {
            says: vec![text(2)],
            tallies: vec![tally(3)],
            rows: vec![
                Requested {
                    id: text(4),
                    kind: text(5),
                    what: text(6),
                    asked_by: text(7),
                    asked_key: text(8),
                    asked_at: text(9),
                    asked_leaf: 7,
                    state: "used".into(),
                    decision: Some(Decided {
                        verdict: "approved".into(),
                        by: text(10),
                        key: text(11),
                        at: text(0),
                        reason: text(1),
                        leaf: 8,
                    }),
                    used_at: Some(text(2)),
                    used_leaf: Some(9),
                },
                Requested {
                    id: text(3),
                    kind: text(4),
                    what: text(5),
                    asked_by: text(6),
                    asked_key: text(7),
                    asked_at: text(8),
                    asked_leaf: 10,
                    state: "waiting".into(),
                    decision: None,
                    used_at: None,
                    used_leaf: None,
                },
            ],
        },
    }
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    let report = report(&HOSTILE);
    for format in Format::ALL {
        let (first, second) = (
            render(&report, format).unwrap(),
            render(&report, format).unwrap(),
        );
        assert!(!first.bytes.is_empty());
        assert_eq!(first.bytes, second.bytes, "{}", format.name());
    }
}

#[test]
fn a_pdf_holds_hostile_texts_literally() {
    let rendered = render(&report(&HOSTILE), Format::Pdf).unwrap();
    assert!(rendered.bytes.starts_with(b"%PDF-") && rendered.pages.unwrap() > 3);
    let file = std::env::temp_dir().join(format!("assay-report-{}.pdf", std::process::id()));
    std::fs::write(&file, &rendered.bytes).unwrap();
    let text = std::process::Command::new("pdftotext")
        .arg("-layout")
        .arg(&file)
        .arg("-")
        .output();
    std::fs::remove_file(&file).unwrap();
    let Ok(text) = text else {
        println!("skipped: pdftotext is not installed, so the text of the PDF was not read");
        return;
    };
    let text = String::from_utf8_lossy(&text.stdout).replace(char::is_whitespace, "");
    for payload in [
        "#read(\"/etc/passwd\")",
        "#whiletrue{}",
        "<script>alert(1)</script>",
        "endswithabackslash\\",
        "[U+202E]gnp.exe",
        "*bold*_it_`raw`<label>@ref=heading",
    ] {
        assert!(
            text.contains(payload),
            "{payload} is not in the PDF as it was written"
        );
    }
    assert!(!text.contains("root:x:"));
    assert!(
        text.contains("confirmitwithyourauditor"),
        "beside the clauses"
    );
}

#[test]
fn empty_and_large_reports_are_set() {
    let mut empty = report(&["plain"]);
    (empty.summary, empty.figures, empty.findings, empty.handling) =
        (vec![], vec![], vec![], vec![]);
    (
        empty.weeks,
        empty.not_covered,
        empty.imports,
        empty.looked.rows,
        empty.coverage.tallies,
        empty.deployments,
    ) = (vec![], vec![], vec![], vec![], vec![], vec![]);
    for format in Format::ALL {
        render(&empty, format).unwrap();
    }
    let mut large = report(&["plain"]);
    let one = large.findings[0].clone();
    large.findings = vec![one; 300];
    assert!(render(&large, Format::Pdf).unwrap().pages.unwrap() > 20);
}

#[test]
fn cells_are_never_formulas() {
    for text in [
        "=1",
        "+1",
        "-1",
        "@a",
        "\t=1",
        "\r=1",
        " =1",
        "＝1",
        "|cmd",
        "\"=1",
        "'=1",
        "\u{a0}\"@a",
    ] {
        assert!(neutral(text).starts_with('\''), "{text:?}");
    }
    assert_eq!(neutral("plain"), "plain");
    let csv = String::from_utf8(render(&report(&HOSTILE), Format::Csv).unwrap().bytes).unwrap();
    assert!(
        csv.contains("\"'=HYPERLINK(\"\"http://example.com\"\")\""),
        "{csv}"
    );
    assert!(!csv.contains("\"=") && !csv.contains("\"@SUM") && !csv.contains("\"+1+1"));
}

#[test]
fn html_has_no_script_and_no_tag_of_a_value() {
    let html = String::from_utf8(render(&report(&HOSTILE), Format::Html).unwrap().bytes).unwrap();
    assert!(
        !html.contains("<script")
            && html.contains("&lt;script&gt;")
            && html.contains("default-src 'none'")
    );
    assert!(
        html.contains("our mapping: confirm it with your auditor"),
        "beside the clauses"
    );
}

#[test]
fn a_share_without_its_denominator_is_refused() {
    let mut report = report(&["plain"]);
    report.figures[0].denominator = None;
    assert!(
        render(&report, Format::Json)
            .unwrap_err()
            .to_string()
            .contains("calls")
    );
}

#[test]
fn a_period_of_whole_days_names_its_last_day() {
    let text = |from: &str, to: &str| {
        Period {
            from: from.into(),
            to: to.into(),
        }
        .text()
    };
    assert_eq!(
        text("2026-10-01", "2026-11-01"),
        "1 October 2026 to 31 October 2026 (UTC, both days belong to it)"
    );
    assert_eq!(
        text("2026-10-01", "2026-10-02T12:00:00Z"),
        "2026-10-01 up to, not including, 2026-10-02T12:00:00Z (UTC)"
    );
}

#[test]
fn a_pdf_of_imports_says_their_folder_once() {
    let mut report = report(&["plain"]);
    let one = report.imports[0].clone();
    let import = |path: &str| Import {
        path: path.into(),
        ..one.clone()
    };
    report.imports = vec![import("/logs/aws/a.json"), import("/logs/gateway/b.jsonl")];
    assert!(render(&report, Format::Pdf).unwrap().pages.unwrap() > 3);
    report.imports = vec![import("/é/a"), import("/è/b"), import("c")];
    assert!(render(&report, Format::Pdf).unwrap().pages.unwrap() > 3);
}
