//! All calls of a word, from the pages that FTS5 keeps them on.
//!
//! FTS5 hands over a call at a time through SQLite's machine, 0.1 µs and more each; on its pages the calls
//! of a word follow each other, mostly a byte each, so that reading them there takes a twentieth of it. The
//! form of the pages is part of SQLite's file format ("FTS5 data structures" in its documentation,
//! `fts5_index.c`): a list of segments, oldest last; in each the words in order, and behind each word its
//! rows, as differences. In: a word, the calls that the index covers. Out: a bit for each; nothing where a
//! page is not as expected, so that FTS5 is asked. Not here: words by their beginning, words that must follow
//! each other, words of which only some calls are wanted: those FTS5 answers.

use rusqlite::{Connection, OptionalExtension, params};

use crate::error::Result;
use crate::text_index::{Detail, TABLE};

#[cfg(test)]
mod tests;

/// Forms of the index that are read here: as FTS5 makes it, and since something was erased from it.
const VERSIONS: [i64; 2] = [4, 5];
/// The row of the list of segments.
const SEGMENTS: i64 = 10;
/// Where the number of a segment begins in the number of one of its pages.
const PAGE_BITS: u32 = 37;
/// What words begin with on the pages, and not keys that lead to words by their beginning.
const WHOLE: u8 = b'0';
/// Bytes before what a page holds: where its first row is, and where its words are listed.
const HEAD: usize = 4;
/// More pages than a segment may have.
const MOST_PAGES: u64 = 1 << 31;

/// The calls before leaf `up_to` that the index has a word for, 64 a number; `None` where its pages are not
/// of a form that is known here.
pub(super) fn of_word(
    connection: &Connection,
    (word, detail): (&str, Detail),
    up_to: u64,
) -> Result<Option<Vec<u64>>> {
    let version: Option<i64> = connection
        .prepare_cached(&format!("select v from {TABLE}_config where k = 'version'"))?
        .query_row([], |row| row.get(0))
        .optional()?;
    let list: Option<Vec<u8>> = connection
        .prepare_cached(&format!("select block from {TABLE}_data where id = ?1"))?
        .query_row([SEGMENTS], |row| row.get(0))
        .optional()?;
    let (Some(version), Some(list)) = (version, list) else {
        return Ok(None);
    };
    let segments = match VERSIONS.contains(&version) {
        true => segments(&list),
        false => None,
    };
    let Some(segments) = segments else {
        return Ok(None);
    };
    let mut set = Set {
        bits: Vec::new(),
        up_to,
    };
    let word = [&[WHOLE], word.as_bytes()].concat();
    // What a newer segment says of a row stands against an older one.
    for segment in segments.iter().rev() {
        if segment
            .add_to(connection, (&word, detail), &mut set)?
            .is_none()
        {
            return Ok(None);
        }
    }
    Ok(Some(set.bits))
}

struct Set {
    bits: Vec<u64>,
    up_to: u64,
}

impl Set {
    /// Puts a row in, or takes it out; `None` for one that is no call of the index.
    fn put(&mut self, row: u64, is_gone: bool) -> Option<()> {
        if row >= self.up_to {
            return None;
        }
        let place = usize::try_from(row / 64).ok()?;
        if place >= self.bits.len() {
            self.bits.resize(place + 1, 0);
        }
        match is_gone {
            true => self.bits[place] &= !(1 << (row % 64)),
            false => self.bits[place] |= 1 << (row % 64),
        }
        Some(())
    }
}

/// One piece of the index, in itself in order.
struct Segment {
    number: i64,
    first_page: i64,
    last_page: i64,
}

/// The segments, newest first.
fn segments(list: &[u8]) -> Option<Vec<Segment>> {
    // Behind a cookie; where other things are listed as well, it begins with a byte that is no varint.
    let mut rest = list.get(4..).filter(|rest| rest.first() != Some(&0xff))?;
    let levels = varint(&mut rest)?;
    let all = varint(&mut rest)?;
    varint(&mut rest)?;
    let mut segments = Vec::new();
    for _ in 0..levels {
        varint(&mut rest)?;
        let many = varint(&mut rest)?;
        let mut level = Vec::new();
        for _ in 0..many {
            let (number, first, last) =
                (varint(&mut rest)?, varint(&mut rest)?, varint(&mut rest)?);
            if first > last || last >= MOST_PAGES || number >= 1 << 16 {
                return None;
            }
            level.push(Segment {
                number: i64::try_from(number).ok()?,
                first_page: i64::try_from(first).ok()?,
                last_page: i64::try_from(last).ok()?,
            });
        }
        // Of a level the last is the newest.
        level.reverse();
        segments.append(&mut level);
    }
    (segments.len() as u64 == all && rest.is_empty()).then_some(segments)
}

impl Segment {
    /// Adds the rows of a word to a set, or takes them out; `None` where a page is not as expected.
    fn add_to(
        &self,
        connection: &Connection,
        (word, detail): (&[u8], Detail),
        set: &mut Set,
    ) -> Result<Option<()>> {
        let leads: Option<i64> = connection
            .prepare_cached(&format!(
                "select pgno from {TABLE}_idx where segid = ?1 and term <= ?2 order by term desc limit 1"
            ))?
            .query_row(params![self.number, word], |row| row.get(0))
            .optional()?;
        // The lowest bit says whether the rows of the word have an index of their own.
        let first = leads.map_or(1, |page| page >> 1).max(self.first_page);
        let id = |page: i64| (self.number << PAGE_BITS) + page;
        let mut statement = connection.prepare_cached(&format!(
            "select id, block from {TABLE}_data where id between ?1 and ?2 order by id"
        ))?;
        let mut pages = statement.query([id(first), id(self.last_page)])?;
        let mut next = first;
        while let Some(row) = pages.next()? {
            let page = row.get_ref(1)?.as_blob().ok().and_then(Page::of);
            let (true, Some(page)) = (row.get::<_, i64>(0)? == id(next), page) else {
                return Ok(None);
            };
            let part = match next == first {
                true => page.rows_of(word),
                false => page.rows_before_words(detail),
            };
            let Some(part) = part.filter(|part| take(part.rows, detail, set).is_some()) else {
                return Ok(None);
            };
            if part.is_last {
                return Ok(Some(()));
            }
            next += 1;
        }
        Ok((next > self.last_page).then_some(()))
    }
}

/// A page of a segment.
struct Page<'a> {
    bytes: &'a [u8],
    /// Where the list of the places of its words begins.
    words_at: usize,
}

/// Rows of a word on one page.
#[derive(Default)]
struct Part<'a> {
    rows: &'a [u8],
    /// Whether the next page has none of them.
    is_last: bool,
}

impl<'a> Page<'a> {
    fn of(bytes: &'a [u8]) -> Option<Self> {
        let &[_, _, high, low, ..] = bytes else {
            return None;
        };
        let words_at = usize::from(u16::from_be_bytes([high, low]));
        (HEAD..=bytes.len())
            .contains(&words_at)
            .then_some(Self { bytes, words_at })
    }

    /// The rows of a word that begins on this page, if it is in the segment.
    fn rows_of(&self, word: &[u8]) -> Option<Part<'a>> {
        let mut places = &self.bytes[self.words_at..];
        let (mut at, mut own) = (0, Vec::new());
        while !places.is_empty() {
            at += usize::try_from(varint(&mut places)?).ok()?;
            let body = self.bytes.get(..self.words_at)?;
            let mut rest = body.get(at..)?;
            // All but the first tell only what differs from the one before.
            let kept = match own.is_empty() {
                true => 0,
                false => usize::try_from(varint(&mut rest)?).ok()?,
            };
            let new = usize::try_from(varint(&mut rest)?).ok()?;
            if kept > own.len() || new == 0 {
                return None;
            }
            own.truncate(kept);
            own.extend_from_slice(rest.get(..new)?);
            if own != word {
                continue;
            }
            let begin = self.words_at - rest.len() + new;
            let mut after = places;
            let end = match varint(&mut after) {
                Some(length) => at.checked_add(usize::try_from(length).ok()?)?,
                None => self.words_at,
            };
            return Some(Part {
                rows: body.get(begin..end)?,
                is_last: !places.is_empty(),
            });
        }
        Some(Part {
            is_last: true,
            ..Part::default()
        })
    }

    /// The rows on this page of a word that begins on one before.
    fn rows_before_words(&self, detail: Detail) -> Option<Part<'a>> {
        let mut places = &self.bytes[self.words_at..];
        let end = match varint(&mut places) {
            Some(place) => usize::try_from(place).ok()?,
            None => self.words_at,
        };
        let begin = match detail {
            Detail::Words => HEAD,
            // Before it lie the places of the row before; none begins here where it says 0.
            Detail::Phrases => match u16::from_be_bytes([self.bytes[0], self.bytes[1]]) {
                0 => end,
                begin => usize::from(begin),
            },
        };
        Some(Part {
            rows: self.bytes.get(..self.words_at)?.get(begin..end)?,
            is_last: self.words_at < self.bytes.len(),
        })
    }
}

/// Puts the rows of a part into a set; the first stands as it is, each after it as what is to be added.
fn take(mut rows: &[u8], detail: Detail, set: &mut Set) -> Option<()> {
    let mut row = 0_u64;
    while !rows.is_empty() {
        row = row.checked_add(varint(&mut rows)?)?;
        let is_gone = match detail {
            // Behind a row a zero says that it is gone, and two that it came again.
            Detail::Words => {
                let zeros = rows.iter().take(2).take_while(|byte| **byte == 0).count();
                rows = &rows[zeros..];
                zeros == 1
            }
            // Behind a row stands how long the list of its places is, twice, and one more where older
            // ones are gone. Its end may lie on the next page.
            Detail::Phrases => {
                let size = varint(&mut rows)?;
                let length = usize::try_from(size / 2).ok()?;
                rows = rows.get(length..).unwrap_or_default();
                length == 0
            }
        };
        set.put(row, is_gone)?;
    }
    Some(())
}

/// Takes a number from the beginning: seven bits a byte, the highest first, of a ninth byte all eight.
fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let (&first, mut rest) = bytes.split_first()?;
    let mut number = u64::from(first & 0x7f);
    if first & 0x80 != 0 {
        for place in 1.. {
            let (&byte, after) = rest.split_first()?;
            rest = after;
            if place == 8 {
                number = number << 8 | u64::from(byte);
                break;
            }
            number = number << 7 | u64::from(byte & 0x7f);
            if byte & 0x80 == 0 {
                break;
            }
        }
    }
    *bytes = rest;
    Some(number)
}
