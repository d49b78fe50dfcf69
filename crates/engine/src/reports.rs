//! stub reports
use crate::reports_view::AskReport;
use crate::commands::Nothing;
use crate::reports_view::RenderReport;
use crate::reports_view::ReportRow;
use crate::jobs::Started;
use serde_json::Value;
use crate::opening::Engine;
use crate::error::{Code,Result,WireError};
pub fn preview(_: &Engine, _: AskReport) -> Result<Value> { Err(WireError::new(Code::Internal, "not built")) }
pub fn start(_: &Engine, _: RenderReport) -> Result<Started> { Err(WireError::new(Code::Internal, "not built")) }
pub fn list(_: &Engine, _: Nothing) -> Result<Vec<ReportRow>> { Err(WireError::new(Code::Internal, "not built")) }
