//! The rules of ARCHITECTURE.md and STYLE.md that a test can check. There is no second list.
//!
//! In: the files of this tree. Out: for each broken rule every place that breaks it, at once. Not
//! here: what clippy, rustfmt, the UI linter or the compiler check already.

mod contrast;
mod crates;
mod licences;
mod names;
mod nouns;
mod shell;
mod sources;
mod ui;

use std::path::{Path, PathBuf};

/// A file of this tree that people write.
pub(crate) struct Source {
    /// From the root, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Source {
    pub(crate) fn has_extension(&self, extensions: &[&str]) -> bool {
        extensions
            .iter()
            .any(|extension| self.path.ends_with(&format!(".{extension}")))
    }

    /// The lines with their numbers, from 1.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text
            .lines()
            .zip(1..)
            .map(|(line, number)| (number, line))
    }

    /// Whether this file holds the rules, and so has to name what it forbids.
    pub(crate) fn is_tidy(&self) -> bool {
        self.path.starts_with("tests/tidy")
    }
}

/// The root of the tree.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .expect("the tree is where it was compiled")
}

pub(crate) fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path))
        .unwrap_or_else(|error| panic!("cannot read `{path}`: {error}"))
}

pub(crate) fn json(path: &str) -> serde_json::Value {
    serde_json::from_str(&read(path)).unwrap_or_else(|error| panic!("`{path}`: {error}"))
}

/// Everything that people write here: not what is built, fetched or generated.
pub(crate) fn sources() -> Vec<Source> {
    const BUILT: &[&str] = &[
        ".git",
        "target",
        "out",
        "ui/node_modules",
        "ui/dist",
        "src-tauri/gen",
        "src-tauri/permissions",
        "tests/fixtures",
        "tests/golden",
        "Cargo.lock",
        "ui/package-lock.json",
        "ui/src/lib/bindings.ts",
    ];
    const TEXT: &[&str] = &[
        "rs", "toml", "sql", "ts", "tsx", "css", "html", "js", "mjs", "json", "jsonc", "md", "sh",
        "typ", "csv", "svg",
    ];
    let root = root();
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder).expect("the tree can be read");
        for entry in entries.flatten() {
            let path = entry.path();
            let relative = path
                .strip_prefix(&root)
                .expect("it lies below the root")
                .to_string_lossy()
                .replace('\\', "/");
            let fixture = relative.contains("/fixtures") || relative.contains("/snapshots");
            if fixture || BUILT.contains(&relative.as_str()) {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(text) = std::fs::read_to_string(&path)
                && (relative == "Makefile"
                    || relative == ".ci/run"
                    || TEXT
                        .iter()
                        .any(|end| relative.ends_with(&format!(".{end}"))))
            {
                found.push(Source {
                    path: relative,
                    text,
                });
            }
        }
    }
    found.sort_by(|left, right| left.path.cmp(&right.path));
    assert!(
        found.len() > 50,
        "the tree was not found from {}",
        root.display()
    );
    found
}

/// Fails with all places at once, so that one run shows all there is to mend.
#[track_caller]
pub(crate) fn none(rule: &str, broken: Vec<String>) {
    assert!(
        broken.is_empty(),
        "{rule}; broken in {} place(s):\n  {}",
        broken.len(),
        broken.join("\n  ")
    );
}
