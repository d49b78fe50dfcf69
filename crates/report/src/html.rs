//! The report as one HTML page without scripts: for reading and for the preview.
//!
//! Every text is escaped; the page's own policy forbids scripts and anything from elsewhere. Not
//! here: the PDF.

use std::fmt::Write;

use crate::model::oversight::{Tally, look_word, state_word};
use crate::model::{Report, chain_word, mark_word, money, thousands, verdict_word};
use crate::visible::visible;

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in visible(text).chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1d21;background:#fff}\
table{border-collapse:collapse;width:100%;margin:1rem 0}th,td{text-align:left;vertical-align:top;padding:.35rem .5rem;border-bottom:1px solid #d5d9de}\
th{font-weight:600}td.n{text-align:right;font-variant-numeric:tabular-nums}code{font:13px ui-monospace,monospace}h2{margin-top:2.5rem}.muted{color:#59616b}";

/// Writes the page.
pub fn render(report: &Report) -> String {
    let mut out = String::new();
    let title = escape(&report.title);
    let _ = write!(
        out,
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\
         <title>{title}</title><style>{STYLE}</style></head><body><h1>{title}</h1>\
         <p class=\"muted\">{} · {} to {} (exclusive, UTC) · made {} by {} · Assay {}{}</p>",
        escape(&report.organisation),
        escape(&report.period.from),
        escape(&report.period.to),
        escape(&report.generated_at),
        escape(&report.generated_by),
        escape(&report.version),
        if report.sample {
            " · <strong>sample data</strong>"
        } else {
            ""
        },
    );
    out.push_str("<h2>Summary</h2><ul>");
    for sentence in &report.summary {
        let _ = write!(out, "<li>{}</li>", escape(sentence));
    }
    out.push_str("</ul><h2>Figures</h2><table><tr><th>Figure</th><th>Value</th><th>Out of</th><th>Unknown</th><th>Query</th></tr>");
    for figure in &report.figures {
        let of = figure.denominator.as_ref().map_or_else(String::new, |of| {
            format!("{} {}", thousands(of.value), of.what)
        });
        let unknown = figure.unknown.as_ref().map_or_else(String::new, |of| {
            format!("{} {}", thousands(of.value), of.what)
        });
        let _ = write!(
            out,
            "<tr><td>{}</td><td class=\"n\">{}</td><td>{}</td><td>{}</td><td><code>{}</code></td></tr>",
            escape(&figure.title),
            escape(&figure.value.text()),
            escape(&of),
            escape(&unknown),
            escape(figure.query.as_deref().unwrap_or(""))
        );
    }
    let _ = write!(
        out,
        "</table><h2>Findings</h2><p>{}</p>",
        escape(&report.findings_of)
    );
    out.push_str("<table><tr><th>Verdict</th><th>Deployment</th><th>Statement</th><th>Clauses (our mapping: confirm it with your auditor)</th><th>Evidence</th></tr>");
    for finding in &report.findings {
        let evidence: Vec<String> = finding
            .evidence
            .iter()
            .map(|evidence| {
                format!(
                    "{} {}: {}",
                    evidence.id,
                    evidence.what,
                    evidence
                        .query
                        .as_deref()
                        .or(evidence.setting.as_deref())
                        .unwrap_or("")
                )
            })
            .collect();
        let _ = write!(
            out,
            "<tr><td>{}<br><span class=\"muted\">{}</span></td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            escape(verdict_word(&finding.verdict)),
            escape(&finding.severity),
            escape(&finding.deployment),
            escape(&finding.title),
            escape(&finding.clauses.join("; ")),
            evidence
                .iter()
                .map(|text| escape(text))
                .collect::<Vec<_>>()
                .join("<br>")
        );
    }
    out.push_str("</table><h2>Data handling</h2>");
    for handling in &report.handling {
        let _ = write!(
            out,
            "<h3>{} <span class=\"muted\">{}</span></h3><table>",
            escape(&handling.deployment),
            escape(&handling.kind)
        );
        for line in &handling.lines {
            let _ = write!(
                out,
                "<tr><th>{}</th><td>{}</td><td>{}<br><span class=\"muted\">{} {}</span></td></tr>",
                escape(&line.topic),
                escape(mark_word(&line.mark)),
                escape(&line.statement),
                escape(line.source.as_deref().unwrap_or("")),
                escape(line.as_of.as_deref().unwrap_or(""))
            );
        }
        out.push_str("</table>");
    }
    out.push_str("<h2>Weeks</h2><table><tr><th>From</th><th>Calls</th><th>Errors</th><th>Cost</th><th>Cost known for</th></tr>");
    for week in &report.weeks {
        let _ = write!(
            out,
            "<tr><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>",
            escape(&week.from),
            thousands(week.calls),
            thousands(week.errors),
            money(week.cost_usd_micros),
            thousands(week.cost_known)
        );
    }
    out.push_str("</table><h2>Coverage</h2>");
    list(&mut out, &report.coverage.says);
    tallies(&mut out, &report.coverage.tallies, "Query of calls");
    out.push_str("<h2>What this report does not cover</h2><ul>");
    for sentence in &report.not_covered {
        let _ = write!(out, "<li>{}</li>", escape(sentence));
    }
    out.push_str("</ul><h2>Integrity of CloudTrail sources</h2><ul>");
    for sentence in &report.sources.says {
        let _ = write!(out, "<li>{}</li>", escape(sentence));
    }
    for chain in &report.sources.chains {
        let _ = write!(
            out,
            "<li>{}: {}. {}</li>",
            escape(&chain.title),
            escape(chain_word(&chain.verdict)),
            escape(&chain.says.join(" "))
        );
    }
    out.push_str("</ul>");
    oversight(&mut out, report);
    let _ = write!(
        out,
        "<h2>Evidence</h2><p>Evidence tree of {} leaves, root <code>{}</code>.</p>",
        thousands(report.integrity.size),
        escape(&report.integrity.root)
    );
    list(&mut out, &report.integrity.says);
    out.push_str("<h3>What it proves</h3>");
    list(&mut out, &report.integrity.proves);
    out.push_str("<h3>What it does not prove</h3>");
    list(&mut out, &report.integrity.does_not_prove);
    out.push_str("</body></html>");
    out
}

fn list(out: &mut String, sentences: &[String]) {
    out.push_str("<ul>");
    for sentence in sentences {
        let _ = write!(out, "<li>{}</li>", escape(sentence));
    }
    out.push_str("</ul>");
}

fn tallies(out: &mut String, tallies: &[Tally], query: &str) {
    let _ = write!(
        out,
        "<table><tr><th>What</th><th>Count</th><th>Out of</th><th>{query}</th></tr>"
    );
    for tally in tallies {
        let _ = write!(
            out,
            "<tr><td>{}<br><span class=\"muted\">{}</span></td><td class=\"n\">{}</td><td>{} {}</td><td><code>{}</code></td></tr>",
            escape(&tally.title),
            escape(tally.note.as_deref().unwrap_or("")),
            thousands(tally.value),
            thousands(tally.of.value),
            escape(&tally.of.what),
            escape(tally.query.as_deref().unwrap_or(""))
        );
    }
    out.push_str("</table>");
}

/// The heading of queries that open activities.
const ACTIVITIES: &str = "Query of activities";

/// Who looked, and what was approved.
fn oversight(out: &mut String, report: &Report) {
    out.push_str("<h2>Who looked</h2>");
    list(out, &report.looked.says);
    tallies(out, &report.looked.tallies, ACTIVITIES);
    if !report.looked.rows.is_empty() {
        out.push_str("<table><tr><th>When</th><th>Who</th><th>Did</th><th>Record</th><th>Reason</th><th>Leaf</th></tr>");
    }
    for look in &report.looked.rows {
        let approval = look
            .approval
            .as_deref()
            .map_or_else(String::new, |id| format!(" (approval {id})"));
        let _ = write!(
            out,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td><code>{}</code></td><td>{}{}</td><td class=\"n\">#{}</td></tr>",
            escape(&look.at),
            escape(&look.who),
            escape(look_word(&look.what)),
            escape(&look.record),
            escape(look.reason.as_deref().unwrap_or("")),
            escape(&approval),
            thousands(look.leaf)
        );
    }
    if !report.looked.rows.is_empty() {
        out.push_str("</table>");
    }
    out.push_str("<h2>Approvals</h2>");
    list(out, &report.approvals.says);
    tallies(out, &report.approvals.tallies, ACTIVITIES);
    if !report.approvals.rows.is_empty() {
        out.push_str("<table><tr><th>State</th><th>What</th><th>Asked</th><th>Decided</th><th>Used</th></tr>");
    }
    for row in &report.approvals.rows {
        let decided = row.decision.as_ref().map_or_else(String::new, |said| {
            format!(
                "{} by {}, {}, leaf #{}: {} (key {})",
                said.verdict,
                said.by,
                said.at,
                thousands(said.leaf),
                said.reason,
                said.key
            )
        });
        let used = match (&row.used_at, row.used_leaf) {
            (Some(at), Some(leaf)) => format!("{at}, leaf #{}", thousands(leaf)),
            _ => "not used".to_owned(),
        };
        let _ = write!(
            out,
            "<tr><td>{}</td><td>{}<br><span class=\"muted\">{} {}</span></td><td>{}, {}, leaf #{} (key {})</td><td>{}</td><td>{}</td></tr>",
            escape(state_word(&row.state)),
            escape(&row.what),
            escape(&row.kind),
            escape(&row.id),
            escape(&row.asked_by),
            escape(&row.asked_at),
            thousands(row.asked_leaf),
            escape(&row.asked_key),
            escape(&decided),
            escape(&used)
        );
    }
    if !report.approvals.rows.is_empty() {
        out.push_str("</table>");
    }
}
