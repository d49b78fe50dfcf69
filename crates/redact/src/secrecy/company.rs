//! What stands beside a password: the user, the host or the database that it is for, in a configuration, in
//! a call or in a record.
//!
//! In: a value and what it is assigned to. Out: yes or no. Not here: what the value itself says (`secrecy`,
//! `stated`).

use crate::assignment::Assigned;

/// Bytes on each side in which what it is for may stand, and how long a name of it is.
const NEAR: usize = 200;
const NAME: usize = 40;
/// What names of such things end with, in small letters, without joints.
const FOR: [&[u8]; 33] = [
    b"user",
    b"username",
    b"name",
    b"login",
    b"uid",
    b"userid",
    b"account",
    b"email",
    b"host",
    b"hostname",
    b"server",
    b"port",
    b"url",
    b"uri",
    b"database",
    b"dbname",
    b"db",
    b"ssid",
    b"clientid",
    b"engine",
    b"dialect",
    b"stringdata",
    b"accesspoints",
    b"benutzer",
    b"usuario",
    "usu\u{e1}rio".as_bytes(),
    b"utilizador",
    b"identifiant",
    b"utilisateur",
    b"utente",
    b"gebruiker",
    b"gebruikersnaam",
    b"benutzername",
];

/// Whether a value is kept with what it is for: `MYSQL_PASSWORD: x`, `user: jo` over `password: x`,
/// `host="db", password="x"`.
pub(super) fn is_kept(text: &[u8], assigned: &Assigned, name: &str) -> bool {
    let between = &text[assigned.name.end..assigned.value.start];
    let start = assigned.name.start;
    let line = &text[start.saturating_sub(NEAR)..start];
    let line = &line[memchr::memrchr(b'\n', line).map_or(0, |at| at + 1)..];
    let behind = &text[assigned.value.end..text.len().min(assigned.value.end + NEAR)];
    match assigned.quote {
        None => {
            let ends = behind.trim_ascii_start().is_empty()
                || behind.iter().find(|byte| !b" \t\r".contains(byte)) == Some(&b'\n');
            let is_indented = line.starts_with(b" ") || line.starts_with(b"\t");
            let line = line.trim_ascii();
            // `docker run -e DB_PASSWORD=x -e "DB_USER=jo"`, `--env=DB_PASSWORD=x`
            let option = line.strip_suffix(b"\"").unwrap_or(line).trim_ascii_end();
            if [&b" -e"[..], b" --env", b" --env="]
                .iter()
                .any(|it| option.ends_with(it))
            {
                return between == b"=" && is_variable(name);
            }
            let begins = matches!(line, b"" | b"-" | b"export" | b"- export" | b"ENV" | b"set");
            // `PGPASSWORD=x psql -h db`
            let is_before_command = line.is_empty()
                && !is_indented
                && matches!(behind, [b' ', b'a'..=b'z', ..])
                && between == b"="
                && is_variable(name);
            if !begins || !ends && !is_before_command {
                return false;
            }
            match between {
                b"=" if is_variable(name) && !is_indented => true,
                b"=" => is_setting(name) || stands_beside(text, assigned, b'='),
                b" = " => is_in_section(text, start) && stands_beside(text, assigned, b'='),
                [b':', blanks @ ..] if blanks.iter().all(|byte| *byte == b' ') => {
                    is_setting(name) || stands_beside(text, assigned, b':')
                }
                _ => false,
            }
        }
        Some(b'"' | b'\'') => {
            let sign = match between.trim_ascii_start().first() {
                Some(sign @ (b'=' | b':')) => *sign,
                _ => return false,
            };
            is_setting(name) && between.len() < 5 || stands_beside(text, assigned, sign)
        }
        Some(_) => false,
    }
}

/// `MYSQL_ROOT_PASSWORD`: a name of an environment, two words of capitals.
fn is_setting(name: &str) -> bool {
    let is_part = |part: &str| {
        part.bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    };
    name.contains('_') && name.split('_').all(is_part)
}

/// `PGPASSWORD`: a name of an environment.
fn is_variable(name: &str) -> bool {
    let is_in = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    name.bytes().all(is_in)
}

/// Whether the settings that a name stands among have a heading, `[client]`, near in front of it.
fn is_in_section(text: &[u8], start: usize) -> bool {
    let before = &text[start.saturating_sub(NEAR)..start];
    let is_heading = |line: &[u8]| line.starts_with(b"[") && line.trim_ascii_end().ends_with(b"]");
    before.split(|byte| *byte == b'\n').any(is_heading)
}

/// Whether a name of what passwords are for stands near it in the same array of PHP or Perl, `'user' => 'jo'`.
pub(super) fn stands_in_array(text: &[u8], assigned: &Assigned) -> bool {
    let from = assigned.name.start.saturating_sub(NEAR);
    let to = text.len().min(assigned.value.end + NEAR);
    memchr::memmem::find_iter(&text[from..to], b"=>").any(|at| {
        let before = text[from..from + at].trim_ascii_end();
        let before = before.strip_suffix(b"\"").or(before.strip_suffix(b"'"));
        before.is_some_and(is_name_for)
    })
}

/// Whether a name of what passwords are for is assigned with the same sign near it: quoted as it is, or on a
/// line of its own.
pub(super) fn stands_beside(text: &[u8], assigned: &Assigned, sign: u8) -> bool {
    let from = assigned.name.start.saturating_sub(NEAR);
    let to = text.len().min(assigned.value.end + NEAR);
    let mut at = from;
    while let Some(found) = memchr::memchr(sign, &text[at..to]) {
        let here = at + found;
        at = here + 1;
        if (assigned.name.start..assigned.value.end).contains(&here) {
            continue;
        }
        let before = text[from..here].trim_ascii_end();
        let before = before.strip_suffix(b"\"").unwrap_or(before);
        let before = before.strip_suffix(b"'").unwrap_or(before);
        if !is_name_for(before) {
            continue;
        }
        let mut value = text[here + 1..to].iter().filter(|byte| **byte != b' ');
        let first = value.next().copied().unwrap_or(b'\n');
        let is_like = match assigned.quote {
            Some(quote) => first == quote || sign == b':' && is_line(&text[here..to]),
            None => !b"\"'({[<$=>".contains(&first),
        };
        if is_like {
            return true;
        }
    }
    false
}

/// Whether a line goes on with a plain value or nothing, as YAML writes it.
fn is_line(rest: &[u8]) -> bool {
    let line = &rest[1..memchr::memchr(b'\n', rest).unwrap_or(rest.len()).max(1)];
    rest.len() > line.len() + 1 && !line.iter().any(|byte| b",;(){}[]\"'`".contains(byte))
}

/// Whether `before` ends with the name of what a password is for: `DB_HOST`, `"userName"`.
pub(super) fn is_name_for(before: &[u8]) -> bool {
    let last = &before[before.len().saturating_sub(NAME)..];
    FOR.iter().any(|word| {
        let mut letters = word.iter().rev();
        let mut next = letters.next();
        let mut at = last.len();
        while let Some(letter) = next {
            match at.checked_sub(1).map(|at| last[at]) {
                Some(byte) if byte.eq_ignore_ascii_case(letter) => next = letters.next(),
                Some(b'_' | b'-' | b' ') if at < last.len() => {}
                _ => return false,
            }
            at -= 1;
        }
        // `superuser` is no user, `dbUser` and `DB_USER` are.
        let first = last[at];
        let edge = at.checked_sub(1).map(|at| last[at]);
        edge.is_none_or(|byte| !byte.is_ascii_alphabetic())
            || first.is_ascii_uppercase() && edge.is_some_and(|byte| byte.is_ascii_lowercase())
    })
}
