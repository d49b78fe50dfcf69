//! The first screen: what wants attention, the deployments, the state of the trail.
//!
//! Not here: the figures behind it; each opens its own screen.

use assay_domain::checks::{Severity, counted};
use assay_domain::moment::rfc3339;

use crate::approvals;
use crate::checks::view::{FindingRow, ListFindings};
use crate::checks::{findings, thousands};
use crate::commands::Nothing;
use crate::deployments;
use crate::deployments::view::{Attention, Overview};
use crate::error::Result;
use crate::opening::Engine;

/// Entries of the list that wants attention.
const ATTENTION: usize = 8;
/// Days before its end in which a waiver wants attention.
const ENDING_DAYS: i64 = 14;

/// The overview.
///
/// # Errors
/// The store's.
pub fn show(engine: &Engine, _: Nothing) -> Result<Overview> {
    let store = engine.store();
    let deployments = deployments::list(engine, Nothing {})?;
    let batches = store.batches()?;
    let checked = findings(engine, ListFindings::default())?;
    let (tree_size, root) = store.tree()?;
    let rejected_lines: u64 = batches.iter().map(|batch| batch.rejected).sum();
    let mut attention: Vec<Attention> = checked
        .findings
        .iter()
        .filter(|finding| finding.verdict == "not_met")
        .map(|finding| Attention {
            severity: finding.severity.clone(),
            title: finding.title.clone(),
            deployment: Some(finding.deployment.clone()),
            finding: Some(finding.id.clone()),
            query: None,
            approvals: false,
            screen: None,
        })
        .collect();
    attention.sort_by_key(|item| std::cmp::Reverse(Severity::from_name(&item.severity)));
    attention.truncate(ATTENTION);
    let listed_not_met = attention.len() as u64;
    attention.extend(ending_waivers(&checked.findings, engine.now_ms()));
    if rejected_lines > 0 {
        attention.push(Attention {
            severity: "medium".to_owned(),
            title: format!(
                "Not in the trail: {} that could not be read.",
                counted(rejected_lines, "line")
            ),
            deployment: None,
            finding: None,
            query: None,
            approvals: false,
            screen: Some("imports".to_owned()),
        });
    }
    attention.extend(waiting_requests(engine)?);
    attention.extend(crate::retention::attention(engine)?);
    Ok(Overview {
        organisation: store.fact("organisation")?.unwrap_or_default(),
        sample: store.fact("sample")?.is_some(),
        attention,
        listed_not_met,
        calls: deployments.iter().map(|deployment| deployment.calls).sum(),
        activities: store
            .activity_count(&assay_domain::query::Query::default())?
            .1,
        rejected_lines,
        first_call_at: deployments
            .iter()
            .filter_map(|deployment| deployment.first_call_at.clone())
            .min(),
        last_call_at: deployments
            .iter()
            .filter_map(|deployment| deployment.last_call_at.clone())
            .max(),
        last_import_at: batches
            .iter()
            .filter_map(|batch| batch.finished_at_ms)
            .max()
            .map(rfc3339),
        checked_at: checked.ran_at,
        since_checked: checked.since,
        changed_since_checked: checked.changed,
        unchecked: checked.unchecked,
        policy_changed: checked.policy_changed,
        deployments,
        tree_size,
        root: hex::encode(root)[..8].to_owned(),
    })
}

/// Waivers in force that end within two weeks: their findings are not met again by themselves.
fn ending_waivers(findings: &[FindingRow], now_ms: i64) -> impl Iterator<Item = Attention> {
    let soon = rfc3339(now_ms + ENDING_DAYS * 86_400_000);
    findings
        .iter()
        .filter(|finding| finding.verdict == "waived")
        .filter_map(move |finding| {
            let until = finding
                .waiver
                .as_ref()
                .map(|waiver| &waiver.until)
                .filter(|until| **until <= soon)?;
            Some(Attention {
                severity: finding.severity.clone(),
                title: format!("A waiver ends on {}: {}", &until[..10], finding.title),
                deployment: Some(finding.deployment.clone()),
                finding: Some(finding.id.clone()),
                query: None,
                approvals: false,
                screen: None,
            })
        })
}

/// Requests that nobody has answered and that still can be.
fn waiting_requests(engine: &Engine) -> Result<Option<Attention>> {
    let waiting = approvals::waiting(engine)?;
    Ok((waiting > 0).then(|| Attention {
        severity: "medium".to_owned(),
        title: match waiting {
            1 => "1 request waits for a second person's approval.".to_owned(),
            more => format!(
                "{} requests wait for a second person's approval.",
                thousands(more)
            ),
        },
        deployment: None,
        finding: None,
        query: None,
        approvals: true,
        screen: None,
    }))
}
