//! stub overview
use crate::commands::Nothing;
use crate::deployments_view::Overview;
use crate::Engine;
use crate::error::{Code,Result,WireError};
pub fn show(_: &Engine, _: Nothing) -> Result<Overview> { Err(WireError::new(Code::Internal, "not built")) }
