//! Costs as text: what a call costs by the price table, and on what that stands.
//!
//! Not here: the table and the arithmetic (`assay_domain::price`).

use assay_domain::call::Kind;
use assay_domain::price;
use assay_store::calls::CallRecord;

use crate::trail::view::CostLine;

/// Micro-dollars as a decimal string of dollars: `0.061200`; at least two, at most six decimals.
pub fn usd(micros: i64) -> String {
    let sign = if micros < 0 { "-" } else { "" };
    let (whole, part) = (
        micros.unsigned_abs() / 1_000_000,
        micros.unsigned_abs() % 1_000_000,
    );
    let digits = format!("{part:06}");
    let trimmed = digits.trim_end_matches('0');
    let kept = if trimmed.len() < 2 {
        &digits[..2]
    } else {
        trimmed
    };
    format!("{sign}{whole}.{kept}")
}

/// How the cost of a stored call came about.
pub(crate) fn line(record: &CallRecord) -> CostLine {
    let call = &record.call;
    if let (None, Some(lent)) = (record.cost_usd_micros, &record.lent.cost_usd_micros) {
        return CostLine {
            computed_usd: Some(usd(lent.value)),
            reported_usd: call.reported_cost_usd_micros.map(usd),
            basis: format!(
                "list price as of {} for the tokens that another record of the call tells ({}), before discounts",
                price::AS_OF,
                lent.source.replace('_', " ")
            ),
        };
    }
    let model = call
        .request_model
        .as_deref()
        .or(call.response_model.as_deref());
    let region = call
        .served_region
        .as_deref()
        .or(call.requested_region.as_deref());
    let basis = match model.and_then(|model| price::price(call.kind, model, region)) {
        _ if call.kind == Kind::Private => "a private endpoint has no list price".to_owned(),
        _ if call.kind == Kind::ClaudeEnterprise => {
            "what Claude Enterprise costs is by its contract".to_owned()
        }
        None if model.is_none() => "the record names no model".to_owned(),
        None => format!("the price table of {} does not know the model", price::AS_OF),
        Some(_) if record.cost_usd_micros.is_none() => {
            "the record lacks a token count, or the table the price of one (batch, cache, long context)".to_owned()
        }
        Some(price) => format!(
            "list price of {} as of {} ({}), before discounts{}",
            price.name,
            price::AS_OF,
            price.source,
            if is_placed(call.kind, region) { "" } else { "; the record names no place, so the global price is taken" }
        ),
    };
    CostLine {
        computed_usd: record.cost_usd_micros.map(usd),
        reported_usd: call.reported_cost_usd_micros.map(usd),
        basis,
    }
}

/// Whether the record tells which of the prices by place applies.
fn is_placed(kind: Kind, region: Option<&str>) -> bool {
    match kind {
        Kind::ClaudeApi => matches!(region, Some("us" | "global")),
        Kind::Vertex => region.is_some(),
        Kind::Bedrock | Kind::ClaudeEnterprise | Kind::Private => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dollars_keep_what_counts() {
        assert_eq!(
            (usd(60_000), usd(5_000_000), usd(1), usd(-1_250_000)),
            (
                "0.06".into(),
                "5.00".into(),
                "0.000001".into(),
                "-1.25".into()
            )
        );
    }
}
