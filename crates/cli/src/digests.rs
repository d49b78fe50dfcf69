//! `assay import digests`: what CloudTrail's digest files prove of the imported log files.
//!
//! Not here: judging (the engine).

use std::path::PathBuf;

use assay_engine::commands::Nothing;
use assay_engine::imports::digests::view::DigestReport;
use assay_engine::imports::view::{Given, ImportFiles};
use assay_engine::imports::{self, digests};

use crate::ending::{Ending, Outcome, bad_input, heard};
use crate::opened::Settings;
use crate::output::Output;
use crate::output::human::{Column, sentences, table, thousands};
use crate::stopping;

/// Reads keys where they are given, and lists the chains. Ends with 1 where something does not
/// hold.
pub(crate) fn run(
    keys: Option<PathBuf>,
    settings: &Settings,
    output: &mut Output,
) -> Result<Outcome, Ending> {
    let engine = match keys {
        None => settings.reading()?,
        Some(path) => {
            let engine = settings.writing()?;
            let watched = stopping::watched(output);
            let asked = ImportFiles {
                files: vec![Given::named(path.clone())],
                ..ImportFiles::default()
            };
            let imported = imports::import_files(&engine, &asked, &watched.progress);
            drop(watched);
            if imported?.digest_files == 0 {
                return Err(bad_input(format!("no public keys in `{}`", path.display()))
                    .hint("save the answer of `aws cloudtrail list-public-keys`")
                    .into());
            }
            engine
        }
    };
    let report = digests::show(&engine, Nothing {})?;
    heard(shown(&report, output))?;
    let failed =
        report.files.failed > 0 || report.chains.iter().any(|chain| chain.verdict == "failed");
    Ok(if failed {
        Outcome::Found
    } else {
        Outcome::Done
    })
}

fn shown(report: &DigestReport, output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        return output.document(report);
    }
    let columns = [
        Column::Whole("account"),
        Column::Whole("region"),
        Column::Text("trail"),
        Column::Whole("verdict"),
        Column::Number("digests"),
        Column::Number("verified"),
        Column::Number("files"),
        Column::Number("verified"),
        Column::Number("failed"),
        Column::Number("absent"),
        Column::Number("gaps"),
    ];
    let rows: Vec<Vec<String>> = report
        .chains
        .iter()
        .map(|chain| {
            vec![
                chain.account.clone(),
                chain.region.clone(),
                format!(
                    "{}{}",
                    chain.trail,
                    if chain.is_backfill { " (backfill)" } else { "" }
                ),
                chain.verdict.clone(),
                thousands(chain.digests),
                thousands(chain.digests_verified),
                thousands(chain.named),
                thousands(chain.verified),
                thousands(chain.failed + chain.digests_failed),
                thousands(chain.absent),
                thousands(chain.gaps.len() as u64),
            ]
        })
        .collect();
    output.text(&table(&columns, &rows, "no digest was imported"))?;
    for chain in &report.chains {
        output.text(&format!(
            "\n{} {} {}, {} to {}",
            chain.account, chain.region, chain.trail, chain.from, chain.to
        ))?;
        let mut lines = chain.says.clone();
        lines.extend(chain.gaps.iter().map(digests::gap_sentence));
        lines.extend(
            chain
                .failures
                .iter()
                .map(|failure| format!("{}: {}.", failure.object, failure.sentence)),
        );
        output.text(&sentences(&lines))?;
    }
    output.text("")?;
    output.text(&sentences(&report.says))
}
