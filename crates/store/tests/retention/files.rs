//! The files of a store: which there are, copies of them, and what stands in them.

use std::path::{Path, PathBuf};

use assay_store::subjects::{Needles, occurrences};

pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

/// How often the name stands in any file below the folder, in any of its forms.
pub(crate) fn traces(folder: &Path, who: &str) -> u64 {
    let names = [who.to_owned(), who.to_uppercase()];
    let forms = Needles::new(&names).byte_forms(&names);
    files(folder)
        .iter()
        .map(|path| occurrences(&std::fs::read(path).unwrap(), &forms))
        .sum()
}

pub(crate) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else if path.file_name().unwrap() != "assay.lock" {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}
