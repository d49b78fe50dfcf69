//! Passwords of letters alone, which only the place that they stand at tells: a field of data, an option of a
//! program, a part of a string that connects to a database, a line of a configuration.
//!
//! In: a value and what it is assigned to. Out: yes or no. Not here: passwords that their characters tell
//! (`secrecy`), what stands beside a password (`company`).

use super::company;
use crate::assignment::{Assigned, Sign};

/// The least letters of such a password.
const LEAST: usize = 6;
/// Bytes of a line before a part of a string that connects.
const STRING: usize = 160;

/// What a column or a field says of passwords without holding one: how they stand, what type they have, what
/// they are called.
const STATES: &str = "\
    active adgangskode bcrypt boolean changed confirmation credentials default disabled \
    enabled encrypted expired forgotten hashed hidden inactive incorrect initial integer \
    invalid jelszo kennwort keyword locked lozinka mandatory masked missing nullable numeric \
    object optional parola passcode passphrase passwort plaintext protected readonly required \
    rotated salasana secretstr secure semantic sensitive strong supported textfield unchanged \
    unicode unknown unspecified validate validation varchar verified visible wachtwoord \
    wordpress";

/// Words of names that say what is done about a password: `forgotPassword`, `show_password`.
const DEEDS: &str = "\
    change changed enter forgot forgotten generate has hide incorrect invalid lost missing must no recover \
    remember request require required reset save send set show strong submit toggle update use validate \
    verify weak with without wrong";

/// The other parts of a string that connects.
const PARTS: [&str; 9] = [
    "host=",
    "login=",
    "server=",
    "user=",
    "username=",
    "uid=",
    "user id=",
    "dbname=",
    "data source=",
];

pub(super) fn is_state(value: &str) -> bool {
    STATES
        .split(' ')
        .any(|state| value.eq_ignore_ascii_case(state))
}

/// Whether a value of small letters is a password by where it stands, and no word about passwords.
pub(super) fn is_password(text: &[u8], assigned: &Assigned, name: &str, value: &str) -> bool {
    if value.len() < LEAST || assigned.sign != Sign::Equals {
        return false;
    }
    let is_word = value.bytes().all(|byte| byte.is_ascii_lowercase());
    let is_stated = is_word
        && (is_in_field(text, assigned)
            || is_given(text, assigned, name)
            || is_part(text, assigned))
        || is_typed(value) && company::is_kept(text, assigned, name);
    is_stated && !is_state(value) && !is_deed(name)
}

/// Whether somebody may have made it up: small letters, perhaps in two words, or with a digit, and no word for
/// what stands there (`db-password`, `user_name`).
fn is_typed(value: &str) -> bool {
    const WHAT: [&str; 12] = [
        "host", "port", "file", "value", "field", "text", "input", "name", "key", "param", "data",
        "type",
    ];
    const WITHIN: [&str; 5] = ["pass", "secret", "token", "user", "string"];
    let lower = value.to_ascii_lowercase();
    let has_digit = value.bytes().any(|byte| byte.is_ascii_digit());
    let is_plain = |byte: u8| match byte {
        b'a'..=b'z' | b'-' => true,
        b'A'..=b'Z' | b'0'..=b'9' | b'_' => has_digit,
        _ => false,
    };
    value.bytes().all(is_plain)
        && value.starts_with(|c: char| c.is_ascii_alphabetic())
        && !value.ends_with(['-', '_'])
        && !WITHIN.iter().any(|word| lower.contains(word))
        && !lower.split(['-', '_']).any(|part| WHAT.contains(&part))
}

/// `"password": "sunflower"`, `'password': 'sunflower'`: data are written so, where programs hold texts with
/// capitals and names with joints.
fn is_in_field(text: &[u8], assigned: &Assigned) -> bool {
    let quote = assigned.quote;
    let between = &text[assigned.name.end..assigned.value.start];
    let is_field = quote.is_some() && quote == between.first().copied();
    is_field
        && (quote == Some(b'"')
            || quote == Some(b'\'') && between[1..].trim_ascii().starts_with(b":"))
}

/// `--password=sunflower`
fn is_given(text: &[u8], assigned: &Assigned, name: &str) -> bool {
    let between = &text[assigned.name.end..assigned.value.start];
    is_option(text, assigned, name) && between.starts_with(b"=") && between.len() <= 2
}

/// `host=db user=jo password=sunflower`, `Server=db;Password=sunflower`, `?password=sunflower&user=jo`
fn is_part(text: &[u8], assigned: &Assigned) -> bool {
    let start = assigned.name.start;
    let joint = start.checked_sub(1).map_or(b'\n', |at| text[at]);
    if assigned.quote.is_some()
        || text.get(assigned.name.end) != Some(&b'=')
        || !b" ;&,?\n".contains(&joint)
    {
        return false;
    }
    let line = &text[start.saturating_sub(STRING)..start];
    let line = &line[memchr::memrchr(b'\n', line).map_or(0, |at| at + 1)..];
    let end = assigned.value.end;
    let rest = &text[end..text.len().min(end + STRING)];
    let rest = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
    // What a function is called with is written so as well: `connect(user=name,password=phrase)`.
    if matches!(joint, b',' | b'\n') && (line.contains(&b'(') || rest.contains(&b')')) {
        return false;
    }
    [line, rest].into_iter().any(|side| {
        let side = side.to_ascii_lowercase();
        PARTS
            .iter()
            .any(|part| memchr::memmem::find(&side, part.as_bytes()).is_some())
    })
}

/// Whether the name is an option of a program: `--password`, `-Password`.
pub(super) fn is_option(text: &[u8], assigned: &Assigned, name: &str) -> bool {
    let before = assigned.name.start.checked_sub(1).map(|at| text[at]);
    let is_apart = before.is_none_or(|byte| byte.is_ascii_whitespace() || b"\"'`".contains(&byte));
    let word = name.trim_start_matches('-');
    is_apart && (1..=2).contains(&(name.len() - word.len()))
}

pub(super) fn is_deed(name: &str) -> bool {
    super::words_of_name(name)
        .any(|word| DEEDS.split(' ').any(|deed| word.eq_ignore_ascii_case(deed)))
}

#[cfg(test)]
mod tests {
    use super::is_deed;

    #[test]
    fn what_is_done_about_a_password_is_none() {
        for name in [
            "forgotPassword",
            "reset_password",
            "showPassword",
            "invalid-password",
        ] {
            assert!(is_deed(name), "{name}");
        }
        for name in ["password", "confirmPassword", "db_password", "userPassword"] {
            assert!(!is_deed(name), "{name}");
        }
    }
}
