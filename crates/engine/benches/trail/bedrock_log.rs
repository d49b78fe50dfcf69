//! Invented Bedrock invocation logs of any length, record by record, the same every time.
//!
//! In: a number. Out: one line of the log: 1 to 4 kB, about 2.2 kB in the middle, of four
//! operations, with tools, caches, streams, errors and bodies that were not delivered; each question
//! names a claim that no other does. Not here: writing files, measuring.

use std::fmt::Write;

/// 2026-08-01T00:00:00Z: the first of a million calls.
const FIRST_MS: i64 = 1_785_542_400_000;
/// Milliseconds from a call to the next: a million of them take 90 days. A longer log begins
/// earlier, since no record is of a time to come.
const APART_MS: u64 = 7_776;
const MILLION: u64 = 1_000_000;

const WORDS: &str = "the policy renewal of claim under review was sent to adjuster with premium for damage \
    water vehicle invoice customer account number date please summarise following document and list every \
    open question in order importance before Friday coverage excess liability report attached photo shows \
    roof kitchen repair estimate contractor approved amount euro because weather storm region office team \
    manager answer clear short sentence table column risk score history payment late letter draft reply \
    polite formal German French English translate explain contract clause exclusion period notice legal \
    department question about terms data protection request deletion export record audit trail evidence \
    model answer found nothing similar case last year compare result average median total increase";

const SONNET: &str = "eu.anthropic.claude-sonnet-4-5-20250929-v1:0";
const HAIKU: &str = "eu.anthropic.claude-haiku-4-5-20251001-v1:0";

/// An application: account, Region, the models that it asks, where they ran.
struct App {
    account: &'static str,
    region: &'static str,
    models: [&'static str; 2],
    served: &'static [&'static str],
}

const EU: &[&str] = &["eu-west-1", "eu-central-1", "eu-west-3", "eu-north-1"];

const APPS: [App; 6] = [
    App {
        account: "111122223333",
        region: "eu-west-1",
        models: [SONNET, HAIKU],
        served: EU,
    },
    App {
        account: "111122223333",
        region: "eu-central-1",
        models: [SONNET, "anthropic.claude-3-haiku-20240307-v1:0"],
        served: EU,
    },
    App {
        account: "222233334444",
        region: "eu-west-1",
        models: [HAIKU, "eu.anthropic.claude-opus-4-5-20251101-v1:0"],
        served: EU,
    },
    App {
        account: "222233334444",
        region: "us-east-1",
        models: [
            "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
            "anthropic.claude-3-5-sonnet-20240620-v1:0",
        ],
        served: &["us-east-1", "us-west-2"],
    },
    App {
        account: "333344445555",
        region: "eu-north-1",
        models: ["global.anthropic.claude-sonnet-4-5-20250929-v1:0", HAIKU],
        served: &["eu-north-1", "us-east-1", "ap-northeast-1"],
    },
    App {
        account: "333344445555",
        region: "eu-west-1",
        models: [
            "arn:aws:bedrock:eu-west-1:333344445555:inference-profile/eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
            HAIKU,
        ],
        served: EU,
    },
];

/// Numbers that look random and are the same in every run (SplitMix64).
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[usize::try_from(self.below(all.len() as u64)).unwrap_or(0)]
    }
}

/// Writes records.
pub(crate) struct Log {
    words: Vec<&'static str>,
    /// By how much texts are shorter than they would be.
    shortened: u64,
    first_ms: i64,
    /// Whether texts name people, their addresses, cards and keys.
    is_personal: bool,
}

impl Log {
    /// A log of nobody, of `calls` calls.
    pub(crate) fn new(calls: u64) -> Self {
        let earlier = calls.max(MILLION).div_ceil(MILLION) - 1;
        Self {
            first_ms: FIRST_MS - i64::try_from(earlier * MILLION * APART_MS).unwrap_or(0),
            words: WORDS.split_whitespace().collect(),
            shortened: 1,
            is_personal: false,
        }
    }

    /// The same with something personal or secret about every 400 bytes.
    pub(crate) fn personal(calls: u64) -> Self {
        Self {
            is_personal: true,
            ..Self::new(calls)
        }
    }

    /// The same with texts of a twelfth of their length, for many calls in little room.
    pub(crate) fn short(calls: u64) -> Self {
        Self {
            shortened: 12,
            ..Self::new(calls)
        }
    }

    fn text(&self, draw: &mut Draw, length: u64, out: &mut String) {
        let end = out.len() + usize::try_from(length).unwrap_or(0);
        while out.len() < end {
            if self.is_personal && draw.below(60) == 0 {
                personal(draw, out);
            }
            out.push_str(draw.of(&self.words));
            out.push_str(match draw.below(24) {
                0 => ". ",
                1 => ", ",
                2 => "\\n",
                _ => " ",
            });
        }
    }

    /// A question: it names a claim of its own, and one in ten thousand an earthquake.
    fn asked(&self, number: u64, draw: &mut Draw, length: u64, out: &mut String) {
        self.text(draw, length, out);
        let _ = write!(out, "claim K{number:08}");
        if number % 10_000 == 7 {
            out.push_str(" after the earthquake");
        }
    }

    /// Appends record `number` and a newline to `out`.
    pub(crate) fn record(&self, number: u64, out: &mut String) {
        let mut draw = Draw(number.wrapping_mul(0xA076_1D64_78BD_642F));
        let draw = &mut draw;
        // A log is nearly in order: batches of a minute arrive as they come.
        let at = self.first_ms / 1_000
            + i64::try_from((number * APART_MS + draw.below(60_000)) / 1_000).unwrap_or(0);
        let time = assay_domain::moment::rfc3339(at * 1_000).replace(".000Z", "Z");
        let app = &APPS[usize::try_from(draw.below(APPS.len() as u64)).unwrap_or(0)];
        let (account, region) = (app.account, app.region);
        let model = app.models[usize::from(draw.below(3) == 0)];
        let operation = [
            "InvokeModel",
            "InvokeModelWithResponseStream",
            "Converse",
            "ConverseStream",
        ][usize::try_from(draw.below(4)).unwrap_or(0)];
        let (a, b) = (draw.next(), draw.next());
        let person = draw.below(400);
        let _ = write!(
            out,
            "{{\"schemaType\":\"ModelInvocationLog\",\"schemaVersion\":\"1.0\",\"timestamp\":\"{time}\",\
             \"accountId\":\"{account}\",\"identity\":{{\"arn\":\"arn:aws:sts::{account}:assumed-role/claims-app/user-{person}\"}},\
             \"region\":\"{region}\",\"requestId\":\"{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}\",\"operation\":\"{operation}\",\"modelId\":\"{model}\"",
            a >> 32,
            a >> 16 & 0xffff,
            a & 0xfff,
            b >> 52,
            b & 0xffff_ffff_ffff,
        );
        if !model.starts_with("anthropic.") && draw.below(10) < 7 {
            let _ = write!(out, ",\"inferenceRegion\":\"{}\"", draw.of(app.served));
        }
        if draw.below(5) == 0 {
            let _ = write!(
                out,
                ",\"requestMetadata\":{{\"classification\":\"{}\",\"team\":\"team-{}\"}}",
                draw.of(&["internal", "confidential", "public"]),
                draw.below(12)
            );
        }
        match draw.below(100) {
            0..3 => {
                let error = draw.of(&[
                    "ThrottlingException",
                    "ValidationException",
                    "ModelTimeoutException",
                ]);
                let _ = writeln!(
                    out,
                    ",\"errorCode\":\"{error}\",\"input\":{{}},\"output\":{{}}}}"
                );
            }
            3..6 => {
                let (input, output) = (draw.below(4_000), draw.below(900));
                let _ = writeln!(
                    out,
                    ",\"input\":{{\"inputTokenCount\":{input}}},\"output\":{{\"outputTokenCount\":{output}}}}}"
                );
            }
            _ => self.bodies(number, operation, draw, out),
        }
    }

    fn bodies(&self, number: u64, operation: &str, draw: &mut Draw, out: &mut String) {
        let asked = (200 + draw.below(1_000) + draw.below(800)) / self.shortened;
        let answered = (120 + draw.below(900)) / self.shortened;
        let (input, output) = (asked / 4 + 20, answered / 4 + 3);
        let cached = if draw.below(4) == 0 {
            draw.below(3_000)
        } else {
            0
        };
        let converse = operation.starts_with("Converse");
        out.push_str(",\"input\":{\"inputContentType\":\"application/json\",\"inputBodyJson\":{");
        if converse {
            out.push_str("\"system\":[{\"text\":\"You answer for the claims team of an insurer.\"}],\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"");
            self.asked(number, draw, asked, out);
            out.push_str("\"}]}],\"inferenceConfig\":{\"maxTokens\":1024,\"temperature\":0.2}");
            if draw.below(8) == 0 {
                out.push_str(",\"toolConfig\":{\"tools\":[{\"toolSpec\":{\"name\":\"find_claim\",\"description\":\"Finds a claim\",\"inputSchema\":{\"json\":{\"type\":\"object\"}}}}]}");
            }
        } else {
            out.push_str("\"anthropic_version\":\"bedrock-2023-05-31\",\"max_tokens\":1024,\"system\":\"You answer for the claims team of an insurer.\",\"messages\":[{\"role\":\"user\",\"content\":\"");
            self.asked(number, draw, asked, out);
            out.push_str("\"}]");
        }
        let _ = write!(out, "}},\"inputTokenCount\":{input}");
        if cached > 0 {
            let _ = write!(out, ",\"cacheReadInputTokenCount\":{cached}");
        }
        out.push_str(
            "},\"output\":{\"outputContentType\":\"application/json\",\"outputBodyJson\":",
        );
        let stop = draw.of(&["end_turn", "end_turn", "end_turn", "max_tokens", "tool_use"]);
        let id = draw.next();
        let latency = 400 + draw.below(9_000);
        match operation {
            "InvokeModel" => {
                let _ = write!(
                    out,
                    "{{\"id\":\"msg_bdrk_{id:016x}\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-sonnet-4-5-20250929\",\"content\":[{{\"type\":\"text\",\"text\":\""
                );
                self.text(draw, answered, out);
                let _ = write!(
                    out,
                    "\"}}],\"stop_reason\":\"{stop}\",\"stop_sequence\":null,\"usage\":{{\"input_tokens\":{input},\"cache_read_input_tokens\":{cached},\"output_tokens\":{output}}}}}"
                );
            }
            "InvokeModelWithResponseStream" => {
                let _ = write!(
                    out,
                    "[{{\"type\":\"message_start\",\"message\":{{\"id\":\"msg_bdrk_{id:016x}\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-sonnet-4-5-20250929\",\"content\":[],\"usage\":{{\"input_tokens\":{input},\"cache_read_input_tokens\":{cached},\"output_tokens\":1}}}}}},\
                     {{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{{\"type\":\"text\",\"text\":\"\"}}}}"
                );
                for _ in 0..answered / 70 + 1 {
                    out.push_str(",{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"");
                    self.text(draw, 60, out);
                    out.push_str("\"}}");
                }
                let _ = write!(
                    out,
                    ",{{\"type\":\"content_block_stop\",\"index\":0}},{{\"type\":\"message_delta\",\"delta\":{{\"stop_reason\":\"{stop}\"}},\"usage\":{{\"output_tokens\":{output}}}}},\
                     {{\"type\":\"message_stop\",\"amazon-bedrock-invocationMetrics\":{{\"inputTokenCount\":{input},\"outputTokenCount\":{output},\"invocationLatency\":{latency},\"firstByteLatency\":{}}}}}]",
                    latency / 3
                );
            }
            _ => {
                out.push_str(
                    "{\"output\":{\"message\":{\"role\":\"assistant\",\"content\":[{\"text\":\"",
                );
                self.text(draw, answered, out);
                let _ = write!(
                    out,
                    "\"}}]}}}},\"stopReason\":\"{stop}\",\"metrics\":{{\"latencyMs\":{latency}}},\"usage\":{{\"inputTokens\":{input},\"outputTokens\":{output},\"totalTokens\":{}}}}}",
                    input + output
                );
            }
        }
        let _ = writeln!(out, ",\"outputTokenCount\":{output}}}}}");
    }
}

/// An address, a card, an account, a telephone number or a key, as they stand in sentences.
fn personal(draw: &mut Draw, out: &mut String) {
    let number = draw.below(9_000) + 1_000;
    let _ = match draw.below(6) {
        0 => write!(out, "write to jo.doe{number}@mail-{number}.example.com "),
        1 => write!(out, "card 4111 1111 1111 1111 "),
        2 => write!(out, "IBAN DE89 3704 0044 0532 0130 00 "),
        3 => write!(out, "phone +44 7700 90{number} "),
        4 => write!(out, "from 192.168.17.{} ", number % 250),
        _ => write!(out, "password: Tr0ub4dor{number}x "),
    };
}
