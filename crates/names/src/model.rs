//! A names model that can be used, and why one can't.
//!
//! In: the bytes of a folder's files. Out: names in texts. A model is tried once before it is used: what
//! it gives must be one number for each label and piece. Whatever it is, it ends in an answer: faults of
//! the program are caught. Not here: where the files are.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use assay_redact::names::Name;
use ndarray::{ArrayD, IxDyn};
use serde_json::Value as Json;

use crate::graph::Graph;
use crate::labels::{self, Label};
use crate::proto::{self, Beside};
use crate::tensor::Value;
use crate::tokenizer::Tokenizer;
use crate::windows::{self, Likelihoods};

/// Pieces that are read together, those around a text included.
const WINDOW: usize = 256;
/// Windows whose outcome is kept, since a treated text is looked through again.
const KEPT: usize = 48;

/// Why a model can't be used. Holds no text that it was tried on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{file}`: {what}")]
pub struct Refused {
    /// The file that is wrong.
    pub file: String,
    pub what: String,
    /// What to do.
    pub hint: String,
}

impl Refused {
    pub(crate) fn model(what: impl Into<String>) -> Self {
        Self {
            file: "model.onnx".to_owned(),
            what: what.into(),
            hint: "copy the whole file again, or export the model again as a token classification in ONNX"
                .to_owned(),
        }
    }

    /// A file that ends too early.
    pub fn cut(name: &str) -> Self {
        Self {
            file: plain(name),
            what: "it is cut: something ends before its length".to_owned(),
            hint: "copy the whole file again, and compare its SHA-256 with its source's".to_owned(),
        }
    }

    pub(crate) fn operations(list: &str) -> Self {
        Self {
            file: "model.onnx".to_owned(),
            what: format!("it needs operations that are not known here: {list}"),
            hint: "take an export of the same model without them: one in 32 bits that no tool optimised for other programs"
                .to_owned(),
        }
    }

    /// Something else that is wrong with a file.
    pub fn file(name: &str, what: impl Into<String>) -> Self {
        Self {
            file: plain(name),
            what: what.into(),
            hint: "take all files from the same place as the model, as they were published"
                .to_owned(),
        }
    }
}

/// Why a text could not be looked through.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Failed(pub String);

/// A name from a file, short and without controls.
pub(crate) fn plain(name: &str) -> String {
    let short: String = name
        .chars()
        .map(|c| if c.is_control() { '\u{FFFD}' } else { c })
        .take(80)
        .collect();
    match short.len() < name.len() {
        true => format!("{short}…"),
        false => short,
    }
}

/// What text is cut by.
#[derive(Debug, Clone, Copy)]
pub enum Cutting<'a> {
    /// A `tokenizer.json`.
    Json(&'a [u8]),
    /// A `vocab.txt`, and a `tokenizer_config.json` where there is one.
    Vocab(&'a [u8], Option<&'a [u8]>),
}

/// The files of a model.
#[derive(Debug, Clone, Copy)]
pub struct Parts<'a> {
    pub onnx: &'a [u8],
    pub cutting: Cutting<'a>,
    /// `config.json`.
    pub config: &'a [u8],
}

type Kept = VecDeque<(Vec<u32>, Arc<Likelihoods>)>;

/// A model that can be used, from any thread.
#[derive(Debug)]
pub struct NamesModel {
    graph: Graph,
    output: String,
    tokenizer: Tokenizer,
    labels: Vec<Label>,
    /// Pieces of a text that are read together.
    budget: usize,
    kept: Mutex<Kept>,
}

/// What goes in, by the names that transformers give it.
const INPUTS: [&str; 4] = [
    "input_ids",
    "attention_mask",
    "token_type_ids",
    "position_ids",
];

impl NamesModel {
    /// Reads and tries a model. `beside` gives the files that it keeps weights in.
    ///
    /// # Errors
    /// [`Refused`] with what is wrong and what to do.
    pub fn new(parts: Parts<'_>, beside: Beside<'_>) -> Result<Self, Refused> {
        caught(|| Self::read(parts, beside))
            .unwrap_or_else(|| Err(Refused::model("reading it made this program fail")))
    }

    fn read(parts: Parts<'_>, beside: Beside<'_>) -> Result<Self, Refused> {
        let config: Json = serde_json::from_slice(parts.config)
            .map_err(|_| Refused::file("config.json", "it is no JSON, or it is cut"))?;
        let labels = labels::read(&config)?;
        let tokenizer = match parts.cutting {
            Cutting::Json(bytes) => Tokenizer::from_json(bytes)?,
            Cutting::Vocab(bytes, more) => {
                let more: Json = more
                    .and_then(|more| serde_json::from_slice(more).ok())
                    .unwrap_or_default();
                Tokenizer::from_vocab(bytes, more["do_lower_case"].as_bool())?
            }
        };
        if let Some(size) = config["vocab_size"].as_u64()
            && tokenizer.size() as u64 > size
        {
            return Err(Refused::file(
                "config.json",
                format!(
                    "the model knows {size} pieces, and the tokenizer has {}: they are of different models",
                    tokenizer.size()
                ),
            ));
        }
        let model = proto::model(parts.onnx, beside)?;
        for (name, shape) in model.inputs.iter().zip(&model.input_shapes) {
            if !INPUTS.contains(&name.as_str()) {
                return Err(Refused::model(format!(
                    "it wants an input `{}`; a token classification takes {}",
                    plain(name),
                    INPUTS.join(", ")
                )));
            }
            if let [batch, length] = shape.as_slice()
                && (batch.is_some_and(|batch| batch != 1) || length.is_some())
            {
                let said = |length: &Option<u64>| {
                    length.map_or_else(|| "any".to_owned(), |length| length.to_string())
                };
                return Err(Refused {
                    hint: "export it with dynamic axes, so that texts may be of any length"
                        .to_owned(),
                    ..Refused::model(format!(
                        "it takes {} texts of {} pieces and no others",
                        said(batch),
                        said(length)
                    ))
                });
            }
        }
        if !model.inputs.iter().any(|name| name == INPUTS[0]) {
            return Err(Refused::model(format!("it has no input `{}`", INPUTS[0])));
        }
        let graph = Graph::new(model)?;
        let output = graph
            .outputs()
            .find(|name| *name == "logits")
            .or_else(|| graph.outputs().next())
            .unwrap_or_default()
            .to_owned();
        let (before, after) = tokenizer.around();
        let around = before.len() + after.len();
        // Of a RoBERTa two positions can't be used.
        let positions = config["max_position_embeddings"]
            .as_u64()
            .and_then(|most| usize::try_from(most).ok())
            .map_or(WINDOW, |most| most.saturating_sub(2).min(WINDOW));
        let budget = positions.saturating_sub(around);
        if budget < 8 {
            return Err(Refused::file(
                "config.json",
                format!("the model reads {positions} pieces at a time, which is too few"),
            ));
        }
        let model = Self {
            graph,
            output,
            tokenizer,
            labels,
            budget,
            kept: Mutex::default(),
        };
        model.try_once()?;
        Ok(model)
    }

    /// Reads as many pieces as it ever will, the last that the tokenizer has among them.
    fn try_once(&self) -> Result<(), Refused> {
        let largest = self.tokenizer.size().saturating_sub(1) as u32;
        for length in [1, self.budget] {
            let mut ids = vec![largest; length];
            ids.iter_mut()
                .zip(0..)
                .skip(1)
                .for_each(|(id, at)| *id = at % (largest + 1));
            let value = self
                .run(&ids)
                .map_err(|Failed(what)| Refused::model(format!("trying it failed: {what}")))?;
            self.check(&value, length)?;
        }
        Ok(())
    }

    fn pieces(&self, length: usize) -> usize {
        let (before, after) = self.tokenizer.around();
        before.len() + length + after.len()
    }

    fn check(&self, value: &Value, length: usize) -> Result<(), Refused> {
        let pieces = self.pieces(length);
        match value.shape() {
            [1, rows, count] if *rows == pieces && *count == self.labels.len() => {}
            [1, rows, count] if *rows == pieces => {
                return Err(Refused {
                    hint: "take `config.json` from the same place as `model.onnx`".to_owned(),
                    ..Refused::model(format!(
                        "it gives {count} numbers for each piece, and `config.json` has {} labels",
                        self.labels.len()
                    ))
                });
            }
            [1, count] => {
                return Err(Refused::model(format!(
                    "it gives {count} numbers for a whole text, not for each piece: it is no token classification"
                )));
            }
            other => {
                return Err(Refused::model(format!(
                    "it gives an array of {other:?} for {pieces} pieces, where a token classification \
                     gives [1, {pieces}, {}]",
                    self.labels.len()
                )));
            }
        }
        match value.floats().iter().all(|number| number.is_finite()) {
            true => Ok(()),
            false => Err(Refused::model(
                "it gives what is no number: its weights are damaged, or too small a kind of number holds them",
            )),
        }
    }

    fn run(&self, ids: &[u32]) -> Result<Value, Failed> {
        let (before, after) = self.tokenizer.around();
        let all: Vec<i64> = before
            .iter()
            .chain(ids)
            .chain(after)
            .map(|id| i64::from(*id))
            .collect();
        let count = all.len();
        let row = |numbers: Vec<i64>| {
            ArrayD::from_shape_vec(IxDyn(&[1, count]), numbers)
                .map(Value::from)
                .map_err(|error| Failed(error.to_string()))
        };
        let given = [
            (INPUTS[0], row(all)?),
            (INPUTS[1], row(vec![1; count])?),
            (INPUTS[2], row(vec![0; count])?),
            (INPUTS[3], row((0..count as i64).collect())?),
        ];
        caught(|| self.graph.run(&given, &self.output))
            .unwrap_or_else(|| Err(Failed("running it made this program fail".to_owned())))
    }

    /// The labels, by number.
    pub fn labels(&self) -> &[Label] {
        &self.labels
    }

    /// The names in `text`, in order, never overlapping. `goes_on` is asked before each window.
    ///
    /// # Errors
    /// [`Failed`] where the model can't read some part of the text, and where `goes_on` says no: what
    /// was found up to there is not answered, since the rest is not known.
    pub fn find(&self, text: &str, goes_on: &dyn Fn() -> bool) -> Result<Vec<Name>, Failed> {
        let mut found = Vec::new();
        for (from, part) in windows::stretches(text) {
            let before = found.len();
            self.stretch(part, goes_on, &mut found)?;
            for name in &mut found[before..] {
                name.start += from;
                name.end += from;
            }
        }
        Ok(found)
    }

    fn stretch(
        &self,
        text: &str,
        goes_on: &dyn Fn() -> bool,
        found: &mut Vec<Name>,
    ) -> Result<(), Failed> {
        if !text.contains(char::is_alphabetic) {
            return Ok(());
        }
        let tokens = self.tokenizer.cut(text);
        if tokens.is_empty() {
            return Ok(());
        }
        let begins = windows::beginnings(text, &tokens);
        let wide = self.labels.len();
        // What is not read, since it has no letter, is no name.
        let mut likely = vec![0.0_f32; tokens.len() * wide];
        for (from, to, counts) in windows::plan(&begins, self.budget) {
            if !goes_on() {
                return Err(Failed("it was stopped".to_owned()));
            }
            let inner = &tokens[from..to];
            if !windows::has_letters(text, inner) {
                likely[counts * wide..to * wide].fill(0.0);
                continue;
            }
            let ids: Vec<u32> = inner.iter().map(|token| token.id).collect();
            let said = self.window(ids)?;
            likely[counts * wide..to * wide].copy_from_slice(&said[(counts - from) * wide..]);
        }
        windows::names(text, &tokens, &begins, &likely, &self.labels, found);
        Ok(())
    }

    /// How likely each label is of each piece, piece after piece.
    fn window(&self, ids: Vec<u32>) -> Result<Arc<Likelihoods>, Failed> {
        let kept = || self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, said)) = kept().iter().find(|(other, _)| *other == ids) {
            return Ok(Arc::clone(said));
        }
        let value = self.run(&ids)?;
        self.check(&value, ids.len())
            .map_err(|refused| Failed(refused.what))?;
        let first = self.tokenizer.around().0.len();
        let wide = self.labels.len();
        let mut said: Likelihoods = value
            .floats()
            .iter()
            .copied()
            .skip(first * wide)
            .take(ids.len() * wide)
            .collect();
        for row in said.chunks_exact_mut(wide) {
            let most = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            row.iter_mut().for_each(|x| *x = (*x - most).exp());
            let sum: f32 = row.iter().sum();
            row.iter_mut().for_each(|x| *x /= sum);
        }
        let said = Arc::new(said);
        let mut kept = kept();
        if kept.len() >= KEPT {
            kept.pop_front();
        }
        kept.push_back((ids, Arc::clone(&said)));
        Ok(said)
    }
}

/// What `run` answers; `None` where the program failed in it, whatever the model is.
fn caught<T>(run: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(run)).ok()
}
