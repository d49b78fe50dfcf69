//! What the provider counted and billed against what the trail holds, by day and model, both ways.
//!
//! In: rows of reports, and the calls of the trail by hour. Out: a line for each day and model of
//! either side. Only hours that a report covers are compared; what it does not cover is unknown. Not
//! here: which rows count (`counting`), what is a hole (`coverage::billed_beyond`).

use std::collections::{BTreeMap, BTreeSet};

use super::counting::{Placed, counted};
use super::{Report, WIDTHS_MS};
use crate::moment::rfc3339;
use crate::price::base_model;
use crate::settings::date_text;

/// The rule, for people.
pub const RULE: &str = "Tokens of Anthropic's usage report are compared with the tokens of calls to the Claude API in the same hours, by model without its date; a report that was imported for one deployment, with that deployment's calls. A difference of up to 1 in 100 counts as equal, since a call can begin in one bucket and end in the next. Where calls of the trail have no token counts, more billed tokens may be theirs: that is unknown.";

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// Calls of one hour, deployment and model in the trail.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HeldHour {
    pub hour_ms: i64,
    pub deployment: i64,
    /// It is of the kind of the Claude API; others are there for reports of their deployment.
    pub is_claude_api: bool,
    /// As the request named it.
    pub model: Option<String>,
    pub calls: u64,
    /// Answered calls without token counts.
    pub without_tokens: u64,
    /// input, output, cache read, cache written for 5 minutes, for an hour.
    pub tokens: [u64; 5],
    pub cost_usd_micros: i64,
    /// Answered calls whose cost is not known.
    pub without_cost: u64,
}

/// How the two sides of a line stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Agrees,
    BilledMore,
    HeldMore,
    Unknown,
}

impl State {
    /// All, with what they mean.
    pub const ALL: [(Self, &'static str); 4] = [
        (
            Self::Agrees,
            "Both sides hold the same tokens, within 1 in 100.",
        ),
        (
            Self::BilledMore,
            "The provider counted more tokens than the trail holds: calls that nobody logged, or whose log was not imported.",
        ),
        (
            Self::HeldMore,
            "The trail holds more tokens than the report: it was fetched before the bucket ended, is of some workspaces only, or the calls went to another account.",
        ),
        (
            Self::Unknown,
            "One side tells nothing: no report covers the time, the trail holds no call of it at all, or calls lack token counts.",
        ),
    ];

    /// The name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Agrees => "agrees",
            Self::BilledMore => "billed_more",
            Self::HeldMore => "held_more",
            Self::Unknown => "unknown",
        }
    }
}

/// What the trail holds of a line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Held {
    pub calls: u64,
    pub without_tokens: u64,
    pub tokens: [u64; 5],
    /// The models as the requests named them.
    pub models: BTreeSet<String>,
    /// Calls of this line whose request named no model.
    pub unnamed: u64,
}

/// Money of a line, over the whole day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Money {
    /// As the cost report says; credits make it less.
    pub billed_usd_micros: i64,
    /// By the price table, of the calls of the day.
    pub held_usd_micros: i64,
    pub calls: u64,
    pub without_cost: u64,
}

/// One day and model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub day_ms: i64,
    /// `None`: all models, as the report is not grouped by them.
    pub model: Option<String>,
    /// Whose report it is; `None`: the calls of all deployments of the Claude API.
    pub deployment: Option<i64>,
    /// Hours of the day that a usage report covers: these are compared.
    pub hours: u32,
    /// What is compared: those hours, or the whole day where there are none. UTC milliseconds,
    /// half-open, in order.
    pub spans: Vec<Span>,
    /// `None` where no usage report covers any hour of the day.
    pub billed: Option<[u64; 5]>,
    /// Of the hours that are covered; of the whole day where none is.
    pub held: Held,
    /// `None` where no cost report covers the day.
    pub money: Option<Money>,
    pub state: State,
}

impl Line {
    /// Tokens that the report counts; 0 where there is none.
    pub fn billed_tokens(&self) -> u64 {
        self.billed.map_or(0, |tokens| tokens.iter().sum())
    }

    /// Tokens that the trail holds.
    pub fn held_tokens(&self) -> u64 {
        self.held.tokens.iter().sum()
    }
}

/// A stretch of time: UTC milliseconds, half-open.
pub type Span = (i64, i64);

/// Spans in order, those that touch as one.
pub fn joined(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut joined: Vec<Span> = Vec::new();
    for (from, to) in spans {
        match joined.last_mut() {
            Some((_, end)) if *end >= from => *end = to.max(*end),
            _ => joined.push((from, to)),
        }
    }
    joined
}

/// The part of a query for exactly these spans.
pub fn during(spans: &[Span]) -> String {
    let ranges: Vec<String> = joined(spans.to_vec())
        .into_iter()
        .map(|(from, to)| {
            let whole = from.rem_euclid(DAY_MS) == 0 && to.rem_euclid(DAY_MS) == 0;
            match (whole, to - from) {
                (true, DAY_MS) => date_text(from),
                (true, _) => format!("{}..{}", date_text(from), date_text(to - DAY_MS)),
                (false, _) => format!("{}..{}", rfc3339(from), rfc3339(to - 1)),
            }
        })
        .collect();
    format!("started_at:{}", ranges.join(","))
}

/// A model's name without where it is reached and its date: reports and requests name it either way.
pub fn plain_model(model: &str) -> &str {
    let base = base_model(model);
    match base.rsplit_once('-') {
        Some((name, date)) if date.len() == 8 && date.bytes().all(|byte| byte.is_ascii_digit()) => {
            name
        }
        _ => base,
    }
}

/// What one report covers of a day.
#[derive(Default)]
struct Covered {
    /// Starts of the hours that are covered whole.
    hours: BTreeSet<i64>,
    /// By model; `None` where the report is not grouped by it.
    tokens: BTreeMap<Option<String>, [u64; 5]>,
    cost: Option<BTreeMap<Option<String>, i64>>,
}

type Days = BTreeMap<(Option<i64>, i64), Covered>;

/// A line for each day and model that a report or the trail knows, the newest day first; none where
/// there is no report at all. `held` are the calls to the Claude API.
pub fn compare(rows: &[Placed], held: &[HeldHour]) -> Vec<Line> {
    let days = covered(rows);
    let mut lines = Vec::new();
    for ((deployment, day_ms), covered) in &days {
        let is_own = |one: &&HeldHour| match deployment {
            Some(deployment) => one.deployment == *deployment,
            None => one.is_claude_api,
        };
        let knows_calls = held.iter().any(|one| is_own(&one));
        let own: Vec<&HeldHour> = held
            .iter()
            .filter(is_own)
            .filter(|one| (*day_ms..*day_ms + DAY_MS).contains(&one.hour_ms))
            .collect();
        lines.extend(of_day((*deployment, *day_ms), covered, &own, knows_calls));
    }
    if !days.is_empty() {
        lines.extend(uncovered(&days, held));
    }
    lines.sort_by(|a, b| {
        (b.day_ms, a.deployment, &a.model).cmp(&(a.day_ms, b.deployment, &b.model))
    });
    lines
}

/// Cost that is of no model, by its type, of the rows that count.
pub fn other_costs(rows: &[Placed]) -> BTreeMap<String, i64> {
    let mut other = BTreeMap::new();
    for (row, counts) in rows.iter().zip(counted(rows)) {
        let Some(dimensions) = row.dimensions.as_ref().filter(|_| counts) else {
            continue;
        };
        if let (Report::Cost, None, Some(kind)) =
            (row.report, &dimensions.model, &dimensions.cost_type)
        {
            *other.entry(kind.clone()).or_insert(0) += row.amount_usd_micros;
        }
    }
    other
}

fn covered(rows: &[Placed]) -> Days {
    let mut days = Days::new();
    let counts = counted(rows);
    let counting = || {
        rows.iter()
            .zip(&counts)
            .filter(|(_, counts)| **counts)
            .map(|(row, _)| row)
    };
    // Hours of which all minutes are there.
    let mut minutes: BTreeMap<(Option<i64>, i64), BTreeSet<i64>> = BTreeMap::new();
    for row in counting().filter(|row| row.report == Report::Usage) {
        let day = days.entry((row.deployment, row.day_ms())).or_default();
        let width = row.to_ms - row.from_ms;
        if width == WIDTHS_MS[0] {
            let hour = row.from_ms - row.from_ms.rem_euclid(HOUR_MS);
            let of_hour = minutes.entry((row.deployment, hour)).or_default();
            of_hour.insert(row.from_ms);
            if of_hour.len() == 60 {
                day.hours.insert(hour);
            }
        } else {
            day.hours
                .extend((0..width / HOUR_MS).map(|hour| row.from_ms + hour * HOUR_MS));
        }
    }
    for row in counting() {
        let day = days.entry((row.deployment, row.day_ms())).or_default();
        let model = row
            .dimensions
            .as_ref()
            .and_then(|dimensions| dimensions.model.as_deref())
            .map(|model| plain_model(model).to_owned());
        match (row.report, &row.dimensions) {
            (Report::Usage, Some(_)) => {
                let hour = row.from_ms - row.from_ms.rem_euclid(HOUR_MS);
                if day.hours.contains(&hour) {
                    let sums = day.tokens.entry(model).or_default();
                    for (sum, count) in sums.iter_mut().zip(row.tokens) {
                        *sum += count;
                    }
                }
            }
            (Report::Cost, dimensions) => {
                let cost = day.cost.get_or_insert_default();
                // Web search and code execution are of no model.
                let is_other = model.is_none()
                    && dimensions
                        .as_ref()
                        .is_some_and(|dimensions| dimensions.cost_type.is_some());
                if dimensions.is_some() && !is_other {
                    *cost.entry(model).or_insert(0) += row.amount_usd_micros;
                }
            }
            (Report::Usage, None) => {}
        }
    }
    days
}

fn of_day(
    (deployment, day_ms): (Option<i64>, i64),
    covered: &Covered,
    own: &[&HeldHour],
    knows_calls: bool,
) -> Vec<Line> {
    let mut models: BTreeSet<Option<String>> = covered.tokens.keys().cloned().collect();
    if let Some(cost) = &covered.cost {
        models.extend(cost.keys().cloned());
    }
    // A report that is not grouped by model says something of all of them at once.
    if !covered.tokens.contains_key(&None) {
        models.extend(own.iter().map(|one| plain(one)));
    }
    let hours = covered.hours.len() as u32;
    let spans = match hours {
        0 => vec![(day_ms, day_ms + DAY_MS)],
        _ => joined(
            covered
                .hours
                .iter()
                .map(|hour| (*hour, hour + HOUR_MS))
                .collect(),
        ),
    };
    models
        .into_iter()
        .map(|model| {
            let of_model: Vec<&HeldHour> = own
                .iter()
                .filter(|one| model.is_none() || plain(one) == model)
                .copied()
                .collect();
            let of_hours: Vec<&HeldHour> = of_model
                .iter()
                .filter(|one| hours == 0 || covered.hours.contains(&one.hour_ms))
                .copied()
                .collect();
            let told = covered.tokens.contains_key(&None) == model.is_none();
            let billed = (hours > 0 && told)
                .then(|| covered.tokens.get(&model).copied().unwrap_or_default());
            let held = held_of(&of_hours);
            let state = match billed {
                Some(tokens) if knows_calls => state(tokens.iter().sum(), &held),
                _ => State::Unknown,
            };
            let money = covered.cost.as_ref().and_then(|cost| {
                let told = cost.is_empty() || cost.contains_key(&None) == model.is_none();
                told.then(|| money(cost.get(&model).copied().unwrap_or(0), &of_model))
            });
            Line {
                day_ms,
                model,
                deployment,
                hours,
                spans: spans.clone(),
                billed,
                held,
                money,
                state,
            }
        })
        .collect()
}

fn plain(one: &HeldHour) -> Option<String> {
    // What no request names is compared under a name that no report has.
    Some(one.model.as_deref().map_or("", plain_model).to_owned())
}

fn money(billed: i64, of_model: &[&HeldHour]) -> Money {
    let mut money = Money {
        billed_usd_micros: billed,
        ..Money::default()
    };
    for one in of_model {
        money.held_usd_micros += one.cost_usd_micros;
        money.calls += one.calls;
        money.without_cost += one.without_cost;
    }
    money
}

fn held_of(hours: &[&HeldHour]) -> Held {
    let mut held = Held::default();
    for one in hours {
        held.calls += one.calls;
        held.without_tokens += one.without_tokens;
        for (sum, count) in held.tokens.iter_mut().zip(one.tokens) {
            *sum += count;
        }
        match &one.model {
            Some(model) => {
                held.models.insert(model.clone());
            }
            None => held.unnamed += one.calls,
        }
    }
    held
}

fn state(billed: u64, held: &Held) -> State {
    let has: u64 = held.tokens.iter().sum();
    let difference = billed.abs_diff(has);
    if u128::from(difference) * 100 <= u128::from(billed) {
        State::Agrees
    } else if has > billed {
        State::HeldMore
    } else if held.without_tokens > 0 {
        State::Unknown
    } else {
        State::BilledMore
    }
}

/// Days and models of the trail that no report covers.
fn uncovered(days: &Days, held: &[HeldHour]) -> Vec<Line> {
    let mut left: BTreeMap<(i64, Option<String>), Vec<&HeldHour>> = BTreeMap::new();
    for one in held {
        let day_ms = one.hour_ms - one.hour_ms.rem_euclid(DAY_MS);
        let is_covered = days.contains_key(&(None, day_ms))
            || days.contains_key(&(Some(one.deployment), day_ms));
        if one.is_claude_api && !is_covered {
            left.entry((day_ms, plain(one))).or_default().push(one);
        }
    }
    left.into_iter()
        .map(|((day_ms, model), hours)| Line {
            day_ms,
            model,
            deployment: None,
            hours: 0,
            spans: vec![(day_ms, day_ms + DAY_MS)],
            billed: None,
            held: held_of(&hours),
            money: None,
            state: State::Unknown,
        })
        .collect()
}
