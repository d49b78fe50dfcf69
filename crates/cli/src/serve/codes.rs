//! A code on the server's terminal that a person types into the page: the confirmation of a
//! dangerous command where the page is in a browser, in which nothing native can be asked.
//!
//! In: what is to be confirmed. Out: a code; the same back for the right one. One code at a time,
//! a few tries, two minutes. Not here: what is asked (the engine), showing it (`serve`).

use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

use assay_engine::error::{Code, WireError};
use serde_json::Value;

/// How long a code is good for, milliseconds.
pub(crate) const LIVES_MS: i64 = 120_000;
/// Tries for one code.
const TRIES: u32 = 3;
/// Wrong codes until the server takes no more, whatever they were for: guessing a code of six
/// digits this often succeeds once in 33,000 times.
const WRONG: u32 = 30;
/// Codes of six digits.
const CODES: u32 = 1_000_000;

/// The code that is waited for.
#[derive(Default)]
pub(crate) struct Codes(Mutex<State>);

#[derive(Default)]
struct State {
    waiting: Option<Waiting>,
    wrong: u32,
}

struct Waiting {
    code: String,
    name: String,
    input: Value,
    until_ms: i64,
    left: u32,
}

fn refused(message: impl Into<String>, hint: &str) -> WireError {
    WireError::new(Code::NotConfirmed, message).hint(hint)
}

impl Codes {
    /// A fresh code for a command. An earlier one that nobody typed is good for nothing any more.
    pub(crate) fn ask(&self, name: &str, input: Value, now_ms: i64) -> Result<String, WireError> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.wrong >= WRONG {
            return Err(refused(
                "too many wrong codes were typed",
                "start `assay serve` again",
            ));
        }
        let code = fresh()?;
        state.waiting = Some(Waiting {
            code: code.clone(),
            name: name.to_owned(),
            input,
            until_ms: now_ms + LIVES_MS,
            left: TRIES,
        });
        Ok(code)
    }

    /// The command and its input whose code was typed.
    pub(crate) fn take(&self, typed: &str, now_ms: i64) -> Result<(String, Value), WireError> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(mut waiting) = state.waiting.take() else {
            return Err(refused(
                "no code is waited for",
                "do it again for a new one",
            ));
        };
        if waiting.until_ms < now_ms {
            return Err(refused("the code is too old", "do it again for a new one"));
        }
        let typed: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
        if typed == waiting.code {
            return Ok((waiting.name, waiting.input));
        }
        state.wrong += 1;
        waiting.left -= 1;
        if waiting.left == 0 || state.wrong >= WRONG {
            return Err(refused(
                "that was not the code, and it is good for nothing any more",
                "do it again for a new one",
            ));
        }
        let mut message = "that is not the code".to_owned();
        let _ = write!(
            message,
            ": {} more {}",
            waiting.left,
            if waiting.left == 1 { "try" } else { "tries" }
        );
        state.waiting = Some(waiting);
        Err(refused(
            message,
            "it stands in the terminal where `assay serve` runs",
        ))
    }
}

/// Six digits, each code as likely as every other.
fn fresh() -> Result<String, WireError> {
    loop {
        let mut random = [0_u8; 4];
        getrandom::fill(&mut random)
            .map_err(|error| WireError::new(Code::Internal, format!("no randomness: {error}")))?;
        let number = u32::from_le_bytes(random);
        if number < u32::MAX - u32::MAX % CODES {
            return Ok(format!("{:06}", number % CODES));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(codes: &Codes) -> String {
        codes.ask("trail.reveal", Value::Null, 0).unwrap()
    }

    fn wrong(code: &str) -> &'static str {
        if code == "000000" { "000001" } else { "000000" }
    }

    #[track_caller]
    fn refused(codes: &Codes, typed: &str, now_ms: i64, text: &str) {
        let error = codes.take(typed, now_ms).unwrap_err();
        assert_eq!(error.code, Code::NotConfirmed);
        assert!(error.message.contains(text), "{error}");
    }

    #[test]
    fn a_code_is_good_once_for_two_minutes_and_three_tries() {
        let codes = Codes::default();
        let code = asked(&codes);
        assert_eq!(code.len(), 6);
        refused(&codes, wrong(&code), 0, "2 more tries");
        refused(&codes, "", 0, "1 more try");
        let spaced = format!(" {} {} ", &code[..3], &code[3..]);
        assert_eq!(codes.take(&spaced, LIVES_MS).unwrap().0, "trail.reveal");
        refused(&codes, &code, 0, "no code is waited for");
        let code = asked(&codes);
        for text in ["2 more", "1 more", "good for nothing"] {
            refused(&codes, wrong(&code), 0, text);
        }
        refused(&codes, &code, 0, "no code is waited for");
        let code = asked(&codes);
        refused(&codes, &code, LIVES_MS + 1, "too old");
    }

    #[test]
    fn a_new_code_ends_the_one_before_and_guessing_comes_to_an_end() {
        let codes = Codes::default();
        let first = asked(&codes);
        let second = asked(&codes);
        if first != second {
            refused(&codes, &first, 0, "2 more tries");
        }
        for _ in 0..WRONG {
            let Ok(code) = codes.ask("trail.reveal", Value::Null, 0) else {
                return;
            };
            let _ = codes.take(wrong(&code), 0);
        }
        let closed = codes.ask("trail.reveal", Value::Null, 0).unwrap_err();
        assert!(closed.message.contains("too many"), "{closed}");
    }
}
