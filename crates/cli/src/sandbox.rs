//! `assay sandbox`: a server on this computer that speaks the wire formats of the Claude API and
//! Bedrock.
//!
//! Not here: what it answers (`assay-backends`).

use assay_backends::loopback::LoopbackError;
use assay_backends::sandbox::{self, Behaviour};
use assay_engine::error::{Code, WireError};
use serde_json::json;

use crate::arguments::SandboxArguments;
use crate::ending::{Ending, Outcome, bad_input};
use crate::output::Output;
use crate::stopping;

/// Runs the sandbox until the program is told to stop.
pub(crate) fn run(given: &SandboxArguments, output: &mut Output) -> Result<Outcome, Ending> {
    let behaviour = Behaviour::from_name(&given.profile).ok_or_else(|| {
        bad_input(format!("no profile: {}", given.profile)).hint("ok, slow, flaky or limited")
    })?;
    let server = sandbox::start(given.listen, behaviour).map_err(|error| refused(&error))?;
    let address = format!("http://{}", server.address);
    if output.is_json() {
        output.document(&json!({"address": address, "profile": given.profile}))?;
    } else {
        output.text(&format!(
            "sandbox at {address} (answers are no model's); Ctrl-C stops it"
        ))?;
    }
    output.flush()?;
    stopping::wait()?;
    server.stop();
    Ok(Outcome::Done)
}

/// Why no server runs, with what to do about it.
pub(crate) fn refused(error: &LoopbackError) -> WireError {
    let (code, hint) = match error {
        LoopbackError::NotLoopback(_) => (Code::BadInput, "use 127.0.0.1"),
        LoopbackError::Listen(..) => (Code::BadInput, "choose another port; 0 takes a free one"),
        LoopbackError::Start(_) => (Code::Internal, "try again"),
    };
    WireError::new(code, error.to_string()).hint(hint)
}
