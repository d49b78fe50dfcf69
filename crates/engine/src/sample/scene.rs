//! A conversation with a model, before it is written in any source's dialect.
//!
//! In: the field of business and chance. Out: a [`Scene`]: system, tools, turns and answer. Not
//! here: words (`words`), JSON of a format (`bedrock`, `litellm`).

use serde_json::{Value, json};

use crate::sample::chance::Chance;
use crate::sample::people;
use crate::sample::speech::Speech;
use crate::sample::words::forms::Tool;
use crate::sample::words::{self, Field};

/// A piece of a turn.
#[derive(Clone)]
pub(crate) enum Block {
    Text(String),
    ToolUse {
        id: String,
        name: &'static str,
        input: Value,
    },
    ToolResult {
        id: String,
        text: String,
    },
}

/// A turn of a conversation.
#[derive(Clone)]
pub(crate) struct Turn {
    pub(crate) is_user: bool,
    pub(crate) blocks: Vec<Block>,
}

/// What is said in a call.
pub(crate) struct Scene {
    pub(crate) system: &'static str,
    pub(crate) tools: &'static [Tool],
    pub(crate) turns: Vec<Turn>,
    pub(crate) answer: Vec<Block>,
}

/// What a scene holds beside business.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Planting {
    Nothing,
    Prompt,
    ToolInput,
    PromptAndToolInput,
    /// A secret in the prompt, and personal data in the answer alone.
    SecretAndAnswer,
    SecretAlone,
}

impl Planting {
    fn in_prompt(self) -> bool {
        matches!(self, Self::Prompt | Self::PromptAndToolInput)
    }

    fn in_tool_input(self) -> bool {
        matches!(self, Self::ToolInput | Self::PromptAndToolInput)
    }
}

/// Makes up a conversation.
pub(crate) fn scene(field: Field, planting: Planting, chance: &mut Chance) -> Scene {
    let uses_tools = planting.in_tool_input() || chance.happens(field.tool_permille());
    let mut turns = Vec::new();
    let mut speech = Speech::new(chance);
    for _ in 0..speech.chance.weighted(&[64, 24, 12]) {
        let (question, answers) = field.question(speech.chance);
        turns.push(user(speech.ask(question)));
        let answer = speech.chance.pick(answers);
        turns.push(assistant(vec![Block::Text(speech.reply(answer))]));
    }
    let (request, answers) = field.request(speech.chance);
    let mut asked = speech.ask(request);
    if speech.chance.happens(field.document_permille()) {
        let sentences = speech.chance.within(6, 26);
        asked.push_str("\n\nText of the attached document:\n");
        for _ in 0..sentences {
            let sentence = field.sentence(speech.chance);
            asked.push_str(&speech.ask(sentence));
            asked.push(' ');
        }
    }
    if planting.in_prompt() {
        asked = format!("{asked}\n\n{}", people::confession(speech.chance));
    }
    if matches!(planting, Planting::SecretAndAnswer | Planting::SecretAlone) {
        asked = format!("{asked}\n\n{}", people::slip(speech.chance));
    }
    turns.push(user(asked));
    let mut answer = Vec::new();
    if uses_tools {
        let (tool, input) = tool_use(field, planting.in_tool_input(), &mut speech);
        let id = speech.chance.id("toolu_");
        let used = Block::ToolUse {
            id: id.clone(),
            name: tool.name,
            input,
        };
        let before = Block::Text(speech.reply(words::BEFORE_TOOL));
        if speech.chance.happens(450) {
            // The model asks for the tool and stops.
            answer = vec![before, used];
        } else {
            turns.push(assistant(vec![before, used]));
            let text = speech.reply(words::tool_result(tool.name));
            turns.push(Turn {
                is_user: true,
                blocks: vec![Block::ToolResult { id, text }],
            });
        }
    }
    if answer.is_empty() {
        let template = speech.chance.pick(answers);
        let mut text = speech.reply(template);
        if planting == Planting::SecretAndAnswer {
            text = format!("{text}\n\n{}", people::confession(speech.chance));
        }
        answer.push(Block::Text(text));
    }
    Scene {
        system: field.system(),
        tools: if uses_tools { field.tools() } else { &[] },
        turns,
        answer,
    }
}

fn user(text: String) -> Turn {
    Turn {
        is_user: true,
        blocks: vec![Block::Text(text)],
    }
}

fn assistant(blocks: Vec<Block>) -> Turn {
    Turn {
        is_user: false,
        blocks,
    }
}

fn tool_use(field: Field, about_a_person: bool, speech: &mut Speech<'_>) -> (&'static Tool, Value) {
    let tools = field.tools();
    if about_a_person {
        let who = people::person(speech.chance);
        let reference = speech.value("{ref}");
        let input = match speech.chance.below(3) {
            0 => {
                json!({ "recipient": who.email, "subject": format!("Your claim {reference}"), "template": "acknowledgement" })
            }
            1 => {
                json!({ "payee": who.name, "iban": people::iban(speech.chance), "reference": reference })
            }
            _ => {
                json!({ "reference": reference, "callback": people::phone(speech.chance), "channel": "telephone" })
            }
        };
        return (&tools[0], input);
    }
    let tool = &tools[speech.chance.below(tools.len() as u64) as usize];
    let input: serde_json::Map<String, Value> = tool
        .inputs
        .iter()
        .map(|name| {
            (
                (*name).to_owned(),
                Value::String(speech.value(words::tool_input(name))),
            )
        })
        .collect();
    (tool, Value::Object(input))
}

impl Scene {
    /// Characters that were sent to the model.
    pub(crate) fn sent(&self) -> usize {
        let tools: usize = self.tools.iter().map(|tool| 120 + tool.about.len()).sum();
        self.system.len()
            + tools
            + self
                .turns
                .iter()
                .flat_map(|turn| &turn.blocks)
                .map(Block::length)
                .sum::<usize>()
    }

    /// Characters that the model answered.
    pub(crate) fn answered(&self) -> usize {
        self.answer.iter().map(Block::length).sum()
    }

    /// Whether the model stopped to have a tool used.
    pub(crate) fn asks_for_tool(&self) -> bool {
        self.answer
            .iter()
            .any(|block| matches!(block, Block::ToolUse { .. }))
    }
}

impl Block {
    fn length(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::ToolUse { input, .. } => input.to_string().len() + 40,
            Self::ToolResult { text, .. } => text.len() + 20,
        }
    }
}
