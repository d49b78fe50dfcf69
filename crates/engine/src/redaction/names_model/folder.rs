//! Reading a folder with a model: which files, how large, which hashes.
//!
//! In: a folder as Hugging Face publishes one. Out: the bytes of the files that are used, and a hash
//! over all of them. Nothing outside of the folder is read, no file that is none, none that is larger than
//! a bound. Not here: what the files say (`assay-names`).

use std::collections::BTreeMap;
use std::fs::{File, Metadata};
use std::io::Read;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use assay_names::model::{Cutting, NamesModel, Parts, Refused};
use sha2::{Digest, Sha256};

use crate::error::{Code, Result, WireError};
use crate::redaction::names_model::view::NamesModelFile;

/// Bytes of a model, the files beside it included.
const MAX_MODEL: u64 = 2 << 30;
/// Bytes of any other file.
const MAX_OTHER: u64 = 64 << 20;
/// Names of models that are looked for, the first first.
const MODELS: [&str; 2] = ["model.onnx", "onnx/model.onnx"];

/// How a file was when it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stamp {
    path: PathBuf,
    length: u64,
    modified: Option<SystemTime>,
}

impl Stamp {
    fn of(path: &Path, metadata: &Metadata) -> Self {
        Self {
            path: path.to_owned(),
            length: metadata.len(),
            modified: metadata.modified().ok(),
        }
    }

    /// Whether it still is so.
    pub(super) fn holds(&self) -> bool {
        std::fs::metadata(&self.path).is_ok_and(|metadata| Self::of(&self.path, &metadata) == *self)
    }
}

/// The files of a model, read.
pub(super) struct Files {
    root: PathBuf,
    onnx: String,
    bytes: BTreeMap<String, Arc<Vec<u8>>>,
    files: Vec<NamesModelFile>,
    stamps: Vec<Stamp>,
}

fn refused(what: impl Into<String>, hint: impl Into<String>) -> WireError {
    WireError::new(Code::BadInput, what).hint(hint)
}

impl From<Refused> for WireError {
    fn from(refused: Refused) -> Self {
        Self::new(Code::BadInput, refused.to_string()).hint(refused.hint)
    }
}

/// Reads the files of a model, those beside it included.
///
/// # Errors
/// `bad_input` with what is missing, too large or no file, and what to do.
pub(super) fn read(folder: &Path) -> Result<Files> {
    let root = folder.canonicalize().map_err(|_| {
        refused(
            format!("there is no folder `{}`", folder.display()),
            "choose the folder with `model.onnx`, `config.json` and `tokenizer.json`",
        )
    })?;
    if !root.is_dir() {
        return Err(refused(
            format!("`{}` is no folder", folder.display()),
            "choose the folder that the model's files are in",
        ));
    }
    let mut files = Files {
        onnx: String::new(),
        root,
        bytes: BTreeMap::new(),
        files: Vec::new(),
        stamps: Vec::new(),
    };
    files.onnx = files.model_name()?;
    if !files.has("config.json") {
        return Err(refused(
            "the folder has no `config.json`, which says what the model's numbers mean",
            "copy it from where the model is published",
        ));
    }
    files.add("config.json", MAX_OTHER)?;
    if files.has("tokenizer.json") {
        files.add("tokenizer.json", MAX_OTHER)?;
    } else if files.has("vocab.txt") {
        files.add("vocab.txt", MAX_OTHER)?;
        if files.has("tokenizer_config.json") {
            files.add("tokenizer_config.json", MAX_OTHER)?;
        }
    } else {
        return Err(refused(
            "the folder has neither `tokenizer.json` nor `vocab.txt`, by which text is cut",
            "copy `tokenizer.json` from where the model is published",
        ));
    }
    let onnx = files.onnx.clone();
    files.add(&onnx, MAX_MODEL)?;
    for name in assay_names::proto::files_beside(&Arc::clone(&files.bytes[&onnx])) {
        files.add_beside(&name)?;
    }
    files.files.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(files)
}

impl Files {
    fn has(&self, name: &str) -> bool {
        self.root.join(name).symlink_metadata().is_ok()
    }

    /// Below which name the model is.
    fn model_name(&self) -> Result<String> {
        if let Some(name) = MODELS.into_iter().find(|name| self.has(name)) {
            return Ok(name.to_owned());
        }
        let mut found = Vec::new();
        for below in ["", "onnx"] {
            let Ok(entries) = std::fs::read_dir(self.root.join(below)) else {
                continue;
            };
            for entry in entries.flatten().take(10_000) {
                let name = entry.file_name().to_string_lossy().into_owned();
                if name.ends_with(".onnx") {
                    found.push(match below {
                        "" => name,
                        below => format!("{below}/{name}"),
                    });
                }
            }
        }
        found.sort();
        match found.as_slice() {
            [one] => Ok(one.clone()),
            [] => Err(refused(
                "the folder has no `model.onnx`",
                "export the model to ONNX, for example with `optimum-cli export onnx --task token-classification`",
            )),
            several => Err(refused(
                format!(
                    "the folder has {} models and none is called `model.onnx`: {}",
                    several.len(),
                    several
                        .iter()
                        .take(5)
                        .cloned()
                        .collect::<Vec<_>>()
                        .join(", ")
                ),
                "keep the one that is to be used, or name it `model.onnx`",
            )),
        }
    }

    /// Reads one file, which has to lie in the folder.
    fn add(&mut self, name: &str, most: u64) -> Result<()> {
        let path = self.root.join(name);
        let unread = |error: std::io::Error| {
            refused(
                format!("`{name}` can't be read: {error}"),
                "check that the file is there and that you may read it",
            )
        };
        let real = path.canonicalize().map_err(unread)?;
        if !real.starts_with(&self.root) {
            return Err(refused(
                format!("`{name}` is a link that leads out of the folder"),
                "copy the file itself into the folder, for example with `cp -rL`",
            ));
        }
        let metadata = std::fs::metadata(&real).map_err(unread)?;
        if !metadata.is_file() {
            return Err(refused(
                format!("`{name}` is no file"),
                "copy the file itself into the folder",
            ));
        }
        let too_large = || {
            refused(
                format!("`{name}` is larger than {} MiB", most >> 20),
                "take a smaller model: one of this size reads some ten characters in a second here",
            )
        };
        let sum: u64 = self.files.iter().map(|file| file.size_bytes).sum();
        if metadata.len() > most || sum + metadata.len() > MAX_MODEL + 2 * MAX_OTHER {
            return Err(too_large());
        }
        let file = File::open(&real).map_err(unread)?;
        let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0));
        file.take(most + 1)
            .read_to_end(&mut bytes)
            .map_err(unread)?;
        if bytes.len() as u64 > most {
            return Err(too_large());
        }
        self.files.push(NamesModelFile {
            name: name.to_owned(),
            size_bytes: bytes.len() as u64,
            sha256: hex::encode(Sha256::digest(&bytes)),
        });
        self.stamps.push(Stamp::of(&real, &metadata));
        self.bytes.insert(name.to_owned(), Arc::new(bytes));
        Ok(())
    }

    /// Reads a file that the model keeps weights in.
    fn add_beside(&mut self, name: &str) -> Result<()> {
        let parts: Vec<Component<'_>> = Path::new(name).components().collect();
        if !matches!(parts.as_slice(), [Component::Normal(_)]) {
            return Err(refused(
                format!(
                    "`{}` keeps weights in a file outside of its folder",
                    self.onnx
                ),
                "export the model again, with its weights in one file beside it",
            ));
        }
        let full = Self::under(self.below(), name);
        if self.bytes.contains_key(&full) {
            return Ok(());
        }
        if !self.has(&full) {
            return Err(refused(
                format!(
                    "`{}` keeps its weights in `{full}`, which is missing",
                    self.onnx
                ),
                "copy that file into the folder as well",
            ));
        }
        self.add(&full, MAX_MODEL)
    }

    /// The folder within the folder that the model is in.
    fn below(&self) -> &str {
        self.onnx.rsplit_once('/').map_or("", |(below, _)| below)
    }

    fn under(below: &str, name: &str) -> String {
        match below {
            "" => name.to_owned(),
            below => format!("{below}/{name}"),
        }
    }

    /// A hash over the names and hashes of all files.
    pub(super) fn sha256(&self) -> String {
        let mut all = Sha256::new();
        for file in &self.files {
            all.update(format!("{}  {}\n", file.sha256, file.name));
        }
        hex::encode(all.finalize())
    }

    pub(super) fn files(&self) -> &[NamesModelFile] {
        &self.files
    }

    pub(super) fn path(&self) -> String {
        self.root.display().to_string()
    }

    pub(super) fn folder_name(&self) -> String {
        self.root
            .file_name()
            .map_or_else(String::new, |name| name.to_string_lossy().into_owned())
    }

    /// Makes the model, which is tried once.
    ///
    /// # Errors
    /// `bad_input` where it can't be used.
    pub(super) fn model(self) -> Result<(NamesModel, Vec<Stamp>)> {
        let bytes = |name: &str| {
            self.bytes
                .get(name)
                .map_or(&[][..], |bytes| bytes.as_slice())
        };
        let cutting = match self.bytes.contains_key("tokenizer.json") {
            true => Cutting::Json(bytes("tokenizer.json")),
            false => Cutting::Vocab(
                bytes("vocab.txt"),
                self.bytes
                    .get("tokenizer_config.json")
                    .map(|it| it.as_slice()),
            ),
        };
        let parts = Parts {
            onnx: bytes(&self.onnx),
            cutting,
            config: bytes("config.json"),
        };
        let model = NamesModel::new(parts, &mut |name| {
            self.bytes
                .get(&Self::under(self.below(), name))
                .cloned()
                .ok_or_else(|| {
                    Refused::file(
                        "model.onnx",
                        "it keeps weights in a file outside of its folder",
                    )
                })
        })?;
        Ok((model, self.stamps))
    }
}
