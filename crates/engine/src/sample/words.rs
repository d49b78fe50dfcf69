//! What people of an insurer write to a model, and what it answers: sentences with places to fill.
//!
//! In: a field of business and chance. Out: sentences. Nothing here identifies anybody; persons are
//! roles. Not here: filling them (`speech`), planted persons and keys (`people`).

use crate::sample::chance::Chance;
use crate::sample::scene::Tool;

/// A field of business, with its own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    Claims,
    Underwriting,
    Support,
}

impl Field {
    /// The system prompt.
    pub(crate) fn system(self) -> &'static str {
        match self {
            Self::Claims => CLAIMS_SYSTEM,
            Self::Underwriting => UNDERWRITING_SYSTEM,
            Self::Support => SUPPORT_SYSTEM,
        }
    }

    /// The tools of the application.
    pub(crate) fn tools(self) -> &'static [Tool] {
        match self {
            Self::Claims => &CLAIMS_TOOLS,
            Self::Underwriting => &UNDERWRITING_TOOLS,
            Self::Support => &SUPPORT_TOOLS,
        }
    }

    /// How many of a thousand calls use a tool.
    pub(crate) fn tool_permille(self) -> u64 {
        match self {
            Self::Claims => 300,
            Self::Underwriting => 180,
            Self::Support => 240,
        }
    }

    /// How many of a thousand requests bring a document along.
    pub(crate) fn document_permille(self) -> u64 {
        match self {
            Self::Claims => 220,
            Self::Underwriting => 480,
            Self::Support => 40,
        }
    }

    /// A sentence of such a document.
    pub(crate) fn sentence(self, chance: &mut Chance) -> &'static str {
        chance.pick(match self {
            Self::Claims => &["{event}", "{damage}", "{evidence}", "{dispute}", "The {clause} was pointed out by {channel} on {date}."],
            Self::Underwriting => &["{exposure}", "{control}", "{loss_run}", "{survey}", "Sum insured in {city}: {amount}."],
            Self::Support => &["{hour}: {remark}", "{hour}: {step}", "{hour}: {fault}."],
        })
    }

    /// What is asked, and how it may be answered.
    pub(crate) fn request(self, chance: &mut Chance) -> &'static Asked {
        let all: &'static [Asked] = match self {
            Self::Claims => &CLAIMS_REQUESTS,
            Self::Underwriting => &UNDERWRITING_REQUESTS,
            Self::Support => &SUPPORT_REQUESTS,
        };
        &all[chance.below(all.len() as u64) as usize]
    }

    /// What is asked on the way, and how it may be answered.
    pub(crate) fn question(self, chance: &mut Chance) -> &'static Asked {
        let all: &'static [Asked] = match self {
            Self::Claims => &CLAIMS_QUESTIONS,
            Self::Underwriting => &UNDERWRITING_QUESTIONS,
            Self::Support => &SUPPORT_QUESTIONS,
        };
        &all[chance.below(all.len() as u64) as usize]
    }

}

/// What a tool found.
pub(crate) fn tool_result(tool: &str) -> &'static str {
    match tool {
        "send_notice" => "Queued for {ref}; it leaves with the next run.",
        "lookup_policy" => "Policy {policy}, {line}, in force since {date}. Deductible {premium}. Named clause: {clause}. No arrears.",
        "estimate_repair" => "Estimate {amount} for {peril} in {city}, {percent} either way, from {count} comparable repairs.",
        "search_precedents" => "{count} settled claims in {line}. Median {amount}. {finding}",
        "accumulation" => "{count} locations, sum insured {amount}, largest single risk {amount}. Peril {peril}.",
        "loss_history" => "Five years of {line} in {city}: {loss_run}",
        "guideline" => "Guideline, edition of {date}: {line} for {business} needs {ask}.",
        "search_runbook" => "Runbook {system}, section {count}: {step} {step}",
        _ => "Ticket opened for the team {queue}. Expected answer within {count} hours.",
    }
}

/// What the model says before it asks for a tool.
pub(crate) const BEFORE_TOOL: &str = "{lookup}";

/// A value for an input of a tool.
pub(crate) fn tool_input(name: &str) -> &'static str {
    match name {
        "reference" => "{ref}",
        "policy" => "{policy}",
        "line" => "{line}",
        "region" | "location" => "{city}",
        "peril" => "{peril}",
        "amount" | "sum_insured" => "{amount}",
        "template" => "{template}",
        "channel" => "{channel}",
        _ => "{peril} {line} {clause}",
    }
}

/// Something that is asked, with its answers.
pub(crate) type Asked = (&'static str, &'static [&'static str]);

const CLAIMS_SYSTEM: &str = "You are the claims desk assistant of Northwind Insurance. You help adjusters to read loss reports, to find the clauses that matter, and to draft letters. Cite the clause for every statement about cover. Say what is missing before you estimate. Never promise a payment. Amounts are in euro unless the report says otherwise. Classify each loss by peril, line of business and severity, and give a reserve only together with its assumptions. Where two clauses conflict, quote both and name the one that the general conditions put first. Letters are polite, short and free of legal threats; they name the next step and the day by which it is due. Do not repeat identifying details of people in your answer: refer to them by their role. If a report hints at fraud, list the indicators and stop; the special investigation team decides. Answer in the language of the question.";
const UNDERWRITING_SYSTEM: &str = "You support the commercial underwriters of Northwind Insurance. Read submissions, loss runs and survey reports, and answer with a structured view: exposure, hazards, controls, questions to the broker, and a recommendation with its reasons. State the edition of the guideline that you apply. A recommendation is never a quotation. Flag accumulations within one postcode area, and treaty limits that a risk would exceed. Keep figures as they stand in the submission and mark what you inferred.";
const SUPPORT_SYSTEM: &str = "You are the internal support assistant of Northwind Insurance. You answer questions of employees about the claims system, the broker portal and the document archive. Give numbered steps. If something needs the access team, say so and stop. Never ask for a password or a key, and tell people to revoke one that they posted.";

static CLAIMS_TOOLS: [Tool; 4] = [
    Tool { name: "send_notice", about: "Sends a notice about a claim from a template.", inputs: &["reference", "template", "channel"] },
    Tool { name: "lookup_policy", about: "Finds the policy in force on the day of the loss, with its clauses.", inputs: &["policy", "line"] },
    Tool { name: "estimate_repair", about: "Estimates a repair from the peril, the place and the amount claimed.", inputs: &["peril", "location", "amount"] },
    Tool { name: "search_precedents", about: "Finds settled claims that resemble this one.", inputs: &["query", "line"] },
];
static UNDERWRITING_TOOLS: [Tool; 3] = [
    Tool { name: "accumulation", about: "Sums insured within five kilometres of a location.", inputs: &["location", "peril", "sum_insured"] },
    Tool { name: "loss_history", about: "Losses of a line of business in a region in five years.", inputs: &["line", "region"] },
    Tool { name: "guideline", about: "The paragraph of the underwriting guideline on a topic.", inputs: &["query", "line"] },
];
static SUPPORT_TOOLS: [Tool; 2] = [
    Tool { name: "search_runbook", about: "Searches the runbooks.", inputs: &["query"] },
    Tool { name: "open_ticket", about: "Opens a ticket with the team that owns the system.", inputs: &["query", "channel"] },
];

static CLAIMS_REQUESTS: [Asked; 10] = [
    (
        "Loss report {ref}, {line}. {event} {damage} {evidence} Which clauses of policy {policy} matter, and what should I ask for before I set a reserve?",
        &["The loss falls under the {clause}: {finding} Before a reserve is set, ask for {ask} and {ask}. Assumption: {assumption}"],
    ),
    (
        "Please summarise this report in five lines for the weekly meeting.\n\n{event} {damage} {evidence} {dispute} The amount claimed is {amount}.",
        &["1. {event}\n2. {damage}\n3. {finding}\n4. Open: {ask}.\n5. Next: {next}"],
    ),
    (
        "Draft a letter on claim {ref}: we accept the {peril} damage and decline {item}, because {reason}. Name the next step and a day {days} from now.",
        &["Dear policyholder,\n\nthank you for your report. We cover the damage by {peril}; we can't cover {item}. {finding} Please send us {ask} within {days}.\n\nWith kind regards\nNorthwind Insurance, claims desk"],
    ),
    (
        "Compare the two estimates for {ref}. The workshop in {city} says {amount}, our assessor says {amount}; {dispute} Which one fits the photographs better?",
        &["Our assessor's figure fits better. The workshop counts {item} twice. {finding} {next}"],
    ),
    (
        "Triage: {event} {damage} Line is {line}, amount {amount}. Give peril, severity from 1 to 5, and the queue.",
        &["Peril: {peril}. Line: {line}. Severity: {severity}. Queue: {queue}. Assumption: {assumption}"],
    ),
    (
        "The broker asks whether {item} is covered under the {clause}. {event} {evidence} Answer in two paragraphs and quote the clause.",
        &["The {clause} covers {item} only where the cause is sudden. {finding}\n\nHere that is open: {evidence} I would {next}"],
    ),
    (
        "List what speaks for and against recourse in {ref}. {event} {dispute} {evidence}",
        &["In favour: {finding} {evidence}\nAgainst: {dispute} {reason}.\nI would {next}"],
    ),
    (
        "Check this settlement of {amount} for plausibility. {damage} {evidence} The deductible is {premium}.",
        &["Plausible with one reservation: {reason}. {next}", "{amount} is on the high side. {finding} {next}"],
    ),
    (
        "Rewrite the assessor's note for the file and keep the figures: \"{event} {damage} {evidence}\"",
        &["For the file: {event} {damage} Not verified: {ask}."],
    ),
    (
        "Cluster these remarks of the hotline into topics and count them:\n- {remark}\n- {remark}\n- {remark}\n- {remark}\n- {remark}",
        &["Documents asked for twice: 2. Upload: 1. Tone and clarity: 1. Availability: 1. The first topic could be answered by the portal itself."],
    ),
];
static CLAIMS_QUESTIONS: [Asked; 5] = [
    ("Is a {peril} loss under {policy} subject to the {clause}?", &["Yes. The {clause} applies, since {reason}. {finding}"]),
    ("What does the {clause} say about {item}?", &["The {clause} leaves {item} out unless it is named in the schedule. {policy} does not name it."]),
    ("The report on {ref} is dated {date}, the loss a week before. Was it reported in time?", &["Yes, within the {days} of the claims notification clause. Ask for {ask} all the same."]),
    ("{event} What is missing in this report?", &["Missing are {ask} and {ask}. {evidence}"]),
    ("How did we settle similar {peril} losses in {city}?", &["{count} of them within {days}, the median at {amount}. {finding}"]),
];
static UNDERWRITING_REQUESTS: [Asked; 7] = [
    (
        "Submission for {business} in {city}.\n\nTurnover {amount} per year, {count} sites, {line} requested with a limit of {amount}. {exposure} {control} {loss_run} {survey}\n\nGive exposure, hazards, controls, questions to the broker and a recommendation.",
        &["Exposure: {exposure}\nHazards: {peril}, and what follows from one site.\nControls: {control}\nQuestions: {ask}; {ask}.\nRecommendation: {decision}"],
    ),
    (
        "Renewal of {policy}: {loss_run} {exposure} The broker asks for {percent} less premium. Is there room?",
        &["There is room for {percent}, not more: {loss_run} {exposure} {decision}", "No. {loss_run} {decision}"],
    ),
    (
        "Read this survey and list the recommendations that are still open.\n\n{survey} {control} {exposure} {survey} {control}",
        &["Still open:\n1. {survey}\n2. {survey}\nDone, by the text: {control} {decision}"],
    ),
    (
        "Which guideline paragraphs apply to {business}? {exposure} Limit {amount}, {line}.",
        &["The paragraphs on {line} and on single sites apply. {business} with a limit of {amount} needs {ask}. {decision}"],
    ),
    (
        "Compare this wording with ours: \"{clause}: not where {reason}\". The risk is {business} in {city}. {exposure}",
        &["The wording is wider than ours in one point: ours also asks for notice within {days}. {decision}"],
    ),
    (
        "Portfolio review, {line}, {city}: {loss_run} {loss_run} {exposure} Where do we accumulate, and what would you reprice?",
        &["The accumulation within five kilometres of {city} is {amount}, below the treaty limit. {loss_run} I would reprice {line} by {percent}. {decision}"],
    ),
    (
        "Write three questions to the broker of {business}. We know: {exposure} {control} We do not know enough about: {survey}",
        &["1. Can you send {ask}?\n2. {exposure} What is planned about it?\n3. Since when is this so: {control}"],
    ),
];
static UNDERWRITING_QUESTIONS: [Asked; 3] = [
    ("What is our appetite for {business} in {line}?", &["Moderate. We write {line} for {business} with a survey and a deductible of {amount}."]),
    ("{exposure} Does this need a survey?", &["Yes. {exposure} The guideline asks for one, and for {ask}."]),
    ("Is a limit of {amount} within authority for {line}?", &["It is, for one site. Beyond that, {ask} is needed and the large risk team decides."]),
];
static SUPPORT_REQUESTS: [Asked; 7] = [
    (
        "Since {hour} the {system} shows \"{fault}\" when I {task}. What can I do?",
        &["1. Close the {system} and open it again.\n2. {step}\n3. {step}\nIf \"{fault}\" comes back, the access team has to look; I can open a ticket."],
    ),
    (
        "How do I {task} in the {system}? I have the role {role}.",
        &["With the role {role} you can.\n1. {step}\n2. Choose the entry and {task}.\n3. {step}", "The role {role} is not enough to {task}. {step}"],
    ),
    (
        "A colleague in {city} can't {task}. The {system} says \"{fault}\". It works for me.",
        &["Then it is the session or a right. {step} {step} \"{fault}\" otherwise goes away after {count} minutes."],
    ),
    (
        "Write a short notice for the intranet: the {system} is down tonight for {count} hours, {task} is not possible in that time.",
        &["Notice: tonight the {system} is not available for {count} hours. You can't {task} in that time. {step} Thank you for your patience."],
    ),
    (
        "Explain in plain words why the {system} answers \"{fault}\" when I {task}.",
        &["The {system} protects a record while somebody else has it. Before you {task}: {step} That is why \"{fault}\" appears, and why it goes away after {count} minutes."],
    ),
    (
        "I moved to the team {queue}. Which rights do I need to {task}, and who approves them?",
        &["You need the role {role}; your team lead approves it. {step} It takes up to {count} hours until the right is active."],
    ),
    (
        "Turn these notes into a runbook: {remark} {remark} Then {task}, wait {count} minutes, check the {system}.",
        &["Runbook {system}\n1. {step}\n2. Try to {task}.\n3. Wait {count} minutes.\n4. Check the {system}. {step}"],
    ),
];
static SUPPORT_QUESTIONS: [Asked; 2] = [
    ("Is the {system} slow today?", &["The {system} answers within its usual time. {step}"]),
    ("Where do I find the runbook for the {system}?", &["In the document archive, under {system}. {step}"]),
];

pub(crate) static SLOTS: [(&str, &[&str]); 33] = [
    ("city", &["Hamburg", "Rotterdam", "Lyon", "Vienna", "Gdansk", "Antwerp", "Leipzig", "Porto", "Turin", "Malmo", "Cork", "Graz"]),
    ("line", &["motor", "householder", "commercial property", "general liability", "cargo", "cyber", "professional indemnity", "machinery"]),
    ("peril", &["water", "hail", "windstorm", "fire", "theft", "collision", "surge", "subsidence", "burst pipe", "frost"]),
    ("severity", &["2, cosmetic", "3, repairable", "4, partial loss", "1, trivial", "5, total loss"]),
    ("queue", &["fast track", "complex property", "motor bodily injury", "recourse", "special investigation", "large loss"]),
    ("vehicle", &["delivery van", "estate car", "forklift", "tractor unit", "motor scooter", "delivery bike", "caravan"]),
    ("room", &["the cellar", "the server room", "the kitchen", "the warehouse annex", "the attic", "the loading bay", "the workshop"]),
    ("item", &["the parquet", "the loss of rent", "the rental vehicle", "the cleaning of the carpets", "the data recovery", "the storage costs", "the glass roof", "the assessor's fee"]),
    ("clause", &["escape of water clause", "storm clause", "negligence clause", "underinsurance clause", "new-for-old clause", "claims notification clause", "security clause", "vacancy clause"]),
    ("event", &[
        "On {date} at about {hour} a {vehicle} ran into the gate of a depot in {city}; the barrier had been left half open.",
        "During the {peril} of {date} tiles came off the roof of a terraced house in {city} and broke {item}.",
        "A supply line behind the dishwasher gave way over the weekend of {date}, and water stood {count} centimetres high in {room}.",
        "In the night to {date} somebody forced the side door of a workshop in {city} and took hand tools and a {vehicle}.",
        "The insured {vehicle} was hit while parked; a witness noted colour and direction but no number plate.",
        "A fuse box overheated in {room}; the fire brigade was there after {count} minutes.",
        "A pallet tipped over while it was unloaded in {city}, and {count} cartons of glassware broke.",
    ]),
    ("damage", &[
        "{room} is unusable for about {days}; the dryer has run since {date}.",
        "Visible damage is limited to {room} and {item}; moisture readings are {percent} above normal.",
        "The front axle and the cooler are bent, the airbags did not open.",
        "Stock worth {amount} is lost, of which {percent} was already sold.",
        "The estimate lists {item}, {item} and {count} hours of labour.",
        "Nothing structural, but smoke reached {room}.",
    ]),
    ("evidence", &[
        "There are {count} photographs, an invoice of {premium} and a plan.",
        "The maintenance log ends on {date}.",
        "The police have opened a file; its number is not known yet.",
        "The weather station nearby measured gusts well above the threshold of the policy.",
        "A neighbour confirms the time, the tenant contradicts.",
        "The receipts cover {percent} of the amount.",
    ]),
    ("dispute", &[
        "The other side says that the brake lights did not work.",
        "The landlord holds the tenant responsible and the tenant the plumber.",
        "The repairer charges {count} hours more than the handbook allows.",
        "It is open whether the door had been locked.",
        "The carrier points to the missing lashing.",
    ]),
    ("reason", &[
        "it was not part of the sum insured",
        "the cause lies before the beginning of cover",
        "the receipt names another address",
        "wear is excluded and the assessor found mostly wear",
        "notice came {days} after the loss",
        "the security clause asks for a second lock",
    ]),
    ("finding", &[
        "the cause was sudden and the pipe is part of the building.",
        "gusts of that strength are storm in the sense of the policy.",
        "the deductible of {premium} applies once, since it is one event.",
        "the sum insured is {percent} below the value, so the payment shrinks in proportion.",
        "the photographs show older damage beside the new one.",
        "there is no sign of forced entry.",
        "the other driver is liable by {percent} at least.",
    ]),
    ("ask", &[
        "the invoice of the plumber", "a plan of the floor", "the maintenance contract", "the police reference", "photographs before the repair",
        "the delivery note", "the list of stock", "the survey of last year", "the sprinkler certificate", "the access log of the alarm",
    ]),
    ("assumption", &[
        "drying succeeds without opening the floor.",
        "no third party is hurt.",
        "the vehicle can be repaired in {city}.",
        "labour at the usual rate, parts with new-for-old.",
        "the reserve covers {days} of interruption.",
    ]),
    ("next", &[
        "send the assessor before {date}.",
        "ask for {ask} and wait {days}.",
        "pay {amount} on account and keep the rest open.",
        "hand it to {queue}.",
        "close it at {premium} if the invoice matches.",
    ]),
    ("lookup", &["Let me look that up first.", "I will check the record before I answer.", "One moment, I need the current figures.", "I will verify this in the system."]),
    ("remark", &[
        "Waiting {days} for {ask}.",
        "Cannot upload photographs from the telephone.",
        "Letter on {peril} was hard to understand.",
        "Asked twice for {ask}.",
        "The assessor came on time and was friendly.",
        "The {system} was not reachable at {hour}.",
    ]),
    ("business", &[
        "a furniture maker", "a cold store", "a regional brewery", "a logistics park", "a chain of bakeries", "a plastics recycler", "a museum depot",
        "a solar park", "a shipyard supplier", "a private clinic", "a data centre operator", "a joinery",
    ]),
    ("exposure", &[
        "Timber is stored {count} metres from the boiler house.",
        "The roof carries panels of {count} hundred kilowatt, installed {date}.",
        "Two thirds of turnover go through one production line.",
        "The site lies {count} metres above the river.",
        "Ammonia cooling with {count} tonnes; the nearest homes are {count} hundred metres away.",
        "Insulation of the older halls is combustible.",
        "Remote access of suppliers is open around the clock.",
    ]),
    ("control", &[
        "Sprinklers cover {percent} of the area.",
        "Hot work permits are kept, the last audit found {count} gaps.",
        "Backups are tested twice a year and kept offline.",
        "A guard walks the site at night.",
        "The fire doors of {room} were wedged open during the visit.",
        "Multi-factor sign-in is in force for all but the machine controls.",
    ]),
    ("loss_run", &[
        "Five years show {count} losses, together {amount}, the largest from {peril}.",
        "The loss ratio was {percent} last year and twice that the year before.",
        "No loss above the deductible since the alarm was renewed.",
        "Frequency rose by {percent}, severity fell.",
    ]),
    ("survey", &[
        "Survey of {date}: separate {room} from production; earth the silos.",
        "The surveyor rates housekeeping as good and the electrical tests as overdue.",
        "Recommendation {count}: move pallets {count} metres away from the wall.",
        "No thermography has been done for {days}.",
    ]),
    ("decision", &[
        "Accept with a deductible of {amount} and the survey's points as a condition.",
        "Refer to the large risk team, as the limit exceeds authority.",
        "Decline {peril}, offer the rest at plus {percent}.",
        "Accept as expiring.",
        "Ask the broker first; no recommendation before {ask} is there.",
    ]),
    ("system", &["claims system", "broker portal", "document archive", "payment release", "telephony client", "reporting cube"]),
    ("fault", &["session expired", "record locked by another user", "no right for this step", "upload failed at part {count}", "index is being rebuilt", "timeout after {count} seconds"]),
    ("task", &["attach photographs", "release a payment", "reopen a closed claim", "change the reserve", "print a letter", "merge two files", "export the worklist"]),
    ("role", &["adjuster", "team lead", "broker desk", "archive reader", "payment checker"]),
    ("step", &[
        "Open the menu and choose the worklist again.",
        "Ask your team lead to confirm the role {role} in the access portal.",
        "Clear the cache of the {system}.",
        "Wait until the nightly index has run, usually at {hour}.",
        "Check that the file is smaller than {count} megabytes.",
        "Sign out everywhere and sign in once.",
    ]),
    ("template", &["acknowledgement", "request for documents", "interim report", "settlement", "declinature"]),
    ("channel", &["letter", "portal", "broker", "telephone"]),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::speech::Speech;

    #[test]
    fn every_place_has_words() {
        let known = ["ref", "policy", "amount", "premium", "percent", "count", "days", "hour", "date"];
        let asked = [
            &CLAIMS_REQUESTS[..],
            &CLAIMS_QUESTIONS,
            &UNDERWRITING_REQUESTS,
            &UNDERWRITING_QUESTIONS,
            &SUPPORT_REQUESTS,
            &SUPPORT_QUESTIONS,
        ];
        let asked = asked.into_iter().flatten().flat_map(|(request, answers)| answers.iter().chain(std::iter::once(request)));
        let tools = [&CLAIMS_TOOLS[..], &UNDERWRITING_TOOLS, &SUPPORT_TOOLS].into_iter().flatten();
        let results: Vec<&str> = tools.map(|tool| tool_result(tool.name)).collect();
        for template in asked.chain(&results).chain(SLOTS.iter().flat_map(|(_, choices)| *choices)) {
            for part in template.split('{').skip(1) {
                let place = part.split('}').next().unwrap();
                let is_known = known.contains(&place) || SLOTS.iter().any(|(name, choices)| *name == place && !choices.is_empty());
                assert!(is_known, "{place} in {template}");
            }
        }
    }

    #[test]
    fn every_place_is_filled() {
        let mut chance = Chance::of("fill");
        for field in [Field::Claims, Field::Underwriting, Field::Support] {
            for _ in 0..300 {
                let mut speech = Speech::new(&mut chance);
                let (request, answers) = field.request(speech.chance);
                let text = speech.ask(request) + &speech.reply(answers[0]);
                assert!(!text.contains(['{', '}']), "{text}");
            }
        }
    }
}
