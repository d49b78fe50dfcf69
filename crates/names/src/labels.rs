//! What a model's labels mean here: persons, places and organizations, or nothing.
//!
//! In: `id2label` of `config.json`, with the prefixes of BIO, BIOES and BILOU or without. Out: for each
//! number of the model what it says of a word. Labels that mean nothing here are kept by name, so that
//! they can be shown.

use assay_redact::names::tags::Kind;
use serde_json::Value;

use crate::model::{Refused, plain};

/// Labels of a model at most.
const MAX_LABELS: usize = 2_000;

/// What one of the model's numbers says of a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// As the model calls it: `B-PER`.
    pub name: String,
    /// The same without its prefix: `PER`.
    pub base: String,
    /// What it means here; `None` for no name and for what is not looked for.
    pub kind: Option<Kind>,
    /// Whether a name begins with this word, whatever stands before it.
    pub begins: bool,
}

const PERSON: &[&str] = &[
    "PER",
    "PERS",
    "PERSON",
    "PERSONNAME",
    "NAME",
    "NAMES",
    "FULLNAME",
    "GIVENNAME",
    "FIRSTNAME",
    "MIDDLENAME",
    "LASTNAME",
    "SURNAME",
    "FAMILYNAME",
    "PATIENT",
    "PATIENTNAME",
    "DOCTOR",
    "HCW",
    "STAFF",
    "NAMESTUDENT",
    "PRIVATEPERSON",
    "PERSONTYPENAME",
];
const LOCATION: &[&str] = &[
    "LOC",
    "LOCATION",
    "PLACE",
    "GPE",
    "FAC",
    "FACILITY",
    "CITY",
    "TOWN",
    "STATE",
    "PROVINCE",
    "REGION",
    "DISTRICT",
    "COUNTY",
    "COUNTRY",
    "STREET",
    "STREETNAME",
    "STREETADDRESS",
    "STREETNUMBER",
    "ADDRESS",
    "SECONDARYADDRESS",
    "SECADDRESS",
    "PRIVATEADDRESS",
    "BUILDING",
    "BUILDINGNUMBER",
    "BUILDINGNUM",
    "ZIP",
    "ZIPCODE",
    "POSTCODE",
    "POSTALCODE",
    "GEO",
];
const ORGANIZATION: &[&str] = &[
    "ORG",
    "ORGANIZATION",
    "ORGANISATION",
    "CORP",
    "CORPORATION",
    "COMPANY",
    "COMPANYNAME",
    "INSTITUTION",
    "HOSPITAL",
    "GROUP",
    "VENDOR",
];

fn kind(base: &str) -> Option<Kind> {
    let spelt: String = base
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_uppercase)
        .collect();
    // Numbered ones are of one sort: `ADDRESS_1`.
    let spelt = spelt.trim_end_matches(|c: char| c.is_ascii_digit());
    let among = |list: &[&str]| list.contains(&spelt);
    if among(PERSON) {
        Some(Kind::Person)
    } else if among(LOCATION) {
        Some(Kind::Location)
    } else if among(ORGANIZATION) {
        Some(Kind::Organization)
    } else {
        None
    }
}

/// A label by its name.
pub fn label(name: &str) -> Label {
    let (prefix, base) = match name.split_once(['-', '_']) {
        Some((prefix, base)) if prefix.len() == 1 && "BIESLUMX".contains(prefix) => (prefix, base),
        _ => match name.rsplit_once('-') {
            // Some write the prefix behind.
            Some((base, prefix)) if prefix.len() == 1 && "BIESLU".contains(prefix) => {
                (prefix, base)
            }
            _ => ("", name),
        },
    };
    Label {
        name: plain(name),
        base: plain(base),
        kind: kind(base),
        begins: matches!(prefix, "B" | "S" | "U"),
    }
}

/// The labels of a `config.json`, by number.
///
/// # Errors
/// [`Refused`] where they are missing or have gaps, or where none of them means a name.
pub fn read(config: &Value) -> Result<Vec<Label>, Refused> {
    let refused = |what: String| Refused::file("config.json", what);
    let Some(map) = config["id2label"].as_object() else {
        return Err(refused(
            "it has no `id2label`, so nobody can tell what the model's numbers mean".to_owned(),
        ));
    };
    if map.is_empty() || map.len() > MAX_LABELS {
        return Err(refused(format!("it has {} labels", map.len())));
    }
    let labels = (0..map.len())
        .map(|number| {
            map.get(&number.to_string())
                .and_then(Value::as_str)
                .map(label)
                .ok_or_else(|| {
                    refused(format!(
                        "its `id2label` has {} labels, and none with the number {number}",
                        map.len()
                    ))
                })
        })
        .collect::<Result<Vec<_>, _>>()?;
    if labels.iter().all(|label| label.kind.is_none()) {
        let some: Vec<&str> = labels.iter().take(6).map(|it| it.name.as_str()).collect();
        return Err(refused(format!(
            "none of its labels means a person, a place or an organization: {}",
            some.join(", ")
        )));
    }
    Ok(labels)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_mean_kinds_in_any_spelling() {
        let check = |name: &str, kind: Option<Kind>, begins: bool| {
            let label = label(name);
            assert_eq!((label.kind, label.begins), (kind, begins), "{name}");
        };
        check("B-PER", Some(Kind::Person), true);
        check("I-per", Some(Kind::Person), false);
        check("U-PERSON", Some(Kind::Person), true);
        check("E-LOC", Some(Kind::Location), false);
        check("B-GIVEN_NAME", Some(Kind::Person), true);
        check("GIVENNAME1", Some(Kind::Person), false);
        check("I-STREET_NAME", Some(Kind::Location), false);
        check("ORG-B", Some(Kind::Organization), true);
        check("O", None, false);
        check("B-EMAIL", None, true);
        check("LABEL_0", None, false);
    }
}
