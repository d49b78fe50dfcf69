"""Writes pieces of source code as labelled text without names, so that identifiers are not taken for
names: one JSON object a line.

Usage: `code.py SEED COUNT FOLDER…`; the folders hold sources of packages under permissive licences, such
as those that this program is built from. Lines that name an author, a licence or an address are left
out; so are texts for people.
"""

import json
import random
import re
import sys
from pathlib import Path

KINDS = {".py", ".rs", ".js", ".ts", ".tsx", ".mjs", ".c", ".h", ".go", ".java", ".sql", ".toml", ".json", ".css",
         ".sh", ".yml", ".html"}
NAMED = re.compile(r"copyright|licen[cs]e|author|@|written by|thanks|credit|maintain|contribut|http|named after"
                   r"|algorithm of|due to|et al|\b(19|20)\d\d\b", re.I)
LINES = 30
MOST_BYTES = 400_000


def main():
    rng = random.Random(int(sys.argv[1]))
    count = int(sys.argv[2])
    by_kind = {}
    for folder in sys.argv[3:]:
        for path in sorted(Path(folder).rglob("*")):
            skipped = re.search(r"locale|i18n|lang|licen|provider|data|fixture|test|names|cldr|emoji", str(path).lower())
            if path.suffix in KINDS and not skipped and path.is_file() and path.stat().st_size < MOST_BYTES:
                by_kind.setdefault(path.suffix, []).append(path)
    kinds = sorted(by_kind)
    written = 0
    while written < count:
        path = rng.choice(by_kind[rng.choice(kinds)])
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        at = rng.randrange(max(1, len(lines) - LINES))
        piece = [line[:300] for line in lines[at : at + LINES] if not NAMED.search(line)]
        text = "\n".join(piece).strip()
        if len(text) > 80:
            record = {"text": text, "spans": [], "lang": path.suffix[1:], "source": "code"}
            print(json.dumps(record, ensure_ascii=False))
            written += 1


main()
