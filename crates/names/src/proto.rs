//! Reading the ONNX form: protocol buffers with the fields of `onnx.proto` that a model is run by.
//!
//! In: bytes. Out: nodes, constants, inputs and outputs, by name. Whatever the bytes are, reading ends
//! in an answer, within the bytes and a fixed depth. Source: onnx.proto of ONNX 1.x (IR 3 to 11). Not
//! here: what the operations do (`ops`).

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::Refused;
use crate::tensor::{self, Value};

/// Nodes of a graph at most.
const MAX_NODES: usize = 50_000;

/// What an attribute of a node holds.
#[derive(Debug, Clone)]
pub enum Attribute {
    Int(i64),
    Float(f32),
    Text(String),
    Ints(Vec<i64>),
    Floats(Vec<f32>),
    Tensor(Value),
    /// A graph within the graph, or something else that is not run.
    Other,
}

/// One operation.
#[derive(Debug, Clone, Default)]
pub struct Node {
    pub name: String,
    pub op: String,
    /// Empty for those of ONNX itself.
    pub domain: String,
    /// Names; empty for one that is left out.
    pub inputs: Vec<String>,
    pub outputs: Vec<String>,
    pub attributes: BTreeMap<String, Attribute>,
}

/// A model as its file gives it.
#[derive(Debug, Clone, Default)]
pub struct Model {
    /// The version of ONNX's own operations.
    pub opset: i64,
    pub nodes: Vec<Node>,
    pub constants: BTreeMap<String, Value>,
    /// Inputs without those that are constants.
    pub inputs: Vec<String>,
    /// The lengths of each input, in each direction; `None` for what may be any.
    pub input_shapes: Vec<Vec<Option<u64>>>,
    pub outputs: Vec<String>,
}

/// Gives the bytes of a file that the model keeps weights in, by the name in the model.
pub type Beside<'a> = &'a mut dyn FnMut(&str) -> Result<Arc<Vec<u8>>, Refused>;

/// Reads a model.
///
/// # Errors
/// [`Refused`] where the bytes are no model, or end too early.
pub fn model(bytes: &[u8], beside: Beside<'_>) -> Result<Model, Refused> {
    let mut model = Model::default();
    let mut graph = None;
    for field in Fields(bytes) {
        match field? {
            (7, Wire::Bytes(inner)) => graph = Some(inner),
            (8, Wire::Bytes(inner)) => {
                let (mut domain, mut version) = (String::new(), 0);
                for field in Fields(inner) {
                    match field? {
                        (1, Wire::Bytes(name)) => domain = text(name)?,
                        (2, Wire::Number(number)) => version = number as i64,
                        _ => {}
                    }
                }
                if domain.is_empty() || domain == "ai.onnx" {
                    model.opset = version;
                }
            }
            _ => {}
        }
    }
    let graph = graph.ok_or_else(not_onnx)?;
    let mut inputs = Vec::new();
    for field in Fields(graph) {
        match field? {
            (1, Wire::Bytes(inner)) => {
                if model.nodes.len() >= MAX_NODES {
                    return Err(Refused::model(format!(
                        "it has more than {MAX_NODES} operations"
                    )));
                }
                model.nodes.push(node(inner, beside)?);
            }
            (5, Wire::Bytes(inner)) => {
                let (name, value) = constant(inner, beside)?;
                model.constants.insert(name, value);
            }
            (11, Wire::Bytes(inner)) => inputs.push((value_name(inner)?, lengths(inner)?)),
            (12, Wire::Bytes(inner)) => model.outputs.push(value_name(inner)?),
            (15, Wire::Bytes(_)) => {
                return Err(Refused::model("it has sparse weights, which are not read"));
            }
            _ => {}
        }
    }
    (model.inputs, model.input_shapes) = inputs
        .into_iter()
        .filter(|(name, _)| !model.constants.contains_key(name))
        .unzip();
    if model.nodes.is_empty() || model.outputs.is_empty() {
        return Err(not_onnx());
    }
    Ok(model)
}

/// The names of the files that a model keeps weights in, each once, as it names them.
pub fn files_beside(bytes: &[u8]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let inner = |bytes, wanted| {
        Fields(bytes)
            .flatten()
            .filter_map(move |field| match field {
                (number, Wire::Bytes(inner)) if number == wanted => Some(inner),
                _ => None,
            })
    };
    for constant in inner(bytes, 7).flat_map(|graph| inner(graph, 5)) {
        for entry in inner(constant, 13) {
            let mut parts = inner(entry, 1).chain(inner(entry, 2));
            if let (Some(b"location"), Some(name)) = (parts.next(), parts.next()) {
                let name = String::from_utf8_lossy(name).into_owned();
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
    }
    names
}

fn node(bytes: &[u8], beside: Beside<'_>) -> Result<Node, Refused> {
    let mut node = Node::default();
    for field in Fields(bytes) {
        match field? {
            (1, Wire::Bytes(name)) => node.inputs.push(text(name)?),
            (2, Wire::Bytes(name)) => node.outputs.push(text(name)?),
            (3, Wire::Bytes(name)) => node.name = text(name)?,
            (4, Wire::Bytes(name)) => node.op = text(name)?,
            (7, Wire::Bytes(name)) => node.domain = text(name)?,
            (5, Wire::Bytes(inner)) => {
                let (name, value) = attribute(inner, beside)?;
                node.attributes.insert(name, value);
            }
            _ => {}
        }
    }
    if node.domain == "ai.onnx" {
        node.domain.clear();
    }
    Ok(node)
}

fn attribute(bytes: &[u8], beside: Beside<'_>) -> Result<(String, Attribute), Refused> {
    let mut name = String::new();
    let mut kind = 0;
    let (mut float, mut int, mut said, mut tensor) = (0.0, 0, String::new(), None);
    let (mut floats, mut ints) = (Vec::new(), Vec::new());
    for field in Fields(bytes) {
        match field? {
            (1, Wire::Bytes(inner)) => name = text(inner)?,
            (2, Wire::Four(bits)) => float = f32::from_bits(bits),
            (3, Wire::Number(number)) => int = number as i64,
            (4, Wire::Bytes(inner)) => said = String::from_utf8_lossy(inner).into_owned(),
            (5, Wire::Bytes(inner)) => tensor = Some(inner),
            (7, wire) => four(wire, &mut floats)?,
            (8, wire) => numbers(wire, &mut ints)?,
            (20, Wire::Number(number)) => kind = number,
            _ => {}
        }
    }
    let value = match kind {
        1 => Attribute::Float(float),
        2 => Attribute::Int(int),
        3 => Attribute::Text(said),
        4 => match tensor {
            Some(inner) => Attribute::Tensor(constant(inner, beside)?.1),
            None => Attribute::Other,
        },
        6 => Attribute::Floats(floats),
        7 => Attribute::Ints(ints.into_iter().map(|number| number as i64).collect()),
        _ => Attribute::Other,
    };
    Ok((name, value))
}

fn value_name(bytes: &[u8]) -> Result<String, Refused> {
    for field in Fields(bytes) {
        if let (1, Wire::Bytes(name)) = field? {
            return text(name);
        }
    }
    Err(not_onnx())
}

/// What is said of how long an input is.
fn lengths(bytes: &[u8]) -> Result<Vec<Option<u64>>, Refused> {
    // ValueInfoProto.type, TypeProto.tensor_type, TypeProto.Tensor.shape.
    let mut inner = bytes;
    for wanted in [2, 1, 2] {
        let mut next = None;
        for field in Fields(inner) {
            match field? {
                (number, Wire::Bytes(bytes)) if number == wanted => next = Some(bytes),
                _ => {}
            }
        }
        let Some(next) = next else {
            return Ok(Vec::new());
        };
        inner = next;
    }
    let mut all = Vec::new();
    for field in Fields(inner) {
        if let (1, Wire::Bytes(dim)) = field? {
            let mut length = None;
            for field in Fields(dim) {
                if let (1, Wire::Number(number)) = field? {
                    length = Some(number).filter(|number| *number > 0);
                }
            }
            all.push(length);
        }
    }
    Ok(all)
}

/// A constant: its name and what it holds.
fn constant(bytes: &[u8], beside: Beside<'_>) -> Result<(String, Value), Refused> {
    let mut name = String::new();
    let mut raw = tensor::Raw::default();
    let mut outside: Vec<(String, String)> = Vec::new();
    let mut is_outside = false;
    for field in Fields(bytes) {
        match field? {
            (1, wire) => {
                let mut dims = Vec::new();
                numbers(wire, &mut dims)?;
                for dim in dims {
                    let dim = usize::try_from(dim).map_err(|_| not_onnx())?;
                    raw.shape.push(dim);
                }
            }
            (2, Wire::Number(kind)) => raw.kind = kind,
            (4, wire) => four(wire, &mut raw.floats)?,
            (5, wire) | (7, wire) | (11, wire) => numbers(wire, &mut raw.numbers)?,
            (8, Wire::Bytes(inner)) => name = text(inner)?,
            (9, Wire::Bytes(inner)) => raw.bytes = Some(inner.to_vec()),
            (10, wire) => eight(wire, &mut raw.doubles)?,
            (13, Wire::Bytes(inner)) => {
                let (mut key, mut value) = (String::new(), String::new());
                for field in Fields(inner) {
                    match field? {
                        (1, Wire::Bytes(inner)) => key = text(inner)?,
                        (2, Wire::Bytes(inner)) => value = text(inner)?,
                        _ => {}
                    }
                }
                outside.push((key, value));
            }
            (14, Wire::Number(1)) => is_outside = true,
            _ => {}
        }
    }
    if is_outside {
        raw.bytes = Some(from_outside(&raw, &outside, beside)?);
    }
    let value = tensor::read(raw).map_err(|what| {
        Refused::model(format!(
            "its constant `{}` {what}",
            crate::model::plain(&name)
        ))
    })?;
    Ok((name, value))
}

fn from_outside(
    raw: &tensor::Raw,
    outside: &[(String, String)],
    beside: Beside<'_>,
) -> Result<Vec<u8>, Refused> {
    let said = |key: &str| {
        outside
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value.as_str())
    };
    let number = |key: &str| said(key).map(str::parse::<usize>).transpose();
    let (Ok(offset), Ok(length)) = (number("offset"), number("length")) else {
        return Err(not_onnx());
    };
    let name = said("location").unwrap_or_default();
    let file = beside(name)?;
    let from = offset.unwrap_or(0);
    let length = match length.or_else(|| tensor::size_bytes(raw)) {
        Some(length) => length,
        None => file.len().saturating_sub(from),
    };
    let part = from
        .checked_add(length)
        .and_then(|end| file.get(from..end))
        .ok_or_else(|| Refused::cut(name))?;
    Ok(part.to_vec())
}

fn text(bytes: &[u8]) -> Result<String, Refused> {
    String::from_utf8(bytes.to_vec()).map_err(|_| not_onnx())
}

fn not_onnx() -> Refused {
    Refused::model("it is no ONNX model, or it is cut")
}

/// What a field holds.
#[derive(Debug, Clone, Copy)]
enum Wire<'a> {
    Number(u64),
    Eight(u64),
    Bytes(&'a [u8]),
    Four(u32),
}

/// The fields of a message, one after another.
struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn varint(&mut self) -> Result<u64, Refused> {
        let mut number = 0_u64;
        for place in 0..10 {
            let (first, rest) = self
                .0
                .split_first()
                .ok_or_else(|| Refused::cut("model.onnx"))?;
            self.0 = rest;
            number |= u64::from(first & 0x7F) << (7 * place).min(63);
            if first & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(not_onnx())
    }

    fn take(&mut self, length: u64) -> Result<&'a [u8], Refused> {
        let length = usize::try_from(length).map_err(|_| not_onnx())?;
        let (now, rest) = self
            .0
            .split_at_checked(length)
            .ok_or_else(|| Refused::cut("model.onnx"))?;
        self.0 = rest;
        Ok(now)
    }

    fn field(&mut self) -> Result<(u64, Wire<'a>), Refused> {
        let tag = self.varint()?;
        let wire = match tag & 7 {
            0 => Wire::Number(self.varint()?),
            1 => Wire::Eight(u64::from_le_bytes(
                self.take(8)?.try_into().map_err(|_| not_onnx())?,
            )),
            2 => {
                let length = self.varint()?;
                Wire::Bytes(self.take(length)?)
            }
            5 => Wire::Four(u32::from_le_bytes(
                self.take(4)?.try_into().map_err(|_| not_onnx())?,
            )),
            _ => return Err(not_onnx()),
        };
        Ok((tag >> 3, wire))
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u64, Wire<'a>), Refused>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_err() {
            self.0 = &[];
        }
        Some(field)
    }
}

/// Whole numbers, one or packed.
fn numbers(wire: Wire<'_>, all: &mut Vec<u64>) -> Result<(), Refused> {
    match wire {
        Wire::Number(number) => all.push(number),
        Wire::Bytes(bytes) => {
            let mut fields = Fields(bytes);
            while !fields.0.is_empty() {
                all.push(fields.varint()?);
            }
        }
        Wire::Four(_) | Wire::Eight(_) => return Err(not_onnx()),
    }
    Ok(())
}

/// 32-bit floats, one or packed.
fn four(wire: Wire<'_>, all: &mut Vec<f32>) -> Result<(), Refused> {
    match wire {
        Wire::Four(bits) => all.push(f32::from_bits(bits)),
        Wire::Bytes(bytes) => all.extend(
            bytes
                .as_chunks::<4>()
                .0
                .iter()
                .map(|four| f32::from_le_bytes(*four)),
        ),
        Wire::Number(_) | Wire::Eight(_) => return Err(not_onnx()),
    }
    Ok(())
}

/// 64-bit floats, one or packed.
fn eight(wire: Wire<'_>, all: &mut Vec<f64>) -> Result<(), Refused> {
    match wire {
        Wire::Eight(bits) => all.push(f64::from_bits(bits)),
        Wire::Bytes(bytes) => all.extend(
            bytes
                .as_chunks::<8>()
                .0
                .iter()
                .map(|eight| f64::from_le_bytes(*eight)),
        ),
        Wire::Number(_) | Wire::Four(_) => return Err(not_onnx()),
    }
    Ok(())
}
