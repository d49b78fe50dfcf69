//! Being told to stop: Ctrl-C and the system's request to end.
//!
//! In: a job's cancel flag, or nothing. Out: the flag set, or a wait that ends. Not here: what a
//! job does when it is cancelled; what it acknowledged stays.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use assay_engine::error::{Code, WireError};
use assay_engine::jobs::{Progress, Step};

use crate::output::Output;

/// Least time between two lines of progress.
const EVERY: Duration = Duration::from_millis(100);

/// Progress of a job: shown on stderr where that is a terminal, cancelled by Ctrl-C. A second
/// Ctrl-C ends the program at once.
pub(crate) fn watched(output: &Output) -> Watched {
    let shows = output.shows_progress();
    let last = Mutex::new(None::<Instant>);
    let progress = Progress::listening(move |step| {
        let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
        if shows && last.is_none_or(|last| last.elapsed() >= EVERY) {
            *last = Some(Instant::now());
            show(&line(&step));
        }
    });
    let flag = progress.cancel_flag();
    let asked = on_request(move || flag.store(true, std::sync::atomic::Ordering::Relaxed));
    // Without a listener Ctrl-C ends the program as the system does it.
    drop(asked);
    Watched {
        progress: Arc::new(progress),
        shows,
    }
}

/// The progress of a job that is being watched; the line disappears with it.
pub(crate) struct Watched {
    pub(crate) progress: Arc<Progress>,
    shows: bool,
}

impl Drop for Watched {
    fn drop(&mut self) {
        if self.shows {
            show("");
        }
    }
}

fn show(line: &str) {
    // Progress that can't be shown is no reason to stop.
    let _ = std::io::stderr().write_all(format!("\r\x1b[2K{line}").as_bytes());
}

fn line(step: &Step) -> String {
    let amount = |count: u64| match step.unit {
        "bytes" => crate::output::human::bytes(count),
        unit => format!("{} {unit}", crate::output::human::thousands(count)),
    };
    let done = match step.total.filter(|total| *total > 0) {
        Some(total) => format!(
            "{}% of {}",
            (step.done.min(total) * 100) / total,
            amount(total)
        ),
        None => amount(step.done),
    };
    let counts: String = step
        .counts
        .iter()
        .map(|(name, count)| format!(", {} {name}", crate::output::human::thousands(*count)))
        .collect();
    let text = format!("{}: {done}{counts}", step.phase);
    crate::output::visible::visible(&text)
        .chars()
        .take(99)
        .collect()
}

/// Calls `stop` at the first request to stop; the second one ends the program.
fn on_request(stop: impl Fn() + Send + 'static) -> std::io::Result<std::thread::JoinHandle<()>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let (ready, listening) = std::sync::mpsc::channel();
    let thread = std::thread::Builder::new()
        .name("stopping".to_owned())
        .spawn(move || {
            runtime.block_on(async {
                let Ok(mut requests) = Requests::listen() else {
                    return;
                };
                let _ = ready.send(());
                requests.next().await;
                stop();
                requests.next().await;
                std::process::exit(2);
            });
        })?;
    // Requests that come from here on are heard.
    let _ = listening.recv();
    Ok(thread)
}

/// Waits until the program is asked to stop.
///
/// # Errors
/// `internal` where the system lets nobody listen.
pub(crate) fn wait() -> Result<(), WireError> {
    let (stop, stopped) = std::sync::mpsc::channel();
    on_request(move || {
        let _ = stop.send(());
    })
    .map_err(|error| {
        WireError::new(
            Code::Internal,
            format!("can't listen for the request to stop: {error}"),
        )
    })?;
    // A listener that ended means the same as a request: there is nothing left to wait for.
    let _ = stopped.recv();
    Ok(())
}

/// Requests to stop, as the system tells them.
#[cfg(unix)]
struct Requests {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Requests {
    fn listen() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct Requests;

#[cfg(not(unix))]
impl Requests {
    fn listen() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}
