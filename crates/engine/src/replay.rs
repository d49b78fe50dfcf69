//! Replay: backends, and the plan that says per call what would be sent where and what it may
//! cost. Nothing is sent here.
//!
//! Not here: carrying a plan out (`run`), the wire (`assay-backends`).

mod answer_diff;
pub mod backends;
mod outgoing;
pub mod run;
pub mod shown;
pub mod view;

use assay_backends::profile::{Profile, SANDBOX};
use assay_backends::send::is_model_name;
use assay_domain::call::{Call, Kind, Tokens};
use assay_domain::moment::rfc3339;
use assay_domain::place::{self, Allowed};
use assay_domain::price;
use assay_domain::query::keys::Table;
use assay_store::calls::CallRecord;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::checks::thousands;
use crate::deployments::definition;
use crate::error::{Code, Result, WireError};
use crate::masking::Masker;
use crate::opening::{Engine, read_query};
use crate::redaction::policies;
use crate::replay::view::{PlanItem, PlanReplay, ReplayPlan};
use crate::trail::costs::usd;
use crate::trail::parts;

/// Calls in one plan.
const MAX_CALLS: u32 = 10_000;
/// Output tokens taken where a request does not limit them.
const DEFAULT_MAX_TOKENS: u64 = 4_096;

/// A plan as stored: what a run needs to do exactly what was shown.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct StoredPlan {
    pub(crate) backend: Profile,
    /// `none`, or the policy's name with its text.
    pub(crate) policy: String,
    pub(crate) policy_toml: Option<String>,
    pub(crate) query: String,
    pub(crate) phrase: Option<String>,
    /// The most that the run may cost, micro-dollars, where its own request does not say.
    #[serde(default)]
    pub(crate) budget: Option<i64>,
    pub(crate) items: Vec<StoredItem>,
}

/// One call of a stored plan.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct StoredItem {
    pub(crate) call_id: String,
    pub(crate) refused: Option<String>,
    /// Worst case, micro-dollars; `None` where it can't be told.
    pub(crate) cost_high: Option<i64>,
}

/// A call made ready to be sent, or why it may not be.
pub(crate) struct Prepared {
    pub(crate) request: Value,
    pub(crate) model: String,
    pub(crate) entities: u64,
    pub(crate) removed: Vec<String>,
    pub(crate) max_tokens: u64,
    pub(crate) input_tokens: u64,
    /// Never fewer than the backend counts, whatever the log says; `None` where it can't be told.
    pub(crate) input_most: Option<u64>,
}

/// Makes a stored call ready for `profile` under `masker` (`None` is the policy `none`).
///
/// Preview, plan and run come through here, so that what was shown is what is sent.
pub(crate) fn prepare(
    engine: &Engine,
    record: &CallRecord,
    raw: &[u8],
    profile: &Profile,
    masker: Option<&Masker>,
) -> Result<std::result::Result<Prepared, String>> {
    if let Some(by) = record.erased {
        return Ok(Err(format!("its text was erased by #{}", thousands(by))));
    }
    let text = parts::said(engine.store(), record.seq, record.format, raw)?;
    let Some(mut request) = text.request.clone() else {
        return Ok(Err(if text.references.is_empty() {
            "the record holds no request text".to_owned()
        } else {
            "the request text lies in another object that was not imported".to_owned()
        }));
    };
    if request
        .get("messages")
        .and_then(Value::as_array)
        .is_none_or(Vec::is_empty)
    {
        return Ok(Err("the record holds no messages".to_owned()));
    }
    // What listens on this computer may pass a call on; only the sandbox is known not to.
    let stays = profile.name == SANDBOX;
    if masker.is_none() && !stays && profile.kind != record.call.kind {
        return Ok(Err(format!(
            "without redaction a call goes only to its own kind of deployment ({}), not to {}",
            record.call.kind.title(),
            profile.kind.title()
        )));
    }
    if masker.is_some()
        && !stays
        && (!text.unsearchable().is_empty() || outgoing::holds_bytes(&request))
    {
        return Ok(Err(
            "it holds an image or a document that can't be searched for personal data".to_owned(),
        ));
    }
    let removed = match outgoing::strip(&mut request) {
        Ok(removed) => removed,
        Err(refused) => return Ok(Err(refused)),
    };
    let model = match model_for(profile, &record.call) {
        Ok(model) => model,
        Err(refused) => return Ok(Err(refused)),
    };
    // Refused call by call when it is planned: sending it would end the whole run.
    if !is_model_name(&model) {
        return Ok(Err(
            "the model's name has characters that no model has".to_owned()
        ));
    }
    if let Some(refused) = place_refusal(engine, record, profile, &model)? {
        return Ok(Err(refused));
    }
    let mut entities = 0;
    if let Some(masker) = masker {
        let policy = masker.policy();
        match outgoing::redact_all(&mut request, policy, &record.deployment, masker.key()) {
            Ok(count) => entities = count,
            Err(refused) => return Ok(Err(refused)),
        }
    }
    let max_tokens = request
        .get("max_tokens")
        .and_then(Value::as_u64)
        .unwrap_or(DEFAULT_MAX_TOKENS);
    request["max_tokens"] = max_tokens.into();
    let estimated = (request.to_string().chars().count() as u64).div_ceil(3);
    let tokens = &record.call.tokens;
    let recorded = tokens.input.map(|input| {
        [
            tokens.cache_read,
            tokens.cache_write_5m,
            tokens.cache_write_1h,
        ]
        .into_iter()
        .flatten()
        .fold(input, u64::saturating_add)
    });
    let input_tokens = recorded.unwrap_or(estimated).max(1);
    let input_most = outgoing::most_tokens(&request).map(|most| most.max(input_tokens));
    Ok(Ok(Prepared {
        request,
        model,
        entities,
        removed,
        max_tokens,
        input_tokens,
        input_most,
    }))
}

/// Why a call may not go to `profile` as `model`: its deployment does not allow the place, or
/// nobody knows the place.
fn place_refusal(
    engine: &Engine,
    record: &CallRecord,
    profile: &Profile,
    model: &str,
) -> Result<Option<String>> {
    if profile.name == SANDBOX {
        return Ok(None);
    }
    let deployment = engine.store().deployment(&record.deployment)?;
    let Ok(definition) = definition(&deployment) else {
        return Ok(Some(
            "the definition of its deployment can't be read, so what it allows is not known"
                .to_owned(),
        ));
    };
    if definition.allowed_places.is_empty() {
        return Ok(definition
            .regulated
            .then(|| "its deployment is regulated and declares no allowed places".to_owned()));
    }
    let allowed = place::spelled(&definition.allowed_places);
    let refused = match profile
        .place
        .as_deref()
        .map(|place| (place, place::allows(&definition.allowed_places, place)))
    {
        Some((_, Allowed::Yes)) => None,
        Some((place, Allowed::No)) => {
            Some(format!("{place} is outside the allowed places ({allowed})"))
        }
        Some((place, Allowed::Unknown)) => Some(format!(
            "{place} is not known to lie in the allowed places ({allowed})"
        )),
        None => Some(format!(
            "where the backend processes is not known, and the call may run only in {allowed}"
        )),
    };
    Ok(refused.or_else(|| routed(&definition.allowed_places, model)))
}

/// Why a model id takes a call out of the allowed places: a cross-Region profile runs it anywhere
/// in its scope, whatever the endpoint's Region, and an id that hides its model hides its scope.
///
/// Source: Amazon Bedrock, cross-Region inference; the id names the scope (`place::profile_scope`).
fn routed(allowed: &[String], model: &str) -> Option<String> {
    match place::profile_scope(model) {
        Some(scope) if place::allows_scope(allowed, scope) == Allowed::Yes => None,
        Some(scope) => Some(format!(
            "the model id lets it run anywhere in `{scope}`, which is not known to lie in the allowed places ({})",
            place::spelled(allowed)
        )),
        None if model.starts_with("arn:")
            && !model.contains(":foundation-model/")
            && !model.contains(":provisioned-model/") =>
        {
            Some(format!(
                "where the profile of the model id runs it is not known, and the call may run only in {}",
                place::spelled(allowed)
            ))
        }
        None => None,
    }
}

/// The model that is asked for at the backend.
fn model_for(profile: &Profile, call: &Call) -> std::result::Result<String, String> {
    if let Some(model) = &profile.model {
        return Ok(model.clone());
    }
    let Some(model) = call
        .request_model
        .as_deref()
        .or(call.response_model.as_deref())
    else {
        return Err("the record names no model; set one at the backend".to_owned());
    };
    let call_kind = match call.kind {
        // Its records name models as the Claude API does.
        Kind::ClaudeEnterprise => Kind::ClaudeApi,
        other => other,
    };
    let same_names =
        profile.name == SANDBOX || profile.kind == call_kind || profile.kind == Kind::Private;
    match (same_names, profile.kind, call_kind) {
        (true, _, _) => Ok(model.to_owned()),
        (false, Kind::ClaudeApi, Kind::Bedrock) => {
            let id = price::base_model(model).trim_start_matches("anthropic.");
            let id = id
                .split_once("-v1")
                .or_else(|| id.split_once("-v2"))
                .map_or(id, |(id, _)| id);
            Ok(id.to_owned())
        }
        (false, Kind::ClaudeApi, Kind::Vertex) => Ok(model.replace('@', "-")),
        _ => Err(format!(
            "the model has another name at {}; set the backend's model",
            profile.kind.title()
        )),
    }
}

/// Costs of a prepared call: low, expected, high, in micro-dollars.
pub(crate) fn costs(profile: &Profile, prepared: &Prepared, expected: u64) -> Option<[i64; 3]> {
    if profile.name == SANDBOX {
        return Some([0, 0, 0]);
    }
    let price = price::price(profile.kind, &prepared.model, profile.place.as_deref())?;
    let of = |input, output| {
        let tokens = Tokens {
            input: Some(input),
            output: Some(output),
            ..Tokens::default()
        };
        price::amount(&price, &tokens, false)
    };
    Some([
        of(prepared.input_tokens, 1)?,
        of(prepared.input_tokens, expected)?,
        of(prepared.input_most?, prepared.max_tokens)?,
    ])
}

fn processor(profile: &Profile) -> String {
    match profile.kind {
        _ if profile.name == SANDBOX => "nobody: the sandbox of this computer".to_owned(),
        Kind::ClaudeApi | Kind::ClaudeEnterprise => "Anthropic".to_owned(),
        Kind::Bedrock => "AWS".to_owned(),
        Kind::Vertex => "Google".to_owned(),
        Kind::Private => "whoever operates the endpoint".to_owned(),
    }
}

/// Says per call what would be sent where and what it may cost; sends nothing.
///
/// # Errors
/// `bad_input` for the query, the budget or the limit; `not_found` for the backend or the policy.
pub fn plan(engine: &Engine, input: PlanReplay) -> Result<ReplayPlan> {
    let profile = crate::replay::backends::profile(engine, &input.backend)?;
    let query = read_query(&input.query, Table::Calls)?;
    let budget = input.budget_usd.as_deref().map(micros).transpose()?;
    let limit = input.limit.unwrap_or(100);
    if limit == 0 || limit > MAX_CALLS {
        return Err(WireError::new(
            Code::BadInput,
            format!("a plan has 1 to {MAX_CALLS} calls"),
        ));
    }
    // The plan names the version, whatever is saved before it is carried out.
    let (policy, policy_toml) = if input.policy == "none" {
        (input.policy, None)
    } else {
        let version = policies::version(engine, &input.policy)?;
        (version.reference(), Some(version.toml))
    };
    let masker = policy_toml
        .as_deref()
        .map(|toml| Masker::of_text(engine, toml))
        .transpose()?;
    let mut items = Vec::new();
    let mut stored = Vec::new();
    let (mut totals, mut cost_unknown) = ([0_i64; 3], 0);
    let mut after = None;
    while items.len() < limit as usize {
        let (page, next) =
            engine
                .store()
                .calls(&query, after, (limit as usize - items.len()).min(256))?;
        for record in page {
            let raw = match record.erased {
                Some(_) => Vec::new(),
                None => engine.store().raw(record.seq)?,
            };
            let (item, cost_high) = plan_item(
                engine,
                &record,
                &raw,
                &profile,
                masker.as_ref(),
                &mut totals,
                &mut cost_unknown,
            )?;
            let refused =
                (item.verdict == "refused").then(|| item.reason.clone().unwrap_or_default());
            stored.push(StoredItem {
                call_id: item.call_id.clone(),
                refused,
                cost_high,
            });
            items.push(item);
        }
        match next {
            Some(cursor) => after = Some(cursor),
            None => break,
        }
    }
    let count = |verdict: &str| items.iter().filter(|item| item.verdict == verdict).count() as u64;
    let (sendable, needs_redaction, refused) = (
        count("sendable"),
        count("needs_redaction"),
        count("refused"),
    );
    let sent = sendable + needs_redaction;
    let is_sandbox = profile.name == SANDBOX;
    let destination = if is_sandbox {
        "this computer".to_owned()
    } else {
        profile.destination()
    };
    let calls = if sent == 1 { "call" } else { "calls" };
    let phrase = (!is_sandbox && sent > 0).then(|| format!("send {sent} {calls} to {destination}"));
    let mut warnings = Vec::new();
    if policy == "none" && !is_sandbox {
        warnings.push(
            "Without redaction the calls are sent with all the personal data that they hold."
                .to_owned(),
        );
    }
    if !is_sandbox {
        warnings.push(format!(
            "Sending makes new data at {}: it is kept there by their rules.",
            processor(&profile)
        ));
    }
    if let Some(budget) = budget
        && totals[2] > budget
    {
        warnings.push(
            "The worst case is more than the budget: the run stops before it is exceeded."
                .to_owned(),
        );
    }
    let mut id = [0_u8; 8];
    getrandom::fill(&mut id)
        .map_err(|error| WireError::new(Code::Internal, format!("no randomness: {error}")))?;
    let id = format!("plan-{}", hex::encode(id));
    let kept = StoredPlan {
        backend: profile.clone(),
        policy: policy.clone(),
        policy_toml,
        query: input.query.clone(),
        phrase: phrase.clone(),
        budget,
        items: stored,
    };
    let json = serde_json::to_string(&kept)
        .map_err(|error| WireError::new(Code::Internal, error.to_string()))?;
    engine
        .store()
        .writer()?
        .save_plan(&id, &json, engine.now_ms())?;
    Ok(ReplayPlan {
        id,
        backend: profile.name.clone(),
        destination,
        place: profile.place.clone(),
        processor: processor(&profile),
        policy,
        matching: engine.store().count(&query)?.0,
        sendable,
        needs_redaction,
        refused,
        input_tokens: items
            .iter()
            .filter(|item| item.verdict != "refused")
            .map(|item| item.input_tokens)
            .sum(),
        cost_low_usd: usd(totals[0]),
        cost_expected_usd: usd(totals[1]),
        cost_high_usd: usd(totals[2]),
        cost_unknown,
        basis: if is_sandbox {
            "the sandbox costs nothing".to_owned()
        } else {
            format!(
                "list prices of {}; output from one token to each call's limit; at most one input token a byte",
                price::AS_OF
            )
        },
        warnings,
        budget_usd: budget.map(usd),
        phrase,
        items,
    })
}

fn plan_item(
    engine: &Engine,
    record: &CallRecord,
    raw: &[u8],
    profile: &Profile,
    masker: Option<&Masker>,
    totals: &mut [i64; 3],
    cost_unknown: &mut u64,
) -> Result<(PlanItem, Option<i64>)> {
    let mut item = PlanItem {
        call_id: record.id.clone(),
        deployment: record.deployment.clone(),
        started_at: record.call.started_at_ms.map(rfc3339),
        model: record.call.request_model.clone(),
        verdict: "refused".to_owned(),
        reason: None,
        entities: 0,
        input_tokens: 0,
        output_low: 0,
        output_expected: 0,
        output_high: 0,
        cost_low_usd: None,
        cost_expected_usd: None,
        cost_high_usd: None,
        removed: Vec::new(),
    };
    let prepared = match prepare(engine, record, raw, profile, masker)? {
        Ok(prepared) => prepared,
        Err(refused) => {
            item.reason = Some(refused);
            return Ok((item, None));
        }
    };
    let expected = record
        .call
        .tokens
        .output
        .unwrap_or(prepared.max_tokens / 2)
        .clamp(1, prepared.max_tokens.max(1));
    item.verdict = if prepared.entities > 0 {
        "needs_redaction"
    } else {
        "sendable"
    }
    .to_owned();
    if prepared.entities > 0 {
        item.reason = Some(match prepared.entities {
            1 => "1 entity is redacted before it is sent".to_owned(),
            count => format!("{count} entities are redacted before it is sent"),
        });
    }
    item.entities = prepared.entities;
    item.model = Some(prepared.model.clone());
    item.input_tokens = prepared.input_tokens;
    (item.output_low, item.output_expected, item.output_high) = (1, expected, prepared.max_tokens);
    item.removed.clone_from(&prepared.removed);
    let cost = costs(profile, &prepared, expected);
    match cost {
        Some(cost) => {
            for (total, cost) in totals.iter_mut().zip(cost) {
                *total = total.saturating_add(cost);
            }
            item.cost_low_usd = Some(usd(cost[0]));
            item.cost_expected_usd = Some(usd(cost[1]));
            item.cost_high_usd = Some(usd(cost[2]));
        }
        // A live run has a budget, and none can hold a cost that nobody knows.
        None => {
            *cost_unknown += 1;
            item.verdict = "refused".to_owned();
            item.reason = Some(format!(
                "`{}` has no list price here, so no budget could hold its cost",
                prepared.model
            ));
        }
    }
    Ok((item, cost.map(|cost| cost[2])))
}

/// Dollars as a decimal string in micro-dollars.
pub(crate) fn micros(text: &str) -> Result<i64> {
    let wrong = || {
        WireError::new(Code::BadInput, format!("not an amount of dollars: {text}"))
            .hint("write it like 2.50")
    };
    let (whole, part) = text
        .trim()
        .trim_start_matches('$')
        .split_once('.')
        .unwrap_or((text.trim().trim_start_matches('$'), ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 7 || part.len() > 6 || !digits(whole) || !digits(part) {
        return Err(wrong());
    }
    let part: i64 = format!("{part:0<6}").parse().map_err(|_| wrong())?;
    Ok(whole.parse::<i64>().map_err(|_| wrong())? * 1_000_000 + part)
}

#[cfg(test)]
mod tests;
