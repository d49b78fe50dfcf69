//! Sending canaries to a guard: a plan that says what goes where, and carrying it out once.
//!
//! Only canaries are sent, which are drawn from a seed and nobody's; stored calls never are. The trail
//! says what is going to be sent before anything is. In: a guard, a seed, counts. Out: an outcome in
//! the store. Not here: figures (`guard_results`), the wire (`assay-backends`).

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use assay_backends::credentials;
use assay_backends::guards::{Guard, GuardFault, GuardProfile, Verdict};
use assay_backends::send::SendError;
use assay_domain::exchange::Field;
use assay_domain::guards::price;
use assay_domain::moment::rfc3339;
use assay_redact::canaries::outcome::{Outcome, by_redacted, by_spans};
use assay_redact::canaries::{Canary, Wanted};
use assay_store::guards::GuardRunEnd;
use assay_store::policies::deed;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::error::{Code, Result, WireError};
use crate::jobs::{Progress, Started, Step};
use crate::masking::{Masker, policy_in_force, policy_text};
use crate::opening::Engine;
use crate::redaction::canaries::{canaries, wanted};
use crate::redaction::guard_results::{show, summed};
use crate::redaction::guards::profile;
use crate::redaction::guards::view::{GuardPlan, GuardRun, GuardRunRef, PlanGuard, RunGuard};
use crate::replay::run::internal;
use crate::trail::costs::usd;

/// A plan is carried out within a day, or made again.
const PLAN_LIVES_MS: i64 = 86_400_000;
/// Most texts of one plan.
const MOST: u32 = 20_000;
/// Texts without a verdict in a row after which nothing more is sent.
const IN_A_ROW: u32 = 10;
/// Texts that a plan shows.
const EXAMPLES: usize = 4;
/// What is said of a run that somebody stopped.
const STOPPED: &str =
    "Somebody stopped it before all texts were asked. The figures are of those that were judged.";
/// How long a pause goes on at most after somebody stopped it.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// How often the listeners hear that a run has moved on.
const TELL_EVERY: Duration = Duration::from_secs(2);

/// A plan as stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct StoredPlan {
    pub(crate) profile: GuardProfile,
    pub(crate) seed: u64,
    pub(crate) count: u32,
    pub(crate) clean: u32,
    pub(crate) wanted: Wanted,
    pub(crate) policy: String,
    pub(crate) policy_version: String,
    /// SHA-256 of the policy's text: the text may hold words of its own, and stays where it is.
    pub(crate) policy_sha256: String,
    pub(crate) bytes: u64,
    pub(crate) sha256: String,
    pub(crate) phrase: Option<String>,
}

impl StoredPlan {
    /// Its texts. They are another program's where their hash is not that of the plan.
    pub(crate) fn texts(&self) -> Result<Vec<Canary>> {
        canaries(
            self.seed,
            self.count as usize,
            self.clean as usize,
            &self.wanted,
        )
    }
}

/// What came of a run, as stored: one letter a text, in order: `f` found, `p` partly, `m` missed,
/// `-` no verdict, or of the local rules: not tried, since the guard was not asked. Of a text with nothing planted `f` is found wrongly.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Came {
    pub(crate) guard: String,
    pub(crate) local: String,
    pub(crate) faults: BTreeMap<String, u64>,
    /// By entity type: what the guard called what it found there.
    pub(crate) found_as: BTreeMap<String, BTreeMap<String, u64>>,
    /// What the guard says that it finds; none where it can't be asked.
    pub(crate) claims: Option<Vec<String>>,
    pub(crate) units: u64,
    /// Without the types that the guard does not claim: judged texts with a planted value, those that
    /// the guard found, those that the local rules found.
    #[serde(default)]
    pub(crate) summed: [u64; 3],
    pub(crate) stopped: Option<String>,
}

/// The hash of texts in order, each with its length before it.
pub(crate) fn digest(texts: &[Canary]) -> String {
    let mut hasher = Sha256::new();
    for canary in texts {
        hasher.update((canary.text.len() as u64).to_be_bytes());
        hasher.update(canary.text.as_bytes());
    }
    hex::encode(hasher.finalize())
}

/// Says what would be sent where. Nothing is sent.
///
/// # Errors
/// `bad_input` for counts, types or writings; `not_found` for the guard or the policy.
pub fn plan_guard(engine: &Engine, input: PlanGuard) -> Result<GuardPlan> {
    let profile = profile(engine, &input.guard)?;
    if input.count == 0 || input.count.saturating_add(input.clean) > MOST {
        return Err(WireError::new(
            Code::BadInput,
            "a plan has 1 to 20,000 canaries",
        ));
    }
    let policy = match input.policy {
        Some(name) => name,
        None => policy_in_force(engine)?,
    };
    let policy_toml = policy_text(engine, &policy)?;
    let policy_version = engine.compiled().policy(&policy_toml)?.version.clone();
    let mut plan = StoredPlan {
        seed: input.seed,
        count: input.count,
        clean: input.clean,
        wanted: wanted(input.entity_types, &input.writings)?,
        policy,
        policy_version,
        policy_sha256: hex::encode(Sha256::digest(policy_toml.as_bytes())),
        bytes: 0,
        sha256: String::new(),
        phrase: None,
        profile,
    };
    let texts = plan.texts()?;
    plan.bytes = texts.iter().map(|canary| canary.text.len() as u64).sum();
    plan.sha256 = digest(&texts);
    let backend = plan.profile.backend();
    if !backend.is_loopback() {
        plan.phrase = Some(format!(
            "send {} text{} to {}",
            texts.len(),
            if texts.len() == 1 { "" } else { "s" },
            backend.destination()
        ));
    }
    let (cost_usd, cost_note) = cost(&plan.profile, &texts);
    let id = new_id()?;
    let stored = serde_json::to_string(&plan).map_err(internal)?;
    engine
        .store()
        .writer()?
        .save_guard_plan(&id, &plan.profile.name, &stored, engine.now_ms())?;
    Ok(GuardPlan {
        id,
        guard: plan.profile.name.clone(),
        kind: plan.profile.kind,
        destination: backend.destination(),
        is_loopback: backend.is_loopback(),
        texts: texts.len() as u64,
        planted: u64::from(plan.count),
        clean: u64::from(plan.clean),
        bytes: plan.bytes,
        seed: plan.seed,
        sha256: plan.sha256,
        policy: plan.policy,
        policy_version: plan.policy_version,
        cost_usd,
        cost_note,
        phrase: plan.phrase,
        examples: texts
            .iter()
            .take(EXAMPLES)
            .map(|canary| canary.text.clone())
            .collect(),
    })
}

/// What it may cost, in dollars, and how that was worked out.
fn cost(profile: &GuardProfile, texts: &[Canary]) -> (Option<String>, String) {
    let Some(price) = price(profile.kind) else {
        return (None, "What it costs is not known here.".to_owned());
    };
    let units: u64 = texts
        .iter()
        .map(|canary| price.units(canary.text.chars().count() as u64))
        .sum();
    let micros = i64::try_from(units)
        .unwrap_or(i64::MAX)
        .saturating_mul(price.usd_micros_per_unit);
    let note = format!(
        "{units} text units of up to {} characters at {} USD each for the sensitive information \
         filter, as of {} ({}). What else the guardrail has switched on costs more.",
        price.unit_chars,
        usd(price.usd_micros_per_unit),
        price.as_of,
        price.source
    );
    (Some(usd(micros)), note)
}

fn new_id() -> Result<String> {
    let mut id = [0_u8; 8];
    getrandom::fill(&mut id)
        .map_err(|error| WireError::new(Code::Internal, format!("no randomness: {error}")))?;
    Ok(format!("guard-{}", hex::encode(id)))
}

/// A stored plan as it was made.
pub(crate) fn stored(text: &str) -> Result<StoredPlan> {
    serde_json::from_str(text).map_err(internal)
}

fn checked(engine: &Engine, input: &RunGuard) -> Result<StoredPlan> {
    let record = engine.store().guard_run(&input.plan)?;
    let plan = stored(&record.plan)?;
    let again = |what: &str| {
        Err(WireError::new(Code::BadInput, what).hint("make a new plan and look at it"))
    };
    if record.state != "planned" {
        return again("the plan was carried out already");
    }
    if engine.now_ms() - record.made_ms > PLAN_LIVES_MS {
        return again("the plan is older than a day");
    }
    if profile(engine, &plan.profile.name).ok().as_ref() != Some(&plan.profile) {
        return again("the guard was changed or removed since the plan was made");
    }
    let policy_toml = policy_text(engine, &plan.policy)?;
    if hex::encode(Sha256::digest(policy_toml.as_bytes())) != plan.policy_sha256 {
        return again("the policy was changed since the plan was made");
    }
    if input.phrase.as_deref().map(str::trim) != plan.phrase.as_deref() && plan.phrase.is_some() {
        return Err(WireError::new(
            Code::BadInput,
            "the phrase that confirms what is sent was not typed",
        )
        .hint(format!("type: {}", plan.phrase.unwrap_or_default())));
    }
    Ok(plan)
}

/// The plan that a command is about, for the question before it.
pub(crate) fn planned(engine: &Engine, id: &str) -> Result<(StoredPlan, usize)> {
    let plan = stored(&engine.store().guard_run(id)?.plan)?;
    let texts = plan.count as usize + plan.clean as usize;
    Ok((plan, texts))
}

/// Starts a planned run as a job.
///
/// # Errors
/// `bad_input` for the phrase, or a plan that is old, was carried out or is of a guard that has
/// changed; `not_found`.
pub fn start(engine: &Engine, input: RunGuard) -> Result<Started> {
    let plan = checked(engine, &input)?;
    let own = engine.clone();
    let title = format!(
        "Sending {} canaries to {}",
        u64::from(plan.count) + u64::from(plan.clean),
        plan.profile.name
    );
    let id = input.plan.clone();
    Ok(engine.jobs().start_on(
        "redaction.run_guard",
        title,
        id,
        &["guard_runs", "activities"],
        move |progress| run(&own, &input, progress),
    ))
}

/// Carries out a plan.
///
/// # Errors
/// As [`start`]; `backend_refused` where there is no key, `policy_refused` where this program is
/// offline. What a guard does not answer is counted, and no error.
pub fn run(engine: &Engine, input: &RunGuard, progress: &Progress) -> Result<GuardRun> {
    let plan = checked(engine, input)?;
    let texts = plan.texts()?;
    if digest(&texts) != plan.sha256 {
        return Err(WireError::new(
            Code::BadInput,
            "this version of the program draws other canaries than the one that made the plan",
        )
        .hint("make a new plan and look at it"));
    }
    let backend = plan.profile.backend();
    let credentials = credentials::load(&backend).map_err(|error| {
        WireError::new(Code::BackendRefused, error.to_string()).hint(format!(
            "set the key of the guard, or the environment variable {}",
            credentials::variable(&backend)
        ))
    })?;
    let guard =
        Guard::new(plan.profile.clone(), credentials, engine.is_offline()).map_err(|error| {
            let code = match error {
                SendError::Refused(_) => Code::PolicyRefused,
                _ => Code::BadInput,
            };
            WireError::new(code, error.to_string())
        })?;
    let id = input.plan.as_str();
    let now_ms = engine.now_ms();
    let intent = json!({
        "action": "guard.run",
        "at": rfc3339(now_ms),
        "run": id,
        "guard": plan.profile.name,
        "destination": backend.destination(),
        "texts": texts.len(),
        "bytes": plan.bytes,
        "sha256": plan.sha256,
        "synthetic": true,
    })
    .to_string();
    engine.store().writer()?.begin_guard_run(
        id,
        deed("guard.run", id, engine.user(), now_ms),
        intent.as_bytes(),
        now_ms,
    )?;
    engine.jobs().changed(&["guard_runs"]);
    let mut came = Came::default();
    let asked = ask_all(engine, &plan, &texts, &guard, &mut came, progress);
    came.summed = summed(&plan, &texts, &came);
    if asked.is_ok() && progress.is_cancelled() && came.stopped.is_none() {
        came.stopped = Some(STOPPED.to_owned());
    }
    let state = match &asked {
        Ok(()) if progress.is_cancelled() => "cancelled",
        Ok(()) if came.stopped.is_some() => "failed",
        Ok(()) => "done",
        Err(_) => "failed",
    };
    let now_ms = engine.now_ms();
    let outcome = serde_json::to_string(&came).map_err(internal)?;
    let judged = came.guard.bytes().filter(|letter| *letter != b'-').count();
    let result = json!({
        "action": "guard.end", "at": rfc3339(now_ms), "run": id, "state": state, "judged": judged,
        "texts": texts.len(), "outcome_sha256": hex::encode(Sha256::digest(outcome.as_bytes())),
    })
    .to_string();
    engine.store().writer()?.end_guard_run(
        &GuardRunEnd {
            id,
            state,
            outcome: &outcome,
        },
        deed("guard.end", id, engine.user(), now_ms),
        result.as_bytes(),
        now_ms,
    )?;
    asked?;
    show(engine, GuardRunRef { run: id.to_owned() })
}

fn ask_all(
    engine: &Engine,
    plan: &StoredPlan,
    texts: &[Canary],
    guard: &Guard,
    came: &mut Came,
    progress: &Progress,
) -> Result<()> {
    let local = Masker::named(engine, &plan.policy)?;
    let cancelled = progress.cancel_flag();
    // Whoever can't say what it looks for may still answer.
    came.claims = guard.claims(&cancelled).unwrap_or_default();
    let pace = plan
        .profile
        .per_second
        .map(|per_second| Duration::from_secs_f64(1.0 / f64::from(per_second)));
    let (mut in_a_row, mut told) = (0, Instant::now());
    for (done, canary) in texts.iter().enumerate() {
        let counts = BTreeMap::from([("no answer".to_owned(), came.faults.values().sum::<u64>())]);
        progress.step(Step {
            phase: format!("asking {}", plan.profile.name),
            done: done as u64,
            total: Some(texts.len() as u64),
            unit: "texts",
            counts,
        });
        if told.elapsed() >= TELL_EVERY {
            engine.jobs().changed(&["guard_runs"]);
            told = Instant::now();
        }
        // Who stopped it waits for nothing more: the rest counts as not asked.
        if came.stopped.is_some() || progress.is_cancelled() {
            let rest = texts.len() - done;
            came.guard.extend(std::iter::repeat_n('-', rest));
            came.local.extend(std::iter::repeat_n('-', rest));
            *came.faults.entry("not_asked".to_owned()).or_insert(0) += rest as u64;
            break;
        }
        let field = serde_json::from_value::<Field>(canary.field.clone().into()).ok();
        let spans: Vec<(usize, usize)> = local
            .hidden(field, None, &canary.text)
            .into_iter()
            .map(|range| (range.start, range.end))
            .collect();
        came.local.push(letter(local_outcome(canary, &spans)));
        let began = Instant::now();
        match guard.ask(&canary.text, &cancelled) {
            Ok(verdict) => {
                in_a_row = 0;
                came.units += verdict.units;
                came.guard.push(letter(guard_outcome(canary, &verdict)));
                name(came, canary, &verdict);
            }
            Err(fault) => {
                came.guard.push('-');
                *came.faults.entry(fault.name().to_owned()).or_insert(0) += 1;
                in_a_row += 1;
                let is_hopeless = matches!(
                    fault,
                    GuardFault::NotAllowed | GuardFault::Unreachable | GuardFault::LongWait
                );
                if fault != GuardFault::Cancelled && (is_hopeless || in_a_row >= IN_A_ROW) {
                    came.stopped = Some(match is_hopeless {
                        true => format!("Nothing more was sent: {fault}."),
                        false => format!(
                            "Nothing more was sent after {IN_A_ROW} texts in a row without a verdict: {fault}."
                        ),
                    });
                }
            }
        }
        // Who wants fewer texts in a second waits here, and who stops it does not.
        while let Some(rest) = pace.and_then(|pace| pace.checked_sub(began.elapsed()))
            && came.stopped.is_none()
            && !progress.is_cancelled()
        {
            std::thread::sleep(rest.min(LOOK_EVERY));
        }
    }
    Ok(())
}

fn local_outcome(canary: &Canary, spans: &[(usize, usize)]) -> Outcome {
    match canary.planted.first() {
        Some(planted) => by_spans(&canary.text, planted, spans),
        None if spans.is_empty() => Outcome::Missed,
        None => Outcome::Found,
    }
}

fn guard_outcome(canary: &Canary, verdict: &Verdict) -> Outcome {
    let spans: Vec<(usize, usize)> = verdict
        .spotted
        .iter()
        .map(|spotted| (spotted.start, spotted.end))
        .collect();
    match (canary.planted.first(), &verdict.redacted) {
        (Some(planted), Some(redacted)) => by_redacted(&canary.text, planted, redacted),
        (Some(_), None) => local_outcome(canary, &spans),
        (None, Some(redacted)) if *redacted == canary.text => Outcome::Missed,
        (None, Some(_)) => Outcome::Found,
        (None, None) => local_outcome(canary, &spans),
    }
}

/// Notes under which names the guard found what was planted, each once a text.
fn name(came: &mut Came, canary: &Canary, verdict: &Verdict) {
    let Some(planted) = canary.planted.first() else {
        return;
    };
    let names: std::collections::BTreeSet<&str> = verdict
        .spotted
        .iter()
        .filter(|spotted| spotted.start < planted.end && planted.start < spotted.end)
        .map(|spotted| spotted.name.as_str())
        .collect();
    for name in names {
        *came
            .found_as
            .entry(planted.label.clone())
            .or_default()
            .entry(name.chars().take(80).collect())
            .or_insert(0) += 1;
    }
}

const fn letter(outcome: Outcome) -> char {
    match outcome {
        Outcome::Found => 'f',
        Outcome::Partly => 'p',
        Outcome::Missed => 'm',
    }
}
