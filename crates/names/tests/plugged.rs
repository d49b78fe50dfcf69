//! Models as they are published, against what other programs make of the same texts; and models that are
//! none. The fixtures are made by `scripts/names/onnx_fixtures.py`.

#![expect(
    clippy::unwrap_used,
    reason = "a panic in a test is a failing test with its line"
)]

use std::sync::Arc;

use assay_names::graph::Graph;
use assay_names::model::{Cutting, NamesModel, Parts, Refused};
use assay_names::proto;
use assay_names::tensor::Value;
use assay_names::tokenizer::Tokenizer;
use serde_json::Value as Json;

const ALL: [&str; 3] = ["words", "bytes", "pieces"];

fn file(model: &str, name: &str) -> Vec<u8> {
    let path = format!("{}/fixtures/{model}/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(path).unwrap()
}

fn nothing_beside(name: &str) -> Result<Arc<Vec<u8>>, Refused> {
    Err(Refused::cut(name))
}

struct Folder {
    onnx: Vec<u8>,
    tokenizer: Vec<u8>,
    config: Vec<u8>,
}

impl Folder {
    fn of(model: &str) -> Self {
        Self {
            onnx: file(model, "model.onnx"),
            tokenizer: file(model, "tokenizer.json"),
            config: file(model, "config.json"),
        }
    }

    fn read(&self) -> Result<NamesModel, Refused> {
        let parts = Parts {
            onnx: &self.onnx,
            cutting: Cutting::Json(&self.tokenizer),
            config: &self.config,
        };
        NamesModel::new(parts, &mut nothing_beside)
    }

    fn with_config(&self, change: impl FnOnce(&mut Json)) -> Self {
        let mut config: Json = serde_json::from_slice(&self.config).unwrap();
        change(&mut config);
        Self {
            onnx: self.onnx.clone(),
            tokenizer: self.tokenizer.clone(),
            config: config.to_string().into_bytes(),
        }
    }
}

/// The names that a model finds: type and text.
fn found(model: &NamesModel, text: &str) -> Vec<(&'static str, String)> {
    model
        .find(text, &|| true)
        .unwrap()
        .iter()
        .map(|name| {
            (
                name.kind.entity_type(),
                text[name.start..name.end].to_owned(),
            )
        })
        .collect()
}

#[test]
fn pieces_and_their_places_are_those_of_tokenizers() {
    for model in ALL {
        let tokenizer = Tokenizer::from_json(&file(model, "tokenizer.json")).unwrap();
        let cases: Vec<Json> = serde_json::from_slice(&file(model, "cases.json")).unwrap();
        for case in cases {
            let text = case["text"].as_str().unwrap();
            let expected: Vec<[u64; 3]> = case["pieces"]
                .as_array()
                .unwrap()
                .iter()
                .map(|piece| [0, 1, 2].map(|at| piece[at].as_u64().unwrap()))
                .collect();
            let cut = tokenizer.cut(text);
            let chars = |at: usize| text[..at].chars().count() as u64;
            let ids = |all: &[[u64; 3]]| all.iter().map(|one| one[0]).collect::<Vec<_>>();
            let given: Vec<[u64; 3]> = cut
                .iter()
                .map(|token| [u64::from(token.id), chars(token.start), chars(token.end)])
                .collect();
            assert_eq!(ids(&given), ids(&expected), "{model}: {text:?}");
            // The blank in front of a word is a place of its own here, the word's first letter there.
            for (given, expected) in given.iter().zip(&expected) {
                let part = |one: &[u64; 3]| -> String {
                    let (from, to) = (one[1] as usize, one[2] as usize);
                    text.chars().skip(from).take(to - from).collect()
                };
                if part(given).trim().is_empty() {
                    continue;
                }
                // Accents that were taken away belong to their letter here.
                let (given_part, expected_part) = (part(given), part(expected));
                let rest = given_part.trim().strip_prefix(expected_part.trim());
                assert!(
                    rest.is_some_and(|rest| rest
                        .chars()
                        .all(|c| matches!(c, '\u{300}'..='\u{36F}' | '\u{1100}'..='\u{11FF}'))),
                    "{model}: {text:?} {given:?} {expected:?}"
                );
            }
        }
    }
}

#[test]
fn numbers_are_those_of_the_reference() {
    for model in ALL {
        let read = proto::model(&file(model, "model.onnx"), &mut nothing_beside).unwrap();
        let graph = Graph::new(read).unwrap();
        let tokenizer = Tokenizer::from_json(&file(model, "tokenizer.json")).unwrap();
        let (before, after) = tokenizer.around();
        let cases: Vec<Json> = serde_json::from_slice(&file(model, "cases.json")).unwrap();
        for case in cases {
            let mut ids: Vec<i64> = case["pieces"]
                .as_array()
                .unwrap()
                .iter()
                .map(|piece| piece[0].as_i64().unwrap())
                .take(96 - 8)
                .collect();
            ids.splice(0..0, before.iter().map(|id| i64::from(*id)));
            ids.extend(after.iter().map(|id| i64::from(*id)));
            let row = |numbers: Vec<i64>| {
                let shape = ndarray::IxDyn(&[1, numbers.len()]);
                Value::from(ndarray::ArrayD::from_shape_vec(shape, numbers).unwrap())
            };
            let count = ids.len();
            let given = [
                ("input_ids", row(ids)),
                ("attention_mask", row(vec![1; count])),
                ("token_type_ids", row(vec![0; count])),
            ];
            let logits = graph.run(&given, "logits").unwrap();
            assert_eq!(logits.shape(), [1, count, 9]);
            let logits = logits.floats();
            for (at, expected) in case["logits"].as_array().unwrap().iter().enumerate() {
                for (label, expected) in expected.as_array().unwrap().iter().enumerate() {
                    let (given, expected) =
                        (logits[[0, at, label]], expected.as_f64().unwrap() as f32);
                    assert!(
                        (given - expected).abs() < 0.01,
                        "{model}: {} at {at}, {label}: {given} for {expected}",
                        case["text"]
                    );
                }
            }
        }
    }
}

#[test]
fn names_are_found_whole_and_in_their_place() {
    let model = Folder::of("words").read().unwrap();
    assert_eq!(
        found(
            &model,
            "👩‍🚀 Ada Lovelace wrote to Acme Ltd in London. Zoë, Köln!"
        ),
        [
            ("PERSON", "Ada Lovelace".to_owned()),
            ("ORGANIZATION", "Acme Ltd".to_owned()),
            ("LOCATION", "London".to_owned()),
            ("PERSON", "Zoë".to_owned()),
            ("LOCATION", "Köln".to_owned()),
        ]
    );
    // One after another, each with a beginning of its own; and over the end of a line.
    assert_eq!(
        found(&model, "Ada Grace\nLovelace"),
        ["Ada", "Grace", "Lovelace"].map(|name| ("PERSON", name.to_owned()))
    );
    for text in [
        "",
        "   ",
        "the call is in",
        "123 4567",
        "rust",
        "[CLS] [SEP]",
    ] {
        assert_eq!(found(&model, text), [], "{text:?}");
    }
    for other in ["bytes", "pieces"] {
        let model = Folder::of(other).read().unwrap();
        let names = found(&model, "grace wrote to acme in London");
        assert!(
            names.contains(&("LOCATION", "London".to_owned())),
            "{other}: {names:?}"
        );
    }
}

#[test]
fn a_list_of_words_does_as_well_as_a_tokenizer() {
    let folder = Folder::of("words");
    let vocab = file("words", "vocab.txt");
    let parts = Parts {
        onnx: &folder.onnx,
        cutting: Cutting::Vocab(&vocab, None),
        config: &folder.config,
    };
    let model = NamesModel::new(parts, &mut nothing_beside).unwrap();
    let text = "Ada Lovelace wrote to Acme Ltd in Köln.";
    assert_eq!(found(&model, text), found(&folder.read().unwrap(), text));
}

#[test]
fn long_texts_are_read_in_windows_that_lose_nothing() {
    let model = Folder::of("words").read().unwrap();
    for filler in [0, 1, 7, 60, 61, 62, 63, 64, 65, 90, 500, 9_000] {
        let text = format!(
            "{}Ada Lovelace met in London {}",
            "the call ".repeat(filler),
            "it is ".repeat(filler)
        );
        assert_eq!(
            found(&model, &text),
            [
                ("PERSON", "Ada Lovelace".to_owned()),
                ("LOCATION", "London".to_owned())
            ],
            "{filler}"
        );
    }
    // A word without an end, and a text that is one line.
    assert_eq!(found(&model, &"x".repeat(200_000)), []);
    assert_eq!(found(&model, &"Ada ".repeat(20_000)).len(), 20_000);
}

#[test]
fn looking_ends_when_it_is_stopped() {
    let model = Folder::of("words").read().unwrap();
    let asked = std::cell::Cell::new(0);
    let goes_on = || {
        asked.set(asked.get() + 1);
        asked.get() < 3
    };
    assert!(model.find(&"Ada met ".repeat(10_000), &goes_on).is_err());
    assert_eq!(asked.get(), 3);
}

/// Refused, with these words.
fn check(folder: &Folder, file: &str, says: &str) {
    let refused = folder.read().unwrap_err();
    let all = format!("{refused}; {}", refused.hint);
    assert!(refused.file == file && all.contains(says), "{all}");
    assert!(!refused.hint.is_empty());
}

#[test]
fn a_model_that_is_cut_is_refused_wherever_it_is_cut() {
    let folder = Folder::of("words");
    for length in (0..folder.onnx.len()).step_by(97) {
        let cut = Folder {
            onnx: folder.onnx[..length].to_vec(),
            ..Folder::of("words")
        };
        let refused = cut.read().unwrap_err();
        assert_eq!(refused.file, "model.onnx", "{length}: {refused}");
    }
    check(
        &Folder {
            onnx: folder.onnx[..folder.onnx.len() / 2].to_vec(),
            ..Folder::of("words")
        },
        "model.onnx",
        "cut",
    );
    check(
        &Folder {
            onnx: b"<!DOCTYPE html><html>404".to_vec(),
            ..Folder::of("words")
        },
        "model.onnx",
        "it is no ONNX model",
    );
}

#[test]
fn whatever_is_changed_in_a_model_ends_in_an_answer() {
    let folder = Folder::of("words");
    let mut seed = 7_u64;
    for _ in 0..400 {
        let mut onnx = folder.onnx.clone();
        for _ in 0..3 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let at = (seed >> 33) as usize % onnx.len();
            onnx[at] = (seed >> 20) as u8;
        }
        let changed = Folder {
            onnx,
            ..Folder::of("words")
        };
        if let Ok(model) = changed.read() {
            let _ = model.find("Ada Lovelace met in London", &|| true);
        }
    }
}

#[test]
fn a_model_of_another_shape_is_refused_in_words() {
    let folder = Folder::of("words");
    check(
        &folder.with_config(|config| {
            config["id2label"]["9"] = "B-DATE".into();
        }),
        "model.onnx",
        "it gives 9 numbers for each piece, and `config.json` has 10 labels",
    );
    check(
        &folder.with_config(|config| config["id2label"] = Json::Null),
        "config.json",
        "it has no `id2label`",
    );
    check(
        &folder.with_config(|config| {
            config["id2label"] = serde_json::json!({"0": "LABEL_0", "1": "LABEL_1"});
        }),
        "config.json",
        "none of its labels means a person, a place or an organization: LABEL_0, LABEL_1",
    );
    check(
        &folder.with_config(|config| {
            config["id2label"] = serde_json::json!({"0": "O", "2": "B-PER"});
        }),
        "config.json",
        "none with the number 1",
    );
    check(
        &folder.with_config(|config| config["vocab_size"] = 12.into()),
        "config.json",
        "of different models",
    );
    check(
        &Folder {
            config: b"{\"id2label\":".to_vec(),
            ..Folder::of("words")
        },
        "config.json",
        "it is cut",
    );
    // The tokenizer of one model with another.
    check(
        &Folder {
            tokenizer: file("bytes", "tokenizer.json"),
            ..Folder::of("words")
        },
        "config.json",
        "of different models",
    );
    for tokenizer in [
        "",
        "{",
        "[]",
        "{\"model\":{}}",
        "{\"model\":{\"type\":\"WordPiece\"}}",
    ] {
        check(
            &Folder {
                tokenizer: tokenizer.as_bytes().to_vec(),
                ..Folder::of("words")
            },
            "tokenizer.json",
            "",
        );
    }
    let unknown = String::from_utf8(folder.tokenizer.clone()).unwrap();
    check(
        &Folder {
            tokenizer: unknown.replace("BertNormalizer", "Unheard").into_bytes(),
            ..Folder::of("words")
        },
        "tokenizer.json",
        "`Unheard` is not known here",
    );
}

#[test]
fn operations_that_are_not_known_are_named() {
    let folder = Folder::of("words");
    // The same length, so that the file stays whole.
    let onnx = |from: &[u8], to: &[u8]| {
        let mut bytes = folder.onnx.clone();
        for at in 0..bytes.len() - from.len() {
            if bytes[at..].starts_with(from) {
                bytes[at..at + to.len()].copy_from_slice(to);
            }
        }
        bytes
    };
    check(
        &Folder {
            onnx: onnx(b"\x22\x07Softmax", b"\x22\x07Softmux"),
            ..Folder::of("words")
        },
        "model.onnx",
        "it needs operations that are not known here: Softmux (1 ×)",
    );
    check(
        &Folder {
            onnx: onnx(b"token_type_ids", b"token_typo_ids"),
            ..Folder::of("words")
        },
        "model.onnx",
        "it wants an input `token_typo_ids`",
    );
}
