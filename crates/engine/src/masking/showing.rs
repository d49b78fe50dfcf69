//! The parts of a call as they are shown: its texts, and a tool's input value by value.
//!
//! In: a call's exchange and what becomes of each text. Out: parts with segments; of a tool's input each
//! with where in it it stands. What can hold nothing about anybody (`true`, an empty list) is shown as
//! well: a reader sees all that the tool was given. Not here: what is masked (`masking`).

use assay_domain::exchange::{Exchange, Part, Step, Written};
use assay_redact::conversation;
use assay_redact::operators::Numbering;
use assay_redact::redaction::{self, Redacted, redact};

use super::{Masker, NamedPart, segment_of};
use crate::trail::view::{MaskedPart, Segment};

/// Characters of one field that a screen shows.
const PART_SHOWN: usize = 200_000;
/// Values of one tool's input that a screen shows, and of those behind them in which something was found.
const VALUES_SHOWN: usize = 1_000;

type Show<'a> = dyn Fn(redaction::Segment) -> String + 'a;

/// The request's and the response's parts, each segment as `show` puts it.
pub(super) fn parts(
    masker: &Masker,
    exchange: &Exchange,
    show: &Show<'_>,
) -> (Vec<MaskedPart>, Vec<MaskedPart>) {
    let mut numbering = Numbering::default();
    let named: Vec<NamedPart> = exchange
        .everything()
        .into_iter()
        .map(NamedPart::of)
        .collect();
    let mut texts = masker.texts(&named);
    for (text, named) in texts.iter_mut().zip(&named) {
        if named.part.written == Written::Literal {
            text.text = "";
        }
    }
    let redacted = conversation::redact(&texts, masker.key(), &mut numbering);
    let (mut request, mut response) = (Side::default(), Side::default());
    for (named, redacted) in named.into_iter().zip(redacted) {
        let part = named.part;
        let steps = exchange.steps(&part);
        let (segments, cut) = match part.written {
            Written::Literal => (vec![segment_of(part.text.clone(), None)], 0),
            Written::Text | Written::Number => segments(redacted, show),
        };
        let side = match part.field.is_request() {
            true => &mut request,
            false => &mut response,
        };
        side.put(masker, part, &steps, (segments, cut), &mut numbering);
    }
    (request.parts, response.parts)
}

/// What is shown of one side of a call so far.
#[derive(Default)]
struct Side {
    parts: Vec<MaskedPart>,
    /// Where the tool's input stands that the last value is of, how many of its values are shown, and how
    /// many of those behind the most in which something was found.
    input: String,
    values: usize,
    found: usize,
    label: Option<String>,
    /// The list that the last value is an item of, where it is no text.
    list: Option<List>,
}

/// Items of a list that are read as one line.
struct List {
    steps: Vec<Step>,
    path: String,
    first: usize,
    last: usize,
}

impl Side {
    fn put(
        &mut self,
        masker: &Masker,
        part: Part,
        steps: &[Step],
        (segments, cut): (Vec<Segment>, u64),
        numbering: &mut Numbering,
    ) {
        let input = part
            .input()
            .map_or(part.pointer.as_str(), |(input, _)| input);
        if input != self.input {
            input.clone_into(&mut self.input);
            (self.values, self.found, self.list) = (0, 0, None);
            self.label = part.label.map(|label| masker.plain(&label));
        }
        self.values += 1;
        if self.values > VALUES_SHOWN {
            let is_found = segments.iter().any(|one| one.entity_type.is_some());
            self.found += usize::from(is_found);
            if let (true, Some(last)) = (
                !is_found || self.found > VALUES_SHOWN,
                self.parts.last_mut(),
            ) {
                last.cut += segments
                    .iter()
                    .map(|one| one.text.chars().count() as u64)
                    .sum::<u64>();
                return;
            }
        }
        let item = match steps {
            [list @ .., Step::Place(place)] if part.written != Written::Text => {
                Some((list, *place))
            }
            _ => None,
        };
        if let (Some((list, place)), Some(open)) = (item, &mut self.list)
            && list == open.steps.as_slice()
            && place == open.last + 1
            && let Some(line) = self.parts.last_mut()
        {
            open.last = place;
            line.path = Some(format!("{}[{} to {place}]", open.path, open.first));
            let comma = segment_of(", ".to_owned(), None);
            for segment in [comma].into_iter().chain(segments) {
                // Of a long list of plain numbers a screen gets one text, which it folds.
                match line.segments.last_mut() {
                    Some(last) if last.entity_type.is_none() && segment.entity_type.is_none() => {
                        last.text.push_str(&segment.text);
                    }
                    _ => line.segments.push(segment),
                }
            }
            line.cut += cut;
            return;
        }
        self.list = item.map(|(list, place)| List {
            steps: list.to_vec(),
            path: path(masker, list, numbering).unwrap_or_default(),
            first: place,
            last: place,
        });
        self.parts.push(MaskedPart {
            field: part.field,
            turn: part.turn.and_then(|turn| u32::try_from(turn).ok()),
            label: self.label.clone(),
            // Names of the Messages form alone: what somebody chose stands in the path.
            pointer: self.input.clone(),
            path: path(masker, steps, numbering),
            segments,
            cut,
        });
    }
}

/// Where in a tool's input a value stands, masked: `rows[0].account`. `None` for what is no value of one,
/// and for an input that is one value.
pub(crate) fn path(masker: &Masker, steps: &[Step], numbering: &mut Numbering) -> Option<String> {
    let mut path = String::new();
    for step in steps {
        match step {
            Step::Place(place) => path.push_str(&format!("[{place}]")),
            Step::Name(name) => {
                let is_word = name
                    .chars()
                    .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
                // A name in a program is nobody's; the model of names takes many for some.
                let policy = match is_word {
                    true => masker.nameless(),
                    false => masker.whole(),
                };
                let shown = redact(name, policy, masker.key(), numbering).text;
                match is_word && shown == *name {
                    true if path.is_empty() => path.push_str(name),
                    true => path.push_str(&format!(".{name}")),
                    false => path.push_str(&format!("[{}]", serde_json::Value::from(shown))),
                }
            }
        }
    }
    (!path.is_empty()).then_some(path)
}

/// The segments of a text that a screen shows, and how many characters are left out.
fn segments(redacted: Redacted, show: &Show<'_>) -> (Vec<Segment>, u64) {
    let mut segments = Vec::new();
    let (mut shown, mut cut) = (0, 0_u64);
    for segment in redacted.segments {
        let (entity, kept) = (segment.entity.clone(), segment.operator == Some("keep"));
        let text = show(segment);
        let length = text.chars().count();
        if shown + length > PART_SHOWN {
            let rest = PART_SHOWN.saturating_sub(shown);
            cut += (length - rest) as u64;
            if rest > 0 && entity.is_none() {
                segments.push(segment_of(text.chars().take(rest).collect(), None));
            }
            shown = PART_SHOWN;
            continue;
        }
        shown += length;
        segments.push(Segment {
            kept,
            ..segment_of(text, entity)
        });
    }
    (segments, cut)
}
