//! The scan: one pass for literals and one for runs of letters and digits, then recognizers only
//! where something stands that may begin what they look for.
//!
//! In: bytes, whatever they are. Out: candidates that passed pattern, validator and context.
//! Memory does not grow with the text but for what is found: a text is taken block by block. Not
//! here: other writings of a value (`views`), who wins where two overlap (`resolve`).

use std::cell::RefCell;

use crate::assignment::{Reader, Sign};
use crate::columns::Tables;
use crate::command_line::Command;
use crate::context::columns::Headers;
use crate::context::{self, Near, Word};
use crate::encoded;
use crate::matchers::Place;
use crate::recognizers::literals::Found;
use crate::recognizers::set::{Many, Set};
use crate::recognizers::{At, Category, LONGEST_RUN, Recognizer, Run};

use edges::{ends_alone, joins, starts_alone};
use hits::{Hit, Named};
use runs::Runs;
use states::States;

mod block;
mod edges;
pub(crate) mod hits;
mod longer;
mod runs;
mod states;

/// What is kept from one text to the next, so that a scan asks for no memory.
#[derive(Debug, Default)]
pub struct Scratch {
    /// The block in lower case, and the literals in it.
    lower: Vec<u8>,
    literals: Vec<Found>,
    words: Vec<Word>,
    /// Literals that candidates stand at: start, end, number.
    places: Vec<(usize, usize, u16)>,
    states: States,
    runs: Runs,
    /// Per literal: whether it was seen as a context word in this block or before; and those that were.
    seen: Vec<bool>,
    met: Vec<u16>,
    /// The recognizers that may look, since one of the words that they need was seen or they need none.
    allowed: Many,
    /// How often `allowed` changed, over all texts; and how often before this text began.
    changes: u64,
    before: u64,
    /// Per shape of a run: those of its recognizers that may look, and as of which change.
    active: Vec<(u64, Vec<u16>)>,
    pub(crate) hits: Vec<Hit>,
    tables: Tables,
    /// Runs that may be base64 or hexadecimal digits: start and end.
    pub(crate) encoded: Vec<(usize, usize)>,
}

impl Scratch {
    /// Forgets the text before; of short texts there are many, so that only what changed is put back.
    fn begin(&mut self, set: &Set, text: &[u8]) {
        self.states.begin(set.all.len());
        for literal in self.met.drain(..) {
            self.seen[usize::from(literal)] = false;
        }
        let (literals, shapes) = (set.literals.len(), set.shapes());
        self.seen.resize(self.seen.len().max(literals), false);
        self.active
            .resize(self.active.len().max(shapes), (0, Vec::new()));
        self.allowed.copy(&set.free);
        self.changes += 1;
        self.before = self.changes;
        self.encoded.clear();
        self.tables = Tables::of(COLUMNS * text.len());
    }
}

/// Bytes that are taken at once.
const BLOCK: usize = 64 << 10;
/// How often one recognizer is tried in one unbroken run without success.
const TRIES: u8 = 8;
/// How many ends are tried of what a pattern matched: its own, and those of groups before.
const CUTS: usize = 4;
/// How many matches of a key that lie in each other its check may refuse.
const REFUSED: u8 = 1;
/// How often a text may be gone through for columns of tables.
const COLUMNS: usize = 8;
/// Values of a list that are looked at behind its first.
const LISTED: usize = 64;
/// Bytes of a run that are taken for one.
const RUN: usize = 4 << 10;
/// A run of the alphabet of base64 that is at least as long may hold a text.
const ENCODED: usize = 24;

/// Looks through `text` with one set; what is found is added to `scratch.hits`.
pub(crate) fn scan(set: &Set, number: u8, text: &[u8], threshold: f32, scratch: &mut Scratch) {
    scratch.begin(set, text);
    let mut awake: Vec<u16> = set.always.clone();
    let mut from = 0;
    while from < text.len() {
        let to = (from + BLOCK).min(text.len());
        block::take(set, text, from, to, scratch, &mut awake);
        let mut looking = Looking::of(set, number, text, threshold, scratch);
        looking.places();
        looking.tokens(from, to);
        from = to;
    }
    let mut looking = Looking::of(set, number, text, threshold, scratch);
    for index in awake {
        looking.everywhere(index);
    }
}

struct Looking<'a> {
    set: &'a Set,
    number: u8,
    text: &'a [u8],
    threshold: f32,
    scratch: &'a mut Scratch,
    reader: RefCell<Reader>,
    command: RefCell<Command>,
    /// The unbroken run that was entered last: what keys are made of.
    run: (usize, usize),
    /// What names the value that is looked at.
    named: Option<Named>,
    headers: Headers,
}

impl<'a> Looking<'a> {
    fn of(
        set: &'a Set,
        number: u8,
        text: &'a [u8],
        threshold: f32,
        scratch: &'a mut Scratch,
    ) -> Self {
        Self {
            set,
            number,
            text,
            threshold,
            scratch,
            reader: RefCell::default(),
            command: RefCell::default(),
            run: (0, 0),
            named: None,
            headers: Headers::default(),
        }
    }
    /// Tries what the literals of this block lead to.
    fn places(&mut self) {
        let places = std::mem::take(&mut self.scratch.places);
        for (start, end, number) in &places {
            let literal = &self.set.literals[*number as usize];
            for index in &literal.here {
                self.tried(*index, *start, *end);
            }
            // Only a whole word names a field, and words that follow each other in a sentence assign nothing
            // but secrets. What is no secret may have blanks.
            let is_field = !literal.field.is_empty() && context::is_whole(self.text, *start, *end);
            if literal.value.is_empty() && !is_field {
                continue;
            }
            let mut reader = self.reader.borrow_mut();
            let Some(assigned) = reader.read(self.text, *start, *end) else {
                continue;
            };
            let value = assigned.value.clone();
            let is_free = matches!(assigned.sign, Sign::Words | Sign::Comma | Sign::Behind)
                || assigned.compares(self.text);
            let phrase = assigned.phrase(self.text);
            let mut more = (is_field && assigned.is_listed(self.text)).then(|| assigned.clone());
            drop(reader);
            self.named = Some(Named::ByField(*number));
            for index in &literal.value {
                self.at(*index, value.start, value.end);
            }
            for index in literal.field.iter().filter(|_| is_field && !is_free) {
                self.at(*index, value.start, phrase);
            }
            for _ in 0..LISTED {
                let Some(next) = more.as_mut().filter(|_| !is_free) else {
                    break;
                };
                if !next.next(self.text) {
                    break;
                }
                let value = next.value.clone();
                for index in &literal.field {
                    self.at(*index, value.start, value.end);
                }
            }
            self.named = None;
        }
        self.columns(&places);
        self.scratch.places = places;
    }

    /// Tries what stands in the columns that are headed by a literal which names values.
    fn columns(&mut self, places: &[(usize, usize, u16)]) {
        for (start, end, number) in places {
            let literal = &self.set.literals[*number as usize];
            // Only a whole word names a field.
            let is_field = !literal.field.is_empty() && context::is_whole(self.text, *start, *end);
            let fields = if is_field { &literal.field[..] } else { &[] };
            if fields.is_empty() && literal.value.is_empty() && literal.readers.is_empty() {
                continue;
            }
            for cell in self.scratch.tables.below(self.text, (*start, *end)) {
                self.named = Some(Named::ByColumn(*number));
                for index in literal.value.iter().chain(fields) {
                    self.anew(*index, cell.start, cell.end);
                }
                self.named = None;
                for index in &literal.readers {
                    let mut reader = self.reader.borrow_mut();
                    reader.put(self.text, *start, *end, cell.clone());
                    drop(reader);
                    self.anew(*index, *start, *end);
                }
            }
        }
    }

    /// Tries a place in front of what the recognizer has found: the cells of a column lie between those of others.
    fn anew(&mut self, index: u16, start: usize, end: usize) {
        let until = std::mem::take(&mut self.scratch.states.change(index).until);
        self.at(index, start, end);
        let state = self.scratch.states.change(index);
        state.until = until.max(state.until);
    }

    /// Tries what may begin with the runs of letters and digits that start in this block.
    fn tokens(&mut self, from: usize, to: usize) {
        let text = self.text;
        let mut runs = std::mem::take(&mut self.scratch.runs);
        runs.take(&text[from..to]);
        let mut encoded_to = self.scratch.encoded.last().map_or(0, |last| last.1);
        for mut found in runs.all() {
            let (start, mut end) = (from + found.start, from + found.end);
            // A run that began in the block before was tried there.
            if start == from && from > 0 && joins(text[from - 1]) {
                continue;
            }
            if end == to {
                let rest = text[to..]
                    .iter()
                    .take(BLOCK)
                    .take_while(|byte| joins(**byte));
                for byte in rest {
                    end += 1;
                    found.has_digits |= byte.is_ascii_digit();
                    found.has_letters |= !byte.is_ascii_digit();
                }
            }
            let length = end - start;
            if length >= 16 && start >= encoded_to {
                let run = encoded::run(text, start, end, encoded_to);
                if run.1 - run.0 >= ENCODED {
                    self.scratch.encoded.push(run);
                    encoded_to = run.1;
                }
            }
            if length >= LONGEST_RUN {
                continue;
            }
            let run = match (found.has_letters, found.has_digits) {
                // Most words are too long for a match to begin with, or too short.
                (true, false) if !self.set.begins_with_letters(length) => continue,
                (true, false) => Run::Letters,
                (false, _) => Run::Digits,
                _ => Run::Mixed,
            };
            self.starting(run, length, start, end);
            // `\n12` in a string of a program: the letter belongs to the escape.
            if run == Run::Mixed
                && start > 0
                && text[start - 1] == b'\\'
                && matches!(text[start], b'n' | b'r' | b't')
            {
                self.escaped(start + 1, end);
            }
        }
        self.scratch.runs = runs;
    }

    /// Tries what may begin with the rest of a run, behind the letter of an escape.
    fn escaped(&mut self, start: usize, end: usize) {
        let run = match self.text[start..end].iter().all(u8::is_ascii_digit) {
            true => Run::Digits,
            false => Run::Mixed,
        };
        self.starting(run, end - start, start, end);
    }

    /// Tries the recognizers that may begin with a run of this kind and length. Most are not let
    /// look in most texts, so that those that are stand in a list of their own.
    #[inline]
    fn starting(&mut self, run: Run, length: usize, start: usize, end: usize) {
        let then = self.text.get(end).copied();
        let shape = (self.set).shape_of(run, length, self.text[start], then);
        // No word let anything else look, as in most texts.
        if self.scratch.changes == self.scratch.before {
            let list = self.set.free_starting(shape);
            if !list.is_empty() {
                self.each(list, run, start, end);
            }
        } else {
            self.allowed(shape, run, start, end);
        }
    }

    /// Tries those that may begin with a run of this shape, where words let some look.
    fn allowed(&mut self, shape: usize, run: Run, start: usize, end: usize) {
        let Scratch {
            active,
            allowed,
            changes,
            ..
        } = &mut *self.scratch;
        let (as_of, list) = &mut active[shape];
        if as_of != changes {
            *as_of = *changes;
            list.clear();
            list.extend(self.set.starting(shape, allowed));
        }
        if list.is_empty() {
            return;
        }
        let list = std::mem::take(list);
        self.each(&list, run, start, end);
        self.scratch.active[shape].1 = list;
    }

    /// Tries these recognizers, which may look, where the run stands that their match may begin with.
    fn each(&mut self, list: &[u16], run: Run, start: usize, end: usize) {
        let after = self.text.get(end + 1).copied();
        // Where digits are what it begins with, what stands behind them tells more.
        let known = if run == Run::Digits { end - start } else { 0 };
        let rest = &self.text[start..];
        for index in list {
            if self.set.gates[usize::from(*index)].opens_further(after)
                && self.set.may_begin(*index, rest, known)
                && start >= self.scratch.states.of(*index).until
            {
                self.further(*index, start, end);
            }
        }
    }

    /// Tries one recognizer where its literal stands, unless it was tried in this run again and again
    /// without success: such a text was made to be slow.
    fn tried(&mut self, index: u16, start: usize, end: usize) {
        let run = self.run_at(start);
        let (tried, failed) = self.scratch.states.of(index).tried;
        if tried == run && failed >= TRIES {
            return;
        }
        let hits = self.scratch.hits.len();
        self.at(index, start, end);
        if self.scratch.hits.len() == hits {
            let failed = if tried == run { failed + 1 } else { 1 };
            self.scratch.states.change(index).tried = (run, failed);
        }
    }

    /// Tries one recognizer where something stands that may begin what it looks for.
    fn at(&mut self, index: u16, start: usize, end: usize) {
        if self.set.may_begin(index, &self.text[start..], 0)
            && start >= self.scratch.states.of(index).until
            && self.scratch.allowed.holds(index)
        {
            self.further(index, start, end);
        }
    }

    /// Tries one recognizer that may look, where its match may begin.
    fn further(&mut self, index: u16, start: usize, end: usize) {
        let recognizer = &self.set.all[index as usize];
        let source = &recognizer.source;
        let [then, after] = [end, end + 1].map(|at| self.text.get(at).copied());
        if !self.set.gates[usize::from(index)].opens(then, after) {
            return;
        }
        if !source.begins.is_empty() && !recognizer.may_begin(&self.text[start..]) {
            return;
        }
        if let Some(matcher) = recognizer.matcher {
            let place = Place {
                text: self.text,
                start,
                end,
                reader: &self.reader,
                command: &self.command,
            };
            if let Some(found) = matcher(&place) {
                self.judged(index, found.start, found.end, found.score, found.end);
            }
            return;
        }
        if recognizer.is_exact
            && !source
                .needs
                .iter()
                .any(|need| need.as_bytes() == &self.text[start..end])
        {
            return;
        }
        let most = (start + source.reach).min(self.text.len());
        let window = match source.at {
            At::Value => &self.text[start..end.min(most)],
            _ => &self.text[start..most],
        };
        if source.at != At::Value
            && (!starts_alone(self.text, start)
                || source.category == Category::Secret && encoded::is_inside(self.text, start))
        {
            return;
        }
        if !context::may_be_near(self.text, &self.scratch.words, recognizer, start) {
            return;
        }
        let Some((from, to, whole)) = recognizer.matched(window) else {
            return;
        };
        if source.at == At::Value && to < window.len() && joins(window[to]) {
            return;
        }
        self.checked(index, start + from, start + to, start + whole);
    }

    /// Where the run begins that `start` lies in, or the place from which it was looked at first: of letters,
    /// digits, `-` and `_`, or of another mark that stands again and again.
    fn run_at(&mut self, start: usize) -> usize {
        if !(self.run.0..self.run.1).contains(&start) {
            let rest = &self.text[start..self.text.len().min(start + RUN)];
            let in_key = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
            let first = rest.first().copied().unwrap_or_default();
            let length = match in_key(&first) {
                true => rest.iter().take_while(|byte| in_key(byte)).count(),
                false => rest.iter().take_while(|byte| **byte == first).count(),
            };
            self.run = (start, start + length);
        }
        self.run.0
    }

    fn everywhere(&mut self, index: u16) {
        let recognizer = &self.set.all[index as usize];
        let Some(regex) = recognizer.regex() else {
            return;
        };
        let mut from = 0;
        while let Some(captures) = regex.captures_at(self.text, from) {
            let Some(whole) = captures.get(0) else { return };
            let value = captures.name("value").unwrap_or(whole);
            from = whole.end().max(whole.start() + 1);
            if starts_alone(self.text, value.start()) {
                self.checked(index, value.start(), value.end(), whole.end());
            }
            if from > self.text.len() {
                return;
            }
        }
    }

    /// The value as it is, or shorter by whole groups where only that passes the validator: a
    /// pattern with separators may run on into the number after it.
    fn checked(&mut self, index: u16, start: usize, end: usize, whole: usize) {
        let recognizer = &self.set.all[index as usize];
        let score = recognizer.source.score;
        let Some(validate) = recognizer.validate else {
            let is_whole = start < end && ends_alone(self.text, end);
            if is_whole || self.is_nested(index, start, end) {
                self.judged(index, start, end, score, whole);
            }
            return;
        };
        if self.is_nested(index, start, end) {
            self.judged(index, start, end, score, whole);
            return;
        }
        // Whether the pattern matches what is cut is asked last, since the check costs less.
        let mut cuts = [end; CUTS];
        for at in 0..CUTS {
            let stop = cuts[at];
            if ends_alone(self.text, stop)
                && std::str::from_utf8(&self.text[start..stop]).is_ok_and(validate)
            {
                let mut all = cuts[1..=at].iter();
                if all.all(|cut| self.fits(recognizer, start, *cut)) {
                    self.judged(index, start, stop, score, stop);
                }
                return;
            }
            let value = &self.text[start..stop];
            let cut = value.iter().rposition(|byte| b" -./,\n".contains(byte));
            match (cut.filter(|cut| *cut > 0), cuts.get_mut(at + 1)) {
                (Some(cut), Some(next)) => *next = start + cut,
                _ => return,
            }
        }
    }

    /// Whether a key begins in a match that its check refused, which begins in another such, and so on: a
    /// text that says the beginning of a key again and again was made to be slow, and what looks like a key
    /// there is taken for one, so that it is gone through once and nothing in it is missed.
    fn is_nested(&mut self, index: u16, start: usize, end: usize) -> bool {
        let source = &self.set.all[index as usize].source;
        if source.category != Category::Secret || source.at != At::Start {
            return false;
        }
        let (refused, count) = &mut self.scratch.states.change(index).refused;
        *count = if start < *refused { *count + 1 } else { 0 };
        *refused = end.max(*refused);
        *count > REFUSED
    }

    fn fits(&self, recognizer: &Recognizer, start: usize, end: usize) -> bool {
        recognizer.source.at != At::Value
            && recognizer
                .matched(&self.text[start..end])
                .is_some_and(|(from, to, _)| from == 0 && to == end - start)
    }

    /// Weighs what stands around, and keeps what scores enough.
    fn judged(&mut self, index: u16, start: usize, end: usize, score: f32, whole: usize) {
        let recognizer = &self.set.all[index as usize];
        let near = context::near(
            self.text,
            &self.scratch.words,
            self.set,
            recognizer,
            (start, end),
            &mut self.headers,
        );
        let (score, word) = match near {
            // What the form alone proves stays, whatever it is called: `id +44 7700 900123`.
            Near::Against if score > recognizer.source.score && score >= PROVEN => (score, None),
            Near::Against => return,
            Near::Word(word) => ((score + context::SCORE).min(1.0), Some(word)),
            Near::General(word) => ((score + context::SCORE_GENERAL).min(1.0), Some(word)),
            Near::Nothing if recognizer.source.context_required => return,
            Near::Nothing => (score, None),
        };
        if word.is_some() && longer::is_of_number_type(self.text, start) {
            return;
        }
        if score + f32::EPSILON < self.threshold
            || context::is_placeholder(self.text, start, end)
            || context::is_left_by_mask(self.text, start, end)
            || recognizer.source.category != Category::Secret
                && longer::is_piece(self.text, start, end)
        {
            return;
        }
        self.scratch.states.change(index).until = whole.max(end);
        self.scratch.hits.push(Hit {
            start,
            end,
            set: self.number,
            recognizer: index,
            score,
            word,
            named: self.named,
        });
    }
}

/// The score from which a matcher that says more than its recognizer promises is believed against
/// the words around it.
const PROVEN: f32 = 0.75;
