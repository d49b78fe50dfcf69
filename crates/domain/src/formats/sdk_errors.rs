//! What clients of the Claude API say in the message of an error: the status, the request's id and the error's type.
//!
//! In: a message as Anthropic's packages for Python and for Node write it, or a program that passes it on. Out: what
//! it tells. Not here: which records hold one.

use crate::formats::audited_client;

/// What a message tells of a failed call.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) http_status: Option<u16>,
    /// `req_…`, by which another record of the same call is found: a failed answer has no other id.
    pub(super) request_id: Option<String>,
    /// The same of Amazon Bedrock, where the message holds all of boto3's error.
    pub(super) aws_request_id: Option<String>,
    pub(super) error_type: Option<String>,
}

/// Reads a message.
///
/// Source: what anthropic 2.14.0 (Python) and 1.14.0 (Node) write: `Error code: 429 - {'type': …}` and
/// `429 {"type":…}`; what pydantic-ai-slim 2.68.0 makes of it and of boto3's error.
pub(super) fn told(message: &str) -> Told {
    // One is written as Python writes it, the other as JSON.
    let body = message.find('{').map_or("", |at| &message[at..]);
    let bare = body.replace(['"', '\'', ' '], "");
    let behind = |mark: &str| {
        let (_, rest) = bare.split_once(mark)?;
        let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        let word = rest.split(|c: char| !is_word(c)).next()?;
        (!word.is_empty() && word.len() < 100).then(|| word.to_owned())
    };
    Told {
        http_status: audited_client::http_status(message)
            .or_else(|| leading_status(message))
            .or_else(|| named_status(message)),
        request_id: behind("request_id:").filter(|id| id.starts_with("req_")),
        aws_request_id: behind("ResponseMetadata:{RequestId:").filter(|id| id.len() == 36),
        error_type: behind("error:{type:").or_else(|| behind(",Code:")),
    }
}

/// The status that stands right before the body, behind the error's class where that is told.
fn leading_status(message: &str) -> Option<u16> {
    let (before, _) = message.split_once(" {")?;
    let digits = before.rsplit_once(' ').map_or(before, |(_, last)| last);
    let status = digits.parse().ok()?;
    (digits.len() == 3 && (100..600).contains(&status)).then_some(status)
}

/// The status that Pydantic AI writes before the body.
fn named_status(message: &str) -> Option<u16> {
    let digits = message.split_once("status_code: ")?.1.get(..3)?;
    let status = digits.parse().ok()?;
    (100..600).contains(&status).then_some(status)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_of_each_client_tell_the_same() {
        let of = |http_status: Option<u16>| Told {
            http_status,
            request_id: Some("req_011A".to_owned()),
            error_type: Some("rate_limit_error".to_owned()),
            aws_request_id: None,
        };
        let json = r#"{"type":"error","error":{"type":"rate_limit_error","message":"no"},"request_id":"req_011A"}"#;
        assert_eq!(told(&format!("429 {json}")), of(Some(429)));
        assert_eq!(told(&format!("Error: 429 {json}")), of(Some(429)));
        let python = "Error code: 429 - {'type': 'error', 'error': {'type': 'rate_limit_error', 'message': 'no'}, 'request_id': 'req_011A'}";
        assert_eq!(told(python), of(Some(429)));
        let passed_on = format!("litellm.RateLimitError: AnthropicException - {json}");
        assert_eq!(told(&passed_on), of(None));
        let framework = "ModelRequestRejectedError: status_code: 429, model_name: claude-haiku-4-5, body: {'type': 'error', 'error': {'type': 'rate_limit_error', 'message': 'no'}, 'request_id': 'req_011A'}";
        assert_eq!(told(framework), of(Some(429)));
        let id = "1c2d3e4f-0000-4000-8000-00000000000a";
        let on_bedrock = format!(
            "E: status_code: 400, model_name: m, body: {{'Error': {{'Message': 'bad', 'Code': 'ValidationException'}}, 'ResponseMetadata': {{'RequestId': '{id}', 'HTTPStatusCode': 400}}}}"
        );
        let expected = Told {
            http_status: Some(400),
            request_id: None,
            aws_request_id: Some(id.to_owned()),
            error_type: Some("ValidationException".to_owned()),
        };
        assert_eq!(told(&on_bedrock), expected);
        for other in [
            "",
            "no",
            "Request timed out.",
            "{",
            "1234 {}",
            "42 {\"request_id\": null}",
            "See issue 429 there",
        ] {
            assert_eq!(told(other), Told::default(), "{other}");
        }
    }
}
