//! The window's walls: what the webview may call and load. A change here is a decision, so the
//! lists stand twice: where they act, and in this test.

use regex::Regex;

use super::{json, read};

const COMMANDS: &[&str] = &["rpc", "confirm", "pick_files", "pick_folder", "pick_save"];

const PERMISSIONS: &[&str] = &[
    "allow-rpc",
    "allow-confirm",
    "allow-pick-files",
    "allow-pick-folder",
    "allow-pick-save",
    "core:event:allow-listen",
    "core:event:allow-unlisten",
    "core:webview:allow-set-webview-zoom",
];

#[test]
fn capabilities_are_the_listed_ones() {
    let capability = json("src-tauri/capabilities/main.json");
    let permissions: Vec<&str> = capability["permissions"]
        .as_array()
        .expect("permissions are a list")
        .iter()
        .filter_map(|permission| permission.as_str())
        .collect();
    assert_eq!(permissions, PERMISSIONS);
    assert_eq!(capability["windows"], serde_json::json!(["main"]));
    assert!(
        capability.get("remote").is_none(),
        "no page of the web may call commands"
    );
    let files = std::fs::read_dir(super::root().join("src-tauri/capabilities"))
        .expect("the folder can be read")
        .count();
    assert_eq!(files, 1, "one capability, for one window");
}

#[test]
fn webview_may_call_the_listed_commands() {
    let names = |text: &str, pattern: &str| -> Vec<String> {
        let list = Regex::new(pattern).unwrap();
        let list = list.captures(text).expect("the list of commands is there");
        Regex::new(r"[a-z_]+(::[a-z_]+)*")
            .unwrap()
            .find_iter(&list[1])
            .map(|name| {
                name.as_str()
                    .rsplit(':')
                    .next()
                    .unwrap_or_default()
                    .to_owned()
            })
            .collect()
    };
    let granted = names(&read("src-tauri/build.rs"), r"(?s)\.commands\(&\[(.*?)\]\)");
    let handled = names(
        &read("src-tauri/src/window.rs"),
        r"(?s)generate_handler!\[(.*?)\]",
    );
    assert_eq!(granted, COMMANDS);
    assert_eq!(handled, COMMANDS);
}

#[test]
fn content_security_policy_allows_our_own_files_only() {
    let config = json("src-tauri/tauri.conf.json");
    let policy = config["app"]["security"]["csp"]
        .as_str()
        .expect("there is a policy");
    for wanted in [
        "default-src 'none'",
        "script-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src ipc: http://ipc.localhost",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    ] {
        assert!(
            policy.split("; ").any(|directive| directive == wanted),
            "`{wanted}` is missing in: {policy}"
        );
    }
    assert!(!policy.contains("unsafe-eval"));
    assert_eq!(
        policy.matches("unsafe-inline").count(),
        1,
        "for styles only"
    );
    assert!(policy.contains("style-src 'self' 'unsafe-inline'"));
}

#[test]
fn window_gives_the_page_nothing_more() {
    let config = json("src-tauri/tauri.conf.json");
    assert_eq!(config["app"]["withGlobalTauri"], false);
    assert_eq!(config["app"]["security"]["freezePrototype"], true);
    assert_eq!(config["app"]["security"]["assetProtocol"]["enable"], false);
    assert!(
        config["app"]["security"]
            .get("dangerousDisableAssetCspModification")
            .is_none()
    );
    let windows = config["app"]["windows"]
        .as_array()
        .expect("windows are a list");
    assert_eq!(windows.len(), 1);
    assert_eq!(windows[0]["title"], "Assay", "the title holds no data");
    assert_eq!(
        (&windows[0]["width"], &windows[0]["height"]),
        (&1280.into(), &800.into())
    );
    assert_eq!(
        (&windows[0]["minWidth"], &windows[0]["minHeight"]),
        (&1024.into(), &640.into())
    );
    let manifest = read("src-tauri/Cargo.toml");
    assert!(
        !manifest.contains("devtools"),
        "no developer tools in a release"
    );
    assert!(
        !manifest.contains("protocol-asset"),
        "no files of the disk in the page"
    );
    let window = read("src-tauri/src/window.rs");
    for wall in ["on_navigation(", "on_new_window(", "on_download("] {
        assert!(window.contains(wall), "`{wall}` refuses what is not ours");
    }
}

#[test]
fn page_has_no_inline_script() {
    let page = read("ui/index.html");
    let script = Regex::new(r"(?s)<script([^>]*)>(.*?)</script>").unwrap();
    for found in script.captures_iter(&page) {
        assert!(
            found[1].contains("src="),
            "a script without a file: {}",
            &found[0]
        );
        assert!(
            found[2].trim().is_empty(),
            "a script in the page: {}",
            &found[0]
        );
    }
    assert!(
        !Regex::new(r"\son[a-z]+=").unwrap().is_match(&page),
        "an inline event handler"
    );
    assert!(
        !Regex::new(r#"(src|href)="https?:"#)
            .unwrap()
            .is_match(&page),
        "loads from the web"
    );
}
