//! Four eyes on the terminal: two persons at two computers, a request and a decision as files.

use serde_json::Value;

use super::Bench;

const REASON: &str = "Handed to the external auditor under NDA";

fn person(bench: &Bench, name: &str) -> Value {
    bench.json(&["approvals", "key", "create", name])
}

fn knows(bench: &Bench, name: &str, other: &Value) {
    let digits: String = other["fingerprint"].as_str().unwrap()[..35].to_owned();
    let vkey = other["vkey"].as_str().unwrap();
    bench.json(&[
        "approvals",
        "persons",
        "add",
        name,
        vkey,
        "--fingerprint",
        &digits,
    ]);
}

#[test]
fn a_pack_waits_for_a_second_person_at_another_computer() {
    let (here, there) = (Bench::filled(), Bench::empty());
    let (ann, ben) = (person(&here, "Ann Khan"), person(&there, "Ben Ode"));
    let vkey = ben["vkey"].as_str().unwrap();
    let ran = here.run(&["approvals", "persons", "add", "Ben Ode", vkey]);
    ran.error("bad_input", "fingerprint");
    assert!(
        ran.stderr.contains(ben["fingerprint"].as_str().unwrap()),
        "{}",
        ran.stderr
    );
    knows(&here, "Ben Ode", &ben);
    knows(&there, "Ann Khan", &ann);
    let rules = here.json(&["approvals", "rules", "on", "exports"]);
    assert_eq!(rules.as_array().unwrap().len(), 5);
    let path = |name: &str| here.path(name).to_str().unwrap().to_owned();
    let (out, asked, said) = (path("p.zip"), path("asked.txt"), path("said.txt"));
    let pack = ["evidence", "pack", "--out", &out, "kind:bedrock"];
    here.run(&pack).error("approval_needed", "nobody was asked");
    let mut ask = vec!["approvals", "request"];
    ask.extend(pack);
    let request = here.json(&ask);
    assert_eq!(
        (&request["state"], &request["kind"]),
        (&"waiting".into(), &"exports".into())
    );
    let id = request["id"].as_str().unwrap();
    here.run(&pack)
        .error("approval_needed", "waits for an answer");
    here.run(&["approvals", "approve", id, "--reason", REASON])
        .error("bad_input", "the key that asked");
    here.json(&["approvals", "export", &id[..8], "--out", &asked]);
    let shown = there.run(&["approvals", "show", &asked]).with_code(0);
    assert!(
        shown
            .stdout
            .starts_with("- Write 5 calls, all that the query matches")
            && shown.stdout.contains("which is registered here"),
        "{}",
        shown.stdout
    );
    there.json(&[
        "approvals",
        "approve",
        &asked,
        "--reason",
        REASON,
        "--out",
        &said,
    ]);
    let row = here.json(&["approvals", "import", &said]);
    assert_eq!(row["decision"]["by"]["name"], "Ben Ode");
    assert_eq!(row["decision"]["reason"], REASON);
    here.run(&["approvals", "import", &said])
        .error("bad_input", "decided already");
    here.json(&pack);
    here.run(&pack).error("approval_needed", "was used already");
    let used = here.json(&["approvals", "list", "--state", "used"]);
    assert_eq!(
        (used.as_array().unwrap().len(), &used[0]["id"]),
        (1, &request["id"])
    );
    let told = here
        .run(&["trail", "activities", "action:approval.*"])
        .with_code(0);
    for action in ["approval.ask", "approval.approve", "approval.use"] {
        assert!(told.stdout.contains(action), "{}", told.stdout);
    }
    here.run(&["approvals", "rules", "off", "exports"])
        .error("approval_needed", "nobody was asked");
    let off = here.json(&[
        "approvals",
        "request",
        "approvals",
        "rules",
        "off",
        "exports",
    ]);
    assert_eq!(off["kind"], "rules");
    here.run(&[
        "approvals",
        "request",
        "evidence",
        "pack",
        "--out",
        &out,
        "--json",
    ])
    .error("bad_input", "before `request`");
    here.run(&["approvals", "request", "trail", "calls"])
        .error("bad_input", "no second person is ever needed");
}

#[test]
fn a_waiver_is_signed_where_the_rule_is_on_and_named_otherwise() {
    let (here, there) = (Bench::filled(), Bench::empty());
    here.run(&["check", "run", "--json"]).with_code(0);
    let open = here.json(&["check", "findings", "--verdict", "unknown"]);
    let ids: Vec<&str> = open["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["id"].as_str().unwrap())
        .collect();
    let named = [
        "check",
        "waive",
        ids[0],
        "--reason",
        "Accepted until the new contract is signed",
        "--owner",
        "Cy Moss",
        "--approver",
        "Dee Roy",
        "--until",
        "2027-01-31",
    ];
    let row = here.json(&named);
    assert_eq!(row["waiver"]["approval"], Value::Null);
    let human = here.run(&["check", "explain", ids[0]]).with_code(0);
    assert!(
        human.stdout.contains("named, not signed"),
        "{}",
        human.stdout
    );
    let key = here.path("ann.key");
    let key = key.to_str().unwrap();
    let mine = ["approvals", "--my-key", key, "key", "create", "Ann Khan"];
    here.json(&mine);
    let ben = person(&there, "Ben Ode");
    knows(&here, "Ben Ode", &ben);
    here.json(&["approvals", "rules", "on", "waivers"]);
    let signed = [
        "check",
        "waive",
        ids[1],
        "--reason",
        "Accepted until the new contract is signed",
        "--owner",
        "Cy Moss",
        "--until",
        "2027-01-31",
    ];
    here.run(&signed)
        .error("approval_needed", "nobody was asked");
    let mut ask = vec!["approvals", "request"];
    ask.extend(signed);
    // Without the key that is in a file nobody asks.
    here.run(&ask).error("key_missing", "nobody");
    ask.splice(1..1, ["--my-key", key]);
    let request = here.json(&ask);
    let path = |name: &str| here.path(name).to_str().unwrap().to_owned();
    let (asked, said) = (path("asked.txt"), path("said.txt"));
    here.json(&[
        "approvals",
        "export",
        request["id"].as_str().unwrap(),
        "--out",
        &asked,
    ]);
    there.json(&[
        "approvals",
        "approve",
        &asked,
        "--reason",
        "Agreed in the board",
        "--out",
        &said,
    ]);
    here.json(&["approvals", "import", &said]);
    let row = here.json(&signed);
    assert_eq!(row["verdict"], "waived");
    assert_eq!(row["waiver"]["approver"], "Ben Ode");
    assert_eq!(row["waiver"]["approval"], request["id"]);
}

#[test]
fn who_approves_a_policy_sees_what_stands_against_it_and_what_changed() {
    let (here, there) = (Bench::filled(), Bench::empty());
    let (ann, ben) = (person(&here, "Ann Khan"), person(&there, "Ben Ode"));
    knows(&here, "Ben Ode", &ben);
    knows(&there, "Ann Khan", &ann);
    here.json(&["approvals", "rules", "on", "policies"]);
    let text = "name = \"claims\"\nversion = \"1\"\nnames = \"fast\"\n[operators]\n\
                default = { operator = \"replace\" }\nEMAIL_ADDRESS = { operator = \"keep\" }\n";
    here.json(&["redaction", "save", &here.file("1.toml", text)]);
    let ask = ["approvals", "request", "redaction", "force", "claims"];
    here.run(&ask)
        .error("bad_input", "points of `claims@1` are not clear");
    let why = ["--reason", "the mailboxes are public, see ticket 12"];
    let request = here.json(&[&ask[..], &why].concat());
    let id = request["id"].as_str().unwrap();
    assert_eq!(request["gate"]["reason"], why[1]);
    assert_eq!(request["gate"]["now"]["points"][0]["state"], "unknown");
    assert_eq!(request["gate"]["changed"], serde_json::json!([]));
    // What was tried since is told, here and to nobody as clear.
    here.run(&["redaction", "gate", "claims", "--run"])
        .with_code(1);
    let shown = here.run(&["approvals", "show", &id[..8]]).with_code(0);
    for said in [
        "Reason: the mailboxes are public, see ticket 12",
        "`claims@1` instead of `default`, now",
        "rules differ from `default` to `claims@1`",
        "Otherwise than when it was asked on",
        "Rehearsal: against now, unknown when it was asked.",
    ] {
        assert!(shown.stdout.contains(said), "{said}: {}", shown.stdout);
    }
    // At another computer the points are those that this one said.
    let path = |name: &str| here.path(name).to_str().unwrap().to_owned();
    let (asked, said) = (path("asked.txt"), path("said.txt"));
    here.json(&["approvals", "export", id, "--out", &asked]);
    let file = there.run(&["approvals", "show", &asked]).with_code(0);
    for told in [
        "It is a request of another workspace",
        "`claims@1` instead of `default`, as it was said on",
        "Not rehearsed against `default`",
    ] {
        assert!(file.stdout.contains(told), "{told}: {}", file.stdout);
    }
    let yes = ["--reason", "Agreed by telephone", "--out", &said];
    there.json(&[&["approvals", "approve", &asked][..], &yes].concat());
    here.json(&["approvals", "import", &said]);
    let force = ["redaction", "force", "claims", "--reason"];
    here.run(&[&force[..], &["for quite another reason"]].concat())
        .error("approval_needed", "nobody was asked");
    here.run(&[&force[..], &[why[1]]].concat()).with_code(0);
    here.json(&["evidence", "fsck"]);
}
