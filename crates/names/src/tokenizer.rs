//! Cutting text into the pieces that a model knows, each with its place in the text as it came.
//!
//! In: `tokenizer.json` of Hugging Face (WordPiece, byte-level BPE, Unigram) or the `vocab.txt` of a
//! BERT. Out: numbers of pieces with UTF-8 byte offsets, on character boundaries. Linear in the text: a
//! word is cut where it is absurdly long. What a file asks for and is not known here is refused, since
//! other pieces give other findings. Special pieces are never read out of a text. Source: the formats of
//! `tokenizers` 0.2x. Not here: windows of pieces (`windows`).

mod bytes;
mod normal;
mod pieces;

use std::collections::HashMap;

use serde_json::Value;

use crate::model::Refused;
use normal::Normal;
use pieces::Pieces;

/// A character of the normalised text, and where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Char {
    pub(crate) c: char,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// A piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    pub id: u32,
    /// Byte offsets in the text, half-open.
    pub start: usize,
    pub end: usize,
}

/// How text falls apart before it is looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cut {
    /// At blanks, with each mark by itself.
    Bert,
    /// Into words of bytes, as GPT-2 does; with a blank put in front or not.
    Bytes { prefix: bool },
    /// At blanks, which are written `▁`.
    Blanks { prefix: bool },
}

/// Cuts texts for one model.
#[derive(Debug)]
pub struct Tokenizer {
    normal: Vec<Normal>,
    cut: Cut,
    pieces: Pieces,
    /// What stands before and behind the pieces of a text.
    before: Vec<u32>,
    after: Vec<u32>,
    /// One more than the largest number of a piece.
    size: usize,
}

fn refused(what: impl Into<String>) -> Refused {
    Refused::file("tokenizer.json", what)
}

impl Tokenizer {
    /// From a `tokenizer.json`.
    ///
    /// # Errors
    /// [`Refused`] where it is none, or asks for what is not known here.
    pub fn from_json(bytes: &[u8]) -> Result<Self, Refused> {
        let json: Value =
            serde_json::from_slice(bytes).map_err(|_| refused("it is no JSON, or it is cut"))?;
        let model = &json["model"];
        let kind = match model["type"].as_str() {
            Some(kind) => kind,
            // Older files don't say; what they hold tells.
            None if model["merges"].is_array() => "BPE",
            None if model["vocab"].is_object() => "WordPiece",
            None => return Err(refused("it has no `model`")),
        };
        let mut normal = Vec::new();
        normal::read(&json["normalizer"], &mut normal).map_err(refused)?;
        let cut = cut(&json["pre_tokenizer"], kind).map_err(refused)?;
        let pieces = match (kind, cut) {
            ("WordPiece", Cut::Bert) => Pieces::words(model),
            ("BPE", Cut::Bytes { .. }) => Pieces::merges(model),
            ("Unigram", Cut::Blanks { .. }) => Pieces::unigram(model),
            (other, _) => Err(format!(
                "`{}` with this `pre_tokenizer` is not known here",
                crate::model::plain(other)
            )),
        }
        .map_err(refused)?;
        let mut known = HashMap::new();
        for token in json["added_tokens"].as_array().into_iter().flatten() {
            if let (Some(content), Some(id)) = (token["content"].as_str(), token["id"].as_u64())
                && let Ok(id) = u32::try_from(id)
            {
                known.insert(content.to_owned(), id);
            }
        }
        let (before, after) = around(&json["post_processor"], &known, &pieces).map_err(refused)?;
        let added = known.values().map(|id| *id as usize + 1).max().unwrap_or(0);
        Ok(Self {
            normal,
            cut,
            size: pieces.size().max(added),
            pieces,
            before,
            after,
        })
    }

    /// From the list of words of a BERT; `lowercase` as its `tokenizer_config.json` says.
    ///
    /// # Errors
    /// [`Refused`] where it is none.
    pub fn from_vocab(text: &[u8], lowercase: Option<bool>) -> Result<Self, Refused> {
        let refused = |what: &str| Refused::file("vocab.txt", what);
        let text = std::str::from_utf8(text).map_err(|_| refused("it is no text in UTF-8"))?;
        let vocab: HashMap<String, u32> = text.lines().map(str::to_owned).zip(0..).collect();
        let special = |name: &str| {
            vocab.get(name).copied().ok_or_else(|| {
                refused(&format!(
                    "it has no line `{name}`: it is cut, or no list of a BERT"
                ))
            })
        };
        let (before, after) = (vec![special("[CLS]")?], vec![special("[SEP]")?]);
        let unknown = special("[UNK]")?;
        let lowercase = lowercase.unwrap_or_else(|| {
            !vocab
                .keys()
                .any(|word| word.chars().next().is_some_and(char::is_uppercase))
        });
        let pieces = Pieces::of_words(vocab, unknown);
        Ok(Self {
            normal: vec![Normal::Bert {
                clean: true,
                chinese: true,
                accents: lowercase,
                lowercase,
            }],
            cut: Cut::Bert,
            size: pieces.size(),
            pieces,
            before,
            after,
        })
    }

    /// What stands before and behind the pieces of a text.
    pub fn around(&self) -> (&[u32], &[u32]) {
        (&self.before, &self.after)
    }

    /// One more than the largest number of a piece.
    pub fn size(&self) -> usize {
        self.size
    }

    /// The pieces of `text`, in order.
    pub fn cut(&self, text: &str) -> Vec<Token> {
        let mut chars: Vec<Char> = text
            .char_indices()
            .map(|(start, c)| Char {
                c,
                start,
                end: start + c.len_utf8(),
            })
            .collect();
        for step in &self.normal {
            chars = step.apply(chars);
        }
        let mut tokens = Vec::new();
        match self.cut {
            Cut::Bert => normal::bert_words(&chars, |word| self.pieces.cut(word, &mut tokens)),
            Cut::Bytes { prefix } => {
                bytes::words(&chars, prefix, |word| self.pieces.cut(word, &mut tokens));
            }
            Cut::Blanks { prefix } => {
                normal::blank_words(&chars, prefix, |word| self.pieces.cut(word, &mut tokens));
            }
        }
        trim(text, &mut tokens);
        tokens
    }
}

/// Places without the blanks at their ends; a piece that is nothing but blanks keeps its place.
fn trim(text: &str, tokens: &mut [Token]) {
    for token in tokens {
        let part = &text[token.start..token.end];
        let inner = part.trim();
        if !inner.is_empty() {
            token.start += part.len() - part.trim_start().len();
            token.end = token.start + inner.len();
        }
    }
}

fn cut(json: &Value, kind: &str) -> Result<Cut, String> {
    let flag = |json: &Value, name: &str| json[name].as_bool().unwrap_or(false);
    match json["type"].as_str() {
        Some("BertPreTokenizer") => Ok(Cut::Bert),
        Some("ByteLevel") if json["use_regex"].as_bool().unwrap_or(true) => Ok(Cut::Bytes {
            prefix: flag(json, "add_prefix_space"),
        }),
        Some("Metaspace") => Ok(Cut::Blanks {
            prefix: match json["prepend_scheme"].as_str() {
                Some(scheme) => scheme != "never",
                None => json["add_prefix_space"].as_bool().unwrap_or(true),
            },
        }),
        Some("Sequence") => {
            let parts = json["pretokenizers"]
                .as_array()
                .map_or(&[][..], Vec::as_slice);
            match parts {
                [one] => cut(one, kind),
                [first, second] if first["type"] == "WhitespaceSplit" => cut(second, kind),
                _ => Err("its `pre_tokenizer` has steps that are not known here".to_owned()),
            }
        }
        Some(other) => Err(format!(
            "its `pre_tokenizer` `{}` is not known here",
            crate::model::plain(other)
        )),
        None if kind == "WordPiece" => Ok(Cut::Bert),
        None => Err("it has no `pre_tokenizer`".to_owned()),
    }
}

type Around = (Vec<u32>, Vec<u32>);

fn around(json: &Value, known: &HashMap<String, u32>, pieces: &Pieces) -> Result<Around, String> {
    let id = |name: &str| {
        known
            .get(name)
            .copied()
            .or_else(|| pieces.id(name))
            .ok_or_else(|| format!("it has no piece `{}`", crate::model::plain(name)))
    };
    match json["type"].as_str() {
        Some("TemplateProcessing") => {
            let (mut before, mut after) = (Vec::new(), Vec::new());
            let mut is_behind = false;
            for part in json["single"].as_array().into_iter().flatten() {
                if part["Sequence"].is_object() {
                    is_behind = true;
                } else if let Some(name) = part["SpecialToken"]["id"].as_str() {
                    let ids = &json["special_tokens"][name]["ids"];
                    let own = ids[0].as_u64().and_then(|id| u32::try_from(id).ok());
                    let id = own.map_or_else(|| id(name), Ok)?;
                    if is_behind { &mut after } else { &mut before }.push(id);
                }
            }
            Ok((before, after))
        }
        Some("BertProcessing" | "RobertaProcessing") => {
            let of = |name: &str| {
                json[name][1]
                    .as_u64()
                    .and_then(|id| u32::try_from(id).ok())
                    .ok_or_else(|| format!("its `post_processor` has no `{name}`"))
            };
            Ok((vec![of("cls")?], vec![of("sep")?]))
        }
        Some("Sequence") => {
            let parts = json["processors"].as_array().map_or(&[][..], Vec::as_slice);
            let named = |part: &&Value| part["type"] != "ByteLevel";
            match parts.iter().filter(named).collect::<Vec<_>>().as_slice() {
                [] => Ok((Vec::new(), Vec::new())),
                [one] => around(one, known, pieces),
                _ => Err("its `post_processor` has steps that are not known here".to_owned()),
            }
        }
        Some("ByteLevel") | None => match (pieces.is_words(), id("[CLS]"), id("[SEP]")) {
            (true, Ok(first), Ok(last)) if json.is_null() => Ok((vec![first], vec![last])),
            _ => Ok((Vec::new(), Vec::new())),
        },
        Some(other) => Err(format!(
            "its `post_processor` `{}` is not known here",
            crate::model::plain(other)
        )),
    }
}
