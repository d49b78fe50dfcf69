//! Model backends, the sandbox and the local server: the only crate that may open a socket.
//!
//! In: a profile, its credentials, a request in Messages form. Out: an outcome. Every destination
//! is pinned by the profile; nothing is sent anywhere else. Not here: what may be sent (the
//! engine's plan), the trail, redaction.

pub mod anchors;
pub mod credentials;
pub mod guards;
pub mod keychain;
pub mod local_server;
pub mod loopback;
mod pinned;
pub mod profile;
pub mod sandbox;
pub mod send;
pub mod signing;
