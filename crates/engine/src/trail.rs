//! stub trail
use crate::trail_view::ActivityDetail;
use crate::trail_view::ActivityPage;
use crate::trail_view::AskHistogram;
use crate::trail_view::CallDetail;
use crate::trail_view::CallPage;
use crate::trail_view::Count;
use crate::trail_view::Facet;
use crate::trail_view::Histogram;
use crate::trail_view::ListCalls;
use crate::commands::Nothing;
use crate::trail_view::Query;
use crate::trail_view::QueryKey;
use crate::trail_view::RecordRef;
use crate::trail_view::RevealCall;
use crate::trail_view::Revealed;
use crate::Engine;
use crate::error::{Code,Result,WireError};
pub fn calls(_: &Engine, _: ListCalls) -> Result<CallPage> { Err(WireError::new(Code::Internal, "not built")) }
pub fn count(_: &Engine, _: Query) -> Result<Count> { Err(WireError::new(Code::Internal, "not built")) }
pub fn histogram(_: &Engine, _: AskHistogram) -> Result<Histogram> { Err(WireError::new(Code::Internal, "not built")) }
pub fn facets(_: &Engine, _: Query) -> Result<Vec<Facet>> { Err(WireError::new(Code::Internal, "not built")) }
pub fn call(_: &Engine, _: RecordRef) -> Result<CallDetail> { Err(WireError::new(Code::Internal, "not built")) }
pub fn reveal(_: &Engine, _: RevealCall) -> Result<Revealed> { Err(WireError::new(Code::Internal, "not built")) }
pub fn activities(_: &Engine, _: ListCalls) -> Result<ActivityPage> { Err(WireError::new(Code::Internal, "not built")) }
pub fn activity_count(_: &Engine, _: Query) -> Result<Count> { Err(WireError::new(Code::Internal, "not built")) }
pub fn activity(_: &Engine, _: RecordRef) -> Result<ActivityDetail> { Err(WireError::new(Code::Internal, "not built")) }
pub fn keys(_: &Engine, _: Nothing) -> Result<Vec<QueryKey>> { Err(WireError::new(Code::Internal, "not built")) }
