//! The walls around the page, tried from inside the real window: what `tests/tidy` reads in the
//! configuration is in force.

use serde_json::json;

use crate::webdriver::Session;
use crate::{program, stage};

/// Calls a command as injected script would, and answers what came of it.
const INVOKE: &str = "
const [name, input] = arguments;
const before = Object.keys(window).filter((key) => key.startsWith('__walls'));
window.__walls = 'waiting';
window.__TAURI_INTERNALS__.invoke(name, input)
  .then((answer) => { window.__walls = 'answered: ' + JSON.stringify(answer); })
  .catch((error) => { window.__walls = 'refused: ' + JSON.stringify(error); });
return before.length;";

fn invoke(window: &Session, name: &str, input: serde_json::Value) -> String {
    window.run(INVOKE, json!([name, input]));
    window.until("the answer of a command", |page| {
        let answer = page.run("return window.__walls", json!([]));
        answer
            .as_str()
            .filter(|answer| *answer != "waiting")
            .map(str::to_owned)
    })
}

#[test]
fn page_can_call_the_engine_and_nothing_else() {
    let Some((home, display)) = stage() else {
        return;
    };
    let store = home.path().join("store");
    let window = Session::start(
        display.port,
        &program(),
        &["--store", &store.to_string_lossy()],
    );
    window.until("the page", |page| {
        (page.run("return document.readyState", json!([])) == "complete").then_some(())
    });

    let about = invoke(
        &window,
        "rpc",
        json!({"name": "settings.about", "input": {}}),
    );
    assert!(about.starts_with("answered: "), "{about}");
    let unknown = invoke(
        &window,
        "rpc",
        json!({"name": "settings.nothing", "input": {}}),
    );
    assert!(unknown.contains("bad_input"), "{unknown}");

    // Script can neither do what is dangerous alone, nor answer the question itself.
    let reveal = json!({"id": "0".repeat(32), "reason": "because the page says so"});
    for token in [json!(null), json!("0".repeat(64))] {
        let denied = invoke(
            &window,
            "rpc",
            json!({"name": "trail.reveal", "input": reveal, "token": token}),
        );
        assert!(denied.contains("not_confirmed"), "{denied}");
    }
    let harmless = invoke(
        &window,
        "confirm",
        json!({"name": "settings.about", "input": {}}),
    );
    assert_eq!(harmless, "answered: null");
    let missing = invoke(
        &window,
        "confirm",
        json!({"name": "trail.reveal", "input": reveal}),
    );
    assert!(missing.contains("not_found"), "{missing}");
    let activities = invoke(
        &window,
        "rpc",
        json!({"name": "trail.activity_count", "input": {"query": "action:command.denied"}}),
    );
    assert!(activities.contains("\"matching\":2"), "{activities}");

    for (name, input) in [
        ("plugin:dialog|message", json!({"message": "x"})),
        ("plugin:dialog|open", json!({"options": {}})),
        ("plugin:fs|read_text_file", json!({"path": "/etc/hostname"})),
        ("plugin:window|close", json!({"label": "main"})),
        (
            "plugin:webview|create_webview_window",
            json!({"options": {"label": "x", "url": "/"}}),
        ),
        ("plugin:path|resolve_directory", json!({"directory": 1})),
        (
            "plugin:event|emit",
            json!({"event": "assay", "payload": {}}),
        ),
    ] {
        let answer = invoke(&window, name, input);
        assert!(answer.starts_with("refused: "), "{name}: {answer}");
    }

    // The page's own policy: no script of a record may run, nothing may be fetched or sent.
    window.run(
        "window.__broken = [];
         document.addEventListener('securitypolicyviolation', (event) => window.__broken.push(event.effectiveDirective));
         const script = document.createElement('script');
         script.textContent = 'window.__ran = true';
         document.body.append(script);
         const picture = new Image();
         picture.src = 'http://127.0.0.1:9/canary.png';
         fetch('http://127.0.0.1:9/canary').catch(() => {});
         const frame = document.createElement('iframe');
         frame.src = 'data:text/html,x';
         document.body.append(frame);",
        json!([]),
    );
    let broken = window.until("all four refusals", |page| {
        let broken = page.run("return window.__broken.slice().sort().join(' ')", json!([]));
        let broken = broken.as_str()?.to_owned();
        ["connect-src", "frame-src", "img-src", "script-src-elem"]
            .iter()
            .all(|directive| broken.contains(directive))
            .then_some(broken)
    });
    assert_eq!(
        window.run("return window.__ran === undefined", json!([])),
        true,
        "{broken}"
    );

    // Nothing leads the window elsewhere.
    let here = window.run("return location.href", json!([]));
    window.run(
        "location.href = 'http://127.0.0.1:9/'; window.open('http://127.0.0.1:9/')",
        json!([]),
    );
    let after = invoke(
        &window,
        "rpc",
        json!({"name": "settings.about", "input": {}}),
    );
    assert!(after.starts_with("answered: "), "{after}");
    assert_eq!(window.run("return location.href", json!([])), here);
    assert_eq!(
        window.run("return window.__TAURI__ === undefined", json!([])),
        true
    );
}
