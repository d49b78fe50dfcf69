//! Running a workload under the recorder, and reading what it recorded.
//!
//! In: a test of this binary that does the work when it is started again. Out: the changes to its
//! folder in order, acknowledgements between them. Linux and glibc only, with a C compiler. Not
//! here: what a disk may make of the changes.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// The folder in which the workload keeps its files; set only under the recorder.
pub(crate) const FOLDER: &str = "RECORD_FOLDER";
/// The file that the workload writes its acknowledgements to, a line each.
pub(crate) const ACKS: &str = "RECORD_ACKS";
/// Which workload is to run.
pub(crate) const SCENARIO: &str = "RECORD_SCENARIO";

/// A change, or an acknowledgement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Change {
    /// A file's entry was made.
    File {
        node: u64,
        folder: u64,
        name: String,
    },
    /// A folder and its entry were made.
    Folder {
        node: u64,
        folder: u64,
        name: String,
    },
    Write {
        node: u64,
        offset: usize,
        bytes: Vec<u8>,
    },
    Length {
        node: u64,
        length: usize,
    },
    /// Everything about the file or folder is on disk.
    Sync {
        node: u64,
    },
    Unlink {
        folder: u64,
        name: String,
    },
    Rename {
        node: u64,
        from: (u64, String),
        to: (u64, String),
    },
    /// The program said that something is done.
    Acknowledged(String),
}

/// What a workload did to its folder.
pub(crate) struct Recording {
    /// The node of the folder itself.
    pub(crate) root: u64,
    pub(crate) changes: Vec<Change>,
    /// The folder as the workload left it; its content is what all changes together make.
    pub(crate) home: PathBuf,
    _place: tempfile::TempDir,
}

/// The compiled recorder, or why there is none.
fn recorder() -> Result<&'static Path, &'static str> {
    static BUILT: OnceLock<Result<(tempfile::TempDir, PathBuf), String>> = OnceLock::new();
    BUILT
        .get_or_init(|| {
            if !cfg!(all(target_os = "linux", target_env = "gnu")) {
                return Err("the recorder is for Linux with glibc".to_owned());
            }
            let folder = tempfile::tempdir().unwrap();
            let library = folder.path().join("recorder.so");
            let source = folder.path().join("recorder.c");
            std::fs::write(&source, include_str!("../../powerloss/recorder.c")).unwrap();
            let compiler = std::env::var("CC").unwrap_or_else(|_| "cc".to_owned());
            let built = Command::new(&compiler)
                .args(["-O1", "-Wall", "-Werror", "-shared", "-fPIC", "-o"])
                .arg(&library)
                .arg(&source)
                .output()
                .map_err(|error| format!("no C compiler `{compiler}`: {error}"))?;
            assert!(
                built.status.success(),
                "{}",
                String::from_utf8_lossy(&built.stderr)
            );
            Ok((folder, library))
        })
        .as_ref()
        .map(|(_, library)| library.as_path())
        .map_err(String::as_str)
}

/// A folder for many small files: in memory where the system has such a place.
pub(crate) fn quick_folder() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .unwrap()
}

/// Runs `test` of this binary with `scenario` under the recorder; `None` where none can be built.
#[allow(clippy::print_stderr, reason = "says that nothing was tested, and why")]
pub(crate) fn record(test: &str, scenario: &str) -> Option<Recording> {
    let library = match recorder() {
        Ok(library) => library,
        Err(reason) => {
            eprintln!("skipped, no power loss is simulated: {reason}");
            return None;
        }
    };
    let place = quick_folder();
    // Links are resolved, since the recorder compares paths.
    let top = place.path().canonicalize().unwrap();
    let (home, acks, log) = (top.join("home"), top.join("acks"), top.join("log"));
    std::fs::create_dir(&home).unwrap();
    let ran = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env("LD_PRELOAD", library)
        .env("RECORD_TO", &log)
        .env(FOLDER, &home)
        .env(ACKS, &acks)
        .env(SCENARIO, scenario)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(
        ran.status.success(),
        "{scenario}: {}{}",
        String::from_utf8_lossy(&ran.stdout),
        String::from_utf8_lossy(&ran.stderr)
    );
    let changes = read(&std::fs::read(&log).unwrap());
    std::fs::remove_file(&log).unwrap();
    assert!(
        changes
            .iter()
            .any(|change| matches!(change, Change::Acknowledged(_))),
        "{scenario}: nothing was acknowledged"
    );
    Some(Recording {
        root: node(&home),
        changes,
        home,
        _place: place,
    })
}

#[cfg(unix)]
fn node(path: &Path) -> u64 {
    std::os::unix::fs::MetadataExt::ino(&std::fs::metadata(path).unwrap())
}

#[cfg(not(unix))]
fn node(_: &Path) -> u64 {
    0
}

/// Bytes of the fixed part of a record: four numbers of 32 bits, four of 64.
const HEAD: usize = 48;
/// Above every number that a system gives to a file.
const MADE: u64 = 1 << 63;

fn read(log: &[u8]) -> Vec<Change> {
    let mut changes = Vec::new();
    // A system gives the number of a removed file to the next one: each file made gets its own here.
    let mut nodes: HashMap<u64, u64> = HashMap::new();
    let mut rest = log;
    while !rest.is_empty() {
        let small =
            |at: usize| u32::from_ne_bytes(rest[at * 4..at * 4 + 4].try_into().unwrap()) as usize;
        let large =
            |at: usize| u64::from_ne_bytes(rest[16 + at * 8..24 + at * 8].try_into().unwrap());
        let (kind, lengths) = (small(0) as u8, [small(1), small(2), small(3)]);
        let (found, offset) = (large(0), large(3) as usize);
        if matches!(kind, b'c' | b'm') {
            nodes.insert(found, MADE + changes.len() as u64);
        }
        let known = |node: u64| nodes.get(&node).copied().unwrap_or(node);
        let (node, folder, folder2) = (known(found), known(large(1)), known(large(2)));
        let (name, after) = rest[HEAD..].split_at(lengths[0]);
        let (name2, after) = after.split_at(lengths[1]);
        let (bytes, after) = after.split_at(lengths[2]);
        rest = after;
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let name = text(name);
        changes.push(match kind {
            b'c' | b'l' => Change::File { node, folder, name },
            b'm' => Change::Folder { node, folder, name },
            b'w' => Change::Write {
                node,
                offset,
                bytes: bytes.to_vec(),
            },
            b't' => Change::Length {
                node,
                length: offset,
            },
            b's' => Change::Sync { node },
            b'u' => Change::Unlink { folder, name },
            b'r' => Change::Rename {
                node,
                from: (folder, name),
                to: (folder2, text(name2)),
            },
            b'a' => Change::Acknowledged(text(bytes)),
            other => panic!(
                "{name}: a change of kind {:?} can't be replayed",
                other as char
            ),
        });
    }
    changes
}
