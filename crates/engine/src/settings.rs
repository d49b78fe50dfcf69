//! stub settings
use crate::deployments_view::About;
use crate::jobs::Job;
use crate::jobs::JobRef;
use crate::commands::Nothing;
use crate::Engine;
use crate::error::{Code,Result,WireError};
pub fn about(_: &Engine, _: Nothing) -> Result<About> { Err(WireError::new(Code::Internal, "not built")) }
pub fn jobs(_: &Engine, _: Nothing) -> Result<Vec<Job>> { Err(WireError::new(Code::Internal, "not built")) }
pub fn cancel(_: &Engine, _: JobRef) -> Result<Nothing> { Err(WireError::new(Code::Internal, "not built")) }
