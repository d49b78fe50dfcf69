//! Long work: a registry of jobs, their progress, and the one sink of events.
//!
//! In: closures that report progress and look at a cancel flag. Out: events `job` and `changed`.
//! Not here: what a job does; that stands in the module of its noun. The terminal calls the same
//! functions directly and waits.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::error::{Code, Result, WireError};

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    Running,
    Done,
    Failed,
    Cancelled,
}

/// A job as the window shows it.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct Job {
    pub id: u64,
    /// The command that it carries out: `imports.start`.
    pub command: String,
    /// What it does, for people: "Importing 3 files".
    pub title: String,
    /// What it works on, where that can be opened while it runs: a replay run's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub subject: Option<String>,
    /// What it is doing now.
    pub phase: String,
    /// Units done.
    pub done: u64,
    /// Units in all, where known.
    pub total: Option<u64>,
    /// What is counted: `bytes`, `calls`.
    pub unit: String,
    /// Units per second, smoothed; `None` in the first second.
    pub rate: Option<f64>,
    /// Seconds left; `None` while unknown.
    pub eta_s: Option<f64>,
    /// Further counts: records accepted, rejected …
    pub counts: BTreeMap<String, u64>,
    pub state: JobState,
    /// The command's output once done.
    pub result: Option<serde_json::Value>,
    pub error: Option<WireError>,
    /// Milliseconds since the job began.
    pub elapsed_ms: u64,
}

/// What the engine tells its listeners.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// A job began, moved on or ended.
    Job { job: Box<Job> },
    /// What these tags name has changed; see `effects` in the bindings.
    Changed { tags: Vec<String> },
}

/// Where events go.
pub type Sink = Arc<dyn Fn(Event) + Send + Sync>;

/// What a job sees of the world outside: a cancel flag and a place to report progress.
///
/// Cheap to clone. The terminal makes one with [`Progress::listening`].
#[derive(Clone)]
pub struct Progress {
    cancelled: Arc<AtomicBool>,
    report: Arc<dyn Fn(Step) + Send + Sync>,
}

/// One report of progress.
#[derive(Debug, Clone, Default)]
pub struct Step {
    pub phase: String,
    pub done: u64,
    pub total: Option<u64>,
    pub unit: &'static str,
    pub counts: BTreeMap<String, u64>,
}

impl Progress {
    /// Progress that nobody watches and nobody cancels.
    pub fn silent() -> Self {
        Self::listening(|_| {})
    }

    /// Progress that is passed to `report`.
    pub fn listening(report: impl Fn(Step) + Send + Sync + 'static) -> Self {
        Self {
            cancelled: Arc::new(AtomicBool::new(false)),
            report: Arc::new(report),
        }
    }

    /// The flag that cancels the work when set.
    pub fn cancel_flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.cancelled)
    }

    /// Whether the work should stop now.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// Answers an error once the work was cancelled.
    ///
    /// # Errors
    /// [`Code::Cancelled`].
    pub fn check(&self) -> Result<()> {
        if self.is_cancelled() {
            return Err(WireError::new(Code::Cancelled, "cancelled"));
        }
        Ok(())
    }

    /// Reports a step.
    pub fn step(&self, step: Step) {
        (self.report)(step);
    }
}

/// The answer of a command that starts a job.
#[derive(Debug, Clone, Copy, Serialize, ts_rs::TS)]
pub struct Started {
    pub job: u64,
}

/// Names a job.
#[derive(Debug, Clone, Copy, Deserialize, ts_rs::TS)]
pub struct JobRef {
    pub job: u64,
}

/// All jobs of this process.
pub struct Jobs {
    next: AtomicU64,
    all: Mutex<BTreeMap<u64, Entry>>,
    sink: Sink,
}

struct Entry {
    job: Job,
    began: Instant,
    sent: Instant,
    cancel: Arc<AtomicBool>,
}

/// The most that one job reports: ten events a second.
const EVERY: Duration = Duration::from_millis(100);

impl Jobs {
    /// An empty registry that tells `sink`.
    pub fn new(sink: Sink) -> Self {
        Self {
            next: AtomicU64::new(1),
            all: Mutex::new(BTreeMap::new()),
            sink,
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, Entry>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All jobs, newest first.
    pub fn list(&self) -> Vec<Job> {
        self.lock()
            .values()
            .rev()
            .map(|entry| entry.job.clone())
            .collect()
    }

    /// Asks a job to stop; answers at once.
    ///
    /// # Errors
    /// [`Code::NotFound`] where there is no such job.
    pub fn cancel(&self, id: u64) -> Result<()> {
        match self.lock().get(&id) {
            Some(entry) => {
                entry.cancel.store(true, Ordering::Relaxed);
                Ok(())
            }
            None => Err(WireError::new(Code::NotFound, format!("no job: {id}"))),
        }
    }

    /// Asks every job to stop.
    pub fn cancel_all(&self) {
        for entry in self.lock().values() {
            entry.cancel.store(true, Ordering::Relaxed);
        }
    }

    /// Tells the listeners that `tags` changed.
    pub fn changed(&self, tags: &[&str]) {
        (self.sink)(Event::Changed {
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        });
    }

    /// Begins a job on a thread of its own and answers its id at once.
    pub fn start<T, F>(
        self: &Arc<Self>,
        command: &str,
        title: String,
        tags: &[&str],
        work: F,
    ) -> Started
    where
        T: Serialize,
        F: FnOnce(&Progress) -> Result<T> + Send + 'static,
    {
        self.begin(command, title, None, tags, work)
    }

    /// As [`Jobs::start`], for work on something that can be opened while it runs.
    pub fn start_on<T, F>(
        self: &Arc<Self>,
        command: &str,
        title: String,
        subject: String,
        tags: &[&str],
        work: F,
    ) -> Started
    where
        T: Serialize,
        F: FnOnce(&Progress) -> Result<T> + Send + 'static,
    {
        self.begin(command, title, Some(subject), tags, work)
    }

    fn begin<T, F>(
        self: &Arc<Self>,
        command: &str,
        title: String,
        subject: Option<String>,
        tags: &[&str],
        work: F,
    ) -> Started
    where
        T: Serialize,
        F: FnOnce(&Progress) -> Result<T> + Send + 'static,
    {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let registry = Arc::clone(self);
        let progress = {
            let registry = Arc::clone(self);
            Progress::listening(move |step| registry.advance(id, step))
        };
        let now = Instant::now();
        let job = Job {
            id,
            command: command.to_owned(),
            title,
            subject,
            phase: "Starting".to_owned(),
            done: 0,
            total: None,
            unit: String::new(),
            rate: None,
            eta_s: None,
            counts: BTreeMap::new(),
            state: JobState::Running,
            result: None,
            error: None,
            elapsed_ms: 0,
        };
        let entry = Entry {
            job: job.clone(),
            began: now,
            sent: now,
            cancel: progress.cancel_flag(),
        };
        self.lock().insert(id, entry);
        (self.sink)(Event::Job { job: Box::new(job) });
        let tags: Vec<String> = tags.iter().map(|tag| (*tag).to_owned()).collect();
        let spawned = std::thread::Builder::new()
            .name(format!("job-{id}"))
            .spawn(move || {
                // What a fault leaves behind is dropped: the store holds what was committed.
                let answer = catch_unwind(AssertUnwindSafe(|| work(&progress)))
                    .unwrap_or_else(|_| Err(WireError::stopped("the job")))
                    .and_then(|output| {
                        serde_json::to_value(output)
                            .map_err(|error| WireError::new(Code::Internal, error.to_string()))
                    });
                registry.finish(id, answer);
                (registry.sink)(Event::Changed { tags });
            });
        if let Err(error) = spawned {
            let error = WireError::new(Code::Internal, format!("cannot start a thread: {error}"));
            self.finish(id, Err(error));
        }
        Started { job: id }
    }

    fn advance(&self, id: u64, step: Step) {
        let job = {
            let mut all = self.lock();
            let Some(entry) = all.get_mut(&id) else {
                return;
            };
            let elapsed = entry.began.elapsed();
            let job = &mut entry.job;
            let same_phase = job.phase == step.phase;
            job.phase = step.phase;
            job.done = step.done;
            job.total = step.total;
            step.unit.clone_into(&mut job.unit);
            job.counts = step.counts;
            job.elapsed_ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
            let seconds = elapsed.as_secs_f64();
            job.rate = (seconds >= 1.0).then(|| job.done as f64 / seconds);
            job.eta_s = match (job.rate, job.total) {
                (Some(rate), Some(total)) if rate > 0.0 && seconds >= 2.0 => {
                    Some(total.saturating_sub(job.done) as f64 / rate)
                }
                _ => None,
            };
            if same_phase && entry.sent.elapsed() < EVERY {
                return;
            }
            entry.sent = Instant::now();
            entry.job.clone()
        };
        (self.sink)(Event::Job { job: Box::new(job) });
    }

    fn finish(&self, id: u64, answer: Result<serde_json::Value>) {
        let job = {
            let mut all = self.lock();
            let Some(entry) = all.get_mut(&id) else {
                return;
            };
            let job = &mut entry.job;
            job.elapsed_ms = u64::try_from(entry.began.elapsed().as_millis()).unwrap_or(u64::MAX);
            job.eta_s = None;
            match answer {
                Ok(result) => {
                    job.state = JobState::Done;
                    job.result = Some(result);
                }
                Err(error) => {
                    job.state = match error.code {
                        Code::Cancelled => JobState::Cancelled,
                        _ => JobState::Failed,
                    };
                    job.error = Some(error);
                }
            }
            job.clone()
        };
        (self.sink)(Event::Job { job: Box::new(job) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_names_what_it_works_on_from_its_first_event() {
        let (sender, events) = std::sync::mpsc::channel();
        let sender = Mutex::new(sender);
        let jobs = Arc::new(Jobs::new(Arc::new(move |event| {
            let _ = sender
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .send(event);
        })));
        jobs.start_on(
            "replay.start",
            "Replaying 1 call".to_owned(),
            "run-1".to_owned(),
            &["runs"],
            |_| Ok(()),
        );
        match events.recv() {
            Ok(Event::Job { job }) => assert_eq!(job.subject.as_deref(), Some("run-1")),
            other => panic!("not a job: {other:?}"),
        }
        jobs.start("checks.run", "Running checks".to_owned(), &[], |_| Ok(()));
        assert!(jobs.list().first().is_some_and(|job| job.subject.is_none()));
    }

    #[test]
    fn a_job_that_a_fault_stops_has_failed_and_tells_nothing_of_its_text() {
        let (sender, events) = std::sync::mpsc::channel();
        let sender = Mutex::new(sender);
        let jobs = Arc::new(Jobs::new(Arc::new(move |event| {
            let sender = sender.lock().unwrap_or_else(PoisonError::into_inner);
            let _ = sender.send(event);
        })));
        jobs.start("checks.run", "Running checks".to_owned(), &[], |_| {
            let text = "Müller";
            Ok(text[..2].len())
        });
        // Once the job is over nobody sends any more.
        drop(jobs);
        let ended = events.iter().find_map(|event| match event {
            Event::Job { job } if job.state != JobState::Running => Some(job),
            _ => None,
        });
        let ended = ended.unwrap_or_else(|| panic!("it did not end"));
        assert_eq!(ended.state, JobState::Failed);
        let error = ended.error.map(|error| (error.code, error.message));
        let expected = "the job stopped unexpectedly".to_owned();
        assert_eq!(error, Some((Code::Internal, expected)));
    }
}
