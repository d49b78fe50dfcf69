//! Matchers that are written out, since what they look for has its literal in the middle or needs
//! arithmetic: e-mail addresses, web addresses, passwords in them, secrets by their names.
//!
//! In: where a literal stands in a text. Out: the bounds of what stands there, and a score. Not
//! here: telephone numbers (`phone`), addresses of the internet (`addresses`), what a secret looks like
//! (`secrecy`).

mod spoken;

use std::cell::RefCell;

use crate::addresses;
use crate::assignment::Reader;
use crate::combos;
use crate::command_line::{self, Command};
use crate::keys;
use crate::phone;
use crate::secrecy;
use crate::streets;

/// A literal, or a run of letters and digits, where it stands.
pub(crate) struct Place<'a> {
    pub(crate) text: &'a [u8],
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) reader: &'a RefCell<Reader>,
    pub(crate) command: &'a RefCell<Command>,
}

/// What a matcher found, in bytes of the text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Matched {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) score: f32,
}

pub(crate) type Matcher = fn(&Place<'_>) -> Option<Matched>;

/// The matcher of this name, if there is one.
pub(crate) fn named(name: &str) -> Option<Matcher> {
    Some(match name {
        "email" => email,
        "email_spelled" => email_spelled,
        "email_spoken" => spoken::email,
        "url" => url,
        "url_password" => url_password,
        "phone" => phone::phone,
        "password_by_name" => password_by_name,
        "secret_by_name" => secret_by_name,
        "authorization" => authorization,
        "command_line" => command_line::password,
        "password_behind_address" => combos::password,
        "ipv4" => addresses::ipv4,
        "ipv6" => addresses::ipv6,
        "year" => year,
        "state_zip" => state_zip,
        "street" => streets::street,
        "street_numbered" => streets::street_numbered,
        "place_of_letter" => streets::place_of_letter,
        "pem" => keys::pem,
        "azure_client_secret" => keys::azure_client_secret,
        "azure_devops_token" => keys::azure_devops_token,
        "azure_ai_key" => keys::azure_ai_key,
        "terraform_token" => keys::terraform_token,
        "mailchimp_key" => keys::mailchimp_key,
        "telegram_token" => keys::telegram_token,
        _ => return None,
    })
}

/// The longest local part and the longest domain.
const LOCAL: usize = 64;
const DOMAIN: usize = 255;

const fn in_local(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || byte >= 0x80
        || matches!(
            byte,
            b'.' | b'_' | b'%' | b'+' | b'-' | b'\'' | b'!' | b'#' | b'&' | b'~'
        )
}

const fn in_domain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80 || byte == b'-'
}

fn email(place: &Place<'_>) -> Option<Matched> {
    address(place.text, place.start, place.end)
}

/// The address whose `@` stands at `at..after`.
pub(crate) fn address(text: &[u8], at: usize, after: usize) -> Option<Matched> {
    let mut start = at;
    while start > 0 && at - start < LOCAL && in_local(text[start - 1]) {
        start -= 1;
    }
    // An address has something on either side.
    if start == at || !text.get(after).is_some_and(|byte| in_domain(*byte)) {
        return None;
    }
    if start > 0 && text[start - 1] == b'\\' && matches!(text[start], b'n' | b'r' | b't') {
        start += 1;
    }
    while start < at
        && matches!(
            text[start],
            b'.' | b'\'' | b'-' | b'!' | b'#' | b'&' | b'~' | b'%'
        )
    {
        start += 1;
    }
    if is_password_of_url(text, start) {
        return None;
    }
    // Punctuation beyond ASCII is no part of it: `„jo@example.org“`.
    start = trimmed(text, start, at);
    let local = text.get(start..at)?;
    if local.is_empty() || local.ends_with(b".") || local.windows(2).any(|pair| pair == b"..") {
        return None;
    }
    let end = domain_end(text, after)?;
    Some(Matched {
        start,
        end,
        score: 1.0,
    })
}

/// Whether what begins at `start` is the password of `scheme://user:password@host`.
fn is_password_of_url(text: &[u8], start: usize) -> bool {
    let before = &text[start.saturating_sub(LOCAL)..start];
    let Some(user) = before.strip_suffix(b":") else {
        return false;
    };
    let length = user
        .iter()
        .rev()
        .take_while(|byte| in_local(**byte))
        .count();
    user[..user.len() - length].ends_with(b"://")
}

/// Past the characters that are no letters at the start of a run.
fn trimmed(text: &[u8], start: usize, end: usize) -> usize {
    let Ok(run) = std::str::from_utf8(&text[start..end]) else {
        // Cut in the middle of a character, or no text: what is ASCII behind it stays.
        let ascii = text[start..end].iter().rposition(|byte| *byte >= 0x80);
        return ascii.map_or(start, |at| start + at + 1);
    };
    let last = run
        .char_indices()
        .rev()
        .find(|(_, c)| !c.is_ascii() && !c.is_alphanumeric());
    last.map_or(start, |(at, c)| start + at + c.len_utf8())
}

/// Where the domain ends that begins at `from`; `None` where there is none.
fn domain_end(text: &[u8], from: usize) -> Option<usize> {
    let limit = (from + DOMAIN).min(text.len());
    let mut at = from;
    let mut label = from;
    let mut dots = 0;
    let mut good = None;
    loop {
        while at < limit && in_domain(text[at]) {
            at += 1;
        }
        let part = &text[label..at];
        if part.is_empty() || part.starts_with(b"-") || part.ends_with(b"-") {
            break;
        }
        if dots > 0 && is_top(part) {
            good = Some(at);
        }
        if at < limit && text[at] == b'.' {
            at += 1;
            label = at;
            dots += 1;
        } else {
            break;
        }
    }
    let end = without_escape(text, from, good?);
    // The last label may run on into what is not a letter: `example.org。`.
    let tail = std::str::from_utf8(&text[from..end]).ok()?;
    let cut = tail
        .char_indices()
        .find(|(_, c)| !c.is_ascii() && !c.is_alphanumeric())
        .map_or(tail.len(), |(at, _)| at);
    let tail = &tail[..cut];
    (tail
        .rsplit('.')
        .next()
        .is_some_and(|top| is_top(top.as_bytes()))
        && tail.contains('.'))
    .then_some(from + cut)
}

/// The end of an address without the `E` of `E<gt>`, as Perl's documentation writes `>`.
fn without_escape(text: &[u8], from: usize, end: usize) -> usize {
    let is_escape = text[from..end].ends_with(b"E") && text[end..].starts_with(b"<gt>");
    end - usize::from(is_escape)
}

/// Whether a label can be a top-level domain: letters, and no ending of a file of a program.
fn is_top(label: &[u8]) -> bool {
    const FILES: [&str; 22] = [
        "py", "js", "ts", "rs", "java", "png", "jpg", "jpeg", "gif", "svg", "json", "html", "css",
        "md", "local", "tsx", "jsx", "txt", "yml", "yaml", "toml", "cpp",
    ];
    if label.starts_with(b"xn--") {
        return label.len() > 5;
    }
    let Ok(label) = std::str::from_utf8(label) else {
        return false;
    };
    let letters = label.chars().count();
    (2..=24).contains(&letters)
        && label.chars().all(char::is_alphabetic)
        && !FILES.contains(&label.to_ascii_lowercase().as_str())
}

/// Whether `text` begins with `word`, in any case.
pub(crate) fn begins(text: &[u8], word: &[u8]) -> bool {
    text.get(..word.len())
        .is_some_and(|begin| begin.eq_ignore_ascii_case(word))
}

/// How people write a dot that a machine is not to find.
const DOTS: [&[u8]; 6] = [b"[dot]", b"(dot)", b"{dot}", b"[.]", b"(.)", b"."];

/// `jo (at) example (dot) org`, `jo[at]example.org`.
fn email_spelled(place: &Place<'_>) -> Option<Matched> {
    let text = place.text;
    let skip_back = |mut at: usize| {
        while at > 0 && text[at - 1] == b' ' && place.start - at < 2 {
            at -= 1;
        }
        at
    };
    let local_end = skip_back(place.start);
    let mut start = local_end;
    while start > 0
        && local_end - start < LOCAL
        && (text[start - 1].is_ascii_alphanumeric() || b"._+-".contains(&text[start - 1]))
    {
        start -= 1;
    }
    if start == local_end {
        return None;
    }
    let skip = |mut at: usize| {
        while text.get(at) == Some(&b' ') {
            at += 1;
        }
        at
    };
    let mut at = skip(place.end);
    let mut dots = 0;
    let mut end = at;
    for _ in 0..6 {
        let label = at;
        while at < text.len() && at - label < 63 && in_domain(text[at]) && text[at] < 0x80 {
            at += 1;
        }
        if at == label {
            break;
        }
        if dots > 0 && !is_top(&text[label..at]) && text.get(at) != Some(&b'.') {
            break;
        }
        end = without_escape(text, label, at);
        let next = skip(at);
        let dot = DOTS.iter().find(|dot| begins(&text[next..], dot));
        let Some(dot) = dot else { break };
        dots += 1;
        at = skip(next + dot.len());
    }
    (dots > 0 && end > place.end).then_some(Matched {
        start,
        end,
        score: 0.85,
    })
}

const fn ends_url(byte: u8) -> bool {
    byte <= b' '
        || matches!(
            byte,
            b'<' | b'>' | b'"' | b'\'' | b'`' | b'\\' | b'{' | b'}' | b'|' | b'^'
        )
}

/// Where the scheme in front of `://` begins.
fn scheme(place: &Place<'_>) -> usize {
    let text = place.text;
    let mut start = place.start;
    while start > 0
        && place.start - start < 20
        && (text[start - 1].is_ascii_alphanumeric()
            || matches!(text[start - 1], b'+' | b'.' | b'-'))
    {
        start -= 1;
    }
    while start < place.start && !text[start].is_ascii_alphabetic() {
        start += 1;
    }
    if start > 0 && text[start - 1] == b'\\' && matches!(text[start], b'n' | b'r' | b't') {
        start += 1;
    }
    start
}

fn url(place: &Place<'_>) -> Option<Matched> {
    let text = place.text;
    let start = scheme(place);
    let is_web = [
        &b"http"[..],
        b"https",
        b"ftp",
        b"ftps",
        b"sftp",
        b"ws",
        b"wss",
    ]
    .iter()
    .any(|known| text[start..place.start].eq_ignore_ascii_case(known));
    if !is_web {
        return None;
    }
    let limit = (place.end + 2_048).min(text.len());
    let length = |ends: fn(u8) -> bool| {
        let address = &text[place.end..limit];
        let end = address.iter().position(|byte| ends(*byte));
        end.unwrap_or(address.len())
    };
    let host = length(|byte| ends_url(byte) || matches!(byte, b'/' | b'?' | b'#'));
    let host = &text[place.end..place.end + host];
    let host = host.strip_suffix(b".").unwrap_or(host);
    let is_host = host.contains(&b'.')
        || host.contains(&b':')
        || host.contains(&b'@')
        || host.eq_ignore_ascii_case(b"localhost");
    let begins = host
        .first()
        .is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte >= 0x80 || *byte == b'[');
    if !is_host || !begins {
        return None;
    }
    let mut end = place.end + length(ends_url);
    end = place.end + unclosed(&text[place.end..end]);
    while end > place.end
        && matches!(
            text[end - 1],
            b'.' | b',' | b';' | b':' | b'!' | b'?' | b')' | b']' | b'*' | b'_'
        )
    {
        end -= 1;
    }
    (end > place.end).then_some(Matched {
        start,
        end,
        score: 0.55,
    })
}

/// Where a bracket closes that was opened before the address: `[text](address)](more)`.
fn unclosed(address: &[u8]) -> usize {
    let mut open = [0_usize; 2];
    for (at, byte) in address.iter().enumerate() {
        let kind = usize::from(matches!(byte, b'[' | b']'));
        match byte {
            b'(' | b'[' => open[kind] += 1,
            b')' | b']' => match open[kind].checked_sub(1) {
                Some(less) => open[kind] = less,
                None => return at,
            },
            _ => {}
        }
    }
    address.len()
}

/// The password of `scheme://user:password@host`.
fn url_password(place: &Place<'_>) -> Option<Matched> {
    let text = place.text;
    let limit = (place.end + 300).min(text.len());
    memchr::memchr(b'@', &text[place.end..limit])?;
    let mut colon = None;
    let mut sign = None;
    for at in place.end..limit {
        match text[at] {
            b':' if colon.is_none() => colon = Some(at),
            b'@' => {
                sign = Some(at);
                // A password may hold `@`; the host follows the last one.
                if !text[at + 1..limit]
                    .iter()
                    .take_while(|byte| !ends_url(**byte) && !b"/?,;&".contains(byte))
                    .any(|byte| *byte == b'@')
                {
                    break;
                }
            }
            b'/' if colon.is_none() => break,
            b'/' if text[at + 1..limit]
                .iter()
                .take(80)
                .take_while(|byte| !ends_url(**byte))
                .all(|byte| *byte != b'@') =>
            {
                break;
            }
            byte if byte <= b' ' || matches!(byte, b'"' | b'\'' | b'<' | b'>' | b'`') => break,
            _ => {}
        }
    }
    let (start, end) = (colon? + 1, sign?);
    let value = std::str::from_utf8(text.get(start..end)?).ok()?;
    let is_port = value.len() <= 5 && value.bytes().all(|byte| byte.is_ascii_digit());
    // `sqlserver://host:1433;user=sa;password=x@y`: parts, and no password behind a user.
    let is_parts = value.contains(';') && value.contains('=');
    (value.len() >= 3 && !is_port && !is_parts && !secrecy::is_placeholder(value)).then_some(
        Matched {
            start,
            end,
            score: 0.9,
        },
    )
}

fn by_name(place: &Place<'_>, passwords: bool) -> Option<Matched> {
    let mut reader = place.reader.borrow_mut();
    let (value, is_password, score) = reader.weigh(place.text, place.start, place.end)?;
    (is_password == passwords).then_some(Matched {
        start: value.start,
        end: value.end,
        score,
    })
}

fn password_by_name(place: &Place<'_>) -> Option<Matched> {
    by_name(place, true)
}

fn secret_by_name(place: &Place<'_>) -> Option<Matched> {
    by_name(place, false)
}

/// `Authorization: Basic …`, `Bearer …`, `Token …`.
fn authorization(place: &Place<'_>) -> Option<Matched> {
    let text = place.text;
    let before = place.start.checked_sub(1).map(|at| text[at]);
    if before.is_some_and(|byte| byte.is_ascii_alphanumeric()) || text.get(place.end) != Some(&b' ')
    {
        return None;
    }
    let mut start = place.end;
    while text.get(start) == Some(&b' ') {
        start += 1;
    }
    let end = start
        + text[start..]
            .iter()
            .take(2_048)
            .take_while(|byte| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(byte))
            .count();
    let value = std::str::from_utf8(&text[start..end])
        .ok()?
        .trim_end_matches('.');
    let basic = text[place.start..place.end].eq_ignore_ascii_case(b"basic");
    let is_secret = if basic {
        value.len() >= 12
            && crate::encoded::base64(value.as_bytes())
                .is_some_and(|bytes| bytes.contains(&b':') && std::str::from_utf8(&bytes).is_ok())
    } else {
        value.len() >= 16 && secrecy::random(value, 16) && !secrecy::is_placeholder(value)
    };
    is_secret.then_some(Matched {
        start,
        end: start + value.len(),
        score: 0.85,
    })
}

/// The word in front of `at`, one space between.
fn word_before(text: &[u8], at: usize) -> &[u8] {
    let end = at.saturating_sub(1);
    if text.get(end) != Some(&b' ') {
        return b"";
    }
    let letters = text[..end]
        .iter()
        .rev()
        .take(12)
        .take_while(|byte| byte.is_ascii_alphabetic())
        .count();
    &text[end - letters..end]
}

/// A year behind a preposition: `since 1977`.
fn year(place: &Place<'_>) -> Option<Matched> {
    const BEFORE: [&[u8]; 12] = [
        b"in", b"since", b"during", b"until", b"from", b"of", b"before", b"after", b"around",
        b"by", b"en", b"jahr",
    ];
    let text = place.text;
    let is_year = matches!(&text[place.start..place.start + 2], b"19" | b"20");
    let word = word_before(text, place.start);
    (is_year
        && BEFORE
            .iter()
            .any(|before| word.eq_ignore_ascii_case(before)))
    .then_some(Matched {
        start: place.start,
        end: place.end,
        score: 0.5,
    })
}

/// A ZIP code behind the two letters of a State, which its first digit goes with (USPS).
fn state_zip(place: &Place<'_>) -> Option<Matched> {
    const REGIONS: [&str; 10] = [
        "CT MA ME NH NJ NY PR RI VT VI AE",
        "DE NY PA",
        "DC MD NC SC VA WV",
        "AL FL GA MS TN AA",
        "IN KY MI OH",
        "IA MN MT ND SD WI",
        "IL KS MO NE",
        "AR LA OK TX",
        "AZ CO ID NM NV UT WY",
        "AK CA HI OR WA AP",
    ];
    let text = place.text;
    let word = std::str::from_utf8(word_before(text, place.start)).ok()?;
    let more = &text[place.end..(place.end + 6).min(text.len())];
    let is_long = more.len() >= 5
        && more[0] == b'-'
        && more[1..5].iter().all(u8::is_ascii_digit)
        && !more.get(5).is_some_and(u8::is_ascii_digit);
    let end = if is_long { place.end + 5 } else { place.end };
    // Behind a town and a comma it is a ZIP code, even an invented one: `Springfield, IL 12345`.
    let before = &text[..place.start.saturating_sub(word.len() + 1)];
    let is_told = || {
        let region = usize::from(text[place.start].wrapping_sub(b'0'));
        let states = REGIONS.get(region).copied().unwrap_or_default();
        states.split(' ').any(|state| state == word) || before.trim_ascii_end().ends_with(b",")
    };
    (word.len() == 2
        && REGIONS
            .iter()
            .any(|states| states.split(' ').any(|state| state == word))
        && is_told())
    .then_some(Matched {
        start: place.start,
        end,
        score: 0.5,
    })
}
