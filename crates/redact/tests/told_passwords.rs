//! Passwords that are plain words, by the sentences that tell them, and sentences about passwords that tell none.

#![expect(
    clippy::unwrap_used,
    reason = "a panic here is a failing test with its line"
)]

use assay_redact::policy::{DEFAULT, Policy};
use assay_redact::redaction::entities;

/// What of a text is a password.
fn passwords(text: &str) -> Vec<String> {
    let policy = Policy::parse(DEFAULT).unwrap();
    entities(text, &policy)
        .iter()
        .filter(|entity| &*entity.entity_type == "PASSWORD")
        .map(|entity| text[entity.start..entity.end].to_owned())
        .collect()
}

fn tells(texts: &[(&str, &str)]) {
    for (text, expected) in texts {
        assert_eq!(passwords(text), [*expected], "{text}");
    }
}

fn tells_none(texts: &[&str]) {
    for text in texts {
        assert_eq!(passwords(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn a_word_that_a_sentence_goes_on_behind_is_one() {
    tells(&[
        ("use the password pineapple on staging", "pineapple"),
        ("log in with my password marigold and restart", "marigold"),
        ("set the password to tangerine on all hosts", "tangerine"),
        (
            "benutze das Passwort Pusteblume für den Server",
            "Pusteblume",
        ),
        (
            "utilise le mot de passe tournesol pour le serveur",
            "tournesol",
        ),
        ("använd lösenordet solros för servern", "solros"),
    ]);
    tells_none(&[
        "use the password generator on staging",
        "use the password shown on the screen",
        "log in with password authentication and restart",
        "with password rules for each user",
        "set the password to expire on all hosts",
        "das Passwort steht im Wörterbuch",
        "utilise le mot de passe habituel pour le serveur",
    ]);
}

#[test]
fn sentences_of_other_languages_tell_them() {
    tells(&[
        ("adgangskoden til serveren er regnbue.", "regnbue"),
        ("mitt lösenord är jordgubbe", "jordgubbe"),
        ("passordet til ruteren er fjelltopp", "fjelltopp"),
        ("wifin salasana on mansikka", "mansikka"),
        ("hasło do serwera to truskawka.", "truskawka"),
        ("heslo k serveru je jahoda.", "jahoda"),
        ("het wachtwoord van de server is aardbei.", "aardbei"),
        ("パスワードは「himawari」です。", "himawari"),
        ("密码是 xiangrikui，请登录", "xiangrikui"),
        ("비밀번호는 haebaragi 입니다", "haebaragi"),
    ]);
    tells_none(&[
        "adgangskoden er forkert",
        "angivne adgangskoder er krypterede",
        "lösenordet är felaktigt",
        "passordet er ugyldig",
        "salasana on vanhentunut",
        "hasło jest nieprawidłowe",
        "heslo je povinné",
        "パスワードは8文字以上です。",
        "密码是错误的",
        "비밀번호는 필수입니다",
    ]);
}

#[test]
fn several_words_and_capitals_alone_may_be_one() {
    tells(&[
        (
            "the password is purple monkey dishwasher",
            "purple monkey dishwasher",
        ),
        (
            "password: correct horse battery staple",
            "correct horse battery staple",
        ),
        ("The password is SWORDFISH", "SWORDFISH"),
    ]);
    tells_none(&[
        "the password is case sensitive everywhere",
        "password: the words that you chose",
        "The password is REQUIRED",
        "PASSWORD: STRING",
    ]);
}

#[test]
fn curl_is_given_one_without_a_blank() {
    tells(&[("curl -ujo:pineapple https://example.org", "pineapple")]);
    tells_none(&[
        "curl -ujo https://example.org",
        "curl -u \"$USER:$PASS\" https://example.org",
    ]);
}
