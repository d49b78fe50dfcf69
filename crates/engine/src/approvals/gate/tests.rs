//! A second person sees what the first one saw, how it stands now and what is otherwise since.

use serde_json::json;

use super::*;
use crate::approvals::files::{import_at, open_at, sign_at};
use crate::approvals::matter::Matter;
use crate::approvals::tests::{Desk, WHY, needed, policy_text, put, two};
use crate::approvals::view::ApprovalRow;
use crate::jobs::Progress;
use crate::redaction::policies::view::{PutInForce, SavePolicy};
use crate::redaction::policies::{put_in_force, save};

/// Ann's store holds a draft that leaves mail addresses as they are.
fn asking() -> (Desk, Desk) {
    let (ann, ben) = two("policies");
    let toml = policy_text(&ann, "default").replacen("\"default\"", "\"ours\"", 1)
        + "EMAIL_ADDRESS = { operator = \"keep\" }\n";
    save(&ann.engine, SavePolicy { toml, note: None }).unwrap();
    (ann, ben)
}

fn asked(ann: &Desk) -> ApprovalRow {
    ann.ask(
        "redaction.put_in_force",
        json!({"name": "ours", "reason": WHY}),
    )
}

fn shown(ann: &Desk, asked: &ApprovalRow) -> AskedGate {
    let id = asked.id.clone();
    show(&ann.engine, ApprovalRef { id }).unwrap()
}

fn states(points: &[GatePoint]) -> Vec<(&str, GateState)> {
    points
        .iter()
        .map(|one| (one.point.as_str(), one.state))
        .collect()
}

const STOOD: [(&str, GateState); 5] = [
    ("rehearsal", GateState::Unknown),
    ("test_sets", GateState::Unknown),
    ("examples", GateState::Clear),
    ("secrets", GateState::Clear),
    ("rules", GateState::Against),
];

#[test]
fn the_points_the_reason_and_what_changed_since_are_told() {
    let (ann, _ben) = asking();
    let asked = asked(&ann);
    assert!(
        asked.says.contains(&format!("Reason: {WHY}")),
        "{:?}",
        asked.says
    );
    let gate = shown(&ann, &asked);
    assert_eq!(gate.reason.as_deref(), Some(WHY));
    let (then, now) = (gate.asked.unwrap(), gate.now.unwrap());
    assert_eq!(states(&then.points), STOOD);
    assert_eq!(states(&now.points), STOOD);
    assert_eq!((gate.not_clear, gate.of), (Some(3), 5));
    assert_eq!((gate.changed, gate.untold), (Vec::new(), None));
    assert_eq!(now.changes.unwrap().len(), 1, "the rule that differs");
    // It is rehearsed after it was asked.
    let ask = AskGate {
        name: Some("ours".to_owned()),
        deployment: None,
    };
    gate::run(&ann.engine, &ask, &Progress::silent()).unwrap();
    let gate = shown(&ann, &asked);
    assert_eq!(
        gate.changed,
        ["Rehearsal: against now, unknown when it was asked."]
    );
    assert_eq!(gate.now.unwrap().points[0].state, GateState::Against);
    assert_eq!(gate.asked.unwrap().points[0].state, GateState::Unknown);
}

#[test]
fn elsewhere_the_points_are_what_the_asking_computer_said_and_never_better() {
    let (ann, ben) = asking();
    let asked = asked(&ann);
    let file = ann.at("asked.txt");
    crate::approvals::files::export_to(&ann.engine, &asked.id, &file).unwrap();
    let opened = open_at(&ben.engine, &file).unwrap();
    let gate = opened.gate.unwrap();
    assert_eq!(gate.now, None);
    assert!(gate.untold.unwrap().contains("another workspace"));
    assert_eq!(states(&gate.asked.unwrap().points), STOOD);
    assert_eq!(gate.not_clear, Some(3));
    // A state that is none is unknown, whatever a note says; and what it says is plain text.
    let noted = json!({"before": "a", "after": "b", "points": [
        {"point": "x", "title": "X\u{202e}", "state": "Clear", "says": "all\u{1b}[32m good"},
    ]});
    let read = read(&noted, 0).unwrap();
    assert_eq!(read.points[0].state, GateState::Unknown);
    assert_eq!(read.points[0].title, "X\u{fffd}");
    assert_eq!(read.points[0].says, "all\u{fffd}[32m good");
    assert!(read_is_none(&json!({"points": "none"})));
    // What was decided is on record with the request, whose points are in it.
    let said = ben.at("said.txt");
    sign_at(&ben.engine, &file, "approved", "Seen", &said).unwrap();
    let done = import_at(&ann.engine, &said).unwrap();
    put_in_force(&ann.engine, put("ours")).unwrap();
    let gate = shown(&ann, &done);
    assert!(gate.now.is_none() && gate.untold.unwrap().contains("not open any more"));
    assert_eq!(gate.not_clear, Some(3), "as it was said");
}

fn read_is_none(noted: &serde_json::Value) -> bool {
    read(noted, 0).is_none()
}

#[test]
fn a_yes_is_to_this_reason_and_nothing_is_asked_that_wants_one() {
    let (ann, ben) = asking();
    let error = ann
        .try_ask("redaction.put_in_force", json!({"name": "ours"}), None)
        .unwrap_err();
    assert_eq!(error.code, Code::BadInput);
    assert!(error.message.contains("3 of 5 points"), "{error:?}");
    let asked = asked(&ann);
    import_at(&ann.engine, &ann.carried(&ben, &asked.id, "approved")).unwrap();
    let other = PutInForce {
        reason: Some("for another reason than that".to_owned()),
        ..put("ours")
    };
    needed(put_in_force(&ann.engine, other), "nobody was asked");
    put_in_force(&ann.engine, put("ours")).unwrap();
}

#[test]
fn ending_a_deployment_s_own_policy_is_approved_with_what_takes_its_place() {
    let (ann, _ben) = two("policies");
    let of = |toml: &str| {
        let default = crate::redaction::policies::Version {
            name: "default".to_owned(),
            number: None,
            toml: toml.to_owned(),
        };
        Matter::follow_default("claims-eu", &default, Some(WHY))
    };
    let now = policy_text(&ann, "default");
    assert_ne!(of(&now).sha256(), of("name = \"other\"").sha256());
    assert_eq!(outdated(&ann.engine, &of(&now).content).unwrap(), None);
    let why = outdated(&ann.engine, &of("name = \"other\"").content).unwrap();
    assert!(
        why.unwrap()
            .starts_with("Another policy is in force by default now: `default`.")
    );
}
