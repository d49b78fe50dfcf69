//! The columns of an export: which there are, and what stands in them for one record.
//!
//! Names are those of the terminal's JSON. Not here: writing them.

use std::collections::HashMap;

use assay_domain::exchange::Exchange;
use assay_store::activities::ActivityRecord;
use assay_store::calls::CallRecord;
use serde_json::{Value, json};

use crate::error::{Code, Result, WireError};
use crate::masking::Masker;
use crate::trail::exporting::view::ExportColumn;
use crate::trail::view::MaskedPart;
use crate::trail::{activity_row, row_named};

/// Which records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Records {
    Calls,
    Activities,
}

impl Records {
    /// The records with this name.
    ///
    /// # Errors
    /// `bad_input`.
    pub fn named(name: &str) -> Result<Self> {
        match name {
            "calls" => Ok(Self::Calls),
            "activities" => Ok(Self::Activities),
            _ => Err(
                WireError::new(Code::BadInput, format!("no records of this name: {name}"))
                    .hint("calls or activities"),
            ),
        }
    }

    /// The name on the terminal and in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Calls => "calls",
            Self::Activities => "activities",
        }
    }

    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Calls => "Calls",
            Self::Activities => "Activities",
        }
    }
}

/// How text leaves the engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Text {
    Masked,
    Original,
}

impl Text {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Masked => "masked",
            Self::Original => "original",
        }
    }
}

/// Where a column stands among the others.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rank {
    Standard,
    More,
    /// The text of a call.
    Text,
}

use Rank::{More, Standard};

const CALLS: [(&str, Rank); 37] = [
    ("id", Standard),
    ("started_at", Standard),
    ("deployment", Standard),
    ("kind", Standard),
    ("sources", Standard),
    ("status", Standard),
    ("http_status", Standard),
    ("error_type", Standard),
    ("stop_reason", Standard),
    ("request_model", Standard),
    ("response_model", Standard),
    ("requested_region", Standard),
    ("served_region", Standard),
    ("principal", Standard),
    ("source_ip", More),
    ("latency_ms", Standard),
    ("input_tokens", Standard),
    ("output_tokens", Standard),
    ("cache_read_tokens", Standard),
    ("cache_write_5m_tokens", Standard),
    ("cache_write_1h_tokens", Standard),
    ("cost_usd", Standard),
    ("lent", Standard),
    ("classification", More),
    ("conversation_id", More),
    ("request_ids", Standard),
    ("metadata", More),
    ("body", Standard),
    ("features", More),
    ("oddities", More),
    ("conflict", More),
    ("entities", Standard),
    ("erased", Standard),
    ("held", Standard),
    ("leaf", Standard),
    ("request", Rank::Text),
    ("response", Rank::Text),
];

const ACTIVITIES: [(&str, Rank); 18] = [
    ("id", Standard),
    ("at", Standard),
    ("action", Standard),
    ("category", Standard),
    ("kind", Standard),
    ("actor", Standard),
    ("source_ip", Standard),
    ("region", Standard),
    ("account", Standard),
    ("target", Standard),
    ("succeeded", Standard),
    ("error_type", Standard),
    ("source", Standard),
    ("reason", Standard),
    ("oddities", More),
    ("erased", Standard),
    ("held", Standard),
    ("leaf", Standard),
];

fn of(records: Records) -> &'static [(&'static str, Rank)] {
    match records {
        Records::Calls => &CALLS,
        Records::Activities => &ACTIVITIES,
    }
}

/// All columns of these records.
pub(crate) fn all(records: Records) -> Vec<ExportColumn> {
    of(records)
        .iter()
        .map(|(name, rank)| ExportColumn {
            name: (*name).to_owned(),
            standard: *rank == Standard,
            text: *rank == Rank::Text,
        })
        .collect()
}

/// The columns of one export.
pub(crate) struct Chosen(Vec<(&'static str, Rank)>);

impl Chosen {
    /// Those with these names, or the standard ones.
    ///
    /// # Errors
    /// `bad_input` for a name that there is not, or twice.
    pub(crate) fn new(records: Records, names: &[String]) -> Result<Self> {
        let known = of(records);
        if names.is_empty() {
            let standard = known.iter().filter(|(_, rank)| *rank == Standard);
            return Ok(Self(standard.copied().collect()));
        }
        let mut chosen: Vec<(&'static str, Rank)> = Vec::new();
        for name in names {
            let column = known
                .iter()
                .find(|(candidate, _)| candidate == name)
                .ok_or_else(|| {
                    let all: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
                    WireError::new(Code::BadInput, format!("no column: {name}"))
                        .hint(format!("there are {}", all.join(", ")))
                })?;
            if chosen.iter().any(|(name, _)| *name == column.0) {
                return Err(WireError::new(
                    Code::BadInput,
                    format!("a column is named twice: {name}"),
                ));
            }
            chosen.push(*column);
        }
        Ok(Self(chosen))
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.0.iter().map(|(name, _)| (*name).to_owned()).collect()
    }

    /// Whether the text of calls is among them.
    pub(crate) fn has_text(&self) -> bool {
        self.0.iter().any(|(_, rank)| *rank == Rank::Text)
    }
}

/// Names that are masked once: few models have many calls.
const NAMES: usize = 4_096;

/// Makes the cells of records.
pub(crate) struct Cells<'a> {
    chosen: &'a Chosen,
    masker: &'a Masker,
    text: Text,
    /// By deployment.
    names: HashMap<String, HashMap<String, String>>,
}

impl<'a> Cells<'a> {
    pub(crate) fn new(chosen: &'a Chosen, masker: &'a Masker, text: Text) -> Self {
        Self {
            chosen,
            masker,
            text,
            names: HashMap::new(),
        }
    }

    /// The cells of a call; `said` is its text where that is exported.
    pub(crate) fn call(
        &mut self,
        record: &CallRecord,
        said: Option<&Exchange>,
    ) -> Result<Vec<Value>> {
        let masker = self.masker.of(&record.deployment);
        // A name is masked once for each deployment that has it.
        let names = self.names.entry(record.deployment.clone()).or_default();
        let text = self.text;
        let row = row_named(record, |name| match text {
            Text::Original => name.to_owned(),
            Text::Masked => {
                if let Some(masked) = names.get(name) {
                    return masked.clone();
                }
                let masked = masker.word(name);
                if names.len() < NAMES {
                    names.insert(name.to_owned(), masked.clone());
                }
                masked
            }
        });
        let mut fields = fields(&row)?;
        fields.insert("leaf".to_owned(), json!(record.seq));
        if let Some(said) = said {
            let (request, response) = match self.text {
                Text::Masked => masker.exchange(said),
                Text::Original => masker.revealed(said),
            };
            fields.insert("request".to_owned(), parts(&request));
            fields.insert("response".to_owned(), parts(&response));
        }
        Ok(self.taken(fields))
    }

    pub(crate) fn activity(&mut self, record: &ActivityRecord) -> Result<Vec<Value>> {
        let mut fields = fields(&activity_row(record))?;
        fields.insert("leaf".to_owned(), json!(record.seq));
        Ok(self.taken(fields))
    }

    fn taken(&self, mut fields: serde_json::Map<String, Value>) -> Vec<Value> {
        let chosen = self.chosen.0.iter();
        chosen
            .map(|(name, _)| fields.remove(*name).unwrap_or(Value::Null))
            .collect()
    }
}

fn fields(row: &impl serde::Serialize) -> Result<serde_json::Map<String, Value>> {
    match serde_json::to_value(row) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) | Err(_) => Err(WireError::new(Code::Internal, "a record has no fields")),
    }
}

/// The fields of a text, one below the other, each with its name.
fn parts(parts: &[MaskedPart]) -> Value {
    if parts.is_empty() {
        return Value::Null;
    }
    let shown: Vec<String> = parts
        .iter()
        .map(|part| {
            let text: String = part.segments.iter().map(|one| one.text.as_str()).collect();
            let cut = match part.cut {
                0 => String::new(),
                cut => format!(" … ({cut} more characters)"),
            };
            let path = match &part.path {
                Some(path) => format!(" {path}"),
                None => String::new(),
            };
            format!("[{}{path}] {text}{cut}", part.field.name())
        })
        .collect();
    Value::String(shown.join("\n"))
}
