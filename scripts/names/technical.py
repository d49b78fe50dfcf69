"""Writes technical texts that people send to a model, as labelled text: one JSON object a line. Logs, commands,
traces, changes, queries, settings, forms and short messages, in which labels, identifiers and jargon are no
names, and in which a name stands now and then.

Templates are ours, filled by Faker (MIT) and with words of our own. Usage: `technical.py SEED COUNT`.
"""

import json
import random
import re
import sys

from faker import Faker

from generate import ABROAD, fill

#: Words of technical texts; a few of them are names elsewhere.
WORDS = """access account action adapter agent alarm alert alias alpha analysis anchor apache arc archive argument array
artifact asset audit backend backup badge balance ban barrier batch beta billing binary black block blue body bold
bounds branch bridge broker brown bucket budget buffer build bundle button cache canvas carry case catalog cell chain
channel char chart chase check chip claim class client clone closure cluster code column command commit compact config
constant container context cookie copy core counter crane crash cron cross cursor cycle daemon data date day dead
debug default delta deploy depth detail device diff digest dock domain drain drift driver duration eager edge element
engine entry env error event export factory feature fetch field file filter flag flow font force fork form format
frame frank front gamma gateway given grant graph green grid group guard guest handle handler hash header heap help
hint hook host image import index info init inner input insert issue item iterator job join journal jordan jump kernel
key label lane language layer layout lazy leaf ledger legacy len level limit line link linker list loader local lock
log login loop main manager map margin mark mask matcher max memory merge message method metric middle migration min
miner mode model module monitor mount mutex name network nick node normal null object offset old open operator option
order origin outer output overlay owner packet page panel parcel parent park parser part patch path payload peer phase
pipeline pixel plan platform plugin point policy pool port post price print probe process product profile program
project prompt proxy query queue quota race range rate ray raw reader record red redirect reed region registry release
relay render repo report request reset resource response result retry rich right robin role rollback root rose route
router row rule run runner runtime rust sample scale scanner schedule schema scope score scripts search secret section
segment selector send sender sequence server service session setting shard shell sign signal silver size skip sky slot
small snapshot socket source space span spec split stack stage standard state status step stone stop storage store
stream string style summary switch symbol sync system tab table tag target task team template tenant terminal test
text theme thread throttle ticket timeout timer token tool total trace tracker traffic transfer trigger tuple type
union unit update upload usage user value vector verify version view volume wait walker watch web webhook white widget
wild will window winter wizard worker wrapper writer yellow young zone""".split()

#: Languages, products and abbreviations that stand with a capital.
THINGS = """Rust Ruby Java Python Perl Julia Pascal Ada Swift Kotlin Scala Dart Elixir Haskell Erlang Go Lua Clojure Groovy
Docker Kubernetes Helm Terraform Ansible Jenkins Maven Gradle Kafka Redis Postgres Cassandra Elastic Kibana Grafana
Prometheus Loki Jaeger Vault Consul Nomad Spark Hadoop Hive Airflow Celery Django Flask Rails Laravel Symfony Spring
Hibernate Angular React Vue Svelte Vite Webpack Babel Jest Mocha Chai Cypress Selenium Playwright Chrome Firefox
Safari Opera Debian Ubuntu Fedora Alpine Android Windows Linux Jira Confluence Bamboo Slack Teams Zoom Trello Asana
Notion Figma Sentry Datadog Splunk Lambda Cognito Aurora Athena Glue Sagemaker Bedrock Azure Gemini Claude Llama
Mistral Falcon Titan Whisper Unicode Gregorian Bayesian Gaussian Fourier Laplace Poisson Huffman Boolean Cartesian
SQL XML JSON YAML HTTP TLS SSH DNS API URL CPU GPU RAM UUID ASCII LATIN UTF OAuth SAML LDAP JWT SHA AES RSA PID VPN SIM
EOF NULL NaN N/A TBD FYI ASAP ETA KPI SLA MVP POC WIP LGTM e.g. i.e. a.k.a. N.B. vs. etc.""".split()

#: Labels of forms; a number or a code follows.
FORM_LABELS = """
Customer No.|Policy number|Member ID|Case ref|Invoice|Order no|Account|Sort code|Tax ID|Passport no.|Employee ID|PIN|Ext
Kundennummer|Versichertennummer|Versichertennr|Vers.-Nr.|Steuernummer|Aktenzeichen|Rechnungsnr.|Bestellnr.|Personalausweisnr.|Kontonummer|Geburtsdatum|Krankenkassennr.|Telefonnr.|Vertragsnr.|Personalnr.|Betriebsnummer|Kfz-Kennzeichen|Bankverbindung
Numéro de client|N° de dossier|Nº de sécurité sociale|Date de naissance|Téléphone|Code postal|Référence|Montant|Facture n°
Número de cliente|Nº de póliza|Fecha de nacimiento|Teléfono|Expediente|NIF|Código postal|Importe|Factura|Núm. de historia
Codice fiscale|Numero cliente|Data di nascita|Telefono|Partita IVA|Importo|Fattura n.|Tessera sanitaria
Klantnummer|Burgerservicenummer|Geboortedatum|Telefoonnummer|Rekeningnummer|Polisnummer|Dossiernummer
Número do cliente|Data de nascimento|Telefone|Contribuinte|Apólice|Processo n.º|Código postal
Numer klienta|Data urodzenia|Numer telefonu|Numer polisy|Numer konta|Nr faktury|Numer dowodu
Kundnummer|Personnummer|Födelsedatum|Telefonnummer|Kontonummer|Ärendenummer|Fakturanummer
CPR-nummer|Fødselsdato|Telefonnummer|Kontonummer|Sagsnummer|Kundenummer
Fødselsnummer|Telefonnummer|Kontonummer|Saksnummer|Kundenummer|Ordrenummer
Henkilötunnus|Syntymäaika|Puhelinnumero|Asiakasnumero|Tilinumero|Laskun numero
Rodné číslo|Datum narození|Číslo účtu|Telefonní číslo|Číslo smlouvy|Zákaznické číslo
Müşteri no|Kimlik no|Doğum tarihi|Telefon numarası|Hesap numarası|Poliçe no|Fatura no
Номер клиента|Дата рождения|Номер телефона|Номер счёта|Номер полиса|Номер договора|Паспорт
Номер клієнта|Дата народження|Номер телефону|Номер рахунку|Номер договору
Αριθμός πελάτη|Ημερομηνία γέννησης|Τηλέφωνο|Αριθμός λογαριασμού|Αριθμός συμβολαίου
מספר לקוח|תאריך לידה|מספר טלפון|תעודת זהות|מספר חשבון
ग्राहक संख्या|जन्म तिथि|फ़ोन नंबर|खाता संख्या|आधार संख्या
客户编号|身份证号|出生日期|电话号码|银行账号|保单号|订单号|护照号码|工号|社会保障号|手机号|发票号码
お客様番号|生年月日|電話番号|口座番号|保険証番号|注文番号|社員番号|免許証番号|郵便番号|マイナンバー
주민등록번호|고객번호|생년월일|전화번호|계좌번호|보험번호|주문번호|사원번호|운전면허번호|여권번호|우편번호|휴대폰번호|외국인등록번호
""".strip().splitlines()

TEMPLATES = """
{time} INFO  {dotted} - {Word} {word} started in {num} ms
{time} [{word}-{num}] ERROR {Camel}: {word} {word} failed (code={num})
{time} WARN {Camel}.{camel}:{num} {Thing} {word} is not available, retrying
{stamp} {host} {word}[{num}]: {Word} {word} {word} for {user} from {ip} port {num}
{stamp} {host} kernel: [{num}.{num}] {word}: {Word} {word} at {hex}
level=info ts={date}T{time}Z caller={word}.go:{num} msg="{word} {word}" {snake}={num}
{ip} - - [{date}:{time}] "GET /{word}/{word}?{word}={num} HTTP/1.1" 200 {num}
time="{date}T{time}Z" level=error msg="{Word} {word}" {word}={user} {word}={Camel}
Exception in thread "main" java.lang.{Camel}Exception: {Word} {word}\\n\\tat com.{word}.{Camel}.{camel}({Camel}.java:{num})\\n\\tat com.{word}.{Camel}.main({Camel}.java:{num})
Traceback (most recent call last):\\n  File "/{word}/{snake}.py", line {num}, in {snake}\\n    {snake}({word}, {word})\\n{Camel}Error: {Word} {word} {num}
thread '{word}' panicked at src/{snake}.rs:{num}:{num}:\\n{word} {word}: {Camel} {{ {word}: {num} }}\\nstack backtrace:\\n   0: {snake}::{Camel}::{snake}
TypeError: {camel} is not a function\\n    at {Camel}.{camel} (/{word}/{word}.js:{num}:{num})\\n    at {camel} (/{word}/{word}.js:{num}:{num})
panic: {word} {word}\\n\\ngoroutine {num} [running]:\\nmain.{camel}({hex})\\n\\t/{word}/{word}.go:{num} +{hex}
Segmentation fault in {Camel} (PID {num})
kill -9 {num} # PID {num}, {word} {word}
PID {num} {word} {word}, PPID {num}
PID {num}
{CONST} {num}
$ git {word} --{word} {hex}\\n{Word} {word}: {num} {word}s
$ {word} {word} -{l} {word} --{word}={num} {path}
{user}@{host}:~$ sudo {word} {word} {path}
{user}@{host}:{path}$ ls\\n{Camel}.{ext}  {snake}.{ext}  {word}
diff --git a/{path} b/{path}\\nindex {hex}..{hex} 100644\\n--- a/{path}\\n+++ b/{path}\\n@@ -{num},{num} +{num},{num} @@ {word} {Camel}\\n-    {snake} = {Camel}({num})\\n+    {snake} = {Camel}({word})
commit {hex}\\nAuthor: {person} <dev@example.com>\\nDate:   {date}\\n\\n    {Word} {word} of {Thing} {word}
commit {hex}\\n\\n    {Word} the {word} {word} for {Thing}
{hex} {Word} {word} of the {word} {word}
{hex} (HEAD -> {word}/{word}) {Word} {Thing} to {ver}
Merge branch '{word}/{word}' into {word}
CREATE TABLE {snake} (\\n  id INTEGER PRIMARY KEY,\\n  {snake} TEXT NOT NULL,\\n  {word} VARCHAR({num})\\n);
SELECT {word}.{snake}, COUNT(*) FROM {snake} {word} JOIN {snake} ON {word}.id = {word}.{snake} WHERE {word} > {num} GROUP BY {snake};
UPDATE {snake} SET {snake} = '{Word}' WHERE {word} = {num};
INSERT INTO {snake} ({word}, {word}) VALUES ('{Word} {word}', {num});
INSERT INTO {snake} (first_name, last_name, city) VALUES ('{first}', '{last}', '{city}');
ALTER TABLE {snake} ADD CONSTRAINT {snake} FOREIGN KEY ({word}) REFERENCES {snake};
apiVersion: v1\\nkind: {Camel}\\nmetadata:\\n  name: {word}-{word}\\n  namespace: {word}\\nspec:\\n  {camel}: {num}\\n  image: {word}/{word}:{ver}
- name: {Word} {Thing} {word}\\n  {word}: {word}\\n  run: {word} {word}
name: {word}\\non:\\n  push:\\n    branches: [{word}]\\njobs:\\n  {word}:\\n    name: {Word} {word}
services:\\n  {word}:\\n    image: {word}:{ver}\\n    environment:\\n      {CONST}: {word}
resource "{snake}" "{word}" {{\\n  name     = "{word}-{word}"\\n  {snake} = {num}\\n  tags = {{\\n    Name = "{Word} {word}"\\n    Team = "{word}"\\n    Owner = "{Word}"\\n  }}\\n}}
variable "{snake}" {{\\n  description = "{Word} of the {word} {word}"\\n  default     = "{word}"\\n}}
module "{word}" {{\\n  source = "./{word}/{word}"\\n  {snake} = var.{snake}\\n}}
<div class="{word}-{word}"><h2>{Word} {Word}</h2><p>{Word} {word} {word}.</p></div>
<button type="submit" class="{word}">{Word} {Word}</button>
<label for="{word}">{Word} {word}</label><input name="{snake}" placeholder="{Word} {word}">
<li><a href="/{word}/{word}">{Thing} {Word}</a></li>
<tr><td>{Word}</td><td>{Thing}</td><td>{num}</td></tr>
<tr><td>{person}</td><td>{city}</td><td>{num}</td></tr>
{{"{camel}": "{Word}", "{snake}": {num}, "{word}": {{"{word}": "{Camel}"}}}}
{{"type": "{Camel}", "id": "{id}", "status": "{Word}", "{camel}": null}}
{{"level": "{word}", "message": "{Word} {word} {word}", "{camel}": "{user}"}}
{{"title": "{Word} {Word}", "category": "{Thing}", "tags": ["{word}", "{Word}"]}}
{{"assignee": "{person}", "summary": "{Word} {word} {word}", "component": "{Camel}"}}
{{"event": "{camel}", "user": "{first} {last}", "{snake}": {num}}}
enum {Camel} {{\\n    {Word},\\n    {Word},\\n    {Word},\\n    {Camel},\\n}}
    {Word},\\n    {Word},\\n    {Word},\\n    {Word},
    {word},\\n    {word},\\n    {word},
pub struct {Camel} {{\\n    /// The {word} {word} of {Thing}.\\n    pub {snake}: {Camel},\\n    {word}: {Camel},\\n}}
{Camel}({word}), {word}({word}), {Word}({word}) {{}}
/// Returns the {Word} of a {Camel}, or {word} where there is none.
/// See {Camel} and {Camel}, and {Thing} {Word} {num}.
// {Word} the {Word} in {Word}, since {Thing} {word}s it. N.B. {word} {word}.
// This {word} is a {Thing} port of {Thing}'s {word}, e.g. for {Word} {word}s.
/* {Word} {Word} and {Word}: {word} via {Camel} */
 * {Word} - {word} {word} of {Camel}, a.k.a. the {word} {word}.
 * @param {camel} the {Word} {word}
 * @see {Camel}#{camel}
# {Word} {Word}\\n\\n- **{Word}**: {word} {word}\\n- **{Word} {word}**: {Thing}\\n- `{Camel}`: {word}
## {Thing} {Word}\\n\\nThe `{Camel}` {word} {word}s the {Word} {Word} of {Thing} {ver}.
### {Camel}\\n\\n{Word} {word} for {Thing} and {Thing}.
1. Open {Word} > {Word} > {Word}\\n2. Click **{Word} {Word}**\\n3. Choose {Thing}
| {Word} | {Word} | {Thing} |\\n|---|---|---|\\n| {word} | {num} | {Word} |
We use {Thing} and {Thing} with {Camel}; {Thing} {ver} breaks the {Word} {word}.
Why does {Thing} {word} the {word} on {Thing}, while {Camel} does not?
How do I {word} a {Camel} in {Thing}?
Should {Camel} hold an {Camel} or a {Thing} {Word}?
Refer to {Word} {num}, {Word} {num}.{num}, {Thing} {id} and RFC {num}.
as of {Thing} {ver}, {Word} {word} uses {Thing} H.{num} {Word} {num}
{Word} Level {num}, {Word} {num} {CONST}, Rec. {Thing} {num}-{num}
pls {word} the {word} asap, {word} {word} broken since {time}
pls reset pw for {user}
can u {word} {user} to the {word} {word}? thx
reset {word} for {user} pls, {word} {word} locked
{user} cant login, {word} {word} says {num}
fyi {word} {word} is down, {word} on it. eta {num} min
need {word} access 4 {user} on {host}
unlock acct {user} - ticket {id}
tkt {id}: {word} {word}, {word} n/a
lol the {word} {word} again, {word} {word} wtf
ok {word} works now, will {word} the {word} tmrw
@{first} pls {word} the {word} for {user}
assigned to {person}: {word} {word} {id}
ask {first} if the {word} {word} can wait
ticket {id} from {person}: {word} {word} does not {word}
reset the password of {person} ({user}) please
{Word}: {num}, {Word}: {num}, {Word} {word}: {ver}
{Word} {Word}: {Word}\\n{Word}: {num}\\n{Word} {word}: {id}
{Word}={num};{Word}={Word};{Word}={ver}
{CONST}={Word}\\n{CONST}={num}\\nexport {CONST}="{word} {word}"
[{word}]\\n{word} = {Word}\\n{snake} = {num}\\n{word}_{word} = "{Word}"
version {ver}, build {hex}, {Word} {id}
{id} {id} {id}
{Word}-{id}/{num}
{id}: {Word} {word}
Model {id}, serial {CONST}-{num}, firmware {ver}
{label}: {num}
{label}: {id}
{label} {id}
{label}
{label}: {num}\\n{label}: {id}\\n{label}: {date}
| {label} | {label} | {label} |
{label},{label},{label}\\n{num},{id},{date}
{person}, {label} {num}
{label}: {id}, {person}
Name: {person}\\n{label}: {id}\\n{label}: {date}
user: {user}, role: {word}, team: {Word}
{Word} {Word} {Word} Report
The {Word} page has tabs for {Word}, {Word}, {Word} and {Word} {Word}.
{Word}: {Word}, {Word}, {Word}, {Word}
Put the {Word} next to the {Word} and drop the {Word}.
We compare {Word}, {Word} and {Word} {Word} with {Thing}.
Explain {Thing} {word}s and {Thing} to a child.
See {Word} {num}, Table {num} and Figure {num} of the {Word}.
Standard {CONST} {num}:{num}, {Word} A, {Word} {num}.{num}, {Word} A.{num}
{Word} due: {num}/{num}, {Word} {Word}: {Day}
Der Vorgang {id} wurde storniert, {label} {num}.
Bitte {label} und Zahlungsziel prüfen; Verwendungszweck: Miete {Day}
Le dossier {id} est clos, {label} : {num}, échéance le {num}/{num}.
El pedido {id} está retrasado; {label}: {num}. Motivo: avería
La pratica {id} è chiusa, scadenza {num}/{num}, {label}: {num}
订单{num}尚未发货，{label}：{num}，科室：外科，状态：处理中
请核对{label}和{label}，编号{num}
注文{num}はまだ届いていません。{label}は{num}です。
{label}を確認してください。状態：処理中
주문 {num} 배송이 지연되고 있습니다. {label}는 {num}입니다.
{label} 확인 부탁드립니다. 상태: 처리 중, 운송장 {num}
Заявка {id} закрыта, {label}: {num}, статус: оплачено
    "{Word}",\\n    "{Word}",\\n    "{word}",
assert_eq!({snake}("{Word}"), Some("{word} {word}"));
"{Word}" => {Camel}::{Word},\\n"{Word}" => {Camel}::{Word},
if (key === '{Word}' || {word}.{camel} !== "{Camel}") return {camel}("{word}");
name: "{word}",\\n    {word}: "{Word}",
const {CONST} = ["{Day}", "{Day}", "{Day}"];
format("{word}", "{Day}", {num})
{num}, {num}, {num}, {num}, {num}, {num}, {num}, {num}
    {num} {num} {num} {num} {num} {num}
d: "m{num}.{num} {num}.{num}a1 1 0 0 1 .{num} {num}l-{num}.{num} {num} 0z",
r"[{ranges}]+",
    {list},\\n    {list},\\n    {list}
{CONST} = ({list}, {list})
{snake}: [{list}],
{word} {word} {word} {camel} {word} {snake} {word}
{Word} e.g. {word} {word}, i.e. the {word} {Word}, a.k.a. {Camel}
N.B. The {Word} is {word} until {Camel} is done; {Thing} does the same.
// N.B. This {word} has no {Word}, cf. {Camel} and {Word}.
from {dotted} import {Camel}, {Word}, {snake}
import {{ {Camel}, {Word} }} from '@{word}/{word}';
use {word}::{{{Camel}, {Word}, {word}::{Word}}};
#include <{word}/{Camel}.h>
{Bs}
# {Bs}\\n\\n{Phrase} for {Thing}.
""".strip().splitlines()

#: Where alphabets begin.
ALPHABETS = [0xC0, 0x100, 0x370, 0x400, 0x530, 0x5D0, 0x620, 0x900, 0x980, 0xA00, 0xB00, 0xC00, 0xD00, 0xE01, 0x1000,
             0x10A0, 0x1200, 0x1400, 0x1780, 0x1E00, 0x2C00, 0x3041, 0x30A1, 0x4E00, 0xA000, 0xAC00, 0x10000, 0x1D400]

LOCALES = ["en_US", "en_US", "en_GB", "de_DE", "fr_FR", "es_ES", "it_IT", "nl_NL", "pt_BR", *ABROAD]


def slots(rng, fake):
    """What stands for a word in braces that is no name; each time another."""
    words = lambda least, most: [rng.choice(WORDS) for _ in range(rng.randint(least, most))]
    camel = lambda: "".join(map(str.capitalize, words(1, 3)))
    digits = lambda most: str(rng.randrange(10 ** rng.randint(1, most)))
    letters = lambda count: "".join(rng.choices("ABCDEFGHJKLMNPRSTUVWXYZ", k=count))
    span = lambda first: chr(first + rng.randrange(60)) + "-" + chr(first + 60 + rng.randrange(60))
    listed = lambda: [rng.choice([str, str, str.capitalize, str.upper])(word) for word in words(2, 16)]
    row = rng.choice(FORM_LABELS).split("|")
    return {
        "word": lambda: rng.choice(WORDS),
        "Word": lambda: rng.choice(WORDS).capitalize(),
        "Thing": lambda: rng.choice(THINGS) if rng.random() < 0.8 else rng.choice(WORDS).capitalize(),
        "camel": lambda: rng.choice(WORDS) + camel(),
        "Camel": camel,
        "snake": lambda: "_".join(words(1, 3)),
        "CONST": lambda: "_".join(words(1, 3)).upper(),
        "dotted": lambda: ".".join(words(2, 4)) + "." + camel(),
        "num": lambda: digits(9),
        "l": lambda: rng.choice("abcdefghnprstvx"),
        "hex": lambda: rng.choice(["", "0x"]) + f"{rng.getrandbits(32):08x}",
        "id": lambda: rng.choice(["{}-{}", "{}{}", "{}/{}", "{} {}"]).format(letters(rng.randint(1, 4)), digits(8)),
        "ver": lambda: rng.choice(["", "", "v"]) + ".".join(digits(2) for _ in range(rng.randint(2, 3))) + rng.choice(["", "", "-rc1", "-beta"]),
        "time": lambda: fake.time(),
        "date": lambda: fake.date(),
        "stamp": lambda: f"{fake.month_name()[:3]} {rng.randint(1, 28)} {fake.time()}",
        "ip": lambda: fake.ipv4(),
        "host": lambda: "-".join(words(1, 2)) + digits(2),
        "path": lambda: "/".join(words(1, 4)) + rng.choice(["", ".rs", ".py", ".yaml", ".tsx", ".sql"]),
        "ext": lambda: rng.choice(["rs", "py", "go", "md", "txt"]),
        "label": lambda: rng.choice(row),
        "Day": lambda: fake.day_of_week()[: rng.choice([3, 9])] if rng.random() < 0.5 else fake.month_name()[: rng.choice([3, 9])],
        "ranges": lambda: "".join(span(rng.choice(ALPHABETS)) for _ in range(rng.randint(3, 60))),
        "list": lambda: ", ".join(rng.choice(["'{}'", '"{}"']).format(word) for word in listed()),
        "Bs": lambda: " ".join(map(str.capitalize, words(2, 4))),
        "Phrase": lambda: rng.choice(WORDS).capitalize() + " " + " ".join(words(2, 6)),
    }


def write(template, rng, fakers):
    """A text of the template with its labels. What a user is called by a system may be held for a name or not."""
    home, abroad = rng.choice(fakers), rng.choice(fakers)
    free = slots(rng, home)
    users = []

    def put(match):
        if match[1] == "user":
            users.append(home.user_name())
            return users[-1]
        return free[match[1]]() if match[1] in free else match[0]

    template = re.sub(r"\{(\w+)\}", put, template.replace("\\n", "\n").replace("\\t", "\t"))
    text, spans = fill(template, rng, home, abroad, "")
    for user in users:
        for found in re.finditer(re.escape(user), text):
            if not any(span["start"] < found.end() and found.start() < span["end"] for span in spans):
                spans.append({"start": found.start(), "end": found.end(), "label": "USERNAME"})
    return text, spans


def main():
    seed, count = int(sys.argv[1]), int(sys.argv[2])
    rng = random.Random(seed)
    Faker.seed(seed)
    fakers = [Faker(name) for name in LOCALES]
    for _ in range(count):
        text, spans = "", []
        # Lines of the same sort stand together.
        template = rng.choice(TEMPLATES)
        for _ in range(rng.choice([1, 1, 1, 2, 3, 5])):
            more, found = write(template, rng, fakers)
            spans += [span | {"start": span["start"] + len(text), "end": span["end"] + len(text)} for span in found]
            text += more + "\n"
            if rng.random() < 0.4:
                template = rng.choice(TEMPLATES)
        record = {"text": text.removesuffix("\n"), "spans": spans, "lang": "en", "source": "technical"}
        print(json.dumps(record, ensure_ascii=False))


if __name__ == "__main__":
    main()
