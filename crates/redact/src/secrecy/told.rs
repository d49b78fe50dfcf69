//! Passwords that are plain words, which only what stands around them tells: a sentence (`the password is
//! sunflower`), a cell beside its name, an element of XML, a line of its own, a row of settings.
//!
//! In: a value and the password's name that it belongs to. Out: yes or no. What is said about passwords (`the
//! password is required`, `password: string`) is told by a list of words, by how languages end such words, and by
//! what goes on behind. Not here: what stands beside in a configuration (`company`), options and strings that
//! connect (`stated`), passwords that their characters tell (`secrecy`).

use std::collections::HashSet;
use std::sync::LazyLock;

use super::{company, handed, stated};
use crate::assignment::{Assigned, Sign};

/// Letters of such a word, and bytes that it has at most.
const LEAST: usize = 5;
const MOST: usize = 40;
/// Bytes of a sentence or a line before a name.
const BEFORE: usize = 160;

/// Words that are said of passwords, in the languages that the recognizers know, and what fields of one are like.
pub(crate) static SAID: &str = include_str!("../../data/said_of_passwords.txt");

/// How words end that say something of a password, by the language of what joins both.
const ENGLISH: &str = "ed able ible less ful ive ous ing ated";
const GERMAN: &str = "lich bar isch iert elt ert ndet iv los";
const DUTCH: &str = "d t lijk baar isch en ief";
const FRENCH: &str = "é ée able ible oire eux tif if ect lé";
const SPANISH: &str = "iva ivo ado ada ido ida ario aria orio oria able ible cto cta sto sta";
const ITALIAN: &str = "iva ivo ato ata ito ita uto uta orio oria ario aria bile tto tta sto sta";
const PORTUGUESE: &str = "iva ivo ado ada ido ida ório ória ário ária ável ível";
const NORDIC: &str = "t ig iv bar løs lös ende ande ade ede agen";
const POLISH: &str = "e na ny";
const CZECH: &str = "é ý á o ě ěn án en ne";
const FINNISH: &str = "nen nut nyt ttu tty tu ty ava ävä lla llä ssa ssä";

/// What joins a password and its value in a sentence, and how words end there that say something of it.
const JOINTS: [(&str, &str); 20] = [
    (" is now", ENGLISH),
    (" is", ENGLISH),
    (" was", ENGLISH),
    (" will be", ENGLISH),
    (" ist jetzt", GERMAN),
    (" ist", GERMAN),
    (" war", GERMAN),
    (" lautet", GERMAN),
    (" est", FRENCH),
    (" c'est", FRENCH),
    (" es", SPANISH),
    (" è", ITALIAN),
    (" é", PORTUGUESE),
    (" er", NORDIC),
    (" är", NORDIC),
    (" jest", POLISH),
    (" je", CZECH),
    (" brzmi", POLISH),
    (" to", ""),
    (" on", FINNISH),
];

/// What a clause begins with that supposes something of a password or asks for it.
const SUPPOSING: &str = "\
    if whether when unless until while once whose because since ensure check verify suppose assuming sure where \
    wenn falls ob sofern solange bis sobald si quand lorsque cuando quando als indien wanneer se";

/// What goes on behind a value that a sentence tells.
const GOES_ON: [&str; 10] = [
    " and ", " but ", " und ", " aber ", " et ", " mais ", " y ", " pero ", " e ", " mas ",
];

/// Whether a few bytes of a value allow that it is a word that somebody took for a password.
pub(super) fn may_be(value: &[u8]) -> bool {
    let is_in = |byte: &u8| byte.is_ascii_alphanumeric() || *byte >= 0x80 || b"-_.".contains(byte);
    (LEAST..=MOST).contains(&value.len()) && value.iter().all(is_in)
}

/// Whether a plain word is a password by what stands around it.
pub(super) fn is_password(text: &[u8], assigned: &Assigned, name: &str, value: &str) -> bool {
    let value = value.trim_matches(['*', '.']);
    let is_loud = || matches!(assigned.sign, Sign::Words | Sign::Equals) && is_loud(value, name);
    if !is_word(value) && !is_loud() || stated::is_deed(name) {
        return false;
    }
    match assigned.sign {
        Sign::Words => in_sentence(text, assigned, name, value),
        Sign::Behind => begins_sentence(text, assigned) && !is_said(value, ENGLISH),
        Sign::Cell => in_cell(text, assigned) && !is_said(value, ""),
        Sign::Greater => is_closed(text, assigned) && !is_said(value, ""),
        Sign::Comma => in_row(text, assigned) && !is_said(value, ""),
        Sign::Equals => {
            (on_line(text, assigned, name, value)
                || is_set(text, assigned)
                || is_under_name(text, assigned)
                || is_in_array(text, assigned))
                && !is_said(value, ENGLISH)
        }
        Sign::Asked | Sign::Column => false,
    }
}

/// Whether a word may be a password where something asks for one: it is none of those that are said of them.
pub(crate) fn is_plain(value: &str) -> bool {
    is_word(value) && !is_said(value, ENGLISH)
}

/// Whether a word is one of those that are said of passwords, whatever joins both.
pub(super) fn is_said_of(word: &str) -> bool {
    is_said(word, "")
}

/// A word in capitals alone, under a name that is not.
fn is_loud(value: &str, name: &str) -> bool {
    value.len() >= LEAST
        && value.bytes().all(|byte| byte.is_ascii_uppercase())
        && name.contains(char::is_lowercase)
        && is_word(&value.to_ascii_lowercase())
}

/// A word of letters, perhaps with a capital in front, two of them joined, or a number behind them.
fn is_word(value: &str) -> bool {
    const WITHIN: [&str; 5] = ["pass", "secret", "token", "user", "string"];
    const ALGORITHMS: [&str; 9] = [
        "sha", "md5", "utf", "base64", "aes", "bcrypt", "argon", "scrypt", "pbkdf",
    ];
    let lower = value.to_lowercase();
    let letters = value.chars().filter(|c| c.is_alphabetic()).count();
    let is_in = |c: char| c.is_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    let mut rest = value.chars();
    let is_first = rest.next().is_some_and(char::is_alphabetic);
    let is_whole = is_first && rest.all(is_in) && letters >= LEAST - 1;
    is_whole
        && value.chars().count() >= LEAST
        && !value.ends_with(['-', '_'])
        && !WITHIN.iter().any(|word| lower.contains(word))
        && !ALGORITHMS.iter().any(|word| lower.starts_with(word))
}

/// Whether a word is one of those that are said of passwords.
fn is_said(value: &str, endings: &str) -> bool {
    static WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| SAID.split_whitespace().collect());
    let lower = value.to_lowercase();
    let is_known = |word: &str| WORDS.contains(word);
    is_known(&lower)
        || stated::is_state(&lower)
        || lower.split(['-', '_']).any(is_known)
        || endings
            .split(' ')
            .any(|end| !end.is_empty() && lower.ends_with(end))
}

/// `the password is sunflower`, `my password will be "sunflower" from May`.
fn in_sentence(text: &[u8], assigned: &Assigned, name: &str, value: &str) -> bool {
    let between = &text[assigned.name.end..assigned.value.start];
    let between = String::from_utf8_lossy(between).to_lowercase();
    let between = between.trim_end_matches([' ', ':', '"', '\'', '`', '*', '«', '„', '“']);
    if between.is_empty() {
        return is_handed(text, assigned, value) && !is_said(value, ENGLISH);
    }
    let joins = |joint: &str| match joint {
        // The same in English joins something else.
        " to" => name.starts_with("has") || name.starts_with("Has"),
        " on" => name.to_lowercase().contains("salasana"),
        _ => true,
    };
    let mut joints = JOINTS.iter();
    let joint = joints.find(|(joint, _)| between.ends_with(joint) && joins(joint));
    let Some((joint, endings)) = joint else {
        return is_set_to(text, assigned, between, value) && !is_said(value, ENGLISH);
    };
    let is_certain = matches!(*joint, " lautet" | " brzmi");
    // What joins both is the same in English and Dutch.
    let endings = match name.ends_with("woord") {
        true => DUTCH,
        false => endings,
    };
    (assigned.quote.is_some() || ends(&text[assigned.value.end..]))
        && (is_certain || !is_said(value, endings))
        && !supposes(text, assigned.name.start)
}

/// `log in with the password "sunflower"`, `use the password sunflower on staging`
fn is_handed(text: &[u8], assigned: &Assigned, value: &str) -> bool {
    const NEAR: usize = 3;
    let rest = &text[assigned.value.end..];
    let clause = || clause(text, assigned.name.start);
    match assigned.quote {
        Some(b'"' | b'\'' | b'`') => {
            let clause = clause();
            let mut words = clause.split_whitespace().rev().take(NEAR);
            words.any(handed::is_with)
        }
        Some(_) => false,
        None => {
            handed::goes_on(rest) && handed::is_word(value) && handed::is_handed(&clause(), rest)
        }
    }
}

/// `I changed my password to sunflower`
fn is_set_to(text: &[u8], assigned: &Assigned, between: &str, value: &str) -> bool {
    const DEEDS: [&str; 5] = ["set", "changed", "reset", "change", "updated"];
    let rest = &text[assigned.value.end..];
    between == " to"
        && (ends(rest) || handed::goes_on(rest) && handed::is_word(value))
        && clause(text, assigned.name.start)
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| DEEDS.contains(&word))
}

/// What stands before a name in its clause, in small letters.
fn clause(text: &[u8], name: usize) -> String {
    let before = &text[name.saturating_sub(BEFORE)..name];
    let ends = |byte: &u8| b".!?;:\n(".contains(byte);
    let from = before.iter().rposition(ends).map_or(0, |at| at + 1);
    String::from_utf8_lossy(&before[from..]).to_lowercase()
}

/// Whether the clause supposes what it says: `if the password is …`.
fn supposes(text: &[u8], name: usize) -> bool {
    clause(text, name)
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| SUPPOSING.split(' ').any(|it| it == word))
}

/// Whether a sentence or a clause ends behind a value.
fn ends(rest: &[u8]) -> bool {
    let closers = rest
        .iter()
        .take_while(|byte| b"\"'`*)".contains(byte))
        .count();
    let rest = &rest[closers..];
    match rest {
        // A sentence goes on in small letters on the next line.
        [b'\r' | b'\n', ..] => !rest
            .trim_ascii_start()
            .first()
            .is_some_and(u8::is_ascii_lowercase),
        [] | [b'<', ..] => true,
        [b'.' | b'!' | b',' | b';', next, ..] => {
            next.is_ascii_whitespace() || b"\"'<".contains(next)
        }
        [b'.' | b'!' | b',' | b';'] => true,
        _ => GOES_ON.iter().any(|word| rest.starts_with(word.as_bytes())),
    }
}

/// `sunflower is the password`: nothing stands before the value in its line.
fn begins_sentence(text: &[u8], assigned: &Assigned) -> bool {
    let before = &text[assigned.value.start.saturating_sub(2)..assigned.value.start];
    matches!(before, [] | [.., b'\n'] | [.., b'"' | b'\'' | b'`'])
}

/// `| password | sunflower |` and nothing more, a column of Markdown beside that of who logs in, and what tags set
/// beside the name: `<td>Password</td><td>sunflower</td>`.
fn in_cell(text: &[u8], assigned: &Assigned) -> bool {
    let name_end = assigned.name.end;
    let behind = &text[assigned.value.end..];
    let between = text.get(name_end..assigned.value.start).unwrap_or_default();
    let marks = between
        .iter()
        .take_while(|byte| b" .:*".contains(byte))
        .count();
    if between[marks..].starts_with(b"</") {
        // What stands in the next entry of a list or behind a link is another name.
        let leaves = |tag: &[u8]| memchr::memmem::find(between, tag).is_some();
        return behind.starts_with(b"<") && !leaves(b"</a>") && !leaves(b"</li>");
    }
    let (from, to) = line_of(text, assigned.value.start);
    let row = text[from..to].trim_ascii();
    let fills = |byte: &&u8| b" *`".contains(byte);
    let behind = &behind[behind.iter().take_while(fills).count()..];
    if !matches!(behind, [] | [b'|' | b'\n' | b'\r', ..]) {
        return false;
    }
    let row = row.strip_prefix(b"|").unwrap_or(row);
    let row = row.strip_suffix(b"|").unwrap_or(row);
    let cells = row.split(|byte| *byte == b'|').count();
    match (from..to).contains(&assigned.name.start) {
        true => cells == 2,
        false => {
            let (from, to) = line_of(text, assigned.name.start);
            let headings = text[from..to].split(|byte| *byte == b'|');
            headings
                .into_iter()
                .any(|cell| company::is_name_for(trim(cell)))
        }
    }
}

fn trim(cell: &[u8]) -> &[u8] {
    let is_mark = |byte: &u8| b" *`_\r".contains(byte);
    let from = cell
        .iter()
        .position(|byte| !is_mark(byte))
        .unwrap_or(cell.len());
    let to = cell
        .iter()
        .rposition(|byte| !is_mark(byte))
        .map_or(from, |at| at + 1);
    &cell[from..to]
}

/// The bounds of the line that a byte stands in, so far as it is looked at.
fn line_of(text: &[u8], at: usize) -> (usize, usize) {
    const LINE: usize = 400;
    let low = at.saturating_sub(LINE);
    let high = text.len().min(at + LINE);
    let from = memchr::memrchr(b'\n', &text[low..at]).map_or(low, |end| low + end + 1);
    let to = memchr::memchr(b'\n', &text[at..high]).map_or(high, |end| at + end);
    (from, to)
}

/// `<password>sunflower</password>`
fn is_closed(text: &[u8], assigned: &Assigned) -> bool {
    assigned.quote.is_none()
        && text[assigned.value.end..]
            .trim_ascii_start()
            .starts_with(b"</")
}

/// `VALUES ('smtp_password', 'sunflower')`, `define('DB_PASSWORD', 'sunflower')`: a row of settings.
fn in_row(text: &[u8], assigned: &Assigned) -> bool {
    const STATEMENT: usize = 300;
    let Some(quote @ (b'"' | b'\'')) = assigned.quote else {
        return false;
    };
    let before = &text[assigned.name.start.saturating_sub(STATEMENT)..assigned.name.start];
    let Some(before) = before.strip_suffix(&[quote]) else {
        return false;
    };
    let before = &before[memchr::memrchr(b';', before).map_or(0, |at| at + 1)..];
    let before = before.to_ascii_lowercase();
    let opens = before.trim_ascii_end().ends_with(b"(") || before.trim_ascii_end().ends_with(b",");
    opens
        && (before.ends_with(b"define(")
            || memchr::memmem::find(&before, b"values").is_some()
                && memchr::memmem::find(&before, b"insert").is_some())
}

/// `UPDATE users SET password = 'sunflower' WHERE …`
fn is_set(text: &[u8], assigned: &Assigned) -> bool {
    if assigned.quote != Some(b'\'') {
        return false;
    }
    let before = &text[assigned.name.start.saturating_sub(BEFORE)..assigned.name.start];
    let before = before.to_ascii_lowercase();
    let begins = memchr::memmem::rfind(&before, b"update ");
    begins.is_some_and(|at| {
        let statement = &before[at..];
        let ends = statement.trim_ascii_end();
        memchr::memmem::find(statement, b" set ").is_some()
            && (ends.ends_with(b"set") || ends.ends_with(b","))
    })
}

/// `{name: DB_PASSWORD, value: sunflower}`
fn is_under_name(text: &[u8], assigned: &Assigned) -> bool {
    let between = &text[assigned.name.end..assigned.value.start];
    let before = text[..assigned.name.start].trim_ascii_end();
    let before = before.strip_suffix(b"\"").unwrap_or(before);
    let is_named = before.trim_ascii_end().ends_with(b"name:");
    is_named && between.windows(6).any(|part| part == b"value:") && {
        let rest = text[assigned.value.end..].trim_ascii_start();
        rest.is_empty() || text[assigned.value.end] == b'\n' || b"}\"'".contains(&rest[0])
    }
}

/// `'username' => 'jo', 'password' => 'sunflower'`: beside what it is for.
fn is_in_array(text: &[u8], assigned: &Assigned) -> bool {
    let between = &text[assigned.name.end..assigned.value.start];
    let quote = assigned
        .quote
        .filter(|quote| between.first() == Some(quote));
    quote.is_some()
        && memchr::memmem::find(between, b"=>").is_some()
        && company::stands_in_array(text, assigned)
}

/// A line that is but a password's name and the value: `Password: sunflower`, `- pw = sunflower`, `my pw is: x`; and
/// the end of one that names who logs in: `login: jo, password: sunflower`.
fn on_line(text: &[u8], assigned: &Assigned, name: &str, value: &str) -> bool {
    let start = assigned.name.start;
    let (from, to) = line_of(text, start);
    let between = &text[assigned.name.end..assigned.value.start];
    let sign = between.iter().find(|byte| !b" *_`\"'".contains(byte));
    let Some(sign @ (b':' | b'=')) = sign else {
        return false;
    };
    // `Password: <b>sunflower</b>`
    if *sign == b':' && between.ends_with(b">") && assigned.quote.is_none() {
        return text[assigned.value.end..].starts_with(b"</");
    }
    let is_plain = |byte: &u8| b" :=*_`".contains(byte);
    if assigned.quote.is_some() || assigned.value.end > to || !between.iter().all(is_plain) {
        return false;
    }
    let behind = &text[assigned.value.end..to];
    let behind = behind.trim_ascii();
    if !matches!(
        behind,
        [] | [b'.' | b'*' | b'`' | b',' | b'!'] | [b'*', b'*']
    ) {
        return false;
    }
    let lead = &text[from..start];
    if name.ends_with(" is") && *sign == b':' {
        return !supposes(text, start);
    }
    let is_small = value.chars().all(|c| !c.is_uppercase()) || is_loud(value, name);
    // `Password: Enter…` is what forms say; beside who logs in, a word with a capital is one all the same.
    if behind == b"," || !is_small && !company::stands_beside(text, assigned, *sign) {
        return false;
    }
    let marks = lead
        .iter()
        .take_while(|byte| b"-*>#+ \t".contains(byte))
        .count();
    let is_indented = lead.first().is_some_and(u8::is_ascii_whitespace);
    let said = &lead[marks..];
    match (said.is_empty(), sign) {
        (true, b'=') => !is_indented && is_own_name(name),
        (true, _) => !is_indented || marks > 0 && lead[..marks].contains(&b'-'),
        (false, _) => {
            let is_apart = between.ends_with(b" ") || *sign == b'=';
            is_lead(said) || is_apart && company::stands_beside(text, assigned, *sign)
        }
    }
}

/// Whether a name belongs to nothing that a program made: `password`, `spring.datasource.password`, and no
/// `self.password`.
fn is_own_name(name: &str) -> bool {
    let parts = name.split('.').count();
    parts != 2
        && !name.starts_with("self.")
        && !name.starts_with("this.")
        && name.chars().all(|c| !c.is_ascii_uppercase())
}

/// Words that stand before a name in a line of its own: `My wifi `, `the new `.
fn is_lead(said: &[u8]) -> bool {
    const WHOSE: &str = "\
        my the our your his her their new old mein meine dein unser das ihr mon le notre votre mi la tu su nuestra mia \
        il minha a o sua mijn het jouw wifi wi-fi";
    const MOST: usize = 4;
    let Ok(said) = std::str::from_utf8(said) else {
        return false;
    };
    let said = said.to_lowercase();
    let mut words = said.split_whitespace();
    let is_whose = words
        .next()
        .is_some_and(|first| WHOSE.split(' ').any(|it| it == first));
    is_whose && words.count() < MOST && said.chars().all(|c| c.is_alphabetic() || " -'".contains(c))
}
