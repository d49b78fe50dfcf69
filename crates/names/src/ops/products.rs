//! Products of matrices.

use ndarray::linalg::general_mat_mul;
use ndarray::{Array2, ArrayD, ArrayView2, Ix2, IxDyn};

use super::arithmetic::zipped;
use super::{Call, Op, Out, bounded, fitted, one, shaped};
use crate::tensor::{Floats, Value};

pub(super) fn find(name: &str) -> Option<Op> {
    Some(match name {
        "MatMul" => |call| one(product(&call.floats(0)?, &call.floats(1)?)?),
        "Gemm" => gemm,
        _ => return None,
    })
}

pub(super) fn find_more(name: &str) -> Option<Op> {
    Some(match name {
        "FusedMatMul" => fused,
        _ => return None,
    })
}

/// The product of the last two directions, over all others.
pub(super) fn product(a: &Floats, b: &Floats) -> Result<ArrayD<f32>, String> {
    let (a_shape, b_shape) = (a.shape().to_vec(), b.shape().to_vec());
    let unfit = || format!("matrices of {a_shape:?} and {b_shape:?} don't fit together");
    let as_matrix = |array: &Floats, is_row: bool| -> Result<Floats, String> {
        let length = array.len();
        let shape = match (array.ndim(), is_row) {
            (0, _) => return Err(unfit()),
            (1, true) => vec![1, length],
            (1, false) => vec![length, 1],
            _ => return Ok(array.clone()),
        };
        Ok(shaped(&Value::F(array.clone()), &shape)?.floats())
    };
    let (left, right) = (as_matrix(a, true)?, as_matrix(b, false)?);
    let (left_rank, right_rank) = (left.ndim(), right.ndim());
    let (rows, inner) = (left.shape()[left_rank - 2], left.shape()[left_rank - 1]);
    let (other, columns) = (right.shape()[right_rank - 2], right.shape()[right_rank - 1]);
    if inner != other {
        return Err(unfit());
    }
    let mut shape = fitted(
        &left.shape()[..left_rank - 2],
        &right.shape()[..right_rank - 2],
    )?;
    let mut full = shape.clone();
    full.extend([rows, columns]);
    bounded(&full)?;
    let result = if right_rank == 2 {
        // One matrix of weights: all rows at once.
        let all = left.len() / inner.max(1);
        let flat = shaped(&Value::F(left.clone()), &[all, inner])?.floats();
        matrix(&flat)?.dot(&matrix(&right)?).into_dyn()
    } else {
        let many: usize = shape.iter().product();
        let stretched = |array: &Floats, rows: usize, columns: usize| -> Result<Floats, String> {
            let mut to = shape.clone();
            to.extend([rows, columns]);
            if array.shape() == to {
                return Ok(array.clone());
            }
            let view = array.broadcast(IxDyn(&to)).ok_or_else(unfit)?;
            Ok(view.to_owned().into_shared())
        };
        let left = stretched(&left, rows, inner)?;
        let right = stretched(&right, inner, columns)?;
        let left = shaped_views(&left, many, rows, inner)?;
        let right = shaped_views(&right, many, inner, columns)?;
        let mut out = vec![0.0_f32; many * rows * columns];
        if rows * columns > 0 {
            for (at, piece) in out.chunks_exact_mut(rows * columns).enumerate() {
                let mut into = ndarray::ArrayViewMut2::from_shape((rows, columns), piece)
                    .map_err(|error| error.to_string())?;
                let one = left.index_axis(ndarray::Axis(0), at);
                let other = right.index_axis(ndarray::Axis(0), at);
                general_mat_mul(1.0, &one, &other, 0.0, &mut into);
            }
        }
        ArrayD::from_shape_vec(IxDyn(&full), out).map_err(|error| error.to_string())?
    };
    if a.ndim() > 1 {
        shape.push(rows);
    }
    if b.ndim() > 1 {
        shape.push(columns);
    }
    result
        .into_shape_with_order(IxDyn(&shape))
        .map_err(|error| error.to_string())
}

fn shaped_views(
    array: &Floats,
    many: usize,
    rows: usize,
    columns: usize,
) -> Result<ndarray::ArcArray<f32, ndarray::Ix3>, String> {
    shaped(&Value::F(array.clone()), &[many, rows, columns])?
        .floats()
        .into_dimensionality()
        .map_err(|error| error.to_string())
}

fn matrix(array: &Floats) -> Result<ArrayView2<'_, f32>, String> {
    array
        .view()
        .into_dimensionality::<Ix2>()
        .map_err(|error| error.to_string())
}

fn gemm(call: &Call<'_>) -> Out {
    let (a, b) = (call.floats(0)?, call.floats(1)?);
    let (mut left, mut right) = (matrix(&a)?, matrix(&b)?);
    if call.int("transA").unwrap_or(0) != 0 {
        left = left.reversed_axes();
    }
    if call.int("transB").unwrap_or(0) != 0 {
        right = right.reversed_axes();
    }
    if left.ncols() != right.nrows() {
        return Err(format!(
            "matrices of {:?} and {:?} don't fit together",
            a.shape(),
            b.shape()
        ));
    }
    bounded(&[left.nrows(), right.ncols()])?;
    let mut out = Array2::zeros((left.nrows(), right.ncols()));
    let alpha = call.float("alpha").unwrap_or(1.0);
    general_mat_mul(alpha, &left, &right, 0.0, &mut out);
    let out = out.into_dyn();
    match call.maybe(2) {
        None => one(out),
        Some(added) => {
            let beta = call.float("beta").unwrap_or(1.0);
            one(zipped(&out.into_shared(), &added.floats(), |a, b| {
                a + beta * b
            })?)
        }
    }
}

fn fused(call: &Call<'_>) -> Out {
    let turned = |array: Floats, name: &str| {
        let rank = array.ndim();
        match call.int(name).unwrap_or(0) != 0 && rank > 1 {
            true => {
                let mut turned = array;
                turned.swap_axes(rank - 2, rank - 1);
                turned
            }
            false => array,
        }
    };
    let a = turned(call.floats(0)?, "transA");
    let b = turned(call.floats(1)?, "transB");
    let alpha = call.float("alpha").unwrap_or(1.0);
    one(product(&a, &b)?.mapv(|number| alpha * number))
}
