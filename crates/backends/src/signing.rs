//! AWS Signature Version 4 for Bedrock, by the `aws-sigv4` crate.
//!
//! In: method, URL, headers, body, credentials, time. Out: the headers to add. Not here: sending.

use std::time::SystemTime;

use aws_credential_types::Credentials as AwsCredentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4::SigningParams;

/// The request that is signed.
pub struct Unsigned<'a> {
    pub method: &'a str,
    pub url: &'a str,
    pub headers: &'a [(&'a str, &'a str)],
    pub body: &'a [u8],
}

/// Whose signature.
pub struct Signer<'a> {
    pub access_key: &'a str,
    pub secret_key: &'a str,
    pub session_token: Option<&'a str>,
    pub region: &'a str,
    pub service: &'a str,
}

/// Returns the headers that sign the request.
///
/// # Errors
/// What can't be signed, without any of the credentials.
pub fn signature(
    request: &Unsigned<'_>,
    signer: &Signer<'_>,
    at: SystemTime,
) -> Result<Vec<(String, String)>, String> {
    let credentials = AwsCredentials::new(
        signer.access_key,
        signer.secret_key,
        signer.session_token.map(str::to_owned),
        None,
        "assay",
    );
    let identity = credentials.into();
    let params = SigningParams::builder()
        .identity(&identity)
        .region(signer.region)
        .name(signer.service)
        .time(at)
        .settings(SigningSettings::default())
        .build()
        .map_err(|_| "the request can't be signed: a part is missing".to_owned())?
        .into();
    let signable = SignableRequest::new(
        request.method,
        request.url,
        request.headers.iter().copied(),
        SignableBody::Bytes(request.body),
    )
    .map_err(|_| "the request can't be signed: its URL or headers are not plain".to_owned())?;
    let (instructions, _) = sign(signable, &params)
        .map_err(|_| "the request can't be signed".to_owned())?
        .into_parts();
    Ok(instructions
        .headers()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// AWS's published example `get-vanilla` of the Signature Version 4 test suite.
    #[test]
    fn the_published_example_is_reproduced() {
        let request = Unsigned {
            method: "GET",
            url: "https://example.amazonaws.com/",
            headers: &[("host", "example.amazonaws.com")],
            body: b"",
        };
        let signer = Signer {
            access_key: "AKIDEXAMPLE",
            secret_key: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
            session_token: None,
            region: "us-east-1",
            service: "service",
        };
        let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_440_938_160);
        let headers = signature(&request, &signer, at).unwrap();
        let authorization = &headers
            .iter()
            .find(|(name, _)| name == "authorization")
            .unwrap()
            .1;
        assert!(
            authorization.ends_with(
                "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
            ),
            "{authorization}"
        );
    }
}
