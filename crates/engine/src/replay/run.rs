//! Carrying out a replay plan, and comparing its answers with the originals.
//!
//! The trail says what is going to be sent before anything is; each call's worst case is reserved
//! before it is sent. Not here: what may be sent (`replay`).

use std::time::{Duration, Instant};

use assay_backends::credentials;
use assay_backends::profile::{Profile, SANDBOX};
use assay_backends::sandbox::{self, Behaviour};
use assay_backends::send::{Outcome, SendError, Sender, may_have_run};
use assay_domain::call::Tokens;

use assay_domain::checks::calls;
use assay_domain::moment::rfc3339;
use assay_domain::price;
use assay_store::calls::CallRecord;
use assay_store::policies::deed;
use assay_store::replays::{RunItemRecord, RunRecord};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::approvals::matter::Matter;
use crate::approvals::passing;
use crate::error::{Code, Result, WireError};
use crate::jobs::{Progress, Started, Step};
use crate::masking::Masker;
use crate::opening::Engine;
use crate::replay::answer_diff::similarity;
use crate::replay::shown::{answer_text, show};
use crate::replay::view::{ReplayRun, RunRef, StartReplay};
use crate::replay::{StoredPlan, micros, prepare};
use crate::trail::parts;

/// A plan is carried out within a day, or made again.
const PLAN_LIVES_MS: i64 = 86_400_000;

/// How often the listeners hear that a run has moved on.
const TELL_EVERY: Duration = Duration::from_secs(2);

/// The state of a call that was answered where its record holds no answer to compare with.
pub(crate) const NOT_COMPARED: &str = "not_compared";

/// What a run is about, as stored.
#[derive(Serialize, Deserialize)]
pub(crate) struct About {
    pub(crate) backend: String,
    pub(crate) destination: String,
    pub(crate) policy: String,
    pub(crate) refused: Vec<(String, String)>,
    pub(crate) planned: u64,
}

/// One call of a run, as stored.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Item {
    pub(crate) call_id: String,
    pub(crate) detail: Option<String>,
    pub(crate) similarity: Option<f64>,
    pub(crate) model: Option<String>,
    pub(crate) latency_ms: Option<i64>,
    pub(crate) input_tokens: Option<u64>,
    pub(crate) output_tokens: Option<u64>,
    pub(crate) cost_micros: Option<i64>,
    pub(crate) http_status: Option<u16>,
}

impl Item {
    /// How the call ended, by the state that is stored with it. What was compared has a
    /// similarity; older runs stored what had nothing to be compared with as changed.
    pub(crate) fn state(&self, stored: &str) -> String {
        match (stored, self.similarity) {
            ("changed", None) => NOT_COMPARED,
            (state, _) => state,
        }
        .to_owned()
    }
}

/// Starts a planned run as a job.
///
/// # Errors
/// `bad_input` for the budget, the phrase or a backend that is no longer the planned one;
/// `not_found` for the plan; `approval_needed`.
pub fn start(engine: &Engine, input: StartReplay) -> Result<Started> {
    let (plan, _) = checked(engine, &input)?;
    if let Some(matter) = Matter::replay(engine, &input)? {
        passing::look(engine, &matter)?;
    }
    let own = engine.clone();
    let title = format!(
        "Replaying {} to {}",
        calls(plan.items.len() as u64),
        plan.backend.name
    );
    let id = new_id()?;
    Ok(engine.jobs().start_on(
        "replay.start",
        title,
        id.clone(),
        &["runs", "activities"],
        move |progress| run_as(&own, &input, id, progress),
    ))
}

fn checked(engine: &Engine, input: &StartReplay) -> Result<(StoredPlan, Option<i64>)> {
    let (text, made_ms) = engine.store().plan(&input.plan)?;
    let plan: StoredPlan = serde_json::from_str(&text).map_err(|error| {
        WireError::new(
            Code::Internal,
            format!("a stored plan can't be read: {error}"),
        )
    })?;
    if engine.now_ms() - made_ms > PLAN_LIVES_MS {
        return Err(
            WireError::new(Code::BadInput, "the plan is older than a day")
                .hint("make a new plan and look at it"),
        );
    }
    let budget = input
        .budget_usd
        .as_deref()
        .map(micros)
        .transpose()?
        .or(plan.budget);
    if plan.backend.name != SANDBOX {
        if crate::replay::backends::profile(engine, &plan.backend.name)
            .ok()
            .as_ref()
            != Some(&plan.backend)
        {
            return Err(WireError::new(
                Code::BadInput,
                format!(
                    "the backend `{}` was changed or removed since the plan was made",
                    plan.backend.name
                ),
            )
            .hint("make a new plan and look at it"));
        }
        if budget.is_none() {
            return Err(WireError::new(Code::BadInput, "a live run needs a budget")
                .hint("say what it may cost at most, in dollars"));
        }
        let typed = input.phrase.as_deref().map(str::trim);
        if typed != plan.phrase.as_deref() {
            return Err(WireError::new(
                Code::BadInput,
                "the phrase that confirms the run was not typed",
            )
            .hint(format!("type: {}", plan.phrase.clone().unwrap_or_default())));
        }
    }
    Ok((plan, budget))
}

/// Carries out a plan.
///
/// # Errors
/// As [`start`]; `backend_unreachable` where nothing could be sent. Calls that were sent are kept.
pub fn run(engine: &Engine, input: &StartReplay, progress: &Progress) -> Result<ReplayRun> {
    run_as(engine, input, new_id()?, progress)
}

fn new_id() -> Result<String> {
    let mut id = [0_u8; 8];
    getrandom::fill(&mut id)
        .map_err(|error| WireError::new(Code::Internal, format!("no randomness: {error}")))?;
    Ok(format!("run-{}", hex::encode(id)))
}

fn run_as(
    engine: &Engine,
    input: &StartReplay,
    id: String,
    progress: &Progress,
) -> Result<ReplayRun> {
    let (plan, budget) = checked(engine, input)?;
    let sandbox = (plan.backend.name == SANDBOX)
        .then(|| {
            sandbox::start(
                std::net::SocketAddr::from(([127, 0, 0, 1], 0)),
                Behaviour::Ok,
            )
        })
        .transpose()
        .map_err(|error| WireError::new(Code::BackendUnreachable, error.to_string()))?;
    let profile = sandbox.as_ref().map_or_else(
        || plan.backend.clone(),
        |server| Profile::sandbox(server.address),
    );
    let credentials = credentials::load(&profile).map_err(|error| {
        WireError::new(Code::BackendRefused, error.to_string()).hint(format!(
            "set the key of the backend, or the environment variable {}",
            credentials::variable(&profile)
        ))
    })?;
    let sender = Sender::new(profile.clone(), credentials, engine.is_offline()).map_err(refused)?;
    let destination = if sandbox.is_some() {
        "this computer".to_owned()
    } else {
        profile.destination()
    };
    let refused: Vec<(String, String)> = plan
        .items
        .iter()
        .filter_map(|item| Some((item.call_id.clone(), item.refused.clone()?)))
        .collect();
    let about = About {
        backend: plan.backend.name.clone(),
        destination: destination.clone(),
        policy: plan.policy.clone(),
        planned: plan.items.len() as u64,
        refused,
    };
    let started_ms = engine.now_ms();
    let record = RunRecord {
        id: id.clone(),
        plan: input.plan.clone(),
        state: "running".to_owned(),
        started_ms,
        finished_ms: None,
        budget_usd_micros: budget,
        reserved_usd_micros: 0,
        run: serde_json::to_string(&about).map_err(internal)?,
    };
    let pass = match Matter::replay(engine, input)? {
        Some(matter) => passing::spend(engine, &matter)?,
        None => None,
    };
    let intent = json!({
        "action": "replay.start", "approval": pass.map(|pass| pass.id), "at": rfc3339(started_ms), "backend": about.backend, "by": engine.user(),
        "calls": plan.items.iter().filter(|item| item.refused.is_none()).map(|item| &item.call_id).collect::<Vec<_>>(),
        "destination": destination, "policy": plan.policy, "query": plan.query, "budget_usd_micros": budget,
    })
    .to_string();
    begin(engine, &record, sandbox.is_none(), intent.as_bytes())?;
    engine.jobs().changed(&["runs"]);
    let state = send_all(engine, &plan, &profile, &sender, &id, budget, progress);
    let (state, problem) = match state {
        Ok(state) => (state, None),
        Err(error) => ("failed", Some(error)),
    };
    let now_ms = engine.now_ms();
    let result = json!({"action": "replay.end", "at": rfc3339(now_ms), "run": id, "state": state})
        .to_string();
    engine.store().writer()?.end_run(
        &id,
        state,
        deed("replay.end", &id, engine.user(), now_ms),
        result.as_bytes(),
        now_ms,
    )?;
    match problem {
        Some(error) => Err(error),
        None => show(engine, RunRef { run: id }),
    }
}

/// Begins a run. A plan of a live run is carried out once: its phrase was typed for one.
fn begin(engine: &Engine, run: &RunRecord, once: bool, intent: &[u8]) -> Result<()> {
    // While the writer is held no other run begins.
    let mut writer = engine.store().writer()?;
    if once
        && engine
            .store()
            .runs()?
            .iter()
            .any(|other| other.plan == run.plan)
    {
        return Err(
            WireError::new(Code::BadInput, "the plan was carried out already")
                .hint("make a new plan and look at it"),
        );
    }
    Ok(writer.begin_run(
        run,
        deed("replay.start", &run.id, engine.user(), run.started_ms),
        intent,
    )?)
}

pub(crate) fn internal(error: serde_json::Error) -> WireError {
    WireError::new(Code::Internal, error.to_string())
}

fn refused(error: SendError) -> WireError {
    let code = match error {
        SendError::Profile(_) => Code::BadInput,
        SendError::Refused(_) => Code::PolicyRefused,
        SendError::Cancelled => Code::Cancelled,
        _ => Code::BackendUnreachable,
    };
    WireError::new(code, error.to_string())
}

fn send_all(
    engine: &Engine,
    plan: &StoredPlan,
    profile: &Profile,
    sender: &Sender,
    run: &str,
    budget: Option<i64>,
    progress: &Progress,
) -> Result<&'static str> {
    let masker = plan
        .policy_toml
        .as_deref()
        .map(|toml| Masker::of_text(engine, toml))
        .transpose()?;
    let shown = Masker::in_force(engine)?;
    let total = plan
        .items
        .iter()
        .filter(|item| item.refused.is_none())
        .count() as u64;
    let mut reserved = 0_i64;
    let mut told = Instant::now();
    for (done, planned) in plan
        .items
        .iter()
        .filter(|item| item.refused.is_none())
        .enumerate()
    {
        progress.step(Step {
            phase: format!("sending to {}", profile.name),
            done: done as u64,
            total: Some(total),
            unit: "calls",
            ..Step::default()
        });
        if progress.is_cancelled() {
            return Ok("stopped");
        }
        if told.elapsed() >= TELL_EVERY {
            engine.jobs().changed(&["runs"]);
            told = Instant::now();
        }
        let record = engine.store().call(&planned.call_id)?;
        let raw = match record.erased {
            Some(_) => Vec::new(),
            None => engine.store().raw(record.seq)?,
        };
        let mut item = Item {
            call_id: planned.call_id.clone(),
            ..Item::default()
        };
        let prepared = match prepare(
            engine,
            &record,
            &raw,
            &as_planned(plan, profile),
            masker.as_ref(),
        )? {
            Ok(prepared) => prepared,
            Err(refused) => {
                // The rules changed since the plan was made.
                item.detail = Some(refused);
                save(engine, run, &record, "refused", &item, None)?;
                continue;
            }
        };
        let Some(worst) = planned.cost_high else {
            item.detail = Some("its cost can't be told, so no budget could hold it".to_owned());
            save(engine, run, &record, "refused", &item, None)?;
            continue;
        };
        if budget.is_some_and(|budget| reserved.saturating_add(worst) > budget) {
            return Ok("budget_reached");
        }
        reserved = reserved.saturating_add(worst);
        item.model = Some(prepared.model.clone());
        engine.store().writer()?.reserve(
            run,
            reserved,
            record.seq,
            &serde_json::to_string(&item).map_err(internal)?,
        )?;
        match sender.send(&prepared.model, &prepared.request, &progress.cancel_flag()) {
            Ok(outcome) => {
                let cost = outcome_cost(profile, &prepared.model, &outcome);
                if let Some(cost) = cost {
                    reserved = reserved.saturating_sub(worst).saturating_add(cost);
                }
                finish(engine, run, &record, &raw, item, outcome, cost, &shown)?;
            }
            Err(SendError::Cancelled) => {
                item.detail =
                    Some("stopped while waiting; it may have been carried out".to_owned());
                save(engine, run, &record, "unknown", &item, None)?;
                return Ok("stopped");
            }
            Err(error @ (SendError::TooLong | SendError::Unreadable(_))) => {
                item.detail = Some(error.to_string());
                save(engine, run, &record, "error", &item, None)?;
            }
            Err(error) => {
                item.detail = Some(error.to_string());
                save(engine, run, &record, "error", &item, None)?;
                return Err(refused(error));
            }
        }
    }
    Ok("done")
}

/// The profile as it was planned: the sandbox keeps its name whatever port it got.
fn as_planned(plan: &StoredPlan, profile: &Profile) -> Profile {
    if plan.backend.name == SANDBOX {
        profile.clone()
    } else {
        plan.backend.clone()
    }
}

/// What an answer cost; `None` where it can't be told, and then its reservation stands.
fn outcome_cost(profile: &Profile, model: &str, outcome: &Outcome) -> Option<i64> {
    if profile.name == SANDBOX {
        return Some(0);
    }
    if outcome.http_status >= 400 {
        // Who gave up waiting does not know whether the model went on.
        return (!may_have_run(outcome.http_status)).then_some(0);
    }
    let usage = outcome.response.as_ref()?.get("usage")?;
    let count = |name: &str| usage.get(name).and_then(Value::as_u64);
    let tokens = Tokens {
        input: count("input_tokens"),
        output: count("output_tokens"),
        cache_read: count("cache_read_input_tokens"),
        cache_write_5m: count("cache_creation_input_tokens"),
        cache_write_1h: None,
    };
    price::amount(
        &price::price(profile.kind, model, profile.place.as_deref())?,
        &tokens,
        false,
    )
}

#[allow(clippy::too_many_arguments)]
fn finish(
    engine: &Engine,
    run: &str,
    record: &CallRecord,
    raw: &[u8],
    mut item: Item,
    outcome: Outcome,
    cost: Option<i64>,
    shown: &Masker,
) -> Result<()> {
    item.http_status = Some(outcome.http_status);
    item.latency_ms = Some(outcome.latency_ms);
    item.cost_micros = cost;
    let Some(response) = outcome.response else {
        let kind = outcome.error_type.unwrap_or_default();
        item.detail = Some(shown.of(&record.deployment).plain(&format!(
            "{kind}: {}",
            outcome.error_message.unwrap_or_default()
        )));
        return save(engine, run, record, "error", &item, None);
    };
    let usage = |name: &str| {
        response
            .pointer(&format!("/usage/{name}"))
            .and_then(Value::as_u64)
    };
    item.input_tokens = usage("input_tokens");
    item.output_tokens = usage("output_tokens");
    let original = parts::said(engine.store(), record.seq, record.format, raw)?.response;
    let (before, after) = (original.as_ref().map(answer_text), answer_text(&response));
    let state = match &before {
        None => {
            item.detail = Some("the record holds no answer to compare with".to_owned());
            NOT_COMPARED
        }
        Some(before) => {
            item.similarity = Some(similarity(before, &after));
            if *before == after { "same" } else { "changed" }
        }
    };
    let bytes = serde_json::to_vec(&response).map_err(internal)?;
    save(engine, run, record, state, &item, Some(&bytes))
}

fn save(
    engine: &Engine,
    run: &str,
    record: &CallRecord,
    state: &str,
    item: &Item,
    response: Option<&[u8]>,
) -> Result<()> {
    let stored = RunItemRecord {
        call_seq: record.seq,
        state: state.to_owned(),
        item: serde_json::to_string(item).map_err(internal)?,
    };
    Ok(engine.store().writer()?.save_item(run, &stored, response)?)
}

#[cfg(test)]
mod tests;
