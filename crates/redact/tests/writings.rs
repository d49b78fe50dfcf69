//! A value is found however it is written, stays hidden in every writing of what is left, and what
//! was redacted once stays as it is.

use assay_redact::detect::{detect, detect_with};
use assay_redact::operators::Numbering;
use assay_redact::policy::{DEFAULT, MASKING, Policy};
use assay_redact::recognizers::Recognizers;
use assay_redact::redaction::redact;
use assay_redact::scan::Scratch;
use proptest::prelude::*;

/// Values that need nothing around them.
const VALUES: [&str; 8] = [
    "ann.lee@example.com",
    "4111 1111 1111 1111",
    "DE89 3704 0044 0532 0130 00",
    "536-90-4399",
    "+44 7700 900123",
    "sk-ant-api03-Zk3v9QpLmXw7RtYbN2sHd8Fg",
    "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    "203.0.113.77",
];

fn base64(text: &str) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    text.as_bytes()
        .chunks(3)
        .flat_map(|chunk| {
            let bits = chunk
                .iter()
                .fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte))
                << (8 * (3 - chunk.len()));
            (0..4).map(move |place| {
                if place > chunk.len() {
                    '='
                } else {
                    ALPHABET[(bits >> (18 - 6 * place) & 63) as usize] as char
                }
            })
        })
        .collect()
}

fn each(text: &str, write: impl Fn(char) -> String) -> String {
    text.chars().map(write).collect()
}

/// How a value may be written, by a name.
fn writings(value: &str) -> Vec<(&'static str, String)> {
    let odd = |c: char| !c.is_ascii_alphanumeric();
    vec![
        ("plain", value.to_owned()),
        ("json", each(value, |c| format!("\\u{:04x}", c as u32))),
        (
            "json marks",
            each(value, |c| {
                if odd(c) && c != ' ' {
                    format!("\\u{:04x}", c as u32)
                } else {
                    c.to_string()
                }
            }),
        ),
        (
            "json twice",
            each(value, |c| {
                if odd(c) {
                    format!("\\\\u{:04x}", c as u32)
                } else {
                    c.to_string()
                }
            }),
        ),
        ("percent", each(value, |c| format!("%{:02X}", c as u32))),
        (
            "percent marks",
            each(value, |c| {
                if odd(c) {
                    format!("%{:02X}", c as u32)
                } else {
                    c.to_string()
                }
            }),
        ),
        ("html", each(value, |c| format!("&#{};", c as u32))),
        ("html hex", each(value, |c| format!("&#x{:x};", c as u32))),
        (
            "base64",
            base64(&format!("the value is {value} and no other")),
        ),
        (
            "base64 twice",
            base64(&base64(&format!("the value is {value} and no other"))),
        ),
        (
            "hex",
            format!("the value is {value} indeed")
                .bytes()
                .map(|byte| format!("{byte:02x}"))
                .collect(),
        ),
        (
            "full width",
            each(value, |c| {
                char::from_u32(c as u32 + 0xFEE0)
                    .filter(|_| c.is_ascii_graphic())
                    .unwrap_or(c)
                    .to_string()
            }),
        ),
        (
            "quoted-printable",
            format!(
                "=3D {}",
                each(value, |c| {
                    if odd(c) {
                        format!("={:02X}", c as u32)
                    } else {
                        c.to_string()
                    }
                })
            ),
        ),
        ("line that goes on", {
            let (front, rest) = value.split_at(value.len() / 2 + 1);
            format!("{front}=\r\n{rest}")
        }),
        (
            "blanks between",
            value
                .chars()
                .map(String::from)
                .collect::<Vec<_>>()
                .join(" "),
        ),
        ("zero width", each(value, |c| format!("{c}\u{200B}"))),
        ("soft hyphen", each(value, |c| format!("{c}\u{AD}"))),
        (
            "full width escaped",
            each(value, |c| {
                if c.is_ascii_digit() {
                    format!("\\uff1{c}")
                } else {
                    c.to_string()
                }
            }),
        ),
    ]
}

#[test]
fn a_value_is_found_in_every_writing() {
    let recognizers = Recognizers::with(Vec::new()).unwrap();
    let mut missed = Vec::new();
    for value in VALUES {
        let plain = detect(value, &recognizers, 0.5);
        let kind = &plain[0].entity_type;
        for (name, written) in writings(value) {
            for text in [
                written.clone(),
                format!("so {written} it is"),
                format!("{{\"x\":\"{written}\"}}"),
            ] {
                let found = detect(&text, &recognizers, 0.5);
                let start = text.find(&written).unwrap();
                let covers = found.iter().any(|entity| {
                    entity.start <= start + written.len() / 4
                        && entity.end + written.len() / 4 >= start + written.len()
                });
                if !covers || !found.iter().any(|entity| entity.entity_type == *kind) {
                    missed.push(format!("{kind} {name}: {found:?}"));
                }
            }
        }
    }
    assert!(
        missed.is_empty(),
        "{} missed:\n{}",
        missed.len(),
        missed.join("\n")
    );
}

#[test]
fn digits_of_other_scripts_and_look_alike_letters_are_read() {
    let recognizers = Recognizers::with(Vec::new()).unwrap();
    let check = |text: &str, kind: &str| {
        let found = detect(text, &recognizers, 0.5);
        assert!(
            found.iter().any(|entity| entity.entity_type == kind),
            "{text}: {found:?}"
        );
    };
    check("card ٤١١١ ١١١١ ١١١١ ١١١١ ok", "CREDIT_CARD");
    check("write to аnn@exаmple.com", "EMAIL_ADDRESS");
    check("4111\u{A0}1111\u{A0}1111\u{A0}1111", "CREDIT_CARD");
    check("4111–1111–1111–1111", "CREDIT_CARD");
    check("{\"card\\n4111111111111111\"}", "CREDIT_CARD");
    check("\u{1b}[1mann@example.com\u{1b}[0m", "EMAIL_ADDRESS");
}

#[test]
fn the_header_of_a_column_is_a_context() {
    let recognizers = Recognizers::with(Vec::new()).unwrap();
    let table = "name,ssn,amount\nsomebody,536904399,12\nanother,219091234,17\n";
    let found = detect(table, &recognizers, 0.5);
    assert_eq!(
        found
            .iter()
            .filter(|entity| entity.entity_type == "US_SSN")
            .count(),
        2,
        "{found:?}"
    );
}

/// What stands otherwise is looked through with its surroundings, which must not begin in a placeholder.
#[test]
fn a_placeholder_at_the_edge_of_what_is_written_otherwise_is_none_the_less_one() {
    let policy = Policy::parse(DEFAULT).unwrap();
    for length in 90..130 {
        let around = "x".repeat(length);
        for source in [
            format!("from [IP_ADDRESS:dd28a3a903b1ce19] IBAN {around} é\u{200B}"),
            format!("é\u{200B} {around} IBAN [IP_ADDRESS:dd28a3a903b1ce19]"),
        ] {
            assert_eq!(text(&policy, &source), source);
        }
    }
}

#[test]
fn a_label_counts_however_it_is_written() {
    let recognizers = Recognizers::with(Vec::new()).unwrap();
    for (text, expected) in [
        ("sort code 20-51-32", "UK_SORT_CODE"),
        (r#"{"sort_code": "20-51-32"}"#, "UK_SORT_CODE"),
        ("<sortCode>20-51-32</sortCode>", "UK_SORT_CODE"),
        ("account-number=31926819&next=1", "US_BANK_NUMBER"),
        ("| PIN | 4821 |", "PIN"),
        ("name,cvv,city\nAnna,871,Oslo", "CARD_CODE"),
        ("- **Plate number:** 7ABC123", "LICENSE_PLATE"),
        ("they gave 7ABC123 as plate number", "LICENSE_PLATE"),
        // Words for the numbers of any State, and a check digit.
        ("national identity number 10000000146", "TR_NATIONAL_ID"),
        ("tax id: 86095742719", "DE_TAX_ID"),
    ] {
        let found = detect(text, &recognizers, 0.5);
        assert!(
            found.iter().any(|entity| entity.entity_type == expected),
            "{text}: {found:?}"
        );
    }
    for text in [
        "postal PIN code: 560001",
        "the pin on the board, then 4821",
        "order 10000000146 came",
        "**** **** **** 1111 CVC: none",
        "PIN ***-**-4821",
    ] {
        assert_eq!(detect(text, &recognizers, 0.5), [], "{text}");
    }
}

#[test]
fn a_field_or_a_heading_speaks_for_its_value() {
    let recognizers = Recognizers::with(Vec::new()).unwrap();
    let values = |text: &str| -> Vec<String> {
        detect(text, &recognizers, 0.5)
            .iter()
            .map(|it| format!("{} {}", it.entity_type, &text[it.start..it.end]))
            .collect()
    };
    let expected = ["PERSON Vastenhouw", "LOCATION Luboń", "ZIP_CODE 03-373"];
    for text in [
        r#"{"lastName": "Vastenhouw", "city": "Luboń", "postalCode": "03-373"}"#,
        "<r><LAST_NAME>Vastenhouw</LAST_NAME><City>Luboń</City><zip-code>03-373</zip-code></r>",
        "last_name: Vastenhouw\ncity: Luboń\npostal_code: 03-373\n",
        "UPDATE t SET last_name = 'Vastenhouw', city = 'Luboń', postcode = '03-373'",
    ] {
        assert_eq!(values(text), expected, "{text}");
    }
    let csv = "id,last name,city,zip\n1,Vastenhouw,Luboń,03-373\n2,\"de la Ruë\",Oslo,0150\n";
    assert!(
        values(csv).contains(&"PERSON de la Ruë".to_owned()),
        "{:?}",
        values(csv)
    );
    let table = "| id | Password | Status |\n|---|---|---|\n| 1 | !7u1*rMq33 | open |\n| 2 | Wr9#kk2Zq | open |";
    assert_eq!(values(table), ["PASSWORD !7u1*rMq33", "PASSWORD Wr9#kk2Zq"]);
    for text in [
        "class User:\n    last_name: str\n    city: Optional[str] = None\n",
        "t (last_name VARCHAR(40), city TEXT, street TEXT)",
        "First name, last name and city are required.\nThe rest, so far, is not.",
        "capacity: Large, electricity: Cheap",
    ] {
        assert_eq!(values(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn bytes_that_are_no_text_are_looked_through() {
    let recognizers = Recognizers::with(Vec::new()).unwrap();
    let mut scratch = Scratch::default();
    let mut bytes = b"\xff\xfe\x80 mail ann@example.com \xc3".to_vec();
    bytes.extend([0xE2, 0x82]);
    let found = detect_with(&bytes, &recognizers, 0.5, &mut scratch);
    assert_eq!(&bytes[found[0].start..found[0].end], b"ann@example.com");
    assert_eq!(found.len(), 1);
}

fn text(policy: &Policy, text: &str) -> String {
    redact(
        text,
        policy,
        b"a key of the tests",
        &mut Numbering::default(),
    )
    .text
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn what_was_redacted_stays_and_holds_no_value(
        parts in proptest::collection::vec((0..VALUES.len(), 0..15_usize, "[ -~]{0,12}", any::<bool>()), 1..5),
    ) {
        for policy in [DEFAULT, MASKING] {
            let policy = Policy::parse(policy).unwrap();
            let mut source = String::new();
            for (value, writing, around, line) in &parts {
                source.push_str(around);
                source.push_str(if *line { "\n" } else { " " });
                source.push_str(&writings(VALUES[*value])[*writing].1);
                source.push(' ');
            }
            let once = text(&policy, &source);
            prop_assert_eq!(&text(&policy, &once), &once, "of {:?}", source);
        }
    }

    #[test]
    fn no_bytes_stop_it(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        let recognizers = Recognizers::with(Vec::new()).unwrap();
        let found = detect_with(&bytes, &recognizers, 0.0, &mut Scratch::default());
        let mut last = 0;
        for entity in found {
            prop_assert!(entity.start >= last && entity.start < entity.end && entity.end <= bytes.len());
            last = entity.end;
        }
    }
}
