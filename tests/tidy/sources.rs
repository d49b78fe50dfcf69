//! Rules on every file: length, opening words, forbidden leftovers, machine paths, migrations.

use regex::Regex;

use super::{none, read, root, sources};

#[test]
fn files_are_at_most_600_lines() {
    let broken = sources()
        .iter()
        .filter(|file| file.has_extension(&["rs", "ts", "tsx", "css", "sql", "sh", "mjs", "js"]))
        .map(|file| (file.text.lines().count(), &file.path))
        .filter(|(lines, _)| *lines > 600)
        .map(|(lines, path)| format!("{path}: {lines} lines"))
        .collect();
    none("hand-written files are at most 600 lines", broken);
}

#[test]
fn rust_modules_say_first_what_they_are_for() {
    let broken = sources()
        .iter()
        .filter(|file| file.has_extension(&["rs"]) && !file.text.starts_with("//! "))
        .map(|file| file.path.clone())
        .collect();
    none("a Rust file begins with `//!`", broken);
}

#[test]
fn modules_are_files_and_nothing_is_exported_twice() {
    let export = Regex::new(r"^\s*pub(\([a-z: ]+\))? use ").unwrap();
    let mut broken = Vec::new();
    for file in sources().iter().filter(|file| file.has_extension(&["rs"])) {
        if file.path.ends_with("/mod.rs") {
            broken.push(format!("{}: write `foo.rs` beside `foo/`", file.path));
        }
        for (number, line) in file.lines() {
            if export.is_match(line) {
                broken.push(format!("{}:{number}: {}", file.path, line.trim()));
            }
        }
    }
    none(
        "no `mod.rs` and no `pub use`: import from where a thing is defined",
        broken,
    );
}

#[test]
fn no_leftovers() {
    let words = Regex::new(
        r"\b(TODO|FIXME|XXX|HACK)\b|\b(todo|unimplemented|dbg)!\(|#\[ignore|#\[should_panic|@ts-ignore|@ts-nocheck|debugger;|console\.log\(",
    )
    .unwrap();
    let mut broken = Vec::new();
    for file in sources() {
        if file.is_tidy() || file.has_extension(&["md", "csv"]) {
            continue;
        }
        for (number, line) in file.lines() {
            if words.is_match(line) {
                broken.push(format!("{}:{number}: {}", file.path, line.trim()));
            }
        }
    }
    none(
        "nothing is left for later in the code: file an issue",
        broken,
    );
}

#[test]
fn tests_wait_for_what_happens_and_not_for_time() {
    let sleep = Regex::new(r"thread::sleep\(|tokio::time::sleep\(").unwrap();
    let mut broken = Vec::new();
    for file in sources() {
        // The driver of the real window polls another process, which tells nobody when it is ready.
        if file.is_tidy() || file.path.starts_with("tests/window/") || !file.path.contains("tests/")
        {
            continue;
        }
        for (number, line) in file.lines() {
            if sleep.is_match(line) {
                broken.push(format!("{}:{number}", file.path));
            }
        }
    }
    none("no sleeps in tests", broken);
}

#[test]
fn no_comment_holds_code_that_is_to_run() {
    let fence = Regex::new(r"^\s*//[/!].*```").unwrap();
    let mut broken = Vec::new();
    for file in sources().iter().filter(|file| file.has_extension(&["rs"])) {
        for (number, line) in file.lines() {
            if fence.is_match(line) && !file.is_tidy() {
                broken.push(format!("{}:{number}", file.path));
            }
        }
    }
    none("`make test` runs no code of comments: write a test", broken);
}

#[test]
fn no_file_names_a_machine() {
    let home = Regex::new(r#"(^|["'`=\s(:])/(home|Users|root)/[A-Za-z0-9_.-]+"#).unwrap();
    let own = root().to_string_lossy().into_owned();
    let above = root()
        .parent()
        // A tree that lies in the folder for temporary files is on no machine of anybody's.
        .filter(|above| above.components().count() > 1 && *above != std::env::temp_dir())
        .map(|above| format!("{}/", above.to_string_lossy()));
    let mut broken = Vec::new();
    for file in sources().iter().filter(|file| !file.is_tidy()) {
        for (number, line) in file.lines() {
            let named =
                line.contains(&own) || above.as_ref().is_some_and(|above| line.contains(above));
            if named || home.is_match(line) {
                broken.push(format!("{}:{number}: {}", file.path, line.trim()));
            }
        }
    }
    none("no absolute path of a machine is written down", broken);
}

#[test]
fn migrations_are_numbered_without_gaps_and_their_tables_are_strict() {
    let table = Regex::new(r"(?is)create\s+table\s+(\w+)[^;]*;").unwrap();
    let comment = Regex::new(r"(?m)--.*$").unwrap();
    let mut broken = Vec::new();
    let files: Vec<_> = sources()
        .into_iter()
        .filter(|file| file.path.starts_with("crates/store/migrations/"))
        .collect();
    assert!(!files.is_empty(), "no migrations found");
    for (file, expected) in files.iter().zip(1..) {
        let name = file.path.rsplit('/').next().unwrap_or_default();
        if !name.starts_with(&format!("{expected:04}_")) || !name.ends_with(".sql") {
            broken.push(format!("{}: expected {expected:04}_*.sql", file.path));
        }
        let code = comment.replace_all(&file.text, "");
        for found in table.captures_iter(&code) {
            if !found[0]
                .to_lowercase()
                .trim_end_matches(';')
                .trim_end()
                .ends_with("strict")
                && !found[0].to_lowercase().contains("strict, without rowid")
                && !found[0].to_lowercase().contains("without rowid, strict")
            {
                broken.push(format!(
                    "{}: table `{}` is not STRICT",
                    file.path, &found[1]
                ));
            }
        }
    }
    none(
        "migrations are numbered from 0001 without gaps, tables are STRICT",
        broken,
    );
}

#[test]
fn readme_begins_with_the_two_commands_and_shows_the_window() {
    let readme = read("README.md");
    let top: String = readme.lines().take(25).collect::<Vec<_>>().join("\n");
    assert!(
        top.contains("make run"),
        "`make run` is not in the README's first 25 lines"
    );
    assert!(
        top.contains("make test"),
        "`make test` is not in the README's first 25 lines"
    );
    let link = Regex::new(r"\]\(([^)#:]+)\)|<img[^>]+src=.([^'\x22]+).").unwrap();
    let mut pictures = 0;
    let mut broken = Vec::new();
    for found in link.captures_iter(&readme) {
        let target = found
            .get(1)
            .or(found.get(2))
            .map_or("", |target| target.as_str());
        if !root().join(target).exists() {
            broken.push(target.to_owned());
        } else if target.ends_with(".png") {
            pictures += 1;
        }
    }
    none("what the README links to is there", broken);
    assert!(pictures > 0, "the README has no picture of the window");
    assert!(
        read(".ci/run").contains("make test"),
        "CI runs the README's test command"
    );
}
