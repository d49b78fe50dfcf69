//! Weights and numbers of few bits: reckoned in floats.

use ndarray::{Array2, ArrayD, Axis, IxDyn};

use super::arithmetic::zipped;
use super::products::product;
use super::{Call, Op, Out, axis, bounded, one, shaped};
use crate::proto::{Attribute, Node};
use crate::tensor::{Floats, Value};

pub(super) fn find(name: &str) -> Option<Op> {
    Some(match name {
        "DequantizeLinear" => dequantized,
        "QuantizeLinear" => quantized,
        "DynamicQuantizeLinear" => quantized_as_it_comes,
        "MatMulInteger" => of_integers,
        _ => return None,
    })
}

pub(super) fn find_more(name: &str) -> Option<Op> {
    Some(match name {
        // Only with weights that are constants: `unpack` puts a product in its place.
        "MatMulNBits" => |_| Err("its weights are not part of the model".to_owned()),
        "DequantizeLinear" => dequantized,
        "QuantizeLinear" => quantized,
        "DynamicQuantizeMatMul" => quantized_product,
        "MatMulIntegerToFloat" => integers_to_float,
        _ => return None,
    })
}

/// Puts a product with weights of 32 bits in place of one with weights of 4 or 8.
///
/// # Errors
/// What is wrong with the weights.
pub(super) fn unpack(
    node: &mut Node,
    given: &mut Vec<Option<usize>>,
    constants: &mut Vec<Option<Value>>,
) -> Result<(), String> {
    if node.domain != "com.microsoft" || node.op != "MatMulNBits" {
        return Ok(());
    }
    let weights = unpacked(node, given, constants)?;
    let bias = given.get(5).copied().flatten();
    if bias.is_some() {
        return Err("it adds a bias, which is not done here".to_owned());
    }
    let place = constants.len();
    constants.push(Some(weights));
    node.domain.clear();
    "MatMul".clone_into(&mut node.op);
    *given = vec![given.first().copied().flatten(), Some(place)];
    Ok(())
}

/// The weights of a `MatMulNBits`, as a matrix of K rows and N columns.
fn unpacked(
    node: &Node,
    given: &[Option<usize>],
    constants: &[Option<Value>],
) -> Result<Value, String> {
    let number = |name: &str| match node.attributes.get(name) {
        Some(Attribute::Int(number)) => usize::try_from(*number).map_err(|_| name.to_owned()),
        _ => Err(format!("it has no `{name}`")),
    };
    let (rows, columns) = (number("K")?, number("N")?);
    let block = number("block_size")?;
    let bits = number("bits").unwrap_or(4);
    if !(bits == 4 || bits == 8) || block == 0 {
        return Err(format!("weights of {bits} bits are not read"));
    }
    bounded(&[rows, columns])?;
    let input = |at: usize| {
        given
            .get(at)
            .copied()
            .flatten()
            .and_then(|place| constants[place].as_ref())
            .map(Value::floats)
    };
    let missing = || "its weights are not part of the model".to_owned();
    let (packed, scales) = (input(1).ok_or_else(missing)?, input(2).ok_or_else(missing)?);
    let zeros = input(3);
    let blocks = rows.div_ceil(block);
    let blob = block * bits / 8;
    let zero_bytes = (blocks * bits).div_ceil(8);
    let fits = packed.len() == columns * blocks * blob
        && scales.len() == columns * blocks
        && zeros
            .as_ref()
            .is_none_or(|zeros| [columns * zero_bytes, columns * blocks].contains(&zeros.len()));
    if !fits {
        return Err("its weights have another shape than it says".to_owned());
    }
    let bytes: Vec<u8> = packed.iter().map(|byte| *byte as u8).collect();
    let scales: Vec<f32> = scales.iter().copied().collect();
    let zeros: Option<Vec<f32>> = zeros.map(|zeros| zeros.iter().copied().collect());
    let packs_zeros = zeros.as_ref().is_some_and(|zeros| {
        bits == 4 && zeros.len() == columns * zero_bytes && zeros.len() != columns * blocks
            || bits == 4 && blocks == 1 && zeros.len() == columns
    });
    let zero_of = |column: usize, at: usize| match &zeros {
        None => (1 << (bits - 1)) as f32,
        Some(zeros) if packs_zeros => {
            let byte = zeros[column * zero_bytes + at / 2] as u8;
            f32::from(if at.is_multiple_of(2) {
                byte & 15
            } else {
                byte >> 4
            })
        }
        Some(zeros) => zeros[column * blocks + at],
    };
    let mut weights = Array2::<f32>::zeros((rows, columns));
    for column in 0..columns {
        for at in 0..blocks {
            let scale = scales[column * blocks + at];
            let zero = zero_of(column, at);
            let start = (column * blocks + at) * blob;
            for inner in 0..block.min(rows - at * block) {
                let number = match bits {
                    8 => bytes[start + inner],
                    _ => {
                        let byte = bytes[start + inner / 2];
                        if inner.is_multiple_of(2) {
                            byte & 15
                        } else {
                            byte >> 4
                        }
                    }
                };
                weights[[at * block + inner, column]] = (f32::from(number) - zero) * scale;
            }
        }
    }
    Ok(weights.into_dyn().into())
}

/// A scale or a zero point, stretched to be used with `value`.
fn stretched(value: &Floats, with: &Floats, at: i64, block: i64) -> Result<Floats, String> {
    if with.len() == 1 {
        return Ok(shaped(&Value::F(with.clone()), &[])?.floats());
    }
    let at = axis(at, value.ndim())?;
    if with.ndim() == 1 && with.len() == value.shape()[at] {
        let mut shape = vec![1; value.ndim()];
        shape[at] = with.len();
        return Ok(shaped(&Value::F(with.clone()), &shape)?.floats());
    }
    let block = usize::try_from(block).unwrap_or(0);
    let fits = block > 0
        && with.ndim() == value.ndim()
        && with.shape()[at] == value.shape()[at].div_ceil(block);
    if !fits {
        return Err("its scales have another shape than its weights".to_owned());
    }
    let picked: Vec<usize> = (0..value.shape()[at]).map(|place| place / block).collect();
    Ok(with.select(Axis(at), &picked).into_shared())
}

fn dequantized(call: &Call<'_>) -> Out {
    let value = call.floats(0)?;
    let at = call.int("axis").unwrap_or(1);
    let block = call.int("block_size").unwrap_or(0);
    let scale = stretched(&value, &call.floats(1)?, at, block)?;
    let centred = match call.maybe(2) {
        Some(zero) => {
            let zero = stretched(&value, &zero.floats(), at, block)?;
            zipped(&value, &zero, |a, b| a - b)?.into_shared()
        }
        None => value,
    };
    one(zipped(&centred, &scale, |a, b| a * b)?)
}

fn quantized(call: &Call<'_>) -> Out {
    let value = call.floats(0)?;
    let at = call.int("axis").unwrap_or(1);
    let scale = stretched(&value, &call.floats(1)?, at, 0)?;
    let rounded = zipped(&value, &scale, |a, b| (a / b).round_ties_even())?.into_shared();
    let Some(zero) = call.maybe(2) else {
        return one(rounded.mapv(|x| x.clamp(0.0, 255.0)));
    };
    // Whether it is signed is not kept of a zero point: one that is not 0 tells, and 0 is of both.
    let zero = stretched(&value, &zero.floats(), at, 0)?;
    let signed = zero.iter().all(|zero| *zero <= 0.0);
    let (least, most) = if signed {
        (-128.0, 127.0)
    } else {
        (0.0, 255.0)
    };
    one(zipped(&rounded, &zero, |a, b| (a + b).clamp(least, most))?)
}

/// Numbers as 8 bits, their scale and zero point.
fn as_bytes(value: &Floats) -> (ArrayD<f32>, f32, f32) {
    let (least, most) = value.iter().fold((0.0_f32, 0.0_f32), |(least, most), x| {
        (least.min(*x), most.max(*x))
    });
    let scale = (most - least) / 255.0;
    let scale = if scale > 0.0 { scale } else { 1.0 };
    let zero = (-least / scale).round_ties_even().clamp(0.0, 255.0);
    let bytes = value.mapv(|x| ((x / scale).round_ties_even() + zero).clamp(0.0, 255.0));
    (bytes, scale, zero)
}

fn quantized_as_it_comes(call: &Call<'_>) -> Out {
    let (bytes, scale, zero) = as_bytes(&call.floats(0)?);
    let scalar = |number: f32| Value::from(ArrayD::from_elem(IxDyn(&[]), number));
    Ok(vec![bytes.into(), scalar(scale), scalar(zero)])
}

fn without_zero(value: Floats, zero: Option<&Value>, at: i64) -> Result<Floats, String> {
    match zero {
        Some(zero) => {
            let zero = stretched(&value, &zero.floats(), at, 0)?;
            Ok(zipped(&value, &zero, |a, b| a - b)?.into_shared())
        }
        None => Ok(value),
    }
}

fn of_integers(call: &Call<'_>) -> Out {
    let a = without_zero(call.floats(0)?, call.maybe(2), -2)?;
    let b = without_zero(call.floats(1)?, call.maybe(3), -1)?;
    one(product(&a, &b)?)
}

fn integers_to_float(call: &Call<'_>) -> Out {
    let a = without_zero(call.floats(0)?, call.maybe(4), -2)?;
    let b = without_zero(call.floats(1)?, call.maybe(5), -1)?;
    scaled(
        product(&a, &b)?,
        &call.floats(2)?,
        &call.floats(3)?,
        call.maybe(6),
    )
}

fn quantized_product(call: &Call<'_>) -> Out {
    let (bytes, scale, zero) = as_bytes(&call.floats(0)?);
    let a = bytes.mapv(|x| x - zero).into_shared();
    let b = without_zero(call.floats(1)?, call.maybe(3), -1)?;
    let scale = ArrayD::from_elem(IxDyn(&[]), scale).into_shared();
    scaled(product(&a, &b)?, &scale, &call.floats(2)?, call.maybe(4))
}

fn scaled(all: ArrayD<f32>, a: &Floats, b: &Floats, bias: Option<&Value>) -> Out {
    let by = |scale: &Floats| -> Result<Floats, String> {
        match scale.len() {
            1 => Ok(shaped(&Value::F(scale.clone()), &[])?.floats()),
            _ => Ok(scale.clone()),
        }
    };
    let all = zipped(&all.into_shared(), &by(a)?, |x, y| x * y)?.into_shared();
    let all = zipped(&all, &by(b)?, |x, y| x * y)?;
    match bias {
        Some(bias) => one(zipped(&all.into_shared(), &bias.floats(), |x, y| x + y)?),
        None => one(all),
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Ix2;

    use super::*;

    #[test]
    fn weights_of_four_bits_are_unpacked_low_half_first() {
        let mut node = Node {
            op: "MatMulNBits".to_owned(),
            domain: "com.microsoft".to_owned(),
            ..Node::default()
        };
        for (name, number) in [("K", 4), ("N", 1), ("block_size", 16), ("bits", 4)] {
            node.attributes
                .insert(name.to_owned(), Attribute::Int(number));
        }
        let mut packed = vec![0.0; 8];
        packed[0] = f32::from(0x97_u8);
        packed[1] = f32::from(0xF0_u8);
        let array =
            |numbers: Vec<f32>| Some(Value::from(ndarray::Array1::from(numbers).into_dyn()));
        let constants = vec![None, array(packed), array(vec![2.0])];
        let value = unpacked(&node, &[Some(0), Some(1), Some(2)], &constants).unwrap();
        let matrix = value.floats().into_dimensionality::<Ix2>().unwrap();
        assert_eq!(matrix.column(0).to_vec(), [-2.0, 2.0, -16.0, 14.0]);
    }
}
