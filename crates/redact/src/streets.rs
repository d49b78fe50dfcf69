//! Streets whose kind is the end of their name, `Langstrasse 14`, `Oude Singel 3a`, `Kungsgatan 83`,
//! with the town behind them; and the town before the day of a letter, `Dax, le 3 mai 2006`.
//!
//! In: where the word for a kind of street, or the comma before the day, stands. Out: the bounds of
//! the place. Not here: streets that begin with their kind or number (data), and what a model of
//! names finds.

use crate::matchers::{Matched, Place};

/// Bytes of a name before its kind.
const NAME: usize = 40;

/// The street whose kind stands at `place`, with its number behind.
pub(crate) fn street(place: &Place<'_>) -> Option<Matched> {
    let text = place.text;
    let blank = usize::from(text[..place.end].ends_with(b" "));
    let number = number(text, place.end - blank)?;
    let mut start = word_start(text, place.start);
    let kind_alone = start == place.start;
    if kind_alone || !begins_name(text, start) {
        // `Berliner Allee`: the word before it is part of the name.
        start = text[..start]
            .strip_suffix(b" ")
            .map(|before| word_start(text, before.len()))?;
    }
    let length = place.start - start;
    // `Auf Platz 3` and `Der Weg 5` are no names.
    let least = if kind_alone { "Alte ".len() } else { 1 };
    (begins_name(text, start) && (least..=NAME).contains(&length)).then_some(Matched {
        start,
        end: town_end(text, number),
        score: 0.6,
    })
}

/// The French street whose kind stands at `place` between two blanks, with the number before it and
/// the town behind: `12 bis, rue Victor Hugo, 69003 Lyon`.
pub(crate) fn street_numbered(place: &Place<'_>) -> Option<Matched> {
    let text = place.text;
    let mut before = &text[place.start.saturating_sub(12)..place.start];
    before = before.strip_suffix(b",").unwrap_or(before);
    let last = before.last()?;
    if !last.is_ascii_digit() {
        before = [&b" bis"[..], b" ter", b" quater", b"bis", b"ter"]
            .into_iter()
            .find_map(|word| before.strip_suffix(word))?;
    }
    let digits = before.iter().rev().take_while(|byte| byte.is_ascii_digit());
    let digits = digits.count();
    let stands_alone = before
        .get(..before.len() - digits)?
        .last()
        .is_none_or(|byte| !byte.is_ascii_alphanumeric() && !b".,:/-".contains(byte));
    if !(1..=3).contains(&digits) || !stands_alone {
        return None;
    }
    let length = before.len() - digits;
    let start = place.start.saturating_sub(12) + length;
    let mut end = None;
    let mut at = place.end;
    // Small words between: `de la République`, `d'Alésia`, `Victor et Paul`.
    for _ in 0..8 {
        let word = &text[at..text.len().min(at + NAME)];
        let word = &word[..word.iter().take_while(|byte| in_name(**byte)).count()];
        let small = [
            &b"de"[..],
            b"des",
            b"du",
            b"la",
            b"le",
            b"les",
            b"et",
            b"sur",
            b"aux",
        ];
        let elided = [&b"l'"[..], b"d'", "l’".as_bytes(), "d’".as_bytes()];
        let skip = elided
            .iter()
            .find(|it| word.starts_with(it))
            .map_or(0, |it| it.len());
        if word.is_empty() || !small.contains(&word) && !begins_name(text, at + skip) {
            break;
        }
        if !small.contains(&word) {
            end = Some(at + word.len());
        }
        at += word.len();
        if text.get(at) != Some(&b' ') {
            break;
        }
        at += 1;
    }
    Some(Matched {
        start,
        end: town_end(text, end?),
        score: 0.6,
    })
}

fn in_name(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte >= 0x80 || matches!(byte, b'-' | b'\'' | b'.')
}

/// Where the word begins that ends at `end`.
fn word_start(text: &[u8], end: usize) -> usize {
    let length = text[..end]
        .iter()
        .rev()
        .take(NAME)
        .take_while(|byte| in_name(**byte))
        .count();
    end - length
}

/// Whether a capital stands at `start`.
fn begins_name(text: &[u8], start: usize) -> bool {
    let rest = &text[start..text.len().min(start + 4)];
    let valid = rest.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    valid.chars().next().is_some_and(char::is_uppercase)
}

/// Where the number ends that follows a kind of street: `14`, `. 3a`, ` 12-14`, ` 7/2`.
fn number(text: &[u8], kind_end: usize) -> Option<usize> {
    let mut at = kind_end;
    at += usize::from(text.get(at) == Some(&b'.'));
    if text.get(at) != Some(&b' ') {
        return None;
    }
    at += 1;
    let digits = |at: usize| digits(&text[at..], 5);
    let first = digits(at);
    if !(1..=3).contains(&first) || text[at] == b'0' {
        return None;
    }
    at += first;
    let ends = |at: usize| {
        !text
            .get(at)
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte >= 0x80)
    };
    let letter = |at: usize| text.get(at).is_some_and(u8::is_ascii_alphabetic) && ends(at + 1);
    if letter(at) {
        at += 1;
    } else if text.get(at) == Some(&b' ') && letter(at + 1) && text[at + 1].is_ascii_uppercase() {
        at += 2;
    }
    if matches!(text.get(at), Some(b'-' | b'/'))
        && digits(at + 1) > 0
        && ends(at + 1 + digits(at + 1))
    {
        at += 1 + digits(at + 1);
    }
    let goes_on = matches!(text.get(at), Some(b'.' | b',' | b':'))
        && text.get(at + 1).is_some_and(u8::is_ascii_digit);
    let is_share = matches!(text.get(at), Some(b'%')) || text[at..].starts_with(b" %");
    (ends(at) && !goes_on && !is_share).then_some(at)
}

/// How many digits a text begins with, of at most so many.
fn digits(text: &[u8], most: usize) -> usize {
    text.iter()
        .take(most)
        .take_while(|byte| byte.is_ascii_digit())
        .count()
}

/// Where the town ends that follows a street: `, 975 13 Södertälje`, a line end and `8004 Zürich`;
/// the end of the street where none does.
fn town_end(text: &[u8], street_end: usize) -> usize {
    let gap = text[street_end..]
        .iter()
        .take(3)
        .take_while(|byte| b", \n".contains(byte));
    let mut at = street_end + gap.count();
    let digits = |at: usize| digits(&text[at..], 6);
    let first = digits(at);
    at += first;
    match first {
        3 if text.get(at) == Some(&b' ') && digits(at + 1) == 2 => at += 3,
        4 | 5 => {}
        _ => return street_end,
    }
    // The letters of a Dutch code.
    if first == 4
        && matches!(
            text.get(at..at + 4),
            Some([b' ', b'A'..=b'Z', b'A'..=b'Z', b' '])
        )
    {
        at += 3;
    }
    if at == street_end || text.get(at) != Some(&b' ') || !begins_name(text, at + 1) {
        return street_end;
    }
    let name = text[at + 1..]
        .iter()
        .take(NAME)
        .take_while(|byte| in_name(**byte));
    at + 1 + name.count()
}

/// The town before the comma at `place`, where its line begins with it and a day follows.
pub(crate) fn place_of_letter(place: &Place<'_>) -> Option<Matched> {
    let text = place.text;
    let day = text[place.end..]
        .iter()
        .take(3)
        .take_while(|byte| byte.is_ascii_digit());
    let behind = &text[place.end + day.clone().count()..];
    // `Hello, a 4 year plan`
    let is_day = (1..=2).contains(&day.count())
        && (text[place.start..].get(..4) != Some(b", a ") || behind.starts_with(b" de "));
    if !is_day {
        return None;
    }
    let before = &text[place.start.saturating_sub(NAME)..place.start];
    let line = memchr::memrchr(b'\n', before).map_or(before, |at| &before[at + 1..]);
    let starts_line = line.len() < before.len() || place.start < NAME;
    let mut start = place.start - line.len();
    if text[start..].starts_with(b"En ") {
        start += 3;
    }
    let name = std::str::from_utf8(&text[start..place.start]).ok()?;
    let is_town = name.split([' ', '-']).all(|word| {
        let small = matches!(
            word,
            "de" | "la" | "le" | "sur" | "am" | "im" | "an" | "der" | "en" | "lès" | "les" | "del"
        );
        small
            || word.chars().next().is_some_and(char::is_uppercase)
                && word
                    .chars()
                    .all(|c| c.is_alphabetic() || c == '.' || c == '\'')
    });
    (starts_line && is_town && name.len() > 2 && begins_name(text, start)).then_some(Matched {
        start,
        end: place.start,
        score: 0.6,
    })
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::street;
    use crate::matchers::Place;

    fn found<'a>(text: &'a str, kind: &str) -> Option<&'a str> {
        let start = text.find(kind)?;
        let place = Place {
            text: text.as_bytes(),
            start,
            end: start + kind.len(),
            reader: &RefCell::default(),
            command: &RefCell::default(),
        };
        street(&place).map(|found| &text[found.start..found.end])
    }

    #[test]
    fn a_street_is_found_with_its_number() {
        assert_eq!(
            found("in 8004 Zürich, Langstrasse 14, erster", "strasse"),
            Some("Langstrasse 14")
        );
        assert_eq!(found("Goethestr. 130a,", "str"), Some("Goethestr. 130a"));
        assert_eq!(
            found("aan de Oude Singel 3", "Singel"),
            Some("Oude Singel 3")
        );
        assert_eq!(
            found("die Landstrasse 7/2.", "strasse"),
            Some("Landstrasse 7/2")
        );
        assert_eq!(
            found("Karl-Marx-Straße 12-14", "Straße"),
            Some("Karl-Marx-Straße 12-14")
        );
        assert_eq!(
            found("på Norra Esplanaden 5 B i", "Esplanaden"),
            Some("Norra Esplanaden 5 B")
        );
    }

    #[test]
    fn the_town_behind_a_street_belongs_to_it() {
        let town = "till Storgatan 114, 975 13 Södertälje den";
        assert_eq!(
            found(town, "gatan"),
            Some("Storgatan 114, 975 13 Södertälje")
        );
        let letter = "Rigiweg 3\n8004 Zürich\n";
        assert_eq!(found(letter, "weg"), Some("Rigiweg 3\n8004 Zürich"));
        assert_eq!(
            found("Rigiweg 3\n1250 Franken", "weg"),
            Some("Rigiweg 3\n1250 Franken")
        );
        assert_eq!(found("Rigiweg 3, 12 Leute", "weg"), Some("Rigiweg 3"));
    }

    #[test]
    fn a_word_that_only_ends_so_is_none() {
        for (text, kind) in [
            ("auf dem Weg 3 Leute", "Weg"),
            ("the str. 3", "str"),
            ("Hauptstraße 0", "straße"),
            ("Landstraße 12345", "straße"),
            ("Umweg 3,5 km", "weg"),
            ("eine strasse 14", "strasse"),
            ("Auf Platz 3", "Platz"),
        ] {
            assert_eq!(found(text, kind), None, "{text}");
        }
    }
}
