//! The system's keychain, as a desktop has it: gnome-keyring on a session bus of its own.
//!
//! Its keyring has no password, so that nothing asks for one and its file can be read here. Skipped, and
//! said so, where `dbus-daemon` or `gnome-keyring-daemon` is not installed.

#![expect(clippy::print_stderr, reason = "a test that is skipped says so")]

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use super::{Bench, Ran};

const PASSPHRASE: &[u8] = b"twelve letters and more\n";
const REVERSIBLE: &str =
    "name = \"tokens\"\nversion = \"1\"\n[operators]\ndefault = { operator = \"reversible\" }\n";
const SAID: &str = "{\"text\": \"write to zoe.quill@example.org\"}\n";

/// A computer of one person: a session bus, a keychain on it, and where that keeps its items.
struct Computer {
    bench: Bench,
    bus: Child,
    address: String,
    keyrings: PathBuf,
}

impl Drop for Computer {
    fn drop(&mut self) {
        // The keychain ends with its bus.
        let _ = self.bus.kill();
        let _ = self.bus.wait();
    }
}

fn is_installed(program: &str) -> bool {
    Command::new(program)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok()
}

impl Computer {
    /// `None` where this one has nothing to make it with.
    fn new(has_keyring: bool) -> Option<Self> {
        for program in ["dbus-daemon", "gnome-keyring-daemon"] {
            if !is_installed(program) {
                eprintln!("skipped: {program} is not installed");
                return None;
            }
        }
        let bench = Bench::empty();
        let (data, keyrings) = (bench.path("data"), bench.path("data/keyrings"));
        std::fs::create_dir_all(&keyrings).unwrap();
        if has_keyring {
            let keyring = "[keyring]\ndisplay-name=test\nctime=0\nmtime=0\nlock-on-idle=false\nlock-after=false\n";
            std::fs::write(keyrings.join("test.keyring"), keyring).unwrap();
            std::fs::write(keyrings.join("default"), "test").unwrap();
        }
        let mut bus = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--print-address=1"])
            .env("XDG_DATA_HOME", data)
            .env("XDG_RUNTIME_DIR", bench.path(""))
            .env("HOME", bench.path(""))
            // Nobody is asked for anything.
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut address = String::new();
        BufReader::new(bus.stdout.take().unwrap())
            .read_line(&mut address)
            .unwrap();
        Some(Self {
            bench,
            bus,
            address: address.trim_end().to_owned(),
            keyrings,
        })
    }

    fn fed(&self, arguments: &[&str], input: &[u8]) -> Ran {
        let mut command = self.bench.command(arguments);
        command
            .env_remove("ASSAY_STATE")
            .env("DBUS_SESSION_BUS_ADDRESS", &self.address);
        super::fed(command, input)
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        self.fed(arguments, b"")
    }

    /// What the keychain holds by the beginnings of its names, in their order.
    fn items(&self) -> Vec<&'static str> {
        let text = std::fs::read_to_string(self.keyrings.join("test.keyring")).unwrap();
        let mut found: Vec<_> = text
            .lines()
            .filter_map(|line| line.strip_prefix("display-name=keyring:"))
            .map(|name| {
                assert!(name.ends_with("@assay"), "{name}");
                [
                    "store key ",
                    "signing key ",
                    "last checkpoint of ",
                    "vault key ",
                ]
                .into_iter()
                .find(|known| name.starts_with(known))
                .unwrap_or_else(|| panic!("{name}"))
            })
            .collect();
        found.sort_unstable();
        found
    }
}

#[test]
fn every_key_lies_in_the_keychain_and_comes_back_from_it() {
    let Some(computer) = Computer::new(true) else {
        return;
    };
    let encrypted = computer.fed(&["--json", "store", "encrypt"], PASSPHRASE);
    assert_eq!(encrypted.with_code(0).json()["encrypted"], true);
    let logs = super::logs();
    let imported = computer.run(&["--json", "import", logs.to_str().unwrap()]);
    assert!(imported.with_code(0).json()["not_signed"].is_null());
    let key = computer.run(&["--json", "evidence", "key", "show"]);
    assert_eq!(key.with_code(0).json()["place"], "keychain");
    let policy = computer.bench.file("tokens.toml", REVERSIBLE);
    let redacted = computer
        .fed(
            &["redaction", "apply", "--policy", &policy],
            SAID.as_bytes(),
        )
        .with_code(0);
    assert!(
        !redacted.stdout.contains("zoe.quill"),
        "{}",
        redacted.stdout
    );
    let restored = computer.fed(
        &["redaction", "restore", "--reason", "asked by counsel"],
        redacted.stdout.as_bytes(),
    );
    assert_eq!(restored.with_code(0).stdout, SAID);
    let all = [
        "last checkpoint of ",
        "signing key ",
        "store key ",
        "vault key ",
    ];
    assert_eq!(computer.items(), all);
    assert!(
        computer
            .bench
            .files_of_store()
            .iter()
            .all(|path| path.extension().is_none_or(|kind| kind != "key")),
        "no key lies in a file"
    );

    // Another key takes the place of the one before, in the keychain as well.
    let rotated = computer.fed(&["--json", "store", "rotate-key"], PASSPHRASE);
    rotated.with_code(0);
    computer.run(&["evidence", "key", "rotate"]).with_code(0);
    assert_eq!(computer.items(), all);
    computer.run(&["trail", "calls"]).with_code(0);

    computer.run(&["store", "decrypt"]).with_code(0);
    assert_eq!(
        computer.items(),
        ["last checkpoint of ", "signing key ", "vault key "]
    );
}

#[test]
fn a_store_opens_on_another_computer_with_the_passphrase_alone() {
    let (Some(first), Some(second)) = (Computer::new(true), Computer::new(true)) else {
        return;
    };
    first.fed(&["store", "encrypt"], PASSPHRASE).with_code(0);
    std::fs::rename(first.bench.store(), second.bench.store()).unwrap();
    second.run(&["trail", "calls"]).error("store_encrypted", "");
    second.fed(&["store", "recover"], PASSPHRASE).with_code(0);
    assert_eq!(second.items(), ["store key "]);
    second.run(&["trail", "calls"]).with_code(0);
}

/// A keychain that nobody unlocks, since there is no screen to ask on.
#[test]
fn what_a_locked_keychain_prevents_is_said_and_nothing_else_fails() {
    let Some(computer) = Computer::new(false) else {
        return;
    };
    let logs = super::logs();
    let imported = computer
        .run(&["--json", "import", logs.to_str().unwrap()])
        .with_code(0)
        .json();
    let why = imported["not_signed"].as_str().unwrap();
    assert!(
        why.starts_with("Not signed: the keychain can't be used: "),
        "{why}"
    );
    assert!(
        why.ends_with("unlock the keychain, or name a key file with `--key-file FILE`."),
        "{why}"
    );
    let again = computer
        .run(&["import", logs.to_str().unwrap()])
        .with_code(0);
    assert!(again.stdout.contains(why), "{}", again.stdout);
    computer
        .fed(&["store", "encrypt"], PASSPHRASE)
        .error("key_missing", "the keychain can't be used");
    // With a key in a file it is signed, records of before as well.
    let file = computer.bench.path("signing.key");
    let signed = computer.run(&[
        "--json",
        "--key-file",
        file.to_str().unwrap(),
        "import",
        logs.to_str().unwrap(),
    ]);
    assert!(signed.with_code(0).json()["not_signed"].is_null());
}
