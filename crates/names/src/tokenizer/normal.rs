//! What a text is made into before it is cut, with where each character comes from.

use serde_json::Value;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

use super::Char;

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Normal {
    /// As BERT was trained: without controls, with blanks around ideographs.
    Bert {
        clean: bool,
        chinese: bool,
        /// Without accents.
        accents: bool,
        lowercase: bool,
    },
    Lowercase,
    StripAccents,
    Compose,
    Decompose,
    /// Compatible forms composed, as SentencePiece's own tables nearly do.
    Compatible,
    CompatibleDecomposed,
    Replace {
        from: String,
        to: String,
    },
    /// Runs of blanks become one.
    OneBlank,
    Strip {
        left: bool,
        right: bool,
    },
}

/// Reads the steps of a `tokenizer.json`.
///
/// # Errors
/// What is not known here.
pub(super) fn read(json: &Value, steps: &mut Vec<Normal>) -> Result<(), String> {
    let flag = |name: &str| json[name].as_bool();
    match json["type"].as_str() {
        None if json.is_null() => {}
        Some("Sequence") => {
            for part in json["normalizers"].as_array().into_iter().flatten() {
                read(part, steps)?;
            }
        }
        Some("BertNormalizer") => {
            let lowercase = flag("lowercase").unwrap_or(true);
            steps.push(Normal::Bert {
                clean: flag("clean_text").unwrap_or(true),
                chinese: flag("handle_chinese_chars").unwrap_or(true),
                accents: flag("strip_accents").unwrap_or(lowercase),
                lowercase,
            });
        }
        Some("Lowercase") => steps.push(Normal::Lowercase),
        Some("StripAccents") => steps.push(Normal::StripAccents),
        Some("NFC") => steps.push(Normal::Compose),
        Some("NFD") => steps.push(Normal::Decompose),
        Some("NFKC") => steps.push(Normal::Compatible),
        Some("NFKD") => steps.push(Normal::CompatibleDecomposed),
        Some("Precompiled") => steps.push(Normal::Compatible),
        Some("Nmt") => {}
        Some("Strip") => steps.push(Normal::Strip {
            left: flag("strip_left").unwrap_or(true),
            right: flag("strip_right").unwrap_or(true),
        }),
        Some("Replace") => {
            let to = json["content"].as_str().unwrap_or_default().to_owned();
            let pattern = &json["pattern"];
            match (pattern["String"].as_str(), pattern["Regex"].as_str()) {
                (Some(from), _) if !from.is_empty() => steps.push(Normal::Replace {
                    from: from.to_owned(),
                    to,
                }),
                (_, Some(" {2,}")) if to == " " || to == "▁" => steps.push(Normal::OneBlank),
                _ => {
                    return Err(
                        "its `normalizer` replaces by a pattern that is not known here".to_owned(),
                    );
                }
            }
        }
        other => {
            return Err(format!(
                "its `normalizer` `{}` is not known here",
                crate::model::plain(other.unwrap_or("?"))
            ));
        }
    }
    Ok(())
}

impl Normal {
    pub(super) fn apply(&self, chars: Vec<Char>) -> Vec<Char> {
        match self {
            Self::Bert {
                clean,
                chinese,
                accents,
                lowercase,
            } => {
                let mut out = Vec::with_capacity(chars.len());
                for one in chars {
                    let c = one.c;
                    if *clean && (c == '\0' || c == '\u{FFFD}' || is_control(c)) {
                        continue;
                    }
                    if *clean && is_blank(c) {
                        out.push(Char { c: ' ', ..one });
                    } else if *chinese && is_chinese(c) {
                        let blank = |at| Char {
                            c: ' ',
                            start: at,
                            end: at,
                        };
                        out.extend([blank(one.start), one, blank(one.end)]);
                    } else {
                        out.push(one);
                    }
                }
                if *accents {
                    out = without_accents(in_clusters(out, |text| text.nfd().collect()));
                }
                if *lowercase {
                    out = Self::Lowercase.apply(out);
                }
                out
            }
            Self::Lowercase => chars
                .into_iter()
                .flat_map(|one| one.c.to_lowercase().map(move |c| Char { c, ..one }))
                .collect(),
            Self::StripAccents => without_accents(chars),
            Self::Compose => in_clusters(chars, |text| text.nfc().collect()),
            Self::Decompose => in_clusters(chars, |text| text.nfd().collect()),
            Self::Compatible => in_clusters(chars, |text| text.nfkc().collect()),
            Self::CompatibleDecomposed => in_clusters(chars, |text| text.nfkd().collect()),
            Self::Replace { from, to } => replaced(&chars, from, to),
            Self::OneBlank => {
                let mut out: Vec<Char> = Vec::with_capacity(chars.len());
                for one in chars {
                    match out.last_mut().filter(|last| last.c == ' ' && one.c == ' ') {
                        Some(last) => last.end = one.end,
                        None => out.push(one),
                    }
                }
                out
            }
            Self::Strip { left, right } => {
                let mut inner = chars.as_slice();
                while let Some((first, rest)) = inner.split_first()
                    && *left
                    && first.c.is_whitespace()
                {
                    inner = rest;
                }
                while let Some((last, rest)) = inner.split_last()
                    && *right
                    && last.c.is_whitespace()
                {
                    inner = rest;
                }
                inner.to_vec()
            }
        }
    }
}

fn without_accents(chars: Vec<Char>) -> Vec<Char> {
    let mut chars = chars;
    chars.retain(|one| {
        one.c.is_ascii() || one.c.general_category() != GeneralCategory::NonspacingMark
    });
    chars
}

/// Marks that belong to one character at most; more of them are of the next.
const CLUSTER: usize = 32;

/// Normalises each character with the marks behind it; all that comes out of one comes from all of it.
fn in_clusters(chars: Vec<Char>, normal: impl Fn(&str) -> Vec<char>) -> Vec<Char> {
    let mut out = Vec::with_capacity(chars.len());
    let mut at = 0;
    while let Some(first) = chars.get(at) {
        let mut end = at + 1;
        while let Some(next) = chars.get(end)
            && end - at < CLUSTER
            && (is_combining_mark(next.c) || is_joining(chars[end - 1].c, next.c))
        {
            end += 1;
        }
        if end == at + 1 && first.c.is_ascii() {
            out.push(*first);
        } else {
            let cluster = &chars[at..end];
            let text: String = cluster.iter().map(|one| one.c).collect();
            let made = normal(&text);
            let same = made.len() == cluster.len();
            for (place, c) in made.into_iter().enumerate() {
                // What stays one for one keeps its own place.
                let (from, to) = match same {
                    true => (cluster[place].start, cluster[place].end),
                    false => (first.start, cluster[cluster.len() - 1].end),
                };
                out.push(Char {
                    c,
                    start: from,
                    end: to,
                });
            }
        }
        at = end;
    }
    out
}

/// Parts of a Korean syllable become one.
fn is_joining(first: char, next: char) -> bool {
    let (first, next) = (u32::from(first), u32::from(next));
    (0x1100..0x1200).contains(&first) && (0x1160..0x1200).contains(&next)
        || (0xAC00..0xD7A4).contains(&first) && (0x11A7..0x1200).contains(&next)
}

fn replaced(chars: &[Char], from: &str, to: &str) -> Vec<Char> {
    let from: Vec<char> = from.chars().collect();
    let mut out = Vec::with_capacity(chars.len());
    let mut at = 0;
    while at < chars.len() {
        let rest = &chars[at..];
        if rest.len() >= from.len() && rest.iter().zip(&from).all(|(one, c)| one.c == *c) {
            let last = rest[from.len() - 1];
            out.extend(to.chars().map(|c| Char {
                c,
                start: rest[0].start,
                end: last.end,
            }));
            at += from.len();
        } else {
            out.push(rest[0]);
            at += 1;
        }
    }
    out
}

fn is_blank(c: char) -> bool {
    c.is_whitespace()
}

/// What BERT drops. The tab and ends of lines are blanks.
fn is_control(c: char) -> bool {
    !matches!(c, '\t' | '\n' | '\r')
        && !c.is_ascii_graphic()
        && c != ' '
        && c.general_category_group() == GeneralCategoryGroup::Other
}

pub(super) fn is_chinese(c: char) -> bool {
    matches!(u32::from(c),
        0x4E00..=0x9FFF
        | 0x3400..=0x4DBF
        | 0x2_0000..=0x2_A6DF
        | 0x2_A700..=0x2_B73F
        | 0x2_B740..=0x2_B81F
        | 0x2_B920..=0x2_CEAF
        | 0xF900..=0xFAFF
        | 0x2_F800..=0x2_FA1F)
}

fn is_mark(c: char) -> bool {
    c.is_ascii_punctuation()
        || !c.is_ascii() && c.general_category_group() == GeneralCategoryGroup::Punctuation
}

/// Hands on what lies between blanks, each mark by itself.
pub(super) fn bert_words(chars: &[Char], mut each: impl FnMut(&[Char])) {
    let mut from = 0;
    for (at, one) in chars.iter().enumerate() {
        let is_mark = is_mark(one.c);
        if is_mark || one.c.is_whitespace() {
            if from < at {
                each(&chars[from..at]);
            }
            if is_mark {
                each(&chars[at..=at]);
            }
            from = at + 1;
        }
    }
    if from < chars.len() {
        each(&chars[from..]);
    }
}

/// Hands on what lies between blanks, with `▁` for the blank in front.
pub(super) fn blank_words(chars: &[Char], prefix: bool, mut each: impl FnMut(&[Char])) {
    let mut word: Vec<Char> = Vec::new();
    let mut is_first = true;
    for one in chars {
        if one.c.is_whitespace() || one.c == '▁' {
            if !word.is_empty() && word.iter().any(|one| one.c != '▁') {
                each(&word);
            }
            word.clear();
            word.push(Char { c: '▁', ..*one });
        } else {
            if is_first && prefix && word.is_empty() {
                word.push(Char {
                    c: '▁',
                    start: one.start,
                    end: one.start,
                });
            }
            word.push(*one);
        }
        is_first = false;
    }
    if word.iter().any(|one| one.c != '▁') {
        each(&word);
    }
}
