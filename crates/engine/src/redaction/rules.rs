//! The editor of a policy's own rules: what one finds, what is wrong with it, whether it keeps to
//! its examples, and how long it takes.
//!
//! Nothing is saved here: the text of a policy goes in and out. Not here: saving it (`redaction`),
//! explaining patterns and editing TOML (`assay-redact`).

pub mod view;

use std::time::{Duration, Instant};

use assay_redact::detect::Entity;
use assay_redact::patterns::{self, Trouble};
use assay_redact::policy::Policy;
use assay_redact::recognizers::{Category, Recognizer, RecognizerError, Recognizers, Source};
use assay_redact::redaction::entities;
use assay_redact::rules::{self, Rule, RuleError};
use assay_redact::validators;

use crate::error::{Code, Result, WireError};
use crate::opening::Engine;
use crate::redaction::rules::view::{
    ListRules, PolicyText, RuleForm, RuleList, RuleProblem, RuleSegment, TakeOutRule, TriedExample,
    TriedRule, TryRule,
};

/// Bytes of a text that a rule is tried on.
const MAX_TEXT: usize = 100_000;
/// Most examples of a rule of either kind.
const MAX_EXAMPLES: usize = 200;
/// Bytes of each text that a rule is timed on.
const TIMED: usize = 8 << 10;
/// A rule without a literal is refused where it takes longer on one of them: 1 MB a second.
const LONGEST: Duration = Duration::from_micros(8_192);

fn bad(error: &RuleError) -> WireError {
    WireError::new(Code::BadInput, error.to_string())
}

/// The rules that a policy's text adds, and what a rule may name.
///
/// # Errors
/// `bad_input` where the text is no TOML.
pub fn list(_: &Engine, input: ListRules) -> Result<RuleList> {
    let rules = rules::listed(&input.policy_toml).map_err(|error| bad(&error))?;
    let mut entity_types: Vec<String> = Recognizers::with(Vec::new())
        .map_err(|error| WireError::new(Code::Internal, error.to_string()))?
        .iter()
        .map(|recognizer| recognizer.source.entity_type.clone())
        .chain(rules.iter().map(|rule| rule.source.entity_type.clone()))
        .collect();
    entity_types.sort();
    entity_types.dedup();
    Ok(RuleList {
        is_policy: rules::is_policy(&input.policy_toml),
        rules: rules.into_iter().map(form).collect(),
        validators: validators::OFFERED
            .iter()
            .map(|name| (*name).to_owned())
            .collect(),
        entity_types,
    })
}

fn form(rule: Rule) -> RuleForm {
    let source = rule.source;
    RuleForm {
        name: source.name,
        entity_type: source.entity_type,
        category: source.category.name().to_owned(),
        about: source.about,
        pattern: source.pattern,
        words: source.words,
        validator: source.validator,
        needs: source.needs,
        context: source.context,
        context_required: source.context_required,
        not_context: source.not_context,
        score: source.score,
        operator: rule.operator,
        examples: source.examples,
        negative_examples: source.negative_examples,
    }
}

/// The policy's text without a rule.
///
/// # Errors
/// `bad_input` where the text is no TOML or has no such rule.
pub fn take_out(_: &Engine, input: TakeOutRule) -> Result<PolicyText> {
    let policy_toml =
        rules::take_out(&input.policy_toml, &input.name).map_err(|error| bad(&error))?;
    Ok(PolicyText { policy_toml })
}

/// Tries a rule in a policy: each example by the rule alone, a text by the whole policy.
///
/// # Errors
/// `bad_input` for a text that is too long; what is wrong with the rule is in the answer.
pub fn try_rule(_: &Engine, input: TryRule) -> Result<TriedRule> {
    if input
        .text
        .as_ref()
        .is_some_and(|text| text.len() > MAX_TEXT)
    {
        return Err(
            WireError::new(Code::BadInput, "the text is longer than 100 kB")
                .hint("try the rule on a part of it"),
        );
    }
    Ok(tried(&input).unwrap_or_else(refused))
}

fn refused(problem: RuleProblem) -> TriedRule {
    TriedRule {
        problem: Some(problem),
        remarks: Vec::new(),
        examples: Vec::new(),
        negative_examples: Vec::new(),
        holds: false,
        text: Vec::new(),
        policy_toml: None,
        slowest_mb_per_s: None,
    }
}

fn problem(part: &str, message: impl Into<String>, hint: &str) -> RuleProblem {
    RuleProblem {
        part: part.to_owned(),
        message: message.into(),
        hint: hint.to_owned(),
        before: String::new(),
        at: String::new(),
        after: String::new(),
    }
}

fn in_pattern(pattern: &str, trouble: Trouble) -> RuleProblem {
    let mut problem = problem("pattern", trouble.message, &trouble.hint);
    let cut = pattern
        .get(..trouble.start)
        .zip(pattern.get(trouble.start..trouble.end))
        .zip(pattern.get(trouble.end..));
    if let Some(((before, at), after)) = cut.filter(|_| trouble.start < trouble.end) {
        before.clone_into(&mut problem.before);
        at.clone_into(&mut problem.at);
        after.clone_into(&mut problem.after);
    }
    problem
}

#[expect(
    clippy::result_large_err,
    reason = "what is wrong with a rule is shown whole, and a rule is tried a few times a second"
)]
fn source(form: &RuleForm) -> std::result::Result<Source, RuleProblem> {
    let is_name = |text: &str, capital: bool| {
        !text.is_empty()
            && text.len() <= 60
            && text.chars().all(|c| match capital {
                true => c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_',
                false => c.is_ascii_alphanumeric() || "-_.".contains(c),
            })
    };
    if !is_name(&form.name, false) {
        return Err(problem(
            "name",
            "A name has 1 to 60 letters, digits, `-`, `_` and `.`.",
            "",
        ));
    }
    if !is_name(&form.entity_type, true) {
        return Err(problem(
            "entity_type",
            "A type has 1 to 60 capital letters, digits and `_`.",
            "For example CLAIM_NUMBER.",
        ));
    }
    if !(0.0..=1.0).contains(&form.score) {
        return Err(problem("score", "The score is a number from 0 to 1.", ""));
    }
    if form.examples.len().max(form.negative_examples.len()) > MAX_EXAMPLES {
        return Err(problem(
            "examples",
            format!("A rule has at most {MAX_EXAMPLES} examples of either kind."),
            "Keep the rest in a test set.",
        ));
    }
    let kept = |items: &[String]| -> Vec<String> {
        let trimmed = items.iter().map(|item| item.trim());
        let kept = trimmed.filter(|item| !item.is_empty());
        kept.map(str::to_owned).collect()
    };
    let category = Category::named(&form.category)
        .ok_or_else(|| problem("category", "There is no such category.", ""))?;
    Ok(Source {
        name: form.name.clone(),
        entity_type: form.entity_type.clone(),
        category,
        about: form.about.clone(),
        pattern: form.pattern.clone(),
        words: kept(&form.words),
        validator: form.validator.clone().filter(|name| !name.is_empty()),
        needs: kept(&form.needs),
        context: kept(&form.context),
        context_required: form.context_required,
        not_context: kept(&form.not_context),
        score: form.score,
        examples: form.examples.clone(),
        negative_examples: form.negative_examples.clone(),
        ..Source::default()
    })
}

#[expect(
    clippy::result_large_err,
    reason = "what is wrong with a rule is shown whole, and a rule is tried a few times a second"
)]
fn tried(input: &TryRule) -> std::result::Result<TriedRule, RuleProblem> {
    let source = source(&input.rule)?;
    let mut remarks = match source.pattern.is_empty() {
        true => Vec::new(),
        false => patterns::look_through(&source.pattern)
            .map_err(|trouble| in_pattern(&source.pattern, trouble))?,
    };
    let compiled =
        Recognizer::compile(source.clone()).map_err(|error| unusable(&source, &error))?;
    let slowest = slowest(&compiled);
    if let Some(slow) = too_slow(&source, slowest) {
        return Err(slow);
    }
    if slowest > LONGEST {
        remarks.push(
            "On some texts it takes long; it is only tried on those that hold one of the words it needs.".to_owned(),
        );
    }
    if source.context_required && source.context.is_empty() {
        remarks.push("It wants a context word and names none, so it never matches.".to_owned());
    }
    let rule = Rule {
        source,
        operator: input.rule.operator.clone().filter(|text| !text.is_empty()),
    };
    let toml =
        rules::put(&input.policy_toml, &rule, input.replaces.as_deref()).map_err(|error| {
            let part = match error {
                RuleError::Operator(_) => "operator",
                RuleError::Twice(_) => "name",
                _ => "policy",
            };
            problem(part, format!("{error}."), "")
        })?;
    let policy = Policy::parse(&toml).map_err(|error| {
        problem(
            "policy",
            format!("The policy can't be used with it: {error}."),
            "",
        )
    })?;
    let alone = rules::alone(&rule.source).map_err(|error| unusable(&rule.source, &error))?;
    let judge = |examples: &[String], must_match: bool| -> Vec<TriedExample> {
        examples
            .iter()
            .map(|example| example_of(example, must_match, &alone, &policy, &rule.source.name))
            .collect()
    };
    let examples = judge(&rule.source.examples, true);
    let negative_examples = judge(&rule.source.negative_examples, false);
    let text = input.text.as_ref().map_or_else(Vec::new, |text| {
        segments(text, &entities(text, &policy), &rule.source.name)
    });
    Ok(TriedRule {
        problem: None,
        remarks,
        holds: examples
            .iter()
            .chain(&negative_examples)
            .all(|one| one.holds),
        examples,
        negative_examples,
        text,
        policy_toml: Some(toml),
        slowest_mb_per_s: Some(TIMED as f64 / 1e6 / slowest.as_secs_f64().max(1e-9)),
    })
}

fn unusable(source: &Source, error: &RecognizerError) -> RuleProblem {
    match error {
        RecognizerError::Validator { validator, .. } => problem(
            "validator",
            format!("There is no check `{validator}`."),
            "Choose one of the list.",
        ),
        RecognizerError::Pattern { reason, .. } if reason.contains("too large") => {
            in_pattern(&source.pattern, patterns::too_large(&source.pattern))
        }
        RecognizerError::Pattern { reason, .. } => {
            let part = if source.words.is_empty() {
                "pattern"
            } else {
                "words"
            };
            let mut message = reason.clone();
            if let Some(first) = message.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            problem(part, message, "")
        }
        RecognizerError::Toml(reason) => problem("policy", reason.clone(), ""),
    }
}

fn example_of(
    example: &str,
    must_match: bool,
    alone: &Recognizers,
    policy: &Policy,
    name: &str,
) -> TriedExample {
    let found = rules::found(alone, example, policy.threshold);
    let holds = found.is_empty() != must_match;
    let winner = entities(example, policy).into_iter().find(|entity| {
        entity.recognizer != name
            && found
                .iter()
                .any(|own| entity.start < own.end && own.start < entity.end)
    });
    let says = match (must_match, holds, winner) {
        (true, true, Some(winner)) => format!(
            "Matches, and in this policy `{}` wins over it: {} {:.2}.",
            winner.recognizer, winner.entity_type, winner.score
        ),
        (true, true, None) => "Matches, as it must.".to_owned(),
        (true, false, _) => {
            let low = rules::found(alone, example, 0.0);
            match low.first() {
                Some(entity) => format!(
                    "Misses it: the score {:.2} is below the policy's threshold {:.2}.",
                    entity.score, policy.threshold
                ),
                None => "Misses it.".to_owned(),
            }
        }
        (false, true, _) => "Left alone, as it must be.".to_owned(),
        (false, false, _) => "Matches it, and must not.".to_owned(),
    };
    TriedExample {
        segments: segments(example, &found, name),
        holds,
        says,
    }
}

fn segments(text: &str, found: &[Entity], name: &str) -> Vec<RuleSegment> {
    let plain = |text: &str| RuleSegment {
        text: text.to_owned(),
        entity_type: None,
        category: None,
        is_own: false,
        recognizer: None,
        score: None,
        why: Vec::new(),
    };
    let mut segments = Vec::new();
    let mut at = 0;
    for entity in found {
        if at < entity.start {
            segments.push(plain(&text[at..entity.start]));
        }
        segments.push(RuleSegment {
            text: text[entity.start..entity.end].to_owned(),
            entity_type: Some(entity.entity_type.into()),
            category: Some(entity.category.name().to_owned()),
            is_own: entity.recognizer == name,
            recognizer: Some(entity.recognizer.into()),
            score: Some(entity.score),
            why: entity.why.sentences(),
        });
        at = entity.end;
    }
    if at < text.len() {
        segments.push(plain(&text[at..]));
    }
    segments
}

/// The longest that a rule takes on a text of [`TIMED`] bytes, of texts that patterns are slow on.
/// Stops at the first on which it takes too long.
fn slowest(rule: &Recognizer) -> Duration {
    let texts = [
        "a",
        "A",
        "0",
        " ",
        "ab 12-",
        "a@b.c/",
        "é",
        "Lorem ipsum, 4711. ",
    ];
    let mut slowest = Duration::ZERO;
    for text in texts {
        let text = text.repeat(TIMED / text.len());
        let mut best = Duration::MAX;
        for _ in 0..3 {
            let began = Instant::now();
            rule.sweep(text.as_bytes());
            best = best.min(began.elapsed());
            if best < LONGEST {
                break;
            }
        }
        slowest = slowest.max(best);
        if slowest > LONGEST {
            break;
        }
    }
    slowest
}

fn too_slow(source: &Source, slowest: Duration) -> Option<RuleProblem> {
    (slowest > LONGEST && source.needs.is_empty()).then(|| {
        problem(
            "pattern",
            format!(
                "Searching by it takes too long: {:.2} MB a second on the text that it is slowest on, and it would be tried on every text.",
                TIMED as f64 / 1e6 / slowest.as_secs_f64()
            ),
            "Name words of which one stands in every text with a match (`needs`), begin the pattern with fixed text, or put bounds on `.*` and the like.",
        )
    })
}

/// Refuses a policy whose own rules do not keep to their examples, or would take too long.
///
/// # Errors
/// `bad_input` naming rule and example.
pub(crate) fn hold(policy: &Policy) -> Result<()> {
    let refused = |message: String| {
        Err(WireError::new(Code::BadInput, message)
            .hint("change the rule or the example; `redaction try-rule` shows what it finds"))
    };
    let failing = rules::failing(policy)
        .map_err(|error| WireError::new(Code::BadInput, error.to_string()))?;
    if let Some(first) = failing.first() {
        let more = match failing.len() {
            1 => String::new(),
            count => format!(" ({} more do not hold)", count - 1),
        };
        return refused(format!("{}{more}", first.sentence()));
    }
    for rule in policy.recognizers().custom() {
        if let Some(slow) = too_slow(&rule.source, slowest(rule)) {
            return refused(format!("rule `{}`: {}", rule.source.name, slow.message));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
