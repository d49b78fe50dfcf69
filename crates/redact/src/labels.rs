//! What the labels of a corpus mean: which entity type each of them is.
//!
//! In: a label as the corpus writes it, the entity types that a policy finds, and what somebody
//! told. Out: the entity type. A label that nobody knows stays what it is, and counts as missed.
//! Not here: counting (`evaluate`), reading corpora.

use std::collections::BTreeMap;

use crate::names::tags::KINDS;
use crate::policy::Policy;
use crate::recognizers::Category;

/// What a label is taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meaning {
    /// `None` where it was told to leave it out.
    pub entity_type: Option<String>,
    pub how: How,
    /// Whether something of the policy finds that type.
    pub is_found: bool,
}

/// How a label got its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// It is an entity type.
    Same,
    /// It was told.
    Told,
    /// By the table of synonyms.
    Synonym,
    /// Nobody knows it.
    Unknown,
}

impl How {
    /// The word in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Told => "told",
            Self::Synonym => "synonym",
            Self::Unknown => "unknown",
        }
    }
}

/// The entity types of a policy, and what labels were told to mean.
#[derive(Debug, Clone, Default)]
pub struct Labels {
    known: BTreeMap<String, Category>,
    told: BTreeMap<String, Option<String>>,
}

/// Entity types, and what corpora call them: CoNLL-2003, OntoNotes, WNUT, i2b2, MEDDOCAN,
/// Presidio's research sets, ai4privacy, Amazon Comprehend, Google Sensitive Data Protection.
pub const SYNONYMS: &[(&str, &[&str])] = &[
    (
        "PERSON",
        &[
            "PER",
            "NAME",
            "FULLNAME",
            "FULL_NAME",
            "PERSON_NAME",
            "GIVENNAME",
            "GIVEN_NAME",
            "FIRSTNAME",
            "FIRST_NAME",
            "MIDDLENAME",
            "MIDDLE_NAME",
            "SURNAME",
            "LASTNAME",
            "LAST_NAME",
            "PATIENT",
            "PATIENT_NAME",
            "DOCTOR",
            "DOCTOR_NAME",
            "NAME_STUDENT",
            "NOMBRE_SUJETO_ASISTENCIA",
            "NOMBRE_PERSONAL_SANITARIO",
        ],
    ),
    (
        "LOCATION",
        &[
            "LOC",
            "GPE",
            "FAC",
            "PLACE",
            "CITY",
            "STATE",
            "COUNTY",
            "COUNTRY",
            "REGION",
            "ADDRESS",
            "STREET",
            "STREET_ADDRESS",
            "STREETADDRESS",
            "BUILDINGNUM",
            "BUILDINGNUMBER",
            "SECONDARYADDRESS",
            "CALLE",
            "TERRITORIO",
            "PAIS",
            "GEO_LOC",
        ],
    ),
    (
        "ORGANIZATION",
        &[
            "ORG",
            "ORGANISATION",
            "COMPANY",
            "COMPANYNAME",
            "COMPANY_NAME",
            "CORPORATION",
            "HOSPITAL",
            "INSTITUCION",
            "CENTRO_SALUD",
            "ORGANIZATION_NAME",
        ],
    ),
    (
        "DATE_TIME",
        &["DATE", "DATETIME", "TIME", "FECHAS", "TEMPORAL"],
    ),
    (
        "DATE_OF_BIRTH",
        &["DOB", "DATEOFBIRTH", "BIRTHDATE", "BIRTH_DATE", "BIRTHDAY"],
    ),
    ("AGE", &["EDAD_SUJETO_ASISTENCIA"]),
    (
        "EMAIL_ADDRESS",
        &["EMAIL", "E_MAIL", "EMAILADDRESS", "CORREO_ELECTRONICO"],
    ),
    (
        "PHONE_NUMBER",
        &[
            "PHONE",
            "PHONENUMBER",
            "PHONEIMEI_NUMBER",
            "TELEPHONE",
            "TELEPHONENUM",
            "TELEPHONE_NUMBER",
            "TEL",
            "MOBILE",
            "MOBILE_NUMBER",
            "FAX",
            "FAX_NUMBER",
            "NUMERO_TELEFONO",
            "NUMERO_FAX",
        ],
    ),
    ("URL", &["DOMAIN", "DOMAIN_NAME", "WEBSITE", "URL_PERSONAL"]),
    ("IP_ADDRESS", &["IP", "IPV4", "IPV6", "IPADDRESS"]),
    ("MAC_ADDRESS", &["MAC", "MACADDRESS"]),
    (
        "USERNAME",
        &["USER", "USER_NAME", "USERID", "USER_ID", "LOGIN"],
    ),
    ("IMEI", &["PHONEIMEI"]),
    (
        "CREDIT_CARD",
        &[
            "CREDITCARD",
            "CREDITCARDNUMBER",
            "CREDIT_CARD_NUMBER",
            "CREDIT_DEBIT_NUMBER",
            "CREDIT_DEBIT_CARD_NUMBER",
            "CARD_NUMBER",
        ],
    ),
    (
        "CARD_CODE",
        &[
            "CVV",
            "CVC",
            "CREDITCARDCVV",
            "CREDIT_DEBIT_CVV",
            "CREDIT_DEBIT_CARD_CVV",
        ],
    ),
    (
        "CARD_EXPIRY",
        &[
            "CREDIT_DEBIT_EXPIRY",
            "CREDIT_DEBIT_CARD_EXPIRY",
            "EXPIRY_DATE",
        ],
    ),
    ("IBAN_CODE", &["IBAN", "INTERNATIONAL_BANK_ACCOUNT_NUMBER"]),
    ("SWIFT_CODE", &["SWIFT", "BIC", "BIC_CODE"]),
    (
        "US_BANK_NUMBER",
        &[
            "ACCOUNTNUM",
            "ACCOUNTNUMBER",
            "ACCOUNT_NUMBER",
            "BANK_ACCOUNT",
            "BANK_ACCOUNT_NUM",
            "BANK_ACCOUNT_NUMBER",
        ],
    ),
    (
        "US_BANK_ROUTING",
        &["ROUTING_NUMBER", "BANK_ROUTING", "ABA_ROUTING_NUMBER"],
    ),
    (
        "CRYPTO",
        &[
            "CRYPTO_WALLET",
            "BITCOINADDRESS",
            "ETHEREUMADDRESS",
            "LITECOINADDRESS",
        ],
    ),
    ("US_SSN", &["SSN", "SOCIALNUM", "SOCIAL_SECURITY_NUMBER"]),
    ("US_ITIN", &["US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER"]),
    ("TAX_ID", &["TAXNUM", "TAXID", "TAX_NUMBER", "TIN"]),
    (
        "PASSPORT",
        &[
            "PASSPORTNUM",
            "PASSPORT_NUM",
            "PASSPORT_NUMBER",
            "US_PASSPORT",
        ],
    ),
    (
        "US_DRIVER_LICENSE",
        &[
            "DRIVERLICENSE",
            "DRIVERLICENSENUM",
            "DRIVER_LICENSE",
            "DRIVER_LICENSE_NUM",
            "DRIVERS_LICENSE",
            "DRIVER_ID",
        ],
    ),
    (
        "LICENSE_PLATE",
        &["VEHICLEVRM", "PLATE", "VEHICLE_REGISTRATION"],
    ),
    ("VIN", &["VEHICLEVIN", "VEHICLE_IDENTIFICATION_NUMBER"]),
    ("IN_AADHAAR", &["AADHAAR", "AADHAR"]),
    ("IN_PAN", &["PAN"]),
    ("IN_VOTER", &["VOTER_ID"]),
    (
        "ID_NUMBER",
        &[
            "ID",
            "IDCARDNUM",
            "ID_NUM",
            "IDNUM",
            "NATIONAL_ID",
            "ID_CARD",
            "IDENTITY_CARD",
        ],
    ),
    ("UK_NHS", &["UK_NATIONAL_HEALTH_SERVICE_NUMBER", "NHS"]),
    ("UK_NINO", &["UK_NATIONAL_INSURANCE_NUMBER", "NINO"]),
    (
        "MEDICAL_RECORD_NUMBER",
        &[
            "MEDICALRECORD",
            "MEDICAL_RECORD",
            "MRN",
            "PATIENT_ID",
            "ID_SUJETO_ASISTENCIA",
        ],
    ),
    (
        "INSURANCE_NUMBER",
        &["HEALTHPLAN", "INSURANCE_ID", "ID_ASEGURAMIENTO"],
    ),
    ("MEDICAL_LICENSE", &["ID_TITULACION_PERSONAL_SANITARIO"]),
    (
        "ZIP_CODE",
        &["ZIP", "ZIPCODE", "POSTAL_CODE", "POSTALCODE", "POSTCODE"],
    ),
    ("PASSWORD", &["PASS", "PASSWD"]),
    (
        "SECRET",
        &[
            "API_KEY",
            "APIKEY",
            "TOKEN",
            "CREDENTIAL",
            "CREDENTIALS",
            "ACCESS_TOKEN",
        ],
    ),
];

/// Types that a wide label stands for as well, where a narrower type was found.
const WIDE: &[(&str, &[&str])] = &[
    (
        "LOCATION",
        &["ZIP_CODE", "UK_POSTCODE", "ADDRESS", "STREET_ADDRESS"],
    ),
    ("DATE_TIME", &["DATE_OF_BIRTH"]),
    ("ZIP_CODE", &["UK_POSTCODE"]),
    (
        "LICENSE_PLATE",
        &[
            "UK_VEHICLE_REGISTRATION",
            "IN_VEHICLE_REGISTRATION",
            "NG_VEHICLE_REGISTRATION",
            "TR_LICENSE_PLATE",
        ],
    ),
    (
        "US_DRIVER_LICENSE",
        &["UK_DRIVING_LICENCE", "KR_DRIVER_LICENSE"],
    ),
];

impl Labels {
    /// The labels for a policy; `told` maps a label to a type, or to `-` to leave it out.
    pub fn new(policy: &Policy, told: &[(String, String)]) -> Self {
        let mut known: BTreeMap<String, Category> = policy
            .recognizers()
            .iter()
            .map(|recognizer| {
                let source = &recognizer.source;
                (source.entity_type.clone(), source.category)
            })
            .collect();
        for entity_type in policy.deny_types() {
            known
                .entry(entity_type.to_owned())
                .or_insert(Category::Custom);
        }
        if policy.names != crate::names::Level::Off {
            for kind in KINDS {
                known
                    .entry(kind.entity_type().to_owned())
                    .or_insert(Category::Person);
            }
        }
        let told = told
            .iter()
            .map(|(label, meant)| {
                let meant = (meant != "-").then(|| spelt(meant));
                (spelt(label), meant)
            })
            .collect();
        Self { known, told }
    }

    /// What a label of a corpus means.
    pub fn meaning(&self, label: &str) -> Meaning {
        let label = spelt(label);
        let (entity_type, how) = if let Some(told) = self.told.get(&label) {
            (told.clone(), How::Told)
        } else if self.known.contains_key(&label) {
            (Some(label), How::Same)
        } else {
            let synonym = SYNONYMS.iter().find(|(entity_type, labels)| {
                *entity_type == label || labels.contains(&label.as_str())
            });
            match synonym {
                Some((entity_type, _)) if *entity_type == label => (Some(label), How::Same),
                Some((entity_type, _)) => (Some((*entity_type).to_owned()), How::Synonym),
                None => (Some(label), How::Unknown),
            }
        };
        let is_found = entity_type.as_deref().is_some_and(|entity_type| {
            self.known.contains_key(entity_type)
                || self.known.keys().any(|known| self.same(entity_type, known))
        });
        Meaning {
            entity_type,
            how,
            is_found,
        }
    }

    /// Whether a finding of type `found` is what `labelled` asks for: the same type, or a narrower
    /// one. `SECRET` stands for every secret, `ID_NUMBER` for every number that a State gives.
    pub fn same(&self, labelled: &str, found: &str) -> bool {
        if labelled == found {
            return true;
        }
        let category = || self.known.get(found).copied();
        match labelled {
            "SECRET" => category() == Some(Category::Secret),
            "ID_NUMBER" => category() == Some(Category::Govid),
            _ => WIDE
                .iter()
                .any(|(wide, narrow)| *wide == labelled && narrow.contains(&found)),
        }
    }

    /// Whether a type belongs to one of `only`; any does where that is empty.
    pub fn is_among(&self, entity_type: &str, only: &[String]) -> bool {
        only.is_empty() || only.iter().any(|wanted| self.same(wanted, entity_type))
    }
}

/// The spelling of entity types: capitals, and `_` between words.
pub fn spelt(label: &str) -> String {
    label
        .trim()
        .chars()
        .map(|character| match character {
            '-' | ' ' | '.' => '_',
            other => other.to_ascii_uppercase(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(told: &[(&str, &str)]) -> Labels {
        let told: Vec<(String, String)> = told
            .iter()
            .map(|(label, meant)| ((*label).to_owned(), (*meant).to_owned()))
            .collect();
        Labels::new(&Policy::parse(crate::policy::DEFAULT).unwrap(), &told)
    }

    #[test]
    fn labels_of_other_corpora_are_understood_and_unknown_ones_stay() {
        let labels = labels(&[("nick", "person"), ("Job", "-")]);
        let check = |label: &str, entity_type: Option<&str>, how: How| {
            let meaning = labels.meaning(label);
            assert_eq!(
                (meaning.entity_type.as_deref(), meaning.how),
                (entity_type, how),
                "{label}"
            );
        };
        check("EMAIL_ADDRESS", Some("EMAIL_ADDRESS"), How::Same);
        check("per", Some("PERSON"), How::Synonym);
        check("geo-loc", Some("LOCATION"), How::Synonym);
        check("nick", Some("PERSON"), How::Told);
        check("job", None, How::Told);
        check("creative-work", Some("CREATIVE_WORK"), How::Unknown);
        assert!(!labels.meaning("creative-work").is_found);
        assert!(labels.meaning("SECRET").is_found);
        assert!(labels.same("SECRET", "PASSWORD") && !labels.same("PASSWORD", "SECRET"));
    }

    #[test]
    fn no_label_has_two_meanings() {
        let mut all: Vec<&str> = SYNONYMS
            .iter()
            .flat_map(|(_, labels)| labels.iter().copied())
            .collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
