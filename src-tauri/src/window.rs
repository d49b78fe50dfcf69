//! The one window: how it is made, what it refuses, and what reaches it from outside.
//!
//! In: the arguments. Out: a running event loop. Not here: the commands (`bridge`) and the store
//! (`opened`).

use tauri::webview::NewWindowResponse;
use tauri::{App, AppHandle, DragDropEvent, Emitter, Manager, WebviewWindowBuilder, WindowEvent};

use crate::arguments::Arguments;
use crate::bridge;
use crate::opened::{self, Opened};

/// The event that carries the engine's events to the UI.
const ENGINE_EVENT: &str = "assay";
/// Files were dropped on the window: `[{handle, name, size_bytes}]`.
const FILES_DROPPED: &str = "files-dropped";
/// Files are held over the window, `true`, or have left it, `false`.
const FILES_OVER: &str = "files-over";
const LABEL: &str = "main";

/// Opens the window and answers once it is closed.
///
/// # Errors
/// Where the system cannot show a window.
pub(crate) fn run(arguments: Arguments) -> tauri::Result<()> {
    tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .invoke_handler(tauri::generate_handler![
            bridge::rpc,
            bridge::confirm,
            bridge::pick_files,
            bridge::pick_folder,
            bridge::pick_save,
        ])
        .setup(move |app| {
            let handle = app.handle().clone();
            let opened = opened::open(
                &arguments,
                std::sync::Arc::new(move |event| {
                    // A window that is closing hears nothing more, and needs nothing more.
                    let _ = handle.emit_to(LABEL, ENGINE_EVENT, event);
                }),
            );
            app.manage(opened);
            show(app)?;
            Ok(())
        })
        .on_window_event(|window, event| {
            if let WindowEvent::DragDrop(event) = event {
                dropped(window.app_handle(), event);
            }
        })
        .build(tauri::generate_context!())?
        .run(|app, event| {
            if let tauri::RunEvent::Exit = event {
                app.state::<Opened>().close();
            }
        });
    Ok(())
}

fn show(app: &App) -> tauri::Result<()> {
    let config = app
        .config()
        .app
        .windows
        .first()
        .expect("tauri.conf.json names the window");
    WebviewWindowBuilder::from_config(app, config)?
        .on_navigation(|url| is_ours(url.scheme(), url.host_str()))
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, _| false)
        .devtools(cfg!(debug_assertions))
        .build()?;
    Ok(())
}

/// Whether a page belongs to the app itself. Everything else, of the web or of the disk, is
/// refused: text of records must not be able to lead the window anywhere.
fn is_ours(scheme: &str, host: Option<&str>) -> bool {
    matches!(
        (scheme, host),
        ("tauri", Some("localhost")) | ("http" | "https", Some("tauri.localhost"))
    )
}

fn dropped(app: &AppHandle, event: &DragDropEvent) {
    let told = match event {
        DragDropEvent::Enter { .. } => app.emit_to(LABEL, FILES_OVER, true),
        DragDropEvent::Leave => app.emit_to(LABEL, FILES_OVER, false),
        DragDropEvent::Drop { paths, .. } => {
            let _ = app.emit_to(LABEL, FILES_OVER, false);
            match app.state::<Opened>().choose(paths.iter().cloned()) {
                Ok(chosen) => app.emit_to(LABEL, FILES_DROPPED, chosen),
                // Without a store the UI shows that error already; there is nothing to import to.
                Err(_) => Ok(()),
            }
        }
        _ => Ok(()),
    };
    // The window may be closing; a drop on it then has nowhere to go.
    let _ = told;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_app_s_own_pages_may_be_shown() {
        assert!(is_ours("tauri", Some("localhost")));
        assert!(is_ours("http", Some("tauri.localhost")));
        for (scheme, host) in [
            ("https", Some("example.com")),
            ("http", Some("localhost")),
            ("http", Some("127.0.0.1")),
            ("file", None),
            ("data", None),
            ("javascript", None),
            ("tauri", Some("example.com")),
        ] {
            assert!(!is_ours(scheme, host), "{scheme} {host:?}");
        }
    }
}
