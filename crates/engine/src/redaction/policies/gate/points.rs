//! The points of the gate: each clear, against, incomplete or unknown, in words and counts, never with a
//! value.
//!
//! In: both policies, and what was run with them. Out: points. Not here: what makes a reason needed
//! (`gate`).

use std::collections::BTreeSet;

use assay_domain::moment::rfc3339;
use assay_redact::operators::Operator;
use assay_redact::policy::{Policy, compare};
use assay_redact::recognizers::Category;
use assay_redact::rules::failing;

use super::recorded::{Found, Kept, PROGRAM, Run};
use super::{Known, Sides};
use crate::checks::thousands;
use crate::error::{Code, Result, WireError};
use crate::redaction::evaluation::ENOUGH;
use crate::redaction::policies::gate::view::{GateLine, GatePoint, GateState};

/// Lines of one point.
const DETAILS: usize = 12;

pub(super) fn point(
    point: &str,
    title: &str,
    state: GateState,
    says: impl Into<String>,
) -> GatePoint {
    GatePoint {
        point: point.to_owned(),
        title: title.to_owned(),
        state,
        says: says.into(),
        details: Vec::new(),
        at: None,
        by: None,
    }
}

/// `1,204 calls`, `1 call`.
pub(super) fn counted(count: u64, one: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {one}{plural}", thousands(count))
}

/// At most [`DETAILS`] lines, the last of which says how many more there are.
fn some(mut lines: Vec<String>) -> Vec<String> {
    if lines.len() > DETAILS {
        let more = lines.len() - DETAILS + 1;
        lines.truncate(DETAILS - 1);
        lines.push(format!("and {more} more"));
    }
    lines
}

pub(super) fn of_rehearsal(sides: &Sides, known: &Known) -> GatePoint {
    let says = |state, says: String| point("rehearsal", "Rehearsal", state, says);
    let before = sides.before.reference();
    let since = known.since;
    let Some(kept) = known.rehearsed.held() else {
        let calls = counted(known.calls, "stored call");
        let said = match (&known.rehearsed, known.calls) {
            (_, 0) => "There are no stored calls to rehearse it on.".to_owned(),
            (Found::Void(kept, why), _) => format!(
                "Rehearsed against `{before}` on {}, which no longer holds: {why}. What becomes of {calls} is \
                 not known.",
                day(kept.at_ms)
            ),
            _ => format!("Not rehearsed against `{before}`: what becomes of {calls} is not known."),
        };
        return says(GateState::Unknown, said);
    };
    let found = &kept.what;
    let mut details = vec![match &found.deployment {
        Some(deployment) => format!("Over all calls of {deployment}, against `{before}`"),
        None => format!("Over all calls, against `{before}`"),
    }];
    for rule in &found.rules {
        details.push(format!(
            "{} by `{}`: {} of {} would show, since {}",
            rule.entity_type,
            rule.recognizer,
            thousands(rule.exposed),
            thousands(rule.of),
            rule.because
        ));
    }
    let partly = found.not_in_full();
    if partly > 0 {
        details.push(format!(
            "{} of {} could not be looked through in full",
            thousands(partly),
            counted(found.matched, "call")
        ));
    }
    for lack in &found.lacking {
        details.push(format!("Of {}: {}", counted(lack.calls, "call"), lack.says));
    }
    if since > 0 {
        details.push(format!("{} came since", counted(since, "call")));
    }
    let (state, said) = if found.newly_exposed + found.shows_more > 0 {
        let more = match found.shows_more {
            0 => String::new(),
            more => format!(" Of {} a mask shows more.", counted(more, "value")),
        };
        (
            GateState::Against,
            format!(
                "{} of {} would show something that is hidden now: {} of {}.{more}",
                thousands(found.newly_exposed),
                counted(found.matched, "call"),
                thousands(found.exposed),
                counted(found.hidden_by_old, "hidden value"),
            ),
        )
    } else if since > 0 {
        (
            GateState::Unknown,
            format!(
                "None of {} newly shows something, and {} came since that were not rehearsed.",
                counted(found.matched, "call"),
                counted(since, "call")
            ),
        )
    } else if found.matched == partly + found.without_text {
        (
            GateState::Unknown,
            format!(
                "None of {} could be looked through in full.",
                counted(found.matched, "call")
            ),
        )
    } else {
        let hidden = counted(found.hidden_by_old, "value");
        let (all, with_text) = (
            found.matched,
            found.matched.saturating_sub(found.without_text),
        );
        let of_all = counted(all, "call");
        let bare = match found.without_text {
            0 => String::new(),
            1 => format!(" 1 more of {of_all} holds no text: nothing of it can show."),
            bare => format!(
                " {} more of {of_all} hold no text: nothing of them can show.",
                thousands(bare)
            ),
        };
        let calls = counted(with_text, "call");
        match partly {
            0 => (
                GateState::Clear,
                format!("None of {calls} newly shows something; {hidden} stay hidden.{bare}"),
            ),
            some => (
                GateState::Incomplete,
                format!(
                    "None of {calls} newly shows something in what could be looked through; {hidden} stay \
                     hidden. {} of them could not be looked through in full: what becomes of the rest of \
                     these is not known.{bare}",
                    thousands(some)
                ),
            ),
        }
    };
    let mut one = says(state, said);
    one.details = details;
    tried(one, kept)
}

/// The day of a moment, `2026-11-03`.
fn day(at_ms: i64) -> String {
    rfc3339(at_ms).chars().take(10).collect()
}

fn tried<T: Run>(mut one: GatePoint, kept: &Kept<T>) -> GatePoint {
    let program = kept.what.program();
    if program != PROGRAM {
        one.details.push(format!(
            "Run with version {program} of the program; this one, {PROGRAM}, finds and hides by the same rules"
        ));
    }
    one.at = Some(rfc3339(kept.at_ms));
    one.by = Some(kept.by.clone());
    one
}

pub(super) fn of_test_sets(known: &Known) -> GatePoint {
    let says = |state, says: String| point("test_sets", "Test sets", state, says);
    let Some(kept) = known.tested.held() else {
        let labels = format!(
            "{} in {} of {}",
            counted(known.labels, "label"),
            counted(known.texts, "text"),
            counted(known.sets, "set")
        );
        let said = match (&known.tested, known.labels) {
            (_, 0) => "No test set holds a label: nothing tells how well it finds what it should."
                .to_owned(),
            (Found::Void(kept, why), _) => format!(
                "Run on the test sets on {}, which no longer holds: {why}. There are {labels}.",
                day(kept.at_ms)
            ),
            _ => format!("Not run on the test sets as they are now: {labels}."),
        };
        return says(GateState::Unknown, said);
    };
    let lines = &kept.what.lines;
    let fell: Vec<&GateLine> = lines.iter().filter(|line| line.fell).collect();
    let few: Vec<&GateLine> = lines.iter().filter(|line| line.labelled < ENOUGH).collect();
    let lost: u64 = lines.iter().map(|line| line.lost).sum();
    let labelled: u64 = lines.iter().map(|line| line.labelled).sum();
    let types = counted(lines.len() as u64, "labelled type");
    let of_line = |line: &&GateLine| {
        format!(
            "{} · {}: found {} of {}, by the one in force {}; {} would show",
            line.set,
            line.entity_type,
            thousands(line.found_after),
            thousands(line.labelled),
            thousands(line.found_before),
            thousands(line.lost)
        )
    };
    let (state, said, details) = if !fell.is_empty() {
        (
            GateState::Against,
            format!(
                "Of {} of {types} less is found or hidden; {} of {} would show that are hidden now.",
                fell.len(),
                thousands(lost),
                counted(labelled, "labelled value")
            ),
            fell.iter().map(of_line).collect(),
        )
    } else if !few.is_empty() {
        (
            GateState::Unknown,
            format!(
                "Nothing fell, but {} of {types} have fewer than {ENOUGH} labels: too few to judge.",
                few.len()
            ),
            few.iter()
                .map(|line| {
                    format!(
                        "{} · {}: {}",
                        line.set,
                        line.entity_type,
                        counted(line.labelled, "label")
                    )
                })
                .collect(),
        )
    } else {
        (
            GateState::Clear,
            format!(
                "Of none of {types} less is found or hidden: {}.",
                counted(labelled, "labelled value")
            ),
            Vec::new(),
        )
    };
    let mut one = says(state, said);
    one.details = some(details);
    one.details.push(format!(
        "On {} in {}",
        counted(known.texts, "text"),
        counted(known.sets, "test set")
    ));
    tried(one, kept)
}

pub(super) fn of_examples(sides: &Sides) -> Result<GatePoint> {
    let says = |state, says: String| point("examples", "Examples of its rules", state, says);
    let own = sides.new.recognizers().custom();
    if own.is_empty() {
        return Ok(says(
            GateState::Clear,
            "It has no rules of its own.".to_owned(),
        ));
    }
    let failed =
        failing(&sides.new).map_err(|error| WireError::new(Code::BadInput, error.to_string()))?;
    let without: Vec<String> = own
        .iter()
        .filter(|rule| rule.source.examples.is_empty())
        .map(|rule| {
            format!(
                "rule `{}` has no example that it must match",
                rule.source.name
            )
        })
        .collect();
    let examples: usize = own
        .iter()
        .map(|rule| rule.source.examples.len() + rule.source.negative_examples.len())
        .sum();
    let rules = counted(own.len() as u64, "rule");
    let examples = counted(examples as u64, "example");
    let mut one = if !failed.is_empty() {
        says(
            GateState::Against,
            format!("{} of {examples} of {rules} do not hold.", failed.len()),
        )
    } else if !without.is_empty() {
        says(
            GateState::Unknown,
            format!(
                "{} of {rules} of its own have no examples: nobody tried them.",
                without.len()
            ),
        )
    } else {
        says(
            GateState::Clear,
            format!("All {examples} of {rules} of its own hold."),
        )
    };
    one.details = some(
        failed
            .iter()
            .map(|one| one.sentence())
            .chain(without)
            .collect(),
    );
    Ok(one)
}

pub(super) fn of_secrets(policy: &Policy) -> GatePoint {
    let says = |state, says: String| point("secrets", "Secrets", state, says);
    let types: BTreeSet<&str> = policy
        .recognizers()
        .iter()
        .filter(|rule| rule.source.category == Category::Secret)
        .map(|rule| rule.source.entity_type.as_str())
        .collect();
    let mut kept: Vec<String> = types
        .iter()
        .filter(|kind| policy.operator(kind).name() == "keep")
        .map(|kind| format!("{kind} is left as it is"))
        .collect();
    let everywhere = kept.len();
    for scope in compare::scopes(policy) {
        for said in scope.says {
            if let Some(kind) = said.strip_suffix(": keep")
                && (kind == "default" || types.contains(kind))
            {
                let places: Vec<String> = scope
                    .fields
                    .iter()
                    .chain(&scope.deployments)
                    .cloned()
                    .collect();
                let kind = if kind == "default" {
                    "every type that has no rule"
                } else {
                    kind
                };
                kept.push(format!("{kind} is left as it is in {}", places.join(", ")));
            }
        }
    }
    let all = counted(types.len() as u64, "secret type");
    let mut one = match (everywhere, kept.len()) {
        (_, 0) => says(
            GateState::Clear,
            format!("Of {all} what is found is hidden, everywhere."),
        ),
        (0, _) => says(
            GateState::Against,
            "Secrets are left as they are in some fields or deployments.".to_owned(),
        ),
        (everywhere, _) => says(
            GateState::Against,
            format!("{everywhere} of {all} switched off: what is found is left as it is."),
        ),
    };
    one.details = some(kept);
    one
}

pub(super) fn of_rules(sides: &Sides) -> GatePoint {
    let says = |state, says: String| point("rules", "Rules that hide less", state, says);
    let before = sides.before.reference();
    let Some(old) = &sides.old else {
        return says(
            GateState::Unknown,
            format!("`{before}` can't be read by this version, so nothing can be set against it."),
        );
    };
    let details = looser(old, &sides.new);
    let mut one = match details.len() {
        0 => says(
            GateState::Clear,
            format!("By their words, no rule hides less than `{before}` does."),
        ),
        count => says(
            GateState::Against,
            format!(
                "By its words it hides less than `{before}` in {}.",
                counted(count as u64, "place")
            ),
        ),
    };
    one.details = some(details);
    one
}

/// What an operator shows that the other one does not.
fn shows_more(before: &Operator, after: &Operator) -> Option<String> {
    let kept_by_mask = |operator: &Operator| match operator {
        Operator::Mask { keep_last, .. } => *keep_last,
        _ => 0,
    };
    let is = |operator: &Operator, name: &str| operator.name() == name;
    if is(before, "keep") {
        return None;
    }
    if is(after, "keep") {
        return Some("is left as it is".to_owned());
    }
    if kept_by_mask(after) > kept_by_mask(before) {
        return Some(format!(
            "is masked but for its last {}",
            kept_by_mask(after)
        ));
    }
    (is(after, "generalise") && !is(before, "generalise"))
        .then(|| "is made coarser and not hidden".to_owned())
}

/// What of the new policy hides less by what it says; never a value of its lists.
fn looser(old: &Policy, new: &Policy) -> Vec<String> {
    let mut lines = Vec::new();
    if new.threshold > old.threshold {
        lines.push(format!(
            "the threshold rises from {} to {}",
            old.threshold, new.threshold
        ));
    }
    if new.names < old.names {
        lines.push("names are looked for less thoroughly".to_owned());
    }
    let (mut allowed, mut denied, mut scoped) = (0, 0, 0);
    for one in compare::compare(old, new) {
        match one.what {
            "operator" => {
                let (before, after) = (old.operator(&one.key), new.operator(&one.key));
                if let Some(shows) = shows_more(before, after) {
                    lines.push(match one.key.as_str() {
                        "default" => format!("every type that has no operator of its own {shows}"),
                        kind => format!("{kind} {shows}"),
                    });
                }
            }
            "allow" if one.after.is_some() => allowed += 1,
            "deny" if one.after.is_none() => denied += 1,
            "recognizer" if one.after.is_none() => {
                lines.push(format!("rule `{}` is gone", one.key));
            }
            "recognizer" if one.before.is_some() => {
                lines.push(format!("rule `{}` is another one", one.key));
            }
            "scope" => scoped += 1,
            _ => {}
        }
    }
    for (count, what) in [
        (allowed, "new or changed on the allow list"),
        (denied, "gone from the deny lists"),
        (scoped, "other in some fields or deployments"),
    ] {
        if count > 0 {
            lines.push(format!(
                "{} {what}",
                match count {
                    1 => "1 entry is".to_owned(),
                    count => format!("{} entries are", thousands(count)),
                }
            ));
        }
    }
    lines
}
