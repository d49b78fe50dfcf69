//! stub imports
use crate::imports_view::Batch;
use crate::imports_view::ListRejected;
use crate::commands::Nothing;
use crate::imports_view::RejectedLine;
use crate::imports_view::StartImport;
use crate::jobs::Started;
use crate::Engine;
use crate::error::{Code,Result,WireError};
pub fn start(_: &Engine, _: StartImport) -> Result<Started> { Err(WireError::new(Code::Internal, "not built")) }
pub fn list(_: &Engine, _: Nothing) -> Result<Vec<Batch>> { Err(WireError::new(Code::Internal, "not built")) }
pub fn rejected(_: &Engine, _: ListRejected) -> Result<Vec<RejectedLine>> { Err(WireError::new(Code::Internal, "not built")) }
