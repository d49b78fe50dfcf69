//! stub deployments
use crate::deployments_view::DeploymentPage;
use crate::deployments_view::DeploymentRef;
use crate::deployments_view::DeploymentSummary;
use crate::deployments_view::ImportSnapshot;
use crate::commands::Nothing;
use crate::deployments_view::SetDeployment;
use crate::deployments_view::SnapshotSummary;
use crate::Engine;
use crate::error::{Code,Result,WireError};
pub fn list(_: &Engine, _: Nothing) -> Result<Vec<DeploymentSummary>> { Err(WireError::new(Code::Internal, "not built")) }
pub fn show(_: &Engine, _: DeploymentRef) -> Result<DeploymentPage> { Err(WireError::new(Code::Internal, "not built")) }
pub fn set(_: &Engine, _: SetDeployment) -> Result<DeploymentPage> { Err(WireError::new(Code::Internal, "not built")) }
pub fn import_snapshot(_: &Engine, _: ImportSnapshot) -> Result<SnapshotSummary> { Err(WireError::new(Code::Internal, "not built")) }
