//! Versions that stay, one of them in force.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use super::*;
use crate::opening::EngineOptions;

const NOW: i64 = 1_800_000_000_000;

struct Desk {
    engine: Engine,
    now_ms: Arc<AtomicI64>,
    _folder: tempfile::TempDir,
}

fn desk() -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let now_ms = Arc::new(AtomicI64::new(NOW));
    let mut options = EngineOptions::writing(folder.path().join("store"));
    let clock = Arc::clone(&now_ms);
    options.clock = Arc::new(move || clock.load(Ordering::Relaxed));
    options.user = "ann".to_owned();
    options.state = Some(folder.path().join("state"));
    let engine = Engine::open(options).unwrap();
    Desk {
        engine,
        now_ms,
        _folder: folder,
    }
}

fn named(name: &str) -> PolicyRef {
    PolicyRef {
        name: name.to_owned(),
    }
}

fn everywhere(name: &str) -> PutInForce {
    PutInForce {
        name: name.to_owned(),
        deployment: None,
        reason: Some("there is nothing to try it on".to_owned()),
    }
}

fn text(operator: &str) -> String {
    format!(
        "name = \"claims\"\nversion = \"1\"\n[operators]\ndefault = {{ operator = \"{operator}\" }}\n"
    )
}

impl Desk {
    fn save(&self, operator: &str) -> PolicyRow {
        let toml = text(operator);
        save(&self.engine, SavePolicy { toml, note: None }).unwrap()
    }

    fn later(&self) {
        self.now_ms.fetch_add(1_000, Ordering::Relaxed);
    }
}

#[test]
fn a_saved_text_is_a_version_that_stays_and_changes_nothing_in_force() {
    let ann = desk();
    assert_eq!(in_force(&ann.engine).unwrap(), "default");
    assert_eq!(ann.save("redact").reference, "claims@1");
    put_in_force(&ann.engine, everywhere("claims")).unwrap();
    assert_eq!(in_force(&ann.engine).unwrap(), "claims@1");
    let draft = ann.save("keep");
    assert_eq!((draft.number, draft.in_force), (Some(2), false));
    assert_eq!(in_force(&ann.engine).unwrap(), "claims@1");
    assert_eq!(
        version(&ann.engine, "claims@1").unwrap().toml,
        text("redact")
    );
    // The same text again is no new version.
    assert_eq!(ann.save("keep").number, Some(2));
}

#[test]
fn returning_makes_a_version_and_history_says_who_and_when() {
    let ann = desk();
    ann.save("redact");
    ann.save("keep");
    put_in_force(&ann.engine, everywhere("claims@1")).unwrap();
    ann.later();
    put_in_force(&ann.engine, everywhere("claims@2")).unwrap();
    ann.later();
    let back = return_to(&ann.engine, named("claims@1")).unwrap();
    assert_eq!(back.reference, "claims@3");
    assert_eq!(back.toml, text("redact"));
    assert_eq!(back.note.as_deref(), Some("returned to claims@1"));
    put_in_force(&ann.engine, everywhere("claims")).unwrap();
    let all = versions(&ann.engine, named("claims")).unwrap();
    let told: Vec<_> = all
        .iter()
        .map(|row| {
            let time = &row.times[0];
            (
                row.number.unwrap(),
                row.in_force,
                row.saved_by.as_deref().unwrap(),
                time.until.is_none(),
                time.by.as_deref().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (3, true, "ann", true, "ann"),
            (2, false, "ann", false, "ann"),
            (1, false, "ann", false, "ann"),
        ]
    );
    assert!(return_to(&ann.engine, named("claims@3")).is_err());
    assert!(return_to(&ann.engine, named("masking")).is_err());
}

#[test]
fn what_is_not_there_says_what_is() {
    let ann = desk();
    ann.save("redact");
    let hint = |name: &str| {
        let error = version(&ann.engine, name).err().unwrap();
        format!("{} ({})", error.message, error.hint.unwrap_or_default())
    };
    assert_eq!(
        hint("claims@7"),
        "no version: claims@7 (`claims` has versions 1 to 1)"
    );
    assert!(hint("claims@x").contains("a version is a number"));
    assert!(hint("masking@1").contains("has no versions"));
    assert!(hint("other").contains("redaction policies"));
    assert!(version(&ann.engine, "claims@v1").is_ok());
}

#[test]
fn what_was_in_force_by_its_name_alone_stays_in_force_when_its_name_is_saved_anew() {
    let ann = desk();
    ann.save("redact");
    // As a store of before versions kept it.
    ann.engine
        .store()
        .writer()
        .unwrap()
        .set_fact("policy_in_force", "claims")
        .unwrap();
    assert_eq!(in_force(&ann.engine).unwrap(), "claims@1");
    ann.save("keep");
    assert_eq!(in_force(&ann.engine).unwrap(), "claims@1");
    let rows = list(&ann.engine, Nothing {}).unwrap();
    let shown: Vec<_> = rows
        .iter()
        .map(|row| (row.reference.as_str(), row.in_force))
        .collect();
    assert_eq!(
        shown,
        [
            ("default", false),
            ("masking", false),
            ("claims@2", false),
            ("claims@1", true)
        ]
    );
}

#[test]
fn calls_are_searched_again_where_a_rule_changed_and_not_for_a_version_of_the_program() {
    let desk = desk();
    let searched_by = || search_rules(&desk.engine).unwrap();
    let marks = marks_in_force(&desk.engine).unwrap();
    let (before, after) = (searched_by(), summed(READING, &marks));
    assert_eq!(before, after, "nothing else is asked");

    let check = |name: &str, change: fn(&mut Mark)| {
        let mut other = marks.clone();
        change(other.get_mut("").unwrap());
        assert_ne!(summed(READING, &other), before, "{name}");
    };
    check("the policy", |mark| mark.text.push('0'));
    check("the program's own rules", |mark| mark.rules.push('0'));
    check("the model of names", |mark| mark.names.push('0'));
    check("an entry that is over", |mark| {
        mark.ended.push("allow_list[0]".to_owned());
    });
    assert_ne!(
        summed(READING + 1, &marks),
        before,
        "how text is read from records"
    );
    assert_eq!(marks[""].rules, assay_redact::edition::hash());

    desk.save("mask");
    assert_eq!(searched_by(), before, "a draft");
    put_in_force(&desk.engine, everywhere("claims")).unwrap();
    assert_ne!(searched_by(), before, "another policy in force");
}
