"""Writes pieces of source code as labelled text: one JSON object a line. What stands in them is no name, so that
identifiers and comments are not taken for names, but for what is put in here: who wrote it, in comments and
manifests, and names in strings.

Usage: `code.py SEED COUNT FOLDER…`; the folders hold a folder for each package, with sources under permissive
licences, such as those that this program is built from. Of every other family of packages, by the hash of its
name, nothing is taken, so that findings can be counted on code that nothing was learnt from. Lines that name
somebody are left out.
"""

import hashlib
import json
import random
import re
import sys
from pathlib import Path

from faker import Faker

from generate import ABROAD, fill

KINDS = {".py", ".rs", ".js", ".ts", ".tsx", ".mjs", ".c", ".h", ".go", ".java", ".sql", ".toml", ".json", ".css",
         ".sh", ".yml", ".html", ".md"}
NAMED = re.compile(r"copyright|\(c\)|©|licensor|authors?\b|\w@\w|written by|thanks|credit|maintainer|contribut"
                   r"|named after|due to|et al|algorithm of|[A-Z]\w+,? \(?(19|20)\d\d\b", re.I)
#: Files that hold texts for people, data, or lists of persons.
SKIPPED = re.compile(r"locale|i18n|lang|licen|provider|data|fixture|names|cldr|emoji|author|contribut|credit|thanks"
                     r"|change|news|history|release|maintain")
LINES = 30
MOST_BYTES = 400_000

#: Lines of comments and documents that name somebody.
HEADS = """
Copyright (c) {year} {person}
Copyright (c) {year}-{year}, {person} <{mail}>
Copyright (C) {year} {org}. All rights reserved.
Copyright {year} {org}
© {year} {person}
Author: {person} <{mail}>
Author: {person}
Authors: {person}, {person} and {person}
@author {person}
@author {person} <{mail}>
Written by {person} in {year}.
Created by {person} on 12/3/{year}.
Contributed by {person} ({org})
Contributions from: {person}, {person}, {person}
Maintainer: {person}
Maintained by {person} <{mail}>
Thanks to {person} for finding this.
Based on the work of {person} and {person}.
Reported by {person}.
Reviewed-by: {person} <{mail}>
Signed-off-by: {person} <{mail}>
Patch by {person}.
Developed at {org}, {city}.
TODO({first}): remove this once the parser is done
See {last} and {last}, "Parsing of Expressions", {year}.
{person} <{mail}>
{year}-03-12  {person}  <{mail}>
Ask {person} before you change this.
{person} wrote the first version of this file for {org}.
Neither the name of {org} nor the names of its contributors may be used.
- {person}
""".strip().splitlines()

#: Lines about licences.
NOTICES = """
Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance.
SPDX-License-Identifier: MIT OR Apache-2.0
This file is part of the GNU C Library.
This file is part of the GNU MP Library and is free software.
the terms of the GNU General Public License as published by the {org}; either version 2 of the License
You should have received a copy of the GNU Lesser General Public License along with this program.
This Source Code Form is subject to the terms of the Mozilla Public License, v. 2.0.
Use of this source code is governed by a BSD-style license that can be found in the LICENSE file.
The fonts are under the SIL Open Font License, Version 1.1, the icons under the MIT License.
THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED
IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY
Redistributions in binary form must reproduce the above notice and the following disclaimer
Published under the Creative Commons Attribution 4.0 International License (CC BY 4.0)
Distributed under the Boost Software License, Version 1.0; ISC License; zlib License; Unicode License V3
This is part of the Linux Kernel, the Linux Test Project and the GNU Compiler Collection.
""".strip().splitlines()

#: Lines of code in which a string is a name.
STRINGS = """
let name = "{person}";
const author = "{person}";
name: "{person}",
city: "{city}",
{{ "name": "{person}", "city": "{city}" }},
assert_eq!(greet("{person}"), "Hello {first}!");
assert user.full_name == "{person}"
add("{first}", "{last}", "{city}");
("{person}", 34),
"{person}",
"author": "{person} <{mail}>",
"author": {{ "name": "{person}", "email": "{mail}" }},
authors = ["{person} <{mail}>"]
authors = ["{person}", "{person}"]
"street": "{street}",
INSERT INTO customers VALUES (4, '{first}', '{last}', '{city}');
SELECT * FROM people WHERE first_name = '{first}' AND last_name = '{last}';
company: "{org}",
from: "{city}".to_string(),
User(first_name="{first}", last_name="{last}", employer="{org}")
""".strip().splitlines()

MARKS = {".py": ["# "], ".sh": ["# "], ".toml": ["# "], ".yml": ["# "], ".sql": ["-- "], ".md": ["", "", "> "],
         ".json": [], ".html": ["<!-- "], ".css": [" * "], ".rs": ["// ", "//! ", "/// "]}


def is_held(name):
    """Whether nothing is learnt from the family of packages that this one is of: `serde_json-1.0` and `serde`."""
    family = re.split(r"[-_.]", name.lstrip("@"))[0].lower()
    return hashlib.sha256(family.encode()).digest()[1] % 2 == 1


def named_line(rng, fakers, suffix):
    """A line that names somebody, or tells of a licence, with its labels."""
    home, abroad = rng.choice(fakers), rng.choice(fakers)
    marks = MARKS.get(suffix, ["// ", " * ", "/* "])
    if marks and rng.random() < 0.65:
        line = rng.choice(marks) + rng.choice(HEADS if rng.random() < 0.8 else NOTICES)
    else:
        line = rng.choice(["", "    ", "        "]) + rng.choice(STRINGS)
    line = line.replace("{year}", str(rng.randint(1985, 2026)), 1).replace("{year}", "2024")
    line = line.replace("{mail}", rng.choice(["dev@example.com", home.email()]))
    return fill(line, rng, home, abroad, "")


def piece_of(lines, rng, fakers, suffix):
    at = rng.randrange(max(1, len(lines) - LINES))
    piece = [(line[:300], []) for line in lines[at : at + LINES] if not NAMED.search(line)]
    if rng.random() < 0.3:
        place = 0 if rng.random() < 0.4 else rng.randint(0, len(piece))
        for _ in range(rng.randint(1, 3)):
            piece.insert(place, named_line(rng, fakers, suffix))
    text, spans = "", []
    for line, found in piece:
        spans += [span | {"start": span["start"] + len(text), "end": span["end"] + len(text)} for span in found]
        text += line + "\n"
    return text, spans


def main():
    seed, count = int(sys.argv[1]), int(sys.argv[2])
    rng = random.Random(seed)
    Faker.seed(seed)
    fakers = [Faker(name) for name in ["en_US", "en_GB", "en_US", "de_DE", "fr_FR", *ABROAD]]
    by_kind = {}
    for folder in map(Path, sys.argv[3:]):
        for path in sorted(folder.rglob("*")):
            inner = path.relative_to(folder)
            if path.suffix not in KINDS or is_held(inner.parts[0]) or SKIPPED.search(str(inner).lower()):
                continue
            if path.is_file() and path.stat().st_size < MOST_BYTES:
                by_kind.setdefault(path.suffix, []).append(path)
    # Comments and documents are what is taken for text.
    kinds = sorted(by_kind) + [kind for kind in (".rs", ".md", ".py", ".c", ".h", ".ts") * 2 if kind in by_kind]
    written = 0
    while written < count:
        path = rng.choice(by_kind[rng.choice(kinds)])
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        text, spans = piece_of(lines, rng, fakers, path.suffix)
        if len(text.strip()) > 80:
            record = {"text": text, "spans": spans, "lang": path.suffix[1:], "source": "code"}
            print(json.dumps(record, ensure_ascii=False))
            written += 1


main()
