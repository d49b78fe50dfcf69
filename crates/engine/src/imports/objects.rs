//! Bodies that a log delivered to objects of their own, where those lie beside it.
//!
//! In: a reference of a record (`s3://bucket/key`) and the folder that is imported. Out: the
//! object's content, or nothing. Never reads outside that folder, follows no link, and reads no
//! more than a record may hold. Not here: what stands in a record in its place (the format).

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};

use crate::reading;

/// The most that one object may hold, decompressed: 12 MiB, so that two of them fit in a record.
const MOST: usize = 12 << 20;
/// The folder beside a log in which AWS puts its objects.
pub(crate) const FOLDER: &str = "data";

/// The objects beside the logs of one import.
#[derive(Default)]
pub(crate) struct Objects {
    taken: Mutex<BTreeSet<PathBuf>>,
}

/// An object that was found.
pub(crate) struct Object {
    pub(crate) content: Vec<u8>,
    /// Of its content, hexadecimal.
    pub(crate) sha256: String,
}

impl Objects {
    /// The object that `uri` names, for a log at `log` in the imported folder `root`.
    pub(crate) fn find(&self, uri: &str, root: &Path, log: &Path) -> Option<Object> {
        let (_, key) = uri.strip_prefix("s3://")?.split_once('/')?;
        let key = Path::new(key);
        let parts: Vec<&std::ffi::OsStr> = key
            .components()
            .map(|part| match part {
                Component::Normal(name) => Some(name),
                _ => None,
            })
            .collect::<Option<_>>()?;
        let (name, beside) = (*parts.last()?, log.parent()?);
        let root = root.canonicalize().ok()?;
        let below_root = (0..parts.len().saturating_sub(1)).map(|from| {
            parts[from..]
                .iter()
                .fold(root.clone(), |path, part| path.join(part))
        });
        [beside.join(FOLDER).join(name), beside.join(name)]
            .into_iter()
            .chain(below_root)
            .find_map(|path| {
                // Where a folder on the way is a link, it may lead elsewhere.
                let path = path.canonicalize().ok()?;
                if !path.starts_with(&root) {
                    return None;
                }
                let whole = reading::whole_if(&path, MOST, |_| true)?;
                self.taken
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .insert(path);
                Some(Object {
                    sha256: hex::encode(Sha256::digest(&whole.content)),
                    content: whole.content,
                })
            })
    }

    /// Whether the file at `path` stands in a record already.
    pub(crate) fn is_taken(&self, path: &Path) -> bool {
        let taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        !taken.is_empty() && path.canonicalize().is_ok_and(|path| taken.contains(&path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_found_beside_its_log_and_never_outside_of_the_folder() {
        let outer = tempfile::tempdir().unwrap();
        let root = outer.path().join("logs");
        let hour = root.join("AWSLogs/1/10");
        std::fs::create_dir_all(hour.join("data")).unwrap();
        let log = hour.join("log.jsonl");
        std::fs::write(outer.path().join("secret.json"), "{\"secret\":1}").unwrap();
        std::fs::write(hour.join("data/r-1_input.json"), "{\"a\":1}").unwrap();
        let objects = Objects::default();
        let find = |uri: &str| objects.find(uri, &root, &log).map(|found| found.content);
        assert_eq!(
            find("s3://bucket/prefix/AWSLogs/1/10/data/r-1_input.json").as_deref(),
            Some(&b"{\"a\":1}"[..])
        );
        assert!(objects.is_taken(&hour.join("data/r-1_input.json")));
        for uri in [
            "s3://bucket/AWSLogs/1/10/data/r-2_input.json",
            "s3://bucket/../secret.json",
            "s3://bucket/AWSLogs/../../secret.json",
            "s3://bucket//etc/passwd",
            "s3://bucket",
            "https://bucket/data/r-1_input.json",
        ] {
            assert_eq!(find(uri), None, "{uri}");
        }
        #[cfg(unix)]
        {
            let target = outer.path().join("secret.json");
            std::os::unix::fs::symlink(target, hour.join("data/r-3_input.json")).unwrap();
            assert_eq!(find("s3://bucket/data/r-3_input.json"), None);
        }
    }
}
