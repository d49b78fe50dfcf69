//! The records of one call side by side: what each source says of it, by what they were joined,
//! and in what they disagree.
//!
//! In: the record that is shown and the others of its call. Out: views. Not here: which records are
//! of one call (the store), what counts as a disagreement (`assay_domain::same_call`).

use std::collections::BTreeMap;

use assay_domain::call::Tokens;
use assay_domain::moment::rfc3339;
use assay_domain::parts::{PARENT_ID, SPAN_ID};
use assay_domain::same_call::{Disagreement, Text, Told, WITHIN_MS, disagreements};
use assay_store::calls::CallRecord;
use assay_store::joins::{Join, WitnessRecord};

use crate::trail::costs::usd;
use crate::trail::view::{
    Difference, FieldDisagreement, JoinKind, SourceVersion, ToldText, ToldValue, Witness,
};

/// Another record of the call that `here` is of.
pub(crate) fn witness(here: &CallRecord, witness: &WitnessRecord) -> Witness {
    let there = &witness.record;
    Witness {
        id: there.id.clone(),
        source: there.source.clone(),
        started_at: there.call.started_at_ms.map(rfc3339),
        join: kind_of(witness.join),
        joined_by: joined_by(here, witness),
        differs: differences(here, there),
    }
}

fn kind_of(join: Join) -> JoinKind {
    match join {
        Join::RequestId => JoinKind::RequestId,
        Join::Text | Join::Tokens => JoinKind::Inferred,
    }
}

/// The name of the shared id, or from what it was inferred.
fn joined_by(here: &CallRecord, witness: &WitnessRecord) -> String {
    let (ours, theirs) = (&here.call.request_ids, &witness.record.call.request_ids);
    match witness.join {
        Join::RequestId => ours
            .iter()
            .find(|(name, value)| theirs.get(*name) == Some(value))
            .map(|(name, _)| name.clone())
            .or_else(|| {
                is_nested(ours, theirs).then(|| "the span that one is inside of".to_owned())
            })
            .unwrap_or_else(|| "another record of the call".to_owned()),
        Join::Text => format!(
            "inferred: same text, model and tokens within {} s",
            WITHIN_MS / 1_000
        ),
        Join::Tokens => format!(
            "inferred: same model and tokens within {} s, and no other record could be meant",
            WITHIN_MS / 1_000
        ),
    }
}

/// Whether the span of one is inside of that of the other.
fn is_nested(ours: &BTreeMap<String, String>, theirs: &BTreeMap<String, String>) -> bool {
    let inside = |one: &BTreeMap<String, String>, other: &BTreeMap<String, String>| {
        one.get(PARENT_ID).is_some() && one.get(PARENT_ID) == other.get(SPAN_ID)
    };
    inside(ours, theirs) || inside(theirs, ours)
}

/// What each source says of the call, the record shown first.
pub(crate) fn versions(here: &CallRecord, others: &[WitnessRecord]) -> Vec<SourceVersion> {
    let shown = version(here, JoinKind::Shown, "the record that is shown".to_owned());
    let rest = others
        .iter()
        .map(|other| version(&other.record, kind_of(other.join), joined_by(here, other)));
    std::iter::once(shown).chain(rest).collect()
}

fn version(record: &CallRecord, join: JoinKind, joined_by: String) -> SourceVersion {
    let call = &record.call;
    let told = Told::of(call, record.cost_usd_micros);
    SourceVersion {
        id: record.id.clone(),
        source: record.source.clone(),
        join,
        joined_by,
        started_at: call.started_at_ms.map(rfc3339),
        request_model: call.request_model.clone(),
        requested_region: call.requested_region.clone(),
        served_region: call.served_region.clone(),
        status: call.status,
        http_status: call.http_status,
        input_tokens: call.tokens.input,
        output_tokens: call.tokens.output,
        cache_read_tokens: call.tokens.cache_read,
        cache_write_5m_tokens: call.tokens.cache_write_5m,
        cache_write_1h_tokens: call.tokens.cache_write_1h,
        cost_usd: told.cost_usd_micros.map(usd),
        cost_is_reported: call.reported_cost_usd_micros.is_some(),
        text: match (record.erased, told.text) {
            (Some(_), _) => ToldText::Erased,
            (None, Some(Text::Clear)) => ToldText::Clear,
            (None, Some(Text::Masked)) => ToldText::Masked,
            (None, None) => ToldText::None,
        },
    }
}

/// The fields in which the records of a call disagree, with what each says.
pub(crate) fn disagreeing(here: &CallRecord, others: &[WitnessRecord]) -> Vec<FieldDisagreement> {
    let records: Vec<&CallRecord> = std::iter::once(here)
        .chain(others.iter().map(|other| &other.record))
        .collect();
    let told: Vec<Told<&str>> = records
        .iter()
        .map(|record| Told::of(&record.call, record.cost_usd_micros))
        .collect();
    disagreements(&told)
        .into_iter()
        .map(|field| FieldDisagreement {
            field,
            values: records
                .iter()
                .zip(&told)
                .filter_map(|(record, told)| {
                    Some(ToldValue {
                        source: record.source.clone(),
                        id: record.id.clone(),
                        value: value(field, record, told)?,
                    })
                })
                .collect(),
        })
        .collect()
}

/// What a record says of a field; `None` where it says nothing.
fn value(field: Disagreement, record: &CallRecord, told: &Told<&str>) -> Option<String> {
    match field {
        Disagreement::Region => {
            let parts: Vec<String> = [
                told.requested_region
                    .map(|region| format!("sent to {region}")),
                told.served_region.map(|region| format!("ran in {region}")),
            ]
            .into_iter()
            .flatten()
            .collect();
            (!parts.is_empty()).then(|| parts.join(", "))
        }
        Disagreement::Tokens => tokens(&told.tokens),
        Disagreement::Cost => told.cost_usd_micros.map(|micros| {
            let how = match record.call.reported_cost_usd_micros {
                Some(_) => "reported",
                None => "by the price table",
            };
            format!("{} USD {how}", usd(micros))
        }),
        Disagreement::Status => told.status.map(|status| match told.http_status {
            Some(http) => format!("{} {http}", status.name()),
            None => status.name().to_owned(),
        }),
        Disagreement::Redaction => told.text.map(|text| {
            match text {
                Text::Clear => "in clear",
                Text::Masked => "masked",
            }
            .to_owned()
        }),
    }
}

fn tokens(tokens: &Tokens) -> Option<String> {
    let parts: Vec<String> = [
        ("input", tokens.input),
        ("output", tokens.output),
        ("cache read", tokens.cache_read),
        ("cache write 5m", tokens.cache_write_5m),
        ("cache write 1h", tokens.cache_write_1h),
    ]
    .into_iter()
    .filter_map(|(name, count)| Some(format!("{name} {}", count?)))
    .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// Why it can't be told what else is of this call.
pub(crate) fn ambiguity() -> String {
    format!(
        "Another source has records with the same model and tokens within {} s of this one. Which \
         of them is of this call can't be told, so they are listed as calls of their own.",
        WITHIN_MS / 1_000
    )
}

/// Fields that both records tell, and tell differently, and fields that only the other one tells.
fn differences(here: &CallRecord, there: &CallRecord) -> Vec<Difference> {
    let told = |record: &CallRecord| -> BTreeMap<&'static str, Option<String>> {
        let call = &record.call;
        BTreeMap::from([
            (
                "started_at",
                call.started_at_ms
                    .map(|ms| rfc3339(ms - ms.rem_euclid(1_000))),
            ),
            ("request_model", call.request_model.clone()),
            ("requested_region", call.requested_region.clone()),
            ("served_region", call.served_region.clone()),
            ("principal", call.principal.clone()),
            ("source_ip", call.source_ip.clone()),
            ("status", Some(call.status.name().to_owned())),
            (
                "http_status",
                call.http_status.map(|status| status.to_string()),
            ),
            (
                "input_tokens",
                call.tokens.input.map(|count| count.to_string()),
            ),
            (
                "output_tokens",
                call.tokens.output.map(|count| count.to_string()),
            ),
            ("private_path", call.private_path.clone()),
            ("account", call.account.clone()),
        ])
    };
    let theirs = told(there);
    told(here)
        .into_iter()
        .filter_map(|(field, here)| {
            let there = theirs.get(field).cloned().flatten();
            (there.is_some() && there != here).then(|| Difference {
                field: field.to_owned(),
                here,
                there,
            })
        })
        .collect()
}
