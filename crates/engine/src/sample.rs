//! The sample organisation: an insurer with four deployments, two months of calls and planted
//! problems, made without a network and the same each time.
//!
//! In: a folder and how many calls. Out: log files in five formats and Anthropic's reports, the
//! deployments' definitions and settings answers, and a store that holds them: read by the ordinary
//! import, checked by the ordinary checks. What is planted stands in [`planted`]. Not here: any
//! shortcut into the store.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use assay_store::day_keys::FOLDER as KEYS;
use assay_store::open::{Access, FILE_NAME, Store};

use crate::checks;
use crate::checks::view::RunChecks;
use crate::deployments;
use crate::deployments::view::SetDeployment;
use crate::error::{Code, Result, WireError};
use crate::evidence::guard;
use crate::imports;
use crate::jobs::{Progress, Step};
use crate::keys::KeySource;
use crate::opening::{Engine, EngineOptions};
use crate::sample::files::{LogFiles, write_small};
use crate::sample::written::Written;

mod assistant;
mod bedrock;
mod billed;
mod calendar;
mod chance;
mod claims;
mod compliance;
pub mod definitions;
mod files;
mod gateways;
mod litellm;
mod people;
pub mod planted;
mod scene;
mod speech;
mod traffic;
mod words;
pub mod written;

#[cfg(test)]
mod tests;

/// The organisation's name; the overview shows it.
pub const ORGANISATION: &str = "Northwind Insurance (sample)";
/// The fact of a store that says which sample it holds.
const FACT: &str = "sample";
/// What the fact says; another sample is another number.
const EDITION: &str = "northwind-2";
/// Where the logs lie in the store's folder.
const LOGS: &str = "sample-logs";
/// Where the store is made before it is put in its place.
const BUILDING: &str = "sample-building";
/// No clock of a build stands before this: 2026-11-03T00:00:00Z, when all of the sample is past.
const NOT_BEFORE_MS: i64 = 1_793_664_000_000;

/// A deployment of the sample and what was written of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleDeployment {
    pub name: &'static str,
    /// Its definition, TOML.
    pub definition: PathBuf,
    /// Answers of its provider about its settings, JSON.
    pub settings: Vec<PathBuf>,
    pub written: Written,
}

/// The files of the sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleFiles {
    /// The folder of the log files, to be imported whole.
    pub logs: PathBuf,
    pub deployments: Vec<SampleDeployment>,
    /// Activities that belong to no deployment's calls: Anthropic's Compliance feed.
    pub compliance_activities: u64,
}

/// The folder in which the window keeps the sample's store: beside the one for real records.
pub fn default_folder() -> Option<PathBuf> {
    crate::opening::default_store().map(|store| store.with_file_name("assay-sample"))
}

/// Writes the sample's files into `folder`: `calls` calls, at least [`planted::MIN_CALLS`].
///
/// Two fifths of the calls are of `claims-bedrock-eu`, a quarter of `assistant-claude-api`, a fifth
/// of `underwriting-vertex`, the rest of `support-private`. The same `calls` give the same bytes.
///
/// # Errors
/// `bad_input` for too few calls, `file_unwritable`.
pub fn write_logs(folder: &Path, calls: u64) -> Result<SampleFiles> {
    write(folder, calls, &Progress::silent())
}

fn write(folder: &Path, calls: u64, progress: &Progress) -> Result<SampleFiles> {
    if calls < planted::MIN_CALLS {
        return Err(WireError::new(
            Code::BadInput,
            format!(
                "the sample needs at least {} calls: {calls}",
                planted::MIN_CALLS
            ),
        )
        .hint("fewer do not hold all that is planted"));
    }
    let logs = folder.join("logs");
    if logs.exists() {
        std::fs::remove_dir_all(&logs).map_err(|error| {
            WireError::new(
                Code::FileUnwritable,
                format!("can't write {}: {error}", logs.display()),
            )
        })?;
    }
    let (assistant, underwriting, support) = (calls / 4, calls / 5, calls * 3 / 20);
    let claims = calls - assistant - underwriting - support;
    progress.step(Step {
        phase: "writing the sample's logs".to_owned(),
        total: Some(calls),
        unit: "calls",
        ..Step::default()
    });
    // Their chance is independent, so that they can be written side by side. The first is the longest.
    let (first, others) = std::thread::scope(|scope| {
        let first =
            scope.spawn(|| with_files(&logs, |files| claims::write(files, claims, progress)));
        let others = [
            with_files(&logs, |files| assistant::write(files, assistant, progress)),
            with_files(&logs, |files| {
                gateways::write_underwriting(files, underwriting, progress)
            }),
            with_files(&logs, |files| {
                gateways::write_support(files, support, progress)
            }),
        ];
        let stopped = || Err(WireError::new(Code::Internal, "the writing thread stopped"));
        (first.join().unwrap_or_else(|_| stopped()), others)
    });
    let mut deployments = Vec::new();
    for (name, written) in definitions::NAMES
        .into_iter()
        .zip(std::iter::once(first).chain(others))
    {
        deployments.push(describe(folder, name, written?)?);
    }
    let compliance_activities = with_files(&logs, compliance::write)?;
    Ok(SampleFiles {
        logs,
        deployments,
        compliance_activities,
    })
}

fn with_files<T>(logs: &Path, write: impl FnOnce(&mut LogFiles) -> Result<T>) -> Result<T> {
    let mut files = LogFiles::below(logs);
    let written = write(&mut files)?;
    files.finish()?;
    Ok(written)
}

/// Writes the deployment's definition and settings.
fn describe(folder: &Path, name: &'static str, written: Written) -> Result<SampleDeployment> {
    let definition = folder.join("deployments").join(format!("{name}.toml"));
    write_small(&definition, &definitions::definition(name))?;
    let mut settings = Vec::new();
    for (file, answer) in definitions::settings(name) {
        let path = folder.join("settings").join(name).join(file);
        write_small(&path, &format!("{answer:#}\n"))?;
        settings.push(path);
    }
    Ok(SampleDeployment {
        name,
        definition,
        settings,
        written,
    })
}

/// Opens the sample's store in `options.store`, making it with `calls` calls where it is absent.
///
/// It is made in a folder of its own and put in its place once it is whole: what was cut short
/// leaves nothing behind that counts, and the next call makes it anew. A store that holds the
/// sample is opened as it is, whatever `calls` says.
///
/// # Errors
/// `bad_input` where the store holds other records; whatever making, importing and checking answer.
pub fn build(options: EngineOptions, calls: u64, progress: &Progress) -> Result<Engine> {
    let folder = options.store.clone();
    let options = with_own_keys(never_before_the_sample(options));
    if folder.join(FILE_NAME).exists() {
        let engine = Engine::open(options.clone())?;
        if engine.store().fact(FACT)?.is_some() {
            return Ok(engine);
        }
        if holds_records(&engine)? {
            return Err(WireError::new(Code::BadInput, format!("the store holds records that are not the sample's: {}", folder.display()))
                .hint("name another folder with `--store DIR`; the sample is never mixed with real records"));
        }
        if engine.store().key().is_some() {
            return Err(WireError::new(
                Code::BadInput,
                format!("the store is encrypted and empty: {}", folder.display()),
            )
            .hint("make the sample in another folder, and encrypt it then"));
        }
    }
    let building = folder.join(BUILDING);
    let making = Engine::open(EngineOptions {
        store: building.clone(),
        access: Access::Write,
        ..options.clone()
    })?;
    if making.store().tree()?.0 > 1 {
        // What an earlier call left: it was cut short.
        drop(making);
        clear(&building)?;
        fill(
            &Engine::open(EngineOptions {
                store: building.clone(),
                access: Access::Write,
                ..options.clone()
            })?,
            &folder,
            calls,
            progress,
        )?;
    } else {
        fill(&making, &folder, calls, progress)?;
        drop(making);
    }
    let origin = Store::open(&building, Access::Read, 0)?.origin()?;
    put_in_place(&building, &folder)?;
    if let Some(state) = &options.state {
        guard::bind(state, &folder, &origin)?;
    }
    Engine::open(options)
}

/// The sample's key and what is remembered of it lie beside its store, never among a person's own.
fn with_own_keys(options: EngineOptions) -> EngineOptions {
    if matches!(options.keys, KeySource::None) {
        return options;
    }
    let mut name = options.store.file_name().unwrap_or_default().to_owned();
    name.push("-state");
    EngineOptions {
        keys: KeySource::StateFolder,
        state: Some(options.store.with_file_name(name)),
        ..options
    }
}

/// The sample lies in the past, whatever the machine's clock says.
fn never_before_the_sample(options: EngineOptions) -> EngineOptions {
    let clock = Arc::clone(&options.clock);
    EngineOptions {
        clock: Arc::new(move || clock().max(NOT_BEFORE_MS)),
        ..options
    }
}

fn holds_records(engine: &Engine) -> Result<bool> {
    // The first leaf is the store's own beginning.
    Ok(engine.store().tree()?.0 > 1 || !engine.store().deployments()?.is_empty())
}

fn fill(engine: &Engine, folder: &Path, calls: u64, progress: &Progress) -> Result<()> {
    let files = write(&folder.join(LOGS), calls, progress)?;
    for deployment in &files.deployments {
        let toml = std::fs::read_to_string(&deployment.definition).map_err(|error| {
            WireError::new(
                Code::Internal,
                format!("can't read {}: {error}", deployment.definition.display()),
            )
        })?;
        deployments::set(
            engine,
            SetDeployment {
                name: deployment.name.to_owned(),
                toml,
            },
        )?;
    }
    imports::import(engine, std::slice::from_ref(&files.logs), None, progress)?;
    for deployment in &files.deployments {
        deployments::import_snapshot_files(engine, deployment.name, &deployment.settings)?;
    }
    checks::run(engine, &RunChecks::default(), progress)?;
    let mut writer = engine.store().writer()?;
    writer.set_fact("organisation", ORGANISATION)?;
    writer.set_fact(FACT, EDITION)?;
    writer.checkpoint_log()?;
    Ok(())
}

fn clear(building: &Path) -> Result<()> {
    std::fs::remove_dir_all(building).map_err(|error| {
        WireError::new(
            Code::FileUnwritable,
            format!("can't clear {}: {error}", building.display()),
        )
    })
}

fn put_in_place(building: &Path, folder: &Path) -> Result<()> {
    let problem = |error: std::io::Error| {
        WireError::new(
            Code::FileUnwritable,
            format!(
                "can't put the sample's store into {}: {error}",
                folder.display()
            ),
        )
    };
    // Another program may have made a store of it while the sample was made.
    if folder.join(FILE_NAME).exists() {
        let there = Store::open(folder, Access::Write, 0)?;
        if there.tree()?.0 > 1 || !there.deployments()?.is_empty() {
            return Err(WireError::new(
                Code::BadInput,
                format!(
                    "a store was made while the sample was: {}",
                    folder.display()
                ),
            )
            .hint("it was left as it is; make the sample in another folder with `--store DIR`"));
        }
    }
    // An empty store may stand there; what it left beside its file must not meet the new one.
    for suffix in ["", "-wal", "-shm"] {
        let old = folder.join(format!("{FILE_NAME}{suffix}"));
        if old.exists() {
            std::fs::remove_file(&old).map_err(problem)?;
        }
    }
    // The keys go first: a store without them can't be read, keys without a store are replaced.
    let (made, keys) = (building.join(KEYS), folder.join(KEYS));
    if keys.exists() {
        std::fs::remove_dir_all(&keys).map_err(problem)?;
    }
    std::fs::rename(made, keys).map_err(problem)?;
    std::fs::rename(building.join(FILE_NAME), folder.join(FILE_NAME)).map_err(problem)?;
    assay_store::folder::sync(folder).map_err(problem)?;
    std::fs::remove_dir_all(building).map_err(problem)
}
