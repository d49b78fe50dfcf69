//! What moves numbers and reckons nothing: shapes, slices, joins, look-ups.

use ndarray::{ArcArray, ArrayD, ArrayView, Axis, IxDyn, Slice};

use super::{Call, Op, Out, axis, bounded, fitted, one, shaped};
use crate::proto::Attribute;
use crate::tensor::{Ints, Value};

pub(super) fn find(name: &str) -> Option<Op> {
    Some(match name {
        "Shape" => shape,
        "Size" => |call| one(Ints::from_elem(IxDyn(&[]), call.value(0)?.len() as i64).to_owned()),
        "Reshape" => reshape,
        "Flatten" => flatten,
        "Squeeze" => squeeze,
        "Unsqueeze" => unsqueeze,
        "Transpose" => transpose,
        "Concat" => concat,
        "Slice" => slice,
        "Split" => split,
        "Gather" => gather,
        "GatherElements" => gather_elements,
        "Expand" => expand,
        "Tile" => tile,
        "Range" => range,
        "Trilu" => trilu,
        "CumSum" => cumulated,
        "ConstantOfShape" => constant_of_shape,
        "Constant" => constant,
        "Identity" | "Dropout" => |call| Ok(vec![call.value(0)?.clone()]),
        _ => return None,
    })
}

/// The same for arrays of both kinds.
macro_rules! either {
    ($value:expr, $array:ident => $body:expr) => {
        match $value {
            Value::F($array) => Value::from($body),
            Value::I($array) => Value::from($body),
        }
    };
}

fn shape(call: &Call<'_>) -> Out {
    let shape = call.value(0)?.shape();
    let rank = shape.len() as i64;
    let at = |bound: i64| {
        let bound = if bound < 0 { bound + rank } else { bound };
        bound.clamp(0, rank) as usize
    };
    let start = at(call.int("start").unwrap_or(0));
    let end = at(call.int("end").unwrap_or(rank)).max(start);
    let part: Vec<i64> = shape[start..end].iter().map(|it| *it as i64).collect();
    one(list(part))
}

fn list(numbers: Vec<i64>) -> ArrayD<i64> {
    ndarray::Array1::from(numbers).into_dyn()
}

fn reshape(call: &Call<'_>) -> Out {
    let value = call.value(0)?;
    let wanted = call.list(1, "shape").ok_or("it has no shape")?;
    let keeps_zero = call.int("allowzero").unwrap_or(0) != 0;
    let mut shape = Vec::with_capacity(wanted.len());
    let mut open = None;
    for (at, length) in wanted.iter().enumerate() {
        shape.push(match *length {
            -1 => {
                open = Some(at);
                1
            }
            0 if !keeps_zero => *value.shape().get(at).ok_or("its shape does not fit")?,
            length => usize::try_from(length).map_err(|_| "its shape does not fit")?,
        });
    }
    if let Some(open) = open {
        let rest = bounded(&shape)?;
        if rest == 0 || !value.len().is_multiple_of(rest) {
            return Err(format!("{:?} can't become {wanted:?}", value.shape()));
        }
        shape[open] = value.len() / rest;
    }
    Ok(vec![shaped(value, &shape)?])
}

fn flatten(call: &Call<'_>) -> Out {
    let value = call.value(0)?;
    let rank = value.shape().len() as i64;
    let at = call.int("axis").unwrap_or(1);
    let at = if at < 0 { at + rank } else { at }.clamp(0, rank) as usize;
    let (before, after) = value.shape().split_at(at);
    let shape = [before.iter().product(), after.iter().product()];
    Ok(vec![shaped(value, &shape)?])
}

fn squeeze(call: &Call<'_>) -> Out {
    let value = call.value(0)?;
    let rank = value.shape().len();
    let gone: Vec<usize> = match call.list(1, "axes") {
        Some(axes) => axes
            .iter()
            .map(|at| axis(*at, rank))
            .collect::<Result<_, _>>()?,
        None => (0..rank).filter(|at| value.shape()[*at] == 1).collect(),
    };
    if gone.iter().any(|at| value.shape()[*at] != 1) {
        return Err(format!("{:?} has no such single direction", value.shape()));
    }
    let shape: Vec<usize> = (0..rank)
        .filter(|at| !gone.contains(at))
        .map(|at| value.shape()[at])
        .collect();
    Ok(vec![shaped(value, &shape)?])
}

fn unsqueeze(call: &Call<'_>) -> Out {
    let value = call.value(0)?;
    let axes = call.list(1, "axes").ok_or("it has no axes")?;
    let rank = value.shape().len() + axes.len();
    let new: Vec<usize> = axes
        .iter()
        .map(|at| axis(*at, rank))
        .collect::<Result<_, _>>()?;
    let mut old = value.shape().iter();
    let shape: Vec<usize> = (0..rank)
        .map(|at| match new.contains(&at) {
            true => 1,
            false => old.next().copied().unwrap_or(1),
        })
        .collect();
    Ok(vec![shaped(value, &shape)?])
}

fn transpose(call: &Call<'_>) -> Out {
    let value = call.value(0)?;
    let rank = value.shape().len();
    let order: Vec<usize> = match call.attribute_list("perm") {
        Some(order) => order
            .iter()
            .map(|at| axis(*at, rank))
            .collect::<Result<_, _>>()?,
        None => (0..rank).rev().collect(),
    };
    let mut sorted = order.clone();
    sorted.sort_unstable();
    if sorted != (0..rank).collect::<Vec<_>>() {
        return Err("its order does not fit".to_owned());
    }
    Ok(vec![either!(value, array => {
        array
            .view()
            .permuted_axes(IxDyn(&order))
            .as_standard_layout()
            .into_owned()
    })])
}

fn concat(call: &Call<'_>) -> Out {
    let all: Vec<&Value> = call.given.iter().flatten().copied().collect();
    let first = all.first().ok_or("it joins nothing")?;
    let rank = first.shape().len();
    let at = axis(call.int("axis").unwrap_or(0), rank)?;
    let mut shape = first.shape().to_vec();
    shape[at] = 0;
    for value in &all {
        let fits = value.shape().len() == rank
            && (0..rank).all(|other| other == at || value.shape()[other] == shape[other]);
        if !fits {
            return Err(format!(
                "arrays of {:?} and {:?} don't fit together",
                first.shape(),
                value.shape()
            ));
        }
        shape[at] += value.shape()[at];
    }
    bounded(&shape)?;
    if all.iter().all(|value| matches!(value, Value::I(_))) {
        let arrays: Vec<Ints> = all.iter().map(|value| value.ints()).collect();
        let views: Vec<_> = arrays.iter().map(|array| array.view()).collect();
        return one(ndarray::concatenate(Axis(at), &views).map_err(|e| e.to_string())?);
    }
    let arrays: Vec<_> = all.iter().map(|value| value.floats()).collect();
    let views: Vec<_> = arrays.iter().map(|array| array.view()).collect();
    one(ndarray::concatenate(Axis(at), &views).map_err(|e| e.to_string())?)
}

fn slice(call: &Call<'_>) -> Out {
    let value = call.value(0)?;
    let rank = value.shape().len();
    let starts = call.list(1, "starts").ok_or("it has no starts")?;
    let ends = call.list(2, "ends").ok_or("it has no ends")?;
    let axes = call
        .list(3, "axes")
        .unwrap_or_else(|| (0..starts.len() as i64).collect());
    let steps = call
        .maybe(4)
        .map_or_else(|| vec![1; starts.len()], Value::list);
    if [ends.len(), axes.len(), steps.len()] != [starts.len(); 3] {
        return Err("its starts, ends, axes and steps differ in number".to_owned());
    }
    let mut result = value.clone();
    for (((start, end), at), step) in starts.iter().zip(&ends).zip(&axes).zip(&steps) {
        let at = axis(*at, rank)?;
        let length = result.shape()[at] as i64;
        if *step == 0 {
            return Err("its step is 0".to_owned());
        }
        let bound = |bound: i64, least: i64, most: i64| {
            let bound = if bound < 0 {
                bound.saturating_add(length)
            } else {
                bound
            };
            bound.clamp(least, most)
        };
        let picked: Vec<usize> = if *step > 0 {
            let (from, to) = (bound(*start, 0, length), bound(*end, 0, length));
            if *step == 1 {
                let (from, to) = (from as usize, to.max(from) as usize);
                result = either!(&result, array => {
                    array
                        .slice_axis(Axis(at), Slice::from(from..to))
                        .as_standard_layout()
                        .into_owned()
                });
                continue;
            }
            (from..to)
                .step_by(*step as usize)
                .map(|it| it as usize)
                .collect()
        } else {
            let (from, to) = (bound(*start, -1, length - 1), bound(*end, -1, length - 1));
            let step = usize::try_from(step.unsigned_abs()).map_err(|_| "its step is too large")?;
            (to + 1..=from)
                .rev()
                .step_by(step)
                .map(|it| it as usize)
                .collect()
        };
        result = either!(&result, array => array.select(Axis(at), &picked));
    }
    Ok(vec![result])
}

fn split(call: &Call<'_>) -> Out {
    let value = call.value(0)?;
    let at = axis(call.int("axis").unwrap_or(0), value.shape().len())?;
    let length = value.shape()[at];
    let parts: Vec<usize> = match call.list(1, "split") {
        Some(parts) => parts.iter().map(|part| (*part).max(0) as usize).collect(),
        None => {
            let count = call
                .int("num_outputs")
                .and_then(|count| usize::try_from(count).ok())
                .unwrap_or(call.node.outputs.len())
                .max(1);
            let each = length.div_ceil(count);
            (0..count)
                .map(|part| each.min(length.saturating_sub(part * each)))
                .collect()
        }
    };
    if parts.iter().sum::<usize>() != length {
        return Err("its parts are not the whole".to_owned());
    }
    let mut from = 0;
    let mut results = Vec::new();
    for part in parts {
        let range = Slice::from(from..from + part);
        results.push(either!(value, array => {
            array.slice_axis(Axis(at), range).as_standard_layout().into_owned()
        }));
        from += part;
    }
    Ok(results)
}

/// Places in a direction of `length`, counted from the end where they are negative.
fn places(indices: &Ints, length: usize) -> Result<Vec<usize>, String> {
    indices
        .iter()
        .map(|index| {
            let signed = if *index < 0 {
                index + length as i64
            } else {
                *index
            };
            usize::try_from(signed)
                .ok()
                .filter(|at| *at < length)
                .ok_or_else(|| format!("it looks for number {index} of {length}"))
        })
        .collect()
}

fn gather(call: &Call<'_>) -> Out {
    let value = call.value(0)?;
    let indices = call.ints(1)?;
    let at = axis(call.int("axis").unwrap_or(0), value.shape().len())?;
    let picked = places(&indices, value.shape()[at])?;
    let mut shape = value.shape()[..at].to_vec();
    shape.extend(indices.shape());
    shape.extend(&value.shape()[at + 1..]);
    bounded(&shape)?;
    let result = either!(value, array => {
        array.select(Axis(at), &picked).as_standard_layout().into_owned()
    });
    Ok(vec![shaped(&result, &shape)?])
}

fn gather_elements(call: &Call<'_>) -> Out {
    let value = call.value(0)?;
    let indices = call.ints(1)?;
    let rank = value.shape().len();
    let at = axis(call.int("axis").unwrap_or(0), rank)?;
    let fits = indices.ndim() == rank
        && (0..rank).all(|other| other == at || indices.shape()[other] <= value.shape()[other]);
    if !fits {
        return Err("its indices don't fit".to_owned());
    }
    places(&indices, value.shape()[at])?;
    let length = value.shape()[at] as i64;
    Ok(vec![either!(value, array => {
        ArrayD::from_shape_fn(indices.raw_dim(), |place| {
            let index = indices[&place];
            let index = if index < 0 { index + length } else { index };
            let mut from = place.clone();
            from[at] = index as usize;
            array[&from]
        })
    })])
}

fn wanted_shape(numbers: &[i64]) -> Result<Vec<usize>, String> {
    let shape: Vec<usize> = numbers
        .iter()
        .map(|length| usize::try_from(*length).map_err(|_| "its shape is negative".to_owned()))
        .collect::<Result<_, _>>()?;
    bounded(&shape)?;
    Ok(shape)
}

fn expand(call: &Call<'_>) -> Out {
    let value = call.value(0)?;
    let wanted = wanted_shape(&call.ints(1)?.iter().copied().collect::<Vec<_>>())?;
    let shape = fitted(value.shape(), &wanted)?;
    fn wide<T: Copy>(array: &ArcArray<T, IxDyn>, shape: &[usize]) -> Result<ArrayD<T>, String> {
        array
            .broadcast(IxDyn(shape))
            .map(|view: ArrayView<'_, T, IxDyn>| view.as_standard_layout().into_owned())
            .ok_or_else(|| "its shape does not fit".to_owned())
    }
    Ok(vec![either!(value, array => wide(array, &shape)?)])
}

fn tile(call: &Call<'_>) -> Out {
    let value = call.value(0)?;
    let times = wanted_shape(&call.value(1)?.list())?;
    if times.len() != value.shape().len() {
        return Err("its repeats don't fit".to_owned());
    }
    let shape: Vec<usize> = value
        .shape()
        .iter()
        .zip(&times)
        .map(|(length, times)| length.saturating_mul(*times))
        .collect();
    bounded(&shape)?;
    let from = value.shape().to_vec();
    Ok(vec![either!(value, array => {
        ArrayD::from_shape_fn(IxDyn(&shape), |place| {
            let mut inner = place.clone();
            for at in 0..from.len() {
                inner[at] = place[at] % from[at];
            }
            array[&inner]
        })
    })])
}

fn range(call: &Call<'_>) -> Out {
    let values = [call.value(0)?, call.value(1)?, call.value(2)?];
    if let [Value::I(_), Value::I(_), Value::I(_)] = values {
        let [start, end, step] = values.map(|value| value.list().first().copied().unwrap_or(0));
        if step == 0 {
            return Err("its step is 0".to_owned());
        }
        let count = (end.saturating_sub(start) as f64 / step as f64)
            .ceil()
            .max(0.0) as usize;
        bounded(&[count])?;
        return one(list(
            (0..count as i64).map(|at| start + at * step).collect(),
        ));
    }
    let [start, end, step] = values.map(|value| value.floats().first().copied().unwrap_or(0.0));
    let count = ((end - start) / step).ceil();
    if !count.is_finite() {
        return Err("its step is 0".to_owned());
    }
    let count = count.max(0.0) as usize;
    bounded(&[count])?;
    let numbers: Vec<f32> = (0..count).map(|at| start + at as f32 * step).collect();
    one(ndarray::Array1::from(numbers).into_dyn())
}

fn trilu(call: &Call<'_>) -> Out {
    let value = call.value(0)?;
    let rank = value.shape().len();
    if rank < 2 {
        return Err("it wants a matrix".to_owned());
    }
    let shift = call
        .maybe(1)
        .and_then(|value| value.list().first().copied())
        .unwrap_or(0);
    let upper = call.int("upper").unwrap_or(1) != 0;
    let keeps = |place: &IxDyn| {
        let (row, column) = (place[rank - 2] as i64, place[rank - 1] as i64);
        match upper {
            true => column >= row.saturating_add(shift),
            false => column <= row.saturating_add(shift),
        }
    };
    Ok(vec![match value {
        Value::F(array) => ArrayD::from_shape_fn(array.raw_dim(), |place| {
            if keeps(&place) { array[&place] } else { 0.0 }
        })
        .into(),
        Value::I(array) => ArrayD::from_shape_fn(array.raw_dim(), |place| {
            if keeps(&place) { array[&place] } else { 0 }
        })
        .into(),
    }])
}

fn cumulated(call: &Call<'_>) -> Out {
    if call.int("exclusive").unwrap_or(0) != 0 || call.int("reverse").unwrap_or(0) != 0 {
        return Err("it counts backwards or without the last, which is not done here".to_owned());
    }
    let value = call.value(0)?;
    let at = call.value(1)?.list().first().copied().unwrap_or(0);
    let at = Axis(axis(at, value.shape().len())?);
    Ok(vec![match value {
        Value::F(array) => {
            let mut all = array.to_owned();
            all.accumulate_axis_inplace(at, |before, now| *now += before);
            all.into()
        }
        Value::I(array) => {
            let mut all = array.to_owned();
            all.accumulate_axis_inplace(at, |before, now| *now = now.wrapping_add(*before));
            all.into()
        }
    }])
}

fn constant_of_shape(call: &Call<'_>) -> Out {
    let shape = wanted_shape(&call.value(0)?.list())?;
    match call.node.attributes.get("value") {
        Some(Attribute::Tensor(Value::I(array))) => one(ArrayD::from_elem(
            IxDyn(&shape),
            array.first().copied().unwrap_or(0),
        )),
        Some(Attribute::Tensor(Value::F(array))) => one(ArrayD::from_elem(
            IxDyn(&shape),
            array.first().copied().unwrap_or(0.0),
        )),
        _ => one(ArrayD::from_elem(IxDyn(&shape), 0.0_f32)),
    }
}

fn constant(call: &Call<'_>) -> Out {
    let attributes = &call.node.attributes;
    let value = |name: &str| attributes.get(name);
    if let Some(Attribute::Tensor(tensor)) = value("value") {
        return Ok(vec![tensor.clone()]);
    }
    match (
        value("value_int"),
        value("value_float"),
        value("value_ints"),
        value("value_floats"),
    ) {
        (Some(Attribute::Int(number)), ..) => one(ArrayD::from_elem(IxDyn(&[]), *number)),
        (_, Some(Attribute::Float(number)), ..) => one(ArrayD::from_elem(IxDyn(&[]), *number)),
        (_, _, Some(Attribute::Ints(numbers)), _) => one(list(numbers.clone())),
        (.., Some(Attribute::Floats(numbers))) => {
            one(ndarray::Array1::from(numbers.clone()).into_dyn())
        }
        _ => Err("it holds a kind that is not read".to_owned()),
    }
}
