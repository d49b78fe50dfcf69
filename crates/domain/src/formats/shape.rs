//! The shape of a JSON text: how deep it nests, and whether a key stands twice in one object.
//!
//! In: text that need not be JSON. Out: a [`Shape`]. One pass, memory bounded by the keys of the
//! objects that are open. Not here: what the keys mean.

use std::borrow::Cow;

/// The deepest JSON that is read back, in levels.
pub(super) const MAX_DEPTH: usize = 127;
/// Keys of open objects that there is room for at first: more than most records have. An allocator
/// hands out what is below a kilobyte at once, and looks around for what is larger.
const KEYS: usize = 40;
/// As many keys are compared each with each.
const FEW: usize = 24;

/// What [`shape`] tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    /// Levels of brackets outside strings; not counted on beyond [`MAX_DEPTH`] + 1.
    pub(super) depth: usize,
    /// The level, from 1, of the outermost object in which a key stands twice.
    pub(super) twice_at: Option<usize>,
}

struct Open {
    is_object: bool,
    /// Where its keys begin.
    first: usize,
}

/// Looks at a text.
pub(super) fn shape(text: &str) -> Shape {
    let bytes = text.as_bytes();
    let mut found = Shape {
        depth: 0,
        twice_at: None,
    };
    let mut open: Vec<Open> = Vec::with_capacity(16);
    let mut keys: Vec<Cow<'_, str>> = Vec::with_capacity(KEYS);
    let mut wants_key = false;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                let (end, is_escaped) = end_of_string(bytes, at + 1);
                if wants_key {
                    keys.push(key(text.get(at..end).unwrap_or_default(), is_escaped));
                    wants_key = false;
                }
                at = end;
                continue;
            }
            b'{' | b'[' => {
                wants_key = *byte == b'{';
                open.push(Open {
                    is_object: wants_key,
                    first: keys.len(),
                });
                found.depth = found.depth.max(open.len());
                if open.len() > MAX_DEPTH {
                    return found;
                }
            }
            b'}' | b']' => {
                let level = open.len();
                if let Some(closed) = open.pop() {
                    if has_twice(&mut keys[closed.first..]) {
                        found.twice_at =
                            Some(found.twice_at.map_or(level, |known| known.min(level)));
                    }
                    keys.truncate(closed.first);
                }
                wants_key = false;
            }
            b',' => wants_key = open.last().is_some_and(|open| open.is_object),
            _ => {}
        }
        at += 1;
    }
    found
}

/// The byte behind the string that begins before `at`, and whether anything in it is escaped.
fn end_of_string(bytes: &[u8], mut at: usize) -> (usize, bool) {
    let mut is_escaped = false;
    while let Some(found) = bytes
        .get(at..)
        .and_then(|rest| memchr::memchr2(b'"', b'\\', rest))
    {
        at += found;
        if bytes[at] == b'"' {
            return (at + 1, is_escaped);
        }
        is_escaped = true;
        at += 2;
    }
    (bytes.len(), is_escaped)
}

/// What a key says; `"a"` and `"\u0061"` are the same key.
fn key(quoted: &str, is_escaped: bool) -> Cow<'_, str> {
    if is_escaped && let Ok(key) = serde_json::from_str::<String>(quoted) {
        return Cow::Owned(key);
    }
    let key = quoted.strip_prefix('"').unwrap_or(quoted);
    Cow::Borrowed(key.strip_suffix('"').unwrap_or(key))
}

/// Whether one of an object's keys stands twice. Most objects have few: comparing each with each
/// costs less than sorting them.
fn has_twice(keys: &mut [Cow<'_, str>]) -> bool {
    if keys.len() <= FEW {
        let mut rest = &*keys;
        while let [first, others @ ..] = rest {
            if others.contains(first) {
                return true;
            }
            rest = others;
        }
        return false;
    }
    keys.sort_unstable();
    keys.windows(2).any(|pair| pair[0] == pair[1])
}
