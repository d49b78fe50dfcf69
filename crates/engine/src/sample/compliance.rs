//! Activities of the Claude API organisation, as Anthropic's Compliance feed gives them.
//!
//! Out: a page a month, newest first. Source: platform.claude.com, manage-claude/compliance. Not
//! here: calls.

use assay_domain::moment::rfc3339;
use serde_json::{Value, json};

use crate::error::Result;
use crate::sample::calendar::{month, spread, time_of};
use crate::sample::chance::Chance;
use crate::sample::files::{Layout, LogFiles};
use crate::sample::planted;

const ORGANISATION: &str = "org_01NorthwindSample00000";

/// Writes the pages; answers how many activities they hold.
///
/// # Errors
/// `file_unwritable`.
pub(crate) fn write(files: &mut LogFiles) -> Result<u64> {
    let mut chance = Chance::of("compliance");
    let mut activities: Vec<(i64, Value)> = spread(planted::COMPLIANCE_ACTIVITIES)
        .into_iter()
        .enumerate()
        .map(|(index, day)| activity(index, time_of(day, &mut chance), &mut chance))
        .collect();
    activities.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    for name in ["2026-09", "2026-10"] {
        let page: Vec<&Value> = activities
            .iter()
            .filter(|(at, _)| month(*at) == name)
            .map(|(_, activity)| activity)
            .collect();
        let id =
            |activity: Option<&&Value>| activity.and_then(|activity| activity.get("id")).cloned();
        let body = json!({ "data": page, "has_more": false, "first_id": id(page.first()), "last_id": id(page.last()) });
        files.add(
            &format!("anthropic/compliance-activities-{name}.json"),
            Layout::Lines,
            &body,
        )?;
    }
    Ok(activities.len() as u64)
}

fn activity(index: usize, at_ms: i64, chance: &mut Chance) -> (i64, Value) {
    const PEOPLE: [(&str, &str); 4] = [
        ("a.lindholm@northwind.example", "user_01NwAdminLindholm"),
        ("c.ferrer@northwind.example", "user_01NwAdminFerrer"),
        ("audit@northwind.example", "user_01NwAuditReader"),
        ("d.weiss@northwind.example", "user_01NwDeveloperWeiss"),
    ];
    const TYPES: [&str; 8] = [
        "compliance_api_accessed",
        "platform_api_key_created",
        "platform_workspace_member_added",
        "platform_usage_report_viewed",
        "audit_log_export_started",
        "sso_login_succeeded",
        "platform_workspace_updated",
        "platform_api_key_updated",
    ];
    let (email, user) = PEOPLE[chance.below(4) as usize];
    let mut activity = json!({
        "id": chance.id("activity_"),
        "created_at": rfc3339(at_ms),
        "organization_id": ORGANISATION,
        "organization_uuid": "5f0f5c1e-7d1b-4c55-9d5a-2f6a3f6f0c11",
        "actor": {
            "type": "user_actor",
            "email_address": email,
            "user_id": user,
            "ip_address": format!("203.0.113.{}", chance.within(80, 99)),
            "user_agent": "Mozilla/5.0 (X11; Linux x86_64)",
        },
        "type": TYPES[index % TYPES.len()],
        "workspace_id": "wrkspc_01NorthwindAssistant",
    });
    // Twice Anthropic's own staff looked, and once the retention of a workspace was changed.
    match index {
        31 | 97 => {
            activity["type"] = json!("anthropic_access");
            activity["actor"] = json!({ "type": "anthropic_actor", "email_address": null });
            activity["accessor_department"] = json!("Safeguards");
            activity["reason_code"] = json!("safety_review");
            activity["resource_details"] = json!({ "type": "message", "id": chance.id("msg_") });
        }
        44 => activity["type"] = json!("platform_workspace_inference_data_retention_enabled"),
        45 => activity["type"] = json!("platform_workspace_inference_data_retention_disabled"),
        70 => activity["type"] = json!("org_data_residency_updated"),
        _ => {}
    }
    (at_ms, activity)
}
