//! The words of the claims desk: system prompt, tools, what is asked and how it is answered.
//!
//! Places in braces are filled by `speech`, from `slots`. Nothing here identifies anybody.

use crate::sample::words::forms::{Asked, Tool};

/// The system prompt.
pub(crate) const SYSTEM: &str = "You are the claims desk assistant of Northwind Insurance. You help adjusters to read loss reports, to find the clauses that matter, and to draft letters. Cite the clause for every statement about cover. Say what is missing before you estimate. Never promise a payment. Amounts are in euro unless the report says otherwise. Classify each loss by peril, line of business and severity, and give a reserve only together with its assumptions. Where two clauses conflict, quote both and name the one that the general conditions put first. Letters are polite, short and free of legal threats; they name the next step and the day by which it is due. Do not repeat identifying details of people in your answer: refer to them by their role. If a report hints at fraud, list the indicators and stop; the special investigation team decides. Answer in the language of the question.";

/// The application's tools; the first sends something to somebody.
pub(crate) static TOOLS: [Tool; 4] = [
    Tool {
        name: "send_notice",
        about: "Sends a notice about a claim from a template.",
        inputs: &["reference", "template", "channel"],
    },
    Tool {
        name: "lookup_policy",
        about: "Finds the policy in force on the day of the loss, with its clauses.",
        inputs: &["policy", "line"],
    },
    Tool {
        name: "estimate_repair",
        about: "Estimates a repair from the peril, the place and the amount claimed.",
        inputs: &["peril", "location", "amount"],
    },
    Tool {
        name: "search_precedents",
        about: "Finds settled claims that resemble this one.",
        inputs: &["query", "line"],
    },
];

/// What is asked last, with its answers.
pub(crate) static REQUESTS: [Asked; 10] = [
    (
        "Loss report {ref}, {line}. {event} {damage} {evidence} Which clauses of policy {policy} matter, and what should I ask for before I set a reserve?",
        &[
            "The loss falls under the {clause}: {finding} Before a reserve is set, ask for {ask} and {ask}. Assumption: {assumption}",
        ],
    ),
    (
        "Please summarise this report in five lines for the weekly meeting.\n\n{event} {damage} {evidence} {dispute} The amount claimed is {amount}.",
        &["1. {event}\n2. {damage}\n3. {finding}\n4. Open: {ask}.\n5. Next: {next}"],
    ),
    (
        "Draft a letter on claim {ref}: we accept the {peril} damage and decline {item}, because {reason}. Name the next step and a day {days} from now.",
        &[
            "Dear policyholder,\n\nthank you for your report. We cover the damage by {peril}; we can't cover {item}. {finding} Please send us {ask} within {days}.\n\nWith kind regards\nNorthwind Insurance, claims desk",
        ],
    ),
    (
        "Compare the two estimates for {ref}. The workshop in {city} says {amount}, our assessor says {amount}; {dispute} Which one fits the photographs better?",
        &["Our assessor's figure fits better. The workshop counts {item} twice. {finding} {next}"],
    ),
    (
        "Triage: {event} {damage} Line is {line}, amount {amount}. Give peril, severity from 1 to 5, and the queue.",
        &[
            "Peril: {peril}. Line: {line}. Severity: {severity}. Queue: {queue}. Assumption: {assumption}",
        ],
    ),
    (
        "The broker asks whether {item} is covered under the {clause}. {event} {evidence} Answer in two paragraphs and quote the clause.",
        &[
            "The {clause} covers {item} only where the cause is sudden. {finding}\n\nHere that is open: {evidence} I would {next}",
        ],
    ),
    (
        "List what speaks for and against recourse in {ref}. {event} {dispute} {evidence}",
        &["In favour: {finding} {evidence}\nAgainst: {dispute} {reason}.\nI would {next}"],
    ),
    (
        "Check this settlement of {amount} for plausibility. {damage} {evidence} The deductible is {premium}.",
        &[
            "Plausible with one reservation: {reason}. {next}",
            "{amount} is on the high side. {finding} {next}",
        ],
    ),
    (
        "Rewrite the assessor's note for the file and keep the figures: \"{event} {damage} {evidence}\"",
        &["For the file: {event} {damage} Not verified: {ask}."],
    ),
    (
        "Cluster these remarks of the hotline into topics and count them:\n- {remark}\n- {remark}\n- {remark}\n- {remark}\n- {remark}",
        &[
            "Documents asked for twice: 2. Upload: 1. Tone and clarity: 1. Availability: 1. The first topic could be answered by the portal itself.",
        ],
    ),
];

/// What is asked on the way, with its answers.
pub(crate) static QUESTIONS: [Asked; 5] = [
    (
        "Is a {peril} loss under {policy} subject to the {clause}?",
        &["Yes. The {clause} applies, since {reason}. {finding}"],
    ),
    (
        "What does the {clause} say about {item}?",
        &[
            "The {clause} leaves {item} out unless it is named in the schedule. {policy} does not name it.",
        ],
    ),
    (
        "The report on {ref} is dated {date}, the loss a week before. Was it reported in time?",
        &["Yes, within the {days} of the claims notification clause. Ask for {ask} all the same."],
    ),
    (
        "{event} What is missing in this report?",
        &["Missing are {ask} and {ask}. {evidence}"],
    ),
    (
        "How did we settle similar {peril} losses in {city}?",
        &["{count} of them within {days}, the median at {amount}. {finding}"],
    ),
];
