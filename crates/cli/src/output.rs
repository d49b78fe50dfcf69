//! What goes to stdout: one JSON document, or text for people.
//!
//! In: values of the engine. Out: bytes in which nothing can command a terminal. Not here: which
//! columns a command shows.

pub(crate) mod human;
pub(crate) mod json;
pub(crate) mod visible;

use std::io::{BufWriter, IsTerminal, Stdout, Write};

use serde::Serialize;

use crate::arguments::Global;
use crate::ending::Ending;
use visible::visible;

/// Where a command writes.
pub(crate) struct Output {
    stdout: BufWriter<Stdout>,
    json: bool,
    quiet: bool,
}

impl Output {
    pub(crate) fn new(global: &Global) -> Self {
        Self {
            stdout: BufWriter::with_capacity(64 << 10, std::io::stdout()),
            json: global.json,
            quiet: global.quiet,
        }
    }

    /// Whether a program reads, and not a person.
    pub(crate) const fn is_json(&self) -> bool {
        self.json
    }

    /// Whether what was done is told.
    pub(crate) const fn tells(&self) -> bool {
        !self.quiet
    }

    /// Whether progress is shown.
    pub(crate) fn shows_progress(&self) -> bool {
        !self.quiet && std::io::stderr().is_terminal()
    }

    /// Writes the one document.
    pub(crate) fn document(&mut self, value: &impl Serialize) -> Result<(), Ending> {
        json::write(&mut self.stdout, value)?;
        self.stdout.write_all(b"\n")?;
        Ok(())
    }

    /// Writes what was asked for, line by line; what is in the lines can't command a terminal.
    pub(crate) fn text(&mut self, text: &str) -> Result<(), Ending> {
        // No text is an empty line, as it is between two paragraphs.
        let text = if text.is_empty() { "\n" } else { text };
        for line in text.lines() {
            self.stdout.write_all(visible(line).trim_end().as_bytes())?;
            self.stdout.write_all(b"\n")?;
        }
        Ok(())
    }

    /// Writes what only tells that something was done; `--quiet` leaves it out.
    pub(crate) fn note(&mut self, text: &str) -> Result<(), Ending> {
        if self.quiet { Ok(()) } else { self.text(text) }
    }

    /// Hands over what was written so far, for those who wait for it.
    pub(crate) fn flush(&mut self) -> Result<(), Ending> {
        Ok(self.stdout.flush()?)
    }

    /// Writes the rest.
    pub(crate) fn finish(mut self) -> Result<(), Ending> {
        self.flush()
    }
}
