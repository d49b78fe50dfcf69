//! Trees of every size from 0 to 1,030: the same roots and proofs here, in `verify.py` and in
//! `verify.html`. That they are those of `ct-merkle` is a test of `assay-evidence`.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;

use super::others::{page_with, python_with};
use assay_evidence::proof::{TileReader, consistency, inclusion, verify, verify_consistency};
use assay_evidence::tree::{Edge, Hash, Tile, leaf_hash};

const LARGEST: u64 = 1_030;

struct Stored(HashMap<(u32, u64), Vec<Hash>>);

impl TileReader for Stored {
    type Error = ();
    fn tile(&mut self, level: u32, number: u64) -> Result<Vec<Hash>, ()> {
        self.0.get(&(level, number)).cloned().ok_or(())
    }
}

/// Reads lines `root SIZE ROOT`, `in SIZE INDEX PATH`, `con OLD SIZE PATH`; a proof has to hold, and
/// not any more once one hash in it, or a root, is another.
const PYTHON: &str = r#"
size = 0
leaves, roots, checked = [], {}, 0
other = b"\7" * 32
for n in range(1031):
    leaves.append(verify.leaf_hash(n.to_bytes(8, "big")))
last, inner = verify.root_of(leaves[:1030], set(range(1030)))
inner[1030] = last
for line in open(sys.argv[2]):
    kind, a, b, *rest = line.rstrip("\n").split(" ")
    a = int(a)
    path = [bytes.fromhex(h) for h in rest[0].split(",") if h] if rest else []
    if kind == "root":
        assert inner[a].hex() == b, line
        assert a == 0 or verify.root_of(leaves[:a])[0] == inner[a] if a % 97 == 0 else True
    elif kind == "in":
        b = int(b)
        assert verify.included(leaves[b], b, a, path, inner[a]), line
        assert not verify.included(other, b, a, path, inner[a]), line
        assert not verify.included(leaves[b], b, a, path + [other], inner[a]), line
        assert not path or not verify.included(leaves[b], b, a, path[:-1], inner[a]), line
        assert not path or not verify.included(leaves[b], b, a, [other] + path[1:], inner[a]), line
    else:
        b = int(b)
        assert verify.consistent(a, b, inner[a], inner[b], path), line
        assert not verify.consistent(a, b, inner[a], inner[b], path + [other]), line
        assert a == 0 or not verify.consistent(a, b, other, inner[b], path), line
        assert a == 0 or not verify.consistent(a, b, inner[a], other, path), line
        assert not path or not verify.consistent(a, b, inner[a], inner[b], path[1:]), line
    checked += 1
print(checked)
"#;

const PAGE: &str = r#"
{
const { included, consistent, rootOf, sha256 } = own;
const eight = (n) => { const b = new Uint8Array(8); new DataView(b.buffer).setUint32(4, n); return b; };
const leaves = Array.from({ length: 1031 }, (_, n) => sha256(new Uint8Array([0]), eight(n)));
const inner = rootOf((n) => leaves[n], 1030, new Set(Array.from({ length: 1030 }, (_, n) => n)));
const other = new Uint8Array(32).fill(7);
const is = (holds, line) => { if (!holds) throw new Error(line); };
let checked = 0;
for (const line of fs.readFileSync(folder, "utf8").split("\n").slice(0, -1)) {
  const [kind, first, second, rest] = line.split(" ");
  const a = Number(first), b = Number(second);
  const path = (rest ?? "").split(",").filter(Boolean).map((h) => new Uint8Array(Buffer.from(h, "hex")));
  if (kind === "root") is(Buffer.from(inner.get(a)).toString("hex") === second, line);
  else if (kind === "in") {
    is(included(leaves[b], b, a, path, inner.get(a)), line);
    is(!included(other, b, a, path, inner.get(a)), line);
    is(!included(leaves[b], b, a, [...path, other], inner.get(a)), line);
    is(path.length === 0 || !included(leaves[b], b, a, path.slice(0, -1), inner.get(a)), line);
  } else {
    is(consistent(a, b, inner.get(a), inner.get(b), path), line);
    is(!consistent(a, b, inner.get(a), inner.get(b), [...path, other]), line);
    is(a === 0 || !consistent(a, b, inner.get(a), other, path), line);
    is(path.length === 0 || !consistent(a, b, inner.get(a), inner.get(b), path.slice(1)), line);
  }
  checked += 1;
}
console.info(checked);
}
"#;

fn some(of: u64) -> BTreeSet<u64> {
    let power = (of.max(1)).next_power_of_two() / 2;
    [
        0,
        1,
        of / 3,
        power.saturating_sub(1),
        power,
        of.saturating_sub(1),
    ]
    .into_iter()
    .filter(|number| *number < of)
    .collect()
}

fn hexed(path: &[Hash]) -> String {
    path.iter().map(hex::encode).collect::<Vec<_>>().join(",")
}

#[test]
fn every_size_has_the_same_roots_and_proofs_everywhere() {
    let (mut edge, mut stored) = (Edge::new(), Stored(HashMap::new()));
    let mut roots: Vec<Hash> = Vec::new();
    let (mut lines, mut count) = (String::new(), 0);
    for size in 0..=LARGEST {
        if size > 0 {
            let leaf = (size - 1).to_be_bytes();
            let mut keep = |tile: Tile| {
                stored.0.insert((tile.level, tile.number), tile.hashes);
            };
            edge.push(leaf_hash(&leaf)).into_iter().for_each(&mut keep);
            edge.open_tiles().into_iter().for_each(keep);
        }
        let root = edge.root();
        roots.push(root);
        writeln!(lines, "root {size} {}", hex::encode(root)).unwrap();
        count += 1;
        for index in some(size) {
            let path = inclusion(&mut stored, index, size).unwrap();
            assert!(verify(
                &leaf_hash(&index.to_be_bytes()),
                index,
                size,
                &path,
                &root
            ));
            writeln!(lines, "in {size} {index} {}", hexed(&path)).unwrap();
            count += 1;
        }
        for old in some(size) {
            let path = consistency(&mut stored, old, size).unwrap();
            let before = &roots[usize::try_from(old).unwrap()];
            assert!(verify_consistency(old, size, before, &root, &path));
            writeln!(lines, "con {old} {size} {}", hexed(&path)).unwrap();
            count += 1;
        }
    }
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("lines.txt");
    std::fs::write(&file, lines).unwrap();
    assert_eq!(python_with(PYTHON, &file).trim(), count.to_string());
    assert_eq!(page_with(PAGE, &file).trim(), count.to_string());
}
