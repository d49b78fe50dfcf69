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
const PRESIDIO: [(&str, &str); 14] = [
    ("ADDRESS", "LOCATION"),
    ("DE_PASSPORT", "PASSPORT"),
    ("EMAIL", "EMAIL_ADDRESS"),
    ("ES_PASSPORT", "PASSPORT"),
    ("IN_PASSPORT", "PASSPORT"),
    ("IT_PASSPORT", "PASSPORT"),
    ("KR_PASSPORT", "PASSPORT"),
    ("PH_PASSPORT", "PASSPORT"),
    ("UK_PASSPORT", "PASSPORT"),
    ("US_PASSPORT", "PASSPORT"),
    ("ZA_PASSPORT", "PASSPORT"),
    ("ABA_ROUTING_NUMBER", "US_BANK_ROUTING"),
    ("NPI", "US_NPI"),
    ("ORG", "ORGANIZATION"),
];

/// Types that Presidio's own recognizers find, by their names there, as far as they have a twin here.
///
/// Source: the recognizers of presidio-analyzer 2.2.366.
pub(super) const PRESIDIO_OWN: [&str; 70] = [
    "AU_ABN",
    "AU_ACN",
    "AU_MEDICARE",
    "AU_TFN",
    "CA_SIN",
    "CREDIT_CARD",
    "CRYPTO",
    "DATE_TIME",
    "DE_HEALTH_INSURANCE",
    "DE_ID_CARD",
    "DE_PASSPORT",
    "DE_SOCIAL_SECURITY",
    "DE_TAX_ID",
    "DE_VAT_ID",
    "EMAIL_ADDRESS",
    "ES_NIE",
    "ES_NIF",
    "ES_PASSPORT",
    "FI_PERSONAL_IDENTITY_CODE",
    "IBAN_CODE",
    "IN_AADHAAR",
    "IN_GSTIN",
    "IN_PAN",
    "IN_PASSPORT",
    "IN_VEHICLE_REGISTRATION",
    "IN_VOTER",
    "IP_ADDRESS",
    "IT_FISCAL_CODE",
    "IT_IDENTITY_CARD",
    "IT_PASSPORT",
    "IT_VAT_CODE",
    "KR_BRN",
    "KR_DRIVER_LICENSE",
    "KR_PASSPORT",
    "KR_RRN",
    "LOCATION",
    "MAC_ADDRESS",
    "MEDICAL_LICENSE",
    "NG_NIN",
    "NG_VEHICLE_REGISTRATION",
    "NRP",
    "ORGANIZATION",
    "PERSON",
    "PHONE_NUMBER",
    "PH_PASSPORT",
    "PH_TIN",
    "PL_PESEL",
    "SE_ORGANISATIONSNUMMER",
    "SE_PERSONNUMMER",
    "SG_NRIC_FIN",
    "SG_UEN",
    "TH_TNIN",
    "TR_LICENSE_PLATE",
    "TR_NATIONAL_ID",
    "UK_DRIVING_LICENCE",
    "UK_NHS",
    "UK_NINO",
    "UK_PASSPORT",
    "UK_POSTCODE",
    "UK_VEHICLE_REGISTRATION",
    "URL",
    "US_BANK_NUMBER",
    "US_DRIVER_LICENSE",
    "US_ITIN",
    "US_MBI",
    "US_NPI",
    "US_PASSPORT",
    "US_SSN",
    "ZA_ID_NUMBER",
    "ZA_PASSPORT",
];

/// Those of them that its registry as it is shipped finds in English; the others it has switched off,
/// or on for other languages alone.
///
/// Source: `conf/default_recognizers.yaml` of presidio-analyzer 2.2.366.
pub(super) const PRESIDIO_ON: [&str; 19] = [
    "CREDIT_CARD",
    "CRYPTO",
    "DATE_TIME",
    "EMAIL_ADDRESS",
    "IBAN_CODE",
    "IP_ADDRESS",
    "LOCATION",
    "MAC_ADDRESS",
    "MEDICAL_LICENSE",
    "NRP",
    "PERSON",
    "PHONE_NUMBER",
    "UK_NHS",
    "URL",
    "US_BANK_NUMBER",
    "US_DRIVER_LICENSE",
    "US_ITIN",
    "US_PASSPORT",
    "US_SSN",
];

/// Our type for one of Presidio's own.
pub(super) fn of_presidio_own(name: &str) -> &str {
    PRESIDIO
        .iter()
        .find(|(theirs, _)| *theirs == name)
        .map_or(name, |(_, ours)| ours)
}

/// Our type for one of Presidio's, among `known`.
pub(super) fn of_presidio(name: &str, known: &[String]) -> Option<String> {
    let twin = of_presidio_own(name);
    known.iter().find(|one| *one == twin).cloned()
}

/// Our type for one of Bedrock's.
pub(super) fn of_bedrock(name: &str) -> Option<&'static str> {
    BEDROCK
        .iter()
        .find(|(theirs, _)| *theirs == name)
        .map(|(_, ours)| *ours)
}

/// Prebuilt patterns of LiteLLM's content filter, each with its twin.
///
/// Source: `patterns.json` of litellm 1.110.2.
const CONTENT_FILTER: [(&str, &str); 62] = [
    ("us_ssn", "US_SSN"),
    ("us_ssn_no_dash", "US_SSN"),
    ("email", "EMAIL_ADDRESS"),
    ("us_phone", "PHONE_NUMBER"),
    ("visa", "CREDIT_CARD"),
    ("mastercard", "CREDIT_CARD"),
    ("amex", "CREDIT_CARD"),
    ("discover", "CREDIT_CARD"),
    ("credit_card", "CREDIT_CARD"),
    ("aws_access_key", "AWS_ACCESS_KEY"),
    ("aws_secret_key", "AWS_SECRET_KEY"),
    ("github_token", "GITHUB_TOKEN"),
    ("slack_token", "SLACK_TOKEN"),
    ("generic_api_key", "API_KEY"),
    ("openai_api_key", "OPENAI_API_KEY"),
    ("anthropic_api_key", "ANTHROPIC_API_KEY"),
    ("gemini_api_key", "GOOGLE_API_KEY"),
    ("ipv4", "IP_ADDRESS"),
    ("ipv6", "IP_ADDRESS"),
    ("url", "URL"),
    ("passport_us", "PASSPORT"),
    ("passport_uk", "PASSPORT"),
    ("passport_germany", "PASSPORT"),
    ("passport_france", "PASSPORT"),
    ("passport_netherlands", "PASSPORT"),
    ("passport_canada", "PASSPORT"),
    ("passport_india", "PASSPORT"),
    ("passport_australia", "PASSPORT"),
    ("passport_china", "PASSPORT"),
    ("passport_japan", "PASSPORT"),
    ("passport_singapore", "PASSPORT"),
    ("eu_passport_generic", "PASSPORT"),
    ("nl_bsn_contextual", "NL_BSN"),
    ("br_cpf", "BR_CPF"),
    ("br_cpf_unformatted", "BR_CPF"),
    ("br_phone_landline", "PHONE_NUMBER"),
    ("br_phone_mobile", "PHONE_NUMBER"),
    ("br_cep", "ZIP_CODE"),
    ("br_cnpj", "BR_CNPJ"),
    ("br_rg", "ID_NUMBER"),
    ("au_tfn", "AU_TFN"),
    ("au_abn", "AU_ABN"),
    ("au_medicare", "AU_MEDICARE"),
    ("iban", "IBAN_CODE"),
    ("eu_iban_enhanced", "IBAN_CODE"),
    ("fr_nir", "FR_NIR"),
    ("fr_phone", "PHONE_NUMBER"),
    ("eu_vat", "VAT_ID"),
    ("fr_postal_code", "ZIP_CODE"),
    ("street_address", "LOCATION"),
    ("uae_emirates_id", "ID_NUMBER"),
    ("uae_phone", "PHONE_NUMBER"),
    ("sg_nric", "SG_NRIC_FIN"),
    ("sg_phone", "PHONE_NUMBER"),
    ("sg_postal_code", "ZIP_CODE"),
    ("sg_uen", "SG_UEN"),
    ("sg_bank_account", "US_BANK_NUMBER"),
    ("ca_sin", "CA_SIN"),
    ("ca_ohip", "CA_HEALTH_CARD"),
    ("ca_on_drivers_licence", "US_DRIVER_LICENSE"),
    ("ca_bank_account", "US_BANK_NUMBER"),
    ("ca_postal_code", "ZIP_CODE"),
];

/// Our type for a prebuilt pattern of LiteLLM's content filter, among `known`.
pub(super) fn of_content_filter(name: &str, known: &[String]) -> Option<String> {
    let twin = CONTENT_FILTER.iter().find(|(theirs, _)| *theirs == name)?.1;
    known.iter().find(|one| *one == twin).cloned()
}

/// Whether a class of Presidio's looks for names with a model.
pub(super) fn is_model(class: &str) -> bool {
    matches!(
        class,
        "SpacyRecognizer"
            | "StanzaRecognizer"
            | "TransformersRecognizer"
            | "GLiNERRecognizer"
            | "HuggingFaceNerRecognizer"
    )
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
        "SgFinRecognizer" => "SG_NRIC_FIN",
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

#[cfg(test)]
mod tests {
    use super::{CONTENT_FILTER, of_content_filter};
    use crate::foreign::Form;
    use crate::foreign::draft::Draft;

    #[test]
    fn each_twin_of_the_content_filter_is_found_here() {
        let known = Draft::named("a", Form::Litellm).known;
        for (theirs, ours) in CONTENT_FILTER {
            assert_eq!(
                of_content_filter(theirs, &known).as_deref(),
                Some(ours),
                "{theirs}"
            );
        }
    }
}
