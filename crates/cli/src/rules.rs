//! `assay redaction try-rule`: what rules of one's own find, and whether they keep to their
//! examples.
//!
//! In: a file with `[[recognizer]]` tables, a whole policy or only these. Out: for each rule its
//! problem, or its examples. Not here: judging (the engine).

use assay_engine::commands::Nothing;
use assay_engine::redaction::rules::view::{ListRules, RuleForm, TriedExample, TriedRule, TryRule};
use assay_engine::redaction::{policies, rules};
use serde_json::json;

use crate::arguments::lab::TryRuleArguments;
use crate::deployments::text_of;
use crate::ending::{Ending, Outcome, bad_input};
use crate::opened::Settings;
use crate::output::Output;

/// Tries each rule of a file by itself, in its policy.
pub(crate) fn run(
    given: TryRuleArguments,
    settings: &Settings,
    output: &mut Output,
) -> Result<Outcome, Ending> {
    let (engine, _folder) = settings.reading_or_empty()?;
    let toml = text_of(&given.file)?;
    let on = match (given.text, given.on) {
        (Some(text), _) => Some(text),
        (None, Some(file)) => Some(text_of(&file)?),
        (None, None) => None,
    };
    let listed = rules::list(
        &engine,
        ListRules {
            policy_toml: toml.clone(),
        },
    )?;
    // Rules alone are tried in the policy in force.
    let policy_toml = if listed.is_policy {
        toml
    } else {
        let saved = policies::list(&engine, Nothing {})?;
        let in_force = saved.into_iter().find(|policy| policy.in_force);
        in_force.map(|policy| policy.toml).unwrap_or_default()
    };
    if listed.rules.is_empty() {
        return Err(bad_input("the file has no rule")
            .hint("a rule begins with [[recognizer]]; docs/policies.md shows one")
            .into());
    }
    let mut all_hold = true;
    let mut documents = Vec::new();
    for rule in listed.rules {
        let name = rule.name.clone();
        let tried = rules::try_rule(
            &engine,
            TryRule {
                replaces: listed.is_policy.then(|| name.clone()),
                rule: RuleForm {
                    operator: None,
                    ..rule
                },
                policy_toml: policy_toml.clone(),
                text: on.clone(),
            },
        )?;
        all_hold &= tried.holds;
        if output.is_json() {
            let mut document = serde_json::to_value(&tried).unwrap_or_default();
            document["rule"] = json!(name);
            documents.push(document);
        } else {
            show(&name, &tried, output)?;
        }
    }
    if output.is_json() {
        output.document(&documents)?;
    }
    Ok(if all_hold {
        Outcome::Done
    } else {
        Outcome::Found
    })
}

fn show(name: &str, tried: &TriedRule, output: &mut Output) -> Result<(), Ending> {
    if let Some(problem) = &tried.problem {
        output.text(&format!("{name}: {} {}", problem.message, problem.hint))?;
        if !problem.at.is_empty() {
            let before = problem.before.chars().count();
            let marked = "^".repeat(problem.at.chars().count());
            output.text(&format!(
                "  {}{}{}\n  {}{marked}",
                problem.before,
                problem.at,
                problem.after,
                " ".repeat(before)
            ))?;
        }
        return Ok(());
    }
    let said = if tried.holds {
        "keeps to all its examples"
    } else {
        "does not keep to its examples"
    };
    output.text(&format!("{name}: {said}"))?;
    for (title, examples) in [
        ("must match", &tried.examples),
        ("must not match", &tried.negative_examples),
    ] {
        for (number, example) in (1..).zip(examples) {
            output.text(&line(title, number, example))?;
        }
    }
    for remark in &tried.remarks {
        output.note(&format!("  {remark}"))?;
    }
    let found = tried.text.iter().filter(|segment| segment.is_own).count();
    if !tried.text.is_empty() {
        let shown: String = tried
            .text
            .iter()
            .map(|segment| match &segment.entity_type {
                Some(entity_type) => format!("[{entity_type} {}]", segment.text),
                None => segment.text.clone(),
            })
            .collect();
        output.text(&format!("{shown}\n  found by this rule: {found}"))?;
    }
    Ok(())
}

fn line(title: &str, number: usize, example: &TriedExample) -> String {
    let sign = if example.holds { "ok " } else { "no " };
    format!("  {sign} {title} {number}: {}", example.says)
}
