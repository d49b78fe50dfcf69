//! Which crate may use which: a crate is one kind of outside world (ARCHITECTURE.md).

use regex::Regex;

use super::{none, read, root, sources};

/// What each crate of ours may use of ours.
const EDGES: &[(&str, &[&str])] = &[
    ("crates/domain", &[]),
    ("crates/redact", &[]),
    ("crates/names", &["redact"]),
    ("crates/evidence", &[]),
    ("crates/store", &["domain", "evidence"]),
    ("crates/backends", &["domain"]),
    ("crates/report", &["domain"]),
    (
        "crates/engine",
        &[
            "domain", "redact", "names", "evidence", "store", "backends", "report",
        ],
    ),
    // `backends` for the sandbox and the local server, which are programs of their own.
    ("crates/cli", &["domain", "backends", "engine"]),
    ("src-tauri", &["engine"]),
];

/// Who may use what reaches outside.
const OUTSIDE: &[(&str, &[&str])] = &[
    ("reqwest", &["crates/backends"]),
    ("axum", &["crates/backends"]),
    ("hyper", &["crates/backends"]),
    ("rustls", &["crates/backends"]),
    ("aws-sigv4", &["crates/backends"]),
    ("aws-credential-types", &["crates/backends"]),
    ("keyring", &["crates/backends"]),
    ("rusqlite", &["crates/store"]),
    ("typst", &["crates/report"]),
    ("typst-pdf", &["crates/report"]),
    ("rust_xlsxwriter", &["crates/report"]),
    ("clap", &["crates/cli"]),
    ("tauri", &["src-tauri"]),
    ("tauri-plugin-dialog", &["src-tauri"]),
    ("tokio", &["crates/backends", "crates/engine", "crates/cli"]),
];

/// The names under `[dependencies]` and its platform variants.
fn dependencies(member: &str) -> Vec<String> {
    let mut inside = false;
    let mut names = Vec::new();
    for line in read(&format!("{member}/Cargo.toml")).lines() {
        let line = line.trim();
        if line.starts_with('[') {
            inside = line == "[dependencies]"
                || (line.starts_with("[target.") && line.ends_with(".dependencies]"));
        } else if inside && !line.starts_with('#') {
            let name = line.split(['.', '=', ' ']).next().unwrap_or_default();
            if !name.is_empty() {
                names.push(name.to_owned());
            }
        }
    }
    names
}

#[test]
fn edges_between_crates_are_the_listed_ones() {
    let mut broken = Vec::new();
    for (member, allowed) in EDGES {
        for name in dependencies(member) {
            if let Some(ours) = name.strip_prefix("assay-")
                && !allowed.contains(&ours)
            {
                broken.push(format!("{member} uses {name}"));
            }
        }
    }
    none("a crate uses only the crates below it", broken);
}

#[test]
fn every_dependency_is_used_by_the_crate_that_lists_it() {
    let files = sources();
    let mut broken = Vec::new();
    for (member, _) in EDGES {
        let own: Vec<_> = files
            .iter()
            .filter(|file| {
                file.path.starts_with(&format!("{member}/")) && file.has_extension(&["rs"])
            })
            .collect();
        for name in dependencies(member) {
            let used = Regex::new(&format!(r"\b{}\b", name.replace('-', "_"))).unwrap();
            if !own.iter().any(|file| used.is_match(&file.text)) {
                broken.push(format!("{member} lists {name}"));
            }
        }
    }
    none("what a crate lists it uses", broken);
}

#[test]
fn every_member_has_its_edges_listed() {
    let manifest = read("Cargo.toml");
    let member = Regex::new(r#"(?m)^  "(crates/\w+|src-tauri)",$"#).unwrap();
    let broken = member
        .captures_iter(&manifest)
        .map(|found| found[1].to_owned())
        .filter(|member| EDGES.iter().all(|(listed, _)| listed != member))
        .collect();
    none("a new crate is added to the list of edges", broken);
    assert!(
        !root().join("rust-toolchain.toml").exists(),
        "other toolchains can't be fetched offline"
    );
}

#[test]
fn only_one_crate_reaches_each_part_of_the_outside() {
    let mut broken = Vec::new();
    for (member, _) in EDGES {
        for name in dependencies(member) {
            let owner = OUTSIDE.iter().find(|(outside, _)| *outside == name);
            if owner.is_some_and(|(_, allowed)| !allowed.contains(member)) {
                broken.push(format!("{member} uses {name}"));
            }
        }
    }
    none(
        "network, database, documents, terminal and window have one crate each",
        broken,
    );
}

#[test]
fn only_backends_opens_a_socket() {
    let socket = Regex::new(
        r"\b(std|tokio)::net\b|\bTcpStream\b|\bTcpListener\b|\bUdpSocket\b|\bUnixStream\b",
    )
    .unwrap();
    let mut broken = Vec::new();
    for file in sources() {
        let code = file.path.starts_with("crates/") || file.path.starts_with("src-tauri/");
        if !code || !file.has_extension(&["rs"]) || file.path.starts_with("crates/backends/") {
            continue;
        }
        for (number, line) in file.lines() {
            let comment = line.trim_start().starts_with("//");
            // An address is a value; reading one opens nothing.
            if !comment
                && socket.is_match(line)
                && !line.contains("net::IpAddr")
                && !line.contains("net::Ipv")
                && !line.contains("net::SocketAddr")
            {
                broken.push(format!("{}:{number}: {}", file.path, line.trim()));
            }
        }
    }
    none("only crates/backends opens sockets", broken);
}

#[test]
fn sql_is_written_in_store_only() {
    let sql = Regex::new(r#"(?i)["\s](insert into \w+|delete from \w+|create table \w+|select [\w\s,.*()]+ from \w+\s+(where|order|limit))"#).unwrap();
    let mut broken = Vec::new();
    for file in sources() {
        if !file.path.starts_with("crates/")
            || !file.has_extension(&["rs"])
            || file.path.starts_with("crates/store/")
        {
            continue;
        }
        for (number, line) in file.lines() {
            if !line.trim_start().starts_with("//") && sql.is_match(line) {
                broken.push(format!("{}:{number}: {}", file.path, line.trim()));
            }
        }
    }
    none("only crates/store writes SQL", broken);
}

#[test]
fn pure_crates_have_no_clock_files_threads_or_chance() {
    let outside = Regex::new(
        r"\bstd::(fs|env|process|thread)\b|\bSystemTime::now\b|\bInstant::now\b|\bUtc::now\b|\bLocal::now\b|\bgetrandom\b",
    )
    .unwrap();
    let mut broken = Vec::new();
    for file in sources() {
        let pure = ["domain", "redact", "evidence", "report"]
            .iter()
            .any(|name| file.path.starts_with(&format!("crates/{name}/src/")));
        if !pure || file.path.ends_with("tests.rs") {
            continue;
        }
        for (number, line) in file.lines() {
            if line.contains("#[cfg(test)]") {
                break;
            }
            if !line.trim_start().starts_with("//") && outside.is_match(line) {
                broken.push(format!("{}:{number}: {}", file.path, line.trim()));
            }
        }
    }
    none(
        "domain, redact, names, evidence and report are pure",
        broken,
    );
}
