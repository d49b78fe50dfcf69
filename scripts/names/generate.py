"""Writes labelled text of the kind that people send to a model: one JSON object a line, with `text` and
`spans` (`start` and `end` in code points, `label` one of PERSON, LOCATION, ORG).

Sentences are templates of our own, by language, filled by Faker (MIT) for the locales of that
language. Usage: `generate.py SEED COUNT`.
"""

import json
import random
import re
import sys

from faker import Faker

#: What a template names, and as what it is labelled.
LABELS = {"person": "PERSON", "first": "PERSON", "last": "PERSON", "org": "ORG", "city": "LOCATION",
          "street": "LOCATION", "address": "LOCATION", "country": "LOCATION", "zip": "LOCATION"}

LOCALES = {
    "en": ["en_US", "en_US", "en_US", "en_GB", "en_GB", "en_CA", "en_AU", "en_IE", "en_NZ", "en_IN"],
    "de": ["de_DE", "de_DE", "de_AT", "de_CH"],
    "fr": ["fr_FR", "fr_FR", "fr_CA", "fr_CH"],
    "es": ["es_ES", "es_ES", "es_MX", "es_AR", "es_CO"],
    "it": ["it_IT"],
    "nl": ["nl_NL", "nl_BE"],
    "pt": ["pt_BR", "pt_PT"],
    "pl": ["pl_PL"],
    "sv": ["sv_SE"],
}
#: Whose names stand in English text as well.
ABROAD = ["de_DE", "fr_FR", "es_ES", "it_IT", "nl_NL", "pt_BR", "pl_PL", "sv_SE", "da_DK", "fi_FI", "no_NO",
          "tr_TR", "cs_CZ", "hu_HU", "ro_RO", "hr_HR", "vi_VN", "id_ID", "en_IN", "en_NG", "zu_ZA", "fil_PH"]

TEMPLATES = {
    "en": """
My name is {person} and I live in {city}.
Hi, this is {first} from {org}. Can you help me with an invoice?
Dear {person},\\n\\nThank you for your letter of last week.\\n\\nBest regards,\\n{person}\\n{org}
Dear Mr. {last}, we could not deliver to {street}, {city}.
Dear Ms {last},\\nyour appointment with Dr. {last} is confirmed.
{person} works at {org} in {city}, {country}.
Please write an email to {person} at {org} about the contract.
Summarise the call between {person} and {person}.
Patient {person} was seen by Dr. {person} at {org} yesterday.
{first} and {first} moved from {city} to {city} last year.
Name: {person}\\nAddress: {address}\\nPhone: 555-0100
Customer: {person}\\nCompany: {org}\\nCity: {city}
Ship to:\\n{person}\\n{address}
Bill to: {org}, {address}
The headquarters of {org} are at {address}.
Who is the CEO of {org}?
{org} was sued by {person} in {country}.
I met {person} in {city}. {first} told me that {org} is hiring.
user: what did {first} say about the budget?
{person} ({org}) wrote: the meeting is moved to Monday.
From: {person} <someone@example.com>\\nTo: {person} <other@example.com>\\nSubject: Quarterly figures
Translate this: {person} was born in {city} and lives at {street}.
{{"name": "{person}", "employer": "{org}", "city": "{city}"}}
{{"first_name": "{first}", "last_name": "{last}", "address": "{street}", "zip": "{zip}"}}
first_name,last_name,city\\n{first},{last},{city}\\n{first},{last},{city}
| {person} | {org} | {city} |
Is {city} a good place for a holiday?
Flights from {city} to {city} are delayed.
My manager {first} {last} asked me to resign.
{last}, {first} - room 12
According to {last}, sales in {country} grew by 5 percent.
We deliver to {zip} {city} within two days.
Witness {person} stated that he saw {person} leave the house at {street}.
{person}'s account was closed by {org}.
Could you ask {first}'s sister {first} to call me?
Signed,\\n{person}\\n{org}
cc: {person}, {person}
@{first} please review the draft for {org}
Thanks {first}!
ok thanks, {first}
Regards\\n{first}
Agent: Good morning, {org}, how can I help?\\nCaller: This is {person}.
{org} and {org} announced a merger.
The river near {city} flooded the fields of {country}.
The President of {country} met {person} in {city}.
Born in {city}, {person} studied medicine before joining {org}.
I live at {street} and I work in {city}.
My address is {address}
the new address of {first} {last} is {address}
What is the weather in {city}, {country}?
""",
    "de": """
Mein Name ist {person} und ich wohne in {city}.
Sehr geehrter Herr {last},\\n\\nvielen Dank für Ihr Schreiben.\\n\\nMit freundlichen Grüßen\\n{person}\\n{org}
Sehr geehrte Frau {last}, Ihre Bestellung geht an {street}, {zip} {city}.
Hallo {first}, kannst du {first} Bescheid geben?
{person} arbeitet bei der {org} in {city}.
Kunde: {person}\\nAnschrift: {address}\\nTelefon: 030 123456
Name: {last}\\nVorname: {first}\\nWohnort: {city}
Die Firma {org} hat ihren Sitz in {city}.
Der Patient {person} wurde von Dr. {last} untersucht.
Bitte fasse das Gespräch zwischen {person} und {person} zusammen.
Rechnung an {org}, {street}, {zip} {city}
Liebe {first}, wie war es in {city}?
Gruß\\n{first}
Laut {last} steigt der Umsatz in {country}.
Das Konto von {person} wurde gesperrt.
Die Kosten für das Projekt sind im letzten Jahr gestiegen.
Bitte übersetze den folgenden Text ins Englische.
""",
    "fr": """
Je m'appelle {person} et j'habite à {city}.
Monsieur {last},\\n\\nNous accusons réception de votre lettre.\\n\\nCordialement,\\n{person}\\n{org}
Madame {last}, votre colis sera livré au {street}, {zip} {city}.
Bonjour {first}, peux-tu prévenir {first} ?
{person} travaille chez {org} à {city}.
Client : {person}\\nAdresse : {address}
Nom : {last}\\nPrénom : {first}\\nVille : {city}
La société {org} a son siège à {city}.
Le patient {person} a été examiné par le docteur {last}.
Résume la conversation entre {person} et {person}.
L'affaire {last} c. {country}
Le requérant, M. {person}, est né à {city}.
Selon Mme {last}, le marché progresse en {country}.
Les coûts du projet ont augmenté l'année dernière.
""",
    "es": """
Me llamo {person} y vivo en {city}.
Estimado señor {last}:\\n\\nGracias por su carta.\\n\\nUn saludo,\\n{person}\\n{org}
Estimada Sra. {last}, enviaremos su pedido a {street}, {zip} {city}.
Hola {first}, ¿puedes avisar a {first}?
{person} trabaja en {org} en {city}.
Cliente: {person}\\nDomicilio: {street}\\nLocalidad: {city}\\nCP: {zip}
Nombre: {first}\\nApellidos: {last}\\nCiudad: {city}
La empresa {org} tiene su sede en {city}.
El paciente {person} fue atendido por el Dr. {last}.
Resume la conversación entre {person} y {person}.
La demandante, Dña. {person}, nació en {city}, {country}.
Según {last}, las ventas en {country} crecieron.
Los costes del proyecto subieron el año pasado.
""",
    "it": """
Mi chiamo {person} e abito a {city}.
Gentile signor {last},\\n\\ngrazie per la sua lettera.\\n\\nCordiali saluti,\\n{person}\\n{org}
{person} lavora per {org} a {city}.
Cliente: {person}\\nIndirizzo: {address}
Nome: {first}\\nCognome: {last}\\nCittà: {city}
Il paziente {person} è stato visitato dalla dott.ssa {last}.
Ciao {first}, puoi avvisare {first}?
I costi del progetto sono aumentati.
""",
    "nl": """
Mijn naam is {person} en ik woon in {city}.
Geachte heer {last},\\n\\nDank voor uw brief.\\n\\nMet vriendelijke groet,\\n{person}\\n{org}
{person} werkt bij {org} in {city}.
Klant: {person}\\nAdres: {address}
Naam: {last}\\nVoornaam: {first}\\nPlaats: {city}
De patiënt {person} is gezien door dokter {last}.
Hoi {first}, kun jij {first} bellen?
De kosten van het project zijn gestegen.
""",
    "pt": """
Meu nome é {person} e moro em {city}.
Prezado Sr. {last},\\n\\nAgradecemos a sua carta.\\n\\nAtenciosamente,\\n{person}\\n{org}
{person} trabalha na {org} em {city}.
Cliente: {person}\\nEndereço: {address}
Nome: {first}\\nSobrenome: {last}\\nCidade: {city}
O paciente {person} foi atendido pela Dra. {last}.
Os custos do projeto aumentaram.
""",
    "pl": """
Nazywam się {person} i mieszkam w {city}.
Szanowny Panie {last},\\n\\ndziękujemy za list.\\n\\nZ poważaniem\\n{person}\\n{org}
{person} pracuje w {org}.
Klient: {person}\\nAdres: {address}
Imię: {first}\\nNazwisko: {last}\\nMiasto: {city}
""",
    "sv": """
Jag heter {person} och bor i {city}.
Hej {first}, kan du ringa {first}?
{person} arbetar på {org} i {city}.
Kund: {person}\\nAdress: {address}
Namn: {last}\\nFörnamn: {first}\\nOrt: {city}
""",
}

#: Sentences in which nothing is named, so that capitals alone are nothing.
PLAIN = """
Write a Python function that parses JSON and returns a list.
The Quick Start Guide explains how to install the package.
Error: Connection refused while calling the Billing Service.
Please summarise the attached Terms and Conditions.
Monday is a holiday, so the Weekly Report is due on Tuesday.
Use the Export Button in the Settings Menu.
I will call May be late, Mark the date.
Will the rose bloom in May or in June?
The Chase was long and the hope was small.
SELECT name FROM customers WHERE city = ? ORDER BY name;
def get_name(self, first, last): return f"{first} {last}"
HTTP Status Code 404 Not Found
Total Amount Due: see Invoice Number 12
Thank You For Your Order
READ ME FIRST
TODO: Add Unit Tests For Parser
You are a helpful assistant. Answer in English.
Human: What is Machine Learning?\\n\\nAssistant: Machine Learning is a branch of Computer Science.
"""


def one_line(text):
    return re.sub(r"\s*\n\s*", ", ", text)


def fill(template, rng, home, abroad):
    fakers = (home, abroad)
    text, spans, at = "", [], 0
    for match in re.finditer(r"\{(\w+)\}", template):
        text += template[at : match.start()].replace("{{", "{").replace("}}", "}")
        at = match.end()
        what = match[1]
        fake = fakers[rng.random() < 0.35]
        value = {
            "person": lambda: rng.choice([fake.name, person_of(fake), person_of(fake)])(),
            "first": fake.first_name,
            "last": fake.last_name,
            "org": fake.company,
            "city": fake.city,
            "street": home.street_address,
            "address": home.address,
            "country": home.country,
            "zip": home.postcode,
        }[what]()
        if what == "address" and rng.random() < 0.5:
            value = one_line(value)
        elif what in ("street", "org"):
            value = one_line(value)
        spans.append({"start": len(text), "end": len(text) + len(value), "label": LABELS[what]})
        text += value
    text += template[at:].replace("{{", "{").replace("}}", "}")
    return text, spans


def person_of(fake):
    return lambda: f"{fake.first_name()} {fake.last_name()}"


def main():
    seed, count = int(sys.argv[1]), int(sys.argv[2])
    rng = random.Random(seed)
    Faker.seed(seed)
    fakers = {name: Faker(name) for names in LOCALES.values() for name in names}
    fakers |= {name: Faker(name) for name in ABROAD}
    templates = {
        language: [line.replace("\\n", "\n") for line in block.strip().splitlines()]
        for language, block in TEMPLATES.items()
    }
    plain = [line.replace("\\n", "\n") for line in PLAIN.strip().splitlines()]
    languages = ["en"] * 10 + ["de", "fr", "es"] * 3 + ["it", "nl", "pt", "pl", "sv"]
    for _ in range(count):
        language = rng.choice(languages)
        if language == "en" and rng.random() < 0.15:
            text, spans = rng.choice(plain), []
        else:
            home = fakers[rng.choice(LOCALES[language])]
            abroad = fakers[rng.choice(ABROAD)]
            text, spans = fill(rng.choice(templates[language]), rng, home, abroad)
        record = {"text": text, "spans": spans, "lang": language, "source": "generated"}
        print(json.dumps(record, ensure_ascii=False))


main()
