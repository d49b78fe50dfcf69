//! What stands against a policy is said before it is put in force, and what nobody tried is unknown.

use std::path::Path;

use assay_domain::exchange::READING;

use super::*;
use crate::imports::import;
use crate::opening::EngineOptions;
use crate::redaction::evaluation::Measure;
use crate::redaction::policies::view::{PutInForce, SavePolicy};
use crate::redaction::policies::{in_force, put_in_force, save};
use crate::redaction::rehearsal::view::Rehearse;
use crate::redaction::test_sets;
use crate::redaction::test_sets::view::MakeSet;

const NOW: i64 = 1_800_000_000_000;

struct Desk {
    engine: Engine,
    folder: tempfile::TempDir,
}

fn desk() -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let mut options = EngineOptions::writing(folder.path().join("store"));
    options.clock = std::sync::Arc::new(|| NOW);
    options.user = "ann".to_owned();
    options.state = Some(folder.path().join("state"));
    let engine = Engine::open(options).unwrap();
    Desk { engine, folder }
}

/// As the program's own, but for some operators and what else is added.
fn policy(operators: &str, more: &str) -> String {
    format!(
        "name = \"claims\"\nversion = \"1\"\nnames = \"fast\"\n[operators]\n\
         default = {{ operator = \"replace\" }}\n\
         DATE_TIME = {{ operator = \"keep\" }}\nAGE = {{ operator = \"keep\" }}\n\
         ORGANIZATION = {{ operator = \"keep\" }}\n{operators}{more}"
    )
}

impl Desk {
    fn filled() -> Self {
        let desk = desk();
        let log = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../tests/fixtures/logs/bedrock-invocations.jsonl");
        import(&desk.engine, &[log], Some("claims"), &Progress::silent()).unwrap();
        desk
    }

    fn save(&self, operators: &str, more: &str) {
        let toml = policy(operators, more);
        save(&self.engine, SavePolicy { toml, note: None }).unwrap();
    }

    fn labelled(&self, count: usize) {
        let corpus: String = (0..count)
            .map(|number| {
                format!(
                    "{{\"text\":\"Write to jo{number:02}@example.com\",\"spans\":[{{\"start\":9,\"end\":25,\"label\":\"EMAIL_ADDRESS\"}}]}}\n"
                )
            })
            .collect();
        let made = MakeSet {
            name: "mails".to_owned(),
            ..MakeSet::default()
        };
        test_sets::make(&self.engine, made).unwrap();
        self.more(&corpus);
    }

    fn more(&self, corpus: &str) {
        test_sets::import_from(
            &self.engine,
            "mails",
            corpus.as_bytes(),
            &Measure::default(),
        )
        .unwrap();
    }

    fn standing(&self) -> Gate {
        standing(&self.engine, claims()).unwrap()
    }

    fn run(&self) -> Gate {
        run(&self.engine, &claims(), &Progress::silent()).unwrap()
    }

    fn put(&self, reason: Option<&str>) -> Result<()> {
        let put = PutInForce {
            name: "claims".to_owned(),
            deployment: None,
            reason: reason.map(str::to_owned),
        };
        put_in_force(&self.engine, put).map(drop)
    }
}

fn claims() -> AskGate {
    AskGate {
        name: Some("claims".to_owned()),
        deployment: None,
    }
}

#[track_caller]
fn said(gate: &Gate, name: &str) -> (GateState, String) {
    let one = gate.points.iter().find(|one| one.point == name).unwrap();
    (one.state, one.says.clone())
}

#[test]
fn what_nobody_tried_is_unknown_and_takes_a_reason_that_is_on_record() {
    let ann = Desk::filled();
    ann.save("", "");
    let gate = ann.standing();
    let (state, says) = said(&gate, "rehearsal");
    assert_eq!(state, GateState::Unknown);
    assert!(
        says.starts_with("Not rehearsed against `default`: what becomes of "),
        "{says}"
    );
    assert_eq!(said(&gate, "test_sets").0, GateState::Unknown);
    assert_eq!(
        (gate.needs_reason, gate.against, gate.unknown),
        (true, 0, 2)
    );
    for reason in [None, Some("  "), Some("too short")] {
        let error = ann.put(reason).unwrap_err();
        assert_eq!(error.code, Code::BadInput);
        assert!(
            error
                .message
                .contains("2 of 5 points of `claims@1` are not clear"),
            "{error:?}"
        );
    }
    assert_eq!(
        in_force(&ann.engine).unwrap(),
        "default",
        "nothing was done"
    );
    ann.put(Some("the works council wants it today")).unwrap();
    assert_eq!(in_force(&ann.engine).unwrap(), "claims@1");
    let store = ann.engine.store();
    let deed = &store
        .own_activities("policy.put_in_force", "claims@1")
        .unwrap()[0];
    assert_eq!(
        deed.reason.as_deref(),
        Some("the works council wants it today")
    );
    let leaf: serde_json::Value = serde_json::from_slice(&store.raw(deed.seq).unwrap()).unwrap();
    assert_eq!(leaf["gate"]["against"], "default");
    assert_eq!(leaf["gate"]["points"][0]["state"], "unknown");
}

#[test]
fn what_was_rehearsed_and_run_on_test_sets_is_clear_until_calls_or_labels_come() {
    let ann = Desk::filled();
    ann.labelled(30);
    ann.save("", "");
    assert_eq!(ann.standing().to_run.len(), 2);
    let gate = ann.run();
    assert_eq!((gate.against, gate.unknown), (0, 0), "{:?}", gate.points);
    assert!(gate.to_run.is_empty());
    assert_eq!(gate.lines[0].found_after, 30);
    // It is on record: whoever asks later, in another run of the program, gets the same.
    assert_eq!(ann.standing().points, gate.points);
    ann.more("{\"text\":\"Ask kim@example.com\",\"spans\":[{\"start\":4,\"end\":19,\"label\":\"EMAIL_ADDRESS\"}]}\n");
    assert_eq!(said(&ann.standing(), "test_sets").0, GateState::Unknown);
    let text = std::fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../tests/fixtures/logs/bedrock-invocations.jsonl"),
    )
    .unwrap();
    let again = ann.folder.path().join("again.jsonl");
    std::fs::write(
        &again,
        text.replace("requestId\":\"", "requestId\":\"again-"),
    )
    .unwrap();
    import(&ann.engine, &[again], Some("claims"), &Progress::silent()).unwrap();
    let (state, says) = said(&ann.standing(), "rehearsal");
    assert_eq!(state, GateState::Unknown);
    assert!(
        says.contains("came since that were not rehearsed"),
        "{says}"
    );
    // With all of it tried again nobody has to give a reason.
    assert!(!ann.run().needs_reason);
    ann.put(None).unwrap();
}

#[test]
fn what_would_show_speaks_against_it_with_its_denominators() {
    let ann = Desk::filled();
    ann.labelled(4);
    ann.save("EMAIL_ADDRESS = { operator = \"keep\" }\n", "");
    let gate = ann.run();
    let (state, says) = said(&gate, "rehearsal");
    assert_eq!(state, GateState::Against, "{says}");
    assert!(
        says.contains(" would show something that is hidden now: "),
        "{says}"
    );
    assert_eq!(
        said(&gate, "test_sets"),
        (
            GateState::Against,
            "Of 1 of 1 labelled type less is found or hidden; 4 of 4 labelled values would show that are \
             hidden now."
                .to_owned()
        )
    );
    let rules = gate.points.iter().find(|one| one.point == "rules").unwrap();
    assert_eq!(rules.details, ["EMAIL_ADDRESS is left as it is"]);
    assert!(ann.put(None).is_err());
}

#[test]
fn too_few_labels_are_too_few_to_judge() {
    let ann = Desk::filled();
    ann.labelled(4);
    ann.save("", "");
    let (state, says) = said(&ann.run(), "test_sets");
    assert_eq!(state, GateState::Unknown);
    assert!(
        says.contains("fewer than 30 labels: too few to judge"),
        "{says}"
    );
}

#[test]
fn a_secret_that_is_switched_off_and_rules_without_examples_are_named() {
    let ann = desk();
    ann.save(
        "AWS_ACCESS_KEY = { operator = \"keep\" }\n",
        "[[scope]]\nfields = [\"system\"]\n[scope.operators]\nGITHUB_TOKEN = { operator = \"keep\" }\n\
         [[recognizer]]\nname = \"claim\"\nentity_type = \"CLAIM\"\nscore = 0.6\npattern = 'C-[0-9]{6}'\n",
    );
    let gate = ann.standing();
    let (state, says) = said(&gate, "secrets");
    assert_eq!(state, GateState::Against);
    assert!(
        says.starts_with("1 of ") && says.contains("switched off"),
        "{says}"
    );
    let secrets = gate
        .points
        .iter()
        .find(|one| one.point == "secrets")
        .unwrap();
    assert_eq!(
        secrets.details,
        [
            "AWS_ACCESS_KEY is left as it is",
            "GITHUB_TOKEN is left as it is in system"
        ]
    );
    assert_eq!(said(&gate, "examples").0, GateState::Unknown);
    assert_eq!(
        said(&gate, "rehearsal"),
        (
            GateState::Unknown,
            "There are no stored calls to rehearse it on.".to_owned()
        )
    );
}

#[test]
fn the_text_that_is_in_force_needs_nothing() {
    let ann = desk();
    let input = AskGate {
        name: Some("default".to_owned()),
        deployment: None,
    };
    let gate = standing(&ann.engine, input).unwrap();
    assert_eq!(gate.points.len(), 1);
    assert!(!gate.needs_reason);
}

#[test]
fn a_rehearsal_on_the_screen_is_on_record_when_it_is_over_all_calls() {
    let ann = Desk::filled();
    ann.save("", "");
    let rehearsed = |query: &str| {
        let input = Rehearse {
            to: Some("claims@1".to_owned()),
            query: query.to_owned(),
            ..Rehearse::default()
        };
        crate::redaction::rehearsal::on_record(&ann.engine, &input, &Progress::silent()).unwrap()
    };
    rehearsed("started_at:2026-11-01");
    assert_eq!(said(&ann.standing(), "rehearsal").0, GateState::Unknown);
    let found = rehearsed("");
    let (state, says) = said(&ann.standing(), "rehearsal");
    assert_eq!(state, GateState::Clear, "{says}");
    // Of the call that was refused the source kept no text.
    let with_text = found.matched - found.not_evaluable.without_text;
    assert!(
        says.contains(&format!("None of {with_text} calls"))
            && says.contains(&format!(" 1 more of {} calls holds no text", found.matched)),
        "{says}"
    );
}

/// What is on record of a rehearsal, as another version of the program wrote it.
fn rehearsed_by(ann: &Desk, program: &str, rules: Option<&str>) {
    rehearsed_reading(ann, program, rules, READING);
}

fn rehearsed_reading(ann: &Desk, program: &str, rules: Option<&str>, reading: u32) {
    let mut marks = [in_force(&ann.engine).unwrap(), "claims".to_owned()].map(|name| {
        let toml = version(&ann.engine, &name).unwrap().toml;
        Mark::of(&ann.engine, &toml).unwrap()
    });
    if let Some(rules) = rules {
        for mark in &mut marks {
            rules.clone_into(&mut mark.rules);
        }
    }
    let found = Rehearsed {
        marks,
        program: program.to_owned(),
        reading,
        deployment: None,
        size: ann.engine.store().tree_size().unwrap(),
        matched: 5,
        newly_exposed: 0,
        exposed: 0,
        hidden_by_old: 9,
        shows_more: 0,
        not_evaluable: 0,
        in_part: Some(0),
        without_text: 0,
        lacking: Vec::new(),
        rules: Vec::new(),
    };
    recorded::keep_rehearsed(&ann.engine, "claims", &found).unwrap();
}

#[test]
fn a_program_with_the_same_rules_keeps_what_was_run_and_one_with_others_does_not() {
    let ann = Desk::filled();
    ann.save("", "");
    rehearsed_by(&ann, "0.0.1", Some("other rules"));
    let (state, says) = said(&ann.standing(), "rehearsal");
    assert_eq!(state, GateState::Unknown);
    assert!(
        says.starts_with(
            "Rehearsed against `default` on 2027-01-15, which no longer holds: the rules that are part of the \
             program are others in version "
        ) && says.contains(" than in 0.0.1. What becomes of "),
        "{says}"
    );
    assert!(ann.standing().to_run[0].starts_with("a rehearsal over"));
    rehearsed_by(&ann, "0.0.1", None);
    let gate = ann.standing();
    assert_eq!(said(&gate, "rehearsal").0, GateState::Clear);
    assert!(
        gate.points[0]
            .details
            .iter()
            .any(|line| line.starts_with("Run with version 0.0.1 of the program; this one, ")),
        "{:?}",
        gate.points[0].details
    );
}

#[test]
fn every_rule_that_differs_is_listed_and_the_trail_keeps_no_entry_of_a_list() {
    let ann = desk();
    let toml = policy("URL = { operator = \"mask\" }\n", "").replacen(
        "names = ",
        "allow = [\"jo@example.com\"]\nnames = ",
        1,
    );
    save(&ann.engine, SavePolicy { toml, note: None }).unwrap();
    let gate = ann.standing();
    let changes: Vec<_> = gate
        .changes
        .iter()
        .flatten()
        .map(|one| (one.what.as_str(), one.key.as_str()))
        .collect();
    assert_eq!(changes, [("operator", "URL"), ("allow", "jo@example.com")]);
    assert!(!leaf(&gate).to_string().contains("jo@example.com"));
}

/// A call whose message has this block besides a text.
fn with_block(desk: &Desk, request_id: &str, text: &str, block: &serde_json::Value) {
    let content = serde_json::json!([{"type": "text", "text": text}, block]);
    let line = serde_json::json!({
        "schemaType": "ModelInvocationLog", "schemaVersion": "1.0", "timestamp": "2026-10-07T14:03:22Z",
        "accountId": "111122223333", "region": "eu-west-1", "requestId": request_id, "operation": "InvokeModel",
        "modelId": "anthropic.claude-3-haiku-20240307-v1:0",
        "input": {"inputContentType": "application/json", "inputTokenCount": 9, "inputBodyJson": {
            "anthropic_version": "bedrock-2023-05-31", "max_tokens": 50,
            "messages": [{"role": "user", "content": content}],
        }},
        "output": {"outputContentType": "application/json", "outputTokenCount": 3, "outputBodyJson": {
            "type": "message", "role": "assistant", "content": [{"type": "text", "text": "Noted."}],
            "usage": {"input_tokens": 9, "output_tokens": 3},
        }},
    });
    let log = desk.folder.path().join(format!("{request_id}.jsonl"));
    std::fs::write(&log, line.to_string()).unwrap();
    import(&desk.engine, &[log], Some("claims"), &Progress::silent()).unwrap();
}

#[test]
fn a_rehearsal_that_could_not_look_through_every_call_is_incomplete_and_takes_a_reason() {
    let ann = Desk::filled();
    let image = serde_json::json!({"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AAAA"}});
    with_block(&ann, "r-image", "Hello there.", &image);
    // In this one something changes, and what stands in its image is as unknown.
    with_block(&ann, "r-both", "Claim CL-123456 was paid.", &image);
    let rule = "[[recognizer]]\nname = \"claim_number\"\nentity_type = \"CLAIM_NUMBER\"\nscore = 0.9\n\
                pattern = 'CL-[0-9]{6}'\nexamples = [\"CL-123456\"]\n";
    ann.save("", rule);
    ann.labelled(30);
    let gate = ann.run();
    let point = gate
        .points
        .iter()
        .find(|one| one.point == "rehearsal")
        .unwrap();
    assert_eq!(point.state, GateState::Incomplete, "{}", point.says);
    assert_eq!(
        point.says.replace(|c: char| c.is_ascii_digit(), "n"),
        "None of n calls newly shows something in what could be looked through; n values stay hidden. n of them \
         could not be looked through in full: what becomes of the rest of these is not known. n more of n calls holds \
         no text: nothing of it can show."
    );
    assert!(
        point.says.starts_with("None of 5 calls") && point.says.contains(" 2 of them"),
        "{}",
        point.says
    );
    let why = "Of 2 calls: an image: what stands in it is not searched";
    assert!(
        point.details.iter().any(|line| line == why),
        "{:?}",
        point.details
    );
    assert_eq!(
        (
            gate.against,
            gate.incomplete,
            gate.unknown,
            gate.needs_reason
        ),
        (0, 1, 0, true)
    );
    assert_eq!(
        gate.to_run,
        Vec::<String>::new(),
        "running it again tells no more"
    );
    assert_eq!(ann.put(None).unwrap_err().code, Code::BadInput);
    ann.put(Some("images are not sent on, see ticket 12"))
        .unwrap();
    let deed = &ann
        .engine
        .store()
        .own_activities("policy.put_in_force", "claims@1")
        .unwrap()[0];
    let leaf = ann.engine.store().raw(deed.seq).unwrap();
    let leaf = String::from_utf8(leaf).unwrap();
    assert!(leaf.contains("\"incomplete\""), "{leaf}");
}

#[test]
fn a_rehearsal_that_read_records_otherwise_holds_no_more() {
    let ann = Desk::filled();
    ann.save("", "");
    rehearsed_reading(&ann, "0.0.1", None, READING - 1);
    let (state, says) = said(&ann.standing(), "rehearsal");
    assert_eq!(state, GateState::Unknown);
    assert!(
        says.contains(
            "which no longer holds: the program reads more or other text from records now"
        ),
        "{says}"
    );
    rehearsed_by(&ann, "0.0.1", None);
    assert_eq!(said(&ann.standing(), "rehearsal").0, GateState::Clear);
}
