//! `assay trail reconcile`: what each source saw, source by day, pair by pair, and the holes.
//!
//! Not here: what a hole is (the engine).

use assay_engine::opening::Engine;
use assay_engine::trail::reconciling;
use assay_engine::trail::reconciling::view::{
    AskReconciliation, Coverage, DayCell, Pair, Reconciliation, SourceDays,
};

use super::billed;
use crate::ending::Ending;
use crate::output::Output;
use crate::output::human::{Column, counted, table, thousands};

/// Days in one line of the map.
const DAYS: usize = 62;

/// Writes what the sources of a period agree on.
pub(crate) fn reconcile(
    engine: &Engine,
    asked: AskReconciliation,
    output: &mut Output,
) -> Result<(), Ending> {
    let found: Reconciliation = reconciling::reconcile(engine, asked)?;
    if output.is_json() {
        return output.document(&found);
    }
    let mut text = sources(&found);
    text.push('\n');
    text.push_str(&map(&found.coverage));
    text.push('\n');
    text.push_str(&pairs(&found));
    text.push_str("\n\n");
    text.push_str(&billed::compared(&found.billed));
    text.push('\n');
    text.push_str(&holes(&found));
    output.text(&text)
}

fn sources(found: &Reconciliation) -> String {
    let columns = [
        Column::Text("source"),
        Column::Number("calls"),
        Column::Number("alone"),
        Column::Number("records"),
        Column::Text("recorded in every | in some | in none"),
    ];
    let rows: Vec<Vec<String>> = found
        .sources
        .iter()
        .map(|source| {
            let count = |holds: fn(u64, u64) -> bool| {
                source
                    .fields
                    .iter()
                    .filter(|fill| holds(fill.told, fill.of))
                    .count()
            };
            let some: Vec<String> = source
                .fields
                .iter()
                .filter(|fill| fill.told > 0 && fill.told < fill.of)
                .map(|fill| format!("{} {}", fill.field, share(fill.told, fill.of)))
                .collect();
            let some = match some.is_empty() {
                true => "0".to_owned(),
                false => some.join(", "),
            };
            vec![
                source.source.clone(),
                thousands(source.calls),
                thousands(source.alone),
                thousands(source.records),
                format!(
                    "{} | {some} | {}",
                    count(|told, of| of > 0 && told == of),
                    count(|told, _| told == 0)
                ),
            ]
        })
        .collect();
    table(&columns, &rows, "no source holds a call of this period")
}

/// A share, never rounded to all or nothing.
fn share(told: u64, of: u64) -> String {
    let percent = (told * 100 + of / 2) / of.max(1);
    format!("{}%", percent.clamp(1, 99))
}

/// The sign of a cell; the legend names them.
fn sign(cell: &DayCell) -> char {
    match cell.state.as_str() {
        "recorded" => '█',
        "partial" => '▒',
        "hole" => '×',
        "elsewhere" => '?',
        _ => '·',
    }
}

fn verdict_sign(verdict: &str) -> char {
    match verdict {
        "verified" => '█',
        "partly" | "unverified" => '▒',
        "gap" => '-',
        "failed" => '×',
        _ => '?',
    }
}

fn map(coverage: &Coverage) -> String {
    let mut text = String::new();
    let width = coverage
        .sources
        .iter()
        .map(|source| source.source.len())
        .chain([7])
        .max()
        .unwrap_or(7);
    for (index, days) in coverage.days.chunks(DAYS).enumerate() {
        let (Some(first), Some(last)) = (days.first(), days.last()) else {
            continue;
        };
        let within = |source: &SourceDays| -> Vec<DayCell> {
            let cells = source.cells.iter().skip(index * DAYS).take(DAYS);
            cells.cloned().collect()
        };
        let is_quiet = coverage
            .sources
            .iter()
            .all(|source| within(source).iter().all(|cell| cell.state == "nothing"));
        if is_quiet
            && !coverage
                .digests
                .iter()
                .any(|digest| days.contains(&digest.day))
        {
            text.push_str(&format!("\n{first} to {last}: nothing recorded\n"));
            continue;
        }
        text.push_str(&format!("\n{first} to {last}, a sign a day\n"));
        for source in &coverage.sources {
            let cells: String = within(source).iter().map(sign).collect();
            text.push_str(&format!("{:<width$}  {cells}\n", source.source));
        }
        if !coverage.digests.is_empty() {
            let cells: String = days
                .iter()
                .map(|day| {
                    coverage
                        .digests
                        .iter()
                        .find(|digest| digest.day == *day)
                        .map_or('·', |digest| verdict_sign(&digest.verdict))
                })
                .collect();
            text.push_str(&format!("{:<width$}  {cells}\n", "digests"));
        }
    }
    if coverage.days.is_empty() {
        return text;
    }
    text.push_str(
        "█ recorded  ▒ recorded, with a known hole  × hole, proved by another source\n\
         ? only other sources recorded calls: not covered here  · nothing recorded by any source of its\n\
         deployments, which is not the same as no traffic\n",
    );
    if !coverage.digests.is_empty() {
        text.push_str(
            "digests: █ verified  ▒ not all verified  - gap  × failed  ? no digest  · no log file\n",
        );
    }
    if coverage.left_out > 0 {
        text.push_str(&format!(
            "{} earlier days are not shown; give --from and --to\n",
            thousands(coverage.left_out)
        ));
    }
    if coverage.without_time > 0 {
        text.push_str(&format!(
            "on no day: {} without a valid time\n",
            counted(coverage.without_time, "call")
        ));
    }
    text
}

fn pairs(found: &Reconciliation) -> String {
    let columns = [
        Column::Text("left"),
        Column::Text("right"),
        Column::Number("in both"),
        Column::Number("only left"),
        Column::Number("only right"),
        Column::Text("told by one side only"),
    ];
    let rows: Vec<Vec<String>> = found
        .pairs
        .iter()
        .map(|pair| {
            let lacks: Vec<String> = [&pair.left, &pair.right]
                .into_iter()
                .filter_map(|source| lacking(pair, source))
                .collect();
            let told = match (pair.compared, lacks.is_empty()) {
                (0, _) => String::new(),
                (of, true) => format!("nothing, of {} compared", thousands(of)),
                (of, false) => format!("of {} compared: {}", thousands(of), lacks.join("; ")),
            };
            vec![
                pair.left.clone(),
                pair.right.clone(),
                thousands(pair.matched),
                thousands(pair.only_left),
                thousands(pair.only_right),
                told,
            ]
        })
        .collect();
    table(
        &columns,
        &rows,
        "fewer than two sources hold calls of this period",
    )
}

/// The fields that one side of a pair lacks, the most often lacking first.
fn lacking(pair: &Pair, source: &str) -> Option<String> {
    let mut fields: Vec<_> = pair
        .fields_missing
        .iter()
        .filter(|field| field.source == source)
        .collect();
    fields.sort_by_key(|field| std::cmp::Reverse(field.calls));
    let names: Vec<&str> = fields.iter().map(|field| field.field.as_str()).collect();
    (!names.is_empty()).then(|| format!("{source} lacks {}", names.join(", ")))
}

fn holes(found: &Reconciliation) -> String {
    let columns = [
        Column::Text("hole"),
        Column::Text("from, until"),
        Column::Number("count"),
        Column::Number("of"),
        Column::Text("says"),
    ];
    let rows: Vec<Vec<String>> = found
        .holes
        .iter()
        .map(|hole| {
            vec![
                hole.title.clone(),
                match hole.no_end_known {
                    true => format!("{} no end known", minute(&hole.from)),
                    false => format!("{} {}", minute(&hole.from), minute(&hole.to)),
                },
                thousands(hole.count),
                thousands(hole.denominator),
                hole.says.clone(),
            ]
        })
        .collect();
    table(&columns, &rows, "no known hole in this period")
}

/// A time to the minute.
fn minute(at: &str) -> String {
    at.chars().take(16).collect::<String>().replace('T', " ")
}
