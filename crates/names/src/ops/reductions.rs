//! What looks along a direction: sums, means, the largest, softmax and normalisation.

use ndarray::{ArrayD, Axis, IxDyn};

use super::arithmetic::zipped;
use super::{Call, Op, Out, axis, one, shaped};
use crate::tensor::{Floats, Value};

pub(super) fn find(name: &str) -> Option<Op> {
    Some(match name {
        "ReduceMean" => |call| reduced(call, 0.0, |a, b| a + b, |all, count| all / count),
        "ReduceSum" => |call| reduced(call, 0.0, |a, b| a + b, |all, _| all),
        "ReduceSumSquare" => |call| reduced(call, 0.0, |a, b| a + b * b, |all, _| all),
        "ReduceL2" => |call| reduced(call, 0.0, |a, b| a + b * b, |all, _| all.sqrt()),
        "ReduceMax" => |call| reduced(call, f32::NEG_INFINITY, f32::max, |all, _| all),
        "ReduceMin" => |call| reduced(call, f32::INFINITY, f32::min, |all, _| all),
        "ReduceProd" => |call| reduced(call, 1.0, |a, b| a * b, |all, _| all),
        "Softmax" => |call| softened(call, soften),
        "LogSoftmax" => |call| {
            softened(call, |row| {
                soften(row);
                row.iter_mut().for_each(|x| *x = x.ln());
            })
        },
        "LayerNormalization" => layer_norm,
        "RMSNormalization" | "SimplifiedLayerNormalization" => |call| {
            let last = call.int("axis").unwrap_or(-1);
            one(normal(
                &call.floats(0)?,
                &call.floats(1)?,
                None,
                last,
                epsilon(call),
                Centre::No,
            )?)
        },
        "ArgMax" => arg_max,
        _ => return None,
    })
}

/// Those that tools put in place of several.
pub(super) fn find_more(name: &str) -> Option<Op> {
    Some(match name {
        "SkipLayerNormalization" => |call| skipped(call, Centre::Yes),
        "SkipSimplifiedLayerNormalization" => |call| skipped(call, Centre::No),
        _ => return None,
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Centre {
    Yes,
    No,
}

fn reduced(call: &Call<'_>, start: f32, add: fn(f32, f32) -> f32, end: fn(f32, f32) -> f32) -> Out {
    let given = call.value(0)?;
    let value = given.floats();
    let rank = value.ndim();
    let axes = call.list(1, "axes").filter(|axes| !axes.is_empty());
    let mut axes: Vec<usize> = match axes {
        Some(axes) => axes
            .iter()
            .map(|at| axis(*at, rank))
            .collect::<Result<_, _>>()?,
        None if call.int("noop_with_empty_axes").unwrap_or(0) != 0 => {
            return Ok(vec![given.clone()]);
        }
        None => (0..rank).collect(),
    };
    axes.sort_unstable();
    axes.dedup();
    let count: usize = axes.iter().map(|at| value.shape()[*at]).product();
    // What is a square is one for the first direction only.
    let mut result: ArrayD<f32> = value.to_owned();
    let mut is_first = true;
    for at in axes.iter().rev() {
        let further = |all: f32, next: f32| match is_first {
            true => add(all, next),
            false if call.node.op.contains("Square") || call.node.op.contains("L2") => all + next,
            false => add(all, next),
        };
        result = result.fold_axis(Axis(*at), start, |all, next| further(*all, *next));
        is_first = false;
    }
    let result = Value::from(result.mapv(|all| end(all, count as f32)));
    let result = match call.int("keepdims").unwrap_or(1) != 0 {
        true => {
            let shape: Vec<usize> = (0..rank)
                .map(|at| match axes.contains(&at) {
                    true => 1,
                    false => value.shape()[at],
                })
                .collect();
            shaped(&result, &shape)?
        }
        false => result,
    };
    Ok(vec![match given {
        Value::F(_) => result,
        Value::I(_) => Value::I(result.ints()),
    }])
}

/// Hands rows along a direction to `each`, one after another.
fn softened(call: &Call<'_>, each: impl Fn(&mut [f32])) -> Out {
    let value = call.floats(0)?;
    let rank = value.ndim();
    if rank == 0 {
        return one(ArrayD::from_elem(IxDyn(&[]), 1.0_f32));
    }
    let before = call.opset < 13;
    let at = axis(
        call.int("axis").unwrap_or(if before { 1 } else { -1 }),
        rank,
    )?;
    // Before version 13 all directions from this one on were one.
    let length: usize = match before {
        true => value.shape()[at..].iter().product(),
        false => value.shape()[at],
    };
    if length == 0 {
        return one(value.to_owned());
    }
    if before || at == rank - 1 {
        let mut result = value.as_standard_layout().into_owned();
        if let Some(all) = result.as_slice_mut() {
            all.chunks_exact_mut(length).for_each(each);
        }
        return one(result);
    }
    let mut result = value.to_owned();
    for mut lane in result.lanes_mut(Axis(at)) {
        let mut row: Vec<f32> = lane.to_vec();
        each(&mut row);
        lane.iter_mut().zip(row).for_each(|(to, from)| *to = from);
    }
    one(result)
}

fn soften(row: &mut [f32]) {
    let most = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    // Where everything is masked out, nothing is likelier than the rest.
    let most = if most.is_finite() { most } else { 0.0 };
    let mut sum = 0.0;
    for x in row.iter_mut() {
        *x = (*x - most).exp();
        sum += *x;
    }
    if sum > 0.0 {
        row.iter_mut().for_each(|x| *x /= sum);
    }
}

fn epsilon(call: &Call<'_>) -> f32 {
    call.float("epsilon").unwrap_or(1e-5)
}

fn layer_norm(call: &Call<'_>) -> Out {
    let bias = call.maybe(2).map(Value::floats);
    let last = call.int("axis").unwrap_or(-1);
    one(normal(
        &call.floats(0)?,
        &call.floats(1)?,
        bias.as_ref(),
        last,
        epsilon(call),
        Centre::Yes,
    )?)
}

fn normal(
    value: &Floats,
    gain: &Floats,
    bias: Option<&Floats>,
    from: i64,
    epsilon: f32,
    centre: Centre,
) -> Result<ArrayD<f32>, String> {
    let rank = value.ndim();
    let from = axis(from, rank)?;
    let length: usize = value.shape()[from..].iter().product();
    let row_of = |array: &Floats| -> Result<Vec<f32>, String> {
        let row: Vec<f32> = array.iter().copied().collect();
        match row.len() == length {
            true => Ok(row),
            false => Err(format!(
                "rows of {length} and weights of {:?} don't fit together",
                array.shape()
            )),
        }
    };
    let gain = row_of(gain)?;
    let bias = bias.map(row_of).transpose()?;
    let mut result = value.as_standard_layout().into_owned();
    let Some(all) = result.as_slice_mut().filter(|_| length > 0) else {
        return Ok(result);
    };
    for row in all.chunks_exact_mut(length) {
        let mean = match centre {
            Centre::Yes => row.iter().sum::<f32>() / length as f32,
            Centre::No => 0.0,
        };
        let spread = row.iter().map(|x| (x - mean) * (x - mean)).sum::<f32>() / length as f32;
        let by = 1.0 / (spread + epsilon).sqrt();
        for (x, gain) in row.iter_mut().zip(&gain) {
            *x = (*x - mean) * by * gain;
        }
        if let Some(bias) = &bias {
            row.iter_mut().zip(bias).for_each(|(x, bias)| *x += bias);
        }
    }
    Ok(result)
}

fn skipped(call: &Call<'_>, centre: Centre) -> Out {
    let mut sum = zipped(&call.floats(0)?, &call.floats(1)?, |a, b| a + b)?.into_shared();
    let (bias, more) = match centre {
        Centre::Yes => (call.maybe(3).map(Value::floats), call.maybe(4)),
        Centre::No => (None, call.maybe(3)),
    };
    if let Some(more) = more {
        sum = zipped(&sum, &more.floats(), |a, b| a + b)?.into_shared();
    }
    let epsilon = call.float("epsilon").unwrap_or(1e-12);
    let result = normal(&sum, &call.floats(2)?, bias.as_ref(), -1, epsilon, centre)?;
    // The second and third are for training.
    Ok(vec![
        result.into(),
        Value::F(sum.clone()),
        Value::F(sum.clone()),
        Value::F(sum),
    ])
}

fn arg_max(call: &Call<'_>) -> Out {
    let value = call.floats(0)?;
    let rank = value.ndim();
    let at = axis(call.int("axis").unwrap_or(0), rank)?;
    let result = value.map_axis(Axis(at), |lane| {
        let mut best = (0_i64, f32::NEG_INFINITY);
        for (place, x) in (0..).zip(lane.iter()) {
            if *x > best.1 {
                best = (place, *x);
            }
        }
        best.0
    });
    let result = Value::from(result);
    match call.int("keepdims").unwrap_or(1) != 0 {
        true => {
            let mut shape = value.shape().to_vec();
            shape[at] = 1;
            Ok(vec![shaped(&result, &shape)?])
        }
        false => Ok(vec![result]),
    }
}
