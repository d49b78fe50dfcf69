//! A model of names that is plugged in from a folder: chosen, checked, tried, and used at the level
//! `full` beside the program's own.
//!
//! In: a folder as transformers are published in. Out: a model that policies ask, or why it can't be
//! used. It is used only while its files are those that were plugged in. Where they are not, whatever
//! needs the level `full` is refused, since to find less than the policy says would look like finding
//! all. Not here: running a model (`assay-names`), reading its files (`names_model/folder`).

mod folder;
pub mod view;

use std::cell::RefCell;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use assay_domain::moment::rfc3339;
use assay_names::model::{Failed, NamesModel};
use assay_redact::names::plugged::{FindNames, Unread};
use assay_redact::names::{Level, Name};
use assay_redact::policy::Policy;
use assay_store::names_models::{NamesModelRecord, NewNamesModel};
use folder::{Files, Stamp};

use crate::commands::Nothing;
use crate::error::{Code, Result, WireError};
use crate::jobs::Progress;
use crate::masking::policy_text;
use crate::opening::Engine;
use crate::redaction::names_model::view::{
    NamesLabel, NamesLevel, NamesModelFile, NamesModelUsed, NamesStatus, PluggedModel,
    SetNamesModel, TriedNames, TriedStretch, TryNames,
};
use crate::redaction::policies;

/// Bytes of a text that is tried.
const MAX_TEXT: usize = 1 << 20;
/// Characters of a model's name.
const MAX_NAME: usize = 80;

/// A model in memory.
#[derive(Debug)]
pub(crate) struct Loaded {
    name: String,
    sha256: String,
    model: NamesModel,
    /// How its files were when they were read.
    stamps: Vec<Stamp>,
    /// Texts that it could not read.
    unread: AtomicU64,
}

thread_local! {
    /// The job that this thread works for, so that a long text can be given up.
    static WORKING_FOR: RefCell<Option<Progress>> = const { RefCell::new(None) };
}

/// Runs `work`, during which looking for names ends when the job is cancelled. What was not read by
/// then is hidden, and whoever looks next at the job ends with `cancelled`.
pub(crate) fn stopping_with<T>(progress: &Progress, work: impl FnOnce() -> T) -> T {
    WORKING_FOR.set(Some(progress.clone()));
    let done = work();
    WORKING_FOR.set(None);
    done
}

fn goes_on() -> bool {
    WORKING_FOR.with_borrow(|job| job.as_ref().is_none_or(|job| !job.is_cancelled()))
}

impl FindNames for Loaded {
    fn name(&self) -> &str {
        &self.name
    }

    fn sha256(&self) -> &str {
        &self.sha256
    }

    fn find(&self, text: &str) -> std::result::Result<Vec<Name>, Unread> {
        self.model.find(text, &goes_on).map_err(|Failed(_)| {
            self.unread.fetch_add(1, Ordering::Relaxed);
            Unread
        })
    }

    fn unread(&self) -> u64 {
        self.unread.load(Ordering::Relaxed)
    }
}

/// The model that was read last.
#[derive(Debug, Default)]
pub(crate) struct Kept(Mutex<Option<Arc<Loaded>>>);

/// The model that a policy asks, for whoever shows a result of it.
pub(crate) fn used(policy: &Policy) -> Option<NamesModelUsed> {
    let model = policy.plugged()?;
    Some(NamesModelUsed {
        name: model.name().to_owned(),
        sha256: model.sha256().to_owned(),
    })
}

/// Figures of texts that a model could not read would be no figures.
pub(crate) struct Reading<'a>(Option<(&'a dyn FindNames, u64)>);

impl<'a> Reading<'a> {
    /// Begins with what a policy asks.
    pub(crate) fn of(policy: &'a Policy) -> Self {
        Self(policy.plugged().map(|model| (model, model.unread())))
    }

    /// Whether every text since was read.
    ///
    /// # Errors
    /// `policy_refused` where one was not.
    pub(crate) fn ended(&self) -> Result<()> {
        let Some((model, before)) = self.0 else {
            return Ok(());
        };
        match model.unread() - before {
            0 => Ok(()),
            texts => Err(not_all_read(texts)),
        }
    }
}

/// How many texts the model in memory could not read until now.
pub(crate) fn unread(engine: &Engine) -> u64 {
    let kept = engine.compiled().names_model();
    let kept = kept.0.lock().unwrap_or_else(PoisonError::into_inner);
    kept.as_ref().map_or(0, |model| model.unread())
}

/// Whether every text was read since there were `before` that were not.
///
/// # Errors
/// `policy_refused` where one was not.
pub(crate) fn all_read(engine: &Engine, before: u64) -> Result<()> {
    match unread(engine).saturating_sub(before) {
        0 => Ok(()),
        texts => Err(not_all_read(texts)),
    }
}

fn not_all_read(texts: u64) -> WireError {
    WireError::new(
        Code::PolicyRefused,
        format!(
            "the plugged-in names model could not read {texts} of the texts, so nothing can be said of them"
        ),
    )
    .hint("take it out with `assay redaction model remove`, or plug in another export of it")
}

fn unusable(name: &str, message: &str, hint: &str) -> WireError {
    WireError::new(
        Code::PolicyRefused,
        format!("the names model `{name}` can't be used: {message}"),
    )
    .hint(format!(
        "{hint}; or take the model out with `assay redaction model remove`, or use a policy with `names = \"fast\"`"
    ))
}

/// The policy, with the model that is plugged in where it looks for names at the level `full`.
///
/// # Errors
/// `bad_input` for the text; `policy_refused` where the model can't be used.
pub(crate) fn policy(engine: &Engine, toml: &str) -> Result<Arc<Policy>> {
    let policy = engine.compiled().policy(toml)?;
    if !policy.is_full() {
        return Ok(policy);
    }
    match loaded(engine)? {
        Some(model) => Ok(engine.compiled().with_plugged(toml, &policy, model)),
        None => Ok(policy),
    }
}

/// The same policy at another level of names, with the model where it is `full`.
///
/// # Errors
/// `policy_refused` where the model can't be used.
pub(crate) fn at_level(engine: &Engine, policy: &Policy, level: Level) -> Result<Policy> {
    let mut policy = policy.clone();
    policy.names = level;
    match (level, loaded_for(engine, level)?) {
        (Level::Full, Some(model)) => Ok(policy.with_plugged(model)),
        _ => Ok(policy),
    }
}

fn loaded_for(engine: &Engine, level: Level) -> Result<Option<Arc<dyn FindNames>>> {
    match level {
        Level::Full => Ok(loaded(engine)?.map(|model| model as Arc<dyn FindNames>)),
        _ => Ok(None),
    }
}

/// What of the model makes findings others: nothing where none is plugged in.
pub(crate) fn mark(engine: &Engine, policy: &Policy) -> Result<String> {
    if !policy.is_full() {
        return Ok(String::new());
    }
    let set = engine.store().names_model()?;
    Ok(set.map_or_else(String::new, |set| set.sha256))
}

/// The model that is plugged in, in memory, as its files are now.
fn loaded(engine: &Engine) -> Result<Option<Arc<Loaded>>> {
    match engine.store().names_model()? {
        Some(set) => of_record(engine, &set).map(Some),
        None => Ok(None),
    }
}

fn of_record(engine: &Engine, set: &NamesModelRecord) -> Result<Arc<Loaded>> {
    let mut kept = engine
        .compiled()
        .names_model()
        .0
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    if let Some(model) = kept.as_ref()
        && model.sha256 == set.sha256
        && model.name == set.name
        && model.stamps.iter().all(Stamp::holds)
    {
        return Ok(Arc::clone(model));
    }
    *kept = None;
    let fault = |error: &WireError| {
        unusable(
            &set.name,
            &error.message,
            error.hint.as_deref().unwrap_or("put the folder back"),
        )
    };
    let read = folder::read(Path::new(&set.folder)).map_err(|error| fault(&error))?;
    if read.sha256() != set.sha256 {
        return Err(unusable(
            &set.name,
            &format!(
                "its files changed since it was plugged in (SHA-256 {}… then, {}… now)",
                &set.sha256[..set.sha256.len().min(12)],
                &read.sha256()[..12]
            ),
            "put the files back, or plug it in again with `assay redaction model set`, which the trail records",
        ));
    }
    let model = made(read, &set.name).map_err(|error| fault(&error))?;
    *kept = Some(Arc::clone(&model));
    Ok(model)
}

fn made(read: Files, name: &str) -> Result<Arc<Loaded>> {
    let sha256 = read.sha256();
    let (model, stamps) = read.model()?;
    Ok(Arc::new(Loaded {
        name: name.to_owned(),
        sha256,
        model,
        stamps,
        unread: AtomicU64::new(0),
    }))
}

/// How names are looked for, and the model that is plugged in.
///
/// # Errors
/// The store's.
pub fn status(engine: &Engine, _: Nothing) -> Result<NamesStatus> {
    let in_force = policies::all_in_force(engine)?;
    let mut references = vec![in_force.default];
    references.extend(in_force.own.into_values());
    references.sort();
    references.dedup();
    let mut by_level: [Vec<String>; 3] = Default::default();
    for reference in references {
        let policy = engine
            .compiled()
            .policy(&policy_text(engine, &reference)?)?;
        for level in policy.levels() {
            by_level[level as usize].push(reference.clone());
        }
    }
    let model = match engine.store().names_model()? {
        Some(set) => Some(shown(engine, set)?),
        None => None,
    };
    let full = match &model {
        Some(model) => format!(
            "As fast, and by a network that is part of the program; beside them by the plugged-in model {}.",
            model.name
        ),
        None => "As fast, and by a network that is part of the program.".to_owned(),
    };
    let says = [
        "Names are not looked for; only what stands behind a title or an introduction is found."
            .to_owned(),
        "By words, their neighbours and a lexicon that is part of the program.".to_owned(),
        full,
    ];
    let levels = ["off", "fast", "full"]
        .into_iter()
        .zip(says)
        .zip(by_level)
        .map(|((level, says), policies)| NamesLevel {
            level: level.to_owned(),
            says,
            policies,
        })
        .collect();
    Ok(NamesStatus { levels, model })
}

fn shown(engine: &Engine, set: NamesModelRecord) -> Result<PluggedModel> {
    let (labels, fault) = match of_record(engine, &set) {
        Ok(model) => (labels(&model.model), None),
        Err(error) => (Vec::new(), Some(error)),
    };
    let files: Vec<NamesModelFile> = serde_json::from_str(&set.files)
        .map_err(|error| WireError::new(Code::StoreDamaged, error.to_string()))?;
    Ok(PluggedModel {
        name: set.name,
        folder: set.folder,
        sha256: set.sha256,
        files,
        set_at: rfc3339(set.set_ms),
        set_by: set.set_by,
        ready: fault.is_none(),
        hint: fault.as_ref().and_then(|error| error.hint.clone()),
        refused: fault.map(|error| error.message),
        labels,
    })
}

/// Each label once, those that mean something here first.
fn labels(model: &NamesModel) -> Vec<NamesLabel> {
    let mut all: Vec<NamesLabel> = Vec::new();
    for label in model.labels() {
        if label.base != "O" && all.iter().all(|other| other.label != label.base) {
            all.push(NamesLabel {
                label: label.base.clone(),
                entity_type: label.kind.map(|kind| kind.entity_type().to_owned()),
            });
        }
    }
    all.sort_by_key(|label| label.entity_type.is_none());
    all
}

/// Plugs in the model of a chosen folder.
///
/// # Errors
/// `bad_input` where the folder was not chosen, or holds no model that can be used.
pub fn set_chosen(engine: &Engine, input: SetNamesModel) -> Result<NamesStatus> {
    let folder = engine.handles().path(&input.handle)?;
    set(engine, &folder, input.name)
}

/// Plugs in the model of a folder, once it was read and tried; the trail says who did it.
///
/// # Errors
/// `bad_input` where it holds no model that can be used, with what to do.
pub fn set(engine: &Engine, folder: &Path, name: Option<String>) -> Result<NamesStatus> {
    let read = folder::read(folder)?;
    let name = name.unwrap_or_else(|| read.folder_name());
    let name = name.trim().to_owned();
    if name.is_empty() || name.chars().count() > MAX_NAME || name.chars().any(char::is_control) {
        return Err(WireError::new(
            Code::BadInput,
            format!("a model's name takes 1 to {MAX_NAME} characters"),
        )
        .hint("give one with `--name`"));
    }
    let (path, files) = (read.path(), read.files().to_vec());
    let model = made(read, &name)?;
    let files = serde_json::to_string(&files)
        .map_err(|error| WireError::new(Code::Internal, error.to_string()))?;
    let new = NewNamesModel {
        name: &name,
        folder: &path,
        sha256: &model.sha256,
        files: &files,
    };
    engine
        .store()
        .writer()?
        .set_names_model(Some(&new), engine.user(), engine.now_ms())?;
    let kept = engine.compiled().names_model();
    *kept.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(model);
    status(engine, Nothing {})
}

/// Takes the model out; its files stay where they are.
///
/// # Errors
/// `not_found` where none is plugged in.
pub fn remove(engine: &Engine, _: Nothing) -> Result<NamesStatus> {
    if engine.store().names_model()?.is_none() {
        return Err(
            WireError::new(Code::NotFound, "no names model is plugged in")
                .hint("plug one in with `assay redaction model set FOLDER`"),
        );
    }
    engine
        .store()
        .writer()?
        .set_names_model(None, engine.user(), engine.now_ms())?;
    let kept = engine.compiled().names_model();
    *kept.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    status(engine, Nothing {})
}

/// What the plugged-in model alone finds in a text, and how fast it is on this computer.
///
/// # Errors
/// `not_found` where none is plugged in; `policy_refused` where it can't be used or can't read the text.
pub fn try_text(engine: &Engine, input: TryNames) -> Result<TriedNames> {
    if input.text.len() > MAX_TEXT {
        return Err(
            WireError::new(Code::BadInput, "the text is longer than 1 MiB")
                .hint("try a part of it"),
        );
    }
    let model = loaded(engine)?.ok_or_else(|| {
        WireError::new(Code::NotFound, "no names model is plugged in")
            .hint("plug one in with `assay redaction model set FOLDER`")
    })?;
    let began = Instant::now();
    let found = model.model.find(&input.text, &|| true).map_err(|Failed(what)| {
        WireError::new(
            Code::PolicyRefused,
            format!("the names model `{}` could not read the text: {what}", model.name),
        )
        .hint("at the level `full` such a text is hidden as a whole; take another export of the model")
    })?;
    let elapsed = began.elapsed();
    let characters = input.text.chars().count() as u64;
    let mut stretches = Vec::new();
    let plain = |text: &str| TriedStretch {
        text: text.to_owned(),
        entity_type: None,
        score: None,
    };
    let mut at = 0;
    for name in &found {
        if at < name.start {
            stretches.push(plain(&input.text[at..name.start]));
        }
        stretches.push(TriedStretch {
            text: input.text[name.start..name.end].to_owned(),
            entity_type: Some(name.kind.entity_type().to_owned()),
            score: Some(name.score),
        });
        at = name.end;
    }
    if at < input.text.len() {
        stretches.push(plain(&input.text[at..]));
    }
    let seconds = elapsed.as_secs_f64();
    Ok(TriedNames {
        model: NamesModelUsed {
            name: model.name.clone(),
            sha256: model.sha256.clone(),
        },
        found: found.len() as u64,
        stretches,
        characters,
        elapsed_us: u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX),
        characters_per_second: (seconds > 0.0 && characters > 0)
            .then(|| (characters as f64 / seconds) as u64),
    })
}
