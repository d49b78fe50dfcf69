//! The operations of a model in order, ready to be run.
//!
//! In: what the file says. Out: for numbers that go in, numbers that come out. What depends on
//! constants alone is reckoned once, weights of few bits included; what is not needed any more is let
//! go at once. Not here: what each operation does (`ops`), reading the file (`proto`).

use std::collections::{BTreeMap, HashMap};

use crate::model::{Failed, Refused, plain};
use crate::ops::{self, Call, Op};
use crate::proto::{Model, Node};
use crate::tensor::Value;

/// A model that can be run.
#[derive(Debug)]
pub struct Graph {
    opset: i64,
    steps: Vec<Step>,
    /// What is there before the first step, by place.
    constants: Vec<Option<Value>>,
    inputs: Vec<(String, usize)>,
    outputs: Vec<(String, usize)>,
}

#[derive(Debug)]
struct Step {
    op: Op,
    node: Node,
    inputs: Vec<Option<usize>>,
    outputs: Vec<Option<usize>>,
    /// Places that no later step looks at.
    done: Vec<usize>,
}

#[derive(Default)]
struct Places {
    by_name: HashMap<String, usize>,
    constants: Vec<Option<Value>>,
}

impl Places {
    fn of(&mut self, name: &str, value: Option<Value>) -> usize {
        let place = self.constants.len();
        self.constants.push(value);
        self.by_name.insert(name.to_owned(), place);
        place
    }
}

impl Graph {
    /// Puts the operations of a model in order.
    ///
    /// # Errors
    /// [`Refused`] where it needs an operation that there is none of, or a value that nothing gives.
    pub fn new(model: Model) -> Result<Self, Refused> {
        let mut lacking: BTreeMap<String, usize> = BTreeMap::new();
        for node in &model.nodes {
            if ops::find(node).is_none() {
                let name = match node.domain.as_str() {
                    "" => node.op.clone(),
                    domain => format!("{domain}.{}", node.op),
                };
                *lacking.entry(plain(&name)).or_insert(0) += 1;
            }
        }
        if !lacking.is_empty() {
            let all: Vec<String> = lacking
                .iter()
                .take(12)
                .map(|(name, times)| format!("{name} ({times} ×)"))
                .collect();
            return Err(Refused::operations(&all.join(", ")));
        }
        let opset = model.opset;
        let mut places = Places::default();
        for (name, value) in model.constants {
            places.of(&name, Some(value));
        }
        let inputs: Vec<(String, usize)> = model
            .inputs
            .iter()
            .map(|name| (name.clone(), places.of(name, None)))
            .collect();
        let mut steps = Vec::new();
        for mut node in model.nodes {
            let mut given = Vec::with_capacity(node.inputs.len());
            for name in &node.inputs {
                given.push(match (name.as_str(), places.by_name.get(name)) {
                    ("", _) => None,
                    (_, Some(place)) => Some(*place),
                    (_, None) => {
                        return Err(Refused::model(format!(
                            "`{}` is used before anything gives it",
                            plain(name)
                        )));
                    }
                });
            }
            ops::unpack(&mut node, &mut given, &mut places.constants)
                .map_err(|what| Refused::model(of_node(&node, &what)))?;
            let op = ops::find(&node).ok_or_else(|| Refused::operations(&plain(&node.op)))?;
            let is_constant = given
                .iter()
                .flatten()
                .all(|place| places.constants[*place].is_some());
            if is_constant {
                let values = step(op, &node, opset, &given, &places.constants)
                    .map_err(|what| Refused::model(of_node(&node, &what)))?;
                for (name, value) in node.outputs.iter().zip(values) {
                    places.of(name, Some(value));
                }
                continue;
            }
            let outputs = node
                .outputs
                .iter()
                .map(|name| (!name.is_empty()).then(|| places.of(name, None)))
                .collect();
            steps.push(Step {
                op,
                node,
                inputs: given,
                outputs,
                done: Vec::new(),
            });
        }
        let mut outputs = Vec::new();
        for name in &model.outputs {
            let place = places.by_name.get(name).ok_or_else(|| {
                Refused::model(format!("nothing gives its output `{}`", plain(name)))
            })?;
            outputs.push((name.clone(), *place));
        }
        let mut graph = Self {
            opset,
            steps,
            constants: places.constants,
            inputs,
            outputs,
        };
        graph.let_go();
        Ok(graph)
    }

    /// Marks where each value is used last, and lets go constants that only other constants needed.
    fn let_go(&mut self) {
        let mut last = vec![None; self.constants.len()];
        for (at, step) in self.steps.iter().enumerate() {
            for place in step.inputs.iter().chain(&step.outputs).flatten() {
                last[*place] = Some(at);
            }
        }
        let mut is_output = vec![false; self.constants.len()];
        for (_, place) in &self.outputs {
            is_output[*place] = true;
        }
        for (place, last) in last.into_iter().enumerate() {
            match (last, is_output[place], self.constants[place].is_some()) {
                (Some(at), false, false) => self.steps[at].done.push(place),
                (None, false, true) => self.constants[place] = None,
                _ => {}
            }
        }
    }

    /// The names of what goes in.
    pub fn inputs(&self) -> impl Iterator<Item = &str> {
        self.inputs.iter().map(|(name, _)| name.as_str())
    }

    /// The names of what comes out.
    pub fn outputs(&self) -> impl Iterator<Item = &str> {
        self.outputs.iter().map(|(name, _)| name.as_str())
    }

    /// Runs the model: what it gives under the name `wanted`.
    ///
    /// # Errors
    /// [`Failed`] where an operation can't be carried out on these numbers.
    pub fn run(&self, given: &[(&str, Value)], wanted: &str) -> Result<Value, Failed> {
        let mut values = self.constants.clone();
        for (name, place) in &self.inputs {
            let value = given.iter().find(|(other, _)| other == name);
            values[*place] = value.map(|(_, value)| value.clone());
        }
        for one in &self.steps {
            let results = step(one.op, &one.node, self.opset, &one.inputs, &values)
                .map_err(|what| Failed(of_node(&one.node, &what)))?;
            for (place, value) in one.outputs.iter().zip(results) {
                if let Some(place) = place {
                    values[*place] = Some(value);
                }
            }
            for place in &one.done {
                values[*place] = None;
            }
        }
        self.outputs
            .iter()
            .find(|(name, _)| name == wanted)
            .and_then(|(_, place)| values[*place].take())
            .ok_or_else(|| Failed("it gave nothing".to_owned()))
    }
}

fn step(
    op: Op,
    node: &Node,
    opset: i64,
    inputs: &[Option<usize>],
    values: &[Option<Value>],
) -> Result<Vec<Value>, String> {
    let given: Vec<Option<&Value>> = inputs
        .iter()
        .map(|place| place.and_then(|place| values[place].as_ref()))
        .collect();
    op(&Call {
        node,
        opset,
        given: &given,
    })
}

fn of_node(node: &Node, what: &str) -> String {
    format!(
        "its operation {} (`{}`) can't be carried out: {what}",
        plain(&node.op),
        plain(&node.name)
    )
}
