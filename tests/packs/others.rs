//! The other two verifiers, run as programs: `verify.py` under Python, the script of `verify.html`
//! under Node. Each takes many packs in one process.
//!
//! In: packs by name. Out: what each verifier says of each. Not here: which packs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// What reads `verify.py` and asks it about every file of a folder. What is compared with stands
/// beside the pack: `NAME.key`, `NAME.against`.
const PYTHON: &str = r#"
import importlib.util, json, os, sys
spec = importlib.util.spec_from_file_location("verify", sys.argv[1])
verify = importlib.util.module_from_spec(spec)
spec.loader.exec_module(verify)
def read(path):
    with open(path, "rb") as file:
        return file.read()
for name in sorted(os.listdir(sys.argv[2])):
    if not name.endswith(".zip"):
        continue
    path = os.path.join(sys.argv[2], name[:-4])
    key = verify.read_key(read(path + ".key").decode()) if os.path.exists(path + ".key") else None
    against = read(path + ".against") if os.path.exists(path + ".against") else None
    print(json.dumps([name[:-4], verify.check_zip(read(path + ".zip"), key, against)]))
"#;

/// The same for the script of `verify.html`.
const NODE: &str = r#"
const fs = require("node:fs"), path = require("node:path"), vm = require("node:vm");
const [page, folder] = process.argv.slice(1);
const script = /<script>([\s\S]*)<\/script>/.exec(fs.readFileSync(page, "utf8"))[1];
vm.runInThisContext(script + "\nglobalThis.own = { verifyPack, included, consistent, rootOf, sha256 };");
const read = (file) => (fs.existsSync(file) ? new Uint8Array(fs.readFileSync(file)) : null);
(async () => {
  for (const name of fs.readdirSync(folder).filter((name) => name.endsWith(".zip")).sort()) {
    const at = path.join(folder, name.slice(0, -4));
    const key = read(at + ".key");
    const answer = await own.verifyPack(read(at + ".zip"), key && Buffer.from(key).toString(), read(at + ".against"));
    process.stdout.write(JSON.stringify([name.slice(0, -4), answer]) + "\n");
  }
})();
"#;

/// A file of the crate.
pub(crate) fn asset(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../evidence/assets")
        .join(name)
}

/// What a program prints; it has to end well.
pub(crate) fn printed(command: &mut Command, what: &str) -> String {
    let output = command
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("{what} is needed to compare the verifiers: {error}"));
    assert!(
        output.status.success(),
        "{what}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

fn answers(text: &str) -> BTreeMap<String, Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// What `verify.py` says of the packs in `folder`.
pub(crate) fn python(folder: &Path) -> BTreeMap<String, Value> {
    let mut command = Command::new("python3");
    command
        .args(["-I", "-c", PYTHON])
        .arg(asset("verify.py"))
        .arg(folder);
    answers(&printed(&mut command, "python3"))
}

/// What the script of `verify.html` says of the packs in `folder`.
pub(crate) fn page(folder: &Path) -> BTreeMap<String, Value> {
    let mut command = Command::new("node");
    command
        .args(["--no-warnings", "-e", NODE])
        .arg(asset("verify.html"))
        .arg(folder);
    answers(&printed(&mut command, "node"))
}

/// Runs a Python program that knows `verify.py` as `verify`; `argument` is its last argument.
pub(crate) fn python_with(program: &str, argument: &Path) -> String {
    let preface = PYTHON.split("def read").next().unwrap_or_default();
    let mut command = Command::new("python3");
    command
        .args(["-I", "-c", &format!("{preface}{program}")])
        .arg(asset("verify.py"))
        .arg(argument);
    printed(&mut command, "python3")
}

/// Runs a program under Node that knows the page's functions as `own`.
pub(crate) fn page_with(program: &str, argument: &Path) -> String {
    let preface = NODE.split("const read").next().unwrap_or_default();
    let mut command = Command::new("node");
    command
        .args(["--no-warnings", "-e", &format!("{preface}{program}")])
        .arg(asset("verify.html"))
        .arg(argument);
    printed(&mut command, "node")
}
