//! The UI's files: carried in the program, or read from a folder.
//!
//! In: the path of a request. Out: a media type and bytes. Not here: building the UI (`ui/`).

use std::path::{Component, Path, PathBuf};

use rust_embed::RustEmbed;

/// The built UI; a development build reads it from disk, so that it can be built anew meanwhile.
#[derive(RustEmbed)]
#[folder = "../../ui/dist"]
#[allow_missing = true]
struct Built;

/// What is shown where no UI was built.
const MISSING: &str = "<!doctype html><meta charset=\"utf-8\"><title>Assay</title>\
    <p>This build carries no UI. Build it (<code>npm run build</code> in <code>ui</code>) and build the program again, \
    or name its folder with <code>--ui</code>.</p>";

/// Where the UI's files come from.
#[derive(Debug, Clone)]
pub(crate) enum Page {
    Built,
    Folder(PathBuf),
}

impl Page {
    /// The file at `path`, relative to the UI's root.
    pub(crate) fn file(&self, path: &str) -> Option<(&'static str, Vec<u8>)> {
        let path = if path.is_empty() { "index.html" } else { path };
        // Only names below the root: no `..`, no root, no drive.
        if !Path::new(path)
            .components()
            .all(|part| matches!(part, Component::Normal(_)))
        {
            return None;
        }
        let bytes = match self {
            Self::Built => Built::get(path).map(|file| file.data.into_owned()),
            Self::Folder(folder) => std::fs::read(folder.join(path)).ok(),
        };
        match bytes {
            None if path == "index.html" => Some(("text/html; charset=utf-8", MISSING.into())),
            bytes => Some((media_type(path), bytes?)),
        }
    }
}

/// The media type by the name's ending; what is not known is never run.
fn media_type(path: &str) -> &'static str {
    match Path::new(path)
        .extension()
        .and_then(|end| end.to_str())
        .unwrap_or_default()
    {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_below_the_folder_are_given() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("dist");
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("app.js"), "1").unwrap();
        std::fs::write(root.path().join("secret"), "2").unwrap();
        let page = Page::Folder(folder);
        assert_eq!(
            page.file("app.js").unwrap().0,
            "text/javascript; charset=utf-8"
        );
        for path in ["../secret", "/etc/hostname", "a/../../secret", "nothing.js"] {
            assert!(page.file(path).is_none(), "{path}");
        }
        assert!(
            page.file("").is_some(),
            "without a page it is said how to build one"
        );
    }
}
