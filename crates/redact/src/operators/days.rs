//! Dates as they are written: read, moved by days, written again in the same shape.
//!
//! In: the text of a date. Out: its parts, or the text with other ones. Years of two digits are read
//! as 1950 to 2049. Of `03/04/2024` the caller says which is the day; with dots the day comes first.
//! Not here: finding dates.

use std::ops::Range;
use std::sync::LazyLock;

use chrono::{Datelike, Days, NaiveDate};
use regex::Regex;

use super::values::{below, keyed};

/// Months by name: a language and a length each.
const MONTHS: [[&str; 12]; 6] = [
    [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ],
    [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ],
    [
        "januar",
        "februar",
        "märz",
        "april",
        "mai",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "dezember",
    ],
    [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ],
    [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sept", "oct", "nov", "dec",
    ],
];

/// The parts of a date, and where they stand in its text.
#[derive(Debug)]
pub(crate) struct Written<'a> {
    text: &'a str,
    year: Option<Number>,
    month: Option<Month>,
    day: Option<Number>,
}

#[derive(Debug, Clone)]
struct Number {
    at: Range<usize>,
    value: u32,
}

#[derive(Debug)]
enum Month {
    Digits(Number),
    Name {
        at: Range<usize>,
        list: usize,
        number: u32,
    },
}

#[derive(Debug, Clone)]
enum Part {
    Digits(Number),
    Word(Range<usize>),
}

impl<'a> Written<'a> {
    /// Reads a date; `None` where the text is none, or is no day of the calendar.
    pub(crate) fn read(text: &'a str, day_first: bool) -> Option<Self> {
        let parts = parts(text);
        let name = parts.iter().enumerate().find_map(|(index, part)| {
            let Part::Word(at) = part else { return None };
            let (list, number) = month_of(&text[at.clone()])?;
            let at = at.clone();
            Some((index, Month::Name { at, list, number }))
        });
        let written = match name {
            Some((index, month)) => Self::named(text, &parts, index, month),
            None => Self::numbers(text, &parts, day_first),
        }?;
        if let (Some(year), Some(month), Some(day)) =
            (written.year(), written.month(), written.day())
        {
            NaiveDate::from_ymd_opt(year, month, day)?;
        }
        Some(written)
    }

    fn named(text: &'a str, parts: &[Part], index: usize, month: Month) -> Option<Self> {
        let number = |part: &Part| match part {
            Part::Digits(number) => Some(number.clone()),
            Part::Word(_) => None,
        };
        let is_day = |number: &Number| number.at.len() <= 2 && (1..=31).contains(&number.value);
        let before = parts[..index].iter().rev().find_map(number).filter(is_day);
        let mut after = parts[index + 1..].iter().filter_map(number);
        let mut next = after.next();
        let day = before.or_else(|| {
            let day = next.clone().filter(is_day)?;
            next = after.next();
            Some(day)
        });
        let year = next.filter(|number| number.at.len() == 4);
        let month = Some(month);
        (day.is_some() || year.is_some()).then_some(Self {
            text,
            year,
            month,
            day,
        })
    }

    fn numbers(text: &'a str, parts: &[Part], day_first: bool) -> Option<Self> {
        let numbers: Vec<&Number> = parts
            .iter()
            .map_while(|part| match part {
                Part::Digits(number) => Some(number),
                Part::Word(_) => None,
            })
            .collect();
        let first = *numbers.first()?;
        let short = |index: usize| numbers.get(index).filter(|n| n.at.len() <= 2).copied();
        let whole = |year: &Number, month: &Number, day: &Number| {
            Some(Self {
                text,
                year: Some(year.clone()),
                month: Some(Month::Digits(month.clone())),
                day: Some(day.clone()),
            })
        };
        if first.at.len() == 4 {
            return match (short(1), short(2)) {
                (Some(month), Some(day)) => whole(first, month, day),
                (Some(month), None) if (1..=12).contains(&month.value) => Some(Self {
                    text,
                    year: Some(first.clone()),
                    month: Some(Month::Digits(month.clone())),
                    day: None,
                }),
                _ => Some(Self {
                    text,
                    year: Some(first.clone()),
                    month: None,
                    day: None,
                }),
            };
        }
        let (one, two) = (short(0)?, short(1)?);
        let year = numbers
            .get(2)
            .filter(|number| matches!(number.at.len(), 2 | 4))?;
        let dotted = text[one.at.end..].starts_with('.');
        let days_first = one.value > 12 || (two.value <= 12 && (day_first || dotted));
        match days_first {
            true => whole(year, two, one),
            false => whole(year, one, two),
        }
    }

    /// The year; of two digits as 1950 to 2049.
    pub(crate) fn year(&self) -> Option<i32> {
        let year = self.year.as_ref()?;
        let value = i32::try_from(year.value).ok()?;
        Some(match year.at.len() {
            2 if value < 50 => 2000 + value,
            2 => 1900 + value,
            _ => value,
        })
    }

    /// Whether its century is written.
    pub(crate) fn has_century(&self) -> bool {
        self.year.as_ref().is_some_and(|year| year.at.len() == 4)
    }

    /// 1 to 12.
    pub(crate) fn month(&self) -> Option<u32> {
        match self.month.as_ref()? {
            Month::Digits(number) => Some(number.value).filter(|month| (1..=12).contains(month)),
            Month::Name { number, .. } => Some(*number),
        }
    }

    fn day(&self) -> Option<u32> {
        self.day.as_ref().map(|day| day.value)
    }

    fn date(&self) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(self.year()?, self.month()?, self.day()?)
    }

    /// The text with the parts of another date, in the same shape.
    fn with(&self, date: NaiveDate) -> String {
        let mut edits: Vec<(Range<usize>, String)> = Vec::new();
        if let Some(year) = &self.year {
            let written = match year.at.len() {
                2 => format!("{:02}", date.year().rem_euclid(100)),
                _ => format!("{:04}", date.year()),
            };
            edits.push((year.at.clone(), written));
        }
        let by_name = matches!(self.month, Some(Month::Name { .. }));
        let padded = |number: &Number| match by_name {
            true => self.text[number.at.clone()].starts_with('0'),
            false => [self.day.as_ref(), self.digits_of_month()]
                .into_iter()
                .flatten()
                .all(|number| number.at.len() == 2),
        };
        let two = |number: &Number, value: u32| match padded(number) {
            true => format!("{value:02}"),
            false => value.to_string(),
        };
        if let Some(day) = &self.day {
            edits.push((day.at.clone(), two(day, date.day())));
            let after = &self.text[day.at.end..];
            if let Some(old) = ["st", "nd", "rd", "th"]
                .into_iter()
                .find(|ending| after.starts_with(ending))
            {
                let ending = match date.day() {
                    1 | 21 | 31 => "st",
                    2 | 22 => "nd",
                    3 | 23 => "rd",
                    _ => "th",
                };
                edits.push((day.at.end..day.at.end + old.len(), ending.to_owned()));
            }
        }
        match &self.month {
            Some(Month::Digits(month)) => edits.push((month.at.clone(), two(month, date.month()))),
            Some(Month::Name { at, list, .. }) => {
                let name = MONTHS[*list][date.month0() as usize];
                edits.push((at.clone(), like(&self.text[at.clone()], name)));
            }
            None => {}
        }
        edits.sort_by_key(|(at, _)| std::cmp::Reverse(at.start));
        let mut out = self.text.to_owned();
        for (at, written) in edits {
            out.replace_range(at, &written);
        }
        out
    }

    fn digits_of_month(&self) -> Option<&Number> {
        match self.month.as_ref()? {
            Month::Digits(number) => Some(number),
            Month::Name { .. } => None,
        }
    }
}

fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = text.char_indices().peekable();
    while let Some((start, first)) = rest.next() {
        if !first.is_alphanumeric() {
            continue;
        }
        let is_digit = first.is_ascii_digit();
        let mut end = start + first.len_utf8();
        while let Some((at, next)) =
            rest.next_if(|(_, c)| c.is_alphanumeric() && c.is_ascii_digit() == is_digit)
        {
            end = at + next.len_utf8();
        }
        match text[start..end].parse() {
            Ok(value) if is_digit => parts.push(Part::Digits(Number {
                at: start..end,
                value,
            })),
            _ => parts.push(Part::Word(start..end)),
        }
    }
    parts
}

/// The list and the number, from 1, of a month's name.
fn month_of(word: &str) -> Option<(usize, u32)> {
    let lower = word.to_lowercase();
    // "Mai" is German, "mai" French.
    let order = match lower.as_str() {
        "mai" if word.starts_with('m') => [3, 0, 1, 2, 4, 5],
        _ => [0, 1, 2, 3, 4, 5],
    };
    order.into_iter().find_map(|list| {
        let place = MONTHS[list].iter().position(|name| *name == lower)?;
        Some((list, u32::try_from(place + 1).ok()?))
    })
}

/// The English name of a month, 1 to 12.
pub(crate) fn month_name(number: u32) -> String {
    let index = number.clamp(1, 12) as usize - 1;
    like("Xx", MONTHS[0][index])
}

/// `name` in capitals, with a capital or without, as `model` is.
fn like(model: &str, name: &str) -> String {
    let mut letters = model.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if first.is_uppercase() && second.is_uppercase() => {
            name.to_uppercase()
        }
        (Some(first), _) if first.is_uppercase() => {
            let mut rest = name.chars();
            rest.next().map_or_else(String::new, |first| {
                first.to_uppercase().chain(rest).collect()
            })
        }
        _ => name.to_owned(),
    }
}

/// The days by which all dates of a subject are moved: 1 to `max_days`, to and fro. Never none.
fn offset(subject: &str, key: &[u8], max_days: u32) -> i64 {
    let most = i64::from(max_days.max(1));
    let digest = keyed(key, "date shift", "", subject.as_bytes());
    let place = i64::try_from(below(&digest, 2 * u128::from(max_days.max(1)))).unwrap_or(0);
    match place < most {
        true => -(place + 1),
        false => place - most + 1,
    }
}

/// A date moved by what its subject's dates are moved by; `None` where it is no whole date.
pub(crate) fn shifted(
    text: &str,
    subject: &str,
    key: &[u8],
    max_days: u32,
    day_first: bool,
) -> Option<String> {
    let written = Written::read(text, day_first)?;
    let days = offset(subject, key, max_days);
    let date = written.date()?;
    let by = Days::new(days.unsigned_abs());
    let moved = match days < 0 {
        true => date.checked_sub_days(by),
        false => date.checked_add_days(by),
    }?;
    (0..=9999)
        .contains(&moved.year())
        .then(|| written.with(moved))
}

/// The years of surrogate dates: nobody who lives was born in them.
const SURROGATE: std::ops::RangeInclusive<i32> = 1800..=1899;

/// A date of the nineteenth century in the shape of `text`; `None` where its year has no four
/// digits. What is of that century already stays.
pub(crate) fn surrogate(text: &str, digest: &[u8; 32]) -> Option<String> {
    let written = Written::read(text, false)?;
    if !written.has_century() {
        return None;
    }
    if written.year().is_some_and(|year| SURROGATE.contains(&year)) {
        return Some(text.to_owned());
    }
    let first = NaiveDate::from_ymd_opt(*SURROGATE.start(), 1, 1)?;
    let days = u64::try_from(below(digest, 36_500)).ok()?;
    Some(written.with(first.checked_add_days(Days::new(days))?))
}

/// Where dates of the surrogates' century stand in `text`: bytes, in order.
pub(crate) fn written(text: &str) -> impl Iterator<Item = (usize, usize)> + '_ {
    static SHAPES: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let months: Vec<&str> = MONTHS.iter().flatten().copied().collect();
        Regex::new(&format!(
            r"(?ix) \b18\d{{2}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}\b
            | \b\d{{1,2}}[./-]\d{{1,2}}[./-]18\d{{2}}\b
            | \b(?: \d{{1,2}} (?:st|nd|rd|th|\.)? (?:\s(?:of|de)\s|[\s-]) )? (?:{}) \.?
              (?: [\s-]\d{{1,2}}(?:st|nd|rd|th)? )? (?:,?\s|-|\sde\s) 18\d{{2}}\b",
            months.join("|")
        ))
        .ok()
    });
    SHAPES
        .iter()
        .flat_map(move |shapes| shapes.find_iter(text))
        .map(|found| (found.start(), found.end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(text: &str, days: i64) -> Option<String> {
        let written = Written::read(text, false)?;
        let by = chrono::TimeDelta::days(days);
        Some(written.with(written.date()?.checked_add_signed(by)?))
    }

    #[test]
    fn a_date_keeps_its_shape() {
        let check = |text: &str, expected: &str| {
            assert_eq!(moved(text, 30).as_deref(), Some(expected), "{text}");
        };
        check("1984-03-12", "1984-04-11");
        check("2024-02-01T10:00:00Z", "2024-03-02T10:00:00Z");
        check("12/31/1999", "01/30/2000");
        check("3/4/2024", "4/3/2024");
        check("03.04.1975", "03.05.1975");
        check("31/01/99", "02/03/99");
        check("4 July 1991", "3 August 1991");
        check("July 2nd, 1991", "August 1st, 1991");
        check("24. Dezember 2026", "23. Januar 2027");
        check("12 MAI 2020", "11 JUNI 2020");
        check("12 mai 2020", "11 juin 2020");
        check("21-Sept-2021", "21-oct-2021".replace('o', "O").as_str());
    }

    #[test]
    fn what_is_no_whole_date_is_not_moved() {
        for text in [
            "1977",
            "March 2024",
            "21-May",
            "2024-02-30",
            "99/99/9999",
            "",
            "soon",
        ] {
            assert_eq!(shifted(text, "s", b"k", 30, false), None, "{text}");
        }
    }

    #[test]
    fn intervals_of_a_subject_are_kept_and_no_date_stays() {
        for subject in 0..200 {
            let subject = subject.to_string();
            let days = offset(&subject, b"key", 3);
            assert!(days != 0 && days.abs() <= 3, "{days}");
            let at = |text: &str| {
                let text = shifted(text, &subject, b"key", 3, false)?;
                Written::read(&text, false)?.date()
            };
            let (one, two) = (at("2024-02-20"), at("March 5, 2024"));
            assert_eq!(
                two.zip(one).map(|(two, one)| (two - one).num_days()),
                Some(14)
            );
        }
        assert_ne!(offset("a", b"key", 3_000), offset("b", b"key", 3_000));
    }
}
