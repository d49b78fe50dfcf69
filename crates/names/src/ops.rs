//! The operations of ONNX that token classifiers are made of.
//!
//! In: the values that go into a node, and its attributes. Out: what comes out, or what is wrong, in
//! words. Nothing larger than a bound is made. Source: the operators of ONNX (ai.onnx 7 to 23) and of
//! `com.microsoft`, which quantised models use. Not here: which node comes when (`graph`).

mod arithmetic;
mod layout;
mod products;
mod quantised;
mod reductions;

use ndarray::IxDyn;

use crate::proto::{Attribute, Node};
use crate::tensor::{Floats, Ints, MAX_ELEMENTS, Value};

/// What an operation is given.
pub(crate) struct Call<'a> {
    pub(crate) node: &'a Node,
    pub(crate) opset: i64,
    pub(crate) given: &'a [Option<&'a Value>],
}

type Out = Result<Vec<Value>, String>;

/// An operation.
pub(crate) type Op = fn(&Call<'_>) -> Out;

/// The operation of a node, where there is one.
pub(crate) fn find(node: &Node) -> Option<Op> {
    let name = node.op.as_str();
    match node.domain.as_str() {
        "" => arithmetic::find(name)
            .or_else(|| layout::find(name))
            .or_else(|| products::find(name))
            .or_else(|| quantised::find(name))
            .or_else(|| reductions::find(name)),
        "com.microsoft" => arithmetic::find_more(name)
            .or_else(|| products::find_more(name))
            .or_else(|| quantised::find_more(name))
            .or_else(|| reductions::find_more(name)),
        _ => None,
    }
}

/// Weights of few bits become floats, once.
///
/// # Errors
/// What is wrong with them.
pub(crate) fn unpack(
    node: &mut Node,
    given: &mut Vec<Option<usize>>,
    constants: &mut Vec<Option<Value>>,
) -> Result<(), String> {
    quantised::unpack(node, given, constants)
}

impl<'a> Call<'a> {
    /// What goes in at a place, where it is given.
    fn maybe(&self, at: usize) -> Option<&'a Value> {
        self.given.get(at).copied().flatten()
    }

    fn value(&self, at: usize) -> Result<&'a Value, String> {
        self.maybe(at)
            .ok_or_else(|| format!("its input {} is missing", at + 1))
    }

    fn floats(&self, at: usize) -> Result<Floats, String> {
        self.value(at).map(Value::floats)
    }

    fn ints(&self, at: usize) -> Result<Ints, String> {
        self.value(at).map(Value::ints)
    }

    fn int(&self, name: &str) -> Option<i64> {
        match self.node.attributes.get(name) {
            Some(Attribute::Int(number)) => Some(*number),
            _ => None,
        }
    }

    fn float(&self, name: &str) -> Option<f32> {
        match self.node.attributes.get(name) {
            Some(Attribute::Float(number)) => Some(*number),
            _ => None,
        }
    }

    fn attribute_list(&self, name: &str) -> Option<Vec<i64>> {
        match self.node.attributes.get(name) {
            Some(Attribute::Ints(numbers)) => Some(numbers.clone()),
            _ => None,
        }
    }

    /// Whole numbers that older versions give as an attribute and newer ones as an input.
    fn list(&self, at: usize, name: &str) -> Option<Vec<i64>> {
        self.maybe(at)
            .map(Value::list)
            .or_else(|| self.attribute_list(name))
    }
}

fn one(value: impl Into<Value>) -> Out {
    Ok(vec![value.into()])
}

/// A direction, counted from the end where it is negative.
fn axis(axis: i64, rank: usize) -> Result<usize, String> {
    let signed = if axis < 0 { axis + rank as i64 } else { axis };
    usize::try_from(signed)
        .ok()
        .filter(|axis| *axis < rank)
        .ok_or_else(|| format!("there is no direction {axis} of {rank}"))
}

/// How many numbers an array of this shape holds.
fn bounded(shape: &[usize]) -> Result<usize, String> {
    shape
        .iter()
        .try_fold(1_usize, |all, length| all.checked_mul(*length))
        .filter(|all| *all <= MAX_ELEMENTS)
        .ok_or_else(|| format!("it would make an array of {shape:?}, which is too large"))
}

/// The shape that two shapes come to when the shorter is repeated.
fn fitted(a: &[usize], b: &[usize]) -> Result<Vec<usize>, String> {
    let rank = a.len().max(b.len());
    let at = |shape: &[usize], place: usize| {
        (place + shape.len())
            .checked_sub(rank)
            .map_or(1, |place| shape[place])
    };
    let shape = (0..rank)
        .map(|place| match (at(a, place), at(b, place)) {
            (one, other) if one == other => Ok(one),
            (1, other) => Ok(other),
            (one, 1) => Ok(one),
            _ => Err(format!("arrays of {a:?} and {b:?} don't fit together")),
        })
        .collect::<Result<Vec<_>, _>>()?;
    bounded(&shape)?;
    Ok(shape)
}

/// The same numbers in another shape.
fn shaped(value: &Value, shape: &[usize]) -> Result<Value, String> {
    if shape.iter().product::<usize>() != value.len() {
        return Err(format!("{:?} can't become {shape:?}", value.shape()));
    }
    let wrong = |_| format!("{:?} can't become {shape:?}", value.shape());
    let shape = IxDyn(shape);
    Ok(match value {
        Value::F(array) if array.is_standard_layout() => {
            Value::F(array.clone().into_shape_with_order(shape).map_err(wrong)?)
        }
        Value::F(array) => array
            .as_standard_layout()
            .into_owned()
            .into_shape_with_order(shape)
            .map_err(wrong)?
            .into(),
        Value::I(array) if array.is_standard_layout() => {
            Value::I(array.clone().into_shape_with_order(shape).map_err(wrong)?)
        }
        Value::I(array) => array
            .as_standard_layout()
            .into_owned()
            .into_shape_with_order(shape)
            .map_err(wrong)?
            .into(),
    })
}
