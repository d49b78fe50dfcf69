//! Checking a pack as an auditor would: unpacked into a private folder, by the commands of its
//! instructions, with the tools of this computer.
//!
//! In: a pack. Out: each command, what it printed, whether it passed, failed, or was not run and why.
//! What is not run is never counted as passed. The commands are this program's own, not those in the
//! pack, and `verify.py` is run only where it is the one that this program ships: a pack is a
//! stranger's file. Not here: this program's own check (`verifying`).

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use assay_evidence::pack::archive::Archive;
use assay_evidence::pack::layout::{TOOL_COMMANDS, ToolCommand, VERIFY_PY, part, stamped};

use crate::error::{Code, Result, WireError};
use crate::evidence::packs::view::{ToolStep, ToolsRun, VerifyPack};
use crate::evidence::verifying::opened;
use crate::jobs::{Progress, Started, Step};
use crate::opening::Engine;

/// The longest that one command may take.
const LONGEST: Duration = Duration::from_secs(900);
/// How often a running command is looked at.
const EVERY: Duration = Duration::from_millis(20);
/// What is kept of a command's output, bytes.
const KEPT: u64 = 8 << 10;

/// A folder that only this user can read, gone when it is dropped.
struct Private(PathBuf);

impl Private {
    fn new() -> Result<Self> {
        let mut random = [0_u8; 12];
        getrandom::fill(&mut random)
            .map_err(|error| WireError::new(Code::Internal, format!("no randomness: {error}")))?;
        let path = std::env::temp_dir().join(format!("assay-pack-{}", hex::encode(random)));
        let mut builder = DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&path).map_err(unwritable(&path))?;
        Ok(Self(path))
    }
}

impl Drop for Private {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn unwritable(path: &Path) -> impl Fn(std::io::Error) -> WireError + '_ {
    move |error| {
        WireError::new(
            Code::FileUnwritable,
            format!("can't unpack to {}: {error}", path.display()),
        )
        .hint("free some space, or set TMPDIR to a folder that has some")
    }
}

/// Starts the check of a pack that a person chose.
///
/// # Errors
/// `bad_input` where the file can't be read.
pub fn start(engine: &Engine, input: VerifyPack) -> Result<Started> {
    let path = engine.handles().path(&input.handle)?;
    opened(&path)?;
    Ok(engine.jobs().start(
        "evidence.run_tools",
        "Checking a pack with standard tools".to_owned(),
        &[],
        move |progress| run(&path, progress),
    ))
}

/// Unpacks the pack and runs the commands of its instructions over it.
///
/// # Errors
/// `bad_input` where the file can't be read, `file_unwritable` where it can't be unpacked,
/// `cancelled`. A pack that does not hold is an answer.
pub fn run(path: &Path, progress: &Progress) -> Result<ToolsRun> {
    let mut archive = match Archive::open(BufReader::new(opened(path)?)) {
        Ok(archive) => archive,
        Err(error) => return Ok(no_archive(error.to_string())),
    };
    let folder = Private::new()?;
    match unpack(&mut archive, &folder.0, progress) {
        Err(error) if error.code == Code::BadInput => return Ok(no_archive(error.message)),
        unpacked => unpacked?,
    }
    let is_signed = archive.has("log.pem");
    let is_known =
        std::fs::read(folder.0.join("verify.py")).is_ok_and(|bytes| bytes == VERIFY_PY.as_bytes());
    let mut commands: Vec<(String, String, &str, Option<&str>)> = Vec::new();
    for ToolCommand {
        shows,
        command,
        tool,
        needs_key,
    } in TOOL_COMMANDS
    {
        let reason = match () {
            () if needs_key && !is_signed => Some("nobody signed this pack"),
            () if tool == "python3" && !is_known => Some(
                "the verify.py in the pack is not the one that this program knows, and a stranger's program is not run",
            ),
            () => None,
        };
        commands.push((shows.to_owned(), command.to_owned(), tool, reason));
    }
    for (file, chain) in stamps(&archive) {
        let shows = format!(
            "A time-stamping authority vouches for {file}, by the certificates in the pack."
        );
        let reason =
            (!archive.has(&chain)).then_some("the pack does not hold the authority's certificates");
        commands.push((shows, stamped(&file, &chain), "openssl", reason));
    }
    let total = commands.len() as u64;
    let mut steps = Vec::new();
    for (done, (shows, command, tool, reason)) in (0..).zip(commands) {
        progress.check()?;
        progress.step(Step {
            phase: "running".to_owned(),
            done,
            total: Some(total),
            unit: "commands",
            ..Step::default()
        });
        let absent = missing(tool);
        let (outcome, output, reason) = match (reason, absent) {
            (Some(reason), _) => ("not_run", String::new(), Some(reason.to_owned())),
            (None, Some(absent)) => ("not_run", String::new(), Some(format!("no {absent} here"))),
            (None, None) => carried_out(&command, &folder.0, progress)?,
        };
        steps.push(ToolStep {
            shows,
            command,
            outcome: outcome.to_owned(),
            output,
            reason,
        });
    }
    Ok(ended(steps))
}

fn no_archive(reason: String) -> ToolsRun {
    ended(vec![ToolStep {
        shows: "The file is a zip archive as packs are written.".to_owned(),
        command: String::new(),
        outcome: "failed".to_owned(),
        output: String::new(),
        reason: Some(reason),
    }])
}

fn ended(steps: Vec<ToolStep>) -> ToolsRun {
    let count = |outcome: &str| steps.iter().filter(|step| step.outcome == outcome).count() as u64;
    let (passed, failed, not_run) = (count("passed"), count("failed"), count("not_run"));
    ToolsRun {
        ok: failed == 0 && not_run == 0 && passed > 0,
        passed,
        failed,
        not_run,
        steps,
    }
}

/// Checkpoints with a time stamp in the pack, each with the file of its authority's certificates.
fn stamps<R>(archive: &Archive<R>) -> Vec<(String, String)>
where
    R: Read + std::io::Seek,
{
    archive
        .entries()
        .iter()
        .filter_map(|entry| {
            let file = entry.name.strip_suffix(".tsr")?;
            part(&entry.name)?;
            Some(match file {
                "checkpoint" => ("checkpoint".to_owned(), "tsa-chain.pem".to_owned()),
                _ => (
                    format!("{file}.checkpoint"),
                    format!("{file}.tsa-chain.pem"),
                ),
            })
        })
        .collect()
}

/// Writes the files that a pack may have, and no others, below `folder`.
fn unpack<R: Read + std::io::Seek>(
    archive: &mut Archive<R>,
    folder: &Path,
    progress: &Progress,
) -> Result<()> {
    let names: Vec<String> = archive
        .entries()
        .iter()
        .map(|entry| entry.name.clone())
        .filter(|name| part(name).is_some())
        .collect();
    for (done, name) in names.iter().enumerate() {
        if done % 256 == 0 {
            progress.check()?;
            progress.step(Step {
                phase: "unpacking".to_owned(),
                done: done as u64,
                total: Some(names.len() as u64),
                unit: "files",
                ..Step::default()
            });
        }
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(unwritable(parent))?;
        }
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&path)
            .map_err(unwritable(&path))?;
        let mut written = Ok(());
        archive
            .stream(name, |piece| {
                if written.is_ok() {
                    written = file.write_all(piece);
                }
            })
            .map_err(|error| WireError::new(Code::BadInput, error.to_string()))?;
        written.map_err(unwritable(&path))?;
    }
    Ok(())
}

/// The first program of a command that this computer does not have.
fn missing(tool: &str) -> Option<&str> {
    let has = |name: &str| {
        std::env::var_os("PATH").is_some_and(|paths| {
            std::env::split_paths(&paths).any(|place| place.join(name).is_file())
        })
    };
    ["sh", tool].into_iter().find(|name| !has(name))
}

/// Ends a command that is not waited for any more.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn carried_out(
    command: &str,
    folder: &Path,
    progress: &Progress,
) -> Result<(&'static str, String, Option<String>)> {
    let unrun = |error: std::io::Error| {
        WireError::new(Code::Internal, format!("can't run a command: {error}"))
    };
    let log = folder.with_extension("out");
    let out = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&log)
        .map_err(unwritable(&log))?;
    let _gone = Gone(&log);
    let also = out.try_clone().map_err(unrun)?;
    let child = Command::new("sh")
        .args(["-c", command])
        .current_dir(folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("TMPDIR", std::env::temp_dir())
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::null())
        .stdout(out)
        .stderr(also)
        .spawn()
        .map_err(unrun)?;
    let mut child = Running(child);
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = child.0.try_wait().map_err(unrun)? {
            break Some(status);
        }
        progress.check()?;
        if begun.elapsed() > LONGEST {
            break None;
        }
        std::thread::sleep(EVERY);
    };
    let mut output = Vec::new();
    File::open(&log)
        .and_then(|file| file.take(KEPT).read_to_end(&mut output))
        .map_err(unrun)?;
    let output = String::from_utf8_lossy(&output).trim_end().to_owned();
    Ok(match status {
        Some(status) if status.success() => ("passed", output, None),
        Some(status) => {
            let reason = status.code().map_or_else(
                || "it was ended".to_owned(),
                |code| format!("it ended with {code}"),
            );
            ("failed", output, Some(reason))
        }
        None => (
            "failed",
            output,
            Some("it did not end within 15 minutes".to_owned()),
        ),
    })
}

/// A file that is removed when this is dropped.
struct Gone<'a>(&'a Path);

impl Drop for Gone<'_> {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(self.0);
    }
}
