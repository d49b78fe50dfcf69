"""Writes what people and programs say to a model: roles, instructions, questions, answers, in 24 languages.
One JSON object a line, with `text` and `spans` as `generate.py` does.

Sentences are those of `prompts.txt`, of our own, with what may stand in them. Most hold no name: an
instruction is the commonest text of all here, and a model that knows names from letters and news takes its
capitals, its terms and whole sentences of smaller languages for names. Usage: `prompts.py SEED COUNT`.
"""

import json
import pathlib
import random
import re
import sys

from faker import Faker

from generate import ABROAD, LOCALES, UNBROKEN, fill
from technical import THINGS, WORDS

#: Faker's locales of the languages that `generate.py` has no sentences of.
MORE_LOCALES = {"ro": ["ro_RO"], "hu": ["hu_HU"]}
FORMATS = "JSON Markdown YAML CSV XML HTML TOML SQL LaTeX TypeScript JSONL Mermaid".split()
PRODUCTS = """Kubernetes Terraform Docker Jenkins Postgres MySQL Mongo Redis Kafka Grafana Prometheus Ansible Nginx
Elasticsearch Airflow Spark Hadoop React Angular Vue Svelte Django Flask Rails Spring Express Node Deno Bash
PowerShell Excel Outlook Word PowerPoint Photoshop Chrome Firefox Safari Android Linux Ubuntu Debian Fedora Windows
Claude Sonnet Haiku Opus Cursor Copilot Markdown GraphQL OAuth SAML Webpack Vite Gradle Maven Cargo Helm""".split()
HEADS = """Policy Terms Report Guide Handbook Manual Agreement Notice Summary Overview Checklist Dashboard Backlog Roadmap
Runbook Playbook Sprint Release Milestone Billing Shipping Returns Refunds Payments Orders Invoices Subscriptions
Onboarding Payroll Benefits Expenses Travel Procurement Claims Underwriting Renewals Compliance Privacy Security Audit
Risk Incident Change Problem Request Staging Production Settings Profile Account Support Marketing Sales Engineering
Finance Operations Platform Infrastructure Data Analytics Research Design Quality Assurance Testing Documentation
Opportunities Leads Campaigns Tasks Notes Attachments Key Findings Next Steps Open Questions Action Items""".split()
EPONYMS = """Big O notation|Fourier transform|Bayes' theorem|Dijkstra's algorithm|Euclidean distance|Gaussian blur|
Pareto principle|Gantt chart|Venn diagram|Turing test|Moore's law|Murphy's law|Fibonacci sequence|Pearson correlation|
Boolean algebra|Cartesian product|Monte Carlo method|Markov chain|Kalman filter|Levenshtein distance|Laplace smoothing|
Nash equilibrium|Likert scale|Gini coefficient|Bloom filter|Huffman coding|Kanban board|Hamming code|
Chicago Manual of Style|Socratic method""".replace("\n", "").split("|")
#: What a firm's name ends with that Faker's seldom do.
SECTORS = {
    "en": """Insurance Health Bank Logistics Energy Airlines Foods Robotics Analytics Capital Partners Pharma Motors
    Telecom Media Systems Labs Consulting Retail Clinic Hospital University Institute Foundation Council""".split(),
    "de": "Versicherung Versicherungen Bank Energie Logistik Klinik Werke Stadtwerke Sparkasse".split(),
    "fr": "Assurances Banque Énergie Logistique Santé Conseil Mutuelle".split(),
    "es": "Seguros Banco Energía Logística Salud Clínica Consultores".split(),
    "it": "Assicurazioni Banca Energia Logistica Sanità Clinica".split(),
    "pt": "Seguros Banco Energia Logística Saúde Clínica".split(),
    "nl": "Verzekeringen Bank Energie Logistiek Zorg Ziekenhuis".split(),
}
#: Of which languages the sector stands before the name.
SECTOR_FIRST = ("fr", "es", "it", "pt")
SYLLABLES = """nor wind bright water hal cyon meri dian con to so glo bex alp ine aur ora lum en sol vex tri on kes trel
quor um zen ith fal con ver tex or bit del ta nim bus cor vo ar bor ful crum ky ber pel ican""".split()


#: Endings of cases, for a half of the names of these languages: roughly, as a name is still read that is declined.
ENDINGS = {
    "fi": "ssa sta lla lta lle n an en".split(), "hu": "ban ben nak nek ból ről tól val ra on t".split(),
    "tr": "'da 'de 'dan 'den 'ya 'ye 'nin 'a".split(), "ru": "у а е ом ой и ему".split(), "uk": "у а і ом ою ові".split(),
    "pl": "a u owi em ie ą ę y".split(), "cs": "a ovi em e u ou ě y".split(),
}


def declined(rng, language, text, spans):
    """The same with endings of cases at what is named."""
    grown, at, moved = "", 0, []
    for span in sorted(spans, key=lambda span: span["start"]):
        name = text[span["start"] : span["end"]]
        if rng.random() < 0.5 and name[-1:].isalpha():
            ending = rng.choice(ENDINGS[language])
            name = (re.sub("[aeiouyаяйьіиоеě]$", "", name) if language in ("ru", "uk", "pl", "cs") else name) + ending
        grown += text[at : span["start"]]
        moved.append(span | {"start": len(grown), "end": len(grown) + len(name)})
        grown += name
        at = span["end"]
    return grown + text[at:], moved


def read(path):
    """By language what may stand for each word in braces, and the sentences without and with names."""
    languages, now = {}, None
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            now = languages.setdefault(line[3:], {"say": [], "name": []})
        elif line and not line.startswith("#"):
            key, _, rest = line.partition(": ")
            if key in ("say", "name"):
                now[key].append(rest.replace("\\n", "\n"))
            else:
                now[key] = rest.split(" | ")
    return languages


def coined(rng):
    """The name of a firm that is no word."""
    word = "".join(rng.choice(SYLLABLES) for _ in range(rng.choice([2, 2, 3])))
    return word.capitalize()


def firm(rng, language, fake):
    """A firm's name: Faker's, or one that was coined or taken from a family or a place, mostly with its trade."""
    chance = rng.random()
    if chance < 0.35 or language in UNBROKEN:
        return fake.company().replace("\n", " ")
    name = coined(rng) if chance < 0.7 else rng.choice([fake.last_name, fake.city])()
    if chance > 0.95 or (chance < 0.7 and rng.random() < 0.25):
        return name
    sector = rng.choice(SECTORS.get(language, SECTORS["en"]))
    return f"{sector} {name}" if language in SECTOR_FIRST else f"{name} {sector}"


def sentence(rng, language, own, home, abroad):
    """A sentence with what is named in it."""
    has_name = rng.random() < 0.35
    template = rng.choice(own["name" if has_name else "say"])
    days = ["Monday", "Wednesday", "Friday", "New Year", "Black Friday", "Cyber Monday", "Thanksgiving", "March", "August"]
    free = {
        "Thing": lambda: rng.choice(rng.choice([THINGS, PRODUCTS, PRODUCTS])),
        "Term": lambda: " ".join(rng.choice(rng.choice([HEADS, HEADS, WORDS])).capitalize() for _ in range(rng.choice([1, 1, 2, 2, 3]))),
        "format": lambda: rng.choice(FORMATS),
        "eponym": lambda: rng.choice(EPONYMS),
        "Day": lambda: rng.choice(days),
    }
    firms = []

    def put(match):
        word = match[1]
        if word == "org":
            firms.append(firm(rng, language, home))
            return firms[-1]
        if word in free:
            return free[word]()
        return rng.choice(own[word]) if word in own else match[0]

    template = re.sub(r"\{(\w+)\}", put, template)
    text, spans = fill(template, rng, home, abroad, "")
    for name in firms:
        at = text.find(name)
        if at >= 0 and not any(span["start"] < at + len(name) and at < span["end"] for span in spans):
            spans.append({"start": at, "end": at + len(name), "label": "ORG"})
    if language in ENDINGS:
        return declined(rng, language, text, spans)
    return text, sorted(spans, key=lambda span: span["start"])


def prompt(rng, language, own, home, abroad):
    """One to five sentences, in a row, on lines or as a list."""
    text, spans = "", []
    count = rng.choice([1, 1, 1, 2, 2, 3, 5])
    between = " " if language not in UNBROKEN else ""
    between = rng.choice([between, between, "\n", "\n- ", "\n\n"]) if count > 1 else ""
    for number in range(count):
        more, found = sentence(rng, language, own, home, abroad)
        if number > 0:
            text += between
        spans += [span | {"start": span["start"] + len(text), "end": span["end"] + len(text)} for span in found]
        text += more
    if not spans and rng.random() < 0.12 and len(text.lower()) == len(text):
        text = text.lower()
    return text, spans


def main():
    seed, count = int(sys.argv[1]), int(sys.argv[2])
    rng = random.Random(seed)
    Faker.seed(seed)
    languages = read(pathlib.Path(__file__).with_name("prompts.txt"))
    locales = LOCALES | MORE_LOCALES
    fakers = {name: Faker(name) for names in locales.values() for name in names}
    fakers |= {name: Faker(name) for name in ABROAD}
    drawn = ["en"] * 14 + ["de", "fr", "es"] * 4 + ["it", "pt", "nl"] * 2 + ["zh", "ja", "ko"] * 2
    drawn += [language for language in languages if language not in drawn]
    for _ in range(count):
        language = rng.choice(drawn)
        home, abroad = fakers[rng.choice(locales[language])], fakers[rng.choice(ABROAD)]
        text, spans = prompt(rng, language, languages[language], home, abroad)
        print(json.dumps({"text": text, "spans": spans, "lang": language, "source": "prompts"}, ensure_ascii=False))


if __name__ == "__main__":
    main()
