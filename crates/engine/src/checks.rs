//! stub checks
use crate::checks_view::CheckRow;
use crate::checks_view::CheckSummary;
use crate::checks_view::EndWaiver;
use crate::checks_view::FindingRef;
use crate::checks_view::FindingRow;
use crate::checks_view::ListFindings;
use crate::commands::Nothing;
use crate::checks_view::RunChecks;
use crate::jobs::Started;
use crate::checks_view::WaiveFinding;
use crate::Engine;
use crate::error::{Code,Result,WireError};
pub fn list(_: &Engine, _: Nothing) -> Result<Vec<CheckRow>> { Err(WireError::new(Code::Internal, "not built")) }
pub fn start(_: &Engine, _: RunChecks) -> Result<Started> { Err(WireError::new(Code::Internal, "not built")) }
pub fn findings(_: &Engine, _: ListFindings) -> Result<CheckSummary> { Err(WireError::new(Code::Internal, "not built")) }
pub fn explain(_: &Engine, _: FindingRef) -> Result<FindingRow> { Err(WireError::new(Code::Internal, "not built")) }
pub fn waive(_: &Engine, _: WaiveFinding) -> Result<FindingRow> { Err(WireError::new(Code::Internal, "not built")) }
pub fn end_waiver(_: &Engine, _: EndWaiver) -> Result<FindingRow> { Err(WireError::new(Code::Internal, "not built")) }
