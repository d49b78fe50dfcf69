//! `assay trail sample`: drawing calls to read, reading them, and how far two readers agree.
//!
//! Not here: which calls are drawn, what is withheld from whom (the engine).

use assay_engine::commands::Nothing;
use assay_engine::trail::review_samples;
use assay_engine::trail::review_samples::view::{
    DrawSample, Interval, JudgeItem, Problems, ReadItem, ReaderRef, ReadingItem, SampleDetail,
    SampleRef, SampleResults, SampleRow, StratumRow,
};
use serde_json::json;

use super::record;
use crate::arguments::trail::SampleCommand;
use crate::ending::Ending;
use crate::opened::Settings;
use crate::output::Output;
use crate::output::human::{Column, counted, moment, or_dash, pairs, table, thousands};

pub(super) fn run(
    given: SampleCommand,
    settings: &Settings,
    output: &mut Output,
) -> Result<(), Ending> {
    match given {
        SampleCommand::Draw {
            query,
            seed,
            size,
            by,
            equal,
            readers,
        } => {
            let input = DrawSample {
                query: query.text(),
                seed,
                size,
                by,
                allocation: equal.then(|| "equal".to_owned()),
                readers,
            };
            detail(&review_samples::draw(&settings.writing()?, input)?, output)
        }
        SampleCommand::List => list(
            &review_samples::list(&settings.reading()?, Nothing {})?,
            output,
        ),
        SampleCommand::Show { sample } => detail(
            &review_samples::show(&settings.reading()?, SampleRef { sample })?,
            output,
        ),
        SampleCommand::Repeat { sample } => {
            let repeated = review_samples::repeat(&settings.reading()?, SampleRef { sample })?;
            if output.is_json() {
                return output.document(&repeated);
            }
            output.text(&repeated.says)
        }
        SampleCommand::Read {
            sample,
            reader,
            item,
        } => {
            let engine = settings.writing()?;
            review_samples::join(
                &engine,
                ReaderRef {
                    sample,
                    reader: reader.clone(),
                },
            )?;
            let input = ReadItem {
                sample,
                reader,
                position: item,
            };
            let item = review_samples::read(&engine, input)?;
            if output.is_json() {
                return output.document(&item);
            }
            progress(&item, output)?;
            record::shown(&item.call, output)
        }
        SampleCommand::Judge {
            sample,
            reader,
            item,
            judgement,
            note,
        } => {
            let note = note.as_deref().map(super::notes::typed).transpose()?;
            let input = JudgeItem {
                sample,
                reader,
                position: item,
                judgement: (judgement != "undo").then_some(judgement),
                note,
            };
            let item = review_samples::judge(&settings.writing()?, input)?;
            if output.is_json() {
                return output.document(&item);
            }
            progress(&item, output)
        }
        SampleCommand::Finish { sample, reader } => detail(
            &review_samples::finish(&settings.writing()?, ReaderRef { sample, reader })?,
            output,
        ),
        SampleCommand::Close { sample } => detail(
            &review_samples::close(&settings.writing()?, SampleRef { sample })?,
            output,
        ),
        SampleCommand::Agreement { sample } => results(
            &review_samples::agreement(&settings.reading()?, SampleRef { sample })?,
            output,
        ),
    }
}

fn progress(item: &ReadingItem, output: &mut Output) -> Result<(), Ending> {
    let next = match (item.next_unread, item.has_finished) {
        (_, true) => "finished".to_owned(),
        (Some(next), _) => format!("item {next} is the next"),
        (None, _) => "all are judged; `assay trail sample finish` says so".to_owned(),
    };
    output.text(&format!(
        "{}: item {} is {}; {} of {} read, {next}",
        item.reader,
        item.position,
        item.judgement.as_deref().unwrap_or("not judged"),
        item.read,
        item.items
    ))
}

fn list(samples: &[SampleRow], output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        return output.document(&json!({"samples": samples}));
    }
    let rows: Vec<Vec<String>> = samples
        .iter()
        .map(|sample| {
            vec![
                sample.sample.to_string(),
                thousands(sample.items),
                thousands(sample.population),
                sample
                    .query
                    .clone()
                    .unwrap_or_else(|| "(erased)".to_owned()),
                sample.seed.to_string(),
                readers(sample),
                moment(Some(&sample.drawn_at)),
            ]
        })
        .collect();
    output.text(&table(
        &[
            Column::Number("sample"),
            Column::Number("calls"),
            Column::Number("of"),
            Column::Text("query"),
            Column::Number("seed"),
            Column::Text("readers"),
            Column::Whole("drawn at"),
        ],
        &rows,
        "no review samples; `assay trail sample draw --size N QUERY` draws one",
    ))
}

fn readers(sample: &SampleRow) -> String {
    let finished = sample
        .readers
        .iter()
        .filter(|reader| reader.finished_at.is_some())
        .count();
    match sample.closed_at {
        Some(_) => format!("ended with {finished} of {}", sample.readers_wanted),
        None => format!("{finished} of {} finished", sample.readers_wanted),
    }
}

fn values(stratum: &[Option<String>]) -> String {
    let words: Vec<&str> = stratum
        .iter()
        .map(|value| value.as_deref().unwrap_or("not recorded"))
        .collect();
    match words.is_empty() {
        true => "all".to_owned(),
        false => words.join(", "),
    }
}

fn detail(detail: &SampleDetail, output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        return output.document(detail);
    }
    let sample = &detail.sample;
    output.text(&pairs(&[
        ("Sample", sample.sample.to_string()),
        (
            "Query",
            match sample.query.as_deref() {
                None => "(erased)".to_owned(),
                Some("") => "all calls".to_owned(),
                Some(query) => query.to_owned(),
            },
        ),
        (
            "Calls",
            format!(
                "{} of {} that matched when it was drawn",
                thousands(sample.items),
                thousands(sample.population)
            ),
        ),
        ("Seed", sample.seed.to_string()),
        (
            "Strata",
            format!(
                "{} by {}, {}",
                detail.strata.len(),
                match sample.by.is_empty() {
                    true => "nothing".to_owned(),
                    false => sample.by.join(", "),
                },
                sample.allocation
            ),
        ),
        (
            "Drawn",
            format!(
                "by {} at {} from the records before leaf {}",
                sample.drawn_by,
                moment(Some(&sample.drawn_at)),
                sample.tree_size
            ),
        ),
        (
            "Proof",
            format!(
                "leaf {}{}",
                sample.leaf,
                match sample.checkpoint {
                    Some(size) => format!(", under the signed checkpoint of {size} leaves"),
                    None => ", no signed checkpoint covers it yet".to_owned(),
                }
            ),
        ),
        ("Readers", readers(sample)),
    ]))?;
    let rows: Vec<Vec<String>> = detail.strata.iter().map(stratum_row).collect();
    output.text("")?;
    output.text(&table(
        &[
            Column::Text("stratum"),
            Column::Number("calls"),
            Column::Number("in the sample"),
        ],
        &rows,
        "no strata",
    ))?;
    output.note(&format!("\n{}", detail.weakness))
}

fn stratum_row(stratum: &StratumRow) -> Vec<String> {
    vec![
        values(&stratum.values),
        thousands(stratum.population),
        thousands(stratum.items),
    ]
}

fn percent(interval: Option<&Interval>) -> String {
    or_dash(interval.map(|share| {
        format!(
            "{:.1} % ({:.1} to {:.1})",
            share.estimate * 100.0,
            share.low * 100.0,
            share.high * 100.0
        )
    }))
}

fn results(results: &SampleResults, output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        return output.document(results);
    }
    let rows: Vec<Vec<String>> = results.problems.iter().map(problem_row).collect();
    output.text(&table(
        &[
            Column::Text("by"),
            Column::Whole("read"),
            Column::Number("fine"),
            Column::Number("problem"),
            Column::Number("unsure"),
            Column::Whole("problems of read"),
            Column::Whole("of the population"),
        ],
        &rows,
        "nobody read it",
    ))?;
    for found in &results.problems {
        if found.not_covered > 0 {
            output.text(&format!(
                "{}: {} of {} in strata of which nothing was read; the estimate says nothing of them.",
                found.by,
                thousands(found.not_covered),
                counted(results.sample.population, "call")
            ))?;
        }
    }
    if let Some(agreed) = &results.agreement {
        output.text(&format!(
            "\n{} First (down): {}; second (across): {}.",
            agreed.says, agreed.first, agreed.second
        ))?;
        let words = ["fine", "problem", "unsure"];
        let rows: Vec<Vec<String>> = words
            .iter()
            .zip(&agreed.table)
            .map(|(word, counts)| {
                std::iter::once(format!("first: {word}"))
                    .chain(counts.iter().map(|count| thousands(*count)))
                    .collect()
            })
            .collect();
        output.text(&table(
            &[
                Column::Text(""),
                Column::Number("second: fine"),
                Column::Number("second: problem"),
                Column::Number("second: unsure"),
            ],
            &rows,
            "nothing was read by both",
        ))?;
    }
    output.note(&format!("\n{}\n{}", results.method, results.weakness))
}

fn problem_row(found: &Problems) -> Vec<String> {
    vec![
        found.by.clone(),
        format!("{} of {}", thousands(found.read), thousands(found.items)),
        thousands(found.fine),
        thousands(found.problem),
        thousands(found.unsure),
        percent(found.of_read.as_ref()),
        percent(found.of_population.as_ref()),
    ]
}
