//! Anthropic's Compliance activity feed (`GET /v1/compliance/activities`), with Access
//! Transparency: who administered, changed or looked. It never holds prompts.
//!
//! Source: platform.claude.com, manage-claude/compliance, snapshot of 2026-08.

use std::borrow::Cow;

use serde::Deserialize;

use crate::activity::{Activity, Category};
use crate::call::Kind;
use crate::formats::{Context, Reason, Record, Rejected, fields, inference_hooks, rejected};
use crate::moment::WithoutZone;

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    created_at: Option<Cow<'a, str>>,
    #[serde(borrow)]
    organization_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    organization_uuid: Option<Cow<'a, str>>,
    #[serde(borrow, rename = "type")]
    action: Option<Cow<'a, str>>,
    #[serde(borrow)]
    actor: Option<Actor<'a>>,
    #[serde(borrow)]
    resource_details: Option<Resource<'a>>,
    #[serde(borrow)]
    reason_code: Option<Cow<'a, str>>,
    #[serde(borrow)]
    workspace_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    api_key_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    file_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    claude_chat_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    request_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    conversation_id: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Actor<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<Cow<'a, str>>,
    #[serde(borrow)]
    email_address: Option<Cow<'a, str>>,
    #[serde(borrow)]
    unauthenticated_email_address: Option<Cow<'a, str>>,
    #[serde(borrow)]
    user_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    api_key_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    admin_api_key_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    directory_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    ip_address: Option<Cow<'a, str>>,
    #[serde(borrow)]
    user_agent: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Resource<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<Cow<'a, str>>,
    #[serde(borrow)]
    id: Option<Cow<'a, str>>,
}

/// Whether a value of the key `actor` (JSON) is an actor of this feed.
pub(super) fn is_actor(text: &str) -> bool {
    serde_json::from_str::<Actor<'_>>(text).is_ok_and(|actor| actor.is_of_the_feed())
}

impl Actor<'_> {
    fn is_of_the_feed(&self) -> bool {
        self.kind
            .as_deref()
            .is_some_and(|kind| kind.ends_with("_actor") || kind.contains("directory_sync"))
    }
}

/// Reads an activity.
///
/// # Errors
/// [`Rejected`].
pub fn parse(text: &str, context: &Context) -> Result<Record, Rejected> {
    let line: Line<'_> = serde_json::from_str(text).map_err(|error| rejected(text, &error))?;
    let Some(action) = fields::said(line.action) else {
        return Err(Rejected::new(Reason::FieldMissing, "`type`"));
    };
    let Some(actor) = line.actor else {
        return Err(Rejected::new(Reason::FieldMissing, "`actor`"));
    };
    if !actor.is_of_the_feed() {
        return Err(Rejected::new(
            Reason::FormatUnknown,
            "`actor` is none of this feed",
        ));
    }
    if line.id.is_none() || line.created_at.is_none() {
        return Err(Rejected::new(Reason::FieldMissing, "`id` or `created_at`"));
    }
    let mut oddities = Vec::new();
    let mut activity = Activity::new(action.clone(), category(&action));
    activity.at_ms = fields::time(
        line.created_at.as_deref(),
        WithoutZone::IsOdd,
        context.now_ms,
        &mut oddities,
    );
    activity.kind = Some(Kind::ClaudeApi);
    let actor_kind = fields::said(actor.kind);
    activity.actor = [
        actor.email_address,
        actor.unauthenticated_email_address,
        actor.user_id,
        actor.api_key_id,
        actor.admin_api_key_id,
        actor.directory_id,
    ]
    .into_iter()
    .find_map(fields::said)
    .or(actor_kind);
    activity.source_ip = fields::said(actor.ip_address);
    activity.user_agent = fields::said(actor.user_agent);
    activity.account =
        fields::said(line.organization_id).or_else(|| fields::said(line.organization_uuid));
    let resource = line.resource_details.and_then(|resource| {
        let kind = fields::said(resource.kind).unwrap_or_else(|| "resource".to_owned());
        fields::said(resource.id).map(|id| (kind, id))
    });
    if let Some((kind, id)) = &resource
        && kind == "message"
    {
        activity.ids.insert("message_id".to_owned(), id.clone());
    }
    // Of a prompt that a hook denied or that went on without its verdict; other activities have requests of their own.
    let of_hook = action.starts_with("inference_hooks_request");
    let prompt = fields::said(line.request_id).filter(|_| of_hook);
    if let Some(id) = &prompt {
        let name = inference_hooks::ID.to_owned();
        activity.ids.insert(name, id.clone());
    }
    let chat = fields::said(line.claude_chat_id);
    let conversation = fields::said(line.conversation_id).or_else(|| chat.clone());
    if let Some(id) = &conversation {
        activity
            .ids
            .insert("conversation_id".to_owned(), id.clone());
    }
    activity.target = resource
        .map(|(_, id)| id)
        .or(prompt)
        .or_else(|| fields::said(line.api_key_id))
        .or_else(|| fields::said(line.file_id))
        .or_else(|| fields::said(line.workspace_id))
        .or(chat)
        .or(conversation);
    activity.error_type = fields::said(line.reason_code);
    if let Some(id) = fields::said(line.id) {
        activity.ids.insert("activity_id".to_owned(), id);
    }
    activity.oddities = oddities;
    Ok(Record::Activity(Box::new(activity)))
}

fn category(action: &str) -> Category {
    const SETTINGS: [&str; 13] = [
        "inference_hooks_config",
        "signing_secret",
        "retention",
        "residency",
        "settings",
        "hipaa",
        "external_key",
        "ip_restriction",
        "sso",
        "domain",
        "rate_limit",
        "zero_data",
        "guardrail",
    ];
    const ACCESS: [&str; 7] = [
        "accessed",
        "viewed",
        "downloaded",
        "export",
        "content",
        "read",
        "listed",
    ];
    if action == "anthropic_access" || action == "cmek_preserve" {
        return Category::VendorAccess;
    }
    if SETTINGS.iter().any(|part| action.contains(part)) {
        return Category::Settings;
    }
    if ACCESS.iter().any(|part| action.contains(part)) {
        return Category::Access;
    }
    const ADMINISTRATION: [&str; 12] = [
        "created",
        "updated",
        "deleted",
        "invited",
        "removed",
        "added",
        "role",
        "member",
        "key",
        "workspace",
        "user",
        "login",
    ];
    if ADMINISTRATION.iter().any(|part| action.contains(part)) {
        return Category::Administration;
    }
    Category::Other
}
