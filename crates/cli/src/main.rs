//! `assay`: everything that the window can do, on the terminal.
//!
//! In: arguments. Out: tables for people or one JSON document for programs on stdout, progress and
//! errors on stderr, an exit code (0 done, 1 findings or a failed verification, 2 anything that
//! went wrong). Not here: logic; every command calls the engine.

mod anchors;
mod approvals;
mod approvals_gate;
mod arguments;
mod checks;
mod demo;
mod deployments;
mod digests;
mod ending;
mod evaluating;
mod evidence;
mod evidence_keys;
mod gate;
mod guards;
mod imports;
mod names_model;
mod opened;
mod output;
mod page;
mod policies;
mod redaction;
mod replay;
mod reports;
mod retention;
mod rules;
mod sandbox;
mod serve;
mod stopping;
mod store;
mod test_sets;
mod trail;

use std::panic::catch_unwind;
use std::process::ExitCode;

use assay_engine::error::hide_panics;

use arguments::{Arguments, Command, typed};
use ending::{Ending, Outcome};
use opened::Settings;
use output::Output;

fn main() -> ExitCode {
    keep_private();
    hide_panics();
    let ended = catch_unwind(|| match typed::read(std::env::args_os()) {
        Ok(arguments) => ending::exit(run(arguments)),
        Err(ending) => ending::exit(Err(ending)),
    });
    ended.unwrap_or(ExitCode::from(2))
}

fn run(arguments: Arguments) -> Result<Outcome, Ending> {
    let mut output = Output::new(&arguments.global);
    let settings = Settings::read(&arguments.global)?;
    let outcome = match arguments.command {
        Command::Import(given) => imports::run(given, &settings, &mut output),
        Command::Trail(given) => trail::run(given, &settings, &mut output),
        Command::Deployments(given) => deployments::run(given, &settings, &mut output),
        Command::Snapshot(given) => deployments::snapshot(given, &settings, &mut output),
        Command::Redaction(given) => redaction::run(given, &settings, &mut output),
        Command::Check(given) => checks::run(given, &settings, &mut output),
        Command::Replay(given) => replay::run(given, &settings, &mut output),
        Command::Report(given) => reports::run(given, &settings, &mut output),
        Command::Evidence(given) => evidence::run(given, &settings, &mut output),
        Command::Approvals(given) => approvals::run(given, &settings, &mut output),
        Command::Retention(given) => retention::run(given, &settings, &mut output),
        Command::Store(given) => store::run(given, &settings, &mut output),
        Command::Sandbox(given) => sandbox::run(&given, &mut output),
        Command::Serve(given) => serve::run(&given, &settings, &mut output),
        Command::Demo(given) => demo::run(&given, &settings, &mut output),
        Command::About => opened::about(&settings, &mut output),
        Command::Monitoring(_) => Err(ending::later("monitoring")),
        Command::Value(_) => Err(ending::later("value")),
    }?;
    ending::heard(output.finish())?;
    Ok(outcome)
}

/// Keeps new files private and forbids core dumps, which would hold prompt text.
fn keep_private() {
    #[cfg(unix)]
    {
        use rustix::fs::Mode;
        use rustix::process::{Resource, Rlimit, setrlimit, umask};
        umask(Mode::RWXG | Mode::RWXO);
        // A system that refuses to lower a limit refuses nothing that we could do without it.
        let _ = setrlimit(
            Resource::Core,
            Rlimit {
                current: Some(0),
                maximum: Some(0),
            },
        );
    }
}
