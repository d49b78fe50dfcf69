//! Servers on this computer only: what the sandbox and the local window share.
//!
//! In: an address and routes. Out: a running server, stopped when its handle is dropped. Not here:
//! the routes.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use tokio::sync::oneshot;

/// Why no server runs.
#[derive(Debug, thiserror::Error)]
pub enum LoopbackError {
    #[error("{0} is not this computer; only 127.0.0.1 and [::1] are listened on")]
    NotLoopback(SocketAddr),
    #[error("can't listen on {0}: {1}")]
    Listen(SocketAddr, std::io::Error),
    #[error("no server can be started: {0}")]
    Start(std::io::Error),
}

/// A running server.
#[derive(Debug)]
pub struct Server {
    pub address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Server {
    /// Stops the server and waits until it has ended.
    pub fn stop(mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }
}

/// Serves `routes` at `listen` in a thread of its own; port 0 takes a free one.
///
/// # Errors
/// [`LoopbackError`].
pub fn serve(listen: SocketAddr, routes: Router) -> Result<Server, LoopbackError> {
    if !listen.ip().is_loopback() {
        return Err(LoopbackError::NotLoopback(listen));
    }
    let listener = std::net::TcpListener::bind(listen)
        .map_err(|error| LoopbackError::Listen(listen, error))?;
    listener
        .set_nonblocking(true)
        .map_err(LoopbackError::Start)?;
    let address = listener.local_addr().map_err(LoopbackError::Start)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(LoopbackError::Start)?;
    let (stop, stopped) = oneshot::channel::<()>();
    let routes = routes.layer(middleware::from_fn(own_host));
    let thread = std::thread::spawn(move || {
        runtime.block_on(async move {
            let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
                return;
            };
            let served = axum::serve(listener, routes);
            tokio::select! {
                _ = served => {}
                _ = stopped => {}
            }
        });
        runtime.shutdown_background();
    });
    Ok(Server {
        address,
        stop: Some(stop),
        thread: Some(thread),
    })
}

/// Refuses requests that a page elsewhere sends here: under another name (DNS rebinding), or from
/// its own origin.
async fn own_host(request: Request, next: Next) -> Response {
    if is_own(request.headers()) {
        next.run(request).await
    } else {
        (
            StatusCode::FORBIDDEN,
            "this server answers to this computer only",
        )
            .into_response()
    }
}

fn is_own(headers: &HeaderMap) -> bool {
    let text = |name| {
        headers
            .get(name)
            .map(|value| value.to_str().unwrap_or_default())
    };
    let asked = text(header::HOST).is_some_and(is_here);
    asked
        && text(header::ORIGIN)
            .is_none_or(|origin| origin.strip_prefix("http://").is_some_and(is_here))
}

/// Whether a host, with its port, is this computer under one of its own names.
fn is_here(host: &str) -> bool {
    let digits = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
    let name = host
        .rsplit_once(':')
        .filter(|(_, port)| digits(port))
        .map_or(host, |(name, _)| name);
    matches!(name, "127.0.0.1" | "localhost" | "[::1]")
}
