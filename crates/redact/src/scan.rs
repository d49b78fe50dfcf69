//! The scan: one pass for literals and one for runs of letters and digits, then recognizers only
//! where something stands that may begin what they look for.
//!
//! In: bytes, whatever they are. Out: candidates that passed pattern, validator and context.
//! Memory does not grow with the text but for what is found: a text is taken block by block. Not
//! here: other writings of a value (`views`), who wins where two overlap (`resolve`).

use std::cell::RefCell;

use crate::assignment::{Reader, Sign};
use crate::columns;
use crate::command_line::Command;
use crate::context::{self, Marks, Near, Word};
use crate::encoded;
use crate::matchers::Place;
use crate::recognizers::set::{Many, Set};
use crate::recognizers::{At, Category, LONGEST_RUN, Recognizer, Run};

use edges::{ends_alone, joins, starts_alone};
use hits::{Hit, Named};

mod edges;
pub(crate) mod hits;

/// What is kept from one text to the next, so that a scan asks for no memory.
#[derive(Debug, Default)]
pub struct Scratch {
    /// The block in lower case.
    lower: Vec<u8>,
    words: Vec<Word>,
    /// Literals that candidates stand at: start, end, number.
    places: Vec<(usize, usize, u16)>,
    /// Per recognizer: where the last match ended.
    until: Vec<usize>,
    /// Per literal: whether it was seen as a context word in this block or before.
    seen: Vec<bool>,
    /// The recognizers that may look, since one of the words that they need was seen or they need none.
    allowed: Many,
    /// How often `allowed` changed, over all texts.
    changes: u64,
    /// Per shape of a run: those of its recognizers that may look, and as of which change.
    active: Vec<(u64, Vec<u16>)>,
    pub(crate) hits: Vec<Hit>,
    /// Per recognizer: in which unbroken run it was tried last, and how often without success.
    tries: Vec<(usize, u8)>,
    /// Per recognizer: where the last match ends that its check refused, and how many such lie in each
    /// other.
    refused: Vec<(usize, u8)>,
    /// Bytes of tables that may still be gone through.
    budget: usize,
    /// Runs that may be base64 or hexadecimal digits: start and end.
    pub(crate) encoded: Vec<(usize, usize)>,
}

/// Bytes that are taken at once.
const BLOCK: usize = 64 << 10;
/// Bytes around a block in which context words are looked for.
const AROUND: usize = 256;
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
    scratch.until.clear();
    scratch.until.resize(set.all.len(), 0);
    scratch.seen.clear();
    scratch.seen.resize(set.literals.len(), false);
    scratch.allowed.copy(&set.free);
    scratch.tries.clear();
    scratch.tries.resize(set.all.len(), (usize::MAX, 0));
    scratch.refused.clear();
    scratch.refused.resize(set.all.len(), (0, 0));
    scratch.changes += 1;
    if scratch.active.len() < set.shapes() {
        scratch.active.resize(set.shapes(), (0, Vec::new()));
    }
    scratch.encoded.clear();
    scratch.budget = COLUMNS * text.len();
    let mut awake: Vec<u16> = set.always.clone();
    let mut from = 0;
    while from < text.len() {
        let to = (from + BLOCK).min(text.len());
        literals(set, text, from, to, scratch, &mut awake);
        let mut looking = Looking {
            set,
            number,
            text,
            threshold,
            scratch,
            reader: RefCell::default(),
            command: RefCell::default(),
            run: (0, 0),
            named: None,
        };
        looking.places();
        looking.tokens(from, to);
        from = to;
    }
    let mut looking = Looking {
        set,
        number,
        text,
        threshold,
        scratch,
        reader: RefCell::default(),
        command: RefCell::default(),
        run: (0, 0),
        named: None,
    };
    for index in awake {
        looking.everywhere(index);
    }
}

/// Collects context words and candidates of one block.
fn literals(
    set: &Set,
    text: &[u8],
    from: usize,
    to: usize,
    scratch: &mut Scratch,
    awake: &mut Vec<u16>,
) {
    scratch.words.clear();
    scratch.places.clear();
    let (low, high) = (from.saturating_sub(AROUND), (to + AROUND).min(text.len()));
    let mut lower = std::mem::take(&mut scratch.lower);
    lower.clear();
    lower.extend_from_slice(&text[low..high]);
    lower.make_ascii_lowercase();
    let mut marks = Marks::default();
    set.search.all(&lower, |start, end, number| {
        let (start, end, at) = (low + start, low + end, usize::from(number));
        let literal = &set.literals[at];
        if marks.hold(text, start, end) {
            return;
        }
        if literal.is_word && context::is_whole(text, start, end) {
            if !scratch.seen[at] {
                scratch.seen[at] = true;
                for index in &literal.allows {
                    scratch.changes += u64::from(scratch.allowed.insert(*index));
                }
            }
            scratch.words.push(Word {
                start,
                end,
                literal: number,
            });
        }
        if start < from || start >= to {
            return;
        }
        if !literal.here.is_empty() || !literal.value.is_empty() || !literal.field.is_empty() {
            scratch.places.push((start, end, number));
        }
        for index in &literal.wakes {
            if !awake.contains(index) {
                awake.push(*index);
            }
        }
    });
    scratch.lower = lower;
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
}

impl Looking<'_> {
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
            let is_free = matches!(assigned.sign, Sign::Words | Sign::Comma);
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
            for cell in columns::below(self.text, (*start, *end), &mut self.scratch.budget) {
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
        let until = std::mem::take(&mut self.scratch.until[index as usize]);
        self.at(index, start, end);
        let now = &mut self.scratch.until[index as usize];
        *now = until.max(*now);
    }

    /// Tries what may begin with the runs of letters and digits that start in this block.
    fn tokens(&mut self, from: usize, to: usize) {
        let text = self.text;
        let mut at = from;
        // A run that began in the block before was tried there.
        if at > 0 && text[at - 1].is_ascii_alphanumeric() {
            while at < to && text[at].is_ascii_alphanumeric() {
                at += 1;
            }
        }
        let mut encoded_to = self.scratch.encoded.last().map_or(0, |last| last.1);
        while let Some(between) = text
            .get(at..to)
            .and_then(|rest| rest.iter().position(|byte| CLASS[*byte as usize] != 0))
        {
            let start = at + between;
            let mut classes = 0;
            let run = &text[start..(start + BLOCK + 1).min(text.len())];
            let length = run
                .iter()
                .position(|byte| {
                    let class = CLASS[*byte as usize];
                    classes |= class;
                    class == 0
                })
                .unwrap_or(run.len());
            at = start + length;
            if length >= 16 && start >= encoded_to {
                let run = encoded::run(text, start, at, encoded_to);
                if run.1 - run.0 >= ENCODED {
                    self.scratch.encoded.push(run);
                    encoded_to = run.1;
                }
            }
            let run = match classes {
                DIGIT => Run::Digits,
                LETTER if length > 17 => continue,
                LETTER => Run::Letters,
                _ => Run::Mixed,
            };
            if length >= LONGEST_RUN {
                continue;
            }
            self.starting(run, length, start, at);
            // `\n12` in a string of a program: the letter belongs to the escape.
            if run == Run::Mixed
                && start > 0
                && text[start - 1] == b'\\'
                && matches!(text[start], b'n' | b'r' | b't')
            {
                let rest = start + 1;
                let kind = if text[rest..at].iter().all(u8::is_ascii_digit) {
                    Run::Digits
                } else {
                    Run::Mixed
                };
                self.starting(kind, at - rest, rest, at);
            }
        }
    }

    /// Tries the recognizers that may begin with a run of this kind and length. Most are not let
    /// look in most texts, so that those that are stand in a list of their own.
    fn starting(&mut self, run: Run, length: usize, start: usize, end: usize) {
        let Scratch {
            active,
            allowed,
            changes,
            ..
        } = &mut *self.scratch;
        let [then, after] = [end, end + 1].map(|at| self.text.get(at).copied());
        let shape = (self.set).shape_of(run, length, self.text[start], then);
        let (as_of, list) = &mut active[shape];
        if as_of != changes {
            *as_of = *changes;
            list.clear();
            list.extend(self.set.starting(shape, allowed));
        }
        for at in 0..list.len() {
            let index = self.scratch.active[shape].1[at];
            if self.set.gates[usize::from(index)].opens_further(after) {
                self.at(index, start, end);
            }
        }
    }

    /// Tries one recognizer where its literal stands, unless it was tried in this run again and again
    /// without success: such a text was made to be slow.
    fn tried(&mut self, index: u16, start: usize, end: usize) {
        let run = self.run_at(start);
        let (tried, failed) = self.scratch.tries[index as usize];
        if tried == run && failed >= TRIES {
            return;
        }
        let hits = self.scratch.hits.len();
        self.at(index, start, end);
        if self.scratch.hits.len() == hits {
            let failed = if tried == run { failed + 1 } else { 1 };
            self.scratch.tries[index as usize] = (run, failed);
        }
    }

    /// Tries one recognizer where something stands that may begin what it looks for.
    fn at(&mut self, index: u16, start: usize, end: usize) {
        if !self.scratch.allowed.holds(index) || start < self.scratch.until[index as usize] {
            return;
        }
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

    /// Where the run of letters, digits, `-` and `_` begins that `start` lies in, or the place from
    /// which it was looked at first.
    fn run_at(&mut self, start: usize) -> usize {
        if !(self.run.0..self.run.1).contains(&start) {
            let length = self.text[start..]
                .iter()
                .take(RUN)
                .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
                .count();
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
        let (refused, count) = &mut self.scratch.refused[index as usize];
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
        let words = &self.scratch.words;
        let near = context::near(self.text, words, self.set, recognizer, (start, end));
        let (score, word) = match near {
            // What the form alone proves stays, whatever it is called: `id +44 7700 900123`.
            Near::Against if score > recognizer.source.score && score >= PROVEN => (score, None),
            Near::Against => return,
            Near::Word(word) => ((score + context::SCORE).min(1.0), Some(word)),
            Near::General(word) => ((score + context::SCORE_GENERAL).min(1.0), Some(word)),
            Near::Nothing if recognizer.source.context_required => return,
            Near::Nothing => (score, None),
        };
        if score + f32::EPSILON < self.threshold
            || context::is_placeholder(self.text, start, end)
            || context::is_left_by_mask(self.text, start, end)
        {
            return;
        }
        self.scratch.until[index as usize] = whole.max(end);
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

const DIGIT: u8 = 1;
const LETTER: u8 = 2;
static CLASS: [u8; 256] = {
    let mut class = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let value = byte as u8;
        class[byte] = if value.is_ascii_digit() {
            DIGIT
        } else if value.is_ascii_alphabetic() {
            LETTER
        } else {
            0
        };
        byte += 1;
    }
    class
};
