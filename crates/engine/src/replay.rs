//! stub replay
use crate::replay_view::BackendRef;
use crate::replay_view::BackendRow;
use crate::replay_view::Comparison;
use crate::commands::Nothing;
use crate::replay_view::PlanReplay;
use crate::replay_view::ReplayPlan;
use crate::replay_view::ReplayRun;
use crate::replay_view::RunRef;
use crate::replay_view::SaveBackend;
use crate::replay_view::SetKey;
use crate::replay_view::ShowComparison;
use crate::replay_view::StartReplay;
use crate::jobs::Started;
use crate::opening::Engine;
use crate::error::{Code,Result,WireError};
pub fn backends(_: &Engine, _: Nothing) -> Result<Vec<BackendRow>> { Err(WireError::new(Code::Internal, "not built")) }
pub fn save_backend(_: &Engine, _: SaveBackend) -> Result<BackendRow> { Err(WireError::new(Code::Internal, "not built")) }
pub fn remove_backend(_: &Engine, _: BackendRef) -> Result<Nothing> { Err(WireError::new(Code::Internal, "not built")) }
pub fn set_key(_: &Engine, _: SetKey) -> Result<BackendRow> { Err(WireError::new(Code::Internal, "not built")) }
pub fn plan(_: &Engine, _: PlanReplay) -> Result<ReplayPlan> { Err(WireError::new(Code::Internal, "not built")) }
pub fn start(_: &Engine, _: StartReplay) -> Result<Started> { Err(WireError::new(Code::Internal, "not built")) }
pub fn runs(_: &Engine, _: Nothing) -> Result<Vec<ReplayRun>> { Err(WireError::new(Code::Internal, "not built")) }
pub fn show(_: &Engine, _: RunRef) -> Result<ReplayRun> { Err(WireError::new(Code::Internal, "not built")) }
pub fn comparison(_: &Engine, _: ShowComparison) -> Result<Comparison> { Err(WireError::new(Code::Internal, "not built")) }
