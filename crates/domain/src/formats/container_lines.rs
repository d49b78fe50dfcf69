//! Lines of a container that its runtime cut: Docker and containerd write a line of more than 16 KB in pieces.
//!
//! In: the lines of a file, in order. Out: the line that was written, once its last piece was read. Streams are told
//! apart, since the pieces of one may stand among lines of the other. Not here: whole lines (`wrapped`), and what a
//! line holds.
//!
//! Source: moby/moby, `daemon/logger/copier.go`: a piece that is not the last has no end of line; kubernetes/kubernetes,
//! `kri-client/pkg/logs`: the tags `P` and `F`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;

/// Bytes of a line as it was written, at most.
const MAX_LINE: usize = 32 << 20;
/// Bytes below which no runtime cuts a line; Docker's pieces are known by nothing but that they do not end.
const LEAST: usize = 8 << 10;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfDocker<'a> {
    #[serde(borrow)]
    log: Cow<'a, str>,
    #[serde(borrow, default)]
    stream: Cow<'a, str>,
    #[serde(default, rename = "time")]
    _time: IgnoredAny,
    #[serde(default, rename = "attrs")]
    _attrs: IgnoredAny,
}

/// A piece of a line, or a whole one.
struct Piece<'a> {
    stream: Cow<'a, str>,
    text: Cow<'a, str>,
    is_last: bool,
}

/// What became of a line of a file.
pub enum Taken {
    /// It is no piece, and is to be read as it stands.
    Alone,
    /// It is a piece, and others follow.
    Held,
    /// The last piece: the line that was written.
    Whole(Gathered),
    /// More pieces than a line may have.
    TooLong(Gathered),
}

/// Pieces of a line.
#[derive(Default)]
pub struct Gathered {
    pub text: Vec<u8>,
    /// Where the first stands in the file.
    pub line: u64,
    pub offset: u64,
}

/// The lines of a file that are not complete yet, by stream.
#[derive(Default)]
pub struct Pieces(BTreeMap<String, Gathered>);

impl Pieces {
    /// Takes a line of a file.
    pub fn take(&mut self, raw: &[u8], line: u64, offset: u64) -> Taken {
        let Some(piece) = read(raw, !self.0.is_empty()) else {
            return Taken::Alone;
        };
        let stream = piece.stream.as_ref();
        if piece.is_last && !self.0.contains_key(stream) {
            return Taken::Alone;
        }
        let gathered = self.0.entry(stream.to_owned()).or_insert_with(|| Gathered {
            text: Vec::new(),
            line,
            offset,
        });
        gathered.text.extend_from_slice(piece.text.as_bytes());
        let is_too_long = gathered.text.len() > MAX_LINE;
        if !piece.is_last && !is_too_long {
            return Taken::Held;
        }
        let gathered = self.0.remove(stream).unwrap_or_default();
        match is_too_long {
            true => Taken::TooLong(gathered),
            false => Taken::Whole(gathered),
        }
    }

    /// Ends the file: lines whose last piece is not there.
    pub fn rest(&mut self) -> Vec<Gathered> {
        std::mem::take(&mut self.0).into_values().collect()
    }
}

/// A line as a runtime writes it. Where none is open, only what may be the first piece of one is read.
fn read(raw: &[u8], is_open: bool) -> Option<Piece<'_>> {
    match raw.first()? {
        b'{' if raw.starts_with(b"{\"log\":") && (is_open || raw.len() >= LEAST) => of_docker(raw),
        b'0'..=b'9' => of_kubernetes(raw),
        _ => None,
    }
}

fn of_docker(raw: &[u8]) -> Option<Piece<'_>> {
    let line: OfDocker<'_> = serde_json::from_slice(raw).ok()?;
    // There are two, so that no more than two lines are held.
    if !matches!(line.stream.as_ref(), "stdout" | "stderr") {
        return None;
    }
    // Whoever copies lines elsewhere may have taken their ends away: what is JSON is whole.
    let is_last = line.log.ends_with('\n')
        || line.log.len() < LEAST
        || serde_json::from_str::<IgnoredAny>(&line.log).is_ok();
    Some(Piece {
        stream: line.stream,
        text: line.log,
        is_last,
    })
}

fn of_kubernetes(raw: &[u8]) -> Option<Piece<'_>> {
    let head = raw.get(..raw.len().min(64))?;
    let is_tagged = [b" stdout P ", b" stderr P ", b" stdout F ", b" stderr F "]
        .iter()
        .any(|tag| memchr::memmem::find(head, *tag).is_some());
    if !is_tagged {
        return None;
    }
    let mut parts = std::str::from_utf8(raw).ok()?.splitn(4, ' ');
    let (_, stream, tag) = (parts.next()?, parts.next()?, parts.next()?);
    Some(Piece {
        stream: Cow::Borrowed(stream),
        text: Cow::Borrowed(parts.next().unwrap_or_default()),
        is_last: tag == "F",
    })
}
