//! Rules of one's own: the recognizers that a policy's text adds, read from it, written into it,
//! and held to their examples.
//!
//! In: a policy as TOML, a rule. Out: its rules; the text with a rule put in, changed or taken out,
//! everything else in it as it was; the examples that do not hold. Not here: what a recognizer
//! means (`recognizers`), how long one takes (whoever has a clock).

use serde::Deserialize;
use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, Table, Value};

use crate::detect::{Entity, detect};
use crate::operators::Operator;
use crate::policy::Policy;
use crate::recognizers::{RecognizerError, Recognizers, Source};

/// A rule as the editor has it: its recognizer, and the operator of its type.
#[derive(Debug, Clone)]
pub struct Rule {
    pub source: Source,
    /// An inline table of TOML, or an operator's name; what the policy says where `None`.
    pub operator: Option<String>,
}

/// An example that a rule does not keep to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failing {
    pub rule: String,
    /// From 1.
    pub number: usize,
    /// It must match and does not; otherwise it must not and does.
    pub must_match: bool,
}

impl Failing {
    /// What is wrong, without the example.
    pub fn sentence(&self) -> String {
        let Self { rule, number, .. } = self;
        if self.must_match {
            format!("rule `{rule}` misses example {number} of those that it must match")
        } else {
            format!("rule `{rule}` matches example {number} of those that it must not match")
        }
    }
}

/// Why the text of a policy can't be edited.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    #[error("the policy is no TOML: {0}")]
    Toml(String),
    #[error(
        "the operator of `{0}` is none: write a name or `{{ operator = \"mask\", keep_last = 4 }}`"
    )]
    Operator(String),
    #[error("the policy has no rule `{0}`")]
    Missing(String),
    #[error("the policy has a rule `{0}` already")]
    Twice(String),
}

/// What a rule alone finds in a text.
///
/// # Errors
/// [`RecognizerError`] where it can't be used.
pub fn alone(source: &Source) -> Result<Recognizers, RecognizerError> {
    Recognizers::only(vec![source.clone()])
}

/// What the rule that `alone` gave finds in `text`.
pub fn found(rule: &Recognizers, text: &str, threshold: f32) -> Vec<Entity> {
    detect(text, rule, threshold)
}

/// The examples of a policy's own rules that do not hold, each rule by itself.
///
/// # Errors
/// [`RecognizerError`] where a rule can't be used.
pub fn failing(policy: &Policy) -> Result<Vec<Failing>, RecognizerError> {
    let mut failing = Vec::new();
    for recognizer in policy.recognizers().custom() {
        let source = &recognizer.source;
        let mut given = source.clone();
        if !given.words.is_empty() {
            given.pattern = String::new();
        }
        let rule = alone(&given)?;
        for (examples, must_match) in [(&source.examples, true), (&source.negative_examples, false)]
        {
            for (number, example) in (1..).zip(examples) {
                if found(&rule, example, policy.threshold).is_empty() == must_match {
                    failing.push(Failing {
                        rule: source.name.clone(),
                        number,
                        must_match,
                    });
                }
            }
        }
    }
    Ok(failing)
}

#[derive(Deserialize)]
struct Form {
    #[serde(default)]
    operators: std::collections::BTreeMap<String, toml::Value>,
    #[serde(default)]
    recognizer: Vec<Source>,
}

/// Whether a text is a whole policy, and not rules alone.
pub fn is_policy(toml: &str) -> bool {
    toml::from_str::<Form>(toml).is_ok_and(|form| !form.operators.is_empty())
}

/// The rules that a policy's text adds, in its order.
///
/// # Errors
/// [`RuleError::Toml`].
pub fn listed(toml: &str) -> Result<Vec<Rule>, RuleError> {
    let form: Form =
        toml::from_str(toml).map_err(|error| RuleError::Toml(error.message().to_owned()))?;
    Ok(form
        .recognizer
        .into_iter()
        .map(|source| Rule {
            operator: form.operators.get(&source.entity_type).map(inline),
            source,
        })
        .collect())
}

fn inline(value: &toml::Value) -> String {
    let Some(table) = value.as_table() else {
        return value.to_string();
    };
    if let (1, Some(name)) = (
        table.len(),
        table.get("operator").and_then(toml::Value::as_str),
    ) {
        return name.to_owned();
    }
    let parts: Vec<String> = table
        .iter()
        .map(|(key, value)| format!("{key} = {value}"))
        .collect();
    format!("{{ {} }}", parts.join(", "))
}

/// The policy's text with `rule` in it, in the place of the rule called `replaces` where one is
/// given; everything else in the text stays.
///
/// # Errors
/// [`RuleError`].
pub fn put(toml: &str, rule: &Rule, replaces: Option<&str>) -> Result<String, RuleError> {
    let mut document = document(toml)?;
    let tables = tables(&mut document)?;
    let name = rule.source.name.as_str();
    let old = match replaces {
        Some(replaces) => {
            Some(place(tables, replaces).ok_or_else(|| RuleError::Missing(replaces.to_owned()))?)
        }
        None => None,
    };
    if place(tables, name).is_some_and(|index| Some(index) != old) {
        return Err(RuleError::Twice(name.to_owned()));
    }
    match old.and_then(|index| tables.get_mut(index)) {
        Some(table) => fill(table, &rule.source),
        None => {
            let mut table = Table::new();
            fill(&mut table, &rule.source);
            tables.push(table);
        }
    }
    if let Some(operator) = &rule.operator {
        let value = operator_value(operator, &rule.source.entity_type)?;
        let operators = document
            .entry("operators")
            .or_insert_with(|| Item::Table(Table::new()));
        if let Some(operators) = operators.as_table_like_mut() {
            operators.insert(&rule.source.entity_type, Item::Value(value));
        }
    }
    Ok(document.to_string())
}

/// The policy's text without the rule called `name`, and without the operator of its type where
/// no other rule of one's own has it and no recognizer of the program finds it.
///
/// # Errors
/// [`RuleError`].
pub fn take_out(toml: &str, name: &str) -> Result<String, RuleError> {
    let mut document = document(toml)?;
    let tables = tables(&mut document)?;
    let index = place(tables, name).ok_or_else(|| RuleError::Missing(name.to_owned()))?;
    let type_of = |table: &Table| {
        table
            .get("entity_type")
            .and_then(Item::as_str)
            .map(str::to_owned)
    };
    let gone = tables.get(index).and_then(type_of);
    tables.remove(index);
    let is_left = tables.iter().any(|table| type_of(table) == gone);
    let is_known = Recognizers::with(Vec::new()).is_ok_and(|all| {
        all.iter()
            .any(|one| Some(&one.source.entity_type) == gone.as_ref())
    });
    if let (Some(gone), false) = (gone, is_left || is_known)
        && let Some(operators) = document
            .get_mut("operators")
            .and_then(Item::as_table_like_mut)
    {
        operators.remove(&gone);
    }
    Ok(document.to_string())
}

fn document(toml: &str) -> Result<DocumentMut, RuleError> {
    toml.parse()
        .map_err(|error: toml_edit::TomlError| RuleError::Toml(error.message().to_owned()))
}

fn tables(document: &mut DocumentMut) -> Result<&mut ArrayOfTables, RuleError> {
    document
        .entry("recognizer")
        .or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()))
        .as_array_of_tables_mut()
        .ok_or_else(|| RuleError::Toml("`recognizer` is no list of tables".to_owned()))
}

fn place(tables: &ArrayOfTables, name: &str) -> Option<usize> {
    tables
        .iter()
        .position(|table| table.get("name").and_then(Item::as_str) == Some(name))
}

/// Writes what the editor has; keys that it does not know stay.
fn fill(table: &mut Table, source: &Source) {
    let mut text = |key: &str, value: Option<Value>| match value {
        Some(value) => {
            table.insert(key, Item::Value(value));
        }
        None => {
            table.remove(key);
        }
    };
    let list = |items: &[String]| -> Option<Value> {
        let items: Array = items.iter().map(String::as_str).collect();
        (!items.is_empty()).then_some(Value::Array(items))
    };
    let given = |value: &str| (!value.is_empty()).then(|| Value::from(value));
    text("name", Some(source.name.as_str().into()));
    text("entity_type", Some(source.entity_type.as_str().into()));
    text("category", Some(source.category.name().into()));
    text("about", given(&source.about));
    text("pattern", given(&source.pattern));
    text("words", list(&source.words));
    text("validator", source.validator.as_deref().and_then(given));
    // Hundredths: what is said is not what an f32 makes of it.
    let score = (f64::from(source.score) * 100.0).round() / 100.0;
    text("score", Some(score.into()));
    text("needs", list(&source.needs));
    text("context", list(&source.context));
    text(
        "context_required",
        source.context_required.then_some(true.into()),
    );
    text("not_context", list(&source.not_context));
    text("examples", list(&source.examples));
    text("negative_examples", list(&source.negative_examples));
}

fn operator_value(operator: &str, entity_type: &str) -> Result<Value, RuleError> {
    let none = || RuleError::Operator(entity_type.to_owned());
    let is_name = operator
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || c == '_');
    let value = if is_name {
        let mut table = InlineTable::new();
        table.insert("operator", operator.into());
        Value::InlineTable(table)
    } else {
        operator.trim().parse().map_err(|_| none())?
    };
    #[derive(Deserialize)]
    struct One {
        #[allow(dead_code, reason = "read only to see whether it is one")]
        operator: Operator,
    }
    toml::from_str::<One>(&format!("operator = {value}"))
        .map(|_| value)
        .map_err(|_| none())
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: &str =
        "# ours\nname = 'a'\nversion = '1'\n[operators]\ndefault = { operator = \"replace\" }\n";

    fn rule(name: &str, toml: &str) -> Rule {
        Rule {
            source: toml::from_str(&format!(
                "name = '{name}'\nentity_type = 'CLAIM'\nscore = 0.8\n{toml}"
            ))
            .unwrap(),
            operator: None,
        }
    }

    #[test]
    fn a_rule_is_put_in_changed_and_taken_out_and_the_rest_stays() {
        let mut one = rule("claim", "pattern = 'C-[0-9]{6}'\ncontext = ['claim']");
        one.operator = Some("{ operator = \"mask\", keep_last = 2 }".to_owned());
        let with = put(POLICY, &one, None).unwrap();
        assert!(with.starts_with("# ours\n"), "{with}");
        let listed_now = listed(&with).unwrap();
        assert_eq!(listed_now.len(), 1);
        assert_eq!(listed_now[0].source.context, ["claim"]);
        assert!(
            listed_now[0]
                .operator
                .as_ref()
                .unwrap()
                .contains("keep_last = 2")
        );
        Policy::parse(&with).unwrap();
        assert_eq!(
            put(&with, &one, None),
            Err(RuleError::Twice("claim".to_owned()))
        );
        let changed = put(&with, &rule("other", "words = ['x y']"), Some("claim")).unwrap();
        let listed_now = listed(&changed).unwrap();
        assert_eq!(listed_now[0].source.name, "other");
        assert!(listed_now[0].source.pattern.is_empty());
        let without = take_out(&changed, "other").unwrap();
        assert!(!without.contains("CLAIM"), "{without}");
        assert!(Policy::parse(&without).is_ok());
        assert!(take_out(&without, "other").is_err());
    }

    #[test]
    fn an_operator_that_is_none_is_refused() {
        let mut one = rule("claim", "pattern = 'C-[0-9]{6}'");
        for bad in ["shred", "{ operator = \"mask\", keep_most = 2 }", "]["] {
            one.operator = Some(bad.to_owned());
            assert!(
                matches!(put(POLICY, &one, None), Err(RuleError::Operator(_))),
                "{bad}"
            );
        }
    }

    #[test]
    fn examples_hold_by_words_and_by_checks() {
        let check = |toml: &str, failing_now: &[(usize, bool)]| {
            let with = put(POLICY, &rule("r", toml), None).unwrap();
            let found: Vec<_> = failing(&Policy::parse(&with).unwrap())
                .unwrap()
                .into_iter()
                .map(|one| (one.number, one.must_match))
                .collect();
            assert_eq!(found, failing_now, "{toml}");
        };
        check(
            "words = ['Blue Bird', 'C++']\nexamples = ['the blue bird flew', 'in C++.']\nnegative_examples = ['bluebirds']",
            &[],
        );
        check(
            "validator = 'luhn'\nexamples = ['no. 4111 1111 1111 1111', 'no. 4111 1111 1111 1112']\nnegative_examples = ['79927398713']",
            &[(2, true), (1, false)],
        );
        check(
            "pattern = 'C-[0-9]{6}'\ncontext = ['claim']\ncontext_required = true\nexamples = ['claim C-123456']\nnegative_examples = ['part C-123456']",
            &[],
        );
    }
}
