//! Finding entities in a text, in whatever writing.
//!
//! In: a text or bytes. Out: entities on the bytes as they came. The text itself is scanned first,
//! then its other writings, each only where something is written otherwise, two deep. Not here:
//! treating what was found (`redaction`), who wins where two overlap (`resolve`).

use std::cell::Cell;
use std::fmt;
use std::sync::Arc;

use crate::encoded;
use crate::interned::Interned;
use crate::recognizers::set::Set;
use crate::recognizers::{At, Category, Recognizers};
use crate::resolve::{self, Candidate};
use crate::scan::hits::Hit;
use crate::scan::{self, Scratch};
use crate::sealed;
use crate::views;
use crate::views::View;
use crate::views::broken::{Mended, at_seam, may_go_on, unbroken};
use crate::views::streamed::streamed;
use crate::why::Why;

use broken::Parted;

mod broken;

/// Something found. Offsets are UTF-8 bytes, half-open, on character boundaries.
#[derive(Debug, Clone, PartialEq)]
pub struct Entity {
    pub start: usize,
    pub end: usize,
    pub entity_type: Interned,
    pub category: Category,
    /// 0–1.
    pub score: f32,
    pub recognizer: Interned,
    pub why: Why,
    /// Whether it is the value of a cell whose column's heading says what it is.
    pub is_cell: bool,
    /// The whole value, where this is a piece of it or another mention.
    pub whole: Option<Whole>,
}

/// A value of which an entity is a piece. Its `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Whole(pub String);

impl fmt::Debug for Whole {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Whole(…)")
    }
}

/// How a value was written where it was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Writing {
    Plain,
    Escaped,
    /// With a blank between its characters.
    Spaced,
    /// With a line end in it.
    Broken,
    /// In pieces, as a stream brings it.
    Streamed,
    Folded,
    Encoded,
}

/// How deep a writing may lie in another.
const DEPTH: usize = 2;

thread_local! {
    /// What [`detect`] keeps from one text of a thread to the next.
    static SCRATCH: Cell<Scratch> = Cell::default();
}

/// Bytes of the longest text of which that is kept: what a long one took is given back.
const KEPT: usize = 1 << 20;

/// Returns what `recognizers` find in `text` with a score of at least `threshold`, ordered by
/// start, never overlapping.
///
/// Where two overlap, a secret wins, then the higher score, then the longer one. Entity types
/// follow Presidio's supported entities.
pub fn detect(text: &str, recognizers: &Recognizers, threshold: f32) -> Vec<Entity> {
    // Setting up this memory anew costs more than a look at a short text.
    let mut scratch = SCRATCH.take();
    let found = detect_with(text.as_bytes(), recognizers, threshold, &mut scratch);
    if text.len() <= KEPT {
        SCRATCH.set(scratch);
    }
    found
}

/// As [`detect`], for bytes whatever they are, with memory that the caller keeps from one text to
/// the next. Offsets never part a character where the bytes are UTF-8.
pub fn detect_with(
    text: &[u8],
    recognizers: &Recognizers,
    threshold: f32,
    scratch: &mut Scratch,
) -> Vec<Entity> {
    let candidates = candidates(text, recognizers, threshold, scratch);
    resolve::entities(text, candidates, recognizers)
}

/// Everything that passed a recognizer, on character boundaries.
pub(crate) fn candidates(
    text: &[u8],
    recognizers: &Recognizers,
    threshold: f32,
    scratch: &mut Scratch,
) -> Vec<Candidate> {
    let sets: Vec<&Set> = recognizers.sets().map(Arc::as_ref).collect();
    candidates_of(text, &sets, threshold, scratch)
}

/// As [`candidates`], of several sets; a hit names its set by its number. What one set finds does not
/// depend on the others. The first says which runs may be encoded.
pub(crate) fn candidates_of(
    text: &[u8],
    sets: &[&Set],
    threshold: f32,
    scratch: &mut Scratch,
) -> Vec<Candidate> {
    let mut found = Vec::new();
    let looking = Looking { sets, threshold };
    looking.at(
        text,
        Writing::Plain,
        0,
        &|start, end| (start, end),
        scratch,
        &mut found,
    );
    looking.over_lines(text, scratch, &mut found);
    let sealed = sealed::values(text);
    if !sealed.is_empty() {
        // Asked of the text as it came: other writings hold a part of it.
        found.retain(|candidate| {
            let hit = &candidate.hit;
            let set = sets.get(usize::from(hit.set));
            let recognizer = set.and_then(|set| set.all.get(usize::from(hit.recognizer)));
            let is_secret = recognizer.is_some_and(|it| it.source.category == Category::Secret);
            let at = sealed.partition_point(|range| range.end < candidate.end);
            let is_part = sealed
                .get(at)
                .is_some_and(|range| range.start <= candidate.start);
            !(is_secret && is_part)
        });
    }
    for candidate in &mut found {
        let parts = |at: usize| text.get(at).is_some_and(|byte| byte & 0xC0 == 0x80);
        while candidate.start > 0 && parts(candidate.start) {
            candidate.start -= 1;
        }
        while parts(candidate.end) {
            candidate.end += 1;
        }
    }
    found
}

struct Looking<'a> {
    sets: &'a [&'a Set],
    threshold: f32,
}

type Back<'a> = &'a dyn Fn(usize, usize) -> (usize, usize);

impl Looking<'_> {
    /// Whether it passed a check, or has a beginning that tells what it is: of a telephone number the plus.
    fn proves(&self, text: &[u8], hit: &Hit) -> bool {
        let set = self.sets.get(usize::from(hit.set));
        let recognizer = set.and_then(|set| set.all.get(usize::from(hit.recognizer)));
        let is_sure = recognizer.is_some_and(|recognizer| {
            recognizer.validate.is_some() || matches!(recognizer.source.at, At::Start | At::Code)
        });
        is_sure || text.get(hit.start) == Some(&b'+')
    }

    /// Looks through `text`, a writing of what `back` leads to.
    fn at(
        &self,
        text: &[u8],
        writing: Writing,
        depth: usize,
        back: Back<'_>,
        scratch: &mut Scratch,
        found: &mut Vec<Candidate>,
    ) {
        let mut runs = Vec::new();
        for (number, set) in (0_u8..).zip(self.sets) {
            scan::scan(set, number, text, self.threshold, scratch);
            if number == 0 && depth < DEPTH {
                runs = std::mem::take(&mut scratch.encoded);
            }
        }
        for hit in scratch.hits.drain(..) {
            // Columns of digits and letters read like a value with blanks between.
            if writing == Writing::Spaced && !self.proves(text, &hit) {
                continue;
            }
            let (start, end) = back(hit.start, hit.end);
            // What lies in one piece is found there.
            if writing == Writing::Streamed && end - start == hit.end - hit.start {
                continue;
            }
            found.push(Candidate {
                start,
                end,
                hit,
                writing,
            });
        }
        if depth < DEPTH {
            for (start, end) in &runs {
                if let Some(inner) = encoded::text(&text[*start..*end]) {
                    let (start, end) = back(*start, *end);
                    let whole = move |_, _| (start, end);
                    self.at(&inner, Writing::Encoded, depth + 1, &whole, scratch, found);
                }
            }
            for (writing, view) in [
                (Writing::Escaped, views::unescaped(text)),
                (Writing::Escaped, views::unquoted(text)),
                (Writing::Spaced, views::joined(text)),
                (Writing::Streamed, streamed(text)),
            ] {
                let Some(view) = view else { continue };
                let back = |start, end| {
                    let (start, end) = view.back(start, end);
                    back(start, end)
                };
                self.at(&view.text, writing, depth + 1, &back, scratch, found);
            }
            if !text.is_ascii()
                && let Some(view) = views::folded(text)
            {
                let back = |start, end| {
                    let (start, end) = view.back(start, end);
                    back(start, end)
                };
                self.at(
                    &view.text,
                    Writing::Folded,
                    depth + 1,
                    &back,
                    scratch,
                    found,
                );
            }
        }
        runs.clear();
        scratch.encoded = runs;
    }

    /// Looks for values that a line end of `text` parts.
    fn over_lines(&self, text: &[u8], scratch: &mut Scratch, found: &mut Vec<Candidate>) {
        let plain = found.len();
        for view in unbroken(text).into_iter().flatten() {
            self.mended(text, &view, None, plain, scratch, found);
        }
    }

    /// Adds what a view finds over a line end, or over a seam, and something proves. The first
    /// `plain` of `found` were found on the text as it came.
    fn mended(
        &self,
        text: &[u8],
        view: &View,
        seam: Option<(usize, usize)>,
        plain: usize,
        scratch: &mut Scratch,
        found: &mut Vec<Candidate>,
    ) {
        for (number, set) in (0_u8..).zip(self.sets) {
            scan::scan(set, number, &view.text, self.threshold, scratch);
        }
        for hit in scratch.hits.drain(..) {
            let (start, end) = view.back(hit.start, hit.end);
            let set = self.sets.get(usize::from(hit.set));
            let recognizer = set.and_then(|set| set.all.get(usize::from(hit.recognizer)));
            let parted = match seam {
                Some(seam) => Parted::by_seam(text, start, end, seam),
                None => Parted::by_line(text, start, end),
            };
            let is_proved = recognizer.zip(parted).is_some_and(|(recognizer, parted)| {
                parted.is_proved(recognizer, &hit, &found[..plain])
            });
            if is_proved {
                found.push(Candidate {
                    start,
                    end,
                    hit,
                    writing: Writing::Broken,
                });
            }
        }
    }
}

/// Returns what begins at the end of `before` and goes on at the beginning of `after`, two texts of
/// which the second goes on where the first is over. `is_apart` where a blank stood between.
///
/// Offsets are bytes of both with one byte between.
pub(crate) fn over_seam(
    before: &[u8],
    after: &[u8],
    is_apart: bool,
    policy: (&Recognizers, f32),
    scratch: &mut Scratch,
) -> Vec<Entity> {
    let (recognizers, threshold) = policy;
    let asked = [Mended::Joined, Mended::Spaced]
        .into_iter()
        .filter(|mended| may_go_on(before, after, is_apart, *mended));
    let sets: Vec<&Set> = recognizers.sets().map(Arc::as_ref).collect();
    let looking = Looking {
        sets: &sets,
        threshold,
    };
    let text = [before, b"\n", after].concat();
    let seam = (before.len(), before.len() + 1);
    let mut found = Vec::new();
    let mut plain = None;
    for mended in asked {
        let plain = *plain.get_or_insert_with(|| {
            for (number, set) in (0_u8..).zip(&sets) {
                scan::scan(set, number, &text, threshold, scratch);
            }
            found.extend(scratch.hits.drain(..).map(|hit| Candidate {
                start: hit.start,
                end: hit.end,
                hit,
                writing: Writing::Plain,
            }));
            found.len()
        });
        if let Some(view) = at_seam(&text, seam, mended) {
            looking.mended(&text, &view, Some(seam), plain, scratch, &mut found);
        }
    }
    found.retain(|one| one.start < seam.0 && one.end > seam.1 && one.writing == Writing::Broken);
    resolve::entities(&text, found, recognizers)
}
