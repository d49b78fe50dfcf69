//! The only list of what this program can do. It becomes `dispatch`, which the window, the local
//! server and the tests call, and the generated `ui/src/lib/bindings.ts`.
//!
//! `reads` and `writes` name what a command looks at and what it changes; the window derives from
//! them which answers to ask for again. A `job` answers at once and ends with an event that
//! carries its result. One that is `confirmed` is carried out only with the token of a confirmation
//! where a page sends it (`confirmations`). Not here: what a command does; that is in the module of its noun.

use assay_report::model::Report;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::approvals::view::{
    AddPerson, ApprovalFile, ApprovalRef, ApprovalRow, ApprovalStanding, AskedGate, CreatePerson,
    DecideApproval, Deed, ExportApproval, OpenedRequest, PersonRow, Persons, RequestApproval,
    RevokePerson, RuleRow, SetRule, SignApproval, WrittenApproval,
};
use crate::checks::view::{
    CheckRow, CheckSummary, EndWaiver, FindingRef, FindingRow, ListFindings, RunChecks,
    WaiveFinding,
};
use crate::confirmations::Question;
use crate::deployments::view::{
    About, DeploymentPage, DeploymentRef, DeploymentSummary, ImportSnapshot, Overview,
    SetDeployment, SnapshotSummary,
};
use crate::error::{Code, Result, WireError};
use crate::evidence::anchors::view::{
    AnchorNow, AnchorRef, AnchorRow, AnchorSummary, Anchors, SaveAnchor,
};
use crate::evidence::integrity::view::{CheckStore, StoreCheck};
use crate::evidence::packs::view::{
    EvidencePack, PackEvidence, RecordProof, ToolsRun, Verification, VerifyPack,
};
use crate::evidence::signing::view::{
    AcceptRestore, ReadRecovery, ShownKey, SignedCheckpoint, WriteRecovery,
};
use crate::handles::Chosen;
use crate::imports::digests::view::DigestReport;
use crate::imports::view::{Batch, ImportSummary, ListRejected, RejectedLine, StartImport};
use crate::jobs::{Event, Job, JobRef, Started};
use crate::opening::Engine;
use crate::redaction::guards::view::{
    AskGuardCases, GuardCases, GuardPlan, GuardRef, GuardRow, GuardRun, GuardRunRef, GuardRunRow,
    PlanGuard, RunGuard, SaveGuard, SetGuardKey,
};
use crate::redaction::leak_bounds::view::{
    BoundCanaries, BoundRecapture, BoundSample, CanaryBound, RecaptureBound, SampleBound,
};
use crate::redaction::names_model::view::{NamesStatus, SetNamesModel, TriedNames, TryNames};
use crate::redaction::policies::gate::view::{AskGate, Gate};
use crate::redaction::policies::view::{
    ComparePolicies, ComparedPolicies, ExportPolicy, ExportedPolicy, FollowDefault, ImportPolicy,
    ImportedPolicy, PolicyRef, PolicyRow, PutInForce, SavePolicy, WritePolicy, WrittenPolicy,
};
use crate::redaction::rehearsal::view::{Rehearsal, Rehearse};
use crate::redaction::rules::view::{
    ListRules, PolicyText, RuleList, TakeOutRule, TriedRule, TryRule,
};
use crate::redaction::sinks::view::{AskSinks, Sinks};
use crate::redaction::test_sets::view::{
    AddTestText, AddedTexts, AskCases, CasePage, CaseRow, ImportSet, LabelText, MakeSet,
    RevealText, RunSet, SetRow, SetRun, TextRef,
};
use crate::redaction::view::{
    PreviewRedaction, RecognizerRow, RedactionPreview, RestoreText, RestoredText, VaultStatus,
};
use crate::replay::view::{
    BackendRef, BackendRow, Comparison, PlanReplay, ReplayPlan, ReplayRun, RunRef, SaveBackend,
    SetKey, ShowComparison, StartReplay,
};
use crate::reports::view::{AskReport, EvidenceStatus, RenderReport, RenderedReport, ReportRow};
use crate::retention::view::{
    CarryOut, Dispose, EraseSubject, Erased, FindSubject, FoundSubject, HoldRow, ReleaseHold,
    Requests, RetentionStatus, SetHold, SetRetention,
};
use crate::settings::encrypting::view::{
    EncryptStore, PassphraseTried, SetStorePassphrase, StoreConverted, StoreEncryption,
    TryStorePassphrase, UnlockStore,
};
use crate::trail::billed::view::{AskUsage, UsagePage};
use crate::trail::exporting::view::{ExportOriginals, ExportPlan, ExportRows, ExportedRows};
use crate::trail::latency::Latency;
use crate::trail::notes::view::{
    AddNote, CallNotes, NoteRef, RenameView, SaveView, TagCall, ViewRef, ViewRow,
};
use crate::trail::reconciling::view::{AskReconciliation, Reconciliation};
use crate::trail::review_samples::view::{
    DrawSample, JudgeItem, ReadItem, ReaderRef, ReadingItem, Repeated, SampleDetail, SampleRef,
    SampleResults, SampleRow,
};
use crate::trail::text_index::view::{
    AskExcerpts, AskTextStatus, BuildText, Excerpt, TextCost, TextStatus,
};
use crate::trail::view::{
    ActivityDetail, ActivityPage, AskHistogram, AskRow, CallDetail, CallPage, Count, Facet,
    Histogram, ListCalls, Query, QueryKey, RecordRef, RevealCall, Revealed, RowNumber,
};
use crate::{
    approvals, checks, confirmations, deployments, evidence, imports, overview, redaction, replay,
    reports, retention, settings, trail,
};

/// No input.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, TS)]
pub struct Nothing {}

fn bad_input(command: &str, error: &serde_json::Error) -> WireError {
    WireError::new(
        Code::BadInput,
        format!("cannot read the input of `{command}`: {error}"),
    )
}

fn to_value<T: Serialize>(output: T) -> Result<Value> {
    serde_json::to_value(output).map_err(|error| WireError::new(Code::Internal, error.to_string()))
}

macro_rules! commands {
    ($( $name:literal => $form:ident $path:path [$input:ty] -> $output:ty, reads [$($read:ident),*] writes [$($write:ident),*] $($guard:ident)?; )*) => {
        /// The names of all commands.
        pub const NAMES: &[&str] = &[$($name),*];

        /// Carries out the command `name` with `input` and answers its output, or for a job the
        /// job's id.
        ///
        /// # Errors
        /// [`Code::BadInput`] where there is no such command or `input` is not of its form;
        /// whatever the command itself answers.
        pub fn dispatch(engine: &Engine, name: &str, input: Value) -> Result<Value> {
            dispatch_with(engine, name, input, None)
        }

        /// Carries out a command as [`dispatch`] does; `token` is what a confirmation issued.
        ///
        /// # Errors
        /// As [`dispatch`]; [`Code::NotConfirmed`].
        pub fn dispatch_with(engine: &Engine, name: &str, input: Value, token: Option<&str>) -> Result<Value> {
            if needs_confirmation(name) {
                confirmations::check(engine, name, &input, token)?;
            }
            match name {
                $( $name => {
                    let input = serde_json::from_value::<$input>(input).map_err(|error| bad_input(name, &error))?;
                    let output = $path(engine, input)?;
                    let written: &[&str] = &[$(stringify!($write)),*];
                    if stringify!($form) == "plain" && !written.is_empty() {
                        engine.jobs().changed(written);
                    }
                    to_value(output)
                } )*
                _ => Err(WireError::new(Code::BadInput, format!("unknown command: {name}"))),
            }
        }

        /// Whether the list marks the command as `confirmed`: what it does can't be undone.
        pub fn needs_confirmation(name: &str) -> bool {
            match name {
                $( $name => !stringify!($($guard)?).is_empty(), )*
                _ => false,
            }
        }

        /// The TypeScript types of all commands, as `ui/src/lib/bindings.ts` holds them.
        pub fn bindings() -> String {
            let config = ts_rs::Config::default().with_large_int("number");
            let mut declarations = std::collections::BTreeSet::new();
            let mut collect = Declarations { config: &config, found: &mut declarations };
            $(
                ts_rs::TypeVisitor::visit::<$input>(&mut collect);
                ts_rs::TypeVisitor::visit::<$output>(&mut collect);
            )*
            ts_rs::TypeVisitor::visit::<WireError>(&mut collect);
            ts_rs::TypeVisitor::visit::<Event>(&mut collect);
            ts_rs::TypeVisitor::visit::<Started>(&mut collect);
            ts_rs::TypeVisitor::visit::<Chosen>(&mut collect);
            ts_rs::TypeVisitor::visit::<Question>(&mut collect);
            let mut text = String::from(
                "// Generated from crates/engine/src/commands.rs by its tests. Do not edit.\n\n",
            );
            for declaration in declarations {
                text.push_str(&format!("export {declaration}\n\n"));
            }
            text.push_str("export type Commands = {\n");
            $(
                text.push_str(&format!(
                    "  {:?}: {{ input: {}; output: {}; form: {:?} }};\n",
                    $name,
                    <$input as TS>::name(&config),
                    <$output as TS>::name(&config),
                    stringify!($form),
                ));
            )*
            text.push_str("};\n\nexport const effects = {\n");
            $(
                let reads: &[&str] = &[$(stringify!($read)),*];
                let writes: &[&str] = &[$(stringify!($write)),*];
                text.push_str(&format!(
                    "  {:?}: {{ form: {:?}, confirmed: {}, reads: {:?}, writes: {:?} }},\n",
                    $name, stringify!($form), needs_confirmation($name), reads, writes,
                ));
            )*
            text.push_str("} as const;\n");
            text
        }
    };
}

commands! {
    "overview.show"                 => plain overview::show                       [Nothing]            -> Overview,        reads [trail, deployments, findings, approvals, retention] writes [];
    "settings.about"                => plain settings::about                      [Nothing]            -> About,           reads [trail] writes [];
    "settings.store_encryption"     => plain settings::encrypting::status         [Nothing]            -> StoreEncryption, reads [trail] writes [];
    "settings.encrypt_store"        => job   settings::encrypting::start_encrypt  [EncryptStore]       -> StoreConverted,  reads [] writes [trail, activities] confirmed;
    "settings.rotate_store_key"     => job   settings::encrypting::start_rotate   [EncryptStore]       -> StoreConverted,  reads [] writes [trail, activities] confirmed;
    "settings.decrypt_store"        => job   settings::encrypting::start_decrypt  [Nothing]            -> StoreConverted,  reads [] writes [trail, activities] confirmed;
    "settings.set_store_passphrase" => plain settings::encrypting::set_passphrase [SetStorePassphrase] -> StoreEncryption, reads [] writes [trail, activities] confirmed;
    "settings.try_store_passphrase" => plain settings::encrypting::try_passphrase [TryStorePassphrase] -> PassphraseTried, reads [] writes [];
    "settings.unlock_store"         => plain settings::encrypting::unlock         [UnlockStore]        -> StoreEncryption, reads [] writes [trail];
    "jobs.list"                     => plain settings::jobs                       [Nothing]            -> Vec<Job>,        reads [jobs] writes [];
    "jobs.cancel"                   => plain settings::cancel                     [JobRef]             -> Nothing,         reads [] writes [jobs];

    "imports.start"    => job   imports::start         [StartImport]  -> ImportSummary,     reads [] writes [trail, imports, deployments];
    "imports.list"     => plain imports::list          [Nothing]      -> Vec<Batch>,        reads [imports] writes [];
    "imports.rejected" => plain imports::rejected      [ListRejected] -> Vec<RejectedLine>, reads [imports] writes [];
    "imports.digests"  => plain imports::digests::show [Nothing]      -> DigestReport,      reads [imports] writes [];

    "trail.calls"            => plain trail::calls                      [ListCalls]         -> CallPage,       reads [trail] writes [];
    "trail.count"            => plain trail::count                      [Query]             -> Count,          reads [trail] writes [];
    "trail.histogram"        => plain trail::histogram                  [AskHistogram]      -> Histogram,      reads [trail] writes [];
    "trail.latency"          => plain trail::latency::show              [Query]             -> Latency,        reads [trail] writes [];
    "trail.facets"           => plain trail::facets                     [Query]             -> Vec<Facet>,     reads [trail] writes [];
    "trail.call"             => plain trail::call                       [RecordRef]         -> CallDetail,     reads [trail, activities] writes [];
    "trail.excerpts"         => plain trail::excerpts::excerpts         [AskExcerpts]       -> Vec<Excerpt>,   reads [trail] writes [];
    "trail.text_status"      => plain trail::text_index::status         [AskTextStatus]     -> TextStatus,     reads [trail] writes [];
    "trail.text_cost"        => plain trail::text_index::cost           [Nothing]           -> TextCost,       reads [trail] writes [];
    "trail.text_build"       => job   trail::text_index::build          [BuildText]         -> TextStatus,     reads [] writes [trail, activities];
    "trail.text_drop"        => plain trail::text_index::switch_off     [Nothing]           -> TextStatus,     reads [] writes [trail, activities];
    "trail.reveal"           => plain trail::reveal                     [RevealCall]        -> Revealed,       reads [] writes [activities] confirmed;
    "trail.copied"           => plain trail::copied                     [RecordRef]         -> Nothing,        reads [] writes [activities];
    "trail.activities"       => plain trail::activities                 [ListCalls]         -> ActivityPage,   reads [trail, activities] writes [];
    "trail.activity_count"   => plain trail::activity_count             [Query]             -> Count,          reads [trail, activities] writes [];
    "trail.row_at"           => plain trail::row_at                     [AskRow]            -> RowNumber,      reads [trail] writes [];
    "trail.activity_row_at"  => plain trail::activity_row_at            [AskRow]            -> RowNumber,      reads [trail, activities] writes [];
    "trail.activity"         => plain trail::activity                   [RecordRef]         -> ActivityDetail, reads [trail] writes [];
    "trail.plan_export"      => plain trail::exporting::plan            [ExportRows]        -> ExportPlan,     reads [trail, activities, policies] writes [];
    "trail.export"           => job   trail::exporting::start           [ExportRows]        -> ExportedRows,   reads [] writes [activities, trail];
    "trail.export_originals" => job   trail::exporting::start_originals [ExportOriginals]   -> ExportedRows,   reads [] writes [activities, trail] confirmed;
    "trail.reconcile"        => plain trail::reconciling::reconcile     [AskReconciliation] -> Reconciliation, reads [trail, activities, imports] writes [];
    "trail.usage"            => plain trail::billed::usage              [AskUsage]          -> UsagePage,      reads [trail, imports] writes [];
    "trail.keys"             => plain trail::keys                       [Nothing]           -> Vec<QueryKey>,  reads [] writes [];

    "trail.notes"          => plain trail::notes::show               [RecordRef]  -> CallNotes,      reads [notes] writes [];
    "trail.add_note"       => plain trail::notes::add                [AddNote]    -> CallNotes,      reads [] writes [notes, trail, activities];
    "trail.withdraw_note"  => plain trail::notes::withdraw           [NoteRef]    -> CallNotes,      reads [] writes [notes, trail, activities];
    "trail.add_tag"        => plain trail::notes::add_tag            [TagCall]    -> CallNotes,      reads [] writes [notes, trail, activities];
    "trail.remove_tag"     => plain trail::notes::remove_tag         [TagCall]    -> CallNotes,      reads [] writes [notes, trail, activities];
    "trail.views"          => plain trail::views::list               [Nothing]    -> Vec<ViewRow>,   reads [views] writes [];
    "trail.save_view"      => plain trail::views::save               [SaveView]   -> ViewRow,        reads [] writes [views, activities];
    "trail.rename_view"    => plain trail::views::rename             [RenameView] -> ViewRow,        reads [] writes [views, activities];
    "trail.delete_view"    => plain trail::views::delete             [ViewRef]    -> Nothing,        reads [] writes [views, activities];
    "trail.samples"        => plain trail::review_samples::list      [Nothing]    -> Vec<SampleRow>, reads [samples, trail] writes [];
    "trail.sample"         => plain trail::review_samples::show      [SampleRef]  -> SampleDetail,   reads [samples, trail] writes [];
    "trail.repeat_sample"  => plain trail::review_samples::repeat    [SampleRef]  -> Repeated,       reads [samples, trail] writes [];
    "trail.sample_results" => plain trail::review_samples::agreement [SampleRef]  -> SampleResults,  reads [samples] writes [];
    "trail.draw_sample"    => plain trail::review_samples::draw      [DrawSample] -> SampleDetail,   reads [] writes [samples, trail, activities];
    "trail.join_sample"    => plain trail::review_samples::join      [ReaderRef]  -> SampleDetail,   reads [] writes [samples, activities];
    "trail.read_item"      => plain trail::review_samples::read      [ReadItem]   -> ReadingItem,    reads [readings, trail] writes [];
    "trail.judge_item"     => plain trail::review_samples::judge     [JudgeItem]  -> ReadingItem,    reads [] writes [readings, activities];
    "trail.finish_reading" => plain trail::review_samples::finish    [ReaderRef]  -> SampleDetail,   reads [] writes [samples, readings, activities];
    "trail.close_sample"   => plain trail::review_samples::close     [SampleRef]  -> SampleDetail,   reads [] writes [samples, readings, activities];

    "deployments.list" => plain deployments::list            [Nothing]        -> Vec<DeploymentSummary>, reads [trail, deployments, findings] writes [];
    "deployments.show" => plain deployments::show            [DeploymentRef]  -> DeploymentPage,         reads [trail, deployments, findings] writes [];
    "deployments.set"  => plain deployments::set             [SetDeployment]  -> DeploymentPage,         reads [] writes [deployments, activities];
    "snapshots.import" => plain deployments::import_snapshot [ImportSnapshot] -> SnapshotSummary,        reads [] writes [deployments, activities];

    "redaction.preview"            => plain redaction::preview                      [PreviewRedaction] -> RedactionPreview,   reads [] writes [];
    "redaction.policies"           => plain redaction::policies::list               [Nothing]          -> Vec<PolicyRow>,     reads [policies] writes [];
    "redaction.versions"           => plain redaction::policies::versions           [PolicyRef]        -> Vec<PolicyRow>,     reads [policies] writes [];
    "redaction.save_policy"        => plain redaction::policies::save               [SavePolicy]       -> PolicyRow,          reads [] writes [policies, activities];
    "redaction.return_to"          => plain redaction::policies::return_to          [PolicyRef]        -> PolicyRow,          reads [] writes [policies, activities];
    "redaction.put_in_force"       => plain redaction::policies::put_in_force       [PutInForce]       -> PolicyRow,          reads [] writes [policies, trail, activities];
    "redaction.gate_standing"      => plain redaction::policies::gate::standing     [AskGate]          -> Gate,               reads [policies, test_sets, trail] writes [];
    "redaction.gate"               => job   redaction::policies::gate::start        [AskGate]          -> Gate,               reads [] writes [trail, activities];
    "redaction.compare"            => plain redaction::policies::carrying::compare  [ComparePolicies]  -> ComparedPolicies,   reads [policies] writes [];
    "redaction.import_policy"      => plain redaction::policies::carrying::import   [ImportPolicy]     -> ImportedPolicy,     reads [] writes [];
    "redaction.export_policy"      => plain redaction::policies::carrying::export   [ExportPolicy]     -> ExportedPolicy,     reads [] writes [];
    "redaction.write_policy"       => plain redaction::policies::carrying::write    [WritePolicy]      -> WrittenPolicy,      reads [] writes [activities];
    "redaction.follow_default"     => plain redaction::policies::follow_default     [FollowDefault]    -> PolicyRow,          reads [] writes [policies, trail, activities];
    "redaction.rules"              => plain redaction::rules::list                  [ListRules]        -> RuleList,           reads [] writes [];
    "redaction.try_rule"           => plain redaction::rules::try_rule              [TryRule]          -> TriedRule,          reads [] writes [];
    "redaction.take_out_rule"      => plain redaction::rules::take_out              [TakeOutRule]      -> PolicyText,         reads [] writes [];
    "redaction.sets"               => plain redaction::test_sets::list              [Nothing]          -> Vec<SetRow>,        reads [test_sets] writes [];
    "redaction.make_set"           => plain redaction::test_sets::make              [MakeSet]          -> SetRow,             reads [] writes [test_sets, activities];
    "redaction.import_set"         => plain redaction::test_sets::import            [ImportSet]        -> AddedTexts,         reads [] writes [test_sets, activities];
    "redaction.add_text"           => plain redaction::test_sets::add_text          [AddTestText]      -> AddedTexts,         reads [] writes [test_sets, activities];
    "redaction.run_set"            => plain redaction::test_runs::run               [RunSet]           -> SetRun,             reads [test_sets, policies] writes [];
    "redaction.cases"              => plain redaction::test_runs::cases             [AskCases]         -> CasePage,           reads [test_sets, policies] writes [];
    "redaction.text"               => plain redaction::test_sets::text              [TextRef]          -> CaseRow,            reads [test_sets, policies] writes [];
    "redaction.reveal_text"        => plain redaction::test_sets::reveal            [RevealText]       -> CaseRow,            reads [] writes [activities];
    "redaction.label"              => plain redaction::test_sets::label             [LabelText]        -> CaseRow,            reads [] writes [test_sets, activities];
    "redaction.take_out_text"      => plain redaction::test_sets::take_out          [TextRef]          -> Nothing,            reads [] writes [test_sets, activities];
    "redaction.names"              => plain redaction::names_model::status          [Nothing]          -> NamesStatus,        reads [policies] writes [];
    "redaction.set_names_model"    => plain redaction::names_model::set_chosen      [SetNamesModel]    -> NamesStatus,        reads [] writes [policies, trail, activities];
    "redaction.remove_names_model" => plain redaction::names_model::remove          [Nothing]          -> NamesStatus,        reads [] writes [policies, trail, activities];
    "redaction.try_names"          => plain redaction::names_model::try_text        [TryNames]         -> TriedNames,         reads [] writes [];
    "redaction.recognizers"        => plain redaction::recognizers                  [Nothing]          -> Vec<RecognizerRow>, reads [] writes [];
    "redaction.rehearse"           => job   redaction::rehearsal::start             [Rehearse]         -> Rehearsal,          reads [] writes [trail, activities];
    "redaction.vault"              => plain redaction::vault::status                [Nothing]          -> VaultStatus,        reads [activities] writes [];
    "redaction.restore"            => plain redaction::vault::restore               [RestoreText]      -> RestoredText,       reads [] writes [activities];
    "redaction.bound_canaries"     => job   redaction::leak_bounds::start_canaries  [BoundCanaries]    -> CanaryBound,        reads [] writes [];
    "redaction.bound_sample"       => plain redaction::leak_bounds::of_sample       [BoundSample]      -> SampleBound,        reads [samples] writes [];
    "redaction.bound_recapture"    => job   redaction::leak_bounds::start_recapture [BoundRecapture]   -> RecaptureBound,     reads [] writes [];

    "redaction.guards"        => plain redaction::guards::guards         [Nothing]       -> Vec<GuardRow>,    reads [guards] writes [];
    "redaction.save_guard"    => plain redaction::guards::save_guard     [SaveGuard]     -> GuardRow,         reads [] writes [guards, activities];
    "redaction.remove_guard"  => plain redaction::guards::remove_guard   [GuardRef]      -> Nothing,          reads [] writes [guards, activities];
    "redaction.set_guard_key" => plain redaction::guards::set_guard_key  [SetGuardKey]   -> GuardRow,         reads [] writes [guards];
    "redaction.plan_guard"    => plain redaction::guard_runs::plan_guard [PlanGuard]     -> GuardPlan,        reads [] writes [];
    "redaction.run_guard"     => job   redaction::guard_runs::start      [RunGuard]      -> GuardRun,         reads [] writes [guard_runs, activities] confirmed;
    "redaction.guard_runs"    => plain redaction::guard_results::runs    [Nothing]       -> Vec<GuardRunRow>, reads [guard_runs] writes [];
    "redaction.guard_run"     => plain redaction::guard_results::show    [GuardRunRef]   -> GuardRun,         reads [guard_runs] writes [];
    "redaction.guard_cases"   => plain redaction::guard_results::cases   [AskGuardCases] -> GuardCases,       reads [guard_runs] writes [];
    "redaction.sinks"         => job   redaction::sinks::start           [AskSinks]      -> Sinks,            reads [] writes [];

    "checks.list"       => plain checks::list       [Nothing]      -> Vec<CheckRow>, reads [] writes [];
    "checks.run"        => job   checks::start      [RunChecks]    -> CheckSummary,  reads [] writes [findings, deployments, trail];
    "checks.findings"   => plain checks::findings   [ListFindings] -> CheckSummary,  reads [findings] writes [];
    "checks.explain"    => plain checks::explain    [FindingRef]   -> FindingRow,    reads [findings] writes [];
    "checks.waive"      => plain checks::waive      [WaiveFinding] -> FindingRow,    reads [] writes [findings, activities];
    "checks.end_waiver" => plain checks::end_waiver [EndWaiver]    -> FindingRow,    reads [] writes [findings, activities];

    "replay.backends"       => plain replay::backends::backends       [Nothing]        -> Vec<BackendRow>, reads [backends] writes [];
    "replay.save_backend"   => plain replay::backends::save_backend   [SaveBackend]    -> BackendRow,      reads [] writes [backends, activities];
    "replay.remove_backend" => plain replay::backends::remove_backend [BackendRef]     -> Nothing,         reads [] writes [backends, activities];
    "replay.set_key"        => plain replay::backends::set_key        [SetKey]         -> BackendRow,      reads [] writes [backends, activities];
    "replay.plan"           => plain replay::plan                     [PlanReplay]     -> ReplayPlan,      reads [] writes [];
    "replay.start"          => job   replay::run::start               [StartReplay]    -> ReplayRun,       reads [] writes [runs, activities] confirmed;
    "replay.runs"           => plain replay::shown::runs              [Nothing]        -> Vec<ReplayRun>,  reads [runs] writes [];
    "replay.show"           => plain replay::shown::show              [RunRef]         -> ReplayRun,       reads [runs] writes [];
    "replay.comparison"     => plain replay::shown::comparison        [ShowComparison] -> Comparison,      reads [runs] writes [];

    "reports.preview" => plain reports::preview [AskReport]    -> Report,         reads [trail, deployments, findings] writes [];
    "reports.render"  => job   reports::start   [RenderReport] -> RenderedReport, reads [] writes [reports, activities];
    "reports.list"    => plain reports::list    [Nothing]      -> Vec<ReportRow>, reads [reports] writes [];

    "retention.status"       => plain retention::status             [Nothing]      -> RetentionStatus, reads [retention, trail] writes [];
    "retention.set_rule"     => plain retention::set_rule           [SetRetention] -> RetentionStatus, reads [] writes [retention, activities];
    "retention.dispose"      => job   retention::dispose            [Dispose]      -> Erased,          reads [] writes [notes, views, samples, retention, trail, activities, findings, reports] confirmed;
    "retention.holds"        => plain retention::holds::list        [Nothing]      -> Vec<HoldRow>,    reads [retention, trail] writes [];
    "retention.set_hold"     => plain retention::holds::set         [SetHold]      -> HoldRow,         reads [] writes [retention, trail, activities];
    "retention.release_hold" => plain retention::holds::release     [ReleaseHold]  -> HoldRow,         reads [] writes [retention, trail, activities] confirmed;
    "retention.find_subject" => job   retention::subjects::find     [FindSubject]  -> FoundSubject,    reads [] writes [];
    "retention.erase"        => job   retention::erasing::erase     [EraseSubject] -> Erased,          reads [] writes [notes, views, samples, retention, trail, activities, imports, findings, runs, reports, deployments] confirmed;
    "retention.requests"     => plain retention::erasing::requests  [Nothing]      -> Requests,        reads [retention, trail] writes [];
    "retention.carry_out"    => job   retention::erasing::carry_out [CarryOut]     -> Erased,          reads [] writes [notes, views, samples, retention, trail, activities, imports, findings, runs, reports, deployments] confirmed;

    "evidence.status"         => plain evidence::status                   [Nothing]       -> EvidenceStatus,   reads [trail] writes [];
    "evidence.pack"           => job   evidence::start_pack               [PackEvidence]  -> EvidencePack,     reads [] writes [activities, trail] confirmed;
    "evidence.checkpoint"     => plain evidence::signing::checkpoint      [Nothing]       -> SignedCheckpoint, reads [] writes [trail];
    "evidence.key"            => plain evidence::signing::key             [Nothing]       -> ShownKey,         reads [trail] writes [];
    "evidence.rotate_key"     => plain evidence::signing::rotate          [Nothing]       -> ShownKey,         reads [] writes [trail, activities] confirmed;
    "evidence.write_recovery" => plain evidence::recovery::write_chosen   [WriteRecovery] -> ShownKey,         reads [] writes [trail];
    "evidence.read_recovery"  => plain evidence::recovery::restore_chosen [ReadRecovery]  -> ShownKey,         reads [] writes [trail];
    "evidence.accept_restore" => plain evidence::signing::accept_restore  [AcceptRestore] -> ShownKey,         reads [] writes [trail, activities] confirmed;
    "evidence.anchors"        => plain evidence::anchors::list            [Nothing]       -> Anchors,          reads [anchors, trail] writes [];
    "evidence.save_anchor"    => plain evidence::anchors::save            [SaveAnchor]    -> AnchorRow,        reads [] writes [anchors, activities] confirmed;
    "evidence.remove_anchor"  => plain evidence::anchors::remove          [AnchorRef]     -> Nothing,          reads [] writes [anchors, activities];
    "evidence.anchor_now"     => job   evidence::anchors::start           [AnchorNow]     -> AnchorSummary,    reads [] writes [anchors, trail, activities];
    "evidence.fsck"           => job   evidence::integrity::start         [CheckStore]    -> StoreCheck,       reads [] writes [trail];
    "evidence.prove"          => plain evidence::proving::prove           [RecordRef]     -> RecordProof,      reads [trail] writes [];
    "evidence.run_tools"      => job   evidence::standard_tools::start    [VerifyPack]    -> ToolsRun,         reads [] writes [];
    "evidence.verify"         => plain evidence::verify                   [VerifyPack]    -> Verification,     reads [] writes [];

    "approvals.persons"       => plain approvals::persons::list   [Nothing]         -> Persons,          reads [approvals] writes [];
    "approvals.create_key"    => plain approvals::persons::create [CreatePerson]    -> PersonRow,        reads [] writes [approvals, activities];
    "approvals.add_person"    => plain approvals::persons::add    [AddPerson]       -> PersonRow,        reads [] writes [approvals, activities] confirmed;
    "approvals.revoke_person" => plain approvals::persons::revoke [RevokePerson]    -> Persons,          reads [] writes [approvals, activities] confirmed;
    "approvals.rules"         => plain approvals::rules           [Nothing]         -> Vec<RuleRow>,     reads [approvals] writes [];
    "approvals.set_rule"      => plain approvals::set_rule        [SetRule]         -> Vec<RuleRow>,     reads [] writes [approvals, activities] confirmed;
    "approvals.list"          => plain approvals::list            [Nothing]         -> Vec<ApprovalRow>, reads [approvals] writes [];
    "approvals.show"          => plain approvals::show            [ApprovalRef]     -> ApprovalRow,      reads [approvals] writes [];
    "approvals.gate"          => plain approvals::gate::show      [ApprovalRef]     -> AskedGate,        reads [approvals, policies, test_sets, trail] writes [];
    "approvals.standing"      => plain approvals::standing        [Deed]            -> ApprovalStanding, reads [approvals, trail, findings, policies] writes [];
    "approvals.request"       => plain approvals::request         [RequestApproval] -> ApprovalRow,      reads [] writes [approvals, activities];
    "approvals.decide"        => plain approvals::decide          [DecideApproval]  -> ApprovalRow,      reads [] writes [approvals, activities] confirmed;
    "approvals.export"        => plain approvals::files::export   [ExportApproval]  -> WrittenApproval,  reads [] writes [];
    "approvals.open_file"     => plain approvals::files::open     [ApprovalFile]    -> OpenedRequest,    reads [] writes [];
    "approvals.sign_file"     => plain approvals::files::sign     [SignApproval]    -> WrittenApproval,  reads [] writes [activities] confirmed;
    "approvals.import"        => plain approvals::files::import   [ApprovalFile]    -> ApprovalRow,      reads [] writes [approvals, activities];
}

struct Declarations<'a> {
    config: &'a ts_rs::Config,
    found: &'a mut std::collections::BTreeSet<String>,
}

impl ts_rs::TypeVisitor for Declarations<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if T::output_path().is_some() && self.found.insert(T::decl(self.config)) {
            T::visit_dependencies(self);
        }
        T::visit_generics(self);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_bindings_are_current() {
        let path =
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/lib/bindings.ts");
        let text = bindings();
        let old = std::fs::read_to_string(&path).unwrap_or_default();
        if old != text {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &text).unwrap();
            panic!("ui/src/lib/bindings.ts was stale and has been rewritten; commit it");
        }
    }
}
