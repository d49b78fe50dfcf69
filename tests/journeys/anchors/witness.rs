//! A witness on this computer, as c2sp.org/tlog-witness says: it remembers the largest checkpoint
//! of one log in a file, and writes that before it answers.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use assay_backends::loopback::{Server, serve};
use assay_evidence::checkpoint::Checkpoint;
use assay_evidence::note::{Note, Signature};
use assay_evidence::proof::verify_consistency;
use assay_evidence::signing::{SigningKey, VerifierKey};
use assay_evidence::tree::Hash;
use assay_evidence::witness::{WitnessKey, cosigned};
use axum::Router;
use axum::body::Bytes;
use axum::http::StatusCode;
use axum::routing::post;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

pub(super) const NAME: &str = "witness.example/w1";
/// The time of every cosignature: 2026-11-23T12:00:05Z.
const AT_S: u64 = 1_795_435_205;

/// A running witness.
pub(super) struct Witness {
    pub(super) server: Server,
    state: Arc<State>,
}

struct State {
    /// The checkpoint that was cosigned last.
    file: PathBuf,
    /// Whom it trusts; set once the log has a key.
    log: Mutex<Option<VerifierKey>>,
    signing: SigningKey,
    /// One request at a time: looking and writing are one step.
    turn: Mutex<()>,
}

type Answer = (StatusCode, [(&'static str, &'static str); 1], String);

fn answer(status: u16, kind: &'static str, text: impl Into<String>) -> Answer {
    (
        StatusCode::from_u16(status).unwrap(),
        [("content-type", kind)],
        text.into(),
    )
}

impl Witness {
    /// A witness that keeps its state in `file` and signs with the key of `seed`.
    pub(super) fn start(file: &Path, seed: u8) -> Self {
        let state = Arc::new(State {
            file: file.to_owned(),
            log: Mutex::new(None),
            signing: SigningKey::from_seed(NAME, &[seed; 32]).unwrap(),
            turn: Mutex::new(()),
        });
        let shared = Arc::clone(&state);
        let routes = Router::new().route(
            "/log/add-checkpoint",
            post(move |body: Bytes| {
                let shared = Arc::clone(&shared);
                async move { shared.add_checkpoint(&body) }
            }),
        );
        let server = serve(([127, 0, 0, 1], 0).into(), routes).unwrap();
        Self { server, state }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}/log", self.server.address)
    }

    /// The verifier key that its operator publishes.
    pub(super) fn vkey(&self) -> String {
        key_of(&self.state.signing).to_string()
    }

    /// Follows a log from now on.
    pub(super) fn follow(&self, vkey: &str) {
        *self.state.log.lock().unwrap() = Some(vkey.parse().unwrap());
    }

    /// The checkpoint that it cosigned last.
    pub(super) fn known(&self) -> Option<Checkpoint> {
        self.state.known()
    }

    /// Makes it believe that it cosigned this.
    pub(super) fn believe(&self, checkpoint: &Checkpoint) {
        std::fs::write(&self.state.file, checkpoint.text()).unwrap();
    }

    pub(super) fn forget(&self) {
        std::fs::remove_file(&self.state.file).unwrap();
    }
}

fn key_of(signing: &SigningKey) -> WitnessKey {
    WitnessKey::new(NAME, signing.verifier().bytes()).unwrap()
}

impl State {
    fn known(&self) -> Option<Checkpoint> {
        let text = std::fs::read_to_string(&self.file).ok()?;
        Some(Checkpoint::parse(&text).unwrap())
    }

    fn add_checkpoint(&self, body: &[u8]) -> Answer {
        let _turn = self.turn.lock().unwrap();
        let bad = || answer(400, "text/plain", "bad request\n");
        let Some((old, proof, note)) = read(body) else {
            return bad();
        };
        let Ok(checkpoint) = Checkpoint::parse(&note.text) else {
            return bad();
        };
        let Some(log) = self.log.lock().unwrap().clone() else {
            return answer(404, "text/plain", "unknown log\n");
        };
        if checkpoint.origin != log.name() {
            return answer(404, "text/plain", "unknown log\n");
        }
        if !note.is_signed_by(&log) {
            return answer(403, "text/plain", "no signature of a trusted key\n");
        }
        if old > checkpoint.size {
            return bad();
        }
        let known = self.known();
        let size = known.as_ref().map_or(0, |known| known.size);
        if old != size {
            return answer(409, "text/x.tlog.size", format!("{size}\n"));
        }
        if let Some(known) = &known {
            if old == checkpoint.size && known.root != checkpoint.root {
                return answer(409, "text/plain", "another root\n");
            }
            let continues = old == checkpoint.size && proof.is_empty()
                || verify_consistency(old, checkpoint.size, &known.root, &checkpoint.root, &proof);
            if !continues {
                return answer(422, "text/plain", "the proof does not hold\n");
            }
        } else if !proof.is_empty() {
            return answer(422, "text/plain", "the proof does not hold\n");
        }
        std::fs::write(&self.file, checkpoint.text()).unwrap();
        let mut bytes = AT_S.to_be_bytes().to_vec();
        bytes.extend(self.signing.sign(&cosigned(AT_S, &note.text)).bytes);
        let line = Signature {
            name: NAME.to_owned(),
            id: key_of(&self.signing).id(),
            bytes,
        };
        answer(200, "text/plain", line.line().unwrap())
    }
}

/// The old size, the proof and the note of a request.
fn read(body: &[u8]) -> Option<(u64, Vec<Hash>, Note)> {
    let text = std::str::from_utf8(body).ok()?;
    let (head, note) = text.split_once("\n\n")?;
    let mut lines = head.split('\n');
    let old = lines.next()?.strip_prefix("old ")?.parse().ok()?;
    let proof = lines
        .map(|line| STANDARD.decode(line).ok()?.try_into().ok())
        .collect::<Option<_>>()?;
    Some((old, proof, Note::parse(note.as_bytes()).ok()?))
}
