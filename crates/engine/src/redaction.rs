//! stub redaction
use crate::commands::Nothing;
use crate::redaction_view::PolicyRef;
use crate::redaction_view::PolicyRow;
use crate::redaction_view::PreviewRedaction;
use crate::redaction_view::RecognizerRow;
use crate::redaction_view::RedactionPreview;
use crate::redaction_view::SavePolicy;
use crate::Engine;
use crate::error::{Code,Result,WireError};
pub fn preview(_: &Engine, _: PreviewRedaction) -> Result<RedactionPreview> { Err(WireError::new(Code::Internal, "not built")) }
pub fn policies(_: &Engine, _: Nothing) -> Result<Vec<PolicyRow>> { Err(WireError::new(Code::Internal, "not built")) }
pub fn save_policy(_: &Engine, _: SavePolicy) -> Result<PolicyRow> { Err(WireError::new(Code::Internal, "not built")) }
pub fn put_in_force(_: &Engine, _: PolicyRef) -> Result<PolicyRow> { Err(WireError::new(Code::Internal, "not built")) }
pub fn recognizers(_: &Engine, _: Nothing) -> Result<Vec<RecognizerRow>> { Err(WireError::new(Code::Internal, "not built")) }
