//! stub evidence
use crate::reports_view::EvidenceStatus;
use crate::commands::Nothing;
use crate::reports_view::PackEvidence;
use crate::jobs::Started;
use crate::reports_view::Verification;
use crate::reports_view::VerifyPack;
use crate::Engine;
use crate::error::{Code,Result,WireError};
pub fn status(_: &Engine, _: Nothing) -> Result<EvidenceStatus> { Err(WireError::new(Code::Internal, "not built")) }
pub fn start_pack(_: &Engine, _: PackEvidence) -> Result<Started> { Err(WireError::new(Code::Internal, "not built")) }
pub fn verify(_: &Engine, _: VerifyPack) -> Result<Verification> { Err(WireError::new(Code::Internal, "not built")) }
