// Entity types as people write them.

/** The country that a type begins with: `AU_TFN`. */
const COUNTRIES = new Set(
  "AR AT AU BE BG BR CA CH CL CN CO CZ DE DK ES FI FR GR HR IE IL IN IT JP KR MX NG NL NO NZ PH PL PT RO RU SE SG TH TR TW UK US ZA".split(
    " ",
  ),
);

const ACRONYMS = new Set(
  "ABN ACN AFM AHV API AWS BRN BSN CNP CNPJ CPF CPR CUIT CURP DNS EGN FIN GSTIN IBAN ICCID ID IFSC IMEI IMSI INN IP IRD ITIN JWT MAC MBI MWS NATS NHS NIE NIF NIN NINO NIP NIR NPI NRIC NRN NTLM OIB PAN PESEL PIN PPS RFC RRN RUT SAS SIN SSN SVNR SWIFT TFN TIN TNIN UEN URL UTR VAT VIN ZIP".split(
    " ",
  ),
);

/** Words that are written neither small nor in capitals. */
const WRITTEN: Record<string, string> = {
  AADHAAR: "Aadhaar",
  CISLO: "číslo",
  CLICKHOUSE: "ClickHouse",
  DIGITALOCEAN: "DigitalOcean",
  EASYPOST: "EasyPost",
  FODSELSNUMMER: "fødselsnummer",
  FACE: "Face",
  FRAMEIO: "Frame.io",
  GITHUB: "GitHub",
  GITLAB: "GitLab",
  GOOGLE: "Google",
  HUBSPOT: "HubSpot",
  LANGSMITH: "LangSmith",
  MEDICARE: "Medicare",
  NPM: "npm",
  NUGET: "NuGet",
  OAUTH: "OAuth",
  ONEPASSWORD: "1Password",
  OPENAI: "OpenAI",
  OPENROUTER: "OpenRouter",
  PAYPAL: "PayPal",
  PLANETSCALE: "PlanetScale",
  POSTHOG: "PostHog",
  PYPI: "PyPI",
  README: "ReadMe",
  RODNE: "rodné",
  RUBYGEMS: "RubyGems",
  SENDGRID: "SendGrid",
  SETTLEMINT: "SettleMint",
  WECHAT: "WeChat",
  XAI: "xAI",
};

/** Types whose name says less than people need. */
const TITLES: Record<string, string> = {
  CRYPTO: "crypto wallet",
  DATE_TIME: "date or time",
  NRP: "nationality, religion or politics",
};

/** What a secret can be; the word before it all is whose it is: `SLACK_TOKEN`. */
const OF_A_VENDOR = /^(?!API_|PRIVATE_|BEARER_|SECRET_)[A-Z0-9]+_.*(?:TOKEN|KEY|SECRET)$/;

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** "email address" of `EMAIL_ADDRESS`, "AU TFN" of `AU_TFN`, "Slack token" of `SLACK_TOKEN`. */
export function typeTitle(entityType: string): string {
  const title = TITLES[entityType];
  if (title !== undefined) return title;
  const vendor = OF_A_VENDOR.test(entityType);
  return entityType
    .split("_")
    .map((word, place) => {
      if ((place === 0 && COUNTRIES.has(word)) || ACRONYMS.has(word)) return word;
      const written = WRITTEN[word] ?? word.toLowerCase();
      return vendor && place === 0 && WRITTEN[word] === undefined ? capital(written) : written;
    })
    .join(" ");
}

/** The title where it stands by itself: "Email address". A name that begins small stays: "npm token". */
export function typeName(entityType: string): string {
  const [first = ""] = entityType.split("_");
  return WRITTEN[first] === undefined ? capital(typeTitle(entityType)) : typeTitle(entityType);
}
