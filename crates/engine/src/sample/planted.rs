//! What is planted in the sample, exactly: the numbers that the checks must answer.
//!
//! They are the same however many calls the sample has; more calls only add ordinary ones. The
//! tests of `sample` hold the findings against them. Not here: how a planted call is written.

/// Calls of the sample where nobody says otherwise.
pub const CALLS: u64 = 12_000;
/// The fewest calls among which the planted ones stay the exception: below, so many calls of unknown
/// cost would hide what the spending check answers.
pub const MIN_CALLS: u64 = 8_000;

/// Bedrock calls through a `global.` profile that ran in the United States or Japan.
pub const RAN_OUTSIDE: u64 = 37;
/// Bedrock calls through a `global.` profile whose log names no Region, and of which CloudTrail says
/// that they ran in the United States.
pub const RAN_OUTSIDE_BY_TRAIL: u64 = 6;
/// Bedrock calls of a contractor, sent to `us-east-1` and run there.
pub const SENT_OUTSIDE: u64 = 14;
/// Bedrock calls through a `global.` profile that ran inside the Union.
pub const GLOBAL_INSIDE: u64 = 23;
/// Bedrock calls through an `eu.` profile whose log names no Region that they ran in.
pub const PLACE_UNKNOWN: u64 = 58;
/// Bedrock calls that were throttled in the storm of one morning; these name no Region either.
pub const STORM: u64 = 180;
/// The day of the storm: 14 October 2026, counted from 0.
pub const STORM_DAY: usize = 43;
/// Bedrock calls in the Region whose log is written without text.
pub const WITHOUT_TEXT: u64 = 420;
/// Bedrock calls in the Region where logging is off; only CloudTrail saw them.
pub const UNLOGGED: u64 = 96;
/// Bedrock calls whose two sources disagree on the Region that they ran in.
pub const DISAGREEING: u64 = 1;
/// Days that the Bedrock log group keeps its events; the definition asks for 183.
pub const LOG_RETENTION_DAYS: u32 = 14;

/// Bedrock calls with personal data in the prompt alone, in a tool's input alone, and in both.
pub const CLAIMS_PROMPT: u64 = 61;
pub const CLAIMS_TOOL_INPUT: u64 = 28;
pub const CLAIMS_BOTH: u64 = 12;
/// Bedrock calls with personal data in the answer alone, beside a key in the prompt: no personal
/// data in a prompt.
pub const CLAIMS_SECRET: u64 = 9;
/// Vertex AI calls with personal data in the prompt.
pub const UNDERWRITING_PROMPT: u64 = 47;
/// Calls to the private endpoint with a key, a token or a password in them.
pub const SUPPORT_SECRET: u64 = 21;

/// Claude API calls to a Covered Model, which breaks the zero retention relied on.
pub const COVERED_MODEL: u64 = 44;
/// Claude API calls to a model that is retired.
pub const RETIRED_MODEL: u64 = 12;
/// Claude API calls whose log has a beginning and no end.
pub const NO_OUTCOME: u64 = 9;
/// Percent by which the Claude API deployment's spending rises from September to October.
pub const SPEND_RISE_PERCENT: i64 = 40;
/// Days, counted from 0, on which a key that no application logs used the Claude API; Anthropic's
/// usage report counts its tokens.
pub const BILLED_DAYS: [usize; 3] = [38, 39, 42];
/// Tokens of each of these days: input that was not cached, and output.
pub const BILLED_TOKENS: (u64, u64) = (1_250_000, 84_000);
/// Lines of the Claude API log that are broken.
pub const BROKEN_LINES: u64 = 7;

/// The day, counted from 0, on which CloudTrail's files of some hours are missing: 8 October 2026.
pub const UNTRAILED_DAY: usize = 37;
/// These hours, UTC: from the first, before the last.
pub const UNTRAILED_HOURS: (i64, i64) = (9, 12);
/// The day, counted from 0, on which the gateway of support logged a placeholder instead of text.
pub const PLACEHOLDER_DAY: usize = 50;

/// Events of CloudTrail that are no model calls.
pub const CLOUDTRAIL_ACTIVITIES: u64 = 46;
/// Activities of Anthropic's Compliance feed.
pub const COMPLIANCE_ACTIVITIES: u64 = 128;
