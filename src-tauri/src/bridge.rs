//! What the webview may call, and nothing else: the engine's commands, native dialogs that answer
//! opaque handles, and one that asks the person before a dangerous command.
//!
//! In: a command's name and JSON, never a path. Out: JSON, or an error with a code. Not here: what
//! a command does (`assay-engine`). No feature ever edits this file.

use std::path::PathBuf;
use std::sync::Mutex;

use assay_engine::confirmations::{self, Question};
use assay_engine::error::{Code, WireError};
use assay_engine::handles::Chosen;
use serde_json::Value;
use tauri::{AppHandle, State, WebviewWindow};
use tauri_plugin_dialog::{
    DialogExt, FilePath, MessageDialogButtons, MessageDialogKind, MessageDialogResult,
};

use crate::opened::Opened;

/// Held while a person is asked: script can't bury the window in questions.
static ASKING: Mutex<()> = Mutex::new(());

/// Carries out one command of the engine off the thread that draws. `token` is the answer of
/// [`confirm`], for a command that needs one.
#[tauri::command]
pub(crate) async fn rpc(
    name: String,
    input: Value,
    token: Option<String>,
    opened: State<'_, Opened>,
) -> Result<Value, WireError> {
    let opened = opened.inner().clone();
    blocking(move || opened.dispatch(&name, input, token.as_deref())).await
}

/// Asks the person, in a dialog of the system that no page can answer, whether a dangerous command
/// is to be carried out; the token for it, or nothing where it needs none.
#[tauri::command]
pub(crate) async fn confirm(
    name: String,
    input: Value,
    app: AppHandle,
    window: WebviewWindow,
    opened: State<'_, Opened>,
) -> Result<Option<String>, WireError> {
    let opened = opened.inner().clone();
    blocking(move || {
        let engine = opened.engine()?;
        let Some(question) = confirmations::describe(&engine, &name, &input)? else {
            return Ok(None);
        };
        let Ok(_asking) = ASKING.try_lock() else {
            return Err(WireError::new(
                Code::NotConfirmed,
                "another question is waiting for its answer",
            ));
        };
        if !is_answered_yes(&app, &window, question) {
            return Err(WireError::new(
                Code::Cancelled,
                "the question was answered with no",
            ));
        }
        confirmations::issue(&engine, &name, &input).map(Some)
    })
    .await
}

/// The safe button comes first, so that it has the focus: a key that was meant for the page
/// confirms nothing.
fn is_answered_yes(app: &AppHandle, window: &WebviewWindow, question: Question) -> bool {
    let yes = MessageDialogResult::Custom(question.yes.clone());
    app.dialog()
        .message(question.text)
        .title(question.title)
        .parent(window)
        .kind(MessageDialogKind::Warning)
        .buttons(MessageDialogButtons::OkCancelCustom(
            question.no,
            question.yes,
        ))
        .blocking_show_with_result()
        == yes
}

/// Lets the user choose files to read; an empty answer where the dialog was closed.
#[tauri::command]
pub(crate) async fn pick_files(
    app: AppHandle,
    window: WebviewWindow,
    opened: State<'_, Opened>,
) -> Result<Vec<Chosen>, WireError> {
    let opened = opened.inner().clone();
    blocking(move || {
        let picked = app
            .dialog()
            .file()
            .set_parent(&window)
            .set_title("Choose logs to import")
            .blocking_pick_files();
        opened.choose(picked.unwrap_or_default().into_iter().filter_map(path))
    })
    .await
}

/// Lets the user choose a folder to read.
#[tauri::command]
pub(crate) async fn pick_folder(
    app: AppHandle,
    window: WebviewWindow,
    opened: State<'_, Opened>,
) -> Result<Option<Chosen>, WireError> {
    let opened = opened.inner().clone();
    blocking(move || {
        let picked = app
            .dialog()
            .file()
            .set_parent(&window)
            .set_title("Choose a folder of logs to import")
            .blocking_pick_folder();
        Ok(opened.choose(picked.and_then(path))?.pop())
    })
    .await
}

/// Lets the user choose where a file is written. The extension of `suggested_name` is kept: one
/// that the user leaves out is put back here, since Linux dialogs do not.
#[tauri::command]
pub(crate) async fn pick_save(
    suggested_name: String,
    app: AppHandle,
    window: WebviewWindow,
    opened: State<'_, Opened>,
) -> Result<Option<Chosen>, WireError> {
    let opened = opened.inner().clone();
    blocking(move || {
        let extension = std::path::Path::new(&suggested_name)
            .extension()
            .and_then(|extension| extension.to_str())
            .unwrap_or_default()
            .to_owned();
        let mut dialog = app
            .dialog()
            .file()
            .set_parent(&window)
            .set_title("Save as")
            .set_file_name(&suggested_name);
        if !extension.is_empty() {
            dialog = dialog.add_filter(format!("{} file", extension.to_uppercase()), &[&extension]);
        }
        let picked = dialog.blocking_save_file().and_then(path);
        Ok(opened
            .choose(picked.map(|path| with_extension(path, &extension)))?
            .pop())
    })
    .await
}

fn path(picked: FilePath) -> Option<PathBuf> {
    picked.into_path().ok()
}

fn with_extension(path: PathBuf, extension: &str) -> PathBuf {
    let has = path
        .extension()
        .is_some_and(|has| has.eq_ignore_ascii_case(extension));
    if extension.is_empty() || has {
        return path;
    }
    let mut name = path.into_os_string();
    name.push(".");
    name.push(extension);
    name.into()
}

async fn blocking<T, F>(work: F) -> Result<T, WireError>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T, WireError> + Send + 'static,
{
    match tauri::async_runtime::spawn_blocking(work).await {
        Ok(answer) => answer,
        Err(_) => Err(WireError::stopped("the command")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_extension_is_put_back_and_a_given_one_kept() {
        let check = |given: &str, expected: &str| {
            assert_eq!(with_extension(given.into(), "pdf"), PathBuf::from(expected));
        };
        check("/r/audit", "/r/audit.pdf");
        check("/r/audit.PDF", "/r/audit.PDF");
        check("/r/audit.2026", "/r/audit.2026.pdf");
    }

    #[test]
    fn name_without_extension_stays() {
        assert_eq!(
            with_extension("/r/audit".into(), ""),
            PathBuf::from("/r/audit")
        );
    }
}
