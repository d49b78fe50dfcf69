//! What needs a second person, exactly: a kind, and content that is the same whoever makes it.
//!
//! The sentences that an approver reads are made of the content alone, on the approver's own
//! computer; a request can't bring its own. Not here: asking, deciding, using.

use assay_domain::checks::calls;
use assay_domain::query::keys::Table;
use assay_evidence::signing::VerifierKey;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::approvals::passing;
use crate::approvals::view::{AddPerson, Deed, RevokePerson, SetRule};
use crate::checks::explain;
use crate::checks::view::{FindingRef, WaiveFinding};
use crate::confirmations::{canonical, plain};
use crate::error::{Code, Result, WireError};
use crate::evidence::packs::view::PackEvidence;
use crate::opening::{Engine, read_query};
use crate::redaction::policies::view::{FollowDefault, PutInForce};
use crate::redaction::policies::{self, Version, gate};
use crate::replay::view::StartReplay;
use crate::replay::{StoredPlan, micros};
use crate::retention::view::{CarryOut, EraseSubject};
use crate::trail::costs::usd;
use crate::trail::exporting::view::ExportOriginals;

/// The longest sentence that an approver reads, characters.
const SENTENCE: usize = 600;
/// Sentences that an approver reads at most.
const SENTENCES: usize = 24;
/// Calls looked at together.
const PAGE: usize = 1_000;

/// Kinds of deeds that can need a second person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Waivers,
    Policies,
    Replays,
    Exports,
    Erasures,
    /// Letting a kind be done by one person again.
    Rules,
    /// Registering and revoking keys.
    Persons,
}

impl Kind {
    /// Those that a rule can be set for.
    pub const RULES: [Self; 5] = [
        Self::Waivers,
        Self::Policies,
        Self::Replays,
        Self::Exports,
        Self::Erasures,
    ];

    /// The name in the store, on the terminal and in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waivers => "waivers",
            Self::Policies => "policies",
            Self::Replays => "replays",
            Self::Exports => "exports",
            Self::Erasures => "erasures",
            Self::Rules => "rules",
            Self::Persons => "persons",
        }
    }

    /// For people.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Waivers => "Waivers",
            Self::Policies => "Policies put in force",
            Self::Replays => "Live replays",
            Self::Exports => "Unredacted exports",
            Self::Erasures => "Erasures",
            Self::Rules => "Rules of approval",
            Self::Persons => "Persons and keys",
        }
    }

    /// What needs it, in one sentence.
    pub const fn about(self) -> &'static str {
        match self {
            Self::Waivers => "Accepting a finding for a time.",
            Self::Policies => {
                "Putting a version of a redaction policy in force, and ending a deployment's own one."
            }
            Self::Replays => "Sending stored calls to a backend outside this computer.",
            Self::Exports => {
                "Writing records as they were received, unmasked: evidence packs and tables."
            }
            Self::Erasures => "Erasing a person's records before their time.",
            Self::Rules => "Letting a kind of deed be done by one person again.",
            Self::Persons => "Registering and revoking persons' keys, while any rule is on.",
        }
    }

    /// The kind of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::RULES
            .into_iter()
            .chain([Self::Rules, Self::Persons])
            .find(|kind| kind.name() == name)
    }
}

/// What would be done, exactly.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Matter {
    pub(crate) kind: Kind,
    pub(crate) content: Value,
}

/// SHA-256 over the kind, a zero byte and the content in its one form.
pub(crate) fn digest(kind: &str, content: &Value) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(kind);
    hasher.update([0]);
    hasher.update(canonical(content));
    hasher.finalize().into()
}

impl Matter {
    pub(crate) fn sha256(&self) -> [u8; 32] {
        digest(self.kind.name(), &self.content)
    }

    /// Accepting a finding. Who approves is who signs; the name that was given is not part of it.
    ///
    /// # Errors
    /// `not_found`.
    pub(crate) fn waiver(engine: &Engine, input: &WaiveFinding) -> Result<Self> {
        let finding = explain(
            engine,
            FindingRef {
                id: input.id.clone(),
            },
        )?;
        let accepted = engine
            .store()
            .findings()?
            .into_iter()
            .find(|record| record.id == input.id)
            .map(|record| record.verdict)
            .unwrap_or(finding.verdict);
        Ok(Self {
            kind: Kind::Waivers,
            content: json!({
                "accepts": accepted,
                "check": finding.check,
                "deployment": finding.deployment,
                "finding": finding.id,
                "owner": input.owner.trim(),
                "reason": input.reason.trim(),
                "subject": finding.subject,
                "title": finding.title,
                "until": input.until.trim(),
            }),
        })
    }

    /// Putting a version of a policy in force: its text, under whatever number, and why.
    ///
    /// # Errors
    /// `not_found`.
    pub(crate) fn policy(engine: &Engine, input: &PutInForce) -> Result<Self> {
        let version = policies::version(engine, &input.name)?;
        let reason = gate::trimmed(input.reason.as_deref());
        Ok(Self::policy_of(
            &version,
            input.deployment.as_deref(),
            reason,
        ))
    }

    /// Having this text of a policy in force, everywhere or in a deployment.
    pub(crate) fn policy_of(
        version: &Version,
        deployment: Option<&str>,
        reason: Option<&str>,
    ) -> Self {
        let content = Self::text_of(version, reason);
        Self::of_policy(content, deployment.map(|name| ("deployment", name)))
    }

    /// Ending a deployment's own policy, what is in force by default at that time, and why.
    ///
    /// # Errors
    /// The store's.
    pub(crate) fn ending(engine: &Engine, input: &FollowDefault) -> Result<Self> {
        let default = policies::version(engine, &policies::all_in_force(engine)?.default)?;
        let reason = gate::trimmed(input.reason.as_deref());
        Ok(Self::follow_default(&input.deployment, &default, reason))
    }

    /// Letting a deployment go by this text, which is in force by default.
    pub(crate) fn follow_default(
        deployment: &str,
        default: &Version,
        reason: Option<&str>,
    ) -> Self {
        let content = Self::text_of(default, reason);
        Self::of_policy(content, Some(("ends_own_of", deployment)))
    }

    fn text_of(version: &Version, reason: Option<&str>) -> Value {
        let mut content = json!({
            "policy": version.name,
            "sha256": hex::encode(Sha256::digest(&version.toml)),
        });
        if let Some(reason) = reason {
            content["reason"] = reason.into();
        }
        content
    }

    fn of_policy(mut content: Value, place: Option<(&str, &str)>) -> Self {
        if let Some((field, deployment)) = place {
            content[field] = deployment.into();
        }
        Self {
            kind: Kind::Policies,
            content,
        }
    }

    /// Carrying out a plan of a live replay; `None` for one that stays in the sandbox. The same plan
    /// made anew is the same: its calls, backend, policy and budget count, not its number.
    ///
    /// # Errors
    /// `not_found` for the plan, `bad_input` for the budget.
    pub(crate) fn replay(engine: &Engine, input: &StartReplay) -> Result<Option<Self>> {
        let (text, _) = engine.store().plan(&input.plan)?;
        let plan: StoredPlan = serde_json::from_str(&text).map_err(|error| {
            WireError::new(
                Code::Internal,
                format!("a stored plan can't be read: {error}"),
            )
        })?;
        if plan.backend.name == assay_backends::profile::SANDBOX {
            return Ok(None);
        }
        let budget = match input.budget_usd.as_deref() {
            Some(budget) => Some(micros(budget)?),
            None => plan.budget,
        };
        let sent = plan.items.iter().filter(|item| item.refused.is_none());
        Ok(Some(Self {
            kind: Kind::Replays,
            content: json!({
                "backend": plan.backend.name,
                "budget_usd_micros": budget,
                "calls": sent.count(),
                "destination": plan.backend.destination(),
                "place": plan.backend.place,
                "plan_sha256": hex::encode(Sha256::digest(&text)),
                "policy": plan.policy,
                "query": plan.query,
            }),
        }))
    }

    /// Writing the calls that a query matches now into an evidence pack; `None` while that needs
    /// nobody, since all of them have to be looked at.
    ///
    /// # Errors
    /// `bad_input` for the query; the store's.
    pub(crate) fn export(engine: &Engine, query: &str) -> Result<Option<Self>> {
        Self::unmasked(engine, query, "evidence pack")
    }

    /// Writing them into a table or lines, as they were received.
    ///
    /// # Errors
    /// `bad_input` for the query; the store's.
    pub(crate) fn original_rows(engine: &Engine, query: &str) -> Result<Option<Self>> {
        Self::unmasked(engine, query, "unmasked table")
    }

    fn unmasked(engine: &Engine, query: &str, what: &str) -> Result<Option<Self>> {
        let parsed = read_query(query, Table::Calls)?;
        if !passing::is_needed(engine, Kind::Exports)? {
            return Ok(None);
        }
        let (matching, _) = engine.store().count(&parsed)?;
        let mut hasher = Sha256::new();
        let mut after = None;
        loop {
            let (page, next) = engine.store().calls(&parsed, after, PAGE)?;
            for record in &page {
                hasher.update(record.id.as_bytes());
                hasher.update([b'\n']);
            }
            match next {
                Some(cursor) => after = Some(cursor),
                None => break,
            }
        }
        Ok(Some(Self {
            kind: Kind::Exports,
            content: json!({
                "calls": matching,
                "calls_sha256": hex::encode(hasher.finalize()),
                "query": query.trim(),
                "what": what,
            }),
        }))
    }

    /// Erasing what was found of a person: the request, its ground and how much it is. What was
    /// searched for is kept nowhere, and so is no part of it.
    pub(crate) fn erasure(input: &EraseSubject) -> Self {
        Self {
            kind: Kind::Erasures,
            content: json!({
                "ground": input.basis,
                "request": input.request.trim(),
                "unsearchable_files": input.unsearchable_files,
                "what": input.phrase.trim(),
            }),
        }
    }

    /// Erasing what waited in a request.
    pub(crate) fn waiting_erasure(input: &CarryOut) -> Self {
        Self {
            kind: Kind::Erasures,
            content: json!({ "request": input.request.trim(), "what": input.phrase.trim() }),
        }
    }

    /// Letting a kind be done by one person again.
    pub(crate) fn rule_off(kind: Kind) -> Self {
        Self {
            kind: Kind::Rules,
            content: json!({ "off": kind.name() }),
        }
    }

    /// Registering a key.
    pub(crate) fn add_person(name: &str, key: &VerifierKey) -> Self {
        Self {
            kind: Kind::Persons,
            content: json!({
                "add": name,
                "fingerprint": key.fingerprint(),
                "vkey": key.to_string(),
            }),
        }
    }

    /// Revoking a key.
    pub(crate) fn revoke_person(name: &str, vkey: &str) -> Self {
        Self {
            kind: Kind::Persons,
            content: json!({ "revoke": name, "vkey": vkey }),
        }
    }

    /// What a command would do with an input; `None` where that never needs a second person.
    ///
    /// # Errors
    /// `bad_input` for another command or an input that is not of its form; whatever shows already
    /// that it can't be done.
    pub(crate) fn of_deed(engine: &Engine, deed: &Deed) -> Result<Option<Self>> {
        let given = deed.input.as_str();
        Ok(match deed.command.as_str() {
            "checks.waive" => Some(Self::waiver(engine, &read::<WaiveFinding>(given)?)?),
            "redaction.put_in_force" => Some(Self::policy(engine, &read::<PutInForce>(given)?)?),
            "redaction.follow_default" => {
                Some(Self::ending(engine, &read::<FollowDefault>(given)?)?)
            }
            // A saved text is a draft, whatever is in force.
            "redaction.save_policy" | "redaction.return_to" => None,
            "replay.start" => Self::replay(engine, &read::<StartReplay>(given)?)?,
            "evidence.pack" => Self::export(engine, &read::<PackEvidence>(given)?.query)?,
            "trail.export_originals" => {
                Self::original_rows(engine, &read::<ExportOriginals>(given)?.query)?
            }
            "retention.erase" => Some(Self::erasure(&read::<EraseSubject>(given)?)),
            "retention.carry_out" => Some(Self::waiting_erasure(&read::<CarryOut>(given)?)),
            "approvals.set_rule" => {
                let rule = read::<SetRule>(given)?;
                match Kind::from_name(&rule.kind) {
                    Some(kind) if !rule.on => Some(Self::rule_off(kind)),
                    _ => None,
                }
            }
            "approvals.add_person" => {
                let person = read::<AddPerson>(given)?;
                Some(Self::add_person(
                    person.name.trim(),
                    &super::persons::read_key(&person.vkey)?,
                ))
            }
            "approvals.revoke_person" => {
                let asked = read::<RevokePerson>(given)?;
                let person = super::persons::named(engine, &asked.id)?;
                Some(Self::revoke_person(&person.name, &person.vkey))
            }
            other => {
                return Err(WireError::new(
                    Code::BadInput,
                    format!("no second person is ever needed for `{}`", plain(other, 60)),
                ));
            }
        })
    }
}

fn read<T: DeserializeOwned>(input: &str) -> Result<T> {
    serde_json::from_str(input).map_err(|error| {
        WireError::new(
            Code::BadInput,
            format!("cannot read what would be done: {error}"),
        )
    })
}

fn text<'a>(content: &'a Value, field: &str) -> &'a str {
    content
        .get(field)
        .and_then(Value::as_str)
        .unwrap_or("not known")
}

fn number(content: &Value, field: &str) -> u64 {
    content.get(field).and_then(Value::as_u64).unwrap_or(0)
}

fn why(content: &Value) -> String {
    match content.get("reason") {
        Some(_) => format!("Reason: {}", text(content, "reason")),
        None => "No reason was given.".to_owned(),
    }
}

/// What is asked, in sentences; made of the content, in which anything may stand.
pub(crate) fn words(kind: &str, content: &Value) -> Vec<String> {
    let said = match Kind::from_name(kind) {
        Some(Kind::Waivers) => vec![
            format!(
                "Accept that \"{}\" is {} in deployment {}, until {}.",
                text(content, "title"),
                match text(content, "accepts") {
                    "not_met" => "not met",
                    other => other,
                },
                text(content, "deployment"),
                text(content, "until")
            ),
            format!("Reason: {}", text(content, "reason")),
            format!("Owner: {}", text(content, "owner")),
            format!(
                "Check: {}, subject: {}.",
                text(content, "check"),
                text(content, "subject")
            ),
        ],
        Some(Kind::Policies) if content.get("ends_own_of").is_some() => vec![
            format!(
                "Let the deployment {} go by the redaction policy that is in force by default: {}.",
                text(content, "ends_own_of"),
                text(content, "policy")
            ),
            why(content),
            format!("SHA-256 of its text: {}", text(content, "sha256")),
        ],
        Some(Kind::Policies) => vec![
            format!(
                "Have the redaction policy {} in force{}: it decides what is masked and how calls are searched.",
                text(content, "policy"),
                match content.get("deployment") {
                    Some(_) => format!(" for the deployment {}", text(content, "deployment")),
                    None => String::new(),
                }
            ),
            why(content),
            format!("SHA-256 of its text: {}", text(content, "sha256")),
        ],
        Some(Kind::Replays) => vec![
            format!(
                "Send {} to {}.",
                calls(number(content, "calls")),
                text(content, "destination")
            ),
            format!("Place: {}", text(content, "place")),
            match text(content, "policy") {
                "none" => "Redaction: none, they are sent as they are.".to_owned(),
                policy => format!("Redaction: policy {policy}."),
            },
            match content.get("budget_usd_micros").and_then(Value::as_i64) {
                Some(budget) => format!("It may cost at most {} USD.", usd(budget)),
                None => "No limit of cost is set.".to_owned(),
            },
            format!("Query: {}", text(content, "query")),
        ],
        Some(Kind::Exports) => vec![
            format!(
                "Write {}, all that the query matches, as they were received, with the personal data in them, into an {}.",
                calls(number(content, "calls")),
                text(content, "what")
            ),
            match text(content, "query") {
                "" => "Query: all calls.".to_owned(),
                query => format!("Query: {query}"),
            },
        ],
        Some(Kind::Rules) => vec![format!(
            "Let one person alone do this again: {}",
            Kind::from_name(text(content, "off")).map_or_else(
                || text(content, "off").to_owned(),
                |kind| kind.about().to_owned()
            )
        )],
        Some(Kind::Persons) if content.get("revoke").is_some() => vec![
            format!("Revoke the key of {}.", text(content, "revoke")),
            format!("Key: {}", text(content, "vkey")),
        ],
        Some(Kind::Persons) => vec![
            format!(
                "Register a key of {}, who can then ask and approve.",
                text(content, "add")
            ),
            format!("Fingerprint: {}", text(content, "fingerprint")),
        ],
        Some(Kind::Erasures) | None => content
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, value)| match value.as_str() {
                Some(text) => format!("{name}: {text}"),
                None => format!("{name}: {}", canonical(value)),
            })
            .collect(),
    };
    said.iter()
        .take(SENTENCES)
        .map(|sentence| plain(sentence, SENTENCE))
        .collect()
}
