//! Telephone numbers: groups of digits as people write them, by country code or national plan.
//!
//! In: where a run of digits begins. Out: the bounds of a number and a score; what only a word
//! near it makes a telephone number scores below every threshold. Not here: those words (data).
//!
//! Source: ITU-T E.164 and its list of country codes; national lengths as the plans publish them.

use crate::matchers::{Matched, Place};

/// The score of what only a word near it makes a telephone number.
const WITH_WORD: f32 = 0.3;

/// The number that begins with the run of digits at `place`.
pub(crate) fn phone(place: &Place<'_>) -> Option<Matched> {
    let text = place.text;
    // Most runs of digits are too few for a number, and stand alone.
    if place.end - place.start < LEAST && separator(&text[place.end..]).is_none() {
        return None;
    }
    let mut start = place.start;
    let before = |at: usize| at.checked_sub(1).map_or(b' ', |at| text[at]);
    let mut plus = false;
    if before(start) == b'(' {
        start -= 1;
        if before(start) == b'+' {
            start -= 1;
        }
    }
    if before(start) == b'+' {
        plus = true;
        start -= 1;
    }
    let open = text[start] == b'(';
    plus |= text[start] == b'+';
    let ahead = before(start);
    if ahead.is_ascii_alphanumeric()
        || ahead == b'_'
        || ahead == b'$'
        || ahead == b'#'
        // `Safari/8536.25`
        || ahead == b'/' && !plus && start >= 2 && text[start - 2].is_ascii_alphabetic()
        // Base64 and code go on with `=+`; a name in front of it makes it an assignment.
        || ahead == b'=' && plus && !is_assigned(&text[..start - 1])
    {
        return None;
    }
    if matches!(ahead, b'.' | b'-' | b'/' | b':' | b',')
        && start >= 2
        && text[start - 2].is_ascii_digit()
    {
        return None;
    }
    let number = Number::read(text, place.start);
    // What was read too far is given back group by group.
    for count in (1..=number.count).rev() {
        if number.is_short(count) {
            break;
        }
        let end = place.start + usize::from(number.ends[count - 1]);
        if text
            .get(end)
            .is_some_and(|byte| byte.is_ascii_alphanumeric() && !is_extension(text, end))
        {
            continue;
        }
        if text.get(end) == Some(&b'.') && text.get(end + 1).is_some_and(u8::is_ascii_digit) {
            continue;
        }
        if let Some(score) = number.weigh(count, plus, open) {
            let end = extension(text, end);
            return Some(Matched { start, end, score });
        }
    }
    None
}

/// Whether a name ends before a sign of equality: `tel.=`, `mobile=`.
fn is_assigned(before: &[u8]) -> bool {
    let name = before.iter().rev().take(24);
    let mut letters = 0;
    for byte in name {
        match byte {
            b'.' | b':' | b' ' | b'_' | b'"' | b'\'' if letters == 0 => {}
            b'a'..=b'z' | b'A'..=b'Z' | 0x80.. => letters += 1,
            b'.' | b'_' | b' ' | b'-' => break,
            _ => return false,
        }
    }
    letters >= 2
}

/// What separates a group of digits from the one that `rest` goes on with: how many bytes, and the mark
/// that tells.
#[inline(always)]
fn separator(rest: &[u8]) -> Option<(usize, u8)> {
    Some(match rest {
        // Most stand one blank or mark apart.
        [mark @ (b'-' | b' ' | b'.' | b'/'), b'0'..=b'9', ..] => (1, *mark),
        [b')', b' ' | b'-', b'(' | b'0'..=b'9', ..] => (2, b')'),
        [b')', b'0'..=b'9', ..] => (1, b')'),
        [b' ' | b'-', b'(', b'0'..=b'9', ..] => (2, b'('),
        [b'(', b'0'..=b'9', ..] => (1, b'('),
        [b' ', b'-', b' ', b'0'..=b'9', ..] => (3, b'-'),
        [0xC2, 0xA0, b'0'..=b'9', ..] => (2, b' '),
        _ => return None,
    })
}

fn is_extension(text: &[u8], at: usize) -> bool {
    text[at].eq_ignore_ascii_case(&b'x') && text.get(at + 1).is_some_and(u8::is_ascii_digit)
}

const EXTENSIONS: [&[u8]; 4] = [b"extension", b"ext.", b"ext", b"x"];

/// Where an extension ends: `x12`, ` ext. 12`.
fn extension(text: &[u8], end: usize) -> usize {
    let rest = &text[end..(end + 16).min(text.len())];
    let skip = rest
        .iter()
        .take_while(|byte| matches!(byte, b' ' | b','))
        .count();
    let word = EXTENSIONS.iter().find(|word| {
        rest[skip..].len() > word.len() && rest[skip..skip + word.len()].eq_ignore_ascii_case(word)
    });
    let Some(word) = word else { return end };
    let mut at = skip + word.len();
    while rest.get(at) == Some(&b' ') {
        at += 1;
    }
    let digits = rest[at..]
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    if (1..=6).contains(&digits) {
        end + at + digits
    } else {
        end
    }
}

/// The least digits of a number.
const LEAST: usize = 6;

/// The most digits and groups of a number.
const MOST: usize = 15;
const GROUPS: usize = 8;

/// Groups of digits as they are weighed: all of them, or fewer.
struct Number<'a> {
    text: &'a [u8],
    start: usize,
    digits: [u8; MOST + 1],
    count: usize,
    /// Where each group ends, from the start on, how many digits it has, and how many it has with those before it.
    ends: [u8; GROUPS],
    lengths: [u8; GROUPS],
    totals: [u8; GROUPS],
    /// What stands before each group.
    marks: [u8; GROUPS],
    /// How many digits are like the first.
    alike: u8,
}

impl<'a> Number<'a> {
    /// Reads groups with one separator between.
    fn read(text: &'a [u8], start: usize) -> Self {
        let mut number = Self {
            text,
            start,
            digits: [0; MOST + 1],
            count: 0,
            ends: [0; GROUPS],
            lengths: [0; GROUPS],
            totals: [0; GROUPS],
            marks: [0; GROUPS],
            alike: 0,
        };
        let all = text.get(start..).unwrap_or_default();
        let (mut at, mut mark, mut total) = (0, 0, 0);
        for group in 0..GROUPS {
            let before = total;
            while let Some(digit) = all.get(at).map(|byte| byte.wrapping_sub(b'0'))
                && digit < 10
                && total <= MOST
            {
                number.digits[total] = digit;
                (at, total) = (at + 1, total + 1);
            }
            if total == before || total > MOST {
                total = before;
                break;
            }
            number.ends[group] = at as u8;
            number.lengths[group] = (total - before) as u8;
            number.totals[group] = total as u8;
            number.marks[group] = mark;
            number.count = group + 1;
            let Some((step, sign)) = separator(&all[at..]) else {
                break;
            };
            mark = sign;
            at += step;
            at += usize::from(all.get(at) == Some(&b'('));
        }
        let digits = &number.digits[..total];
        let is_like = |digit: &&u8| Some(*digit) == digits.first();
        number.alike = digits.iter().take_while(is_like).count() as u8;
        number
    }

    /// Whether two digits and a blank stand before it: bytes of a dump, `02 03 04 05 06`.
    fn is_in_pairs(&self) -> bool {
        let before = &self.text[..self.start];
        let is_pair = matches!(before, [.., b'0'..=b'9', b'0'..=b'9', b' ']);
        is_pair && !before[..before.len() - 3].ends_with(b".")
    }

    /// Whether so many groups, and all fewer, have too few digits or the same digit only.
    fn is_short(&self, count: usize) -> bool {
        let total = self.totals[count - 1];
        usize::from(total) < LEAST || self.alike >= total
    }

    /// The score of so many groups, which are not short.
    fn weigh(&self, count: usize, plus: bool, open: bool) -> Option<f32> {
        let text = self.text;
        let total = usize::from(self.totals[count - 1]);
        let digits = &self.digits[..total];
        let lengths = &self.lengths[..count];
        let marks = &self.marks[1..count];
        let number = |from: usize, to: usize| {
            digits[from..to]
                .iter()
                .fold(0_u32, |value, digit| value * 10 + u32::from(*digit))
        };
        if !plus && !open && is_date(lengths, digits, &number) {
            return None;
        }
        // `+999999-12-31 23:59`, `-002024-03-10`: a year of six digits has its sign (ISO 8601).
        if let [6, 2, 2, ..] = lengths
            && marks[..2] == *b"--"
            && (1..=12).contains(&number(6, 8))
            && (1..=31).contains(&number(8, 10))
            && (digits.starts_with(&[0, 0])
                || is_at_time(&text[self.start + usize::from(self.ends[2])..]))
        {
            return None;
        }
        // A version, and what stands behind it: `1.6.1 (2022-12-09)`.
        if let [1, 1, 1, ..] = lengths
            && marks[..2] == *b".."
        {
            return None;
        }
        // An address of the internet, unless a group is no byte of one.
        if marks.iter().all(|mark| *mark == b'.')
            && count == 4
            && lengths.iter().all(|length| *length <= 3)
            && (0..4).all(|at| {
                let to = usize::from(self.totals[at]);
                let from = to - usize::from(lengths[at]);
                let value = number(from, to);
                value <= 255 && (lengths[at] == 1 || digits[from] != 0)
            })
            && !plus
        {
            return None;
        }
        if plus {
            // `+351 000 000 000` stands for a number.
            let rest = &digits[total.min(3)..];
            if rest.windows(2).all(|pair| pair[0] == pair[1]) {
                return None;
            }
            return international(digits).then_some(if count > 1 { 0.8 } else { 0.75 });
        }
        let start = self.start;
        let follows = start >= 2 && text[start - 1] == b' ' && text[start - 2].is_ascii_digit();
        if digits.starts_with(&[0, 0])
            && lengths[0] > 1
            && !follows
            && total >= 10
            && international(&digits[2..])
            && count > 1
        {
            return Some(0.6);
        }
        let same = |marks: &[u8]| marks.windows(2).all(|pair| pair[0] == pair[1]);
        let uniform = same(marks);
        match lengths {
            [3, 3, 4] if (uniform || open) && digits[0] >= 2 => {
                return Some(if open || marks.contains(&b'-') || marks.contains(&b'.') {
                    0.55
                } else {
                    0.5
                });
            }
            [1, 3, 3, 4] if digits[0] == 1 && digits[1] >= 2 => return Some(0.55),
            // France: five pairs.
            [2, 2, 2, 2, 2]
                if uniform && digits[0] == 0 && digits[1] > 0 && !self.is_in_pairs() =>
            {
                return Some(0.6);
            }
            // Mobile numbers of the United Kingdom.
            [5, 6] | [5, 3, 3] if digits[0] == 0 && digits[1] == 7 => return Some(0.5),
            // Mobile numbers of the Philippines, Turkey, Nigeria: eleven digits that begin with 0.
            [11] if digits[0] == 0 && matches!(digits[1], 5 | 7 | 9) => return Some(0.5),
            [4, 3, 2, 2]
                if (uniform || open && same(&marks[1..])) && digits[0] == 0 && digits[1] >= 2 =>
            {
                return Some(0.55);
            }
            [1, 3, 3, 2, 2] if digits[0] == 0 && digits[1] >= 2 => return Some(0.55),
            [3, 3, 2, 2] if uniform && digits[0] == 5 => return Some(0.5),
            // Switzerland and Sweden: an area, three, two and two; Sweden also three, three and two.
            [3, 3, 2, 2] if digits[0] == 0 && digits[1] >= 2 && same(&marks[1..]) => {
                return Some(0.55);
            }
            [2, 3, 3, 2] if digits[0] == 0 && digits[1] > 0 && marks[0] == b'-' => {
                return Some(0.5);
            }
            // Spain.
            [3, 2, 2, 2] if same(marks) && marks[0] == b' ' && digits[0] >= 6 => return Some(0.5),
            // Italy, mobile.
            [3, 7] if marks == [b' '] && digits[0] == 3 && digits[1] >= 2 => return Some(0.5),
            // The Netherlands and Germany: area code - number.
            [2, 8] if marks == [b'-'] && digits[..2] == [0, 6] => return Some(0.5),
            [3..=5, 6..=8] if marks == [b'-'] && digits[0] == 0 && digits[1] > 0 => {
                return Some(0.5);
            }
            [4, 3, 4] if digits[0] == 0 && matches!(digits[1], 5 | 7 | 8 | 9) => return Some(0.5),
            // Ireland, Israel, New Zealand, Romania, the Netherlands: an area, three and four.
            [3, 3, 4] if uniform && digits[0] == 0 && digits[1] > 0 => return Some(0.5),
            [4, 3, 3] if uniform && digits[..2] == [0, 7] => return Some(0.5),
            [2, 3, 4] if uniform && marks[0] == b'-' && digits[0] == 0 && digits[1] > 0 => {
                return Some(0.5);
            }
            // Japan, mobile and fixed; Australia and Brazil with their area in brackets.
            [3, 4, 4]
                if uniform
                    && digits[0] == 0
                    && digits[2] == 0
                    && matches!(digits[1], 5 | 7..=9) =>
            {
                return Some(0.55);
            }
            [2, 4, 4]
                if (uniform && marks[0] == b'-' || open) && digits[0] == 0 && digits[1] > 0 =>
            {
                return Some(0.5);
            }
            [2, 5, 4] if open && digits[0] > 0 && digits[2] == 9 => return Some(0.55),
            [2, 4, 4] if open && digits[0] > 0 && (2..=5).contains(&digits[2]) => {
                return Some(0.5);
            }
            // Hungary: behind 06 an area, three, and three or four.
            [2, 1 | 2, 3, 3 | 4] if digits[..2] == [0, 6] && digits[2] > 0 => return Some(0.5),
            // Austria and Germany, mobile.
            [4, 6..=8] if marks == [b' '] && digits[..2] == [0, 6] && digits[2] >= 5 => {
                return Some(0.5);
            }
            [4, 7 | 8]
                if marks == [b' '] && digits[..2] == [0, 1] && (5..=7).contains(&digits[2]) =>
            {
                return Some(0.5);
            }
            // Germany, Austria, Switzerland, Italy: area code / number.
            [3..=5, 4..=8] if digits[0] == 0 && marks == [b'/'] => return Some(0.5),
            _ => {}
        }
        (total >= 7 || (total == LEAST && count > 1)).then_some(WITH_WORD)
    }
}

/// Whether a time of day stands there: ` 23:59`, `T23:59`.
fn is_at_time(rest: &[u8]) -> bool {
    matches!(rest, [b' ' | b'T', b'0'..=b'9', b'0'..=b'9', b':', ..])
}

/// 2026-11-24, 24.11.2026, 24/11/26, 20261124.
fn is_date(lengths: &[u8], digits: &[u8], number: &dyn Fn(usize, usize) -> u32) -> bool {
    let day = |value: u32| (1..=31).contains(&value);
    let month = |value: u32| (1..=12).contains(&value);
    let year = |value: u32| (1_900..=2_100).contains(&value);
    match lengths {
        [4, 2, 2] => year(number(0, 4)) && month(number(4, 6)) && day(number(6, 8)),
        [2, 2, 4] => day(number(0, 2)) && day(number(2, 4)) && year(number(4, 8)),
        [4, 2, 2, ..] => year(number(0, 4)) && month(number(4, 6)) && day(number(6, 8)),
        [8] => year(number(0, 4)) && month(number(4, 6)) && day(number(6, 8)),
        [4, 4] => year(number(0, 4)) && year(number(4, 8)),
        _ => digits.len() == 14 && year(number(0, 4)) && month(number(4, 6)) && day(number(6, 8)),
    }
}

/// Whether digits behind `+` are a country code and a number of its length.
fn international(digits: &[u8]) -> bool {
    let one = digits[0];
    let two = one * 10 + digits.get(1).copied().unwrap_or(0);
    let fits = |code: usize, least: usize, most: usize| {
        (least..=most).contains(&(digits.len() - code.min(digits.len())))
    };
    match (one, two) {
        (0, _) => false,
        // North America; a local number of seven digits stands in examples.
        (1, _) => fits(1, 10, 10) || fits(1, 7, 7),
        (7, _) => fits(1, 10, 10),
        (_, 33 | 31 | 34 | 61 | 66) => fits(2, 8, 10),
        (_, 44) => fits(2, 9, 11),
        (_, 52 | 63 | 90 | 91) => fits(2, 10, 11),
        (
            _,
            20
            | 27
            | 30
            | 32
            | 36
            | 39
            | 40
            | 41
            | 43
            | 45
            | 46
            | 47
            | 48
            | 49
            | 51
            | 53..=58
            | 60
            | 62
            | 64
            | 65
            | 81
            | 82
            | 84
            | 86
            | 92..=95
            | 98,
        ) => fits(2, 6, 12),
        (
            _,
            21..=26 | 29 | 35 | 37 | 38 | 42 | 50 | 59 | 67 | 68 | 80 | 85 | 87 | 88 | 96 | 97 | 99,
        ) => fits(3, 6, 11),
        _ => false,
    }
}
