//! What came of a run of canaries: figures by type and writing, and the texts behind them.
//!
//! In: a stored run. Out: counts with their denominators and intervals. The texts are drawn again
//! from their seed. Not here: sending (`guard_runs`).

use std::collections::{BTreeMap, BTreeSet};

use assay_domain::guards::{GuardKind, names_of, price};
use assay_domain::moment::rfc3339;
use assay_domain::statistics::wilson;
use assay_redact::canaries::{Canary, Writing};
use assay_store::guards::GuardRunRecord;

use crate::commands::Nothing;
use crate::error::{Code, Result, WireError};
use crate::opening::Engine;
use crate::redaction::guard_runs::{Came, StoredPlan, digest, stored};
use crate::redaction::guards::view::{
    AskGuardCases, FoundOf, GuardCase, GuardCases, GuardLine, GuardRun, GuardRunRef, GuardRunRow,
    NameCount,
};
use crate::replay::run::internal;
use crate::trail::costs::usd;

/// Fewer are too few to judge.
const FEW: u64 = 30;
/// What is said of a run of which nothing was kept.
const LOST: &str = "The program ended while it ran. What was sent until then is not known, and nothing that \
                    came of it was kept.";
/// Cases that are shown at most.
const MOST_CASES: u32 = 500;

/// The runs that were begun, the last begun first.
///
/// # Errors
/// The store's.
pub fn runs(engine: &Engine, _: Nothing) -> Result<Vec<GuardRunRow>> {
    engine
        .store()
        .guard_runs()?
        .iter()
        .map(|record| {
            let (plan, came) = read(record)?;
            Ok(row(record, &plan, &came))
        })
        .collect()
}

fn read(record: &GuardRunRecord) -> Result<(StoredPlan, Came)> {
    let came = match &record.outcome {
        Some(outcome) => serde_json::from_str(outcome).map_err(internal)?,
        None => Came::default(),
    };
    Ok((stored(&record.plan)?, came))
}

fn row(record: &GuardRunRecord, plan: &StoredPlan, came: &Came) -> GuardRunRow {
    let [judged_planted, guard_found, local_found] = came.summed;
    GuardRunRow {
        id: record.id.clone(),
        guard: record.guard.clone(),
        kind: plan.profile.kind,
        destination: plan.profile.backend().destination(),
        state: record.state.clone(),
        started_at: record.started_ms.map(rfc3339),
        finished_at: record.finished_ms.map(rfc3339),
        texts: u64::from(plan.count) + u64::from(plan.clean),
        judged: came.guard.bytes().filter(|letter| *letter != b'-').count() as u64,
        planted: u64::from(plan.count),
        judged_planted,
        guard_found,
        local_found,
        policy: plan.policy.clone(),
        policy_version: plan.policy_version.clone(),
    }
}

/// Counts of one line.
#[derive(Default)]
struct Tally {
    of: u64,
    guard: u64,
    guard_partly: u64,
    local: u64,
    local_partly: u64,
    both: u64,
    only_guard: u64,
    only_local: u64,
    neither: u64,
    no_answer: u64,
}

impl Tally {
    fn add(&mut self, guard: u8, local: u8) {
        if guard == b'-' {
            self.no_answer += 1;
            return;
        }
        self.of += 1;
        let (by_guard, by_local) = (guard == b'f', local == b'f');
        self.guard += u64::from(by_guard);
        self.guard_partly += u64::from(guard == b'p');
        self.local += u64::from(by_local);
        self.local_partly += u64::from(local == b'p');
        let count = match (by_guard, by_local) {
            (true, true) => &mut self.both,
            (true, false) => &mut self.only_guard,
            (false, true) => &mut self.only_local,
            (false, false) => &mut self.neither,
        };
        *count += 1;
    }

    fn line(&self, entity_type: Option<&str>, writing: Option<Writing>, of: &Of<'_>) -> GuardLine {
        GuardLine {
            entity_type: entity_type.map(str::to_owned),
            writing: writing.map(|writing| writing.name().to_owned()),
            claimed: entity_type
                .map_or("not_known", |entity_type| of.claimed(entity_type))
                .to_owned(),
            guard_names: entity_type
                .map(|entity_type| names_of(of.kind, entity_type))
                .unwrap_or_default(),
            guard: found(self.guard, self.guard_partly, self.of),
            local: found(self.local, self.local_partly, self.of),
            both: self.both,
            only_guard: self.only_guard,
            only_local: self.only_local,
            neither: self.neither,
            no_answer: self.no_answer,
            found_as: match (entity_type, writing) {
                (Some(entity_type), None) => of.found_as(entity_type),
                _ => Vec::new(),
            },
        }
    }
}

fn found(found: u64, partly: u64, of: u64) -> FoundOf {
    let share = wilson(found, of).filter(|_| of >= FEW);
    FoundOf {
        found,
        partly,
        of,
        low: share.map(|share| share.low),
        high: share.map(|share| share.high),
    }
}

/// What a run is of.
struct Of<'a> {
    kind: GuardKind,
    claims: Option<BTreeSet<&'a str>>,
    came: &'a Came,
}

impl<'a> Of<'a> {
    fn new(plan: &'a StoredPlan, came: &'a Came) -> Self {
        let told = match plan.profile.claims.as_slice() {
            [] => came.claims.as_deref(),
            given => Some(given),
        };
        Self {
            kind: plan.profile.kind,
            claims: told.map(|names| names.iter().map(String::as_str).collect()),
            came,
        }
    }

    fn claimed(&self, entity_type: &str) -> &'static str {
        let names = names_of(self.kind, entity_type);
        match &self.claims {
            // A type that its makers have no name for is claimed by no guard of this kind.
            _ if names.is_empty() => "not_claimed",
            None => "not_known",
            Some(claims) if names.iter().any(|name| claims.contains(name.as_str())) => "claimed",
            Some(_) => "not_claimed",
        }
    }

    fn found_as(&self, entity_type: &str) -> Vec<NameCount> {
        let names = self.came.found_as.get(entity_type);
        let mut names: Vec<NameCount> = names
            .into_iter()
            .flatten()
            .map(|(name, count)| NameCount {
                name: name.clone(),
                count: *count,
            })
            .collect();
        names.sort_by(|one, other| (other.count, &one.name).cmp(&(one.count, &other.name)));
        names
    }
}

/// A run with its figures.
///
/// # Errors
/// `not_found`; `bad_input` where this version of the program draws other canaries than the one
/// that made the run, and so can't tell its texts.
pub fn show(engine: &Engine, input: GuardRunRef) -> Result<GuardRun> {
    let record = engine.store().guard_run(&input.run)?;
    let (plan, came) = read(&record)?;
    let texts = drawn_again(&plan)?;
    let of = Of::new(&plan, &came);
    let (mut all, mut apart) = (Tally::default(), Tally::default());
    let mut by_type: BTreeMap<&str, Tally> = BTreeMap::new();
    let mut by_writing: BTreeMap<Writing, Tally> = BTreeMap::new();
    let mut cells: BTreeMap<(&str, Writing), Tally> = BTreeMap::new();
    let (mut clean, mut clean_guard, mut clean_local) = (0, 0, 0);
    for (canary, guard, local) in judged(&texts, &came) {
        let Some(planted) = canary.planted.first() else {
            if guard != b'-' {
                clean += 1;
                clean_guard += u64::from(guard == b'f');
                clean_local += u64::from(local == b'f');
            }
            continue;
        };
        let label = planted.label.as_str();
        by_type.entry(label).or_default().add(guard, local);
        cells
            .entry((label, canary.writing))
            .or_default()
            .add(guard, local);
        if of.claimed(label) == "not_claimed" {
            apart.add(guard, local);
        } else {
            all.add(guard, local);
            by_writing
                .entry(canary.writing)
                .or_default()
                .add(guard, local);
        }
    }
    let cost_usd = price(plan.profile.kind)
        .filter(|_| came.units > 0)
        .map(|price| {
            let units = i64::try_from(came.units).unwrap_or(i64::MAX);
            usd(units.saturating_mul(price.usd_micros_per_unit))
        });
    // What it says that it finds stands first.
    let sorted = |mut lines: Vec<GuardLine>| {
        lines.sort_by_key(|line| line.claimed == "not_claimed");
        lines
    };
    let has_apart = apart.of + apart.no_answer > 0;
    Ok(GuardRun {
        all: all.line(None, None, &of),
        not_claimed: has_apart.then(|| {
            let mut line = apart.line(None, None, &of);
            "not_claimed".clone_into(&mut line.claimed);
            line
        }),
        by_type: sorted(
            by_type
                .iter()
                .map(|(label, tally)| tally.line(Some(label), None, &of))
                .collect(),
        ),
        by_writing: by_writing
            .iter()
            .map(|(writing, tally)| tally.line(None, Some(*writing), &of))
            .collect(),
        cells: sorted(
            cells
                .iter()
                .map(|((label, writing), tally)| tally.line(Some(label), Some(*writing), &of))
                .collect(),
        ),
        clean_guard: found(clean_guard, 0, clean),
        clean_local: found(clean_local, 0, clean),
        faults: came
            .faults
            .iter()
            .map(|(name, count)| NameCount {
                name: name.clone(),
                count: *count,
            })
            .collect(),
        stopped: came
            .stopped
            .clone()
            .or_else(|| lost(&record).then(|| LOST.to_owned())),
        cost_usd,
        notes: notes(&plan, &of),
        run: row(&record, &plan, &came),
    })
}

/// Whether the program ended while it ran, so that nobody kept what came of it.
fn lost(record: &GuardRunRecord) -> bool {
    record.state == "failed" && record.outcome.is_none()
}

fn notes(plan: &StoredPlan, of: &Of<'_>) -> Vec<String> {
    let mut notes = vec![
        "A value counts as found where every letter and digit of it is covered, whatever name the \
         guard gives it; where only some are, it counts as found in part."
            .to_owned(),
        "All values are planted: what is measured here is no recall on your own traffic."
            .to_owned(),
    ];
    if of.claims.is_none() {
        notes.push(match plan.profile.kind {
            GuardKind::Bedrock => "Which types this guardrail has switched on can't be asked of \
                                   this interface: a type that Bedrock has a name for may be off. \
                                   Name what is on in the guard's settings."
                .to_owned(),
            _ => {
                "What this guard says that it finds is not known: name it in the guard's settings."
                    .to_owned()
            }
        });
    }
    notes
}

fn drawn_again(plan: &StoredPlan) -> Result<Vec<Canary>> {
    let texts = plan.texts()?;
    if digest(&texts) != plan.sha256 {
        return Err(WireError::new(
            Code::BadInput,
            "this version of the program draws other canaries than the one that made the run",
        )
        .hint("open the run with that version, or plan a new one"));
    }
    Ok(texts)
}

/// Without the types that the guard does not claim: judged texts with a planted value, those that the
/// guard found, those that the local rules found.
pub(crate) fn summed(plan: &StoredPlan, texts: &[Canary], came: &Came) -> [u64; 3] {
    let of = Of::new(plan, came);
    let mut tally = Tally::default();
    for (canary, guard, local) in judged(texts, came) {
        let label = canary.planted.first().map(|planted| planted.label.as_str());
        if label.is_some_and(|label| of.claimed(label) != "not_claimed") {
            tally.add(guard, local);
        }
    }
    [tally.of, tally.guard, tally.local]
}

/// The texts with the letters of guard and local rules.
fn judged<'a>(texts: &'a [Canary], came: &'a Came) -> impl Iterator<Item = (&'a Canary, u8, u8)> {
    texts
        .iter()
        .zip(came.guard.bytes().zip(came.local.bytes()))
        .map(|(canary, (guard, local))| (canary, guard, local))
}

/// The texts behind a figure.
///
/// # Errors
/// As [`show`]; `bad_input` for a figure that there is none of.
pub fn cases(engine: &Engine, input: AskGuardCases) -> Result<GuardCases> {
    let record = engine.store().guard_run(&input.run)?;
    let (plan, came) = read(&record)?;
    let texts = drawn_again(&plan)?;
    let is_meant: fn(u8, u8) -> bool = match input.which.as_str() {
        "both" => |guard, local| guard == b'f' && local == b'f',
        "only_guard" => |guard, local| guard == b'f' && local != b'f',
        "only_local" => |guard, local| matches!(guard, b'p' | b'm') && local == b'f',
        "neither" => |guard, local| matches!(guard, b'p' | b'm') && local != b'f',
        "partly" => |guard, _| guard == b'p',
        "no_answer" => |guard, _| guard == b'-',
        "clean" => |guard, _| guard == b'f',
        "clean_local" => |_, local| local == b'f',
        other => {
            return Err(
                WireError::new(Code::BadInput, format!("no figure: {other}")).hint(
                    "`both`, `only_guard`, `only_local`, `neither`, `partly`, `no_answer`, `clean` or `clean_local`",
                ),
            );
        }
    };
    let limit = input.limit.unwrap_or(100).min(MOST_CASES) as usize;
    let (mut count, mut cases) = (0, Vec::new());
    for (canary, guard, local) in judged(&texts, &came) {
        let planted = canary.planted.first();
        let of_type = input
            .entity_type
            .as_deref()
            .is_none_or(|wanted| planted.is_some_and(|planted| planted.label == wanted));
        let of_writing = input
            .writing
            .as_deref()
            .is_none_or(|wanted| canary.writing.name() == wanted);
        let is_clean = planted.is_none();
        let fits = is_clean == input.which.starts_with("clean") || input.which == "no_answer";
        if !(fits && of_type && of_writing && is_meant(guard, local)) {
            continue;
        }
        count += 1;
        if cases.len() < limit {
            cases.push(case(canary, guard, local));
        }
    }
    Ok(GuardCases { count, cases })
}

fn case(canary: &Canary, guard: u8, local: u8) -> GuardCase {
    let planted = canary.planted.first();
    let (start, end) = planted.map_or((canary.text.len(), canary.text.len()), |planted| {
        (planted.start, planted.end)
    });
    GuardCase {
        id: canary.id.clone(),
        entity_type: planted.map(|planted| planted.label.clone()),
        writing: canary.writing.name().to_owned(),
        field: canary.field.clone(),
        language: canary.language.clone(),
        before: canary.text[..start].to_owned(),
        planted: canary.text[start..end].to_owned(),
        after: canary.text[end..].to_owned(),
        guard: word(guard),
        local: word(local),
    }
}

fn word(letter: u8) -> String {
    match letter {
        b'f' => "found",
        b'p' => "partly",
        b'm' => "missed",
        _ => "no_answer",
    }
    .to_owned()
}
