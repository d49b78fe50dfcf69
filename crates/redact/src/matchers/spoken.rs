//! E-mail addresses as people say them: `dave.mcallister at contoso dot com`.
//!
//! In: where a last label in words stands. Out: the bounds of the address. Not here: brackets around `at`
//! (`email_spelled`), which nobody writes by chance.

use super::{Matched, Place, begins};

/// Words for the dot, with the blanks around them.
const DOTS: [&[u8]; 5] = [b" dot ", b" punkt ", b" point ", b" punto ", b" ponto "];

/// Who gives mailboxes to persons: `look at gmail dot com` is rarer than `anna at gmail dot com`.
const PROVIDERS: [&[u8]; 9] = [
    b"gmail",
    b"googlemail",
    b"outlook",
    b"hotmail",
    b"yahoo",
    b"icloud",
    b"proton",
    b"protonmail",
    b"gmx",
];

/// Bytes of a name or a domain at most.
const LONGEST: usize = 64;

/// The address whose last label is said at `place`. Where nothing but `at` joins two words (`look at
/// example dot com`), there is none.
pub(super) fn email(place: &Place<'_>) -> Option<Matched> {
    let text = place.text;
    let mut end = place.end;
    if text.get(end).is_some_and(u8::is_ascii_alphanumeric) {
        return None;
    }
    if let Some(dot) = DOTS.iter().find(|dot| begins(&text[end..], dot)) {
        let label = &text[end + dot.len()..];
        let length = label.iter().take_while(|byte| byte.is_ascii_alphabetic());
        let length = length.count();
        if matches!(length, 2..=3) {
            end += dot.len() + length;
        }
    }
    let domain = words_before(text, place.start, |byte| {
        byte.is_ascii_alphanumeric() || byte == b'-'
    });
    let at = text[..domain].strip_suffix(b" at ")?.len();
    let start = words_before(text, at, |byte| {
        byte.is_ascii_alphanumeric() || b"._+-".contains(&byte)
    });
    let (local, domain) = (&text[start..at], &text[domain..place.start]);
    let tells = local.iter().any(|byte| !byte.is_ascii_alphabetic())
        || PROVIDERS.iter().any(|it| domain.eq_ignore_ascii_case(it));
    (!local.is_empty() && !domain.is_empty() && tells).then_some(Matched {
        start,
        end,
        score: 0.8,
    })
}

/// Where the words end in front of `end`, joined by words for a dot, whose bytes are all `of_word`.
fn words_before(text: &[u8], end: usize, of_word: impl Fn(u8) -> bool) -> usize {
    let mut start = end;
    loop {
        let before = start;
        while start > 0 && end - start < LONGEST && of_word(text[start - 1]) {
            start -= 1;
        }
        if start == before {
            return start;
        }
        let dot = DOTS.iter().find(|dot| {
            let from = start.saturating_sub(dot.len());
            begins(&text[from..start], dot)
                && from > 0
                && of_word(text[from - 1])
                && end - from < LONGEST
        });
        match dot {
            Some(dot) => start -= dot.len(),
            None => return start,
        }
    }
}
