//! What became of a planted value: found whole, in part, or missed.
//!
//! In: a text, what was planted, and what a filter answered: where it found something, or the text
//! as it left it. Out: the outcome. Whatever a filter calls what it found, it is masked all the same,
//! so names do not count here. Not here: asking the filter.

use super::Planted;

/// What became of a planted value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Every letter and digit of it.
    Found,
    /// Some of them: the rest would still be read.
    Partly,
    Missed,
}

impl Outcome {
    /// The name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Found => "found",
            Self::Partly => "partly",
            Self::Missed => "missed",
        }
    }
}

/// By where something was found: bytes of `text`, half-open, in any order.
pub fn by_spans(text: &str, planted: &Planted, spans: &[(usize, usize)]) -> Outcome {
    let (mut all, mut covered) = (0_usize, 0_usize);
    for (at, character) in text[planted.start..planted.end].char_indices() {
        if !character.is_alphanumeric() {
            continue;
        }
        let at = planted.start + at;
        all += 1;
        covered += usize::from(
            spans
                .iter()
                .any(|(start, end)| (*start..*end).contains(&at)),
        );
    }
    match covered {
        0 => Outcome::Missed,
        _ if covered == all => Outcome::Found,
        _ => Outcome::Partly,
    }
}

/// By the text as a filter left it: what of the value can still be read there.
///
/// Half of the value, and at least five characters, has to stand there in one piece to count as
/// left; what stood elsewhere in the text too tells nothing.
pub fn by_redacted(text: &str, planted: &Planted, redacted: &str) -> Outcome {
    let written = &text[planted.start..planted.end];
    if redacted.contains(written) {
        return Outcome::Missed;
    }
    let characters: Vec<char> = written.chars().collect();
    let length = (characters.len() / 2).max(LEAST_LEFT);
    let around = format!("{}\u{0}{}", &text[..planted.start], &text[planted.end..]);
    let is_left = characters.windows(length).any(|piece| {
        let piece: String = piece.iter().collect();
        redacted.contains(&piece) && !around.contains(&piece)
    });
    if is_left {
        Outcome::Partly
    } else {
        Outcome::Found
    }
}

/// Characters in one piece that are no chance.
const LEAST_LEFT: usize = 5;

#[cfg(test)]
mod tests {
    use super::*;

    fn planted(text: &str, value: &str) -> Planted {
        let start = text.find(value).unwrap();
        Planted {
            start,
            end: start + value.len(),
            label: "X".to_owned(),
            value: value.to_owned(),
        }
    }

    #[test]
    fn spans_have_to_cover_every_letter_and_digit() {
        let text = "call +44 7700 900123 now";
        let value = planted(text, "+44 7700 900123");
        let check = |spans: &[(usize, usize)], outcome| {
            assert_eq!(by_spans(text, &value, spans), outcome, "{spans:?}");
        };
        check(&[(5, 20)], Outcome::Found);
        check(&[(6, 20)], Outcome::Found);
        check(&[(6, 13), (14, 20)], Outcome::Found);
        check(&[(9, 20)], Outcome::Partly);
        check(&[(0, 4), (21, 24)], Outcome::Missed);
        check(&[], Outcome::Missed);
    }

    #[test]
    fn what_is_left_of_a_value_is_told_from_the_text_around_it() {
        let text = "mail amber.birch@example.com or help@example.com";
        let value = planted(text, "amber.birch@example.com");
        let check = |redacted: &str, outcome| {
            assert_eq!(by_redacted(text, &value, redacted), outcome, "{redacted}");
        };
        check("mail {EMAIL} or {EMAIL}", Outcome::Found);
        check("mail [EMAIL] or help@example.com", Outcome::Found);
        check("mail amber.birch@exa*** or {EMAIL}", Outcome::Partly);
        check(text, Outcome::Missed);
        check("Sorry, this was blocked.", Outcome::Found);
    }
}
