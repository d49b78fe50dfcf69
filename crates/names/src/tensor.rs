//! What flows between operations: arrays of numbers.
//!
//! Two kinds are enough: floats, which hold the small integers of quantised models as well, and whole
//! numbers, which hold truth as 0 and 1. Bounded: an array has at most [`MAX_ELEMENTS`]. Not here: what
//! is done with them (`ops`).

use half::{bf16, f16};
use ndarray::{ArcArray, ArrayD, IxDyn};

/// Elements of an array at most: a quarter of a gigabyte of floats.
pub const MAX_ELEMENTS: usize = 1 << 26;
/// Elements of a constant at most: weights may be larger than what flows.
const MAX_CONSTANT: usize = 1 << 29;

/// An array of floats.
pub type Floats = ArcArray<f32, IxDyn>;
/// An array of whole numbers.
pub type Ints = ArcArray<i64, IxDyn>;

/// An array of one of the two kinds.
#[derive(Debug, Clone)]
pub enum Value {
    F(Floats),
    I(Ints),
}

impl Value {
    /// How long it is in each direction.
    pub fn shape(&self) -> &[usize] {
        match self {
            Self::F(array) => array.shape(),
            Self::I(array) => array.shape(),
        }
    }

    /// How many numbers it holds.
    pub fn len(&self) -> usize {
        self.shape().iter().product()
    }

    /// Whether it holds no number.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Its numbers as floats.
    pub fn floats(&self) -> Floats {
        match self {
            Self::F(array) => array.clone(),
            Self::I(array) => array.mapv(|number| number as f32).into_shared(),
        }
    }

    /// Its numbers as whole ones, towards zero.
    pub fn ints(&self) -> Ints {
        match self {
            Self::F(array) => array.mapv(|number| number as i64).into_shared(),
            Self::I(array) => array.clone(),
        }
    }

    /// Its whole numbers in order.
    pub fn list(&self) -> Vec<i64> {
        self.ints().iter().copied().collect()
    }
}

impl From<ArrayD<f32>> for Value {
    fn from(array: ArrayD<f32>) -> Self {
        Self::F(array.into_shared())
    }
}

impl From<ArrayD<i64>> for Value {
    fn from(array: ArrayD<i64>) -> Self {
        Self::I(array.into_shared())
    }
}

/// A constant as the file gives it.
#[derive(Debug, Default)]
pub(crate) struct Raw {
    /// `TensorProto.DataType`.
    pub(crate) kind: u64,
    pub(crate) shape: Vec<usize>,
    pub(crate) bytes: Option<Vec<u8>>,
    pub(crate) floats: Vec<f32>,
    pub(crate) doubles: Vec<f64>,
    pub(crate) numbers: Vec<u64>,
}

fn elements(shape: &[usize]) -> Option<usize> {
    shape
        .iter()
        .try_fold(1_usize, |all, length| all.checked_mul(*length))
        .filter(|all| *all <= MAX_CONSTANT)
}

fn width(kind: u64) -> Option<usize> {
    Some(match kind {
        2 | 3 | 9 => 1,
        4 | 5 | 10 | 16 => 2,
        1 | 6 | 12 => 4,
        7 | 11 | 13 => 8,
        _ => return None,
    })
}

/// How many bytes the file must give for it; `None` for a kind that is not read.
pub(crate) fn size_bytes(raw: &Raw) -> Option<usize> {
    elements(&raw.shape)?.checked_mul(width(raw.kind)?)
}

/// A constant. Small whole numbers become floats, which quantised weights are reckoned in.
///
/// # Errors
/// What is wrong with it, to be put behind its name.
pub(crate) fn read(raw: Raw) -> Result<Value, String> {
    let count = elements(&raw.shape).ok_or("is too large")?;
    let width = width(raw.kind)
        .ok_or_else(|| format!("is of the kind {} of ONNX, which is not read", raw.kind))?;
    let shape = IxDyn(&raw.shape);
    let wrong = || "has another number of values than its shape says: the file is cut".to_owned();
    if let Some(bytes) = &raw.bytes
        && bytes.len() != count * width
    {
        return Err(wrong());
    }
    let floats = |numbers: Vec<f32>| {
        ArrayD::from_shape_vec(shape.clone(), numbers)
            .map(Value::from)
            .map_err(|_| wrong())
    };
    let ints = |numbers: Vec<i64>| {
        ArrayD::from_shape_vec(shape.clone(), numbers)
            .map(Value::from)
            .map_err(|_| wrong())
    };
    let of_two = |make: fn([u8; 2]) -> f32, bytes: &[u8]| -> Vec<f32> {
        bytes
            .as_chunks::<2>()
            .0
            .iter()
            .map(|two| make(*two))
            .collect()
    };
    match (raw.kind, &raw.bytes) {
        (1, Some(bytes)) => floats(
            bytes
                .as_chunks::<4>()
                .0
                .iter()
                .map(|four| f32::from_le_bytes(*four))
                .collect(),
        ),
        (1, None) => floats(raw.floats),
        (2, Some(bytes)) => floats(bytes.iter().map(|byte| f32::from(*byte)).collect()),
        (3, Some(bytes)) => floats(bytes.iter().map(|byte| f32::from(*byte as i8)).collect()),
        (4, Some(bytes)) => floats(of_two(|two| f32::from(u16::from_le_bytes(two)), bytes)),
        (5, Some(bytes)) => floats(of_two(|two| f32::from(i16::from_le_bytes(two)), bytes)),
        (2..=5, None) => floats(raw.numbers.iter().map(|it| *it as i64 as f32).collect()),
        (6, Some(bytes)) => ints(
            bytes
                .as_chunks::<4>()
                .0
                .iter()
                .map(|four| i64::from(i32::from_le_bytes(*four)))
                .collect(),
        ),
        (12, Some(bytes)) => ints(
            bytes
                .as_chunks::<4>()
                .0
                .iter()
                .map(|four| i64::from(u32::from_le_bytes(*four)))
                .collect(),
        ),
        (7 | 13, Some(bytes)) => ints(
            bytes
                .as_chunks::<8>()
                .0
                .iter()
                .map(|eight| i64::from_le_bytes(*eight))
                .collect(),
        ),
        (6 | 7 | 9 | 12 | 13, None) => {
            ints(raw.numbers.iter().map(|number| *number as i64).collect())
        }
        (9, Some(bytes)) => ints(bytes.iter().map(|byte| i64::from(*byte != 0)).collect()),
        (10, Some(bytes)) => floats(of_two(|two| f16::from_le_bytes(two).to_f32(), bytes)),
        (16, Some(bytes)) => floats(of_two(|two| bf16::from_le_bytes(two).to_f32(), bytes)),
        (10, None) => floats(
            raw.numbers
                .iter()
                .map(|bits| f16::from_bits(*bits as u16).to_f32())
                .collect(),
        ),
        (16, None) => floats(
            raw.numbers
                .iter()
                .map(|bits| bf16::from_bits(*bits as u16).to_f32())
                .collect(),
        ),
        (11, Some(bytes)) => floats(
            bytes
                .as_chunks::<8>()
                .0
                .iter()
                .map(|eight| f64::from_le_bytes(*eight) as f32)
                .collect(),
        ),
        (11, None) => floats(raw.doubles.iter().map(|number| *number as f32).collect()),
        _ => Err("is of a kind that is not read".to_owned()),
    }
}
