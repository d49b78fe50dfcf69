"""Draws records with labelled values, as agents hand them to tools and get them back.

Values come from Faker (MIT), names of fields and forms from the lists below: nothing here was made from the
recognizers, so what a policy misses shows. Prints JSON lines {"text", "spans"} with offsets in code points:

    pip install -r scripts/labelled/requirements.txt
    python scripts/labelled/draw.py 7 60 > drawn.jsonl
    assay redaction evaluate drawn.jsonl

Not here: sentences, and values without a label.
"""

import json
import random
import sys

from faker import Faker

COUNTRIES = ["en_US", "en_GB", "de_DE", "fr_FR", "es_ES", "it_IT", "nl_NL", "pl_PL", "pt_BR"]


def main(seed: int, count: int) -> None:
    random.seed(seed)
    Faker.seed(seed)
    fakers = {country: Faker(country) for country in COUNTRIES}
    us, uk = fakers["en_US"], fakers["en_GB"]

    def some(what: str, *countries: str) -> str:
        return getattr(fakers[random.choice(countries or COUNTRIES)], what)()

    def national() -> str:
        country, what = random.choice([("pl_PL", "pesel"), ("nl_NL", "ssn"), ("pt_BR", "cpf"), ("es_ES", "nif"), ("it_IT", "ssn"), ("fr_FR", "ssn")])
        return getattr(fakers[country], what)()

    def in_fours(number: str) -> str:
        return " ".join(number[at : at + 4] for at in range(0, 16, 4))

    kinds = [
        ("first name", "PERSON", lambda: some("first_name")),
        ("last name", "PERSON", lambda: some("last_name")),
        ("full name", "PERSON", lambda: f"{some('first_name')} {some('last_name')}"),
        ("phone number", "PHONE_NUMBER", lambda: some("phone_number")),
        ("mobile phone", "PHONE_NUMBER", lambda: some("phone_number", "de_DE")),
        ("email address", "EMAIL_ADDRESS", lambda: us.email()),
        ("user name", "USERNAME", lambda: us.user_name()),
        ("street address", "LOCATION", lambda: some("street_address")),
        ("city", "LOCATION", lambda: some("city")),
        ("postal code", "ZIP_CODE", lambda: some("postcode", "en_US", "en_GB", "de_DE", "fr_FR", "nl_NL", "pl_PL")),
        ("date of birth", "DATE_OF_BIRTH", lambda: us.date_of_birth().strftime(random.choice(["%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y", "%d %B %Y"]))),
        ("national id", "ID_NUMBER", national),
        ("ssn", "US_SSN", lambda: us.ssn()),
        ("passport number", "PASSPORT", lambda: some("passport_number", "en_US", "en_GB", "de_DE", "fr_FR")),
        ("license plate", "LICENSE_PLATE", lambda: some("license_plate", "en_US", "en_GB", "de_DE", "fr_FR", "es_ES", "it_IT", "nl_NL", "pl_PL")),
        ("tax id", "TAX_ID", lambda: random.choice([us.ein(), us.numerify("%##########")])),
        ("vat number", "VAT_ID", lambda: some("vat_id", "de_DE", "fr_FR", "es_ES", "it_IT", "nl_NL", "pl_PL")),
        ("iban", "IBAN_CODE", lambda: some("iban", "en_GB", "de_DE", "fr_FR", "es_ES", "it_IT", "nl_NL", "pl_PL")),
        ("account number", "US_BANK_NUMBER", lambda: random.choice([us.bban(), us.numerify("%#########")])),
        ("sort code", "UK_SORT_CODE", lambda: uk.numerify("%#-##-##")),
        ("card number", "CREDIT_CARD", lambda: us.credit_card_number()),
        ("credit card", "CREDIT_CARD", lambda: in_fours(us.numerify("4###############"))),
        ("cvv", "CARD_CODE", lambda: us.credit_card_security_code()),
        ("card expiry", "CARD_EXPIRY", lambda: us.credit_card_expire()),
        ("employee id", "ID_NUMBER", lambda: us.numerify(random.choice(["E%#####", "%######", "EMP-#####"]))),
        ("patient id", "MEDICAL_RECORD_NUMBER", lambda: us.numerify(random.choice(["P%######", "%#######"]))),
        ("policy number", "INSURANCE_NUMBER", lambda: us.bothify("??-#######").upper()),
        ("ip address", "IP_ADDRESS", lambda: us.ipv4()),
        ("mac address", "MAC_ADDRESS", lambda: us.mac_address()),
        ("password", "PASSWORD", lambda: us.password()),
        ("api key", "SECRET", lambda: us.password(32, special_chars=False)),
        ("otp", "PIN", lambda: us.numerify("######")),
    ]
    names = [
        lambda name: name,
        str.title,
        lambda name: name.replace(" ", "_"),
        lambda name: name.replace(" ", "_").upper(),
        lambda name: name.replace(" ", "-"),
        lambda name: name.title().replace(" ", ""),
        lambda name: name.split()[0] + name[len(name.split()[0]) :].title().replace(" ", ""),
    ]
    forms = [
        lambda name, value: json.dumps({"customer": {"id": 17, name: value}, "status": "open"}, ensure_ascii=False),
        lambda name, value: json.dumps({"input": json.dumps({name: value}, ensure_ascii=False)}, ensure_ascii=False),
        lambda name, value: f"<Record><{name}>{value}</{name}><Status>open</Status></Record>",
        lambda name, value: f"customer:\n  {name}: {value}\n  status: open\n",
        lambda name, value: f"id,{name},status\n17,{value},open\n",
        lambda name, value: f"{name}={value}\nstatus=open",
        lambda name, value: f"| id | {name} | status |\n|---|---|---|\n| 17 | {value} | open |",
        lambda name, value: f"- **{name}**: {value}\n- **status**: open",
        lambda name, value: f"UPDATE customers SET {name} = '{value}' WHERE id = 17",
    ]
    for _ in range(count):
        for words, label, make in kinds:
            value = make().replace("\n", " ").strip()
            text = random.choice(forms)(random.choice(names)(words), value)
            written = value if value in text else json.dumps(value, ensure_ascii=False)[1:-1]
            at = text.rfind(written)
            if at < 0:
                continue
            span = {"start": at, "end": at + len(written), "label": label}
            print(json.dumps({"text": text, "spans": [span]}, ensure_ascii=False))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
