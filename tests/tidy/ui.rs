//! Rules of the UI's sources: what may import what, and that text of records is never markup.

use regex::Regex;

use super::{Source, none, sources};

fn scripts() -> Vec<Source> {
    sources()
        .into_iter()
        .filter(|file| file.path.starts_with("ui/src/") && file.has_extension(&["ts", "tsx"]))
        .collect()
}

fn broken_by(files: &[Source], pattern: &str, excused: impl Fn(&Source) -> bool) -> Vec<String> {
    let pattern = Regex::new(pattern).unwrap();
    let mut broken = Vec::new();
    for file in files.iter().filter(|file| !excused(file)) {
        for (number, line) in file.lines() {
            let comment = line.trim_start().starts_with("//") || line.trim_start().starts_with('*');
            if !comment && pattern.is_match(line) {
                broken.push(format!("{}:{number}: {}", file.path, line.trim()));
            }
        }
    }
    broken
}

#[test]
fn text_is_never_turned_into_markup_or_code() {
    let broken = broken_by(
        &scripts(),
        r"dangerouslySetInnerHTML|\b(inner|outer)HTML\b|insertAdjacentHTML|document\.write|\beval\(|new Function\(|createContextualFragment|srcdoc=|javascript:",
        |_| false,
    );
    none("text of records is shown as text nodes only", broken);
}

#[test]
fn only_the_host_reaches_outside() {
    let broken = broken_by(
        &scripts(),
        r#"from ['"]@tauri-apps/|import\(['"]@tauri-apps/|(^|[^.\w])fetch\(|\bnew (EventSource|WebSocket|XMLHttpRequest)\b|sendBeacon"#,
        |file| file.path.starts_with("ui/src/lib/host"),
    );
    none(
        "only ui/src/lib/host imports @tauri-apps or opens a connection",
        broken,
    );
}

#[test]
fn features_know_nothing_of_each_other() {
    let import = Regex::new(r#"from ['"]([^'"]+)['"]"#).unwrap();
    let mut broken = Vec::new();
    for file in scripts() {
        let mut at = file.path.trim_start_matches("ui/src/").split('/');
        let (Some(layer), feature) = (at.next(), at.next()) else {
            continue;
        };
        for (number, line) in file.lines() {
            let Some(found) = import.captures(line) else {
                continue;
            };
            let target = resolved(&file.path, &found[1]);
            let Some(target) = target.strip_prefix("ui/src/") else {
                continue;
            };
            let mut parts = target.split('/');
            let (to, to_feature) = (parts.next().unwrap_or_default(), parts.next());
            let wrong = match layer {
                "features" => to == "app" || (to == "features" && to_feature != feature),
                "components" => {
                    to == "app"
                        || to == "features"
                        || target.starts_with("lib/call")
                        || target.starts_with("lib/query")
                }
                "lib" => to != "lib",
                _ => false,
            };
            if wrong {
                broken.push(format!("{}:{number}: imports {}", file.path, &found[1]));
            }
        }
    }
    none(
        "imports go app → features → components | lib, and no feature imports another",
        broken,
    );
}

/// The file that an import means, from the root, without its extension.
fn resolved(from: &str, import: &str) -> String {
    if let Some(rest) = import.strip_prefix("@/") {
        return format!("ui/src/{rest}");
    }
    if !import.starts_with('.') {
        return import.to_owned();
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in import.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[test]
fn types_are_kept() {
    let broken = broken_by(
        &scripts(),
        r"\bas any\b|:\s*any\b|<any>|\bas unknown as\b",
        |file| file.path.contains(".test."),
    );
    none("no `any` and no cast around the types", broken);
}

#[test]
fn style_has_no_colours_of_its_own() {
    let colour =
        Regex::new(r"#[0-9a-fA-F]{6}\b|#[0-9a-fA-F]{3}\b[^0-9a-zA-Z-]|\brgba?\(|\bhsla?\(")
            .unwrap();
    let mut broken = Vec::new();
    for file in sources() {
        let styled = file.path.starts_with("ui/src/") && file.has_extension(&["css", "tsx"]);
        if !styled || file.path.ends_with("tokens.css") || file.path.contains(".test.") {
            continue;
        }
        for (number, line) in file.lines() {
            if colour.is_match(line) {
                broken.push(format!("{}:{number}: {}", file.path, line.trim()));
            }
        }
    }
    none("every colour is a token", broken);
}

#[test]
fn lock_file_names_only_the_public_registry() {
    let lock = super::json("ui/package-lock.json");
    let packages = lock["packages"]
        .as_object()
        .expect("a lock file lists its packages");
    let broken = packages
        .iter()
        .filter_map(|(name, package)| Some((name, package["resolved"].as_str()?)))
        .filter(|(_, from)| !from.starts_with("https://registry.npmjs.org/"))
        .map(|(name, from)| format!("{name}: {from}"))
        .collect();
    none("npm packages come from the public registry", broken);
}
