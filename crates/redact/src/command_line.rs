//! Passwords that are given to a program on its command line.
//!
//! In: where an option stands. Out: the bounds of the password that it is given, where the same
//! command begins with a program that takes passwords so. Not here: long options that say what
//! they take, `--password x` (`assignment`).

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
const PROGRAMS: [(&str, &str, Given); 23] = [
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
];

/// Bytes of a command before its option, and of a password.
const COMMAND: usize = 300;
const VALUE: usize = 200;

/// The password behind the option that stands there, with a blank before it.
pub(crate) fn password(place: &Place<'_>) -> Option<Matched> {
    let text = place.text;
    let option = std::str::from_utf8(&text[place.start..place.end]).ok()?;
    let option = option.trim_matches([' ', '=']);
    let command = command(text, place.start);
    let (_, _, given) = PROGRAMS
        .iter()
        .find(|(program, its, _)| *its == option && begins(command, program.as_bytes()))?;
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
    let is_word = *given != Given::BehindUser
        && quote.is_none()
        && value
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    let is_option = value.starts_with(['-', '$']);
    (value.len() >= least && !is_word && !is_option && !secrecy::is_placeholder(value)).then_some(
        Matched {
            start,
            end,
            score: 0.8,
        },
    )
}

/// The command that the option at `at` belongs to: what stands before it, from the last line end
/// that no backslash carries on.
fn command(text: &[u8], at: usize) -> &[u8] {
    let before = &text[at.saturating_sub(COMMAND)..at];
    let ends = |(index, byte): &(usize, &u8)| match byte {
        b'\n' => *index == 0 || before[*index - 1] != b'\\',
        byte => matches!(byte, b';' | b'|'),
    };
    let line = before.iter().enumerate().rev().find(ends);
    line.map_or(before, |(index, _)| &before[index + 1..])
}

/// Whether `program` stands in `command` as words of their own.
fn begins(command: &[u8], program: &[u8]) -> bool {
    memchr::memmem::find_iter(command, program).any(|at| {
        let before = at.checked_sub(1).map(|before| command[before]);
        let after = command.get(at + program.len());
        before
            .is_none_or(|byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'-' | b'_' | b'.'))
            && after.is_none_or(|byte| *byte == b' ')
    })
}
