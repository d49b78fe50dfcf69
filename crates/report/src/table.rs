//! The report as one CSV table: `section, id, subject, field, value, denominator, unknown, query`.
//!
//! A cell that a spreadsheet could read as a formula is written with a leading `'` (OWASP, CSV
//! injection). Not here: XLSX.

use csv::{QuoteStyle, Terminator, WriterBuilder};

use crate::ReportError;
use crate::model::oversight::{look_word, state_word};
use crate::model::{Report, Value, chain_word, mark_word, money, verdict_word};
use crate::visible::visible;

/// Returns `text` so that no spreadsheet reads it as a formula.
pub fn neutral(text: &str) -> String {
    let shown = visible(text);
    // What a spreadsheet may take away before it looks.
    let wrapping = |c: char| c.is_whitespace() || "\"'`".contains(c);
    let risky = |first: char| "=+-@\t\r＝＋－＠|%".contains(first);
    if text.starts_with(risky) || shown.trim_start_matches(wrapping).starts_with(risky) {
        format!("'{shown}")
    } else {
        shown
    }
}

/// Writes the table.
///
/// # Errors
/// [`ReportError::Csv`].
pub fn render(report: &Report) -> Result<Vec<u8>, ReportError> {
    let mut writer = WriterBuilder::new()
        .quote_style(QuoteStyle::NonNumeric)
        .terminator(Terminator::CRLF)
        .from_writer(Vec::new());
    writer.write_record([
        "section",
        "id",
        "subject",
        "field",
        "value",
        "denominator",
        "unknown",
        "query",
    ])?;
    let mut row = |cells: [&str; 4],
                   value: &str,
                   numbers: [Option<u64>; 2],
                   query: &str|
     -> Result<(), ReportError> {
        let [denominator, unknown] =
            numbers.map(|number| number.map(|number| number.to_string()).unwrap_or_default());
        // Numbers are written as they are; everything else is made harmless.
        let number = !value.is_empty()
            && value
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'.');
        let value = if number {
            value.to_owned()
        } else {
            neutral(value)
        };
        let [section, id, subject, field] = cells.map(neutral);
        writer.write_record([
            &section,
            &id,
            &subject,
            &field,
            &value,
            &denominator,
            &unknown,
            &neutral(query),
        ])?;
        Ok(())
    };
    for (field, value) in [
        ("title", report.title.as_str()),
        ("organisation", &report.organisation),
        ("from", &report.period.from),
        ("to", &report.period.to),
        ("generated_at", &report.generated_at),
        ("generated_by", &report.generated_by),
        ("version", &report.version),
    ] {
        row(["report", "", "", field], value, [None, None], "")?;
    }
    row(
        ["report", "", "", "sample"],
        if report.sample { "yes" } else { "no" },
        [None, None],
        "",
    )?;
    for sentence in &report.summary {
        row(["summary", "", "", "sentence"], sentence, [None, None], "")?;
    }
    for figure in &report.figures {
        let value = match &figure.value {
            Value::Count(count) | Value::Share(count) => count.to_string(),
            Value::Money(micros) => decimal(*micros),
            Value::DurationMs(ms) => ms.to_string(),
            Value::Text(text) => text.clone(),
        };
        let of = figure.denominator.as_ref().map(|counted| counted.value);
        let unknown = figure.unknown.as_ref().map(|counted| counted.value);
        row(
            ["figure", &figure.id, &figure.title, unit(&figure.value)],
            &value,
            [of, unknown],
            figure.query.as_deref().unwrap_or(""),
        )?;
    }
    for finding in &report.findings {
        let counts = [Some(finding.of), Some(finding.unknown)];
        row(
            ["finding", &finding.id, &finding.deployment, "verdict"],
            verdict_word(&finding.verdict),
            [None, None],
            "",
        )?;
        row(
            ["finding", &finding.id, &finding.deployment, "severity"],
            &finding.severity,
            [None, None],
            "",
        )?;
        row(
            ["finding", &finding.id, &finding.deployment, "statement"],
            &finding.title,
            [None, None],
            "",
        )?;
        row(
            ["finding", &finding.id, &finding.deployment, "counted"],
            &finding.counted.to_string(),
            counts,
            "",
        )?;
        for clause in &finding.clauses {
            row(
                ["finding", &finding.id, &finding.deployment, "clause"],
                clause,
                [None, None],
                "",
            )?;
        }
        for evidence in &finding.evidence {
            let query = evidence.query.as_deref().unwrap_or("");
            row(
                ["evidence", &evidence.id, &finding.id, "what"],
                &evidence.what,
                [None, None],
                query,
            )?;
        }
    }
    for handling in &report.handling {
        for line in &handling.lines {
            row(
                [
                    "handling",
                    &line.topic,
                    &handling.deployment,
                    mark_word(&line.mark),
                ],
                &line.statement,
                [None, None],
                line.source.as_deref().unwrap_or(""),
            )?;
        }
        for place in &handling.places {
            let region = place.region.as_deref().unwrap_or("not recorded");
            row(
                ["place", region, &handling.deployment, "calls"],
                &place.calls.to_string(),
                [Some(handling.calls), None],
                "",
            )?;
        }
    }
    for week in &report.weeks {
        row(
            ["week", &week.from, "", "calls"],
            &week.calls.to_string(),
            [None, None],
            "",
        )?;
        row(
            ["week", &week.from, "", "errors"],
            &week.errors.to_string(),
            [Some(week.calls), None],
            "",
        )?;
        row(
            ["week", &week.from, "", "cost_usd"],
            &decimal(week.cost_usd_micros),
            [
                Some(week.cost_known),
                Some(week.calls - week.cost_known.min(week.calls)),
            ],
            "",
        )?;
    }
    for import in &report.imports {
        row(
            [
                "import",
                import.sha256.as_deref().unwrap_or(""),
                &import.path,
                "accepted",
            ],
            &import.accepted.to_string(),
            [None, None],
            "",
        )?;
        row(
            [
                "import",
                import.sha256.as_deref().unwrap_or(""),
                &import.path,
                "rejected",
            ],
            &import.rejected.to_string(),
            [None, None],
            "",
        )?;
    }
    for (field, value) in [
        ("verified", report.sources.verified),
        ("failed", report.sources.failed),
        ("unknown", report.sources.unknown),
    ] {
        row(
            ["cloudtrail_files", "", "", field],
            &value.to_string(),
            [Some(report.sources.files), None],
            "",
        )?;
    }
    for chain in &report.sources.chains {
        row(
            ["cloudtrail_chain", "", &chain.title, "verdict"],
            chain_word(&chain.verdict),
            [None, None],
            "",
        )?;
        for sentence in &chain.says {
            row(
                ["cloudtrail_chain", "", &chain.title, "sentence"],
                sentence,
                [None, None],
                "",
            )?;
        }
    }
    for sentence in &report.not_covered {
        row(
            ["not_covered", "", "", "sentence"],
            sentence,
            [None, None],
            "",
        )?;
    }
    for sentence in &report.looked.says {
        row(["looked", "", "", "sentence"], sentence, [None, None], "")?;
    }
    for sentence in &report.approvals.says {
        row(
            ["approvals", "", "", "sentence"],
            sentence,
            [None, None],
            "",
        )?;
    }
    for sentence in &report.coverage.says {
        row(["coverage", "", "", "sentence"], sentence, [None, None], "")?;
    }
    for (section, tallies) in [
        ("coverage", &report.coverage.tallies),
        ("looked", &report.looked.tallies),
        ("approvals", &report.approvals.tallies),
    ] {
        for tally in tallies {
            row(
                [section, &tally.id, &tally.title, &tally.of.what],
                &tally.value.to_string(),
                [Some(tally.of.value), None],
                tally.query.as_deref().unwrap_or(""),
            )?;
        }
    }
    for look in &report.looked.rows {
        let leaf = format!("#{}", look.leaf);
        for (field, value) in [
            ("at", look.at.as_str()),
            ("who", &look.who),
            ("did", look_word(&look.what)),
            ("reason", look.reason.as_deref().unwrap_or("")),
            ("approval", look.approval.as_deref().unwrap_or("")),
        ] {
            row(
                ["look", &leaf, &look.record, field],
                value,
                [None, None],
                "",
            )?;
        }
    }
    for request in &report.approvals.rows {
        let said = request.decision.as_ref();
        let leaf = |leaf: Option<u64>| leaf.map_or_else(String::new, |leaf| format!("#{leaf}"));
        for (field, value) in [
            ("state", state_word(&request.state).to_owned()),
            ("what", request.what.clone()),
            ("asked_by", request.asked_by.clone()),
            ("asked_key", request.asked_key.clone()),
            ("asked_at", request.asked_at.clone()),
            ("asked_leaf", leaf(Some(request.asked_leaf))),
            (
                "verdict",
                said.map_or_else(String::new, |said| said.verdict.clone()),
            ),
            (
                "decided_by",
                said.map_or_else(String::new, |said| said.by.clone()),
            ),
            (
                "decided_key",
                said.map_or_else(String::new, |said| said.key.clone()),
            ),
            (
                "decided_at",
                said.map_or_else(String::new, |said| said.at.clone()),
            ),
            ("decided_leaf", leaf(said.map(|said| said.leaf))),
            (
                "reason",
                said.map_or_else(String::new, |said| said.reason.clone()),
            ),
            ("used_at", request.used_at.clone().unwrap_or_default()),
            ("used_leaf", leaf(request.used_leaf)),
        ] {
            row(
                ["approval", &request.id, &request.kind, field],
                &value,
                [None, None],
                "",
            )?;
        }
    }
    for sentence in &report.integrity.says {
        row(
            ["integrity", "", "", "sentence"],
            sentence,
            [None, None],
            "",
        )?;
    }
    row(
        ["integrity", "", "", "first_key"],
        report.integrity.first_key.as_deref().unwrap_or(""),
        [None, None],
        "",
    )?;
    row(
        ["integrity", "", "", "tree_size"],
        &report.integrity.size.to_string(),
        [None, None],
        "",
    )?;
    row(
        ["integrity", "", "", "root"],
        &report.integrity.root,
        [None, None],
        "",
    )?;
    Ok(writer
        .into_inner()
        .map_err(|error| csv::Error::from(error.into_error()))?)
}

fn decimal(micros: i64) -> String {
    money(micros).replace(['$', ','], "")
}

fn unit(value: &Value) -> &'static str {
    match value {
        Value::Count(_) => "count",
        Value::Share(_) => "share",
        Value::Money(_) => "usd",
        Value::DurationMs(_) => "ms",
        Value::Text(_) => "text",
    }
}
