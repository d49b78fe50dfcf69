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
    "da": ["da_DK"],
    "no": ["no_NO"],
    "fi": ["fi_FI"],
    "cs": ["cs_CZ"],
    "tr": ["tr_TR"],
    "ru": ["ru_RU"],
    "uk": ["uk_UA"],
    "el": ["el_GR"],
    "he": ["he_IL"],
    "hi": ["hi_IN"],
    "zh": ["zh_CN", "zh_CN", "zh_TW"],
    "ja": ["ja_JP"],
    "ko": ["ko_KR"],
}
#: Languages whose messages are sometimes written in small letters alone.
SMALL = ("en", "de", "fr", "es", "it", "nl", "pt")
#: Where the family name comes first and nothing separates words.
UNBROKEN = ("zh", "ja", "ko")
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
The applicant, {person}, is a {country} national who was born in 1961 and lives in {city}.
The applicant was represented before the Court by Mr {person}, a lawyer practising in {city}.
Mr {last} appealed. On 3 May 2004 the {city} District Court dismissed the appeal of Mrs {last}.
Judge {last} and Judge {last} dissented.
INCIDENT REPORT\nReported by: {person}\nLocation: {city} office\nSummary: {first} left the laptop on a train to {city}.
Ticket #4821 opened by {person} ({org}). Assignee: {first} {last}.
[10:32] {first}: can you send me the file?\n[10:33] {first}: sure, on it
{first}: hey, are you coming to {city} on friday?
Employee {person} (ID 44213) requested leave; approved by {person}.
The deed was signed by {person} and {person}, both of {street}, {city}.
We interviewed {person}, {person} and {person} for the role in {city}.
Attendees: {first}, {first}, {person}, {last}
Policyholder: {person}, insured since 2016, {address}
{{"customer": {{"full_name": "{person}", "billing_address": "{street}, {city}"}}, "notes": "{first} called twice"}}
<name>{person}</name><city>{city}</city>
full_name: {person}\nbirth_place: {city}\nemployer: {org}
Draft a reference letter for {person}, who worked for us at {org} from 2015 to 2020.
The patient's daughter, {first}, will pick her up; her husband {person} is the emergency contact.
{last} et al. reported similar results.
Forwarded message from {person}: please call {first} back at once.
{person}, {city}
The branch in {city} reported 14 new claims, {city} only 3.
Within ten kilometres of {city} the exposure is 1.4 million EUR.
From {city} to {city} it is 320 km; the train stops at {city}.
{city}: 12 open cases, {city}: 7
Our offices near {city} and in the {city} area stay closed.
Mrs. {last} of {street} complained that {first} {last} had entered the flat.
Our driver {first} is on the way to {city}; {last} will take over in {city}.
The {last} family moved from {country} to {city}.
I spoke with {first} from accounting and {first} from {org}.
Git commit by {person} <dev@example.com>\nReviewed-by: {person}
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
Der Beschwerdeführer {person}, wohnhaft in {city}, wird von Rechtsanwältin {person} vertreten.
Das Amtsgericht {city} verurteilte den Angeklagten {last} zu einer Geldstrafe.
Herr {person}, geboren am 3. Mai 1961 in {city}, beantragt Akteneinsicht.
Ansprechpartnerin: {person}, {org}, {street}, {zip} {city}
Am Montag hat {first} mit Frau {last} von der {org} telefoniert.
Versicherte: {person}\nArbeitgeber: {org}\nWohnort: {zip} {city}
{first} {last} und {first} {last} sind nach {city} gezogen.
Zuständig: Dr. {person} (Station 4), Vertretung: Pfleger {first}
Der Kläger wohnt in {street}, {zip} {city}; die Beklagte {org} hat ihren Sitz in {city}.
@{first} kannst du das bitte prüfen?
Die Lieferung kam am Dienstag an, der Rest folgt im Juni.
Das Gericht weist die Klage ab. Die Revision wird nicht zugelassen.
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
La requérante, Mme {person}, est une ressortissante de {country}, née en 1961 et résidant à {city}.
Elle est représentée devant la Cour par Me {first} {last}, avocat à {city}.
Le 12 mars 1998, le tribunal de grande instance de {city} condamna {person} à une amende.
M. {last} interjeta appel. La cour d'appel de {city} confirma le jugement.
Les requérants, MM. {person} et {person}, résident à {city} ({country}).
Mme {last}, gardienne au {street}, a prévenu la police de {city}.
Assuré : {person}\nEmployeur : {org}\nDomicile : {street}, {zip} {city}
Nous avons rencontré {first} et {first} au siège de {org}.
Compte rendu rédigé par {person}, validé par {first} {last}.
Merci {first}, je transmets à Mme {last}.
Objet : dossier de {person}, demeurant à {city}
Le docteur {person} a reçu {first} lundi dernier.
L'affaire opposant {org} à {person} a été renvoyée devant la cour de {city}.
Le Gouvernement soutient que la requête est irrecevable. La Cour rejette cette exception.
Le présent contrat est conclu pour une durée de douze mois.
La Direction Générale et le Conseil se réunissent mardi.
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
El demandante, D. {person}, nacido en 1961, reside en {city} ({country}).
Fue representado ante el Tribunal por la Sra. {person}, abogada de {city}.
El Juzgado de lo Penal de {city} condenó a {person} y a {person}.
La Sra. {last} recurrió ante la Audiencia Provincial de {city}.
Asegurado: {person}\nEmpresa: {org}\nDirección: {street}, {zip} {city}
Ayer {first} habló con Don {person} de {org}.
Gracias, {first}. Se lo paso a la señora {last}.
Informe elaborado por la Dra. {person}; revisado por {first} {last}.
Los hermanos {first} y {first} {last} viven en {city}.
El Gobierno sostiene que la demanda es inadmisible.
El presente contrato tendrá una duración de doce meses.
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
Il ricorrente, sig. {person}, nato nel 1961, risiede a {city}.
È rappresentato dall'avv. {person} del foro di {city}.
Il Tribunale di {city} ha condannato {person} al risarcimento.
Assicurato: {person}\nDatore di lavoro: {org}\nResidenza: {street}, {zip} {city}
Grazie {first}, ne parlo con la signora {last}.
Ieri {first} e {first} sono andati a {city}.
Il presente contratto ha una durata di dodici mesi.
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
    "da": """
Jeg hedder {person} og bor i {city}.
Kære {first}, kan du ringe til {first}?
{person} arbejder hos {org} i {city}.
Kunde: {person}\\nAdresse: {street}, {city}
Patienten {person} blev set af læge {last}.
Omkostningerne er steget siden sidste år.
""",
    "no": """
Jeg heter {person} og bor i {city}.
Hei {first}, kan du ringe {first}?
{person} jobber hos {org} i {city}.
Kunde: {person}\\nAdresse: {street}, {city}
Pasienten {person} ble undersøkt av dr. {last}.
Kostnadene har økt siden i fjor.
""",
    "fi": """
Nimeni on {person}.
Hei {first}, voitko soittaa {first} {last}?
Asiakas: {person}\\nOsoite: {street}, {city}
{person} on töissä yrityksessä {org}.
Kustannukset ovat nousseet viime vuodesta.
""",
    "cs": """
Jmenuji se {person} a bydlím ve městě {city}.
Zákazník: {person}\\nAdresa: {street}, {city}
Dobrý den, tady {person} ze společnosti {org}.
Pacient {person} byl vyšetřen.
Náklady na projekt vzrostly.
""",
    "tr": """
Benim adım {person}, {city} şehrinde yaşıyorum.
Sayın {person}, siparişiniz yola çıktı.
Müşteri: {person}\\nAdres: {street}, {city}
{first} Hanım ve {first} Bey toplantıya katıldı.
{person}, {org} şirketinde çalışıyor.
Projenin maliyeti geçen yıl arttı.
""",
    "ru": """
Меня зовут {person}, я живу в городе {city}.
Уважаемый {person}, ваш заказ отправлен.
Клиент: {person}\\nАдрес: {address}
{person} работает в компании {org}.
Привет, {first}! Это {first} {last}.
Пациент {person}, осмотрен врачом. Врач: {person}
Заявитель {person} проживает по адресу: {address}
Истец: {last} {first}\\nОтветчик: {org}
Расходы на проект выросли в прошлом году.
Суд отклонил жалобу. Решение вступило в силу.
Напишите функцию, которая читает файл.
""",
    "uk": """
Мене звати {person}, я живу в {city}.
Шановний {person}, ваше замовлення відправлено.
Клієнт: {person}\\nАдреса: {address}
{person} працює в компанії {org}.
Привіт, {first}! Це {first} {last}.
Витрати на проєкт зросли минулого року.
""",
    "el": """
Με λένε {person} και μένω στην πόλη {city}.
Αγαπητέ κύριε {last}, σας ευχαριστούμε.
Πελάτης: {person}\\nΔιεύθυνση: {street}, {city}
Ο ασθενής {person} εξετάστηκε από τον γιατρό {last}.
Γεια σου {first}, μίλησες με {first};
Το κόστος του έργου αυξήθηκε πέρυσι.
""",
    "he": """
שמי {person} ואני גר ב{city}.
לכבוד {person}, ההזמנה שלך נשלחה.
לקוח: {person}\\nכתובת: {street}, {city}
{person} עובד בחברת {org}.
שלום {first}, דיברת עם {first}?
העלויות של הפרויקט עלו בשנה שעברה.
""",
    "hi": """
मेरा नाम {person} है और मैं {city} में रहता हूँ।
ग्राहक: {person}\\nपता: {street}
श्री {person} कल कार्यालय आए।
डॉ. {last} ने मरीज {person} की जाँच की।
परियोजना की लागत पिछले वर्ष बढ़ गई।
""",
    "zh": """
我叫{person}，住在{city}。
{person}先生您好，您的订单已经发货。
尊敬的{person}女士：\\n感谢您的来信。
客户：{person}\\n地址：{address}
姓名：{person}\\n单位：{org}\\n城市：{city}
{person}在{org}工作。
患者{person}由{person}医生诊治。
请总结{person}和{person}的通话内容。
{person}经理说会议改到星期一。
昨天{person}告诉我，{org}正在招聘。
被告人{person}，住{address}。
联系人：{person}
收件人：{person}，{address}
我和{person}一起去了{city}。
{person}（{org}）
由{person}提交，{person}审核
项目成本去年有所增加。
请写一个读取文件的函数。
根据合同第三条，双方应当保密。
今天天气很好，我们明天再开会。
系统提示：连接超时，请稍后重试。
这个问题的答案在文件的最后一页。
""",
    "ja": """
私の名前は{person}です。{city}に住んでいます。
{person}様\\nお世話になっております。{org}の{person}です。
{last}さん、会議は月曜日に変更になりました。
お客様：{person}\\n住所：{address}
氏名：{person}\\n会社名：{org}
{person}は{org}に勤めている。
患者{person}は{last}先生の診察を受けた。
{last}部長と{last}課長が出席した。
担当：{person}
昨日、{last}さんから電話がありました。
{person}氏によると、売上は増加した。
プロジェクトの費用は昨年増えました。
ファイルを読み込む関数を書いてください。
契約書の内容を確認してください。
エラーが発生しました。もう一度お試しください。
明日の会議は中止になりました。
""",
    "ko": """
제 이름은 {person}입니다. {city}에 살고 있습니다.
{person}님, 주문하신 상품이 발송되었습니다.
고객: {person}\\n주소: {address}
이름: {person}\\n회사: {org}
{person}은 {org}에서 일합니다.
{person} 씨가 어제 전화했습니다.
환자 {person}의 담당의는 {person}입니다.
{person} 과장과 {person} 대리가 참석했습니다.
담당자: {person}
프로젝트 비용이 작년에 증가했습니다.
파일을 읽는 함수를 작성해 주세요.
계약서 내용을 확인해 주시기 바랍니다.
오류가 발생했습니다. 다시 시도해 주세요.
내일 회의는 취소되었습니다.
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
The Court notes that the Government's objection must be dismissed under Article 35 of the Convention.
Unicode Character Range, Japanese and Korean input, Latin letters
Set True or False; the default value is None.
Opens in a new Tab of Safari, Firefox or Edge.
Adds Whitespace after a Keyword, an Operator or a Literal.
Returns the Maximum Height of the Overlay, or null.
Raise ValueError if the Index is out of Range.
Compress with XZ, LZMA or Zstandard before the Upload.
This Task runs on Tokio and is polled by the Executor.
see RFC 2595 and Issue 16116 for Details
The Agreement, the Annex and the Schedule form one Contract.
The Customer shall pay the Supplier within thirty Days.
**Summary**\\n- Key Findings\\n- Next Steps\\n- Open Questions
i will be there at noon, may be later
rose petals and will power, a mark on the grant
can you fix the login page? it broke again on friday
Human: What is Machine Learning?\\n\\nAssistant: Machine Learning is a branch of Computer Science.
"""


#: Words with a capital that name nobody.
DAYS = """Monday Wednesday Friday March April May June August Montag Mittwoch Freitag März Mai Juli Dezember Sommer
Kraft Gericht Herr Frau Monsieur Madame Maître Sala Señor Señora Tribunal Court Government Cour Gouvernement
Section Article Chapter Chapitre Artikel Absatz Signora Signor Meneer Mevrouw Team Manager Agent Customer Client
Patient Doctor Judge Witness January Février""".split()


def one_line(text):
    return re.sub(r"\s*\n\s*", ", ", text)


def fill(template, rng, home, abroad, language):
    fakers = (home, abroad)
    is_unbroken = language in UNBROKEN
    text, spans, at = "", [], 0
    for match in re.finditer(r"\{(\w+)\}", template):
        text += template[at : match.start()].replace("{{", "{").replace("}}", "}")
        at = match.end()
        what = match[1]
        fake = fakers[rng.random() < (0.1 if is_unbroken else 0.35)]
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
        if is_unbroken and fake is home and what == "person":
            value = home.name().replace(" ", "" if rng.random() < 0.6 else " ")
        if what == "address" and rng.random() < 0.5:
            value = one_line(value)
        elif what in ("street", "org"):
            value = one_line(value)
        spans.append({"start": len(text), "end": len(text) + len(value), "label": LABELS[what]})
        text += value
    text += template[at:].replace("{{", "{").replace("}}", "}")
    # In messages people write small letters.
    if language in SMALL and "\n" not in text and rng.random() < 0.08 and len(text.lower()) == len(text):
        text = text.lower()
    return text, spans


def words_of(fake, rng, plain):
    """Sentences in which nothing is a name: our own, or common words of the language in any order."""
    if plain and (rng.random() < 0.4 or not has_words(fake)):
        return rng.choice(plain)
    if rng.random() < 0.35:
        # Words to search for, tags, titles of columns.
        return rng.choice([" ", " ", ", ", " / "]).join(fake.words(rng.randint(2, 6))).lower()
    text = " ".join(fake.sentence(nb_words=rng.randint(3, 14)) for _ in range(rng.randint(1, 3)))
    return text.replace(" ", f" {rng.choice(DAYS)} ", 1) if rng.random() < 0.2 else text


def has_words(fake):
    """Whether Faker has words of the language; of others it gives Latin."""
    return "lorem" not in fake.get_words_list() and "dolorem" not in fake.get_words_list()


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
    plain_of = {
        language: [line for line in lines if "{" not in line] for language, lines in templates.items()
    }
    plain = [line.replace("\\n", "\n") for line in PLAIN.strip().splitlines()]
    languages = ["en"] * 14 + ["de", "fr", "es"] * 4 + ["it"] * 2 + ["zh", "ja", "ko", "ru"] * 2
    languages += [language for language in LOCALES if language not in languages]
    for _ in range(count):
        language = rng.choice(languages)
        if language == "en" and rng.random() < 0.15:
            text, spans = rng.choice(plain), []
        else:
            home = fakers[rng.choice(LOCALES[language])]
            abroad = fakers[rng.choice(ABROAD)]
            chance = rng.random()
            if chance < 0.08:
                text, spans = words_of(home, rng, plain_of[language]), []
            else:
                text, spans = fill(rng.choice(templates[language]), rng, home, abroad, language)
            if 0.08 <= chance < 0.16:
                text = f"{text}\n{words_of(home, rng, plain_of[language])}"
            elif 0.16 <= chance < 0.22:
                before = words_of(home, rng, plain_of[language]) + rng.choice([" ", "\n"])
                text = before + text
                spans = [span | {"start": span["start"] + len(before), "end": span["end"] + len(before)} for span in spans]
        record = {"text": text, "spans": spans, "lang": language, "source": "generated"}
        print(json.dumps(record, ensure_ascii=False))


if __name__ == "__main__":
    main()
