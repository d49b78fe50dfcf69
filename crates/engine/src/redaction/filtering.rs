//! Redaction as a filter: lines of JSON in, the same lines redacted out; and back with the vault.
//!
//! One line is in memory at a time, with the numbering of the conversations that were met lately. A
//! line goes out when what stands behind its tokens is on disk. In: lines, a policy. Out: lines, and
//! what was done in numbers. Not here: finding and treating (`assay-redact`), arguments.

use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead, BufReader, Read, Write};
use std::sync::Arc;

use assay_redact::json::{self, Fields, JsonFault, RestoredJson};
use assay_redact::operators::Numbering;
use assay_redact::operators::tokens::Original;
use assay_redact::policy::Policy;
use assay_store::error::StoreError;
use serde::Serialize;

use crate::error::{Code, Result, WireError};
use crate::masking::{policy_in_force, policy_text};
use crate::opening::Engine;
use crate::redaction::evaluation::Choice;
use crate::redaction::names_model;
use crate::redaction::vault::{self, Vault};

/// The longest line: twice the longest single value that is promised to pass.
const MAX_LINE: usize = 128 << 20;
/// Conversations whose numbering is kept.
const CONVERSATIONS: usize = 10_000;
/// Values of all conversations together that have a number; each takes about 100 bytes.
const VALUES: usize = 1 << 20;
/// Bytes that wait for their originals to be on disk.
const WAITING: usize = 1 << 20;

/// What a filter is to do.
#[derive(Debug, Clone, Default)]
pub struct Filtering {
    pub policy: Choice,
    /// JSON Pointers in which `*` stands for any step; none is everywhere.
    pub fields: Vec<String>,
    /// Where the name of a line's conversation stands; without it each line is one of its own.
    pub conversation: Option<String>,
    /// Whether a line that can't be read is left out; otherwise it is the last one.
    pub on_bad_line: OnBadLine,
}

/// What a line does that can't be read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OnBadLine {
    #[default]
    Stop,
    LeaveOut,
}

/// A line that was not written, and why. Holds nothing of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BadLine {
    /// From 1.
    pub line: u64,
    pub reason: String,
}

/// What was done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Filtered {
    pub policy: String,
    pub policy_version: String,
    /// Lines read, without empty ones.
    pub lines: u64,
    /// Lines in which something was changed.
    pub redacted: u64,
    /// Lines that were not written.
    pub left_out: u64,
    /// The first of them.
    pub bad_lines: Vec<BadLine>,
    /// Whether the rest was not read.
    pub stopped: bool,
    /// Entities by type, kept ones included.
    pub counts: BTreeMap<String, u64>,
    /// Originals that were new to the vault.
    pub kept: u64,
    /// Conversations that were forgotten for room: a value that comes again in one has a new number.
    pub conversations_forgotten: u64,
    /// Where the vault's key is, where it was used.
    pub key: Option<String>,
}

/// What was put back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Unfiltered {
    pub lines: u64,
    pub restored: u64,
    /// Tokens of which the vault has no original.
    pub missing: u64,
    pub left_out: u64,
    pub bad_lines: Vec<BadLine>,
    pub stopped: bool,
    /// The activity that notes it.
    pub activity: String,
}

/// Why filtering ended before its end.
#[derive(Debug)]
pub enum FilterEnd {
    Error(WireError),
    /// Whoever reads the lines.
    Output(std::io::Error),
}

impl From<WireError> for FilterEnd {
    fn from(error: WireError) -> Self {
        Self::Error(error)
    }
}

impl From<StoreError> for FilterEnd {
    fn from(error: StoreError) -> Self {
        Self::Error(error.into())
    }
}

const BAD_LINES: usize = 100;

fn policy(engine: &Engine, choice: &Choice) -> Result<Arc<Policy>> {
    let text = match choice {
        Choice::InForce => policy_text(engine, &policy_in_force(engine)?)?,
        Choice::Named(name) => policy_text(engine, name)?,
        Choice::Toml(text) => text.clone(),
    };
    names_model::policy(engine, &text)
}

/// Whether the store has to be written to: originals are kept, or a key is to be made that has to be
/// the same the next time.
///
/// # Errors
/// As [`apply`].
pub fn writes(engine: &Engine, choice: &Choice) -> Result<bool> {
    let compiled = policy(engine, choice)?;
    let policy = compiled.anywhere(None);
    Ok(policy.uses("reversible")
        || (["hash", "pseudonym", "date_shift"]
            .into_iter()
            .any(|operator| policy.uses(operator))
            && engine.store().fact("hash_key")?.is_none()))
}

fn pointers(given: &[String]) -> Result<Fields> {
    Fields::read(given).map_err(|wrong| {
        WireError::new(Code::BadInput, format!("no JSON Pointer: `{wrong}`"))
            .hint("as in `/messages/*/content`: it begins with `/`, and `*` is any step")
    })
}

/// Redacts the lines of `input` into `output`.
///
/// # Errors
/// `bad_input` for the policy or a pointer, `key_missing`; the store's; what `output` answers.
pub fn apply(
    engine: &Engine,
    filtering: &Filtering,
    input: &mut BufReader<impl Read>,
    output: &mut dyn Write,
) -> std::result::Result<Filtered, FilterEnd> {
    // Which field of a call a line is, nobody says.
    let compiled = policy(engine, &filtering.policy)?;
    let policy = compiled.anywhere(None);
    let fields = pointers(&filtering.fields)?;
    let conversation = match &filtering.conversation {
        Some(pointer) => Some(pointers(std::slice::from_ref(pointer))?),
        None => None,
    };
    let key = engine.store().hash_key()?;
    let vault = match policy.uses("reversible") {
        true => Some(Vault::keeping(engine)?),
        false => None,
    };
    let mut done = Filtered {
        policy: policy.name.clone(),
        policy_version: policy.version.clone(),
        key: vault
            .as_ref()
            .and_then(|_| vault::place(engine))
            .map(str::to_owned),
        ..Filtered::default()
    };
    let mut conversations = Conversations::default();
    let mut originals: Vec<Original> = Vec::new();
    let mut waiting: Vec<u8> = Vec::new();
    let mut lines = Lines::default();
    let mut hand_over = |waiting: &mut Vec<u8>,
                         originals: &mut Vec<Original>,
                         done: &mut Filtered|
     -> std::result::Result<(), FilterEnd> {
        if let Some(vault) = &vault {
            done.kept += vault.keep(originals, (&policy.name, &policy.version))?;
        }
        originals.clear();
        output.write_all(waiting).map_err(FilterEnd::Output)?;
        output.flush().map_err(FilterEnd::Output)?;
        waiting.clear();
        Ok(())
    };
    while let Some(read) = lines.next(input)? {
        let treated = read.and_then(|line| {
            let of = match &conversation {
                Some(pointer) => json::value_at(line, pointer).map_err(said)?,
                None => None,
            };
            let mut alone;
            let numbering = match of {
                Some(name) => conversations.of(name),
                None => {
                    alone = numbering("");
                    &mut alone
                }
            };
            let redacted =
                json::redact_text(line, &fields, policy, &key, numbering).map_err(said)?;
            originals.extend(numbering.take_originals());
            done.redacted += u64::from(redacted.text != line);
            Ok(redacted)
        });
        match treated {
            Ok(redacted) => {
                for (entity_type, count) in redacted.counts {
                    *done.counts.entry(entity_type).or_insert(0) += count;
                }
                waiting.extend_from_slice(redacted.text.as_bytes());
                waiting.push(b'\n');
            }
            Err(reason) => {
                done.left_out += 1;
                if done.bad_lines.len() < BAD_LINES {
                    done.bad_lines.push(BadLine {
                        line: lines.number,
                        reason,
                    });
                }
                if filtering.on_bad_line == OnBadLine::Stop {
                    done.stopped = true;
                    break;
                }
            }
        }
        conversations.make_room();
        // Whoever waits at the other end gets what is there before more is waited for.
        if waiting.len() >= WAITING || input.buffer().is_empty() {
            hand_over(&mut waiting, &mut originals, &mut done)?;
        }
    }
    hand_over(&mut waiting, &mut originals, &mut done)?;
    done.lines = lines.read;
    done.conversations_forgotten = conversations.forgotten;
    Ok(done)
}

/// Puts the originals back into the lines of `input`. The trail says so before.
///
/// # Errors
/// `bad_input` for the reason, `key_missing`; the store's; what `output` answers.
pub fn restore(
    engine: &Engine,
    reason: &str,
    on_bad_line: OnBadLine,
    input: &mut BufReader<impl Read>,
    output: &mut dyn Write,
) -> std::result::Result<Unfiltered, FilterEnd> {
    let vault = Vault::restoring(engine)?;
    let mut done = Unfiltered {
        activity: vault::note(engine, reason, None)?,
        ..Unfiltered::default()
    };
    let mut lines = Lines::default();
    while let Some(read) = lines.next(input)? {
        let mut failed = None;
        let treated = read.and_then(|line| {
            json::restore_text(line, |tag| match vault.original(tag) {
                Ok(original) => original,
                Err(error) => {
                    failed.get_or_insert(error);
                    None
                }
            })
            .map_err(said)
        });
        if let Some(error) = failed {
            return Err(error.into());
        }
        match treated {
            Ok(RestoredJson {
                text,
                restored,
                missing,
            }) => {
                done.restored += restored;
                done.missing += missing;
                output
                    .write_all(text.as_bytes())
                    .and_then(|()| output.write_all(b"\n"))
                    .map_err(FilterEnd::Output)?;
            }
            Err(reason) => {
                done.left_out += 1;
                if done.bad_lines.len() < BAD_LINES {
                    done.bad_lines.push(BadLine {
                        line: lines.number,
                        reason,
                    });
                }
                if on_bad_line == OnBadLine::Stop {
                    done.stopped = true;
                    break;
                }
            }
        }
        if input.buffer().is_empty() {
            output.flush().map_err(FilterEnd::Output)?;
        }
    }
    output.flush().map_err(FilterEnd::Output)?;
    done.lines = lines.read;
    vault::note_done(engine, &done.activity, done.restored, done.missing)?;
    Ok(done)
}

fn said(fault: JsonFault) -> String {
    fault.to_string()
}

fn numbering(subject: &str) -> Numbering {
    Numbering::about(subject).noting_originals()
}

/// Reads lines of any bytes, the longest bounded.
#[derive(Default)]
struct Lines {
    bytes: Vec<u8>,
    number: u64,
    read: u64,
}

impl Lines {
    /// The next line that is not empty, or why it can't be read; `None` at the end.
    fn next(
        &mut self,
        input: &mut impl BufRead,
    ) -> Result<Option<std::result::Result<&str, String>>> {
        loop {
            self.bytes.clear();
            // What a long line took is given back.
            self.bytes.shrink_to(WAITING);
            let length = input
                .by_ref()
                .take(MAX_LINE as u64 + 1)
                .read_until(b'\n', &mut self.bytes)
                .map_err(|error| {
                    WireError::new(Code::BadInput, format!("can't read the lines: {error}"))
                })?;
            if length == 0 {
                return Ok(None);
            }
            self.number += 1;
            if self.bytes.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            break;
        }
        self.read += 1;
        if self.bytes.len() > MAX_LINE && self.bytes.last() != Some(&b'\n') {
            skip_line(input)?;
            return Ok(Some(Err(format!("longer than {} MiB", MAX_LINE >> 20))));
        }
        let end = self.bytes.trim_ascii_end().len();
        Ok(Some(std::str::from_utf8(&self.bytes[..end]).map_err(
            |error| format!("not UTF-8 at column {}", error.valid_up_to() + 1),
        )))
    }
}

fn skip_line(input: &mut impl BufRead) -> Result<()> {
    loop {
        let (used, ended) = {
            let buffer = input.fill_buf().map_err(|error| {
                WireError::new(Code::BadInput, format!("can't read the lines: {error}"))
            })?;
            match buffer.iter().position(|byte| *byte == b'\n') {
                Some(at) => (at + 1, true),
                None => (buffer.len(), buffer.is_empty()),
            }
        };
        input.consume(used);
        if ended {
            return Ok(());
        }
    }
}

/// The numberings of the conversations that were met lately.
#[derive(Default)]
struct Conversations {
    all: HashMap<String, (u64, Numbering)>,
    tick: u64,
    values: usize,
    forgotten: u64,
}

impl Conversations {
    fn of(&mut self, name: String) -> &mut Numbering {
        self.tick += 1;
        let subject = name.clone();
        let (last, found) = self
            .all
            .entry(name)
            .or_insert_with(|| (0, numbering(&subject)));
        *last = self.tick;
        found
    }

    /// Forgets those that were not met for the longest time where there are too many.
    fn make_room(&mut self) {
        if !self.tick.is_multiple_of(1_000) && self.all.len() <= CONVERSATIONS {
            return;
        }
        self.values = self.all.values().map(|(_, one)| one.len()).sum();
        if self.all.len() <= CONVERSATIONS && self.values <= VALUES {
            return;
        }
        let mut ticks: Vec<(u64, usize)> = self
            .all
            .values()
            .map(|(last, one)| (*last, one.len()))
            .collect();
        ticks.sort_unstable_by(|one, two| two.cmp(one));
        // Half of the room, so that this is done seldom.
        let (mut kept, mut values, mut oldest) = (0, 0, u64::MAX);
        for (last, count) in ticks {
            if kept > 0 && (kept >= CONVERSATIONS / 2 || values + count > VALUES / 2) {
                break;
            }
            (kept, values, oldest) = (kept + 1, values + count, last);
        }
        let before = self.all.len();
        self.all.retain(|_, (last, _)| *last >= oldest);
        self.forgotten += (before - self.all.len()) as u64;
        self.values = values;
    }
}
