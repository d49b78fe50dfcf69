//! Every recognizer finds its examples and leaves its negative examples alone, through the whole
//! engine.

use assay_redact::detect::{Entity, detect};
use assay_redact::policy::Policy;
use assay_redact::recognizers::{Category, Recognizers};
use assay_redact::redaction::entities;
use assay_redact::validators;
use proptest::prelude::*;

#[test]
fn every_example_is_found_and_every_negative_example_is_left_alone() {
    let recognizers = Recognizers::with(Vec::new()).unwrap();
    let mut wrong = Vec::new();
    for recognizer in recognizers.iter() {
        let source = &recognizer.source;
        assert!(
            !source.examples.is_empty(),
            "{} has no example",
            source.name
        );
        assert!(
            !source.negative_examples.is_empty(),
            "{} has no negative example",
            source.name
        );
        for example in &source.examples {
            let found = detect(example, &recognizers, 0.5);
            // Of two that say the same of a key the one that knows its vendor names it.
            let is_it = |entity: &Entity| {
                entity.entity_type == source.entity_type
                    || source.category == Category::Secret && entity.category == Category::Secret
            };
            if !found.iter().any(is_it) {
                wrong.push(format!(
                    "{} misses its example {example:?}; found {:?}",
                    source.name, found
                ));
            }
        }
        for example in &source.negative_examples {
            let found = detect(example, &recognizers, 0.5);
            if found
                .iter()
                .any(|entity| entity.entity_type == source.entity_type)
            {
                wrong.push(format!(
                    "{} finds its negative example {example:?}",
                    source.name
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_secret_in_an_address_that_is_cut_off_for_a_number_is_found_once_with_it() {
    let recognizers = Recognizers::with(Vec::new()).unwrap();
    let text = format!(
        "https://host.example/a?b=c{}-DE89 3704 0044 0532 0130 00 ann@example.com",
        "password=".repeat(12)
    );
    let found = detect(&text, &recognizers, 0.5);
    let in_order = found.windows(2).all(|pair| pair[0].end <= pair[1].start);
    assert!(in_order, "{found:?}");
    let number = text.find("DE89").unwrap();
    assert!(
        found
            .iter()
            .any(|one| one.start <= number && one.end >= number + 27),
        "{found:?}"
    );
}

/// What manuals, forms and programs say of passwords, in several languages.
#[test]
fn what_is_said_of_passwords_is_none() {
    let recognizers = Recognizers::with(Vec::new()).unwrap();
    for text in [
        "The password is encrypted, and the passphrase is shown once.",
        "Your password will be reset. If the password is sunflower, change it.",
        "Das Passwort ist abgelaufen. Ihr Kennwort ist ungültig.",
        "le mot de passe est expiré, la contraseña es demasiado corta",
        "la password è scaduta; a senha é obrigatória; het wachtwoord is vervallen",
        "What is a password?\nSomething only you know.\n\nForgot your password?\nReset",
        "| Field | Type |\n|---|---|\n| password | string |\n| password | required | x |\n",
        "msgid \"Password\"\nmsgstr \"Passwort\"\npassword: Mot de passe\n",
        "password = get_password()\nself.password = password\npassword: str\n",
        "interface Login {\n  password: string\n}",
        "<label>Password:</label> <i>optional</i><password>string</password>",
        "machine learning, login and password handling",
        "passwd: compat\ngroup: compat\n",
        "<li><a href=\"#p\"><code>password</code></a></li><li><a href=\"#r\"><code>registry</code></a></li>",
        "kind: SealedSecret\nspec:\n  encryptedData:\n    password: AgBy3i4OJSWK+PiTySYZZA9rO43cGDEqe8Kq1jBv3zQ7YhJxN0wM5tLpXkR2vC8sFfUdGaIbEoHnTyWmKzQlPrSvXuZcAe1D\n",
    ] {
        let found = detect(text, &recognizers, 0.5);
        let secret = found.iter().find(|it| it.category == Category::Secret);
        assert!(secret.is_none(), "{text}: {secret:?}");
    }
}

#[test]
fn a_password_is_found_whole_wherever_it_is_kept() {
    let recognizers = Recognizers::with(Vec::new()).unwrap();
    for (text, value) in [
        (
            "kind: Secret\nstringData:\n  user: orders\n  password: plum-orchard\n",
            "plum-orchard",
        ),
        (
            "kind: Secret\ndata:\n  conn: cGx1bS1vcmNoYXJk\n",
            "cGx1bS1vcmNoYXJk",
        ),
        ("creds are jo / Orchard77!", "Orchard77!"),
        ("ID/PW: jo/Orchard77!", "Orchard77!"),
        ("The wifi password is birnbaum, isn't it?", "birnbaum"),
        ("- **Password:** birnbaum\n- **Host:** db\n", "birnbaum"),
        ("<li>Password: <b>birnbaum</b></li>", "birnbaum"),
        ("| Login | jo |\n| Password | birnbaum |\n", "birnbaum"),
        ("A: what's the password?\nB: it's birnbaum.", "birnbaum"),
        ("network={\n  psk=\"alt birnbaum\"\n}", "alt birnbaum"),
        (
            "mqtt.connect(url, {username: 'edge', password: 'raincloud'})",
            "raincloud",
        ),
        (
            "access-points:\n  Hof:\n    password: \"birnbaum\"\n",
            "birnbaum",
        ),
        ("Driver=x;UID=jo;PWD={Orchard@77!};", "Orchard@77!"),
        (
            "<entry key=\"db.password\">Orchard77!</entry>",
            "Orchard77!",
        ),
        (
            "COPY t (login, password) FROM stdin;\njo\tbirnbaum\n\\.\n",
            "birnbaum",
        ),
        (
            "spring.mail.username=jo\nspring.mail.password=birnbaum\n",
            "birnbaum",
        ),
        (
            "jdbc:pg://db/app?user=app&password=riverstone",
            "riverstone",
        ),
    ] {
        let found = detect(text, &recognizers, 0.5);
        let whole = found.iter().any(|one| &text[one.start..one.end] == value);
        assert!(whole, "{text}: {found:?}");
    }
    for text in [
        "user: str\npassword: SecretStr\n",
        "const form = { username: 'required', password: 'required' };",
        "host: db\npassword: db-password\n",
        "kind: Secret\nmetadata:\n  name: frontend\n  namespace: orderdesk\n",
        "self.host=host\nself.password=password\n",
        "login flow is auth/login2",
    ] {
        let found = detect(text, &recognizers, 0.5);
        let secret = found.iter().find(|one| one.category == Category::Secret);
        assert!(secret.is_none(), "{text}: {found:?}");
    }
}

proptest! {
    /// A check is asked of what a pattern matched, and of less of it: patterns of one's own may match anything.
    #[test]
    fn no_check_stumbles_whatever_it_is_asked(text in "[0-9A-Za-z .,/é-]{0,24}|[0-9]{0,20}|\\PC{0,12}") {
        let recognizers = Recognizers::with(Vec::new()).unwrap();
        for name in recognizers.iter().filter_map(|one| one.source.validator.as_ref()) {
            validators::named(name).unwrap()(&text);
        }
    }
}

#[test]
fn what_only_a_name_tells_says_which_name_and_whether_it_is_a_heading() {
    let check = |text: &str, value: &str, expected: &str| {
        let policy = Policy::parse("name = \"a\"\nversion = \"1\"\nnames = \"off\"\n[operators]\ndefault = { operator = \"replace\" }\n").unwrap();
        let found = entities(text, &policy);
        let one = found
            .iter()
            .find(|one| &text[one.start..one.end] == value)
            .unwrap_or_else(|| panic!("{text}: {found:?}"));
        assert!(
            one.why.sentences().iter().any(|why| why == expected),
            "{:?}",
            one.why
        );
    };
    check(
        "{\"lastName\": \"Bertin\"}",
        "Bertin",
        "\"lastname\" names its field",
    );
    check(
        "id,last_name,city\n17,Vastenhouw,Utrecht",
        "Vastenhouw",
        "\"last_name\" heads its column",
    );
}
