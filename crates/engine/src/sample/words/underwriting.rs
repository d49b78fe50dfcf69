//! The words of the commercial underwriters: system prompt, tools, what is asked and how it is answered.
//!
//! Places in braces are filled by `speech`, from `slots`. Nothing here identifies anybody.

use crate::sample::words::forms::{Asked, Tool};

/// The system prompt.
pub(crate) const SYSTEM: &str = "You support the commercial underwriters of Northwind Insurance. Read submissions, loss runs and survey reports, and answer with a structured view: exposure, hazards, controls, questions to the broker, and a recommendation with its reasons. State the edition of the guideline that you apply. A recommendation is never a quotation. Flag accumulations within one postcode area, and treaty limits that a risk would exceed. Keep figures as they stand in the submission and mark what you inferred.";

/// The application's tools.
pub(crate) static TOOLS: [Tool; 3] = [
    Tool {
        name: "accumulation",
        about: "Sums insured within five kilometres of a location.",
        inputs: &["location", "peril", "sum_insured"],
    },
    Tool {
        name: "loss_history",
        about: "Losses of a line of business in a region in five years.",
        inputs: &["line", "region"],
    },
    Tool {
        name: "guideline",
        about: "The paragraph of the underwriting guideline on a topic.",
        inputs: &["query", "line"],
    },
];

/// What is asked last, with its answers.
pub(crate) static REQUESTS: [Asked; 7] = [
    (
        "Submission for {business} in {city}.\n\nTurnover {amount} per year, {count} sites, {line} requested with a limit of {amount}. {exposure} {control} {loss_run} {survey}\n\nGive exposure, hazards, controls, questions to the broker and a recommendation.",
        &[
            "Exposure: {exposure}\nHazards: {peril}, and what follows from one site.\nControls: {control}\nQuestions: {ask}; {ask}.\nRecommendation: {decision}",
        ],
    ),
    (
        "Renewal of {policy}: {loss_run} {exposure} The broker asks for {percent} less premium. Is there room?",
        &[
            "There is room for {percent}, not more: {loss_run} {exposure} {decision}",
            "No. {loss_run} {decision}",
        ],
    ),
    (
        "Read this survey and list the recommendations that are still open.\n\n{survey} {control} {exposure} {survey} {control}",
        &["Still open:\n1. {survey}\n2. {survey}\nDone, by the text: {control} {decision}"],
    ),
    (
        "Which guideline paragraphs apply to {business}? {exposure} Limit {amount}, {line}.",
        &[
            "The paragraphs on {line} and on single sites apply. {business} with a limit of {amount} needs {ask}. {decision}",
        ],
    ),
    (
        "Compare this wording with ours: \"{clause}: not where {reason}\". The risk is {business} in {city}. {exposure}",
        &[
            "The wording is wider than ours in one point: ours also asks for notice within {days}. {decision}",
        ],
    ),
    (
        "Portfolio review, {line}, {city}: {loss_run} {loss_run} {exposure} Where do we accumulate, and what would you reprice?",
        &[
            "The accumulation within five kilometres of {city} is {amount}, below the treaty limit. {loss_run} I would reprice {line} by {percent}. {decision}",
        ],
    ),
    (
        "Write three questions to the broker of {business}. We know: {exposure} {control} We do not know enough about: {survey}",
        &[
            "1. Can you send {ask}?\n2. {exposure} What is planned about it?\n3. Since when is this so: {control}",
        ],
    ),
];

/// What is asked on the way, with its answers.
pub(crate) static QUESTIONS: [Asked; 3] = [
    (
        "What is our appetite for {business} in {line}?",
        &["Moderate. We write {line} for {business} with a survey and a deductible of {amount}."],
    ),
    (
        "{exposure} Does this need a survey?",
        &["Yes. {exposure} The guideline asks for one, and for {ask}."],
    ),
    (
        "Is a limit of {amount} within authority for {line}?",
        &["It is, for one site. Beyond that, {ask} is needed and the large risk team decides."],
    ),
];
