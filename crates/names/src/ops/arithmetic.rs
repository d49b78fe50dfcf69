//! What is reckoned number by number: sums, comparisons, functions of one number.

use ndarray::{Array, ArrayD, IxDyn, Zip};

use super::{Call, Op, Out, fitted, one};
use crate::tensor::{Floats, Ints, Value};

pub(super) fn find(name: &str) -> Option<Op> {
    Some(match name {
        "Add" => |call| both(call, |a, b| a + b, i64::wrapping_add),
        "Sub" => |call| both(call, |a, b| a - b, i64::wrapping_sub),
        "Mul" => |call| both(call, |a, b| a * b, i64::wrapping_mul),
        "Div" => |call| both(call, |a, b| a / b, |a, b| a.checked_div(b).unwrap_or(0)),
        "Mod" => |call| {
            both(
                call,
                |a, b| a % b,
                |a, b| a.checked_rem_euclid(b).unwrap_or(0),
            )
        },
        "Pow" => power,
        "Min" => |call| many(call, f32::min, i64::min),
        "Max" => |call| many(call, f32::max, i64::max),
        "Sum" => |call| many(call, |a, b| a + b, i64::wrapping_add),
        "Equal" => |call| compared(call, |a, b| a == b, |a, b| a == b),
        "Less" => |call| compared(call, |a, b| a < b, |a, b| a < b),
        "LessOrEqual" => |call| compared(call, |a, b| a <= b, |a, b| a <= b),
        "Greater" => |call| compared(call, |a, b| a > b, |a, b| a > b),
        "GreaterOrEqual" => |call| compared(call, |a, b| a >= b, |a, b| a >= b),
        "And" => |call| truths(call, |a, b| a & b),
        "Or" => |call| truths(call, |a, b| a | b),
        "Xor" => |call| truths(call, |a, b| a ^ b),
        "Not" => |call| one(call.ints(0)?.mapv(|truth| i64::from(truth == 0))),
        "Neg" => |call| either(call, |x| -x, i64::wrapping_neg),
        "Abs" => |call| either(call, f32::abs, i64::wrapping_abs),
        "Sign" => |call| {
            either(
                call,
                |x| if x == 0.0 { 0.0 } else { x.signum() },
                i64::signum,
            )
        },
        "Sqrt" => |call| each(call, f32::sqrt),
        "Erf" => |call| each(call, erf),
        "Exp" => |call| each(call, f32::exp),
        "Log" => |call| each(call, f32::ln),
        "Sin" => |call| each(call, f32::sin),
        "Cos" => |call| each(call, f32::cos),
        "Tanh" => |call| each(call, f32::tanh),
        "Sigmoid" => |call| each(call, sigmoid),
        "Softplus" => |call| each(call, |x| x.exp().ln_1p()),
        "Relu" => |call| each(call, |x| x.max(0.0)),
        "Reciprocal" => |call| each(call, |x| 1.0 / x),
        "Floor" => |call| each(call, f32::floor),
        "Ceil" => |call| each(call, f32::ceil),
        "Round" => |call| each(call, f32::round_ties_even),
        "Gelu" => gelu,
        "Mish" => |call| each(call, |x| x * x.exp().ln_1p().tanh()),
        "HardSwish" => |call| each(call, |x| x * (x / 6.0 + 0.5).clamp(0.0, 1.0)),
        "Elu" => |call| {
            let alpha = call.float("alpha").unwrap_or(1.0);
            each(call, |x| if x < 0.0 { alpha * x.exp_m1() } else { x })
        },
        "LeakyRelu" => |call| {
            let alpha = call.float("alpha").unwrap_or(0.01);
            each(call, |x| if x < 0.0 { alpha * x } else { x })
        },
        "IsNaN" => |call| one(call.floats(0)?.mapv(|x| i64::from(x.is_nan()))),
        "Clip" => clip,
        "Where" => choose,
        "Cast" | "CastLike" => cast,
        _ => return None,
    })
}

/// Those that tools put in place of several.
pub(super) fn find_more(name: &str) -> Option<Op> {
    Some(match name {
        "Gelu" => |call| each(call, exact_gelu),
        "BiasGelu" => |call| {
            one(zipped(&call.floats(0)?, &call.floats(1)?, |a, b| {
                exact_gelu(a + b)
            })?)
        },
        "FastGelu" => |call| match call.maybe(1) {
            Some(bias) => one(zipped(&call.floats(0)?, &bias.floats(), |a, b| {
                tanh_gelu(a + b)
            })?),
            None => each(call, tanh_gelu),
        },
        "QuickGelu" => |call| {
            let alpha = call.float("alpha").unwrap_or(1.702);
            each(call, |x| x * sigmoid(alpha * x))
        },
        _ => return None,
    })
}

/// `f` of each two numbers, the smaller array repeated.
pub(super) fn zipped(
    a: &Floats,
    b: &Floats,
    f: impl Fn(f32, f32) -> f32,
) -> Result<ArrayD<f32>, String> {
    let shape = fitted(a.shape(), b.shape())?;
    // Most second ones are one row that is added to all.
    if a.shape() == shape
        && a.is_standard_layout()
        && b.is_standard_layout()
        && b.shape().last() == shape.last()
        && b.len() == b.shape().last().copied().unwrap_or(0)
        && let (Some(first), Some(row)) = (a.as_slice(), b.as_slice())
        && !row.is_empty()
    {
        let mut out = Vec::with_capacity(first.len());
        for piece in first.chunks_exact(row.len()) {
            out.extend(piece.iter().zip(row).map(|(a, b)| f(*a, *b)));
        }
        return Array::from_shape_vec(IxDyn(&shape), out).map_err(|error| error.to_string());
    }
    paired(a, b, &shape, f)
}

fn paired<A: Copy, B: Copy, C>(
    a: &ndarray::ArcArray<A, IxDyn>,
    b: &ndarray::ArcArray<B, IxDyn>,
    shape: &[usize],
    f: impl Fn(A, B) -> C,
) -> Result<ArrayD<C>, String> {
    let unfit = || "arrays don't fit together".to_owned();
    let a = a.broadcast(IxDyn(shape)).ok_or_else(unfit)?;
    let b = b.broadcast(IxDyn(shape)).ok_or_else(unfit)?;
    Ok(Zip::from(a).and(b).map_collect(|a, b| f(*a, *b)))
}

fn is_whole(call: &Call<'_>) -> bool {
    call.given
        .iter()
        .flatten()
        .all(|value| matches!(value, Value::I(_)))
}

fn both(call: &Call<'_>, f: fn(f32, f32) -> f32, g: fn(i64, i64) -> i64) -> Out {
    pair(call.value(0)?, call.value(1)?, f, g).map(|value| vec![value])
}

fn pair(
    a: &Value,
    b: &Value,
    f: fn(f32, f32) -> f32,
    g: fn(i64, i64) -> i64,
) -> Result<Value, String> {
    Ok(match (a, b) {
        (Value::I(a), Value::I(b)) => {
            let shape = fitted(a.shape(), b.shape())?;
            paired(a, b, &shape, g)?.into()
        }
        // The hot ones, so that the compiler sees what is done.
        (Value::F(a), Value::F(b)) => zipped(a, b, f)?.into(),
        _ => zipped(&a.floats(), &b.floats(), f)?.into(),
    })
}

fn many(call: &Call<'_>, f: fn(f32, f32) -> f32, g: fn(i64, i64) -> i64) -> Out {
    let mut all = call.value(0)?.clone();
    for at in 1..call.given.len() {
        all = pair(&all, call.value(at)?, f, g)?;
    }
    Ok(vec![all])
}

fn compared(call: &Call<'_>, f: fn(f32, f32) -> bool, g: fn(i64, i64) -> bool) -> Out {
    if is_whole(call) {
        let (a, b) = (call.ints(0)?, call.ints(1)?);
        let shape = fitted(a.shape(), b.shape())?;
        return one(paired(&a, &b, &shape, |a, b| i64::from(g(a, b)))?);
    }
    let (a, b) = (call.floats(0)?, call.floats(1)?);
    let shape = fitted(a.shape(), b.shape())?;
    one(paired(&a, &b, &shape, |a, b| i64::from(f(a, b)))?)
}

fn truths(call: &Call<'_>, f: fn(i64, i64) -> i64) -> Out {
    let (a, b) = (call.ints(0)?, call.ints(1)?);
    let shape = fitted(a.shape(), b.shape())?;
    one(paired(&a, &b, &shape, |a, b| {
        f(i64::from(a != 0), i64::from(b != 0))
    })?)
}

fn each(call: &Call<'_>, f: impl Fn(f32) -> f32) -> Out {
    one(call.floats(0)?.mapv(f))
}

fn either(call: &Call<'_>, f: fn(f32) -> f32, g: fn(i64) -> i64) -> Out {
    match call.value(0)? {
        Value::F(array) => one(array.mapv(f)),
        Value::I(array) => one(array.mapv(g)),
    }
}

fn power(call: &Call<'_>) -> Out {
    let (base, exponent) = (call.value(0)?, call.floats(1)?);
    let is_square = exponent.len() == 1 && exponent.iter().all(|power| *power == 2.0);
    let result = match is_square {
        true => base.floats().mapv(|x| x * x),
        false => zipped(&base.floats(), &exponent, f32::powf)?,
    };
    match base {
        Value::F(_) => one(result),
        Value::I(_) => one(result.mapv(|number| number as i64)),
    }
}

fn clip(call: &Call<'_>) -> Out {
    let bound = |at: usize, name: &str| {
        call.maybe(at)
            .and_then(|value| value.floats().first().copied())
            .or_else(|| call.float(name))
    };
    let least = bound(1, "min").unwrap_or(f32::NEG_INFINITY);
    let most = bound(2, "max").unwrap_or(f32::INFINITY);
    match call.value(0)? {
        Value::F(array) => one(array.mapv(|x| x.max(least).min(most))),
        Value::I(array) => one(array.mapv(|x| x.max(least as i64).min(most as i64))),
    }
}

fn choose(call: &Call<'_>) -> Out {
    let truth = call.ints(0)?;
    let (yes, no) = (call.value(1)?, call.value(2)?);
    let shape = fitted(truth.shape(), &fitted(yes.shape(), no.shape())?)?;
    let unfit = || "arrays don't fit together".to_owned();
    let truth = truth.broadcast(IxDyn(&shape)).ok_or_else(unfit)?;
    if let (Value::I(yes), Value::I(no)) = (yes, no) {
        let yes = yes.broadcast(IxDyn(&shape)).ok_or_else(unfit)?;
        let no = no.broadcast(IxDyn(&shape)).ok_or_else(unfit)?;
        return one(Zip::from(truth)
            .and(yes)
            .and(no)
            .map_collect(|truth, yes, no| if *truth != 0 { *yes } else { *no }));
    }
    let (yes, no): (Floats, Floats) = (yes.floats(), no.floats());
    let yes = yes.broadcast(IxDyn(&shape)).ok_or_else(unfit)?;
    let no = no.broadcast(IxDyn(&shape)).ok_or_else(unfit)?;
    one(Zip::from(truth)
        .and(yes)
        .and(no)
        .map_collect(|truth, yes, no| if *truth != 0 { *yes } else { *no }))
}

fn cast(call: &Call<'_>) -> Out {
    let value = call.value(0)?;
    let whole = match (call.int("to"), call.maybe(1)) {
        (Some(kind), _) => matches!(kind, 6 | 7 | 9 | 12 | 13),
        (None, Some(like)) => matches!(like, Value::I(_)),
        (None, None) => return Err("it does not say to which kind".to_owned()),
    };
    let result = match (whole, call.int("to") == Some(9)) {
        (true, true) => match value {
            Value::F(array) => array.mapv(|x| i64::from(x != 0.0)).into(),
            Value::I(array) => array.mapv(|x| i64::from(x != 0)).into(),
        },
        (true, false) => {
            let ints: Ints = value.ints();
            Value::I(ints)
        }
        (false, _) => Value::F(value.floats()),
    };
    Ok(vec![result])
}

fn gelu(call: &Call<'_>) -> Out {
    use crate::proto::Attribute;
    match call.node.attributes.get("approximate") {
        Some(Attribute::Text(how)) if how == "tanh" => each(call, tanh_gelu),
        _ => each(call, exact_gelu),
    }
}

fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

fn exact_gelu(x: f32) -> f32 {
    0.5 * x * (1.0 + erf(x * std::f32::consts::FRAC_1_SQRT_2))
}

fn tanh_gelu(x: f32) -> f32 {
    let inner = 0.797_884_6 * (x + 0.044_715 * x * x * x);
    0.5 * x * (1.0 + inner.tanh())
}

/// The error function, wrong by less than 2 in ten millions.
///
/// Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26.
fn erf(x: f32) -> f32 {
    let far = x.abs();
    let t = 1.0 / (1.0 + 0.327_591_1 * far);
    let sum = ((((1.061_405_4 * t - 1.453_152_1) * t + 1.421_413_8) * t - 0.284_496_72) * t
        + 0.254_829_6)
        * t;
    (1.0 - sum * (-far * far).exp()).copysign(x)
}
