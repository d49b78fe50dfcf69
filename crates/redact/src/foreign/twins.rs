//! Which entity type of another tool is which of ours.

/// Bedrock's types, each with its twin.
///
/// Source: `GuardrailPiiEntityConfig` of the Amazon Bedrock API reference.
pub(super) const BEDROCK: [(&str, &str); 31] = [
    ("ADDRESS", "LOCATION"),
    ("AGE", "AGE"),
    ("AWS_ACCESS_KEY", "AWS_ACCESS_KEY"),
    ("AWS_SECRET_KEY", "AWS_SECRET_KEY"),
    ("CA_HEALTH_NUMBER", "CA_HEALTH_CARD"),
    ("CA_SOCIAL_INSURANCE_NUMBER", "CA_SIN"),
    ("CREDIT_DEBIT_CARD_CVV", "CARD_CODE"),
    ("CREDIT_DEBIT_CARD_EXPIRY", "CARD_EXPIRY"),
    ("CREDIT_DEBIT_CARD_NUMBER", "CREDIT_CARD"),
    ("DRIVER_ID", "US_DRIVER_LICENSE"),
    ("EMAIL", "EMAIL_ADDRESS"),
    ("INTERNATIONAL_BANK_ACCOUNT_NUMBER", "IBAN_CODE"),
    ("IP_ADDRESS", "IP_ADDRESS"),
    ("LICENSE_PLATE", "LICENSE_PLATE"),
    ("MAC_ADDRESS", "MAC_ADDRESS"),
    ("NAME", "PERSON"),
    ("PASSWORD", "PASSWORD"),
    ("PHONE", "PHONE_NUMBER"),
    ("PIN", "PIN"),
    ("SWIFT_CODE", "SWIFT_CODE"),
    ("UK_NATIONAL_HEALTH_SERVICE_NUMBER", "UK_NHS"),
    ("UK_NATIONAL_INSURANCE_NUMBER", "UK_NINO"),
    ("UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER", "UK_UTR"),
    ("URL", "URL"),
    ("USERNAME", "USERNAME"),
    ("US_BANK_ACCOUNT_NUMBER", "US_BANK_NUMBER"),
    ("US_BANK_ROUTING_NUMBER", "US_BANK_ROUTING"),
    ("US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER", "US_ITIN"),
    ("US_PASSPORT_NUMBER", "PASSPORT"),
    ("US_SOCIAL_SECURITY_NUMBER", "US_SSN"),
    ("VEHICLE_IDENTIFICATION_NUMBER", "VIN"),
];

/// Presidio's types whose twin has another name; the others are called alike.
const PRESIDIO: [(&str, &str); 11] = [
    ("ADDRESS", "LOCATION"),
    ("DE_PASSPORT", "PASSPORT"),
    ("ES_PASSPORT", "PASSPORT"),
    ("IN_PASSPORT", "PASSPORT"),
    ("IT_PASSPORT", "PASSPORT"),
    ("KR_PASSPORT", "PASSPORT"),
    ("UK_PASSPORT", "PASSPORT"),
    ("US_PASSPORT", "PASSPORT"),
    ("ABA_ROUTING_NUMBER", "US_BANK_ROUTING"),
    ("NPI", "US_NPI"),
    ("ORG", "ORGANIZATION"),
];

/// Types that Presidio's own recognizers find, by their names there.
///
/// Source: the list of supported entities of Presidio's documentation.
pub(super) const PRESIDIO_OWN: [&str; 42] = [
    "AU_ABN",
    "AU_ACN",
    "AU_MEDICARE",
    "AU_TFN",
    "CREDIT_CARD",
    "CRYPTO",
    "DATE_TIME",
    "EMAIL_ADDRESS",
    "ES_NIE",
    "ES_NIF",
    "FI_PERSONAL_IDENTITY_CODE",
    "IBAN_CODE",
    "IN_AADHAAR",
    "IN_GSTIN",
    "IN_PAN",
    "IN_VEHICLE_REGISTRATION",
    "IN_VOTER",
    "IP_ADDRESS",
    "IT_FISCAL_CODE",
    "IT_IDENTITY_CARD",
    "IT_VAT_CODE",
    "KR_RRN",
    "LOCATION",
    "MAC_ADDRESS",
    "MEDICAL_LICENSE",
    "ORGANIZATION",
    "PERSON",
    "PHONE_NUMBER",
    "PL_PESEL",
    "SG_NRIC_FIN",
    "SG_UEN",
    "TH_TNIN",
    "UK_NHS",
    "UK_NINO",
    "UK_POSTCODE",
    "UK_VEHICLE_REGISTRATION",
    "URL",
    "US_BANK_NUMBER",
    "US_DRIVER_LICENSE",
    "US_ITIN",
    "US_MBI",
    "US_SSN",
];

/// Our type for one of Presidio's, among `known`.
pub(super) fn of_presidio(name: &str, known: &[String]) -> Option<String> {
    let twin = PRESIDIO
        .iter()
        .find(|(theirs, _)| *theirs == name)
        .map_or(name, |(_, ours)| ours);
    known.iter().find(|one| *one == twin).cloned()
}

/// Our type for one of Bedrock's.
pub(super) fn of_bedrock(name: &str) -> Option<&'static str> {
    BEDROCK
        .iter()
        .find(|(theirs, _)| *theirs == name)
        .map(|(_, ours)| *ours)
}

/// The entity type that a class of Presidio's recognizers finds: `CreditCardRecognizer`.
pub(super) fn of_class(class: &str, known: &[String]) -> Option<String> {
    let named = match class {
        "EmailRecognizer" => "EMAIL_ADDRESS",
        "PhoneRecognizer" => "PHONE_NUMBER",
        "DateRecognizer" => "DATE_TIME",
        "IpRecognizer" => "IP_ADDRESS",
        "IbanRecognizer" => "IBAN_CODE",
        "UrlRecognizer" => "URL",
        "NhsRecognizer" => "UK_NHS",
        "UsBankRecognizer" => "US_BANK_NUMBER",
        "UsLicenseRecognizer" => "US_DRIVER_LICENSE",
        "AuAbnRecognizer" => "AU_ABN",
        "AbaRoutingRecognizer" => "US_BANK_ROUTING",
        "EsNifRecognizer" => "ES_NIF",
        _ => "",
    };
    if !named.is_empty() {
        return Some(named.to_owned());
    }
    let mut snake = String::new();
    for letter in class.trim_end_matches("Recognizer").chars() {
        if letter.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(letter.to_uppercase());
    }
    of_presidio(&snake, known)
}
