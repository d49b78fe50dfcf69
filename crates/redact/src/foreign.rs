//! Policies of other tools: Presidio's recognizers, LiteLLM's guardrails, Bedrock Guardrails.
//!
//! In: the text of such a file, or a policy. Out: the text of a draft or of such a file, and a list of
//! whatever could not be carried over: nothing is left out without a word. Not here: saving.

mod bedrock;
mod content_filter;
mod draft;
mod litellm;
mod patterns;
mod presidio;
mod twins;

use serde::Serialize;
use serde_json::Value;

use crate::policy::Policy;

/// Another tool's form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Presidio,
    Litellm,
    Bedrock,
}

impl Form {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Presidio, Self::Litellm, Self::Bedrock];

    /// The name on the terminal and in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Presidio => "presidio",
            Self::Litellm => "litellm",
            Self::Bedrock => "bedrock",
        }
    }

    /// The form of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.name() == name)
    }

    /// How a file of it is called.
    pub const fn file_name(self) -> &'static str {
        match self {
            Self::Presidio => "recognizers.yaml",
            Self::Litellm => "config.yaml",
            Self::Bedrock => "guardrail.json",
        }
    }
}

/// Something that the other side has no word for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Loss {
    /// What, and where it stands.
    pub what: String,
    /// What becomes of it, or what to do.
    pub becomes: String,
}

/// A text that was made of another one, and what is not in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    pub form: Form,
    pub text: String,
    pub losses: Vec<Loss>,
}

/// Why a file can't be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ForeignError {
    #[error("neither YAML nor JSON: {0}")]
    Syntax(String),
    #[error(
        "it is no configuration that is known: it has none of `recognizers` (Presidio), `guardrails` (LiteLLM) and `sensitiveInformationPolicy` (Bedrock)"
    )]
    Unknown,
    #[error("it holds nothing about personal data as {0} writes it")]
    Empty(&'static str),
}

/// The largest file that is read, bytes.
pub const MAX_BYTES: usize = 4 << 20;

/// Makes the text of a policy called `name` of another tool's file; its form is told by its keys
/// where none is given.
///
/// # Errors
/// [`ForeignError`].
pub fn import(text: &str, form: Option<Form>, name: &str) -> Result<Carried, ForeignError> {
    let value = read(text)?;
    let form = match form.or_else(|| told(&value)) {
        Some(form) => form,
        None => return Err(ForeignError::Unknown),
    };
    let mut draft = draft::Draft::named(name, form);
    match form {
        Form::Presidio => presidio::read(&value, &mut draft)?,
        Form::Litellm => litellm::read(&value, &mut draft)?,
        Form::Bedrock => bedrock::read(&value, &mut draft)?,
    }
    Ok(draft.carried())
}

/// Writes a policy as another tool's file.
pub fn export(policy: &Policy, form: Form) -> Carried {
    let mut losses = Vec::new();
    let text = match form {
        Form::Presidio => presidio::write(policy, &mut losses),
        Form::Litellm => litellm::write(policy, &mut losses),
        Form::Bedrock => bedrock::write(policy, &mut losses),
    };
    Carried { form, text, losses }
}

fn read(text: &str) -> Result<Value, ForeignError> {
    // JSON is looked for first: its errors name the place, and it has no second meaning of `no`.
    if text.trim_start().starts_with(['{', '[']) {
        return serde_json::from_str(text).map_err(|error| ForeignError::Syntax(error.to_string()));
    }
    serde_saphyr::from_str(text).map_err(|error| {
        let said = error.to_string();
        ForeignError::Syntax(said.lines().next().unwrap_or_default().to_owned())
    })
}

fn told(value: &Value) -> Option<Form> {
    if value.is_array() || presidio::registry(value).is_some() {
        return Some(Form::Presidio);
    }
    if value.get("guardrails").is_some() || value.get("blocked_words").is_some() {
        return Some(Form::Litellm);
    }
    bedrock::policy(value).map(|_| Form::Bedrock)
}

fn loss(losses: &mut Vec<Loss>, what: impl Into<String>, becomes: impl Into<String>) {
    let new = Loss {
        what: what.into(),
        becomes: becomes.into(),
    };
    if !losses.contains(&new) {
        losses.push(new);
    }
}

fn texts(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(all)) => all
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        _ => Vec::new(),
    }
}
