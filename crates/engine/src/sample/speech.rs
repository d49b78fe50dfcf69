//! Filling sentences so that a conversation stays on its subject: an answer speaks of the loss, the
//! policy and the place that were asked about.
//!
//! In: sentences with places to fill (`words`) and chance. Out: text. Not here: the words.

use crate::sample::chance::Chance;
use crate::sample::words::slots::SLOTS;

/// What a conversation is about: an answer takes these up again.
const SUBJECTS: [&str; 19] = [
    "ref", "policy", "line", "peril", "clause", "item", "event", "damage", "business", "exposure",
    "control", "loss_run", "survey", "system", "fault", "task", "role", "city", "amount",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Something that was not said before, where there is such.
    Fresh,
    /// What was said before, where it was.
    Recalled,
}

/// The words of one conversation.
pub(crate) struct Speech<'a> {
    pub(crate) chance: &'a mut Chance,
    said: Vec<(&'static str, String)>,
}

impl<'a> Speech<'a> {
    /// A conversation that has not begun.
    pub(crate) fn new(chance: &'a mut Chance) -> Self {
        Self {
            chance,
            said: Vec::new(),
        }
    }

    /// Sentences about something new.
    pub(crate) fn ask(&mut self, template: &'static str) -> String {
        let mut text = String::new();
        self.fill(template, Way::Fresh, &mut text);
        capitalised(&text)
    }

    /// Sentences about what was said.
    pub(crate) fn reply(&mut self, template: &'static str) -> String {
        let mut text = String::new();
        self.fill(template, Way::Recalled, &mut text);
        capitalised(&text)
    }

    /// A value about what was said, as a tool takes it.
    pub(crate) fn value(&mut self, template: &'static str) -> String {
        let mut text = String::new();
        self.fill(template, Way::Recalled, &mut text);
        text
    }

    fn fill(&mut self, template: &'static str, way: Way, out: &mut String) {
        let mut rest = template;
        while let Some(open) = rest.find('{') {
            let Some(close) = rest[open..].find('}') else {
                break;
            };
            out.push_str(&rest[..open]);
            let place = &rest[open + 1..open + close];
            let filling = self.filling(place, way);
            out.push_str(&filling);
            rest = &rest[open + close + 1..];
        }
        out.push_str(rest);
    }

    fn filling(&mut self, place: &'static str, way: Way) -> String {
        if way == Way::Recalled && SUBJECTS.contains(&place) {
            let said: Vec<&String> = self
                .said
                .iter()
                .filter(|(name, _)| *name == place)
                .map(|(_, text)| text)
                .collect();
            if !said.is_empty() {
                return said[self.chance.below(said.len() as u64) as usize].clone();
            }
        }
        let mut text = String::new();
        for _ in 0..3 {
            text = self.fresh(place, way);
            if !self
                .said
                .iter()
                .any(|(name, said)| *name == place && *said == text)
            {
                break;
            }
        }
        self.said.push((place, text.clone()));
        text
    }

    fn fresh(&mut self, place: &'static str, way: Way) -> String {
        const CODE: &[u8] = b"ABCDEFGHJKLMNPRSTUVWXYZ";
        let chance = &mut *self.chance;
        match place {
            "ref" => format!(
                "CLM-{}-{}",
                chance.letters(CODE, 3),
                chance.within(1_000, 9_999)
            ),
            "policy" => format!(
                "{}-{}-{}",
                chance.pick(&["MOT", "HOM", "LIA", "COM", "CYB"]),
                chance.letters(CODE, 2),
                chance.within(100, 999)
            ),
            "amount" => format!("{},{:03} EUR", chance.within(1, 96), chance.below(20) * 50),
            "premium" => format!("{} EUR", chance.within(18, 99) * 10),
            "percent" => format!("{} %", chance.within(2, 38)),
            "count" => chance.within(2, 19).to_string(),
            "days" => format!("{} days", chance.within(3, 42)),
            "hour" => format!("{}:{:02}", chance.within(6, 22), chance.below(4) * 15),
            // Before the sample begins: nobody reports a loss that is still to come.
            "date" => format!(
                "{} {}",
                chance.within(1, 28),
                chance.pick(&["May", "June", "July", "August"])
            ),
            other => {
                let choices = SLOTS
                    .iter()
                    .find(|(name, _)| *name == other)
                    .map_or(&[][..], |(_, choices)| choices);
                if choices.is_empty() {
                    return other.to_owned();
                }
                let chosen: &'static str = chance.pick(choices);
                let mut text = String::new();
                self.fill(chosen, way, &mut text);
                text
            }
        }
    }
}

/// The text with a capital at the beginning of each sentence and line.
fn capitalised(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut begins, mut ended) = (true, false);
    for letter in text.chars() {
        begins |= letter == '\n' || (ended && letter == ' ');
        ended = matches!(letter, '.' | '?' | '!');
        if begins && letter.is_alphanumeric() {
            out.extend(letter.to_uppercase());
            begins = false;
        } else {
            out.push(letter);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_begin_with_capitals() {
        let text = "one. two 3.5 EUR? three\n1. four: five\n- \"six\"";
        assert_eq!(
            capitalised(text),
            "One. Two 3.5 EUR? Three\n1. Four: five\n- \"Six\""
        );
    }

    #[test]
    fn an_answer_speaks_of_what_was_asked() {
        let mut chance = Chance::of("speech");
        let mut speech = Speech::new(&mut chance);
        let asked = speech.ask("Loss {ref} in {city}");
        assert_eq!(speech.reply("Loss {ref} in {city}"), asked);
        assert_ne!(speech.ask("Loss {ref} in {city}"), asked);
    }
}
