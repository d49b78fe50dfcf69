//! The window: opens the store, shows the UI, and carries calls and events between the two.
//!
//! In: the command line. Out: one native window. Not here: any logic of the product; everything
//! that Assay can do is a command of `assay-engine`, and the terminal calls the same ones.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod arguments;
mod bridge;
mod guard;
mod opened;
mod window;

use std::process::ExitCode;

use assay_engine::error::hide_panics;

use arguments::Arguments;

fn main() -> ExitCode {
    hide_panics();
    let arguments = Arguments::parse(std::env::args_os().skip(1));
    // Before any thread is started and before anything of GTK is touched.
    guard::prepare(arguments.as_ref().is_ok_and(|given| given.safe_graphics));
    let arguments = match arguments {
        Ok(arguments) => arguments,
        Err(message) => return say(&message, ExitCode::from(2)),
    };
    if arguments.help {
        return say(arguments::HELP, ExitCode::SUCCESS);
    }
    match window::run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => say(
            &format!("error[internal]: cannot open the window: {error}"),
            ExitCode::from(2),
        ),
    }
}

#[expect(
    clippy::print_stderr,
    reason = "without a window the terminal is the only place to say it"
)]
fn say(message: &str, code: ExitCode) -> ExitCode {
    eprintln!("{message}");
    code
}
