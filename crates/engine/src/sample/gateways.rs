//! The two deployments behind a gateway: underwriting on Vertex AI, support on a private endpoint.
//!
//! In: how many calls. Out: LiteLLM logs, a file a month. Not here: the records' form (`litellm`).

use assay_domain::call::{Kind, Tokens};
use assay_domain::price;

use crate::error::Result;
use crate::jobs::Progress;
use crate::sample::bedrock::Used;
use crate::sample::calendar::{DAYS, month};
use crate::sample::chance::Chance;
use crate::sample::files::{Layout, LogFiles};
use crate::sample::litellm::{GatewayCall, payload};
use crate::sample::planted;
use crate::sample::scene::{Planting, Scene, scene};
use crate::sample::traffic::Traffic;
use crate::sample::words::Field;
use crate::sample::written::Written;

/// The Google project of the sample.
pub(crate) const PROJECT: &str = "northwind-underwriting";
/// The models that underwriting uses.
pub(crate) const VERTEX_MODELS: [&str; 3] = [
    "claude-sonnet-4-6",
    "claude-haiku-4-5@20251001",
    "claude-opus-4-6",
];
/// The regions that underwriting sends to.
pub(crate) const VERTEX_REGIONS: [&str; 2] = ["europe-west1", "europe-west4"];
/// The host of the private endpoint.
pub(crate) const HOST: &str = "claude.support.northwind.example";

/// A gateway's errors, with how often each happens.
const FAILURES: [((u16, &str), u64); 4] = [
    ((429, "RateLimitError"), 5),
    ((408, "Timeout"), 2),
    ((500, "InternalServerError"), 2),
    ((400, "BadRequestError"), 1),
];
/// Ordinary calls of a thousand that fail.
const FAILING_PERMILLE: u64 = 10;

/// Writes the log of underwriting.
///
/// # Errors
/// `file_unwritable`, `cancelled`.
pub(crate) fn write_underwriting(
    files: &mut LogFiles,
    calls: u64,
    progress: &Progress,
) -> Result<Written> {
    let plants = [(Planting::Prompt, planted::UNDERWRITING_PROMPT)];
    let mut traffic = Traffic::new("underwriting: times", calls, &plants);
    write(
        files,
        "gateway/underwriting",
        &mut traffic,
        progress,
        None,
        |at_ms, planting, chance| {
            const USERS: [(&str, &str); 6] = [
                ("m.ostrowski@northwind.example", "underwriting-property"),
                ("l.castell@northwind.example", "underwriting-property"),
                ("j.brandt@northwind.example", "underwriting-liability"),
                ("s.aalto@northwind.example", "underwriting-liability"),
                ("p.fontaine@northwind.example", "underwriting-cyber"),
                ("submission-reader@northwind.example", "underwriting-intake"),
            ];
            let scene = scene(
                Field::Underwriting,
                planting.unwrap_or(Planting::Nothing),
                chance,
            );
            let model = VERTEX_MODELS[chance.weighted(&[55, 30, 15])];
            let region = VERTEX_REGIONS[chance.weighted(&[70, 30])];
            let (user, team) = USERS[chance.weighted(&[20, 16, 18, 14, 10, 22])];
            let mut call = gateway_call(at_ms, &scene, planting.is_none(), chance);
            call.provider = "vertex_ai";
            call.model = model;
            call.api_base = format!(
                "https://{region}-aiplatform.googleapis.com/v1/projects/{PROJECT}/locations/{region}/publishers/anthropic/models/{model}:rawPredict"
            );
            (call.user, call.team) = (user, team);
            call.classification = ["confidential", "internal"][chance.weighted(&[70, 30])];
            call.id = chance.id("msg_vrtx_");
            call.cost = cost(model, region, &call.used);
            (call, scene)
        },
    )
}

/// Writes the log of support.
///
/// # Errors
/// `file_unwritable`, `cancelled`.
pub(crate) fn write_support(
    files: &mut LogFiles,
    calls: u64,
    progress: &Progress,
) -> Result<Written> {
    let plants = [(Planting::SecretAlone, planted::SUPPORT_SECRET)];
    let mut traffic = Traffic::new("support: times", calls, &plants);
    write(
        files,
        "gateway/support",
        &mut traffic,
        progress,
        Some(planted::PLACEHOLDER_DAY),
        |at_ms, planting, chance| {
            const USERS: [(&str, &str); 5] = [
                ("support-widget@northwind.example", "intranet-assistant"),
                ("r.nilsen@northwind.example", "service-desk"),
                ("k.dubois@northwind.example", "service-desk"),
                ("t.hartman@northwind.example", "access-team"),
                ("runbook-writer@northwind.example", "platform"),
            ];
            let scene = scene(
                Field::Support,
                planting.unwrap_or(Planting::Nothing),
                chance,
            );
            let mut call = gateway_call(at_ms, &scene, planting.is_none(), chance);
            call.provider = "anthropic";
            call.model = ["claude-haiku-4-5", "claude-sonnet-4-5"][chance.weighted(&[75, 25])];
            call.api_base = format!("https://{HOST}/v1/messages");
            (call.user, call.team) = USERS[chance.weighted(&[50, 16, 14, 10, 10])];
            call.classification = ["internal", "confidential"][chance.weighted(&[85, 15])];
            call.id = format!("chatcmpl-{}", chance.uuid());
            (call, scene)
        },
    )
}

fn write(
    files: &mut LogFiles,
    folder: &str,
    traffic: &mut Traffic<Planting>,
    progress: &Progress,
    hidden_on: Option<usize>,
    mut make: impl FnMut(i64, Option<Planting>, &mut Chance) -> (GatewayCall, Scene),
) -> Result<Written> {
    let mut chance = Chance::of(folder);
    let mut written = Written::default();
    for day in 0..DAYS {
        progress.check()?;
        for (at_ms, planting) in traffic.day(day) {
            let (mut call, scene) = make(at_ms, planting, &mut chance);
            call.hides_text = hidden_on == Some(day) && planting.is_none();
            written.calls += 1;
            written.errors += u64::from(call.failure.is_some());
            // The gateway keeps the messages of a failed call too.
            match call.hides_text {
                true => written.placeholders += 1,
                false => written.with_text += 1,
            }
            files.add(
                &format!("{folder}/{}.jsonl", month(at_ms)),
                Layout::Lines,
                &payload(&call, &scene),
            )?;
        }
    }
    Ok(written)
}

fn gateway_call(at_ms: i64, scene: &Scene, may_fail: bool, chance: &mut Chance) -> GatewayCall {
    let sent = (scene.sent() as u64 / 4).max(30);
    let cached = scene.system.len() as u64 / 4;
    let used = Used {
        input: sent.saturating_sub(cached).max(10),
        output: (scene.answered() as u64 / 4).max(12),
        cache_read: if chance.happens(850) { cached } else { 0 },
        cache_write: 0,
    };
    let failure = (may_fail && chance.happens(FAILING_PERMILLE))
        .then(|| FAILURES[chance.weighted(&FAILURES.map(|(_, weight)| weight))].0);
    GatewayCall {
        at_ms,
        provider: "",
        model: "",
        api_base: String::new(),
        user: "",
        team: "",
        classification: "",
        source_ip: format!(
            "10.{}.{}.{}",
            60 + chance.below(2),
            chance.below(12),
            chance.within(4, 250)
        ),
        id: String::new(),
        trace: chance.uuid(),
        used,
        latency_ms: 350 + chance.skewed(used.output * 14 + 400),
        cost: None,
        streams: chance.happens(550),
        failure,
        hides_text: false,
    }
}

fn cost(model: &str, region: &str, used: &Used) -> Option<i64> {
    let tokens = Tokens {
        input: Some(used.input),
        output: Some(used.output),
        cache_read: Some(used.cache_read),
        cache_write_5m: Some(used.cache_write),
        cache_write_1h: None,
    };
    price::amount(
        &price::price(Kind::Vertex, model, Some(region))?,
        &tokens,
        false,
    )
}
