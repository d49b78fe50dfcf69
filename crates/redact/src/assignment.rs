//! Assignments: the value that belongs to a name, however it is written.
//!
//! In: where a word of the name stands. Out: the name and the value: `name = "value"`,
//! `"name": "value"`, `name => value`, `--name value`, `name is value`, `<name>value</name>`,
//! `?name=value&`, `name in ('value', 'value')`, `name ....... value`, `value is the name`. Not here: whether
//! the value is a secret (`secrecy`), tags between the two (`markup`).

use std::ops::Range;

use crate::markup;
use crate::secrecy;

mod assigned;
mod behind;
mod between;

/// A name and what is assigned to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Assigned {
    pub(crate) name: Range<usize>,
    pub(crate) value: Range<usize>,
    /// The byte that the value is quoted with.
    pub(crate) quote: Option<u8>,
    pub(crate) sign: Sign,
}

/// What stands between name and value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    /// `=`, `:`, `:=`, `=>`, `->`, `||`, `?=`.
    Equals,
    Comma,
    /// `>`: the end of a tag, or a comparison.
    Greater,
    /// Only spaces, or a word like `is`.
    Words,
    /// The name stands behind its value: `x is the password`.
    Behind,
    /// The border of a cell, or the heading of a column in a table of Markdown.
    Cell,
    /// The heading of a column in lines of values, which nobody writes but to hold data.
    Column,
    /// `in (` or `like`: the value is one that is asked for, or dots lead to it.
    Asked,
}

/// Bytes of a name before and after the word that was found in it.
const NAME: usize = 50;
const TAIL: usize = 24;
/// The longest value in quotes, and without.
const VALUE: usize = 4_096;
const UNQUOTED: usize = 1_024;
/// Bytes of a block in which a default stands.
const BLOCK: usize = 256;
/// What a value is called that stands under a name of its own, or in an object.
const VALUES: [&[u8]; 6] = [b"value", b"new", b"text", b"content", b"current", b"number"];
/// Bytes behind the first word of a value with blanks.
const PHRASE: usize = 96;

/// What stands between a name and its value without a blank before it: `密码是 x`, `비밀번호는 x`.
const PARTICLES: [&str; 6] = ["是", "为", "為", "は", "는", "은"];

/// How many names that stand in one unquoted value are read as names of their own: what comes after
/// is a text that was made to be slow.
const NESTED: usize = 2;

/// Reads assignments, each once however many recognizers look at it.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    word: Option<(usize, usize)>,
    assigned: Option<Assigned>,
    weighed: Option<Option<(bool, f32)>>,
    /// The last unquoted value, and how many names in such were read since it began.
    value: Range<usize>,
    nested: usize,
}

impl Reader {
    /// The assignment whose name holds the word at `start..end`.
    pub(crate) fn read(&mut self, text: &[u8], start: usize, end: usize) -> Option<&Assigned> {
        if self.word != Some((start, end)) {
            self.word = Some((start, end));
            self.weighed = None;
            if start >= self.value.end {
                self.nested = 0;
            } else if start >= self.value.start {
                self.nested += 1;
            }
            self.assigned = match self.nested > NESTED {
                true => None,
                false => parse(text, start, end).map(|assigned| assigned.of_pair(text)),
            };
            if let Some(assigned) = self.assigned.as_ref().filter(|it| it.quote.is_none()) {
                self.value = assigned.value.clone();
            }
        }
        self.assigned.as_ref()
    }

    /// Makes `value` what is assigned to the word at `start..end`: the cell of a table below its heading.
    pub(crate) fn put(&mut self, text: &[u8], start: usize, end: usize, value: Range<usize>) {
        let is_name = |byte: &&u8| in_name(**byte);
        let before = text[..start].iter().rev().take(NAME).take_while(is_name);
        let after = text[end..].iter().take(NAME).take_while(is_name);
        let name = start - before.count()..end + after.count();
        let line = &text[value.start.saturating_sub(UNQUOTED)..value.start];
        let line = &line[memchr::memrchr(b'\n', line).map_or(0, |at| at + 1)..];
        // `password policy` is a heading of something else, and tables of Markdown explain.
        let closes = text[name.end..]
            .iter()
            .take(NAME)
            .find(|byte| !b" \"'\r".contains(byte));
        let is_data = memchr::memchr(b'|', line).is_none()
            && closes.is_some_and(|byte| b",;\t\n)".contains(byte));
        self.word = Some((start, end));
        self.weighed = None;
        self.assigned = Some(Assigned {
            name,
            value,
            quote: None,
            sign: if is_data { Sign::Column } else { Sign::Cell },
        });
    }

    /// The value of that assignment where it is a secret: its bounds, whether it is a password, and
    /// how sure that is.
    pub(crate) fn weigh(
        &mut self,
        text: &[u8],
        start: usize,
        end: usize,
    ) -> Option<(Range<usize>, bool, f32)> {
        self.read(text, start, end);
        let assigned = self.assigned.as_ref()?;
        let weighed = self
            .weighed
            .get_or_insert_with(|| secrecy::weigh(text, assigned, &text[start..end]));
        weighed.map(|(is_password, score)| (assigned.value.clone(), is_password, score))
    }
}

/// Reads the assignment whose name holds the word at `start..end`.
fn parse(text: &[u8], start: usize, end: usize) -> Option<Assigned> {
    let mut from = start;
    while from > 0 && start - from < NAME && in_name(text[from - 1]) {
        from -= 1;
    }
    // `\npassword`: the letter belongs to an escape.
    if from > 0
        && from < start
        && text[from - 1] == b'\\'
        && matches!(text[from], b'n' | b'r' | b't')
    {
        from += 1;
    }
    let mut at = end;
    let limit = (end + TAIL).min(text.len());
    // `parolanız`, `şifreniz`: an ending with letters of Latin beyond ASCII.
    let is_ending = |at: usize| matches!(text[at], 0xC3..=0xC5 | 0x80..=0xBF);
    loop {
        while at < limit && in_name(text[at]) {
            at += 1;
        }
        if at >= limit || !is_ending(at) {
            break;
        }
        at += 1;
    }
    let mut name_end = at;
    // The last `.` or `-` ends a sentence or begins an arrow.
    while name_end > end && matches!(text[name_end - 1], b'.' | b'-') {
        name_end -= 1;
    }
    if let Some(next) = apart(text, from, name_end) {
        return value(text, next, Sign::Equals, from..name_end);
    }
    if let Some(next) = markup::value(text, from, name_end) {
        // `<password type="x">value` says as much as `<password>value`.
        let is_element = text[..from].ends_with(b"<");
        let sign = if is_element {
            Sign::Greater
        } else {
            Sign::Cell
        };
        return value(text, next, sign, from..name_end);
    }
    if let Some((sign, next)) = sign(text, name_end) {
        return value(text, next, sign, from..name_end);
    }
    if let Some(next) = next_cell(text, from, name_end) {
        return value(text, next, Sign::Cell, from..name_end);
    }
    // `setPassword("x")`
    let sets = [&b"set"[..], b"with", b"use"]
        .iter()
        .any(|verb| text[from..start].starts_with(verb) || text[from..start].ends_with(verb));
    if sets
        && text.get(name_end) == Some(&b'(')
        && matches!(text.get(name_end + 1), Some(b'"' | b'\''))
    {
        return value(text, name_end, Sign::Equals, from..name_end);
    }
    let mut tried = at;
    loop {
        // A comma ends the clause that a sentence says its value in: `the password is x, please`.
        let found = sign(text, tried)
            .filter(|(sign, _)| *sign != Sign::Comma || tried <= at || !between::says(text, at));
        if let Some((sign, next)) = found {
            return value(text, next, sign, from..tried.max(name_end));
        }
        // One more word of the name: `Secret key value : x`.
        let mut next = tried;
        while next < limit && matches!(text[next], b' ' | b'\t') {
            next += 1;
        }
        if next == tried {
            break;
        }
        let word = next;
        while next < limit && in_name(text[next]) {
            next += 1;
        }
        if next == word {
            break;
        }
        tried = next;
    }
    // More is read of what is called a password than of what is called a key or a token.
    let is_password = !matches!(text[start] | 0x20, b'a' | b'b' | b'k' | b'n' | b's' | b't');
    if let Some(value) = behind::value(text, from, name_end) {
        return Some(Assigned {
            name: from..name_end,
            quote: None,
            value,
            sign: Sign::Behind,
        });
    }
    between::words(text, name_end, is_password)
        .and_then(|next| value(text, next, Sign::Words, from..name_end))
}

const fn in_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

/// Where the value begins that stands under a name of its own: `key="name" value="x"`,
/// `"name": "password", "value": "x"`, `- name: PASSWORD` with `value: x` on the next line, and the
/// default of a variable of Terraform.
fn apart(text: &[u8], from: usize, name_end: usize) -> Option<usize> {
    let quoted = from > 0 && matches!(text[from - 1], b'"' | b'\'');
    let mut at = name_end;
    if quoted {
        at += usize::from(text.get(at) == text.get(from - 1));
    }
    let is_name = |at: usize| text[..at].trim_ascii_end().ends_with(b"name:");
    let first = *text.get(at)?;
    if !(quoted && at > name_end || matches!(first, b'\n' | b',') && is_name(from)) {
        return None;
    }
    let blanks = |at: usize| {
        let rest = text.get(at..).unwrap_or_default();
        rest.iter()
            .take(NAME)
            .take_while(|byte| byte.is_ascii_whitespace() || **byte == b',')
            .count()
    };
    at += blanks(at);
    if text.get(at) == Some(&b'{') {
        let block = &text[at..(at + BLOCK).min(text.len())];
        let block = &block[..memchr::memchr(b'}', block)?];
        at += memchr::memmem::find(block, b" default")? + 1;
    }
    let quote = usize::from(matches!(text.get(at), Some(b'"' | b'\'')));
    at += quote;
    let word = (VALUES.into_iter().chain([&b"defaultvalue"[..], b"default"])).find(|word| {
        text[at..].len() > word.len() && text[at..at + word.len()].eq_ignore_ascii_case(word)
    })?;
    at += word.len() + quote;
    at += blanks(at);
    matches!(text.get(at), Some(b'=' | b':')).then_some(at + 1)
}

/// Where the value begins in an object that says more of it: `{"old": null, "new": "x"}`.
fn nested(text: &[u8], open: usize) -> Option<usize> {
    let object = &text[open..text.len().min(open + BLOCK)];
    let object = &object[..memchr::memchr(b'}', object)?];
    let is_plain = !object[1..].contains(&b'{');
    let quoted = |word: &[u8]| [b"\"", word, b"\""].concat();
    let named = |word: &&[u8]| {
        let word = quoted(word);
        memchr::memmem::find(object, &word).map(|at| open + at + word.len())
    };
    let at = VALUES.iter().find_map(named).filter(|_| is_plain)?;
    let at = at + text[at..].iter().take_while(|byte| **byte == b' ').count();
    (text.get(at) == Some(&b':')).then_some(at + 1)
}

/// Behind the border of the cell that holds the name and nothing else: `| password | x |`.
fn next_cell(text: &[u8], from: usize, name_end: usize) -> Option<usize> {
    let is_fill = |byte: &u8| matches!(byte, b' ' | b'*' | b'`' | b'_');
    let fill = text[..from].iter().rev().take_while(|byte| is_fill(byte));
    let opens = from.checked_sub(fill.take(8).count() + 1)?;
    // What ends an abbreviation: `Policy no. |`.
    let closes = name_end
        + text[name_end..]
            .iter()
            .take(8)
            .take_while(|byte| is_fill(byte) || b".:#".contains(byte))
            .count();
    let is_cell = text[opens] == b'|' && text.get(closes) == Some(&b'|');
    (is_cell && text.get(closes + 1) != Some(&b'|') && !is_headings(text, closes))
        .then_some(closes + 1)
}

/// Whether the row of Markdown that `at` lies in is the one of the headings: `|---|` stands below it.
fn is_headings(text: &[u8], at: usize) -> bool {
    let rest = &text[at..text.len().min(at + UNQUOTED)];
    let mut lines = rest.split(|byte| *byte == b'\n');
    let below = lines.nth(1).unwrap_or_default().trim_ascii();
    below.contains(&b'-') && below.iter().all(|byte| b"|-: ".contains(byte))
}

/// Whether the next parameter of a query begins behind the `&` at `at`: `&user=`.
fn is_parameter(text: &[u8], at: usize) -> bool {
    let rest = &text[at + 1..];
    let name = rest
        .iter()
        .take(NAME)
        .take_while(|byte| in_name(**byte))
        .count();
    let is_entity = rest.get(name) == Some(&b';');
    is_entity || name > 0 && rest.get(name) == Some(&b'=')
}

/// Skips quotes and brackets that close a name, at most so many.
fn closers(text: &[u8], mut at: usize) -> usize {
    for _ in 0..4 {
        match text.get(at) {
            Some(b' ' | b'\t' | b'\n' | b'\r' | b'"' | b'\'' | b'`' | b']' | b')' | b'*') => {
                at += 1
            }
            Some(b'\\') if matches!(text.get(at + 1), Some(b'"' | b'\'')) => at += 2,
            Some(b'&') if text[at..].starts_with(b"&quot;") => at += 6,
            Some(b'&') if text[at..].starts_with(b"&#34;") => at += 5,
            _ => break,
        }
    }
    at
}

fn sign(text: &[u8], from: usize) -> Option<(Sign, usize)> {
    const SIGNS: [(&[u8], Sign); 15] = [
        (b":::=", Sign::Equals),
        (b"::=", Sign::Equals),
        (b":=", Sign::Equals),
        (b"=>", Sign::Equals),
        (b"->", Sign::Equals),
        (b"||", Sign::Equals),
        (b"?=", Sign::Equals),
        (b"!=", Sign::Equals),
        (b"=", Sign::Equals),
        (b"::", Sign::Equals),
        (b":", Sign::Equals),
        (b"%3D", Sign::Equals),
        (b"&gt;", Sign::Greater),
        (b">", Sign::Greater),
        (b",", Sign::Comma),
    ];
    let at = closers(text, from);
    let rest = text.get(at..)?;
    if let Some(length) = asked(text, at) {
        return Some((Sign::Asked, at + length));
    }
    if !matches!(
        rest.first(),
        Some(b':' | b'=' | b'-' | b'|' | b'?' | b'!' | b'%' | b'&' | b'>' | b',')
    ) {
        if rest.first().is_none_or(|byte| *byte < 0xE3) {
            return None;
        }
        let particle = PARTICLES
            .iter()
            .find(|word| rest.starts_with(word.as_bytes()));
        return particle.map(|word| (Sign::Words, at + word.len()));
    }
    // `nom::IResult`, `io::Error`: a path of a program assigns nothing.
    let is_path = at == from
        && rest.starts_with(b"::")
        && rest
            .get(2)
            .is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'{');
    if is_path {
        return Some((Sign::Words, at + 2));
    }
    SIGNS
        .iter()
        .find(|(mark, _)| rest.starts_with(mark))
        .map(|(mark, sign)| (*sign, at + mark.len()))
}

/// How long it is what asks for a value, behind a blank: `in (`, `LIKE`, and dots that lead to it.
fn asked(text: &[u8], at: usize) -> Option<usize> {
    let rest = &text[at..];
    let first = *rest.first()?;
    if matches!(first, b'.' | b'_') {
        let dots = rest.iter().take_while(|byte| **byte == first).count();
        return (dots > 3).then_some(dots);
    }
    if !matches!(first, b'i' | b'I' | b'l' | b'L') || text[at - 1] != b' ' {
        return None;
    }
    [&b"in ("[..], b"in(", b"like "]
        .into_iter()
        .find_map(|word| {
            let is_it = rest.len() > word.len() && rest[..word.len()].eq_ignore_ascii_case(word);
            let quoted = matches!(rest.get(word.len()), Some(b'\'' | b'"'));
            (is_it && quoted).then_some(word.len())
        })
}

fn value(text: &[u8], from: usize, sign: Sign, name: Range<usize>) -> Option<Assigned> {
    let from = if text[..from].ends_with(b":") {
        typed(text, from)
    } else {
        from
    };
    let mut at = from;
    let mut quote = None;
    let mut breaks = 0;
    let object = from
        + text[from..]
            .iter()
            .take_while(|byte| **byte == b' ')
            .count();
    if text.get(object) == Some(&b'{')
        && sign == Sign::Equals
        && let Some(next) = nested(text, object)
    {
        at = next;
    }
    let from = at;
    let limit = (from + 24).min(text.len());
    while at < limit {
        match text[at] {
            b' ' | b'\t' | b'=' | b'(' => at += 1,
            // The first of a list.
            b'[' if quote.is_none() && matches!(text.get(at + 1), Some(b'"' | b'\'')) => at += 1,
            b'\r' | b'\n' if breaks < 4 && sign != Sign::Words => {
                breaks += 1;
                at += 1;
            }
            // `''` holds nothing, and what stands on the next line is no value of it.
            byte @ (b'"' | b'\'')
                if quote.is_none()
                    && text.get(at + 1) == Some(&byte)
                    && matches!(text.get(at + 2), Some(b'\n' | b'\r' | b',' | b';' | b')')) =>
            {
                return None;
            }
            byte @ (b'"' | b'\'' | b'`') => {
                quote = Some(byte);
                at += 1;
            }
            b'\\' if matches!(text.get(at + 1), Some(b'"' | b'\'' | b'`')) => {
                quote = Some(b'\\');
                at += 2;
            }
            b'\\' if matches!(text.get(at + 1), Some(b'n')) => at += 2,
            b'&' if text[at..].starts_with(b"&quot;") => {
                quote = Some(b'&');
                at += 6;
            }
            // `<property name="x"><value>y</value></property>`
            b'<' if sign == Sign::Greater && text[at..].starts_with(b"<value>") => at += 7,
            // `**Password:** x`, `Password: <b>x</b>`
            b'*' if quote.is_none() && text[at..].starts_with(b"** ") => at += 2,
            b'<' if quote.is_none() && sign == Sign::Equals => match emphasis(text, at) {
                Some(length) => at += length,
                None => break,
            },
            // Quotes as people write them: `« x »`, `„x“`.
            0xC2 if quote.is_none() && text[at..].starts_with("«".as_bytes()) => {
                at += 2;
                at += 2 * usize::from(text[at..].starts_with("\u{a0}".as_bytes()));
            }
            // `b"x"`, `f'x'`, `@"x"`.
            b'b' | b'r' | b'u' | b'f' | b'L' | b'@'
                if quote.is_none() && matches!(text.get(at + 1), Some(b'"' | b'\'')) =>
            {
                at += 1;
            }
            _ => break,
        }
    }
    let opens = quote.is_none() && text.get(at) == Some(&b'{');
    let braces = (opens.then(|| assigned::in_braces(text, &name, at))).flatten();
    let (at, end) = braces.unwrap_or_else(|| (at, value_end(text, at, quote)));
    (end > at).then_some(Assigned {
        name,
        value: at..end,
        quote,
        sign,
    })
}

/// How long a tag is that only shows what follows in another way: `<b>`.
fn emphasis(text: &[u8], at: usize) -> Option<usize> {
    const TAGS: [&[u8]; 4] = [b"<b>", b"<strong>", b"<code>", b"<tt>"];
    TAGS.iter()
        .find(|tag| text[at..].starts_with(tag))
        .map(|tag| tag.len())
}

/// Behind the type of a declaration, `password: String = "x"`: where its value may begin; `from`
/// where none stands.
fn typed(text: &[u8], from: usize) -> usize {
    let limit = (from + 32).min(text.len());
    let mut at = from;
    while at < limit && text[at] == b' ' {
        at += 1;
    }
    let name = at;
    while at < limit && (text[at].is_ascii_alphanumeric() || b"_<>[]?.|".contains(&text[at])) {
        at += 1;
    }
    let has_type = at > name && text[name].is_ascii_alphabetic();
    while at < limit && text[at] == b' ' {
        at += 1;
    }
    let is_assigned = text.get(at) == Some(&b'=')
        && text[at + 1..]
            .iter()
            .take(2)
            .any(|byte| matches!(byte, b'"' | b'\''));
    if has_type && is_assigned {
        at + 1
    } else {
        from
    }
}

fn value_end(text: &[u8], from: usize, quote: Option<u8>) -> usize {
    let most = if quote.is_some() { VALUE } else { UNQUOTED };
    let limit = (from + most).min(text.len());
    let mut at = from;
    while at < limit {
        let byte = text[at];
        let is_end = match (quote, byte) {
            (_, b'\n' | b'\r') => true,
            (Some(b'\\'), b'\\') => matches!(text.get(at + 1), Some(b'"' | b'\'' | b'n' | b'r')),
            (Some(b'&'), b'&') => text[at..].starts_with(b"&quot;"),
            (Some(b'&' | b'\\'), b' ') => true,
            (Some(b'&' | b'\\'), _) => false,
            (Some(quote), byte) if byte == quote => true,
            (Some(_), b'\\') if matches!(text.get(at + 1), Some(b'n' | b'r')) => true,
            (Some(_), b'\\') => {
                at += 1;
                false
            }
            (Some(_), _) => false,
            (None, b' ' | b'\t' | b'"' | b'\'' | b'`' | b';' | b',' | b'<' | b'>' | b'|') => true,
            (None, b'&') => is_parameter(text, at),
            (None, b')' | b']' | b'}') => true,
            (None, b'\\') => matches!(text.get(at + 1), Some(b'n' | b'r' | b't' | b'"' | b'\'')),
            (None, _) => false,
        };
        if is_end {
            break;
        }
        at += 1;
    }
    let mut end = at.min(limit);
    while end > from && matches!(text[end - 1], b' ' | b'\t') {
        end -= 1;
    }
    if quote.is_none() {
        while end > from && matches!(text[end - 1], b'.' | b':' | b'?') {
            end -= 1;
        }
    }
    end
}
