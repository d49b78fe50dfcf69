//! Passwords that are plain words amid a sentence that goes on behind them: `use the password banana on staging`.
//!
//! In: the word that a sentence hands on and what stands beside it, or the words that it calls a password. Out: yes or
//! no. What else such sentences have there (`use the password manager`) is told by the nouns that follow a password and
//! by how words end. Not here: sentences that end with the word, and where both are read (`told`).

use super::told;

/// Nouns that follow `password` and make one of both.
const NOUNS: &str = "\
    agent aging alert algorithm analyzer app application area argument array attack audit authenticator backend \
    backup block book box browser cache callback card changer check checker class cleaner client code collector \
    column combo combination complexity component config container context control cookie cracker criteria crypto \
    daemon database default dialog dictionary digest domain driver dump edit encoder encryptor engine entropy entry \
    error event expert expiration expiry export factory failure feature field file filler filter flag flow folder \
    form format function gate generator grant group guess guesser guide handler hasher hashes hash header helper hint \
    history holder icon import index input interface item job keeper keychain keyring label layer leak length letter \
    level library limit link list locker lockout login logic logon lookup manager mapper mask master matcher meter \
    method mode model module monitor notice notifier object option options order owner package page pair param \
    parameter parser part pattern phrase plugin pointer policies policy pool popup portal post prefix problem \
    process profile prompt provider proxy query question quality reader recorder record recovery register renewal \
    reset reminder request resetter resolver result retrieval reveal rotation rotator routine row rule rules safe salt scanner \
    schema scheme screen script section server service session setter setting settings setup sheet shell sign signin \
    size slot source spray sprayer standard state status step store strategy strength string style submit suffix sync \
    system table target task template tester theft theme thing ticket time timeout tips token toggle tool topic track \
    tracker trick type update user username users utility validator value variable variant vault verifier version view \
    viewer wallet widget window wizard wrapper writer zone access auth support guessing plus alone anyway both each \
    sharing spraying sniffing instead twice first second third later every either neither rather whose while where \
    before after because since until unless though around across against among behind beyond during except inside \
    toward under upon versus would could should might shall these those their which without within \
    associated piped initially again correctly directly properly separately securely normally field-level";

/// The same in other languages: what is said of a password that a sentence hands on.
const ABROAD: &str = "\
    feld datei manager richtlinie weiterhin erneut nochmal wieder unten oben bitte nicht immer hier jetzt sofort \
    dafür habituel habituelle suivant suivante fourni ci-dessous ci-joint toujours ensuite encore actuel ancien \
    anterior siguiente siempre abajo actual nuevamente solamente también seguinte abaixo sempre novamente hieronder \
    hierboven opnieuw alleen altijd precedente seguente sotto sempre anche ancora poniżej głównego ponownie zawsze \
    znovu níže vždy nedenfor igjen igen altid alltid nedan istedet istället uudelleen alla aina forfra stedet \
    forkert feil galt också også også endast bare kun wciąż tylko także pouze také";

/// How words end that are hardly a password somebody chose.
const ENDINGS: &str = "\
    ed ing able ible tion sion ment ity ance ence ive ous ful ly ness ship ism ist ure ado ada ido ida ato ata uto \
    uta ito ita é ée és lich bar iert ung heit keit elle uel iet ych ego ý ého ået";

/// Words that join others, which no row of chosen words has.
const JOINING: &str = "\
    the and for with that this from must can should will would may used using not are was were been your you has have \
    its when than then only into inside under until but all any please enter which who how required one two too very \
    more most less least such also still even just now here there never always often our out off over own same some no \
    yes new old per via let lets get gets got set sets put make made makes need needs be is it in on at by to of or as \
    an my we he she his her them they their what where why because while if so do does did";

/// What stands before a password that is handed on: `use the password …`, `log in with …`.
const WITH: &str = "\
    with using use enter type try mit benutze nutze verwende nimm avec utilise utilisez con usa com gebruik met użyj z \
    použij s brug med använd bruk käytä";

/// What goes on behind it.
const BEHIND: &str = "\
    on for to at in and from when if until before after today yesterday everywhere please then für am auf im um zum an pour sur \
    dans para en no na do da voor op om per su nel til på för till palvelimella verkossa";

/// Whether a word hands a password on.
pub(super) fn is_with(word: &str) -> bool {
    WITH.split_whitespace().any(|it| it == word)
}

/// Words of these that leave no room for a verb at the end of a sentence: `use the password sunflower.`
const USING: [&str; 5] = ["use", "using", "enter", "type", "try"];

/// Whether the words before the name hand a password on, and the sentence goes on or ends behind it so that it was
/// no part of what follows.
pub(super) fn is_handed(clause: &str, rest: &[u8]) -> bool {
    const NEAR: usize = 3;
    let is_end = rest.first().is_none_or(|byte| b".!".contains(byte));
    let mut words = clause.split_whitespace().rev().take(NEAR);
    words.any(|word| is_with(word) && (!is_end || USING.contains(&word)))
}

/// Whether a sentence goes on or ends behind a word.
pub(super) fn goes_on(rest: &[u8]) -> bool {
    let Some((b' ', rest)) = rest.split_first() else {
        return rest.first().is_none_or(|byte| b".!".contains(byte));
    };
    let end = rest
        .iter()
        .take(MOST)
        .position(|byte| *byte == b' ' || *byte == b'\n');
    let word = std::str::from_utf8(&rest[..end.unwrap_or(rest.len().min(MOST))]);
    word.is_ok_and(|word| BEHIND.split_whitespace().any(|it| it == word))
}

/// Bytes of the longest word behind.
const MOST: usize = 16;

/// Whether a sentence hands a word on as a password.
pub(super) fn is_word(word: &str) -> bool {
    let lower = word.to_lowercase();
    let is_among = |list: &str, word: &str| list.split_whitespace().any(|it| it == word);
    let ends = |word: &str| ENDINGS.split_whitespace().any(|end| word.ends_with(end));
    // `with password rules for`: plurals as well.
    let one = lower.strip_suffix('s').unwrap_or(&lower);
    told::is_plain(word)
        && ![&lower, one]
            .into_iter()
            .any(|word| is_among(NOUNS, word) || ends(word))
        && !is_among(ABROAD, &lower)
}

/// Whether words are a row that somebody chose, and no sentence: `purple monkey dishwasher`.
pub(crate) fn is_row(words: &str) -> bool {
    let ends = |word: &str| {
        ["ed", "ly", "able", "ible"]
            .iter()
            .any(|end| word.ends_with(end))
    };
    let is_joining = |word: &str| JOINING.split_whitespace().any(|it| it == word) || ends(word);
    let words = || words.split([' ', '-']);
    words().filter(|word| told::is_said_of(word)).count() < 2 && !words().any(is_joining)
}

#[cfg(test)]
mod tests {
    use super::{is_row, is_word};

    #[test]
    fn what_follows_a_password_is_none() {
        for word in [
            "banana",
            "sunflower",
            "meadowlark",
            "Sonnenblume",
            "tournesol",
            "girassol",
        ] {
            assert!(is_word(word), "{word}");
        }
        for word in [
            "manager",
            "field",
            "authentication",
            "shown",
            "habituel",
            "rules",
            "stored",
        ] {
            assert!(!is_word(word), "{word}");
        }
    }

    #[test]
    fn words_that_make_a_sentence_are_no_row() {
        for words in ["purple monkey dishwasher", "correct horse battery staple"] {
            assert!(is_row(words), "{words}");
        }
        for words in [
            "stored inside the keychain",
            "case sensitive everywhere",
            "required when signing",
        ] {
            assert!(!is_row(words), "{words}");
        }
    }
}
