//! The arguments of `assay redaction model`.
//!
//! Not here: what they do (`names_model`).

use std::path::PathBuf;

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum ModelCommand {
    /// Plug in the model of a folder: `model.onnx`, `config.json` and `tokenizer.json`. It is read, tried
    /// and recorded with its hash; nothing is copied.
    Set {
        folder: PathBuf,
        /// What it is called in results; the folder's name otherwise.
        #[arg(long)]
        name: Option<String>,
    },
    /// The levels of looking for names, and the model that is plugged in. Exits with 1 where it can't be
    /// used.
    Show,
    /// Take the model out; its files stay.
    Remove,
    /// What the model alone finds in a text, and how fast.
    Try {
        /// The text; `-` reads standard input.
        text: String,
    },
}
