//! What a policy says of each field of each deployment that it names, worked out once.
//!
//! Of a scope's types, threshold and level of names what it says replaces what the policy says;
//! scopes that meet never contradict each other (`fights`). Not here: which fields there are.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Policy, ScopeForm};
use crate::names::plugged::FindNames;
use crate::operators::Operator;

#[derive(Debug)]
pub(super) struct Places {
    fields: Vec<String>,
    deployments: Vec<String>,
    /// For each deployment and then for none: for each field and then for none.
    within: Vec<Policy>,
    /// For each deployment and then for none.
    anywhere: Vec<Policy>,
}

impl Places {
    /// `None` where the policy says the same everywhere.
    pub(super) fn of(policy: &Policy, day: Option<i64>) -> Option<Self> {
        let scopes = &policy.form.scope;
        let fields: BTreeSet<String> = policy
            .named_fields()
            .map(|(_, field)| field.to_owned())
            .collect();
        if scopes.is_empty() && fields.is_empty() {
            return None;
        }
        let deployments: BTreeSet<String> = policy
            .named_deployments()
            .map(|(_, name)| name.to_owned())
            .collect();
        let mut places = Self {
            fields: fields.into_iter().collect(),
            deployments: deployments.into_iter().collect(),
            within: Vec::new(),
            anywhere: Vec::new(),
        };
        for deployment in with_none(&places.deployments) {
            let row: Vec<Policy> = with_none(&places.fields)
                .map(|field| one(policy, day, field, deployment))
                .collect();
            places.anywhere.push(strictest(&row));
            places.within.extend(row);
        }
        Some(places)
    }

    /// The same, with a model of names plugged in everywhere.
    pub(super) fn with_plugged(&self, model: &Arc<dyn FindNames>) -> Self {
        let with = |all: &[Policy]| {
            all.iter()
                .map(|one| Policy {
                    plugged: Some(Arc::clone(model)),
                    ..one.clone()
                })
                .collect()
        };
        Self {
            fields: self.fields.clone(),
            deployments: self.deployments.clone(),
            within: with(&self.within),
            anywhere: with(&self.anywhere),
        }
    }

    fn row(&self, deployment: Option<&str>) -> usize {
        at(&self.deployments, deployment)
    }

    pub(super) fn within(&self, field: Option<&str>, deployment: Option<&str>) -> &Policy {
        let width = self.fields.len() + 1;
        &self.within[self.row(deployment) * width + at(&self.fields, field)]
    }

    pub(super) fn anywhere(&self, deployment: Option<&str>) -> &Policy {
        &self.anywhere[self.row(deployment)]
    }
}

fn with_none(names: &[String]) -> impl Iterator<Item = Option<&str>> {
    names
        .iter()
        .map(|name| Some(name.as_str()))
        .chain(std::iter::once(None))
}

/// The place of a name; behind all of them for one that is not there.
fn at(names: &[String], name: Option<&str>) -> usize {
    name.and_then(|name| names.iter().position(|other| other == name))
        .unwrap_or(names.len())
}

fn one(policy: &Policy, day: Option<i64>, field: Option<&str>, deployment: Option<&str>) -> Policy {
    let mut one = policy.clone();
    one.allowed = policy.lists.holding(day, field, deployment);
    let holds = |scope: &&ScopeForm| {
        let names = |all: &[String], one: Option<&str>| {
            all.is_empty() || one.is_some_and(|one| all.iter().any(|name| name == one))
        };
        names(&scope.fields, field) && names(&scope.deployments, deployment)
    };
    for scope in policy.form.scope.iter().filter(holds) {
        one.threshold = scope.threshold.unwrap_or(one.threshold);
        one.names = scope.names.unwrap_or(one.names);
        one.operators
            .extend(scope.operators.iter().map(|(k, v)| (k.clone(), v.clone())));
    }
    one
}

/// What hides whatever one of `row` hides; the last of them stands for no field and counts first.
fn strictest(row: &[Policy]) -> Policy {
    let mut all = row[row.len() - 1].clone();
    let kinds: BTreeSet<&String> = row.iter().flat_map(|one| one.operators.keys()).collect();
    let operators = kinds
        .into_iter()
        .map(|kind| {
            let hiding = row
                .iter()
                .rev()
                .map(|one| one.operator(kind))
                .find(|operator| **operator != Operator::Keep);
            (kind.clone(), hiding.unwrap_or(&Operator::Keep).clone())
        })
        .collect();
    all.operators = operators;
    for one in row {
        all.threshold = all.threshold.min(one.threshold);
        all.names = all.names.max(one.names);
    }
    all
}
