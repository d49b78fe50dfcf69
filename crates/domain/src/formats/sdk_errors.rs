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
