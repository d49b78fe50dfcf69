"""Writes what programs say to people, in some 60 languages: text without names. One JSON object a line, with
`text` and no `spans`.

In: folders with translations of open-source programs (`*.mo`), of which README.md has a list. Sentences stand
alone, in a row or as a list; words of a screen are also listed with a conjunction and written with capitals,
as headings of tables and notes of a release are. Usage: `catalogues.py SEED COUNT FOLDER…`.
"""

import gettext
import json
import pathlib
import random
import re
import sys

#: Before the last word of a list, by language; where there is none, a comma.
AND = {
    "en": "and or", "de": "und oder sowie", "fr": "et ou", "es": "y o", "it": "e o", "pt": "e ou", "nl": "en of",
    "pl": "i lub oraz", "sv": "och eller", "da": "og eller", "nb": "og eller", "fi": "ja tai", "cs": "a nebo",
    "tr": "ve veya", "ro": "și sau", "hu": "és vagy", "ru": "и или", "uk": "і або", "el": "και ή", "bg": "и или",
    "hr": "i ili", "sl": "in ali", "sk": "a alebo", "ca": "i o", "zh": "和 或", "ja": "と や", "ko": "및 또는",
}
#: Who translated, and what a text has that is put in when it is shown.
LEFT_OUT = re.compile(r"[<>|\\{}]|%[^ 0-9]*[sdif(]|@|http|Translat|translat|©|^\W*$")
UNBROKEN = ("zh", "ja", "ko", "th", "my")
#: Where people put a language's writing into capitals as English does in headings.
CASED = re.compile(r"[A-Za-zÀ-ɏЀ-ӿͰ-Ͽ]")


def read(folders):
    """What is said, by language."""
    said = {}
    for folder in folders:
        for path in sorted(pathlib.Path(folder).rglob("*.mo")):
            language = re.sub(r"[-_].*", "", path.parts[-3])
            with path.open("rb") as file:
                try:
                    known = gettext.GNUTranslations(file)._catalog
                except (OSError, UnicodeDecodeError):
                    continue
            for key, text in known.items():
                original = key[0] if isinstance(key, tuple) else key
                for tongue, words in ((language, text), ("en", original)):
                    words = words.split("\x04")[-1].replace("&", "").strip()
                    if 1 < len(words) < 400 and not LEFT_OUT.search(words):
                        said.setdefault(tongue, set()).add(re.sub(r"\s*\n\s*", " ", words))
    return {tongue: sorted(words) for tongue, words in said.items() if len(words) > 300}


def enumerated(rng, tongue, short):
    """Words of a screen one after the other."""
    words = [rng.choice(short).rstrip(".:…") for _ in range(rng.choice([2, 3, 3, 4, 6]))]
    if tongue in UNBROKEN:
        return "、".join(words)
    last = rng.choice(AND.get(tongue, ",").split())
    between = ", " if last == "," else f" {last} "
    return ", ".join(words[:-1]) + between + words[-1]


def text_of(rng, tongue, said, short):
    drawn = rng.random()
    if drawn < 0.2:
        text = enumerated(rng, tongue, short)
        if rng.random() < 0.5:
            text = rng.choice(said) + rng.choice([" ", ": ", "\n"]) + text
    elif drawn < 0.35:
        # Headings and labels.
        text = "\n".join(rng.choice(["", "- ", "## ", "* "]) + rng.choice(short) + rng.choice(["", ":"]) for _ in range(rng.randint(1, 5)))
    else:
        lines = [rng.choice(said) for _ in range(rng.choice([1, 1, 2, 3]))]
        text = rng.choice([" ", " ", "\n", "\n- "]).join(lines)
    if CASED.search(text):
        chance = rng.random()
        if chance < 0.15:
            text = text.lower()
        elif chance < 0.3 and len(text) < 80:
            text = " ".join(word[:1].upper() + word[1:] for word in text.split(" "))
    return text


def main():
    seed, count, folders = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    rng = random.Random(seed)
    said = read(folders)
    languages = sorted(said)
    # English and the languages that are spoken most where this is used come more often.
    drawn = languages + ["en"] * 12 + ["de", "fr", "es"] * 3 + ["it", "pt", "nl", "pl", "sv", "zh", "ja", "ko", "ru"] * 2
    short = {tongue: [words for words in all_ if len(words) < 22 and words.count(" ") < 2] for tongue, all_ in said.items()}
    for _ in range(count):
        tongue = rng.choice(drawn)
        text = text_of(rng, tongue, said[tongue], short[tongue])
        print(json.dumps({"text": text, "spans": [], "lang": tongue, "source": "catalogues"}, ensure_ascii=False))


if __name__ == "__main__":
    main()
