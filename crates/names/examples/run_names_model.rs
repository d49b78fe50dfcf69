//! Runs a names model on lines `{"text"}` and writes `{"spans"}`: `run_names_model FOLDER < in > out`,
//! to compare it with other programs. Not part of the program.

use std::io::{BufRead, Write};
use std::sync::Arc;
use std::time::Instant;

use assay_names::model::{Cutting, NamesModel, Parts, Refused};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::path::PathBuf::from(std::env::args().nth(1).ok_or("FOLDER")?);
    let read = |name: &str| std::fs::read(folder.join(name));
    let (onnx, tokenizer, config) = (
        read("model.onnx")?,
        read("tokenizer.json")?,
        read("config.json")?,
    );
    let began = Instant::now();
    let model = NamesModel::new(
        Parts {
            onnx: &onnx,
            cutting: Cutting::Json(&tokenizer),
            config: &config,
        },
        &mut |name| read(name).map(Arc::new).map_err(|_| Refused::cut(name)),
    )?;
    let mut err = std::io::stderr();
    writeln!(err, "loaded in {:?}", began.elapsed())?;
    let (mut bytes, began) = (0, Instant::now());
    let mut out = std::io::BufWriter::new(std::io::stdout());
    for line in std::io::stdin().lock().lines() {
        let json: serde_json::Value = serde_json::from_str(&line?)?;
        let text = json["text"].as_str().unwrap_or_default();
        bytes += text.len();
        let spans: Vec<_> = model
            .find(text, &|| true)?
            .iter()
            .map(|name| {
                let chars = |at: usize| text[..at].chars().count();
                serde_json::json!({"start": chars(name.start), "end": chars(name.end), "label": name.kind.entity_type(), "score": name.score})
            })
            .collect();
        writeln!(out, "{}", serde_json::json!({"spans": spans}))?;
    }
    writeln!(err, "{bytes} bytes in {:?}", began.elapsed())?;
    Ok(())
}
