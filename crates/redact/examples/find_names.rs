//! Finds names: `find_names MODEL NETWORK|- SET.jsonl [TIMES]` prints what it found in each record's `text`, as
//! lines of `{"entities": [{"start", "end", "entity_type", "score"}]}` with offsets in code points.
//!
//! Does it TIMES times, so that the time of the whole is that of finding. Not here: how good that is.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a tool for whoever trains; a panic says what is wrong with its input"
)]

use assay_redact::names::model::Model;
use assay_redact::names::network::Network;
use assay_redact::names::{Scratch, find};

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let model = Model::from_bytes(&std::fs::read(&arguments[1]).unwrap()).unwrap();
    let network = (arguments[2] != "-")
        .then(|| Network::from_bytes(&std::fs::read(&arguments[2]).unwrap()).unwrap());
    let lines = std::fs::read_to_string(&arguments[3]).unwrap();
    let texts: Vec<String> = lines
        .lines()
        .map(|line| {
            let record: serde_json::Value = serde_json::from_str(line).unwrap();
            record["text"].as_str().unwrap().to_owned()
        })
        .collect();
    let times: usize = arguments.get(4).map_or(1, |times| times.parse().unwrap());
    let (mut scratch, mut found) = (Scratch::default(), Vec::new());
    for time in 1..=times {
        for text in &texts {
            found.clear();
            find(&model, network.as_ref(), text, &mut scratch, &mut found);
            if time == times {
                let at = |byte: usize| text[..byte].chars().count();
                let entities: Vec<_> = found
                    .iter()
                    .map(|name| {
                        serde_json::json!({
                            "start": at(name.start),
                            "end": at(name.end),
                            "entity_type": format!("{:?}", name.kind).to_uppercase(),
                            "score": name.score,
                        })
                    })
                    .collect();
                println!("{}", serde_json::json!({ "entities": entities }));
            }
        }
    }
}
