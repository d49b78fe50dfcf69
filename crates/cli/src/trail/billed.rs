//! `assay trail usage`, and what `assay trail reconcile` says of the provider's reports.
//!
//! Not here: which rows count and how they are compared (the engine).

use assay_engine::opening::Engine;
use assay_engine::trail::billed;
use assay_engine::trail::billed::view::{
    AskUsage, BilledComparison, BilledModel, UsagePage, UsageRow,
};

use crate::ending::Ending;
use crate::output::Output;
use crate::output::human::{Column, counted, or_dash, table, thousands};

/// Lists rows of the provider's usage and cost reports.
pub(crate) fn usage(engine: &Engine, asked: AskUsage, output: &mut Output) -> Result<(), Ending> {
    let page: UsagePage = billed::usage(engine, asked)?;
    if output.is_json() {
        return output.document(&page);
    }
    let columns = [
        Column::Whole("bucket"),
        Column::Text("model"),
        Column::Number("input"),
        Column::Number("output"),
        Column::Number("cached"),
        Column::Number("USD"),
        Column::Whole("counts"),
        Column::Text("of"),
    ];
    let rows: Vec<Vec<String>> = page.rows.iter().map(cells).collect();
    output.text(&table(
        &columns,
        &rows,
        "no row of a usage or cost report; `assay import` takes their JSON in",
    ))?;
    if page.total == 0 {
        return Ok(());
    }
    let mut sums = Vec::new();
    if let Some(tokens) = page.tokens {
        sums.push(format!("{} tokens", thousands(tokens.all)));
    }
    if let Some(amount) = &page.amount_usd {
        sums.push(format!("{amount} USD billed"));
    }
    let mut note = format!(
        "\n{} of {} count: {}",
        thousands(page.counted),
        counted(page.total, "row"),
        match sums.is_empty() {
            true => "nothing to add up".to_owned(),
            false => sums.join(", "),
        }
    );
    if page.other_currency > 0 {
        note.push_str(&format!(
            "\n{} in another currency, in no sum",
            counted(page.other_currency, "row")
        ));
    }
    if let Some(next) = &page.next {
        note.push_str(&format!("\nmore: --after {next}"));
    }
    output.note(&note)
}

fn cells(row: &UsageRow) -> Vec<String> {
    let of: Vec<String> = [
        ("workspace", &row.workspace_id),
        ("key", &row.api_key_id),
        ("account", &row.account_id),
        ("service account", &row.service_account_id),
        ("tier", &row.service_tier),
        ("context", &row.context_window),
        ("geo", &row.inference_geo),
        ("cost of", &row.cost_type),
        ("tokens", &row.token_type),
    ]
    .into_iter()
    .filter_map(|(name, value)| value.as_ref().map(|value| format!("{name} {value}")))
    .collect();
    let tokens = row.tokens.map_or_else(
        || vec!["–".to_owned(); 3],
        |tokens| {
            [
                tokens.input_tokens,
                tokens.output_tokens,
                tokens.cache_read_tokens
                    + tokens.cache_write_5m_tokens
                    + tokens.cache_write_1h_tokens,
            ]
            .map(thousands)
            .to_vec()
        },
    );
    let amount = match (&row.amount_usd, &row.currency) {
        (Some(amount), _) => amount.clone(),
        (None, Some(currency)) if row.report == "cost" => format!("in {currency}"),
        _ => "–".to_owned(),
    };
    let mut cells = vec![bucket(row), or_dash(row.model.as_deref())];
    cells.extend(tokens);
    cells.extend([
        amount,
        if row.counts { "yes" } else { "no" }.to_owned(),
        of.join(", "),
    ]);
    cells
}

/// When a bucket begins; of a day its date.
fn bucket(row: &UsageRow) -> String {
    let at: String = row.from.chars().take(16).collect();
    match at.strip_suffix("T00:00") {
        Some(day) if !row.to.starts_with(day) => day.to_owned(),
        _ => at.replace('T', " "),
    }
}

/// What the provider billed against what the trail holds, by model.
pub(crate) fn compared(found: &BilledComparison) -> String {
    if found.usage_rows == 0 && found.cost_rows == 0 {
        return "what the provider billed is unknown: no usage or cost report of this period was imported\n"
            .to_owned();
    }
    let columns = [
        Column::Text("billed: model"),
        Column::Number("days"),
        Column::Number("tokens billed"),
        Column::Number("in the trail"),
        Column::Number("calls"),
        Column::Number("USD billed"),
        Column::Number("by price table"),
        Column::Whole("state"),
    ];
    let rows: Vec<Vec<String>> = found.models.iter().map(of_model).collect();
    let mut text = table(&columns, &rows, "no day is covered by a report");
    text.push('\n');
    for cost in &found.other_costs {
        text.push_str(&format!(
            "{} USD of {}, of no model\n",
            cost.usd,
            cost.cost_type.replace('_', " ")
        ));
    }
    if found.uncovered_calls > 0 {
        text.push_str(&format!(
            "{} to the Claude API on days that no report covers\n",
            counted(found.uncovered_calls, "call")
        ));
    }
    text
}

fn of_model(model: &BilledModel) -> Vec<String> {
    let name = match model.model.as_deref() {
        None => "all models",
        Some("") => "not named",
        Some(name) => name,
    };
    let unknown = || "unknown".to_owned();
    let money = |usd: &Option<String>| usd.clone().unwrap_or_else(unknown);
    vec![
        match &model.deployment {
            Some(deployment) => format!("{name} ({deployment})"),
            None => name.to_owned(),
        },
        thousands(model.days),
        model
            .billed
            .map_or_else(unknown, |tokens| thousands(tokens.all)),
        model
            .held
            .map_or_else(unknown, |tokens| thousands(tokens.all)),
        thousands(model.calls),
        money(&model.billed_usd),
        money(&model.held_usd),
        model.state.replace('_', " "),
    ]
}
