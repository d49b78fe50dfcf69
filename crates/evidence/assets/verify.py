#!/usr/bin/env python3
"""Checks an evidence pack: its files, signature, keys, records, proofs and counts.

Needs Python 3.8 and, for signatures, `openssl` 3. No network, nothing to install. Run it in the
folder of an unpacked pack, or give it the zip file:

    python3 -I verify.py [PACK.zip] [--key FINGERPRINT-OR-VKEY] [--against CHECKPOINT-OR-PACK] [--json]

Exit code 0: it holds. 1: it does not. What is checked, by whom a key has to be compared, and what a
pack does not prove stands in HOWTO.txt.
"""
import base64
import functools
import hashlib
import json
import os
import re
import struct
import subprocess
import sys
import tempfile
import zlib

NAMED = re.compile(r"HOWTO\.txt|verify\.(html|py)|report\.(csv|json|pdf|xlsx)"
                   r"|(keys/(0|[1-9]\d*)\.checkpoint)"
                   r"|(old/(0|[1-9]\d*)\.(checkpoint|cosigned|tsa-chain\.pem|tsr|witness))", re.ASCII)
DERIVED = re.compile(r"checkpoint(\.cosigned|\.tsr|\.witness)?|log\.pem|log\.vkey|manifest\.json|tsa-chain\.pem"
                     r"|SHA256SUMS|scope/leaf-hashes\.bin|old/(0|[1-9]\d*)\.consistency"
                     r"|records/(\d{9}|[1-9]\d{9,})/(leaf\.json|proof\.tlog-proof|raw\.bin|salt\.bin)", re.ASCII)
NEEDED = ["HOWTO.txt", "SHA256SUMS", "checkpoint", "manifest.json", "scope/leaf-hashes.bin", "verify.html", "verify.py"]
SPKI = bytes.fromhex("302a300506032b6570032100")


class Stop(Exception):
    """What keeps the rest from being checked."""


def sha(*parts):
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.digest()


# The tree, RFC 9162.

def leaf_hash(leaf):
    return sha(b"\0", leaf)


def node(left, right):
    return sha(b"\1", left, right)


def root_of(hashes, sizes=()):
    """The root over all hashes, and those of the first so many."""
    edge, roots = [], {}
    for count, h in enumerate(hashes):
        if count in sizes:
            roots[count] = fold(edge)
        while count & 1:
            h = node(edge.pop(), h)
            count >>= 1
        edge.append(h)
    return fold(edge), roots


def fold(edge):
    if not edge:
        return sha(b"")
    root = edge[-1]
    for left in reversed(edge[:-1]):
        root = node(left, root)
    return root


def included(h, index, size, path, root):
    """RFC 9162 section 2.1.3.2."""
    if index >= size:
        return False
    fn, sn = index, size - 1
    for p in path:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            h = node(p, h)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            h = node(h, p)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and h == root


def consistent(old, new, old_root, new_root, path):
    """RFC 9162 section 2.1.4.2."""
    if old > new:
        return False
    if old == 0:
        return not path and old_root == sha(b"")
    if old == new:
        return not path and old_root == new_root
    path = list(path)
    if old & (old - 1) == 0:
        path.insert(0, old_root)
    if not path:
        return False
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for p in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node(p, fr), node(p, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node(sr, p)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and fr == old_root and sr == new_root


# Notes and keys, c2sp.org/signed-note.

def b64(text):
    """Base64 in its one form, or None."""
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    return raw if base64.b64encode(raw).decode() == text else None


def parse_key(text, kind=1):
    """(name, key number, raw key) of NAME+NUMBER+KEY, or None."""
    parts = text.split("+", 2)
    raw = b64(parts[2]) if len(parts) == 3 else None
    if not raw or len(raw) != 33 or raw[0] != kind or not re.fullmatch(r"[^\s+\x00-\x1f\x7f]+", parts[0]):
        return None
    number = sha(parts[0].encode() + b"\n", raw)[:4]
    return (parts[0], number, raw[1:]) if number.hex() == parts[1] else None


def fingerprint(key):
    return sha(key[2]).hex()


@functools.lru_cache(maxsize=None)
def ed25519(key, message, signature):
    """Whether openssl says that the key signed the message."""
    if len(signature) != 64:
        return False
    with tempfile.TemporaryDirectory() as folder:
        for name, content in [("key", SPKI + key), ("message", message), ("signature", signature)]:
            with open(os.path.join(folder, name), "wb") as file:
                file.write(content)
        command = ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey", "key",
                   "-in", "message", "-sigfile", "signature"]
        try:
            done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        except OSError:
            raise Stop("not checked: there is no openssl, and no signature can be checked without it") from None
        if done.returncode and b"erification" not in done.stdout + done.stderr:
            raise Stop("not checked: this openssl can't check Ed25519 signatures; it has to be version 3")
        return done.returncode == 0


def parse_note(raw):
    """(text, [(name, key number, signature)]), or None where it is no signed note."""
    try:
        whole = raw.decode()
    except UnicodeDecodeError:
        return None
    text, gap, lines = whole.rpartition("\n\n")
    if not gap or not lines.endswith("\n") or re.search(r"[\x00-\x09\x0b-\x1f]", whole):
        return None
    signatures = []
    for line in lines[:-1].split("\n"):
        found = re.fullmatch(r"— (\S+) (\S+)", line)
        signature = b64(found[2]) if found else None
        if not signature or len(signature) < 5:
            return None
        signatures.append((found[1], signature[:4], signature[4:]))
    return text + "\n", signatures


def signed_by(note, key):
    own = [s for name, number, s in note[1] if (name, number) == key[:2]]
    return bool(own) and all(ed25519(key[2], note[0].encode(), s) for s in own)


def parse_checkpoint(raw):
    """(origin, size, root, note or None), or None. A text without signatures is one that nobody signed."""
    note = parse_note(raw)
    try:
        text = note[0] if note else raw.decode()
    except UnicodeDecodeError:
        return None
    if not note and text.endswith("\n\n"):
        text = text[:-1]
    lines = text.split("\n")
    if len(lines) != 4 or lines[3] or not lines[0] or not re.fullmatch(r"0|[1-9]\d{0,18}", lines[1], re.ASCII):
        return None
    root = b64(lines[2])
    return (lines[0], int(lines[1]), root, note) if root and len(root) == 32 else None


# Files.

def unzip(raw):
    """The files of a zip file, which must be exactly as packs are written."""
    files, at, last, heads = {}, 0, "", []
    while raw[at:at + 4] == b"PK\3\4":
        head = raw[at:at + 30]
        if len(head) < 30:
            raise Stop("not a zip file as packs are written: it ends too early")
        crc, length, name_length = struct.unpack("<14x3I2x2x", head[:30])[0], *struct.unpack("<18xI4xH2x", head)
        name = raw[at + 30:at + 30 + name_length]
        data = raw[at + 30 + name_length:at + 30 + name_length + length]
        fields = struct.pack("<5H3I2H", 10, 0, 0, 0, 33, crc, length, length, name_length, 0)
        if head[4:] != fields or not 0 < name_length <= 100 or len(data) != length or len(name) != name_length:
            raise Stop("not a zip file as packs are written: a file is not stored as packs store files")
        if zlib.crc32(data) != crc:
            raise Stop("a file does not have the checksum that the zip file states")
        text = name.decode("ascii", "replace")
        if not name.isascii() or text <= last:
            raise Stop("its files are not in order, or one is doubled, or a name has other characters than ASCII")
        heads.append(b"PK\1\2\x1e\3" + fields + struct.pack("<3H2I", 0, 0, 0, 0o100644 << 16, at) + name)
        files[text], last, at = data, text, at + 30 + name_length + length
    tail = b"".join(heads)
    length, count = len(tail), len(heads)
    if count >= 0xffff:
        tail += struct.pack("<I QHH8x4Q I4xQI", 0x06064b50, 44, 0x31e, 45, count, count, length, at, 0x07064b50, at + length, 1)
    short = min(count, 0xffff)
    if not files or raw[at:] != tail + struct.pack("<I4H2IH", 0x06054b50, 0, 0, short, short, length, at, 0):
        raise Stop("not a zip file as packs are written: its list of files is not the one of its files")
    return files


def folder(path):
    files = {}
    for place, names, own in os.walk(path):
        for name in own + [n for n in names if os.path.islink(os.path.join(place, n))]:
            full = os.path.join(place, name)
            if os.path.islink(full):
                raise Stop("there is a link among the files: " + ascii(name))
            with open(full, "rb") as file:
                files[os.path.relpath(full, path).replace(os.sep, "/")] = file.read()
    return files


def strict(raw):
    """JSON in its one form: sorted keys, no spaces, whole numbers up to 2^53 - 1."""
    def whole(text):
        number = int(text)
        if not 0 <= number < 1 << 53 or str(number) != text:
            raise ValueError(text)
        return number
    try:
        value = json.loads(raw.decode(), parse_int=whole, parse_float=whole, parse_constant=whole)
        text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return value if isinstance(value, dict) and text.encode() == raw else None
    except (ValueError, RecursionError):
        return None


def is_number(*values):
    return all(type(value) is int for value in values)


def hash_lines(text):
    if text and not text.endswith("\n"):
        return None
    hashes = [b64(line) for line in text.split("\n")[:-1]]
    return hashes if all(h and len(h) == 32 for h in hashes) else None


class Check:
    """One pack. `failures` is empty where everything holds."""

    def __init__(self, files, key=None, against=None):
        self.files, self.failures, self.notes = files, [], []
        self.standing, self.counts, self.continues, self.first = "unsigned", {}, None, None
        try:
            self.run(key, against)
        except Stop as stop:
            self.fail(str(stop))

    def fail(self, sentence):
        self.failures.append(sentence)

    def need(self, condition, sentence):
        if not condition:
            self.fail(sentence)
        return condition

    def run(self, key, against):
        files = self.files
        for name in files:
            self.need(NAMED.fullmatch(name) or DERIVED.fullmatch(name), ascii(name) + " is no file of a pack")
        for name in NEEDED:
            self.need(name in files, name + " is missing")
        sums = "".join(sha(files[name]).hex() + "  " + name + "\n" for name in sorted(files) if name != "SHA256SUMS")
        self.need(files.get("SHA256SUMS") == sums.encode(), "SHA256SUMS does not state the files that are here, as they are")
        self.now = files.get("checkpoint", b"")
        checkpoint = parse_checkpoint(self.now)
        if not checkpoint or not checkpoint[3] and not self.now.endswith(b"\n\n"):
            raise Stop("`checkpoint` is not a checkpoint")
        self.origin, self.size, self.root, note = checkpoint
        scope = files.get("scope/leaf-hashes.bin", b"")
        if len(scope) != 32 * self.size:
            raise Stop("scope/leaf-hashes.bin does not have a hash for each leaf")
        hashes = [scope[i:i + 32] for i in range(0, len(scope), 32)]
        records = self.records(hashes)
        held = self.held(against)
        olds = self.checkpoints("old/")
        links = self.checkpoints("keys/")
        sizes = {c[1] for c in list(olds.values()) + list(links.values()) + ([held] if held else [])}
        root, self.roots = root_of(hashes, sizes)
        self.roots[self.size] = root
        self.need(root == self.root, "the leaf hashes do not give the root in the checkpoint")
        self.manifest(records, note is not None)
        self.keys(note, links, key)
        self.olds(olds)
        if held:
            self.continued(held)

    def records(self, hashes):
        records = {}
        names = (name for name in self.files if name.startswith("records/") and DERIVED.fullmatch(name))
        for seq in sorted({int(name.split("/")[1]) for name in names}):
            reason = self.record(seq, hashes, records)
            if reason:
                self.fail("record %d: %s" % (seq, reason))
        return records

    def record(self, seq, hashes, records):
        get = lambda name: self.files.get("records/%09d/%s" % (seq, name))
        raw_leaf, salt, raw = get("leaf.json"), get("salt.bin"), get("raw.bin")
        if raw_leaf is None:
            return "leaf.json is missing"
        leaf = strict(raw_leaf)
        kind = leaf and leaf.get("k")
        commitment = leaf and leaf.get("c" if kind == "event" else "p")
        if not leaf or len(leaf) != 8 or leaf.get("v") != 1 or not is_number(*map(leaf.get, "noqv")) \
                or not all(isinstance(leaf.get(f), str) for f in ("id", "k", "t")) \
                or not isinstance(commitment, str) or not re.fullmatch("[0-9a-f]{64}", commitment):
            return "leaf.json is not written as leaves are"
        if leaf["q"] != seq:
            return "its leaf has another number"
        proof = (get("proof.tlog-proof") or b"").decode("utf-8", "replace")
        head, tail = "c2sp.org/tlog-proof@v1\nindex %d\n" % seq, "\n" + self.now.decode()
        is_framed = proof.startswith(head) and proof.endswith(tail) and len(proof) >= len(head) + len(tail)
        path = hash_lines(proof[len(head):-len(tail)]) if is_framed else None
        if path is None:
            return "proof.tlog-proof is not a proof under this checkpoint"
        h = leaf_hash(raw_leaf)
        if not included(h, seq, self.size, path, self.root):
            return "its proof does not lead to the root"
        if (salt is None) != (raw is None) or salt is not None and len(salt) != 32:
            return "of raw.bin and a salt.bin of 32 bytes only one is here"
        if raw is not None and sha(salt, raw).hex() != commitment:
            return "the bytes are not the ones that were committed to"
        if raw is not None and len(raw) != leaf["n"]:
            return "the bytes are not as many as its leaf says"
        if hashes[seq] != h:
            return "its leaf is not the one in scope/leaf-hashes.bin"
        records[seq] = (kind, leaf["id"], raw)

    def told(self, seq, kind, raw, m):
        """Adds what a leaf of the workbench says to the manifest."""
        said = strict(raw) or {}
        if kind == "import.end":
            counts = [said.get(n) for n in ("accepted", "duplicates", "blank", "rejected")]
            if not is_number(*counts) or not isinstance(said.get("batch"), str):
                return False
            m["imports"].append({"accepted": counts[0], "batch": said["batch"], "blank": counts[2],
                                 "duplicates": counts[1], "end": seq, "lines": sum(counts), "rejected": counts[3]})
        elif kind == "key.rotate":
            if said.get("number") != len(m["keys"]) + 1 or not isinstance(said.get("vkey"), str):
                return False
            m["keys"].append({"seq": seq, "vkey": said["vkey"]})
        elif kind == "erase.intent":
            ranges = said.get("seqs")
            for r in ranges if isinstance(ranges, list) else [None]:
                if not (isinstance(r, list) and len(r) == 2 and is_number(*r) and r[0] < r[1] <= seq):
                    return False
                m["erased"].append({"by": seq, "from": r[0], "to": r[1]})
        elif kind == "export" and m["export"] is None and said.get("action") == "evidence.pack":
            if not isinstance(said.get("at"), str) or not isinstance(said.get("query"), str):
                return False
            m.update(export=seq, made_at=said["at"], query=said["query"])
            self.named = said.get("files")
        else:
            return False
        return True

    def manifest(self, records, is_signed):
        self.named = None
        m = {"checkpoint": {"origin": self.origin, "root": self.root.hex(), "size": self.size}, "erased": [],
             "export": None, "format": "assay-evidence-pack@v2", "imports": [], "keys": [], "signed": is_signed}
        for seq, (kind, _, raw) in records.items():
            if kind != "event":
                self.need(raw is not None and self.told(seq, kind, raw, m),
                          "record %d: it explains nothing that a pack has to explain" % seq)
        erased = m["erased"] = sorted(m["erased"], key=lambda r: (r["from"], r["to"], r["by"]))
        self.need(all(a["to"] <= b["from"] for a, b in zip(erased, erased[1:])),
                  "two erasures say that they erased the same records")
        ended = {i["batch"] for i in m["imports"]}
        m["unfinished"] = sorted({batch for kind, batch, _ in records.values() if kind == "event"} - ended)
        gone = {seq: r["by"] for r in erased for seq in range(max(r["from"], 0), r["to"]) if seq in records}
        c = dict.fromkeys(["missing", "records", "records_erased", "supporting"], 0)
        c.update(in_scope=self.size, erased=sum(r["to"] - r["from"] for r in erased),
                 rejected=sum(i["rejected"] for i in m["imports"]))
        for seq, (kind, _, raw) in records.items():
            if raw is not None and seq in gone:
                self.fail("record %d: it is here, and #%d says that it was erased" % (seq, gone[seq]))
            elif raw is not None:
                c["records" if kind == "event" else "supporting"] += 1
            elif seq in gone:
                c["records_erased"] += kind == "event"
            else:
                c["missing"] += 1
                self.fail("record %d: MISSING: its bytes are not here, and no leaf says that they were erased" % seq)
        c["shown"] = c["records"] + c["supporting"]
        c["withheld"] = self.size - c["shown"] - c["erased"] - c["missing"]
        if not self.need(c["withheld"] >= 0, "more records are shown and erased than the log has leaves"):
            c["withheld"] = 0
        m["counts"] = self.counts = c
        stated = self.files.get("manifest.json", b"")
        if m["export"] is None:
            try:
                m.update({n: str(json.loads(stated.decode())[n]) for n in ("query", "made_at")})
            except (ValueError, KeyError, TypeError):
                m.update(query="", made_at="")
            self.notes.append("The making of this pack is no leaf below its checkpoint: nobody vouches for its query, its "
                              "time, its report and its instructions.")
        else:
            kept = {n: sha(content).hex() for n, content in self.files.items() if NAMED.fullmatch(n)}
            self.need(self.named == kept, "instructions, verifiers, reports or earlier checkpoints are not the ones that "
                                          "the leaf of the export names")
        text = json.dumps(m, sort_keys=True, indent=2, ensure_ascii=False) + "\n"
        self.need(stated == text.encode("utf-8", "replace"), "manifest.json does not state what is in the pack")
        self.chain = []
        for k in m["keys"]:
            parsed = parse_key(k["vkey"])
            if self.need(parsed and parsed[0] == self.origin, "record %d: it registers no key of this log" % k["seq"]):
                self.chain.append((k["seq"], parsed))

    def keys(self, note, links, pinned):
        chain = [k for _, k in self.chain]
        self.first = chain[0] if chain else None
        if note is None:
            self.need(not {"log.vkey", "log.pem"} & set(self.files) and not links,
                      "there are keys, and nobody signed the checkpoint")
            self.need(not pinned, "nobody signed this pack, and you know a key that should have")
            return
        self.standing, before = "not_compared", len(self.failures)
        vkey = self.files.get("log.vkey", b"").decode("utf-8", "replace")
        key = parse_key(vkey[:-1]) if vkey.endswith("\n") else None
        if not self.need(key, "log.vkey is not a verifier key"):
            return
        pem = "-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n" % base64.b64encode(SPKI + key[2]).decode()
        self.need(self.files.get("log.pem") == pem.encode(), "log.pem is not the key in log.vkey")
        self.need(key[0] == self.origin, "the checkpoint is of another log than the key")
        self.need(signed_by(note, key), "the checkpoint is not signed by the key in log.vkey")
        self.need(chain and chain[-1] == key, "the key in log.vkey is not the one that the log registered last")
        used = set()
        own = (self.origin, self.size, self.root, note)
        for (_, old), (seq, new) in zip(self.chain, self.chain[1:]):
            found = [size for size, (origin, s, root, n) in list(links.items()) + [(None, own)]
                     if s > seq and n and origin == self.origin and self.roots.get(s) == root
                     and signed_by(n, old) and signed_by(n, new)]
            used.update(found)
            self.need(found, "the key that #%d registers was not signed for by the one before it" % seq)
        for size in set(links) - used:
            self.fail("keys/%d.checkpoint does not hand over from one key to the next" % size)
        if pinned:
            matches = any(pinned == fingerprint(k) or pinned == k for k in chain)
            if self.need(matches, "the key that you know is not the one that signed, nor one before it"):
                self.standing = "pinned" if len(self.failures) == before else "not_compared"

    def checkpoints(self, place):
        found = {}
        for name in self.files:
            if name.startswith(place) and name.endswith(".checkpoint") and NAMED.fullmatch(name):
                size = int(name[len(place):-len(".checkpoint")])
                c = parse_checkpoint(self.files[name])
                if self.need(c and c[1] == size <= self.size, name + " is not an earlier checkpoint"):
                    found[size] = c
        return found

    def olds(self, olds):
        for name in self.files:
            is_own = name.startswith("old/") and (NAMED.fullmatch(name) or DERIVED.fullmatch(name))
            self.need(not is_own or int(name[4:].split(".")[0]) in olds, name + " belongs to no checkpoint")
        for size, (origin, _, root, note) in olds.items():
            name = "old/%d" % size
            self.need(origin == self.origin and self.roots.get(size) == root, "this log does not continue %s.checkpoint" % name)
            self.need(note and any(signed_by(note, k) for _, k in self.chain),
                      name + ".checkpoint is not signed by a key of this log")
            text = self.files.get(name + ".consistency")
            path = hash_lines(text.decode("utf-8", "replace")) if text is not None else None
            self.need(path is not None and consistent(size, self.size, root, self.root, path),
                      name + ".consistency does not prove that this log continues it")
            self.vouched(name, name + ".checkpoint", name + ".tsa-chain.pem")
        self.vouched("checkpoint", "checkpoint", "tsa-chain.pem")

    def vouched(self, name, checkpoint, chain):
        raw, stamp = self.files[checkpoint], self.files.get(name + ".tsr")
        if stamp is None:
            self.need(chain not in self.files, chain + " belongs to no time stamp")
        elif self.need(sha(raw) in stamp, name + ".tsr is not a time stamp of its checkpoint"):
            self.stamped(name, raw, stamp, self.files.get(chain))
        lines, witnesses = self.files.get(name + ".cosigned"), self.files.get(name + ".witness")
        if lines is None and witnesses is None:
            return
        text = parse_checkpoint(raw)
        body = "%s\n%d\n%s\n" % (text[0], text[1], base64.b64encode(text[2]).decode())
        keys = [parse_key(line, 4) for line in (witnesses or b"").decode("utf-8", "replace").split("\n")[:-1]]
        signatures = (parse_note(b"x\n\n" + (lines or b"")) or ("", []))[1]
        holds = bool(keys) and len(signatures) == len(keys)
        for key in keys:
            own = [s for n, number, s in signatures if key and (n, number) == key[:2]]
            holds = holds and bool(own) and all(len(s) == 72 and ed25519(
                key[2], ("cosignature/v1\ntime %d\n%s" % (int.from_bytes(s[:8], "big"), body)).encode(), s[8:]) for s in own)
        if self.need(holds, "%s.cosigned is not signed by the witnesses in %s.witness" % (name, name)):
            self.notes += ["%s is cosigned by %s, whose key nobody compared." % (checkpoint, key[0]) for key in keys]

    def stamped(self, name, raw, stamp, chain):
        if chain is None:
            self.notes.append(name + ".tsr was not checked: the pack does not hold its authority's certificates.")
            return
        with tempfile.TemporaryDirectory() as place:
            for file, content in [("data", raw), ("tsr", stamp), ("chain", chain)]:
                with open(os.path.join(place, file), "wb") as out:
                    out.write(content)
            try:
                done = subprocess.run(["openssl", "ts", "-verify", "-data", "data", "-in", "tsr", "-CAfile", "chain"],
                                      cwd=place, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            except OSError:
                raise Stop("not checked: there is no openssl, and no time stamp can be checked without it") from None
        if self.need(done.returncode == 0, "openssl does not accept the time stamp " + name + ".tsr"):
            self.notes.append(name + ".tsr: openssl accepts the time stamp, by the certificates in the pack.")

    def held(self, against):
        if against is None:
            return None
        held = parse_checkpoint(against)
        if not self.need(held, "what you hold is not a checkpoint"):
            return None
        is_older = held[1] <= self.size
        self.need(is_older, "the checkpoint that you hold is of %d leaves, this pack of %d: it is older than yours, or a part "
                            "was removed" % (held[1], self.size))
        return held if is_older else None

    def continued(self, held):
        if not self.need(held[0] == self.origin, "the checkpoint that you hold is of another log"):
            return
        if self.need(self.roots.get(held[1]) == held[2], "this log does not continue the checkpoint of %d leaves that you "
                                                        "hold: something before it was changed" % held[1]) \
                and self.need(not held[3] or any(signed_by(held[3], k) for _, k in self.chain),
                              "the checkpoint that you hold is not signed by a key of this log"):
            self.continues = held[1]

    def answer(self):
        return {"ok": not self.failures, "key": self.standing, "counts": self.counts, "continues": self.continues,
                "first_fingerprint": fingerprint(self.first) if self.first else None, "notes": self.notes,
                "failures": self.failures[:200], "failed": len(self.failures)}


def check_zip(raw, key=None, against=None):
    """The answer for a pack's bytes."""
    try:
        return Check(unzip(raw), key, against).answer()
    except Stop as stop:
        return {"ok": False, "key": "unsigned", "counts": {}, "continues": None, "first_fingerprint": None, "notes": [],
                "failures": [str(stop)], "failed": 1}


def read_key(text):
    """A fingerprint as digits, or a key."""
    digits = re.sub(r"\s", "", text).lower()
    key = digits if re.fullmatch("[0-9a-f]{64}", digits) else parse_key(text.strip())
    if not key:
        sys.exit("what was given as the key is neither a fingerprint nor a verifier key")
    return key


def main(arguments):
    options, paths = {}, []
    arguments = list(arguments)
    while arguments:
        argument = arguments.pop(0)
        if argument in ("--key", "--against") and arguments:
            options[argument] = arguments.pop(0)
        elif argument == "--json":
            options[argument] = True
        elif argument.startswith("-") or paths:
            sys.exit(__doc__)
        else:
            paths.append(argument)
    key = options.get("--key")
    if key is not None and os.path.isfile(key):
        with open(key) as file:
            key = file.read()
    path = paths[0] if paths else os.path.dirname(os.path.abspath(__file__))
    try:
        against = None
        if "--against" in options:
            with open(options["--against"], "rb") as file:
                against = file.read()
            if against[:2] == b"PK":
                against = unzip(against).get("checkpoint", b"")
        if os.path.isdir(path):
            answer = Check(folder(path), read_key(key) if key is not None else None, against).answer()
        else:
            with open(path, "rb") as file:
                answer = check_zip(file.read(), read_key(key) if key is not None else None, against)
    except (OSError, Stop) as error:
        sys.exit(str(error))
    if "--json" in options:
        print(json.dumps(answer))
        return 0 if answer["ok"] else 1
    says = {"pinned": "holds, signed by the key that you know", "not_compared": "holds, by a key that you have not compared",
            "unsigned": "holds together, but nobody signed it"}[answer["key"]]
    print(says if answer["ok"] else "DOES NOT HOLD: %d failures" % answer["failed"])
    for sentence in answer["failures"]:
        print("- " + sentence)
    if answer["first_fingerprint"]:
        f = answer["first_fingerprint"]
        print("first key  " + " ".join(f[i:i + 8] for i in range(0, 64, 8)))
    for name in ("records", "supporting", "withheld", "erased", "missing", "in_scope", "rejected"):
        if name in answer["counts"]:
            print("%-10s %d" % (name, answer["counts"][name]))
    for sentence in answer["notes"]:
        print("note: " + sentence)
    return 0 if answer["ok"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
