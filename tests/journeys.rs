//! The terminal program as its users run it: one journey for each noun.
//!
//! In: the built program, synthetic logs in `tests/fixtures`. Out: stdout, stderr, exit codes. Not
//! here: what the engine's own tests hold to.

mod anchors;
mod approvals;
mod billed;
mod broken_files;
mod checks;
mod cloudwatch;
mod demo;
mod deployments;
mod digests;
mod encryption;
mod enterprise;
mod evidence;
mod exports;
mod fetched;
mod filtering;
mod formats;
mod guards;
mod imports;
mod integrity;
mod keychain;
mod lab;
mod leak_bounds;
mod names_model;
mod notes;
mod policies;
mod reconciling;
mod redaction;
mod rehearsal;
mod replay;
mod reports;
mod retention;
mod samples;
mod serve;
mod spans;
mod stores;
mod telemetry;
mod trail;

use std::fs::Permissions;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::OnceLock;

use serde_json::Value;
use tempfile::TempDir;

/// The time at which every journey happens.
const NOW: &str = "2026-11-23T12:00:00Z";

/// What a command did.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    /// Fails unless the command ended with `code`.
    #[track_caller]
    pub(crate) fn with_code(self, code: i32) -> Self {
        assert_eq!(
            self.code, code,
            "stdout: {}\nstderr: {}",
            self.stdout, self.stderr
        );
        self
    }

    /// The one JSON document on stdout.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}: {} {}", self.stdout, self.stderr))
    }

    /// Fails unless stderr holds `error[code]: …` with `text` in it, and that is all but a hint.
    #[track_caller]
    pub(crate) fn error(&self, code: &str, text: &str) {
        let first = self.stderr.lines().next().unwrap_or_default();
        assert!(
            first.starts_with(&format!("error[{code}]: ")) && first.contains(text),
            "{}",
            self.stderr
        );
        assert!(
            self.stderr
                .lines()
                .skip(1)
                .all(|line| line.starts_with("hint: ")),
            "{}",
            self.stderr
        );
        assert_eq!(self.code, 2, "{}", self.stderr);
    }
}

/// A file, or a folder without bytes, as it is put into other places.
struct Kept {
    name: PathBuf,
    bytes: Option<Vec<u8>>,
    permissions: Permissions,
}

/// Adds what lies in the folder `name` below `root`, each folder before what it holds.
fn keep(root: &Path, name: &Path, kept: &mut Vec<Kept>) {
    for entry in std::fs::read_dir(root.join(name)).unwrap() {
        let entry = entry.unwrap();
        let name = name.join(entry.file_name());
        let metadata = entry.metadata().unwrap();
        kept.push(Kept {
            bytes: metadata
                .is_file()
                .then(|| std::fs::read(entry.path()).unwrap()),
            permissions: metadata.permissions(),
            name: name.clone(),
        });
        if metadata.is_dir() {
            keep(root, &name, kept);
        }
    }
}

/// A store in a folder of its own.
pub(crate) struct Bench {
    folder: TempDir,
    now: &'static str,
}

impl Bench {
    /// No store yet.
    pub(crate) fn empty() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            now: NOW,
        }
    }

    /// A store that holds all fixtures, and is another log than that of [`Self::filled`].
    pub(crate) fn imported() -> Self {
        let bench = Self::empty();
        let logs = logs();
        bench.run(&["import", logs.to_str().unwrap()]).with_code(0);
        bench
    }

    /// A store that holds all fixtures. They are imported once; every bench gets a copy of that store.
    pub(crate) fn filled() -> Self {
        static FIRST: OnceLock<Vec<Kept>> = OnceLock::new();
        let kept = FIRST.get_or_init(|| {
            let mut kept = Vec::new();
            keep(Self::imported().folder.path(), Path::new(""), &mut kept);
            kept
        });
        let bench = Self::empty();
        for Kept {
            name,
            bytes,
            permissions,
        } in kept
        {
            let path = bench.path(name);
            match bytes {
                Some(bytes) => std::fs::write(&path, bytes).unwrap(),
                None => std::fs::create_dir(&path).unwrap(),
            }
            std::fs::set_permissions(path, permissions.clone()).unwrap();
        }
        bench
    }

    /// A path beside the store.
    pub(crate) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file beside the store and answers its path.
    pub(crate) fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// The store's folder.
    pub(crate) fn store(&self) -> PathBuf {
        self.path("store")
    }

    /// All files of the store, those in its folders too.
    pub(crate) fn files_of_store(&self) -> Vec<PathBuf> {
        let mut folders = vec![self.store()];
        let mut files = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                match path.is_dir() {
                    true => folders.push(path),
                    false => files.push(path),
                }
            }
        }
        files
    }

    /// The program with the store and the time of this bench.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
        command
            .args(arguments)
            .env("ASSAY_STORE", self.store())
            .env("ASSAY_STATE", self.path("state"))
            .env("ASSAY_NOW", self.now)
            .env("USER", "auditor")
            .env_remove("XDG_DATA_HOME")
            .env("HOME", self.folder.path())
            .env("TMPDIR", self.folder.path())
            .stdin(Stdio::null());
        command
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        finished(self.command(arguments).output().unwrap())
    }

    /// Runs a command that must succeed, and answers its JSON.
    #[track_caller]
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let mut all = vec!["--json"];
        all.extend(arguments);
        self.run(&all).with_code(0).json()
    }

    /// Runs a command with `input` on its standard input.
    pub(crate) fn fed(&self, arguments: &[&str], input: &[u8]) -> Ran {
        fed(self.command(arguments), input)
    }

    /// Starts a command that runs until it is stopped, and answers it with its first line.
    pub(crate) fn running(&self, arguments: &[&str]) -> Running {
        let mut command = self.command(arguments);
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = String::new();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        stdout.read_line(&mut first).unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        Running {
            child,
            first,
            stderr,
            _stdout: stdout,
        }
    }
}

/// Runs a command to its end with `input` on its standard input.
pub(crate) fn fed(mut command: Command, input: &[u8]) -> Ran {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // A program that has read enough may close its end first.
    let feeding = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().unwrap();
    feeding.join().unwrap();
    finished(output)
}

fn finished(output: std::process::Output) -> Ran {
    Ran {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).expect("stdout is UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("stderr is UTF-8"),
    }
}

/// A program that runs; it ends with the test.
pub(crate) struct Running {
    child: Child,
    pub(crate) first: String,
    stderr: BufReader<ChildStderr>,
    _stdout: BufReader<std::process::ChildStdout>,
}

impl Running {
    /// The next code that is shown on the terminal, once it is.
    pub(crate) fn code(&mut self) -> String {
        let mut line = String::new();
        loop {
            line.clear();
            assert!(self.stderr.read_line(&mut line).unwrap() > 0, "it goes on");
            if let Some(code) = line
                .trim_end()
                .strip_prefix("To confirm, type this code into the page: ")
            {
                return code.to_owned();
            }
        }
    }

    /// Asks the program to stop, as Ctrl-C does, and answers how it ended.
    pub(crate) fn interrupt(mut self) -> (Option<i32>, String) {
        interrupt(&self.child);
        let status = self.child.wait().unwrap();
        let mut stderr = String::new();
        self.stderr.read_to_string(&mut stderr).unwrap();
        (status.code(), stderr)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Asks a program to stop, as Ctrl-C does.
pub(crate) fn interrupt(child: &Child) {
    let sent = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(sent.success());
}

/// The folder of synthetic logs, one file a format.
pub(crate) fn logs() -> PathBuf {
    fixtures().join("logs")
}

/// The folder of fixtures.
pub(crate) fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/fixtures")
        .canonicalize()
        .unwrap()
}

/// A log of the fixtures.
pub(crate) fn log(name: &str) -> Vec<u8> {
    std::fs::read(logs().join(name)).unwrap()
}
