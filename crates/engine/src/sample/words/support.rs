//! The words of the internal support: system prompt, tools, what is asked and how it is answered.
//!
//! Places in braces are filled by `speech`, from `slots`. Nothing here identifies anybody.

use crate::sample::words::forms::{Asked, Tool};

/// The system prompt.
pub(crate) const SYSTEM: &str = "You are the internal support assistant of Northwind Insurance. You answer questions of employees about the claims system, the broker portal and the document archive. Give numbered steps. If something needs the access team, say so and stop. Never ask for a password or a key, and tell people to revoke one that they posted.";

/// The application's tools.
pub(crate) static TOOLS: [Tool; 2] = [
    Tool {
        name: "search_runbook",
        about: "Searches the runbooks.",
        inputs: &["query"],
    },
    Tool {
        name: "open_ticket",
        about: "Opens a ticket with the team that owns the system.",
        inputs: &["query", "channel"],
    },
];

/// What is asked last, with its answers.
pub(crate) static REQUESTS: [Asked; 7] = [
    (
        "Since {hour} the {system} shows \"{fault}\" when I {task}. What can I do?",
        &[
            "1. Close the {system} and open it again.\n2. {step}\n3. {step}\nIf \"{fault}\" comes back, the access team has to look; I can open a ticket.",
        ],
    ),
    (
        "How do I {task} in the {system}? I have the role {role}.",
        &[
            "With the role {role} you can.\n1. {step}\n2. Choose the entry and {task}.\n3. {step}",
            "The role {role} is not enough to {task}. {step}",
        ],
    ),
    (
        "A colleague in {city} can't {task}. The {system} says \"{fault}\". It works for me.",
        &[
            "Then it is the session or a right. {step} {step} \"{fault}\" otherwise goes away after {count} minutes.",
        ],
    ),
    (
        "Write a short notice for the intranet: the {system} is down tonight for {count} hours, {task} is not possible in that time.",
        &[
            "Notice: tonight the {system} is not available for {count} hours. You can't {task} in that time. {step} Thank you for your patience.",
        ],
    ),
    (
        "Explain in plain words why the {system} answers \"{fault}\" when I {task}.",
        &[
            "The {system} protects a record while somebody else has it. Before you {task}: {step} That is why \"{fault}\" appears, and why it goes away after {count} minutes.",
        ],
    ),
    (
        "I moved to the team {queue}. Which rights do I need to {task}, and who approves them?",
        &[
            "You need the role {role}; your team lead approves it. {step} It takes up to {count} hours until the right is active.",
        ],
    ),
    (
        "Turn these notes into a runbook: {remark} {remark} Then {task}, wait {count} minutes, check the {system}.",
        &[
            "Runbook {system}\n1. {step}\n2. Try to {task}.\n3. Wait {count} minutes.\n4. Check the {system}. {step}",
        ],
    ),
];

/// What is asked on the way, with its answers.
pub(crate) static QUESTIONS: [Asked; 2] = [
    (
        "Is the {system} slow today?",
        &["The {system} answers within its usual time. {step}"],
    ),
    (
        "Where do I find the runbook for the {system}?",
        &["In the document archive, under {system}. {step}"],
    ),
];
