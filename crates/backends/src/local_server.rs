//! The window in a browser: the UI's files and the commands over HTTP, on this computer only.
//!
//! In: a [`Site`] (what answers) and a token that every request but the page itself carries in its
//! head: before its body is read, and never in an address, which histories and logs keep. Out: a
//! running server. Not here: the commands; the terminal program gives them.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Path, Query, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use futures_util::StreamExt;
use serde::Deserialize;
use serde_json::Value;
use tokio::io::AsyncWriteExt;

use crate::loopback::{self, LoopbackError, Server};

/// The policy of the page: its own files only (the same as in the window).
pub const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// The largest command: a pasted text of 4 MiB, every letter of it escaped.
const MAX_COMMAND: usize = 32 << 20;
/// The largest file that may be dropped into the browser, bytes.
const MAX_UPLOAD: u64 = 4 << 30;

/// What answers.
pub trait Site: Send + Sync + 'static {
    /// Carries out a command, with the token of a confirmation where it needs one; both answers
    /// are JSON.
    ///
    /// # Errors
    /// The command's error as JSON.
    fn rpc(&self, name: &str, input: Value, token: Option<&str>) -> Result<Value, Value>;
    /// Asks the person at the server's terminal whether a command is to be carried out.
    ///
    /// # Errors
    /// The error as JSON.
    fn confirm(&self, name: &str, input: Value) -> Result<Value, Value>;
    /// Takes the code that the terminal showed; answers the token for that command.
    ///
    /// # Errors
    /// The error as JSON.
    fn code(&self, code: &str) -> Result<Value, Value>;
    /// A file of the UI: its media type and bytes.
    fn asset(&self, path: &str) -> Option<(&'static str, Vec<u8>)>;
    /// Where an uploaded file with this name is written.
    fn upload_path(&self, name: &str) -> std::io::Result<PathBuf>;
    /// Makes an uploaded file known; its handle as JSON.
    ///
    /// # Errors
    /// The error as JSON.
    fn uploaded(&self, path: &std::path::Path) -> Result<Value, Value>;
    /// The file behind a handle that a command gave out.
    fn file(&self, handle: &str) -> Option<PathBuf>;
    /// Events from now on, each as JSON.
    fn events(&self) -> tokio::sync::broadcast::Receiver<String>;
}

struct Shared {
    site: Arc<dyn Site>,
    token: String,
}

/// Serves `site` at `listen`.
///
/// # Errors
/// [`LoopbackError`].
pub fn start(
    listen: SocketAddr,
    site: Arc<dyn Site>,
    token: String,
) -> Result<Server, LoopbackError> {
    let shared = Arc::new(Shared { site, token });
    let routes = Router::new()
        .route("/rpc", post(rpc))
        .route("/confirm", post(confirm))
        .route("/confirm/code", post(code))
        .route("/events", get(events))
        .route("/upload", post(upload))
        .route("/files/{handle}", get(file))
        .route_layer(middleware::from_fn_with_state(
            Arc::clone(&shared),
            with_token,
        ))
        .fallback(get(asset))
        .layer(DefaultBodyLimit::max(MAX_COMMAND))
        .with_state(shared);
    loopback::serve(listen, routes)
}

#[derive(Deserialize)]
struct Call {
    name: String,
    #[serde(default)]
    input: Value,
    #[serde(default)]
    token: Option<String>,
}

#[derive(Deserialize)]
struct Code {
    code: String,
}

#[derive(Deserialize)]
struct Asked {
    name: Option<String>,
}

/// Lets nobody without the token any further.
async fn with_token(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let head = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let given = head
        .and_then(|value| value.strip_prefix("Bearer "))
        .unwrap_or_default();
    // Equal length first, then every byte: no early end that could be timed.
    let same = given.len() == shared.token.len()
        && given
            .bytes()
            .zip(shared.token.bytes())
            .fold(0, |sum, (a, b)| sum | (a ^ b))
            == 0;
    if !same {
        return (
            StatusCode::FORBIDDEN,
            "the address lacks its token; open the one that `assay serve` printed",
        )
            .into_response();
    }
    let mut answer = next.run(request).await;
    answer.headers_mut().insert(
        header::CACHE_CONTROL,
        header::HeaderValue::from_static("no-store"),
    );
    answer
}

async fn rpc(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    let Ok(call) = serde_json::from_slice::<Call>(&body) else {
        return (StatusCode::BAD_REQUEST, "not a command").into_response();
    };
    answered(move || {
        shared
            .site
            .rpc(&call.name, call.input, call.token.as_deref())
    })
    .await
}

async fn confirm(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    let Ok(call) = serde_json::from_slice::<Call>(&body) else {
        return (StatusCode::BAD_REQUEST, "not a command").into_response();
    };
    answered(move || shared.site.confirm(&call.name, call.input)).await
}

async fn code(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    let Ok(given) = serde_json::from_slice::<Code>(&body) else {
        return (StatusCode::BAD_REQUEST, "not a code").into_response();
    };
    answered(move || shared.site.code(&given.code)).await
}

async fn answered(work: impl FnOnce() -> Result<Value, Value> + Send + 'static) -> Response {
    match tokio::task::spawn_blocking(work).await {
        Ok(Ok(output)) => axum::Json(output).into_response(),
        Ok(Err(error)) => (StatusCode::UNPROCESSABLE_ENTITY, axum::Json(error)).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn events(State(shared): State<Arc<Shared>>) -> Response {
    let receiver = shared.site.events();
    let stream = futures_util::stream::unfold(receiver, |mut receiver| async move {
        // Whoever fell behind is let go: the page connects again and asks how things stand.
        let text = receiver.recv().await.ok()?;
        Some((
            Ok::<Event, Infallible>(Event::default().data(text)),
            receiver,
        ))
    });
    Sse::new(stream)
        .keep_alive(KeepAlive::default())
        .into_response()
}

async fn upload(
    State(shared): State<Arc<Shared>>,
    Query(asked): Query<Asked>,
    body: Body,
) -> Response {
    let Ok(path) = shared
        .site
        .upload_path(asked.name.as_deref().unwrap_or("upload"))
    else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    if let Err(status) = keep(&path, body).await {
        // What came in so far is nobody's.
        let _ = tokio::fs::remove_file(&path).await;
        return status.into_response();
    }
    match shared.site.uploaded(&path) {
        Ok(chosen) => axum::Json(chosen).into_response(),
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, axum::Json(error)).into_response(),
    }
}

/// Writes `body` to a new file that only this user can read.
async fn keep(path: &std::path::Path, body: Body) -> Result<(), StatusCode> {
    let full = |_| StatusCode::INSUFFICIENT_STORAGE;
    let mut options = tokio::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    options.mode(0o600);
    let mut out = options
        .open(path)
        .await
        .map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    let mut stream = body.into_data_stream();
    let mut length = 0;
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| StatusCode::BAD_REQUEST)?;
        length += chunk.len() as u64;
        if length > MAX_UPLOAD {
            return Err(StatusCode::PAYLOAD_TOO_LARGE);
        }
        out.write_all(&chunk).await.map_err(full)?;
    }
    out.flush().await.map_err(full)
}

async fn file(State(shared): State<Arc<Shared>>, Path(handle): Path<String>) -> Response {
    let Some(path) = shared.site.file(&handle) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let name: String = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || "-_. ".contains(*c))
        .collect();
    match tokio::fs::read(&path).await {
        Ok(bytes) => (
            [
                (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
                (
                    header::CONTENT_DISPOSITION,
                    format!("attachment; filename=\"{name}\""),
                ),
            ],
            bytes,
        )
            .into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn asset(State(shared): State<Arc<Shared>>, uri: axum::http::Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    let found = shared.site.asset(path).or_else(|| {
        // Everything else is one of the page's own addresses; names in them may have dots.
        let is_file = path.starts_with("assets/") || (path.contains('.') && !path.contains('/'));
        (!is_file)
            .then(|| shared.site.asset("index.html"))
            .flatten()
    });
    // What lies there has a hash of its content in its name, and is only what every copy of the program has.
    let kept = match path.starts_with("assets/") {
        true => "private, max-age=31536000, immutable",
        false => "no-store",
    };
    match found {
        Some((media, bytes)) => (
            [
                (header::CONTENT_TYPE, media),
                (header::CONTENT_SECURITY_POLICY, CSP),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
                (header::REFERRER_POLICY, "no-referrer"),
                (header::CACHE_CONTROL, kept),
            ],
            bytes,
        )
            .into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
