//! An activity: somebody read, changed or administered something.
//!
//! Comes from CloudTrail events that are not model calls, from Anthropic's Compliance feed, and
//! from this program itself (a reveal, an import, an export). Not here: model calls (`call`).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::call::{Kind, Oddity};

/// What an activity means to somebody who audits the handling of data.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS,
)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// A setting of logging, retention, residency, keys or guardrails changed.
    Settings,
    /// Someone read data or logs.
    Access,
    /// Users, keys, roles, workspaces.
    Administration,
    /// The vendor's own staff or systems looked (Access Transparency).
    VendorAccess,
    /// Done with this program: import, reveal, export, replay, waiver.
    Workbench,
    Other,
}

impl Category {
    /// All categories, in list order.
    pub const ALL: [Self; 6] = [
        Self::Settings,
        Self::Access,
        Self::Administration,
        Self::VendorAccess,
        Self::Workbench,
        Self::Other,
    ];

    /// The name in JSON, SQL and queries.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Settings => "settings",
            Self::Access => "access",
            Self::Administration => "administration",
            Self::VendorAccess => "vendor_access",
            Self::Workbench => "workbench",
            Self::Other => "other",
        }
    }
}

/// One activity as its source recorded it. `Debug` is not derived: it may hold personal data.
#[derive(Clone, PartialEq, Eq)]
pub struct Activity {
    /// UTC milliseconds since 1970.
    pub at_ms: Option<i64>,
    /// The source's own name for it: `PutModelInvocationLoggingConfiguration`, `api_key_created` …
    pub action: String,
    pub category: Category,
    pub kind: Option<Kind>,
    /// Who did it: an ARN, an e-mail address, a key id.
    pub actor: Option<String>,
    pub source_ip: Option<String>,
    pub user_agent: Option<String>,
    pub region: Option<String>,
    /// AWS account, Anthropic organisation or workspace.
    pub account: Option<String>,
    /// What it was done to.
    pub target: Option<String>,
    /// `None` where the source does not say.
    pub succeeded: Option<bool>,
    pub error_type: Option<String>,
    /// The source's ids of this record, by name: `event_id`, `aws_request_id` …
    pub ids: BTreeMap<String, String>,
    pub oddities: Vec<Oddity>,
}

impl Activity {
    /// An activity with nothing known but its name and category.
    pub fn new(action: impl Into<String>, category: Category) -> Self {
        Self {
            at_ms: None,
            action: action.into(),
            category,
            kind: None,
            actor: None,
            source_ip: None,
            user_agent: None,
            region: None,
            account: None,
            target: None,
            succeeded: None,
            error_type: None,
            ids: BTreeMap::new(),
            oddities: Vec::new(),
        }
    }
}
