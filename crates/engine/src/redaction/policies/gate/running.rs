//! Running what the gate does not know: all test sets with both policies, and a rehearsal.
//!
//! Out: counts, which go into the trail. Not here: judging a finding (`evaluation`), comparing two
//! policies in stored calls (`rehearsal`).

use std::cmp::Reverse;
use std::collections::BTreeMap;

use assay_redact::evaluate::Span;

use super::Sides;
use super::recorded::{PROGRAM, Rehearsed, Tested, keep_rehearsed, keep_tested};
use crate::error::Result;
use crate::jobs::{Progress, Step};
use crate::opening::Engine;
use crate::redaction::evaluation::{self, Case, Choice, Measuring, Rules};
use crate::redaction::policies::gate::view::GateLine;
use crate::redaction::rehearsal::rehearse;
use crate::redaction::rehearsal::view::Rehearse;
use crate::redaction::test_runs;

/// Texts between two reports of progress.
const STEP: u64 = 50;

/// Runs all test sets, which hold `total` texts.
pub(super) fn test_sets(
    engine: &Engine,
    sides: &Sides,
    total: u64,
    progress: &Progress,
) -> Result<()> {
    let sets_mark = engine.store().test_sets_mark()?;
    let rules = |toml: &str| evaluation::rules(engine, &Choice::Toml(toml.to_owned()));
    let both = [rules(&sides.before.toml)?, rules(&sides.after.toml)?];
    let reading = both.each_ref().map(Rules::reading);
    let mut done = 0;
    let mut lines: BTreeMap<(String, String), GateLine> = BTreeMap::new();
    for set in engine.store().test_sets()? {
        let mut measuring = both.each_ref().map(|rules| Measuring::new(rules, &[], &[]));
        test_runs::texts(engine, &set, 0, &mut |text| {
            progress.check()?;
            let labelled = test_runs::labelled(&text);
            let [before, after] = &mut measuring;
            let cases = [before.add(&labelled)?, after.add(&labelled)?];
            for span in &labelled.spans {
                let seen =
                    [0, 1].map(|side| Seen::of(&cases[side], &both[side], &labelled.text, span));
                lines
                    .entry((set.name.clone(), span.label.clone()))
                    .or_insert_with(|| line(&set.name, &span.label))
                    .add(&seen);
            }
            done += 1;
            if done % STEP == 0 {
                progress.step(Step {
                    phase: "measuring".to_owned(),
                    done,
                    total: Some(total),
                    unit: "texts",
                    ..Step::default()
                });
            }
            Ok(true)
        })?;
    }
    for one in reading {
        one.ended()?;
    }
    let mut lines: Vec<GateLine> = lines.into_values().collect();
    // What fell first, the most lost before.
    lines.sort_by_key(|line| (!line.fell, Reverse(line.lost)));
    let tested = Tested {
        marks: sides.marks.clone(),
        program: PROGRAM.to_owned(),
        sets: sets_mark,
        lines,
    };
    keep_tested(engine, &sides.after.name, &tested)
}

/// Rehearses over the calls that the version would be in force for.
pub(super) fn rehearsal(engine: &Engine, sides: &Sides, progress: &Progress) -> Result<()> {
    let size = engine.store().tree_size()?;
    let input = Rehearse {
        from_toml: Some(sides.before.toml.clone()),
        to_toml: Some(sides.after.toml.clone()),
        query: sides.query(),
        most_ids: Some(0),
        ..Rehearse::default()
    };
    let found = rehearse(engine, &input, progress)?;
    let marks = sides.marks.clone();
    let rehearsed = Rehearsed::of(marks, sides.deployment.clone(), size, &found);
    keep_rehearsed(engine, &sides.after.name, &rehearsed)
}

fn line(set: &str, entity_type: &str) -> GateLine {
    GateLine {
        set: set.to_owned(),
        entity_type: entity_type.to_owned(),
        labelled: 0,
        found_before: 0,
        found_after: 0,
        hidden_before: 0,
        hidden_after: 0,
        lost: 0,
        fell: false,
    }
}

impl GateLine {
    fn add(&mut self, [before, after]: &[Seen; 2]) {
        self.labelled += 1;
        self.found_before += u64::from(before.is_found);
        self.found_after += u64::from(after.is_found);
        self.hidden_before += u64::from(before.is_hidden);
        self.hidden_after += u64::from(after.is_hidden);
        self.lost += u64::from(before.is_hidden && !after.is_hidden);
        self.fell = self.lost > 0 || self.found_after < self.found_before;
    }
}

/// How one policy fares with one labelled value.
struct Seen {
    is_found: bool,
    is_hidden: bool,
}

impl Seen {
    fn of(case: &Case, rules: &Rules, text: &str, gold: &Span) -> Self {
        let is_found = case.labelled.iter().any(|(span, judged)| {
            judged.overlap && (span.start, span.end) == (gold.start, gold.end)
        });
        let is_covered = |point: usize| {
            case.found.iter().any(|(span, _)| {
                span.start <= point && point < span.end && !rules.keeps(&span.label)
            })
        };
        let mut read = text
            .chars()
            .enumerate()
            .skip(gold.start)
            .take(gold.end.saturating_sub(gold.start))
            .filter(|(_, character)| character.is_alphanumeric());
        Self {
            is_found,
            is_hidden: read.all(|(point, _)| is_covered(point)),
        }
    }
}
