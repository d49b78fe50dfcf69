//! A time-stamping authority on this computer: `openssl ts` behind a port, with keys and
//! certificates that are made for the test.

#![expect(clippy::print_stderr, reason = "a test that is skipped says so")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};

use assay_backends::loopback::{Server, serve};
use axum::Router;
use axum::body::Bytes;
use axum::routing::post;

const SETTINGS: &str = "
[tsa]
default_tsa = here
[here]
dir = .
serial = serial
crypto_device = builtin
signer_cert = tsa.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
clock_precision_digits = 3
ordering = no
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = sha256
";

/// A running authority.
pub(super) struct Authority {
    pub(super) server: Server,
    pub(super) folder: PathBuf,
    replay: Arc<Mutex<bool>>,
}

/// Runs `openssl` in a folder; `None` where this computer has none.
pub(super) fn openssl(folder: &Path, arguments: &[&str]) -> Option<std::process::Output> {
    Command::new("openssl")
        .args(arguments)
        .current_dir(folder)
        .output()
        .ok()
}

#[track_caller]
fn done(folder: &Path, arguments: &[&str]) {
    let output = openssl(folder, arguments).unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

impl Authority {
    /// An authority; `None`, said aloud, where there is no `openssl`.
    pub(super) fn start(folder: &Path) -> Option<Self> {
        std::fs::create_dir_all(folder).unwrap();
        if openssl(folder, &["version"]).is_none() {
            eprintln!("not tested: this computer has no openssl");
            return None;
        }
        std::fs::write(folder.join("tsa.cnf"), SETTINGS).unwrap();
        std::fs::write(folder.join("serial"), "01\n").unwrap();
        std::fs::write(
            folder.join("usage.cnf"),
            "extendedKeyUsage = critical,timeStamping\n",
        )
        .unwrap();
        let new = ["-newkey", "rsa:2048", "-nodes"];
        let ca = [
            "req",
            "-x509",
            "-keyout",
            "ca.key",
            "-out",
            "ca.pem",
            "-days",
            "9",
            "-subj",
            "/CN=Test CA",
        ];
        done(folder, &[&ca[..], &new].concat());
        let request = [
            "req",
            "-new",
            "-keyout",
            "tsa.key",
            "-out",
            "tsa.csr",
            "-subj",
            "/CN=Test TSA",
        ];
        done(folder, &[&request[..], &new].concat());
        done(
            folder,
            &[
                "x509",
                "-req",
                "-in",
                "tsa.csr",
                "-CA",
                "ca.pem",
                "-CAkey",
                "ca.key",
                "-CAcreateserial",
                "-days",
                "9",
                "-extfile",
                "usage.cnf",
                "-out",
                "tsa.pem",
            ],
        );
        let replay = Arc::new(Mutex::new(false));
        let (own, again) = (folder.to_owned(), Arc::clone(&replay));
        let routes = Router::new().route(
            "/tsr",
            post(move |query: Bytes| {
                let (own, again) = (own.clone(), Arc::clone(&again));
                async move {
                    if !*again.lock().unwrap() {
                        std::fs::write(own.join("query.tsq"), &query).unwrap();
                        done(
                            &own,
                            &[
                                "ts",
                                "-reply",
                                "-config",
                                "tsa.cnf",
                                "-queryfile",
                                "query.tsq",
                                "-out",
                                "reply.tsr",
                            ],
                        );
                    }
                    let reply = std::fs::read(own.join("reply.tsr")).unwrap();
                    ([("content-type", "application/timestamp-reply")], reply)
                }
            }),
        );
        let server = serve(([127, 0, 0, 1], 0).into(), routes).unwrap();
        Some(Self {
            server,
            folder: folder.to_owned(),
            replay,
        })
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}/tsr", self.server.address)
    }

    /// From now on every question gets the last answer.
    pub(super) fn repeat_itself(&self) {
        *self.replay.lock().unwrap() = true;
    }

    /// What it was asked last.
    pub(super) fn asked(&self) -> Vec<u8> {
        std::fs::read(self.folder.join("query.tsq")).unwrap()
    }
}
