//! `assay serve`: the window in a browser, on this computer only.
//!
//! In: an address and a store. Out: an address with a token, printed once; a server until the
//! program is told to stop. Not here: the routes (`assay-backends`), the commands (the engine).

mod codes;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use assay_backends::local_server::{self, Site};
use assay_engine::confirmations::{self, Question};
use assay_engine::door::Door;
use assay_engine::error::{Code, WireError};
use assay_engine::jobs::{JobState, Sink};
use assay_engine::opening::Engine;
use serde_json::{Value, json};
use tokio::sync::broadcast;

use crate::arguments::ServeArguments;
use crate::ending::{Ending, Outcome};
use crate::opened::{Settings, private_folder};
use crate::output::Output;
use crate::output::visible::visible;
use crate::page::Page;
use crate::sandbox::refused;
use crate::stopping;
use codes::Codes;

/// Events that a slow listener may fall behind.
const BACKLOG: usize = 1_024;
/// Characters of an uploaded file's name that are kept.
const NAME: usize = 120;
/// The longest that running jobs are waited for at the end.
const PATIENCE: Duration = Duration::from_secs(5);

/// What answers the page's requests.
struct Served {
    door: Door,
    page: Page,
    events: broadcast::Sender<String>,
    uploads: PathBuf,
    uploaded: AtomicU64,
    codes: Codes,
}

impl Site for Served {
    fn rpc(&self, name: &str, input: Value, token: Option<&str>) -> Result<Value, Value> {
        self.door
            .dispatch(name, given(input), token)
            .map_err(|error| wire(&error))
    }

    fn confirm(&self, name: &str, input: Value) -> Result<Value, Value> {
        let input = given(input);
        let ask = || -> Result<Option<Question>, WireError> {
            let engine = self.door.engine()?;
            let Some(question) = confirmations::describe(&engine, name, &input)? else {
                return Ok(None);
            };
            let code = self.codes.ask(name, input, engine.now_ms())?;
            show(&question, &code);
            Ok(Some(question))
        };
        ask()
            .map(|question| json!({ "question": question }))
            .map_err(|error| wire(&error))
    }

    fn code(&self, code: &str) -> Result<Value, Value> {
        self.door
            .engine()
            .and_then(|engine| {
                let (name, input) = self.codes.take(code, engine.now_ms())?;
                confirmations::issue(&engine, &name, &input)
            })
            .map(|token| json!({ "token": token }))
            .map_err(|error| wire(&error))
    }

    fn asset(&self, path: &str) -> Option<(&'static str, Vec<u8>)> {
        self.page.file(path)
    }

    fn upload_path(&self, name: &str) -> std::io::Result<PathBuf> {
        let number = self.uploaded.fetch_add(1, Ordering::Relaxed);
        let folder = self.uploads.join(number.to_string());
        std::fs::create_dir(&folder)?;
        Ok(folder.join(file_name(name)))
    }

    fn uploaded(&self, path: &Path) -> Result<Value, Value> {
        let chosen = self
            .door
            .engine()
            .and_then(|engine| engine.handles().add(path))
            .map_err(|error| wire(&error))?;
        Ok(serde_json::to_value(chosen).unwrap_or_default())
    }

    fn file(&self, handle: &str) -> Option<PathBuf> {
        self.door.engine().ok()?.handles().path(handle).ok()
    }

    fn events(&self) -> broadcast::Receiver<String> {
        self.events.subscribe()
    }
}

fn given(input: Value) -> Value {
    if input.is_null() { json!({}) } else { input }
}

/// Shows what is asked and its code on the terminal, which no page can read. Always on stderr:
/// stdout may be a program's.
fn show(question: &Question, code: &str) {
    let lines = format!(
        "\n{}\n{}\nTo confirm, type this code into the page: {code}\n",
        visible(&question.title),
        visible(&question.text)
    );
    // Where there is no terminal any more, nobody can confirm.
    let _ = std::io::stderr().write_all(lines.as_bytes());
}

fn wire(error: &WireError) -> Value {
    serde_json::to_value(error).unwrap_or_default()
}

/// The last part of an uploaded file's name, without what a file system or a terminal would obey.
fn file_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\', ':']).next().unwrap_or_default();
    let plain: String = last
        .chars()
        .filter(|c| !crate::output::visible::commands(*c))
        .take(NAME)
        .collect();
    match plain.trim_matches(['.', ' ']) {
        "" => "upload".to_owned(),
        plain => plain.to_owned(),
    }
}

/// Serves the window until the program is told to stop.
pub(crate) fn run(
    given: &ServeArguments,
    settings: &Settings,
    output: &mut Output,
) -> Result<Outcome, Ending> {
    if !given.listen.ip().is_loopback() {
        return Err(
            refused(&assay_backends::loopback::LoopbackError::NotLoopback(
                given.listen,
            ))
            .into(),
        );
    }
    let (events, _) = broadcast::channel(BACKLOG);
    let sink: Sink = {
        let events = events.clone();
        // Where nobody listens, an event is for nobody.
        Arc::new(move |event| drop(events.send(serde_json::to_string(&event).unwrap_or_default())))
    };
    let door = if given.sample {
        let watched = stopping::watched(output);
        settings.sample(sink, &watched.progress)?
    } else {
        settings.telling(sink)?
    };
    if let Err(error) = door.engine() {
        // The page asks for the passphrase.
        crate::ending::say(&error);
    }
    let page = given.ui.clone().map_or(Page::Built, Page::Folder);
    let uploads = private_folder()?;
    let served = Served {
        door: door.clone(),
        page,
        events,
        uploads: uploads.path().to_owned(),
        uploaded: AtomicU64::new(0),
        codes: Codes::default(),
    };
    let token = token()?;
    let server = local_server::start(given.listen, Arc::new(served), token.clone())
        .map_err(|error| refused(&error))?;
    // The fragment of an address is never sent, so the token reaches no log and no other page.
    let url = format!("http://{}/#token={token}", server.address);
    if output.is_json() {
        output.document(
            &json!({"url": url, "address": server.address.to_string(), "token": token}),
        )?;
    } else {
        output.text(&format!(
            "{url}\nopen it in a browser on this computer; Ctrl-C stops the server"
        ))?;
    }
    output.flush()?;
    stopping::wait()?;
    if let Ok(engine) = door.engine() {
        end(&engine);
    }
    server.stop();
    // What was uploaded goes with the program, imported or not.
    drop(uploads);
    Ok(Outcome::Done)
}

/// Cancels what runs and waits until it has let go of the store.
fn end(engine: &Engine) {
    engine.jobs().cancel_all();
    let began = Instant::now();
    while began.elapsed() < PATIENCE
        && engine
            .jobs()
            .list()
            .iter()
            .any(|job| job.state == JobState::Running)
    {
        std::thread::sleep(Duration::from_millis(20));
    }
    engine.close();
}

fn token() -> Result<String, WireError> {
    let mut random = [0_u8; 32];
    getrandom::fill(&mut random)
        .map_err(|error| WireError::new(Code::Internal, format!("no randomness: {error}")))?;
    Ok(hex::encode(random))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uploaded_names_stay_in_their_folder() {
        let check = |given: &str, expected: &str| assert_eq!(file_name(given), expected, "{given}");
        check("calls.jsonl", "calls.jsonl");
        check("../../etc/cron.d/x", "x");
        check("C:\\logs\\a.json.gz", "a.json.gz");
        check("..", "upload");
        check("", "upload");
        check("a\u{202e}b\n.jsonl", "ab.jsonl");
    }
}
