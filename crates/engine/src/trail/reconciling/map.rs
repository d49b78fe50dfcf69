//! The map of source × day with the queries that open its cells.

use std::collections::BTreeSet;

use assay_domain::coverage::days::{
    MOST_DAYS, SourceDays as Days, State, day_of, map as days_of, span,
};
use assay_domain::coverage::digests::{Day, Verdict};
use assay_domain::coverage::{DAY_MS, Facts, Hole, of_deployments};
use assay_domain::formats::Format;
use assay_domain::settings::date_text;
use assay_store::coverage::Period;

use crate::trail::reconciling::view::{Coverage, DayCell, DigestDay, SourceDays};
use crate::trail::view::Rule;

pub(super) fn map(facts: &Facts<'_>, holes: &[Hole], digests: &[Day], period: Period) -> Coverage {
    let span = span(facts);
    // What nobody recorded at the edges of a period that was asked for is shown as well.
    let first = period.from_ms.map(day_of).or(span.map(|(first, _)| first));
    let last = match period.to_ms {
        Some(to) => Some(day_of(
            to.min(facts.end_ms().max(span.map_or(0, |(_, last)| last))) - 1,
        )),
        None => span.map(|(_, last)| last),
    };
    let (days, left_out) = match first.zip(last).filter(|(first, last)| first <= last) {
        Some((first, last)) => {
            let all = ((last - first) / DAY_MS + 1).unsigned_abs();
            let shown = all.min(MOST_DAYS as u64);
            let first = last - (shown as i64 - 1) * DAY_MS;
            (Some((first, last)), all - shown)
        }
        None => (None, 0),
    };
    let rows = days.map_or_else(Vec::new, |days| days_of(facts, holes, days));
    Coverage {
        days: days.map_or_else(Vec::new, |(first, last)| {
            (0..=(last - first) / DAY_MS)
                .map(|index| date_text(first + index * DAY_MS))
                .collect()
        }),
        left_out,
        without_time: facts
            .seen
            .iter()
            .filter(|seen| seen.hour_ms.is_none())
            .map(|seen| seen.calls)
            .sum(),
        sources: rows.into_iter().map(|row| source(facts, row)).collect(),
        digests: digests
            .iter()
            .filter(|day| days.is_some_and(|(first, last)| (first..=last).contains(&day.day_ms)))
            .map(|day| DigestDay {
                day: date_text(day.day_ms),
                verdict: day.verdict.name().to_owned(),
                files: day.files,
                verified: day.verified,
                failed: day.failed,
            })
            .collect(),
        states: State::ALL
            .into_iter()
            .map(|state| rule(state.name(), state.sentence()))
            .collect(),
        verdicts: Verdict::ALL
            .into_iter()
            .map(|verdict| rule(verdict.name(), verdict.sentence()))
            .collect(),
    }
}

fn rule(name: &str, says: &str) -> Rule {
    Rule {
        name: name.to_owned(),
        title: name.replace('_', " "),
        says: says.to_owned(),
    }
}

fn source(facts: &Facts<'_>, row: Days) -> SourceDays {
    let covered: BTreeSet<&str> = facts
        .seen
        .iter()
        .filter(|seen| seen.by(row.source))
        .filter_map(|seen| facts.deployments.get(&seen.deployment))
        .map(|named| named.name.as_str())
        .collect();
    let covered: Vec<&str> = covered.into_iter().collect();
    let deployments = of_deployments(&covered);
    let name = row.source.name();
    let beyond = match row.source {
        Format::BedrockInvocationLog => " -feature:bedrock_mantle",
        Format::VertexRequestResponse => " -requested_region:global,us,eu",
        _ => "",
    };
    SourceDays {
        source: name.to_owned(),
        title: row.source.title().to_owned(),
        cells: row
            .cells
            .into_iter()
            .map(|cell| {
                let day = date_text(cell.day_ms);
                DayCell {
                    query: format!("source:{name} started_at:{day}"),
                    elsewhere_query: format!(
                        "{deployments} -source:{name}{beyond} started_at:{day}"
                    ),
                    day,
                    state: cell.state.name().to_owned(),
                    calls: cell.calls,
                    elsewhere: cell.elsewhere,
                    signatures: cell
                        .signatures
                        .into_iter()
                        .map(|signature| signature.name().to_owned())
                        .collect(),
                }
            })
            .collect(),
    }
}
