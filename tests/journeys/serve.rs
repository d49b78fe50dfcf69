//! The window in a browser: token, commands, uploads, events, and what is left behind.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use serde_json::{Value, json};

use super::{Bench, Running, log};

/// A server that was started, with its address and token.
struct Site {
    running: Running,
    address: String,
    token: String,
}

fn started(bench: &Bench) -> Site {
    let ui = bench.path("ui");
    std::fs::create_dir_all(&ui).unwrap();
    std::fs::write(ui.join("index.html"), "<!doctype html><title>Assay</title>").unwrap();
    std::fs::write(bench.path("secret.txt"), "secret").unwrap();
    let running = bench.running(&["serve", "--ui", ui.to_str().unwrap(), "--json"]);
    let started: Value = serde_json::from_str(&running.first).unwrap();
    let text = |name: &str| started[name].as_str().unwrap().to_owned();
    let (address, token) = (text("address"), text("token"));
    assert_eq!(text("url"), format!("http://{address}/#token={token}"));
    assert_eq!(token.len(), 64);
    Site {
        running,
        address,
        token,
    }
}

impl Site {
    /// Sends a request and answers its status, head and body.
    fn send(&self, head: &str, token: &str, body: &[u8]) -> (u16, String, Vec<u8>) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let length = body.len();
        let head = format!(
            "{head} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {token}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n",
            self.address
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer
            .windows(4)
            .position(|window| window == b"\r\n\r\n")
            .unwrap();
        let head = String::from_utf8(answer[..end].to_vec()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, head, answer[end + 4..].to_vec())
    }

    fn rpc(&self, name: &str, input: &Value) -> (u16, Value) {
        let (status, _, body) = self.send(
            "POST /rpc",
            &self.token,
            json!({"name": name, "input": input}).to_string().as_bytes(),
        );
        (status, serde_json::from_slice(&body).unwrap())
    }
}

#[test]
fn the_page_is_given_and_commands_need_the_token() {
    let bench = Bench::filled();
    let site = started(&bench);
    let (status, head, body) = site.send("GET /trail/calls", "", b"");
    assert_eq!((status, body.starts_with(b"<!doctype html>")), (200, true));
    assert!(
        head.to_lowercase()
            .contains("content-security-policy: default-src 'none'"),
        "{head}"
    );
    for path in [
        "GET /../secret.txt",
        "GET /%2e%2e/secret.txt",
        "GET /..%2fsecret.txt",
    ] {
        let (_, _, body) = site.send(path, "", b"");
        assert!(body != b"secret", "{path}");
    }
    let count = json!({"name": "trail.count", "input": {"query": ""}}).to_string();
    for token in ["", "0", &site.token[1..]] {
        assert_eq!(
            site.send("POST /rpc", token, count.as_bytes()).0,
            403,
            "{token}"
        );
    }
    assert_eq!(
        site.rpc("trail.count", &json!({"query": ""})),
        (200, json!({"matching": 9, "stored": 9}))
    );
    assert_eq!(site.rpc("overview.show", &Value::Null).0, 200);
    let (status, error) = site.rpc("trail.count", &json!({"query": "statsu:x"}));
    assert_eq!(
        (status, &error["code"], &error["hint"]),
        (422, &json!("bad_input"), &json!("did you mean `status`?"))
    );
}

#[test]
fn an_uploaded_file_is_imported_watched_and_removed_at_the_end() {
    let bench = Bench::empty();
    let site = started(&bench);
    let mut events = TcpStream::connect(&site.address).unwrap();
    write!(
        events,
        "GET /events HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n\r\n",
        site.address, site.token
    )
    .unwrap();
    let mut events = BufReader::new(events);
    let mut line = String::new();
    while line.trim() != "" || line.is_empty() {
        line.clear();
        events.read_line(&mut line).unwrap();
    }
    let (status, _, body) = site.send(
        "POST /upload?name=..%2F..%2Fcalls.jsonl",
        &site.token,
        &log("audited-client.jsonl"),
    );
    let chosen: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(
        (status, &chosen["name"]),
        (200, &json!("calls.jsonl")),
        "{chosen}"
    );
    let (status, _) = site.rpc("imports.start", &json!({"handles": [chosen["handle"]]}));
    assert_eq!(status, 200);
    let done = loop {
        line.clear();
        events.read_line(&mut line).unwrap();
        let Some(text) = line.trim().strip_prefix("data: ") else {
            continue;
        };
        let event: Value = serde_json::from_str(text).unwrap();
        if event["job"]["state"] == "done" {
            break event;
        }
    };
    assert_eq!(done["job"]["result"]["accepted"], 2, "{done}");
    let (status, head, body) = site.send(
        &format!("GET /files/{}", chosen["handle"].as_str().unwrap()),
        &site.token,
        b"",
    );
    assert_eq!((status, body), (200, log("audited-client.jsonl")));
    assert!(
        head.contains("attachment; filename=\"calls.jsonl\""),
        "{head}"
    );
    assert_eq!(site.send("GET /files/0", &site.token, b"").0, 404);
    let uploads = || {
        std::fs::read_dir(bench.path(""))
            .unwrap()
            .flatten()
            .filter(|entry| entry.file_name().to_string_lossy().starts_with("assay-"))
            .count()
    };
    assert_eq!(uploads(), 1);
    drop(events);
    assert_eq!(site.running.interrupt(), (Some(0), String::new()));
    assert_eq!(uploads(), 0, "uploaded files go with the program");
    assert_eq!(bench.json(&["trail", "calls"])["total"], 2);
}

#[test]
fn a_dangerous_command_needs_the_code_of_the_terminal() {
    let bench = Bench::filled();
    let mut site = started(&bench);
    let call = bench.json(&["trail", "calls"])["calls"][0]["id"].clone();
    let reveal = json!({"id": call, "reason": "Ticket 4711 of the fraud desk"});
    let send = |site: &Site, path: &str, body: Value| {
        let (status, _, body) = site.send(
            &format!("POST {path}"),
            &site.token,
            body.to_string().as_bytes(),
        );
        (status, serde_json::from_slice::<Value>(&body).unwrap())
    };
    let with = |site: &Site, token: &Value| {
        send(
            site,
            "/rpc",
            json!({"name": "trail.reveal", "input": reveal, "token": token}),
        )
    };
    let (status, denied) = with(&site, &Value::Null);
    assert_eq!((status, &denied["code"]), (422, &json!("not_confirmed")));
    let (_, harmless) = send(
        &site,
        "/confirm",
        json!({"name": "trail.count", "input": {"query": ""}}),
    );
    assert_eq!(harmless, json!({"question": null}));
    let (_, asked) = send(
        &site,
        "/confirm",
        json!({"name": "trail.reveal", "input": reveal}),
    );
    let title = asked["question"]["title"].as_str().unwrap();
    assert!(
        title.starts_with("Reveal the original text of call "),
        "{asked}"
    );
    let code = site.running.code();
    assert!(
        !asked.to_string().contains(&code),
        "the page is not told the code"
    );
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let (status, error) = send(&site, "/confirm/code", json!({"code": wrong}));
    assert_eq!((status, &error["code"]), (422, &json!("not_confirmed")));
    let (status, answer) = send(&site, "/confirm/code", json!({"code": code}));
    assert_eq!(status, 200, "{answer}");
    assert_eq!(with(&site, &answer["token"]).0, 200);
    assert_eq!(with(&site, &answer["token"]).0, 422, "good once");
    assert_eq!(
        send(&site, "/confirm/code", json!({"code": code})).0,
        422,
        "good once"
    );
    site.running.interrupt();
    let count = |query: &str| bench.json(&["trail", "activities", query])["total"].clone();
    assert_eq!(
        (count("action:call.reveal"), count("action:command.denied")),
        (json!(1), json!(2))
    );
}

#[test]
fn it_is_for_this_computer_only() {
    let bench = Bench::empty();
    bench
        .run(&["serve", "--listen", "0.0.0.0:0"])
        .error("bad_input", "not this computer");
    assert!(!bench.store().exists());
}

/// The server is started all the same: the page asks for the passphrase.
#[test]
fn an_encrypted_store_is_opened_by_its_passphrase() {
    let bench = Bench::filled();
    bench
        .fed(&["store", "encrypt"], b"twelve letters and more\n")
        .with_code(0);
    std::fs::remove_dir_all(bench.path("state/keys")).unwrap();
    let site = started(&bench);
    let unlock = |passphrase: &str| {
        site.rpc(
            "settings.unlock_store",
            &json!({"passphrase": passphrase, "keep": false}),
        )
    };
    for name in ["settings.about", "trail.count", "overview.show"] {
        let (status, error) = site.rpc(name, &json!({"query": ""}));
        assert_eq!((status, &error["code"]), (422, &json!("store_encrypted")));
    }
    let (status, error) = unlock("something else entirely");
    assert_eq!((status, &error["code"]), (422, &json!("bad_input")));
    assert_eq!(unlock("twelve letters and more").0, 200);
    assert_eq!(
        site.rpc("trail.count", &json!({"query": ""})),
        (200, json!({"matching": 9, "stored": 9}))
    );
    let (_, about) = site.rpc("settings.about", &json!({}));
    assert_eq!(about["encrypted"], true);
    assert!(!bench.path("state/keys").join("store").exists());
    assert_eq!(site.running.interrupt().0, Some(0));
}
