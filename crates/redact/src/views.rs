//! Other writings of a text: escapes undone, look-alike characters folded, invisible ones left
//! out, each with a way back to the bytes it came from.
//!
//! In: bytes. Out: a view with only the surroundings of what is written otherwise, or none where
//! nothing is. Edits are made on the bytes it came from, never on a view. Not here: base64 and
//! hexadecimal digits (`encoded`).

use unicode_normalization::UnicodeNormalization;

pub(crate) mod broken;
pub(crate) mod streamed;

/// Bytes around something that is written otherwise.
const AROUND: usize = 128;

/// A stretch of a view: copied byte by byte, or standing for a stretch of another length.
#[derive(Debug, Clone, Copy)]
struct Piece {
    at: usize,
    length: usize,
    from: usize,
    from_length: usize,
}

/// A derived text and the way back.
#[derive(Debug, Default)]
pub(crate) struct View {
    pub(crate) text: Vec<u8>,
    pieces: Vec<Piece>,
}

impl View {
    /// The bytes that `start..end` came from.
    pub(crate) fn back(&self, start: usize, end: usize) -> (usize, usize) {
        let piece = |at: usize| {
            let index = self.pieces.partition_point(|piece| piece.at <= at);
            self.pieces.get(index.saturating_sub(1)).copied()
        };
        let from = piece(start).map_or(0, |piece| {
            if piece.length == piece.from_length {
                piece.from + (start - piece.at).min(piece.length)
            } else {
                piece.from
            }
        });
        let to = piece(end.saturating_sub(1)).map_or(0, |piece| {
            if piece.length == piece.from_length {
                piece.from + (end - piece.at).min(piece.length)
            } else {
                piece.from + piece.from_length
            }
        });
        (from, to.max(from))
    }

    fn push(&mut self, bytes: &[u8], from: usize, from_length: usize) {
        if bytes.is_empty() {
            return;
        }
        let piece = Piece {
            at: self.text.len(),
            length: bytes.len(),
            from,
            from_length,
        };
        self.pieces.push(piece);
        self.text.extend_from_slice(bytes);
    }
}

/// What stands otherwise: where, how long, and what it means.
struct Spot {
    start: usize,
    end: usize,
    means: [u8; 8],
    length: usize,
}

fn spot(start: usize, end: usize, means: &[u8]) -> Option<Spot> {
    let mut bytes = [0; 8];
    bytes.get_mut(..means.len())?.copy_from_slice(means);
    Some(Spot {
        start,
        end,
        means: bytes,
        length: means.len(),
    })
}

fn view(text: &[u8], spots: impl Iterator<Item = Spot>) -> Option<View> {
    with_around(text, spots, AROUND)
}

/// A view with so many bytes around each spot.
fn with_around(text: &[u8], spots: impl Iterator<Item = Spot>, around: usize) -> Option<View> {
    let mut view = View::default();
    let mut done = 0;
    let mut is_open = false;
    for spot in spots {
        let near = spot.start.saturating_sub(around);
        // Where spots are close to each other, nothing is between their surroundings.
        let from = match near > done {
            true => outside(text, near).0.max(done),
            false => done,
        };
        if is_open && from > done {
            // The surroundings of the last one end before those of this one begin.
            let to = outside(text, done + around).1.min(spot.start);
            view.push(&text[done..to], done, to - done);
            if to < from {
                view.push(b"\n\n\n", to, from - to);
            }
            let from = from.max(to);
            view.push(&text[from..spot.start], from, spot.start - from);
        } else {
            view.push(&text[from..spot.start], from, spot.start - from);
        }
        is_open = true;
        view.push(
            &spot.means[..spot.length],
            spot.start,
            spot.end - spot.start,
        );
        done = spot.end;
    }
    if !is_open {
        return None;
    }
    let to = outside(text, done + around).1;
    view.push(&text[done..to], done, to - done);
    Some(view)
}

/// The places next to `at` that lie in nothing like `[EMAIL_ADDRESS:1f0c…]`: the rest of one would be
/// read as a value.
fn outside(text: &[u8], at: usize) -> (usize, usize) {
    const LONGEST: usize = 96;
    let at = at.min(text.len());
    let low = at.saturating_sub(LONGEST);
    let open = memchr::memrchr2(b'[', b']', &text[low..at])
        .map(|found| low + found)
        .filter(|found| text[*found] == b'[');
    let Some(open) = open else {
        return word(text, at);
    };
    let behind = &text[at..(at + LONGEST).min(text.len())];
    match memchr::memchr(b']', behind) {
        Some(close) => (open, at + close + 1),
        None => word(text, at),
    }
}

/// The bounds of the word that `at` lies in, where it is a short one; a part of it would be taken for what
/// stands by itself.
fn word(text: &[u8], at: usize) -> (usize, usize) {
    const LONGEST: usize = 64;
    let is_inner = |byte: &&u8| !byte.is_ascii_whitespace();
    let before = text[..at].iter().rev().take(LONGEST).take_while(is_inner);
    let after = text[at..].iter().take(LONGEST).take_while(is_inner);
    match (before.count(), after.count()) {
        (LONGEST, _) | (_, LONGEST) => (at, at),
        (before, after) => (at - before, at + after),
    }
}

/// The view with escapes undone: `\u0040`, `%40`, `&#64;`, `\/`, colours of a terminal.
pub(crate) fn unescaped(text: &[u8]) -> Option<View> {
    let mut at = 0;
    let next = std::iter::from_fn(move || {
        while at < text.len() {
            let found = memchr::memchr3(b'\\', b'%', b'&', &text[at..]).map(|found| at + found);
            let colour = memchr::memchr(0x1B, &text[at..found.unwrap_or(text.len())])
                .map(|found| at + found);
            let start = colour.or(found)?;
            at = start + 1;
            if let Some(spot) = escape(text, start) {
                at = spot.end;
                return Some(spot);
            }
        }
        None
    });
    view(text, next)
}

fn escape(text: &[u8], start: usize) -> Option<Spot> {
    match text[start] {
        b'\\' => backslash(text, start),
        b'%' => {
            let byte = hex_value(text.get(start + 1..start + 3)?)? as u8;
            (byte >= b' ' && byte != 0x7F || byte == b'\n')
                .then(|| spot(start, start + 3, &[byte]))
                .flatten()
        }
        b'&' => entity(text, start),
        _ => {
            // ESC [ … letter
            let rest = text.get(start + 1..(start + 16).min(text.len()))?;
            let end = rest.iter().position(u8::is_ascii_alphabetic)?;
            (rest.first() == Some(&b'['))
                .then(|| spot(start, start + end + 2, b""))
                .flatten()
        }
    }
}

fn hex_value(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |value, digit| {
        Some(value * 16 + char::from(*digit).to_digit(16)?)
    })
}

fn backslash(text: &[u8], start: usize) -> Option<Spot> {
    // An escape inside an escaped text has more of them.
    let mut at = start;
    while at < text.len() && text[at] == b'\\' && at - start < 8 {
        at += 1;
    }
    match text.get(at)? {
        b'u' => {
            let unit = hex_value(text.get(at + 1..at + 5)?)?;
            let mut end = at + 5;
            let mut code = unit;
            if (0xD800..0xDC00).contains(&unit) {
                let low = text
                    .get(end..end + 6)
                    .filter(|rest| rest.starts_with(b"\\u"))
                    .and_then(|rest| hex_value(&rest[2..]))
                    .filter(|low| (0xDC00..0xE000).contains(low))?;
                code = 0x1_0000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
                end += 6;
            }
            let c = char::from_u32(code).filter(|c| !c.is_control())?;
            spot(start, end, c.encode_utf8(&mut [0; 4]).as_bytes())
        }
        b'x' => {
            let byte = hex_value(text.get(at + 1..at + 3)?)? as u8;
            (b' '..0x7F)
                .contains(&byte)
                .then(|| spot(start, at + 3, &[byte]))
                .flatten()
        }
        b'/' => spot(start, at + 1, b"/"),
        _ => None,
    }
}

fn entity(text: &[u8], start: usize) -> Option<Spot> {
    const NAMED: [(&[u8], &[u8]); 16] = [
        (b"amp;", b"&"),
        (b"lt;", b"<"),
        (b"gt;", b">"),
        (b"quot;", b"\""),
        (b"apos;", b"'"),
        (b"nbsp;", b" "),
        (b"commat;", b"@"),
        (b"period;", b"."),
        (b"colon;", b":"),
        (b"sol;", b"/"),
        (b"hyphen;", b"-"),
        (b"dash;", b"-"),
        (b"num;", b"#"),
        (b"plus;", b"+"),
        (b"lowbar;", b"_"),
        (b"shy;", b""),
    ];
    let rest = &text[start + 1..];
    if rest.first() == Some(&b'#') {
        let hexadecimal = matches!(rest.get(1), Some(b'x' | b'X'));
        let from = if hexadecimal { 2 } else { 1 };
        let length = rest[from..]
            .iter()
            .take(7)
            .take_while(|byte| byte.is_ascii_hexdigit())
            .count();
        let digits = &rest[from..from + length];
        let code = if hexadecimal {
            hex_value(digits)?
        } else {
            std::str::from_utf8(digits).ok()?.parse().ok()?
        };
        let end = from + length;
        let end = if rest.get(end) == Some(&b';') {
            end + 1
        } else {
            end
        };
        let c = char::from_u32(code).filter(|c| !c.is_control())?;
        return (length > 0)
            .then(|| {
                spot(
                    start,
                    start + 1 + end,
                    c.encode_utf8(&mut [0; 4]).as_bytes(),
                )
            })
            .flatten();
    }
    NAMED
        .iter()
        .find(|(name, _)| rest.starts_with(name))
        .and_then(|(name, means)| spot(start, start + 1 + name.len(), means))
}

/// The view with quoted-printable undone (RFC 2045, section 6.7): `=3D`, `=C3=A9`, lines that go on.
/// A text without `=3D` and without a line that goes on is not taken for such.
pub(crate) fn unquoted(text: &[u8]) -> Option<View> {
    let goes_on = |at: usize| match text.get(at + 1..) {
        Some([b'\n', ..]) => Some(2),
        Some([b'\r', b'\n', ..]) => Some(3),
        _ => None,
    };
    let is_quoted = memchr::memchr_iter(b'=', text).any(|at| {
        text[at..].starts_with(b"=3D") || (goes_on(at).is_some() && at > 0 && text[at - 1] != b'=')
    });
    if !is_quoted {
        return None;
    }
    let mut marks = memchr::memchr_iter(b'=', text);
    let next = std::iter::from_fn(move || {
        marks.find_map(|at| {
            if let Some(length) = goes_on(at) {
                return spot(at, at + length, b"");
            }
            let digits = text.get(at + 1..at + 3)?;
            let is_one = digits
                .iter()
                .all(|digit| matches!(digit, b'0'..=b'9' | b'A'..=b'F'));
            let byte = hex_value(digits).filter(|_| is_one)? as u8;
            (byte >= b' ' && byte != 0x7F)
                .then(|| spot(at, at + 3, &[byte]))
                .flatten()
        })
    });
    view(text, next)
}

/// The least characters that stand apart to be taken for a value with blanks between its characters.
const SPACED: usize = 8;

/// The view without the blanks between characters that stand alone: `4 1 1 1`, `a n n @ x`. Three
/// blanks are one that belongs to the value.
pub(crate) fn joined(text: &[u8]) -> Option<View> {
    if !has_spaced(text) {
        return None;
    }
    let joins = |at: usize| text.get(at).is_some_and(u8::is_ascii_alphanumeric);
    let mut spots = Vec::new();
    let mut begun = 0;
    let close = |spots: &mut Vec<Spot>, begun: &mut usize| {
        if spots.len() - *begun < SPACED - 1 {
            spots.truncate(*begun);
        }
        *begun = spots.len();
    };
    // The blank behind a character that stands alone, until it is known that another such follows.
    let mut behind = None;
    let mut from = 0;
    for at in memchr::memchr_iter(b' ', text) {
        if at < from {
            continue;
        }
        let length = at - from;
        if length == 1 || (length > 1 && !joins(from + 1)) {
            spots.extend(behind.take());
        }
        if length != 1 {
            close(&mut spots, &mut begun);
        }
        let wide = text[at..].starts_with(b"   ");
        from = at + if wide { 3 } else { 1 };
        behind = (at > 0 && (at == 1 || !joins(at - 2)))
            .then(|| spot(at, from, if wide { b" " } else { b"" }))
            .flatten();
    }
    if from < text.len() && !joins(from + 1) {
        spots.extend(behind);
    }
    close(&mut spots, &mut begun);
    view(text, spots.into_iter())
}

/// Whether a character stands alone between blanks with another such, or a wide blank, behind it: so it
/// is wherever [`SPACED`] of them stand in a row, and hardly anywhere else.
fn has_spaced(text: &[u8]) -> bool {
    const CHUNK: usize = 64;
    let is = |before: u8, it: u8, after: u8, next: u8| {
        (before == b' ') & (it != b' ') & (after == b' ') & (next == b' ')
    };
    let from = |first: usize| text.get(first..).unwrap_or_default().as_chunks::<CHUNK>().0;
    let mut all = from(0).iter().zip(from(1)).zip(from(2)).zip(from(4));
    // No way out of a chunk, so that many bytes are compared at once.
    let in_chunk = all.any(|(((before, it), after), next)| {
        (0..CHUNK).fold(false, |any, at| {
            any | is(before[at], it[at], after[at], next[at])
        })
    });
    let rest = text.len().saturating_sub(4) / CHUNK * CHUNK;
    in_chunk
        || text[rest..]
            .array_windows()
            .any(|[before, it, after, _, next]| is(*before, *it, *after, *next))
}

/// Where the first byte is that is not of ASCII.
fn beyond_ascii(text: &[u8]) -> Option<usize> {
    const CHUNK: usize = 32;
    let (chunks, _) = text.as_chunks::<CHUNK>();
    let plain = chunks.iter().take_while(|chunk| chunk.is_ascii()).count() * CHUNK;
    let rest = text[plain..].iter().position(|byte| !byte.is_ascii())?;
    Some(plain + rest)
}

/// The view with look-alike and full-width characters folded to ASCII and invisible ones left out.
pub(crate) fn folded(text: &[u8]) -> Option<View> {
    let mut at = 0;
    let next = std::iter::from_fn(move || {
        while at < text.len() {
            at += beyond_ascii(&text[at..])?;
            let length = match text[at] {
                0xC2..=0xDF => 2,
                0xE0..=0xEF => 3,
                0xF0..=0xF4 => 4,
                _ => 1,
            };
            let (start, end) = (at, (at + length).min(text.len()));
            at = end;
            let Some(c) = std::str::from_utf8(&text[start..end])
                .ok()
                .and_then(|c| c.chars().next())
            else {
                at = start + 1;
                continue;
            };
            let before = start.checked_sub(1).map_or(b' ', |at| text[at]);
            let after = text.get(end).copied().unwrap_or(b' ');
            let mut bytes = [0; 8];
            if let Some(length) = fold(c, before, after, &mut bytes) {
                return spot(start, end, &bytes[..length]);
            }
        }
        None
    });
    view(text, next)
}

/// What a character stands for in ASCII; `None` where it stands for itself.
fn fold(c: char, before: u8, after: u8, bytes: &mut [u8; 8]) -> Option<usize> {
    // Zeros of scripts whose digits people write numbers with.
    const ZEROS: [u32; 12] = [
        0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xE50, 0x17E0,
    ];
    let code = c as u32;
    let mut one = |byte: u8| {
        bytes[0] = byte;
        Some(1)
    };
    match code {
        0xAD
        | 0x34F
        | 0x61C
        | 0x180E
        | 0x200B..=0x200F
        | 0x202A..=0x202E
        | 0x2060..=0x2064
        | 0x2066..=0x2069
        | 0xFEFF => {
            return Some(0);
        }
        0xA0 | 0x2000..=0x200A | 0x202F | 0x205F | 0x3000 => {
            return if before.is_ascii_alphanumeric() && after.is_ascii_alphanumeric() {
                one(b' ')
            } else {
                None
            };
        }
        0x2010..=0x2015 | 0x2212 | 0xFE58 | 0xFE63 => {
            return if before.is_ascii_digit() || after.is_ascii_digit() {
                one(b'-')
            } else {
                None
            };
        }
        0xFF01..=0xFF5E => return one((code - 0xFEE0) as u8),
        0x3002 | 0xFF61 => return one(b'.'),
        _ => {}
    }
    if let Some(zero) = ZEROS
        .iter()
        .find(|zero| (**zero..**zero + 10).contains(&code))
    {
        return one(b'0' + (code - zero) as u8);
    }
    if matches!(code, 0x1D400..=0x1D7FF | 0x2460..=0x249B | 0x2070..=0x209C) {
        let mut length = 0;
        for folded in std::iter::once(c).nfkc().filter(char::is_ascii).take(8) {
            bytes[length] = folded as u8;
            length += 1;
        }
        return (length > 0).then_some(length);
    }
    // A letter of another alphabet among Latin ones.
    if !(before.is_ascii_alphanumeric() || after.is_ascii_alphanumeric()) {
        return None;
    }
    LATIN
        .iter()
        .find(|(other, _)| *other == c)
        .and_then(|(_, latin)| one(*latin))
}

/// Letters of other alphabets, and the Latin ones that they look like.
const LATIN: [(char, u8); 49] = [
    ('а', b'a'),
    ('е', b'e'),
    ('о', b'o'),
    ('р', b'p'),
    ('с', b'c'),
    ('х', b'x'),
    ('у', b'y'),
    ('і', b'i'),
    ('ј', b'j'),
    ('ѕ', b's'),
    ('А', b'A'),
    ('В', b'B'),
    ('Е', b'E'),
    ('К', b'K'),
    ('М', b'M'),
    ('Н', b'H'),
    ('О', b'O'),
    ('Р', b'P'),
    ('С', b'C'),
    ('Т', b'T'),
    ('У', b'Y'),
    ('Х', b'X'),
    ('І', b'I'),
    ('Ѕ', b'S'),
    ('ԁ', b'd'),
    ('ԛ', b'q'),
    ('ԝ', b'w'),
    ('һ', b'h'),
    ('ӏ', b'l'),
    ('α', b'a'),
    ('ο', b'o'),
    ('ν', b'v'),
    ('Α', b'a'),
    ('Β', b'B'),
    ('Ε', b'E'),
    ('Ζ', b'Z'),
    ('Η', b'H'),
    ('Ι', b'I'),
    ('Κ', b'K'),
    ('Μ', b'M'),
    ('Ν', b'N'),
    ('Ο', b'O'),
    ('Ρ', b'P'),
    ('Τ', b'T'),
    ('Υ', b'Y'),
    ('Χ', b'X'),
    ('ı', b'i'),
    ('ɡ', b'g'),
    ('ⅼ', b'l'),
];
