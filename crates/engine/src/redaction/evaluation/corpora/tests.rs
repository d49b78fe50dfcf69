//! Each form of a corpus, and what is none.

use super::*;

fn all(corpus: &str) -> Result<(Format, Vec<Labelled>)> {
    let mut all = Vec::new();
    let format = read(corpus.as_bytes(), None, &mut |one| {
        all.push(one);
        Ok(())
    })?;
    Ok((format, all))
}

/// Start, end and label.
type Expected<'a> = (usize, usize, &'a str);

fn check(corpus: &str, format: Format, expected: &[(&str, &[Expected<'_>])]) {
    let (found, all) = all(corpus).unwrap();
    assert_eq!(found, format);
    let all: Vec<_> = all
        .iter()
        .map(|one| {
            let spans: Vec<_> = one
                .spans
                .iter()
                .map(|span| (span.start, span.end, span.label.as_str()))
                .collect();
            (one.text.as_str(), spans)
        })
        .collect();
    let expected: Vec<_> = expected
        .iter()
        .map(|(text, spans)| (*text, spans.to_vec()))
        .collect();
    assert_eq!(all, expected);
}

#[test]
fn presidio_is_read_as_an_array_and_as_lines() {
    let one = r#"{"full_text":"é Ann {\"x\"}","masked":null,"spans":[{"entity_type":"PERSON","entity_value":"Ann","start_position":2,"end_position":5}]}"#;
    let text = "é Ann {\"x\"}";
    check(one, Format::Presidio, &[(text, &[(2, 5, "PERSON")])]);
    check(
        &format!("[\n {one},\n {one}\n]\n"),
        Format::Presidio,
        &[(text, &[(2, 5, "PERSON")]), (text, &[(2, 5, "PERSON")])],
    );
    let moved = one.replace("\"start_position\":2", "\"start_position\":1");
    let error = all(&format!("[\n{moved}]")).unwrap_err();
    assert_eq!(
        error.message,
        "line 2 has a span 1–5 where its value does not stand"
    );
    assert!(all("[{\"full_text\":\"a\"").is_err());
}

#[test]
fn conll_gives_sentences_with_spans_in_every_scheme() {
    check(
        "-DOCSTART- -X- O O\n\nÉva NNP B-PER\nSmith NNP I-PER\nof IN O\nParis NNP I-LOC\n\nAcme\tS-ORG\nIT\tB-ORG\nAG\tE-ORG\nBonn\tU-LOC\n",
        Format::Conll,
        &[
            ("Éva Smith of Paris", &[(0, 9, "PER"), (13, 18, "LOC")]),
            (
                "Acme IT AG Bonn",
                &[(0, 4, "ORG"), (5, 10, "ORG"), (11, 15, "LOC")],
            ),
        ],
    );
    // IOB1: a B- only parts two neighbours of one label.
    check(
        "A I-PER\nB B-PER\nC I-PER\n",
        Format::Conll,
        &[("A B C", &[(0, 1, "PER"), (2, 5, "PER")])],
    );
    assert_eq!(
        all("Ann B-PER\nsecret\n").unwrap_err().message,
        "line 2 is no word with a tag"
    );
}

#[test]
fn csv_is_read_with_a_row_a_span_or_a_list_a_row() {
    check(
        "id,text,label,start,end,lang\n1,\"Ann, é Bo\",PERSON,0,3,en\n1,\"Ann, é Bo\",PERSON,7,9,en\n2,none,,,,en\n",
        Format::Csv,
        &[
            ("Ann, é Bo", &[(0, 3, "PERSON"), (7, 9, "PERSON")]),
            ("none", &[]),
        ],
    );
    check(
        "text;spans\nAnn;\"[{\"\"start\"\":0,\"\"end\"\":3,\"\"label\"\":\"\"PER\"\"}]\"\n",
        Format::Csv,
        &[("Ann", &[(0, 3, "PER")])],
    );
    assert_eq!(
        all("text,label,start,end\nAnn,PER,x,3\n")
            .unwrap_err()
            .message,
        "line 2 has a start or an end that is no number"
    );
}

#[test]
fn what_is_of_no_known_form_says_so_and_quotes_nothing() {
    let error = all("secret words of somebody\n").unwrap_err();
    assert_eq!(error.message, "line 1 is of no known form");
}
