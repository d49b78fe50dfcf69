//! What people of an insurer write to a model, and what it answers: sentences with places to fill.
//!
//! In: a field of business and chance. Out: sentences. Nothing here identifies anybody; persons are
//! roles. Not here: filling them (`speech`), planted persons and keys (`people`).

use crate::sample::chance::Chance;
use crate::sample::words::forms::{Asked, Tool};

pub(crate) mod claims;
pub(crate) mod forms;
pub(crate) mod slots;
pub(crate) mod support;
pub(crate) mod underwriting;

/// A field of business, with its own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    Claims,
    Underwriting,
    Support,
}

impl Field {
    /// The system prompt.
    pub(crate) fn system(self) -> &'static str {
        match self {
            Self::Claims => claims::SYSTEM,
            Self::Underwriting => underwriting::SYSTEM,
            Self::Support => support::SYSTEM,
        }
    }

    /// The tools of the application.
    pub(crate) fn tools(self) -> &'static [Tool] {
        match self {
            Self::Claims => &claims::TOOLS,
            Self::Underwriting => &underwriting::TOOLS,
            Self::Support => &support::TOOLS,
        }
    }

    /// How many of a thousand calls use a tool.
    pub(crate) fn tool_permille(self) -> u64 {
        match self {
            Self::Claims => 300,
            Self::Underwriting => 180,
            Self::Support => 240,
        }
    }

    /// How many of a thousand requests bring a document along.
    pub(crate) fn document_permille(self) -> u64 {
        match self {
            Self::Claims => 220,
            Self::Underwriting => 480,
            Self::Support => 40,
        }
    }

    /// A sentence of such a document.
    pub(crate) fn sentence(self, chance: &mut Chance) -> &'static str {
        chance.pick(match self {
            Self::Claims => &[
                "{event}",
                "{damage}",
                "{evidence}",
                "{dispute}",
                "The {clause} was pointed out by {channel} on {date}.",
            ],
            Self::Underwriting => &[
                "{exposure}",
                "{control}",
                "{loss_run}",
                "{survey}",
                "Sum insured in {city}: {amount}.",
            ],
            Self::Support => &["{hour}: {remark}", "{hour}: {step}", "{hour}: {fault}."],
        })
    }

    /// What is asked, and how it may be answered.
    pub(crate) fn request(self, chance: &mut Chance) -> &'static Asked {
        let all: &'static [Asked] = match self {
            Self::Claims => &claims::REQUESTS,
            Self::Underwriting => &underwriting::REQUESTS,
            Self::Support => &support::REQUESTS,
        };
        &all[chance.below(all.len() as u64) as usize]
    }

    /// What is asked on the way, and how it may be answered.
    pub(crate) fn question(self, chance: &mut Chance) -> &'static Asked {
        let all: &'static [Asked] = match self {
            Self::Claims => &claims::QUESTIONS,
            Self::Underwriting => &underwriting::QUESTIONS,
            Self::Support => &support::QUESTIONS,
        };
        &all[chance.below(all.len() as u64) as usize]
    }
}

/// What a tool found.
pub(crate) fn tool_result(tool: &str) -> &'static str {
    match tool {
        "send_notice" => "Queued for {ref}; it leaves with the next run.",
        "lookup_policy" => {
            "Policy {policy}, {line}, in force since {date}. Deductible {premium}. Named clause: {clause}. No arrears."
        }
        "estimate_repair" => {
            "Estimate {amount} for {peril} in {city}, {percent} either way, from {count} comparable repairs."
        }
        "search_precedents" => "{count} settled claims in {line}. Median {amount}. {finding}",
        "accumulation" => {
            "{count} locations, sum insured {amount}, largest single risk {amount}. Peril {peril}."
        }
        "loss_history" => "Five years of {line} in {city}: {loss_run}",
        "guideline" => "Guideline, edition of {date}: {line} for {business} needs {ask}.",
        "search_runbook" => "Runbook {system}, section {count}: {step} {step}",
        _ => "Ticket opened for the team {queue}. Expected answer within {count} hours.",
    }
}

/// What the model says before it asks for a tool.
pub(crate) const BEFORE_TOOL: &str = "{lookup}";

/// A value for an input of a tool.
pub(crate) fn tool_input(name: &str) -> &'static str {
    match name {
        "reference" => "{ref}",
        "policy" => "{policy}",
        "line" => "{line}",
        "region" | "location" => "{city}",
        "peril" => "{peril}",
        "amount" | "sum_insured" => "{amount}",
        "template" => "{template}",
        "channel" => "{channel}",
        _ => "{peril} {line} {clause}",
    }
}

#[cfg(test)]
mod tests {
    use super::slots::SLOTS;
    use super::*;
    use crate::sample::speech::Speech;

    #[test]
    fn every_place_has_words() {
        let known = [
            "ref", "policy", "amount", "premium", "percent", "count", "days", "hour", "date",
        ];
        let asked = [
            &claims::REQUESTS[..],
            &claims::QUESTIONS,
            &underwriting::REQUESTS,
            &underwriting::QUESTIONS,
            &support::REQUESTS,
            &support::QUESTIONS,
        ];
        let asked = asked
            .into_iter()
            .flatten()
            .flat_map(|(request, answers)| answers.iter().chain(std::iter::once(request)));
        let tools = [&claims::TOOLS[..], &underwriting::TOOLS, &support::TOOLS]
            .into_iter()
            .flatten();
        let results: Vec<&str> = tools.map(|tool| tool_result(tool.name)).collect();
        for template in asked
            .chain(&results)
            .chain(SLOTS.iter().flat_map(|(_, choices)| *choices))
        {
            for part in template.split('{').skip(1) {
                let place = part.split('}').next().unwrap();
                let is_known = known.contains(&place)
                    || SLOTS
                        .iter()
                        .any(|(name, choices)| *name == place && !choices.is_empty());
                assert!(is_known, "{place} in {template}");
            }
        }
    }

    #[test]
    fn every_place_is_filled() {
        let mut chance = Chance::of("fill");
        for field in [Field::Claims, Field::Underwriting, Field::Support] {
            for _ in 0..300 {
                let mut speech = Speech::new(&mut chance);
                let (request, answers) = field.request(speech.chance);
                let text = speech.ask(request) + &speech.reply(answers[0]);
                assert!(!text.contains(['{', '}']), "{text}");
            }
        }
    }
}
