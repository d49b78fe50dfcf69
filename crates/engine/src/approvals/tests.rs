//! What counts as a second person's yes, and everything that does not: two computers, two persons.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use assay_domain::query::keys::Table;

use super::files::{export_to, import_at, open_at, sign_at};
use super::persons::{add, create, list as persons_of, read_recovery, revoke, write_recovery};
use super::*;
use crate::approvals::view::{AddPerson, CreatePerson, RevokePerson};
use crate::commands::dispatch;
use crate::evidence::packs::{self, NewPack};
use crate::imports::import;
use crate::jobs::Progress;
use crate::keys::KeySource;
use crate::opening::{EngineOptions, read_query};
use crate::redaction::policies::view::{PutInForce, SavePolicy};
use crate::redaction::policies::{put_in_force, save as save_policy};
use crate::replay;
use crate::replay::view::StartReplay;

const NOW: i64 = 1_800_000_000_000;
const YES: &str = "Seen and agreed";
pub(super) const WHY: &str = "as the board decided";

/// A computer with a store of its own, one user and that user's keys.
pub(super) struct Desk {
    pub(super) engine: Engine,
    pub(super) now_ms: Arc<AtomicI64>,
    folder: tempfile::TempDir,
}

fn desk(user: &str) -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let now_ms = Arc::new(AtomicI64::new(NOW));
    let mut options = EngineOptions::writing(folder.path().join("store"));
    let clock = Arc::clone(&now_ms);
    options.clock = Arc::new(move || clock.load(Ordering::Relaxed));
    options.user = user.to_owned();
    options.state = Some(folder.path().join("state"));
    options.person_keys = KeySource::StateFolder;
    let engine = Engine::open(options).unwrap();
    Desk {
        engine,
        now_ms,
        folder,
    }
}

impl Desk {
    pub(super) fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn make_key(&self, name: &str) -> crate::approvals::view::PersonRow {
        create(&self.engine, CreatePerson { name: name.into() }).unwrap()
    }

    fn know(&self, name: &str, other: &crate::approvals::view::PersonRow) -> String {
        let new = AddPerson {
            name: name.into(),
            vkey: other.vkey.clone(),
            fingerprint: other.fingerprint.clone(),
        };
        add(&self.engine, new).unwrap().id
    }

    fn rule(&self, kind: &str, on: bool) -> Result<Vec<RuleRow>> {
        let kind = kind.into();
        set_rule(&self.engine, SetRule { kind, on })
    }

    pub(super) fn ask(&self, command: &str, input: Value) -> ApprovalRow {
        self.try_ask(command, input, None).unwrap()
    }

    pub(super) fn try_ask(
        &self,
        command: &str,
        input: Value,
        days: Option<u32>,
    ) -> Result<ApprovalRow> {
        let deed = Deed {
            command: command.into(),
            input: input.to_string(),
        };
        request(&self.engine, RequestApproval { deed, days })
    }

    fn pack(&self, query: &str) -> Result<u64> {
        let out = self.at("pack.zip");
        let new = NewPack {
            query: query.to_owned(),
            ..NewPack::default()
        };
        packs::write(&self.engine, &new, &out, &Progress::silent()).map(|pack| pack.records)
    }

    /// Carries a request to `other`, has it decided there, and answers the decision's file.
    pub(super) fn carried(&self, other: &Desk, id: &str, verdict: &str) -> PathBuf {
        let (asked, said) = (self.at("asked.txt"), other.at("said.txt"));
        export_to(&self.engine, id, &asked).unwrap();
        sign_at(&other.engine, &asked, verdict, YES, &said).unwrap();
        said
    }

    #[track_caller]
    pub(super) fn refuses(&self, file: &Path, why: &str) {
        let error = import_at(&self.engine, file).unwrap_err();
        assert!(error.message.contains(why), "{error:?}");
    }

    pub(super) fn told(&self, action: &str) -> u64 {
        let query = read_query(&format!("action:{action}"), Table::Activities).unwrap();
        self.engine.store().activity_count(&query).unwrap().0
    }
}

/// Ann's computer with calls and a rule; Ben's with his key; each knows the other's key.
pub(super) fn two(kind: &str) -> (Desk, Desk) {
    let (ann, ben) = (desk("ann"), desk("ben"));
    let log = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/fixtures/logs/bedrock-invocations.jsonl");
    import(&ann.engine, &[log], Some("claims"), &Progress::silent()).unwrap();
    let own = ann.make_key("Ann Khan");
    let other = ben.make_key("Ben Ode");
    ann.know("Ben Ode", &other);
    ben.know("Ann Khan", &own);
    ann.rule(kind, true).unwrap();
    (ann, ben)
}

fn all() -> Value {
    json!({"query": ""})
}

#[track_caller]
pub(super) fn needed<T: std::fmt::Debug>(answer: Result<T>, why: &str) {
    let error = answer.unwrap_err();
    assert_eq!(error.code, Code::ApprovalNeeded, "{error:?}");
    assert!(error.message.ends_with(why), "{error:?}");
}

#[test]
fn what_a_second_person_signed_is_done_once_and_both_leaves_say_so() {
    let (ann, ben) = two("exports");
    needed(ann.pack(""), "nobody was asked");
    assert_eq!(ann.told("command.denied"), 1);
    let asked = ann.ask("evidence.pack", all());
    assert!(asked.by_me && !asked.for_me && asked.state == ApprovalState::Waiting);
    assert!(asked.says[0].starts_with("Write "), "{:?}", asked.says);
    needed(ann.pack(""), "waits for an answer");
    // Asked again it is the same request.
    assert_eq!(ann.ask("evidence.pack", all()).id, asked.id);
    let file = ann.at("asked.txt");
    export_to(&ann.engine, &asked.id[..8], &file).unwrap();
    let opened = open_at(&ben.engine, &file).unwrap();
    assert_eq!(
        opened.says, asked.says,
        "the words are made from the content"
    );
    assert!(opened.is_known && !opened.is_here && opened.problem.is_none());
    let said = ann.carried(&ben, &asked.id, "approved");
    let row = import_at(&ann.engine, &said).unwrap();
    assert_eq!(row.state, ApprovalState::Approved);
    let decision = row.decision.clone().unwrap();
    assert_eq!(decision.by.name, "Ben Ode");
    assert!(ann.pack("").unwrap() > 0);
    needed(ann.pack(""), "was used already");
    // The signed notes are what the leaf commits to.
    let proof = ann
        .engine
        .store()
        .prove(decision.leaf, decision.leaf + 1)
        .unwrap();
    let payload: Value = serde_json::from_slice(&proof.raw).unwrap();
    let note = payload["decision"].as_str().unwrap();
    assert_eq!(note.as_bytes(), std::fs::read(&said).unwrap());
    let packs = read_query("action:evidence.pack", Table::Activities).unwrap();
    let (packs, _) = ann.engine.store().activities(&packs, None, 9).unwrap();
    let (_, raw) = ann.engine.store().activity(&packs[0].id).unwrap();
    let told: Value = serde_json::from_slice(&raw).unwrap();
    assert_eq!(
        told["approval"],
        row.id.as_str(),
        "the deed names its approval"
    );
    assert_eq!(ann.told("approval.use"), 1);
    assert_eq!(ben.told("approval.sign"), 1);
    // The same file again.
    ann.refuses(&said, "decided already");
}

#[test]
fn a_no_is_kept_and_lets_nothing_through() {
    let (ann, ben) = two("exports");
    let asked = ann.ask("evidence.pack", all());
    let said = ann.carried(&ben, &asked.id, "refused");
    let row = import_at(&ann.engine, &said).unwrap();
    assert_eq!(
        (row.state, row.decision.unwrap().reason.as_str()),
        (ApprovalState::Refused, YES)
    );
    needed(ann.pack(""), "was refused");
    // Another request may be made, and answered otherwise.
    let again = ann.ask("evidence.pack", all());
    assert_ne!(again.id, asked.id);
    let said = ann.carried(&ben, &again.id, "approved");
    import_at(&ann.engine, &said).unwrap();
    ann.pack("").unwrap();
}

#[test]
fn an_approval_of_something_else_counts_for_nothing() {
    let (ann, ben) = two("exports");
    let asked = ann.ask("evidence.pack", json!({"query": "status:ok"}));
    import_at(&ann.engine, &ann.carried(&ben, &asked.id, "approved")).unwrap();
    needed(ann.pack(""), "nobody was asked");
    // One more call that matches is another export.
    let log = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/logs/litellm.jsonl");
    let before = ann
        .engine
        .store()
        .count(&read_query("", Table::Calls).unwrap())
        .unwrap();
    import(&ann.engine, &[log], Some("claims"), &Progress::silent()).unwrap();
    let after = ann
        .engine
        .store()
        .count(&read_query("", Table::Calls).unwrap())
        .unwrap();
    assert_ne!(before, after);
    needed(ann.pack("status:ok"), "nobody was asked");
}

#[test]
fn an_altered_file_or_one_of_another_workspace_is_refused() {
    let (ann, ben) = two("exports");
    let asked = ann.ask("evidence.pack", all());
    let said = ann.carried(&ben, &asked.id, "refused");
    let text = std::fs::read_to_string(&said).unwrap();
    let forged = ann.at("forged.txt");
    for (what, to) in [
        ("refused", "approved"),
        (YES, "Seen or agreed"),
        ("Ben Ode", "Ben Odo"),
    ] {
        std::fs::write(&forged, text.replace(what, to)).unwrap();
        ann.refuses(&forged, "did not sign it");
    }
    // Another workspace has its own requests.
    let (other, _) = two("exports");
    other.refuses(&said, "another workspace");
    // A request that was changed on its way is not opened.
    let file = ann.at("asked.txt");
    let request = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, request.replace("\"query\":\"\"", "\"query\":\"x\"")).unwrap();
    let error = open_at(&ben.engine, &file).unwrap_err();
    assert_eq!(error.code, Code::BadInput, "{error}");
    // Nor is anything that is no note at all.
    std::fs::write(&file, vec![b'x'; 300 << 10]).unwrap();
    assert!(
        open_at(&ben.engine, &file)
            .unwrap_err()
            .message
            .contains("larger")
    );
}

#[test]
fn nobody_approves_alone() {
    let (ann, ben) = two("exports");
    let asked = ann.ask("evidence.pack", all());
    let own = |id: &str| DecideApproval {
        id: id.into(),
        verdict: "approved".into(),
        reason: YES.into(),
    };
    let error = decide(&ann.engine, own(&asked.id)).unwrap_err();
    assert!(error.message.contains("the key that asked"), "{error}");
    let file = ann.at("asked.txt");
    export_to(&ann.engine, &asked.id, &file).unwrap();
    let error = sign_at(&ann.engine, &file, "approved", YES, &ann.at("x")).unwrap_err();
    assert!(error.message.contains("your own key asked"), "{error}");
    // The same key under a second name, or a second key under the same name.
    let mine = persons_of(&ann.engine, Nothing {}).unwrap().persons[0].clone();
    ann.rule("exports", true).unwrap();
    let second = |name: &str, row: &crate::approvals::view::PersonRow| AddPerson {
        name: name.into(),
        vkey: row.vkey.clone(),
        fingerprint: row.fingerprint.clone(),
    };
    // Ann asks herself for a person of her own making.
    let zoe = desk("ann").make_key("Zoe Lind");
    needed(
        add(&ann.engine, second("Zoe Lind", &zoe)),
        "nobody was asked",
    );
    let fresh = desk("cy");
    fresh.make_key("Cy Moss");
    fresh.know("Second Name", &mine);
    let again = add(&fresh.engine, second("Third Name", &mine)).unwrap_err();
    assert!(again.message.contains("registered before"), "{again}");
    let other = desk("ann").make_key("Ann Khan");
    let error = add(&ann.engine, second("ANN KHAN", &other)).unwrap_err();
    assert!(error.message.contains("of this name"), "{error}");
    // A decision by a key that nobody registered.
    let stranger = desk("eve");
    stranger.make_key("Eve");
    let said = stranger.at("said.txt");
    sign_at(&stranger.engine, &file, "approved", YES, &said).unwrap();
    ann.refuses(&said, "nobody's registered key");
    // Ben's secret in Ann's keychain is Ann's.
    let keys = |desk: &Desk| desk.at("state/keys");
    for entry in std::fs::read_dir(keys(&ben)).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), keys(&ann).join(entry.file_name())).unwrap();
    }
    let said = ann.carried(&ben, &asked.id, "approved");
    ann.refuses(&said, "kept where the key that asked is");
    needed(ann.pack(""), "waits for an answer");
}

#[test]
fn a_revoked_key_approves_nothing_any_more_and_nobody_revokes_a_colleague_s_alone() {
    let (ann, ben) = two("exports");
    let asked = ann.ask("evidence.pack", all());
    let said = ann.carried(&ben, &asked.id, "approved");
    import_at(&ann.engine, &said).unwrap();
    let him = persons_of(&ann.engine, Nothing {}).unwrap().persons[1].clone();
    let gone = || RevokePerson {
        id: him.id.clone(),
        reason: "Left the company".into(),
    };
    needed(revoke(&ann.engine, gone()), "nobody was asked");
    let input = json!({"id": him.id, "reason": "Left the company"});
    let leave = ann.ask("approvals.revoke_person", input);
    import_at(&ann.engine, &ann.carried(&ben, &leave.id, "approved")).unwrap();
    revoke(&ann.engine, gone()).unwrap();
    // What he approved before and nobody used.
    needed(ann.pack(""), "the key that approved it was revoked");
    let row = show(&ann.engine, ApprovalRef { id: asked.id }).unwrap();
    assert_eq!(row.state, ApprovalState::Void);
    let again = ann.ask("evidence.pack", all());
    ann.refuses(&ann.carried(&ben, &again.id, "approved"), "was revoked");
    // It does not come back under another name.
    let back = AddPerson {
        name: "Ben Again".into(),
        vkey: him.vkey.clone(),
        fingerprint: him.fingerprint,
    };
    assert!(add(&ann.engine, back).is_err());
}

#[test]
fn a_request_grows_old_and_a_clock_that_was_set_back_does_not_make_it_young() {
    let (ann, ben) = two("exports");
    let asked = ann.try_ask("evidence.pack", all(), Some(1)).unwrap();
    let said = ann.carried(&ben, &asked.id, "approved");
    import_at(&ann.engine, &said).unwrap();
    ann.now_ms.fetch_add(DAY_MS + 1_000, Ordering::Relaxed);
    needed(ann.pack(""), "is too old");
    // The refusal was recorded at that time; then the clock goes back.
    ann.now_ms.store(NOW, Ordering::Relaxed);
    needed(ann.pack(""), "is too old");
    let late = ann.try_ask("evidence.pack", all(), Some(1)).unwrap();
    assert!(
        late.asked_at > asked.until,
        "{} {}",
        late.asked_at,
        asked.until
    );
    let said = ann.carried(&ben, &late.id, "approved");
    ann.now_ms.store(NOW + 3 * DAY_MS, Ordering::Relaxed);
    ann.refuses(&said, "time of the request is over");
    for days in [0, 31] {
        assert!(ann.try_ask("evidence.pack", all(), Some(days)).is_err());
    }
}

#[test]
fn of_two_uses_at_once_one_goes_through() {
    let (ann, ben) = two("policies");
    let input = json!({"name": "masking", "reason": WHY});
    let matter = Matter::policy(&ann.engine, &put("masking")).unwrap();
    let asked = ann.ask("redaction.put_in_force", input);
    import_at(&ann.engine, &ann.carried(&ben, &asked.id, "approved")).unwrap();
    let passed: usize = std::thread::scope(|scope| {
        let uses: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| passing::spend(&ann.engine, &matter).is_ok()))
            .collect();
        uses.into_iter()
            .filter_map(|use_| use_.join().ok())
            .filter(|&passed| passed)
            .count()
    });
    assert_eq!(passed, 1);
    assert_eq!(ann.told("approval.use"), 1);
}

#[test]
fn a_policy_s_approval_is_of_its_text_and_covers_the_one_in_force() {
    let (ann, ben) = two("policies");
    let toml = |about: &str| SavePolicy {
        toml: policy_text(&ann, "masking").replacen("name = \"masking\"", "name = \"ours\"", 1)
            + &format!("\n# {about}\n"),
        note: None,
    };
    // Another policy may be written by one person; putting it in force may not.
    save_policy(&ann.engine, toml("first")).unwrap();
    needed(put_in_force(&ann.engine, put("ours")), "nobody was asked");
    let asked = ann.ask(
        "redaction.put_in_force",
        json!({"name": "ours", "reason": WHY}),
    );
    import_at(&ann.engine, &ann.carried(&ben, &asked.id, "approved")).unwrap();
    save_policy(&ann.engine, toml("second")).unwrap();
    needed(put_in_force(&ann.engine, put("ours")), "nobody was asked");
    // The approval is of the text, whichever version has it.
    assert_eq!(
        save_policy(&ann.engine, toml("first")).unwrap().number,
        Some(3)
    );
    put_in_force(&ann.engine, put("ours")).unwrap();
    // What is in force stays when its name is saved anew, and that is a draft until it is approved.
    save_policy(&ann.engine, toml("third")).unwrap();
    assert_eq!(
        crate::redaction::policies::in_force(&ann.engine).unwrap(),
        "ours@3"
    );
    needed(put_in_force(&ann.engine, put("ours")), "nobody was asked");
}

pub(super) fn put(name: &str) -> PutInForce {
    PutInForce {
        name: name.into(),
        deployment: None,
        reason: Some(WHY.to_owned()),
    }
}

pub(super) fn policy_text(desk: &Desk, name: &str) -> String {
    crate::masking::policy_text(&desk.engine, name).unwrap()
}

#[test]
fn a_rule_needs_two_persons_and_is_not_switched_off_by_one() {
    let alone = desk("ann");
    alone.make_key("Ann Khan");
    let error = alone.rule("waivers", true).unwrap_err();
    assert!(error.message.contains("nobody could approve"), "{error}");
    let (ann, ben) = two("exports");
    needed(ann.rule("exports", false), "nobody was asked");
    let asked = ann.ask(
        "approvals.set_rule",
        json!({"kind": "exports", "on": false}),
    );
    import_at(&ann.engine, &ann.carried(&ben, &asked.id, "approved")).unwrap();
    ann.rule("exports", false).unwrap();
    assert!(ann.pack("").unwrap() > 0, "no rule, no approval");
    assert!(ann.try_ask("evidence.pack", all(), None).is_err());
    assert!(ann.rule("lunches", true).is_err());
}

#[test]
fn a_key_is_registered_only_after_its_fingerprint_was_compared() {
    let (ann, ben) = (desk("ann"), desk("ben"));
    ann.make_key("Ann Khan");
    let other = ben.make_key("Ben Ode");
    let with = |fingerprint: &str| {
        add(
            &ann.engine,
            AddPerson {
                name: "Ben Ode".into(),
                vkey: other.vkey.clone(),
                fingerprint: fingerprint.into(),
            },
        )
    };
    for wrong in ["", &other.fingerprint[..8], "0000 0000 0000 0000 0000"] {
        assert_eq!(with(wrong).unwrap_err().code, Code::BadInput, "{wrong}");
    }
    with(&other.fingerprint[..17].to_uppercase()).unwrap();
    // One user has one key.
    let second = create(
        &ann.engine,
        CreatePerson {
            name: "Ann Two".into(),
        },
    );
    assert!(second.unwrap_err().message.contains("you have a key"));
    assert_eq!(ann.told("person.add"), 2);
}

#[test]
fn a_live_replay_waits_for_a_second_person_and_the_sandbox_for_nobody() {
    let (ann, ben) = two("replays");
    let send = |name: &str, input: Value| dispatch(&ann.engine, name, input).unwrap();
    send(
        "replay.save_backend",
        json!({
            "name": "there", "kind": "bedrock", "dialect": "bedrock_invoke", "auth": "none",
            "base_url": "https://bedrock-runtime.eu-west-1.amazonaws.com",
            "place": "eu-west-1", "private": false,
        }),
    );
    let planned = |backend: &str| {
        let asked =
            json!({"backend": backend, "query": "", "policy": "default", "budget_usd": "2"});
        let plan = send("replay.plan", asked);
        StartReplay {
            plan: plan["id"].as_str().unwrap().to_owned(),
            budget_usd: None,
            phrase: plan["phrase"].as_str().map(str::to_owned),
        }
    };
    let matter = |start: &StartReplay| Matter::replay(&ann.engine, start).unwrap();
    assert_eq!(matter(&planned("sandbox")), None);
    let first = planned("there");
    let begun = replay::run::start(&ann.engine, first.clone()).map(|_| ());
    needed(begun, "nobody was asked");
    assert_eq!(ann.told("replay.start"), 0, "nothing was begun");
    let asked = ann.ask("replay.start", json!({"plan": first.plan}));
    import_at(&ann.engine, &ann.carried(&ben, &asked.id, "approved")).unwrap();
    // The same plan made anew has the approval still; with more money it is another one.
    let again = planned("there");
    let free = passing::look(&ann.engine, &matter(&again).unwrap()).unwrap();
    assert_eq!(free.unwrap().by, "Ben Ode");
    let dearer = StartReplay {
        budget_usd: Some("3".to_owned()),
        ..again
    };
    let more = passing::look(&ann.engine, &matter(&dearer).unwrap());
    needed(more, "nobody was asked");
}

#[test]
fn a_lost_key_comes_back_from_its_copy_and_from_nothing_else() {
    let (ann, ben) = (desk("ann"), desk("ben"));
    ann.make_key("Ann Khan");
    ben.make_key("Ben Ode");
    let copy = ann.at("copy.age");
    let words = "a phrase that is long enough";
    write_recovery(&ann.engine, &copy, words).unwrap();
    std::fs::remove_dir_all(ann.at("state/keys")).unwrap();
    assert!(me(&ann.engine).unwrap().is_none());
    assert!(read_recovery(&ann.engine, &copy, "another phrase altogether").is_err());
    assert!(read_recovery(&ben.engine, &copy, words).is_err(), "not his");
    let back = read_recovery(&ann.engine, &copy, words).unwrap();
    assert!(back.is_me && me(&ann.engine).unwrap().is_some());
}
