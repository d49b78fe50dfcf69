//! Passwords that are given to a program on its command line.
//!
//! In: where an option stands. Out: the bounds of the password that it is given, where the same
//! command begins with a program that takes passwords so. Not here: long options that say what
//! they take, `--password x` (`assignment`).

use std::ops::Range;

use crate::matchers::{Matched, Place};
use crate::secrecy;

/// How a program takes a password.
#[derive(Clone, Copy, PartialEq)]
enum Given {
    /// `-u user:password`
    BehindUser,
    /// `-ppassword`
    Attached,
    /// `-p password`
    Apart,
}

/// The words that a command begins with, its option, and how that takes the password.
const PROGRAMS: [(&str, &str, Given); 32] = [
    ("curl", "-u", Given::BehindUser),
    ("curl", "--user", Given::BehindUser),
    ("mysql", "-p", Given::Attached),
    ("mysqldump", "-p", Given::Attached),
    ("mysqladmin", "-p", Given::Attached),
    ("mysqlimport", "-p", Given::Attached),
    ("mariadb", "-p", Given::Attached),
    ("mariadb-dump", "-p", Given::Attached),
    ("7z", "-p", Given::Attached),
    ("docker login", "-p", Given::Apart),
    ("podman login", "-p", Given::Apart),
    ("helm registry login", "-p", Given::Apart),
    ("az login", "-p", Given::Apart),
    ("oc login", "-p", Given::Apart),
    ("mongo", "-p", Given::Apart),
    ("mongosh", "-p", Given::Apart),
    ("mongodump", "-p", Given::Apart),
    ("mongorestore", "-p", Given::Apart),
    ("redis-cli", "-a", Given::Apart),
    ("sqlcmd", "-P", Given::Apart),
    ("zip", "-P", Given::Apart),
    ("unzip", "-P", Given::Apart),
    ("ldapsearch", "-w", Given::Apart),
    ("ldapadd", "-w", Given::Apart),
    ("ldapmodify", "-w", Given::Apart),
    ("ldapdelete", "-w", Given::Apart),
    ("ldapwhoami", "-w", Given::Apart),
    ("ldappasswd", "-w", Given::Apart),
    ("psexec", "-p", Given::Apart),
    ("unrar", "-p", Given::Attached),
    ("rar", "-p", Given::Attached),
    ("ipmitool", "-P", Given::Apart),
];

/// Bytes of a command before its option, and of a password.
const COMMAND: usize = 300;
const VALUE: usize = 200;

/// What stands before an option, gone through once however many options stand in a command.
#[derive(Debug, Default)]
pub(crate) struct Command {
    /// The stretch that was gone through.
    looked: Range<usize>,
    /// Where the command begins that its end lies in, as far as it was gone through.
    begins: usize,
    /// Behind where each program begins that was seen last.
    seen: [usize; PROGRAMS.len()],
}

impl Command {
    /// Goes on to `at`, where an option stands.
    fn look(&mut self, text: &[u8], at: usize) {
        let near = at.saturating_sub(COMMAND);
        if at < self.looked.end || self.looked.end < near {
            *self = Self {
                looked: near..near,
                begins: near,
                seen: [0; PROGRAMS.len()],
            };
        }
        for here in self.looked.end..at {
            let before = here.checked_sub(1).map(|before| text[before]);
            match text[here] {
                b'\n' if before != Some(b'\\') => self.begins = here + 1,
                b';' | b'|' => self.begins = here + 1,
                byte if !byte.is_ascii_alphanumeric() => {}
                _ if before.is_some_and(in_program) => {}
                _ => self.word(&text[here..], here),
            }
        }
        self.looked.end = at;
    }

    /// Notes the programs that `rest` begins with, as words of their own.
    fn word(&mut self, rest: &[u8], here: usize) {
        for ((program, _, _), seen) in PROGRAMS.iter().zip(&mut self.seen) {
            let after = rest.strip_prefix(program.as_bytes());
            if after.is_some_and(|after| after.first() == Some(&b' ')) {
                *seen = here + 1;
            }
        }
    }

    /// Whether a program of the table stands before the option at `at`, in the same command.
    fn holds(&self, program: usize, at: usize) -> bool {
        self.seen[program] > self.begins.max(at.saturating_sub(COMMAND))
    }
}

/// Bytes that go on the name of a program.
const fn in_program(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

/// Whether a value of small letters says what stands there, as a manual does, or is too short to be anything:
/// `mypassword`, `db-user`.
pub(crate) fn says_what(value: &str) -> bool {
    const WHAT: [&str; 14] = [
        "pass", "pw", "secret", "token", "user", "name", "host", "port", "file", "path", "value",
        "stdin", "string", "prompt",
    ];
    let is_plain = value
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    is_plain
        && (value.len() < 6 || value.contains('-') || WHAT.iter().any(|word| value.contains(word)))
}

/// The password behind the option that stands there, with a blank before it.
pub(crate) fn password(place: &Place<'_>) -> Option<Matched> {
    let text = place.text;
    let option = std::str::from_utf8(&text[place.start..place.end]).ok()?;
    let option = option.trim_matches([' ', '=']);
    let mut command = place.command.borrow_mut();
    command.look(text, place.start);
    let (_, (_, _, given)) = PROGRAMS
        .iter()
        .enumerate()
        .find(|(at, (_, its, _))| *its == option && command.holds(*at, place.start))?;
    let mut start = place.end;
    if *given != Given::Attached {
        while matches!(text.get(start), Some(b' ' | b'=')) {
            start += 1;
        }
        if *given == Given::Apart && !matches!(text[start - 1], b' ' | b'=') {
            return None;
        }
    }
    let quote = text
        .get(start)
        .copied()
        .filter(|byte| matches!(byte, b'"' | b'\''));
    start += usize::from(quote.is_some());
    let rest = &text[start.min(text.len())..(start + VALUE).min(text.len())];
    let end = rest.iter().position(|byte| match quote {
        Some(quote) => *byte == quote || *byte == b'\n',
        None => byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'`'),
    });
    let end = start + end.unwrap_or(rest.len());
    if *given == Given::BehindUser {
        start += text[start..end].iter().position(|byte| *byte == b':')? + 1;
    }
    let value = std::str::from_utf8(&text[start..end]).ok()?;
    let least = if *given == Given::BehindUser { 3 } else { 4 };
    let is_word = *given != Given::BehindUser && quote.is_none() && says_what(value);
    let is_option = value.starts_with(['-', '$']);
    (value.len() >= least && !is_word && !is_option && !secrecy::is_placeholder(value)).then_some(
        Matched {
            start,
            end,
            score: 0.8,
        },
    )
}
