//! Text cut into words, numbers, signs and line breaks, each with its place.
//!
//! A word is a run of letters and digits, with an apostrophe between letters (`O'Brien`) but for a
//! possessive `'s`. Ideographs and syllables of Hangul are words of one character each, since nothing separates them. Not here:
//! what a word means.

/// What stands at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// Letters, perhaps with digits.
    Word,
    /// Digits only.
    Number,
    /// One other character.
    Sign,
    /// One or more line breaks with what blanks are between them.
    Break,
}

/// A piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// Byte offsets, half-open.
    pub start: usize,
    pub end: usize,
    pub sort: Sort,
    /// Whether a blank stands before it on its line.
    pub is_apart: bool,
    /// Of a sign the character, otherwise the first one.
    pub first: char,
}

impl Word {
    /// Whether it holds a letter.
    pub fn is_word(&self) -> bool {
        self.sort == Sort::Word
    }

    /// Whether a line ends with it.
    pub fn ends_line(&self) -> bool {
        self.sort == Sort::Break
    }

    /// Whether a sentence may end with it.
    pub fn ends_sentence(&self) -> bool {
        self.sort == Sort::Sign && matches!(self.first, '.' | '!' | '?' | ';' | '。')
    }

    /// Its text.
    pub fn of<'a>(&self, text: &'a str) -> &'a str {
        &text[self.start..self.end]
    }
}

/// Whether words are not separated from what hangs on them: Han, kana, Thai, and Hangul with its endings.
fn stands_alone(c: char) -> bool {
    matches!(u32::from(c), 0x0E00..=0x0E7F | 0x3040..=0x30FF | 0x3400..=0x9FFF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF)
}

/// Letters, marks over letters and digits.
fn is_inner(c: char) -> bool {
    c.is_alphanumeric() || matches!(u32::from(c), 0x0300..=0x036F | 0x0900..=0x0DFF)
}

/// Appends the pieces of `text` to `words`. Blanks are no pieces.
pub fn split(text: &str, words: &mut Vec<Word>) {
    let mut characters = text.char_indices().peekable();
    let mut is_apart = false;
    while let Some((start, first)) = characters.next() {
        let mut end = start + first.len_utf8();
        let sort = if first == '\n' || first == '\r' {
            while let Some((at, c)) = characters.next_if(|(_, c)| c.is_whitespace()) {
                end = at + c.len_utf8();
            }
            Sort::Break
        } else if first.is_whitespace() {
            is_apart = true;
            continue;
        } else if is_inner(first) && !stands_alone(first) {
            let mut has_letter = !first.is_numeric();
            let mut before = first;
            while let Some((at, c)) = characters.peek().copied() {
                let joins = matches!(c, '\'' | '’') && before.is_alphabetic() && {
                    let mut rest = text[at + c.len_utf8()..].chars();
                    let next = rest.next();
                    let is_possessive = matches!(next, Some('s' | 'S'))
                        && !rest.next().is_some_and(char::is_alphanumeric);
                    next.is_some_and(char::is_alphabetic) && !is_possessive
                };
                if !joins && (!is_inner(c) || stands_alone(c)) {
                    break;
                }
                characters.next();
                has_letter |= c.is_alphabetic();
                before = c;
                end = at + c.len_utf8();
            }
            match has_letter {
                true => Sort::Word,
                false => Sort::Number,
            }
        } else if stands_alone(first) {
            Sort::Word
        } else {
            Sort::Sign
        };
        words.push(Word {
            start,
            end,
            sort,
            is_apart,
            first,
        });
        is_apart = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let mut words = Vec::new();
        split(text, &mut words);
        let pieces: Vec<&str> = words.iter().map(|word| word.of(text)).collect();
        assert_eq!(pieces, expected);
    }

    #[test]
    fn words_keep_their_apostrophes_and_lose_their_possessives() {
        check("Ann O'Brien's car", &["Ann", "O'Brien", "'", "s", "car"]);
        check("d’Arc", &["d’Arc"]);
        check("'quoted'", &["'", "quoted", "'"]);
    }

    #[test]
    fn hyphens_and_signs_stand_alone() {
        check("Jean-Luc, 12b", &["Jean", "-", "Luc", ",", "12b"]);
        check("a@b.example", &["a", "@", "b", ".", "example"]);
    }

    #[test]
    fn lines_break_once() {
        check("a \n \n b\r\nc", &["a", "\n \n ", "b", "\r\n", "c"]);
    }

    #[test]
    fn ideographs_are_words_of_one_character() {
        check("王小明 Li", &["王", "小", "明", "Li"]);
    }
}
