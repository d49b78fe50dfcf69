//! Which lines of a file of certificates are kept.

use super::*;

#[test]
fn of_a_file_the_certificates_are_kept_and_nothing_else() {
    let one = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let file = format!("subject=x\r\n{one}between\n{one}");
    assert_eq!(
        certificates(file.as_bytes()).unwrap(),
        format!("{one}{one}")
    );
    for wrong in [
        "",
        "-----BEGIN CERTIFICATE-----\nAAAA",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
    ] {
        assert!(certificates(wrong.as_bytes()).is_err(), "{wrong}");
    }
}
