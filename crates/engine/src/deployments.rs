//! Deployments: what is known of how each handles data, and what its calls show.
//!
//! In: names, definitions as TOML, settings answers. Out: summaries and pages. Not here: judging
//! them (`checks`).

pub mod view;

use std::path::PathBuf;

use assay_domain::call::{Call, Kind};
use assay_domain::checks::{Subject, calls as calls_text};
use assay_domain::deployment::{self, Definition};
use assay_domain::facts::{self, Line, Mark, Topic};
use assay_domain::moment::rfc3339;
use assay_domain::place::{self, Allowed};
use assay_domain::query::{keys::Table, term_for};
use assay_domain::settings::{self, Setting, date_text};
use assay_store::deployments::{DeploymentRecord, SnapshotRecord, Sums};

use crate::checks;
use crate::commands::Nothing;
use crate::deployments::view::{
    DeploymentPage, DeploymentRef, DeploymentSummary, HandlingLine, ImportSnapshot, NamedCount,
    RegionRow, ServedRegion, SetDeployment, SettingRow, SnapshotSummary, Verdicts,
};
use crate::error::{Code, Result, WireError};
use crate::opening::{Engine, read_query};
use crate::trail::costs::usd;

/// Says which deployment a call belongs to.
pub(crate) struct Resolver {
    /// The more rules, the earlier.
    definitions: Vec<Definition>,
    forced: Option<(String, Option<Kind>)>,
}

impl Resolver {
    /// Reads the definitions. With `forced`, calls of that deployment's kind belong to it.
    pub(crate) fn load(engine: &Engine, forced: Option<&str>) -> Result<Self> {
        let records = engine.store().deployments()?;
        let mut definitions: Vec<Definition> =
            records.iter().map(definition).collect::<Result<_>>()?;
        definitions.sort_by(|a, b| {
            b.specificity()
                .cmp(&a.specificity())
                .then_with(|| a.name.cmp(&b.name))
        });
        if let Some(name) = forced {
            let plain = |name: &str| {
                name.chars()
                    .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
            };
            if name.is_empty() || name.len() > 80 || !plain(name) {
                return Err(WireError::new(
                    Code::BadInput,
                    format!("not a deployment's name: {name}"),
                )
                .hint("use letters, digits, `-`, `_` and `.`"));
            }
        }
        let forced = forced.map(|name| {
            let kind = records
                .iter()
                .find(|record| record.name == name)
                .map(|record| record.kind);
            (name.to_owned(), kind)
        });
        Ok(Self {
            definitions,
            forced,
        })
    }

    /// The deployment that the import was asked to put everything into.
    pub(crate) fn forced_name(&self) -> Option<String> {
        self.forced.as_ref().map(|(name, _)| name.clone())
    }

    /// The name of the call's deployment.
    pub(crate) fn deployment(&self, call: &Call, source: &str) -> String {
        if let Some((name, kind)) = &self.forced
            && kind.is_none_or(|kind| kind == call.kind)
        {
            return name.clone();
        }
        self.definitions
            .iter()
            .find(|definition| definition.matches(call, source))
            .map_or_else(
                || deployment::name_for(call),
                |definition| definition.name.clone(),
            )
    }
}

/// A deployment's definition; a bare one where nobody wrote it.
///
/// # Errors
/// `bad_input` where what is stored can't be read, as another version may have written it: nothing
/// may then be judged, as what must hold is not known.
pub(crate) fn definition(record: &DeploymentRecord) -> Result<Definition> {
    let Some(toml) = record.toml.as_deref() else {
        return Ok(Definition::bare(&record.name, record.kind));
    };
    Definition::parse(toml).map_err(|error| {
        WireError::new(
            Code::BadInput,
            format!("the definition of `{}` can't be read: {error}", record.name),
        )
        .hint("correct it under Deployments, or with `assay deployments set`")
    })
}

/// The definition for showing: one that can't be read says so, and is there to be corrected.
fn shown_definition(record: &DeploymentRecord) -> Definition {
    definition(record).unwrap_or_else(|error| Definition {
        description: format!("{error}. Nothing is judged by it until it is corrected."),
        ..Definition::bare(&record.name, record.kind)
    })
}

/// The newest reading of each collected setting.
pub(crate) fn collected(engine: &Engine, record: &DeploymentRecord) -> Result<Vec<Setting>> {
    let mut newest: Vec<(i64, Setting)> = Vec::new();
    for snapshot in engine.store().snapshots(record.id)? {
        let read: Vec<Setting> = serde_json::from_str(&snapshot.settings).map_err(|error| {
            WireError::new(
                Code::Internal,
                format!("a stored snapshot can't be read: {error}"),
            )
        })?;
        for setting in read {
            // An answer that states no time was read before it was imported, and may be the newest.
            let at_ms = setting.as_of_ms.unwrap_or(snapshot.imported_ms);
            let same = |other: &Setting| other.name == setting.name && other.place == setting.place;
            match newest.iter_mut().find(|(_, other)| same(other)) {
                Some(other) if other.0 <= at_ms => *other = (at_ms, setting),
                Some(_) => {}
                None => newest.push((at_ms, setting)),
            }
        }
    }
    Ok(newest.into_iter().map(|(_, setting)| setting).collect())
}

/// All deployments, by kind and name.
///
/// # Errors
/// The store's.
pub fn list(engine: &Engine, _: Nothing) -> Result<Vec<DeploymentSummary>> {
    let records = engine.store().deployments()?;
    records
        .iter()
        .map(|record| summary(engine, record))
        .collect()
}

fn count(engine: &Engine, query: &str) -> Result<u64> {
    Ok(engine.store().count(&read_query(query, Table::Calls)?)?.0)
}

fn values(engine: &Engine, key: &str, query: &str) -> Result<Vec<(Option<String>, u64)>> {
    let (values, _) = engine
        .store()
        .facet(key, &read_query(query, Table::Calls)?, usize::MAX)?;
    Ok(values
        .into_iter()
        .map(|value| (value.value, value.calls))
        .collect())
}

/// The values of a key among the calls that `query` matches, each with the query that opens its calls.
fn named(engine: &Engine, key: &str, query: &str) -> Result<Vec<NamedCount>> {
    Ok(values(engine, key, query)?
        .into_iter()
        .map(|(name, count)| NamedCount {
            query: format!("{query} {}", term_for(key, name.as_deref())),
            name,
            count,
        })
        .collect())
}

fn served_regions(
    engine: &Engine,
    definition: &Definition,
    query: &str,
) -> Result<Vec<ServedRegion>> {
    Ok(named(engine, "served_region", query)?
        .into_iter()
        .filter_map(|region| {
            let name = region.name?;
            let place = place_state(definition, None, Some(&name)).to_owned();
            Some(ServedRegion {
                name,
                place,
                calls: region.count,
                query: region.query,
            })
        })
        .collect())
}

pub(crate) fn summary(engine: &Engine, record: &DeploymentRecord) -> Result<DeploymentSummary> {
    let sums = engine.store().sums(record.id)?;
    let definition = shown_definition(record);
    let own = format!("deployment:{}", record.name);
    let scan = engine.store().scan_state()?;
    let scanned_calls = if scan.is_some() {
        count(engine, &format!("{own} scanned:yes"))?
    } else {
        0
    };
    let verdicts = checks::verdicts(engine, &record.name)?;
    Ok(DeploymentSummary {
        name: record.name.clone(),
        kind: record.kind,
        description: definition.description.clone(),
        owner: definition.owner.clone(),
        regulated: definition.regulated,
        zero_retention: definition.zero_retention,
        allowed_places: definition.allowed_places.clone(),
        declared: record.toml.is_some(),
        calls: sums.calls,
        errors: sums.errors,
        first_call_at: sums.first_ms.map(rfc3339),
        last_call_at: sums.last_ms.map(rfc3339),
        input_tokens: sums.input_tokens,
        output_tokens: sums.output_tokens,
        cost_usd: usd(sums.cost_usd_micros),
        cost_known_calls: sums.cost_known,
        region_unknown_calls: sums.region_unknown,
        served_regions: served_regions(engine, &definition, &own)?,
        private_path_calls: sums.private_path,
        scanned_calls,
        entity_calls: if scan.is_some() {
            count(engine, &format!("{own} has:entity_type"))?
        } else {
            0
        },
        verdicts: verdicts.map(|(met, not_met, unknown, waived)| Verdicts {
            met,
            not_met,
            unknown,
            waived,
        }),
        handling: handling(engine, record, &definition, &sums)?,
    })
}

fn handling(
    engine: &Engine,
    record: &DeploymentRecord,
    definition: &Definition,
    sums: &Sums,
) -> Result<Vec<HandlingLine>> {
    let observed = observed(engine, record, sums)?;
    let settings = collected(engine, record)?;
    Ok(
        facts::handling(definition, &settings, observed, engine.now_ms())
            .into_iter()
            .map(|line| HandlingLine {
                topic: line.topic.name().to_owned(),
                title: line.topic.title().to_owned(),
                statement: line.statement,
                mark: line.mark.name().to_owned(),
                source: line.source,
                as_of: line.as_of,
                review_due: line.review_due,
            })
            .collect(),
    )
}

/// What the trail itself shows of a deployment's data handling.
fn observed(engine: &Engine, record: &DeploymentRecord, sums: &Sums) -> Result<Vec<Line>> {
    if sums.calls == 0 {
        return Ok(Vec::new());
    }
    let own = format!("deployment:{}", record.name);
    let period = match (sums.first_ms, sums.last_ms) {
        (Some(first), Some(last)) => format!("trail, {} to {}", date_text(first), date_text(last)),
        _ => "trail".to_owned(),
    };
    let line = |topic, statement| Line {
        topic,
        statement,
        mark: Mark::Observed,
        source: Some(period.clone()),
        as_of: sums.last_ms.map(date_text),
        review_due: false,
    };
    let places: Vec<String> = values(engine, "served_region", &own)?
        .into_iter()
        .filter_map(|(place, calls)| Some(format!("{} in {}", checks::thousands(calls), place?)))
        .collect();
    let mut lines = Vec::new();
    if !places.is_empty() {
        let rest = if sums.region_unknown > 0 {
            format!(
                "; where {} ran is not recorded",
                calls_text(sums.region_unknown)
            )
        } else {
            String::new()
        };
        lines.push(line(
            Topic::Residency,
            format!(
                "Of {}: {} ran{rest}.",
                calls_text(sums.calls),
                places.join(", ")
            ),
        ));
    }
    if sums.private_path > 0 {
        lines.push(line(
            Topic::NetworkPath,
            format!(
                "The private endpoint is named for {} of {}.",
                checks::thousands(sums.private_path),
                calls_text(sums.calls)
            ),
        ));
    }
    let with_text = count(engine, &format!("{own} body:present"))?;
    lines.push(line(
        Topic::Logging,
        format!(
            "With their text in the trail: {} of {}.",
            checks::thousands(with_text),
            calls_text(sums.calls)
        ),
    ));
    Ok(lines)
}

/// A deployment's page.
///
/// # Errors
/// `not_found`.
pub fn show(engine: &Engine, input: DeploymentRef) -> Result<DeploymentPage> {
    let record = engine.store().deployment(&input.name)?;
    let own = format!("deployment:{}", record.name);
    let definition = shown_definition(&record);
    let mut regions = Vec::new();
    for (served, _) in values(engine, "served_region", &own)? {
        let here = format!("{own} {}", term_for("served_region", served.as_deref()));
        for (requested, calls) in values(engine, "requested_region", &here)? {
            regions.push(RegionRow {
                place: place_state(&definition, requested.as_deref(), served.as_deref()).to_owned(),
                query: format!(
                    "{here} {}",
                    term_for("requested_region", requested.as_deref())
                ),
                requested_region: requested,
                served_region: served.clone(),
                calls,
            });
        }
    }
    Ok(DeploymentPage {
        settings: collected(engine, &record)?
            .iter()
            .map(setting_row)
            .collect(),
        sources: named(engine, "source", &own)?,
        models: named(engine, "request_model", &own)?,
        toml: record.toml.clone().unwrap_or_else(|| template(&record)),
        summary: summary(engine, &record)?,
        regions,
    })
}

fn place_state(
    definition: &Definition,
    requested: Option<&str>,
    served: Option<&str>,
) -> &'static str {
    if definition.allowed_places.is_empty() {
        return "not_declared";
    }
    let of = |place: &str| place::allows(&definition.allowed_places, place);
    match (served.map(of), requested.map(of)) {
        (Some(Allowed::Yes), _) => "allowed",
        (Some(Allowed::No), _) | (None, Some(Allowed::No)) => "outside",
        _ => "unknown",
    }
}

fn setting_row(setting: &Setting) -> SettingRow {
    SettingRow {
        topic: setting.topic.name().to_owned(),
        name: setting.name.clone(),
        value: setting.value.clone(),
        place: setting.place.clone(),
        revealed_by: setting.revealed_by.clone(),
        as_of: setting.as_of_ms.map(rfc3339),
        source: setting.source.clone(),
    }
}

fn template(record: &DeploymentRecord) -> String {
    format!(
        "name = \"{}\"\nkind = \"{}\"\ndescription = \"\"\n# owner = \"\"\nregulated = false\nzero_retention = false\n\
         # allowed_places = [\"geo:eu\"]\n\n[requirements]\n# log_retention_min_days = 183\n\
         # log_retention_min_clause = \"EU AI Act Art. 26(6)\"\n# log_retention_max_days = 400\n\n\
         # [[declared]]\n# topic = \"processor\"\n# statement = \"\"\n# source = \"\"\n# as_of = \"2026-01-31\"\n",
        record.name,
        record.kind.name()
    )
}

/// Writes a deployment's definition.
///
/// # Errors
/// `bad_input` with the line or key that is wrong.
pub fn set(engine: &Engine, input: SetDeployment) -> Result<DeploymentPage> {
    let definition = Definition::parse(&input.toml).map_err(|error| {
        WireError::new(
            Code::BadInput,
            format!("the definition can't be used: {error}"),
        )
        .hint("correct it and save again; nothing was changed")
    })?;
    if definition.name != input.name {
        return Err(WireError::new(
            Code::BadInput,
            format!(
                "the definition is named `{}` and not `{}`",
                definition.name, input.name
            ),
        ));
    }
    if let Ok(record) = engine.store().deployment(&input.name)
        && record.kind != definition.kind
        && engine.store().sums(record.id)?.calls > 0
    {
        return Err(WireError::new(
            Code::BadInput,
            format!(
                "`{}` has calls of the kind `{}`; its kind can't change",
                input.name,
                record.kind.name()
            ),
        ));
    }
    engine.store().writer()?.define_deployment(
        &definition.name,
        definition.kind,
        &input.toml,
        engine.user(),
        engine.now_ms(),
    )?;
    show(engine, DeploymentRef { name: input.name })
}

/// Imports settings answers that a person chose.
///
/// # Errors
/// `not_found` for the deployment, `bad_input` for a handle.
pub fn import_snapshot(engine: &Engine, input: ImportSnapshot) -> Result<SnapshotSummary> {
    let paths: Vec<PathBuf> = input
        .handles
        .iter()
        .map(|handle| engine.handles().path(handle))
        .collect::<Result<_>>()?;
    import_snapshot_files(engine, &input.name, &paths)
}

/// Settings answers are small; a larger file is something else.
const MAX_SNAPSHOT: u64 = 16 << 20;

/// Imports settings answers from files.
///
/// # Errors
/// `not_found` for the deployment; `bad_input` for a file that can't be read.
pub fn import_snapshot_files(
    engine: &Engine,
    name: &str,
    paths: &[PathBuf],
) -> Result<SnapshotSummary> {
    let record = engine.store().deployment(name)?;
    let mut summary = SnapshotSummary {
        deployment: name.to_owned(),
        settings: Vec::new(),
        rejected: Vec::new(),
    };
    for path in paths {
        let source = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let size = std::fs::metadata(path).map(|metadata| metadata.len());
        let text = match size {
            Ok(size) if size > MAX_SNAPSHOT => {
                summary.rejected.push(format!(
                    "{source}: larger than 16 MiB; a settings answer is small"
                ));
                continue;
            }
            _ => std::fs::read(path).map_err(|error| {
                WireError::new(Code::BadInput, format!("can't read {source}: {error}"))
            })?,
        };
        let (read, problems) = settings::read(&text, &source);
        summary.rejected.extend(problems);
        if read.is_empty() {
            continue;
        }
        let stored = serde_json::to_string(&read)
            .map_err(|error| WireError::new(Code::Internal, error.to_string()))?;
        let snapshot = SnapshotRecord {
            id: 0,
            taken_at_ms: read.iter().filter_map(|setting| setting.as_of_ms).max(),
            imported_ms: engine.now_ms(),
            source,
            settings: stored,
        };
        engine
            .store()
            .writer()?
            .add_snapshot(&record, &snapshot, &text, engine.user())?;
        summary.settings.extend(read.iter().map(setting_row));
    }
    Ok(summary)
}

/// What the checks look at, of one deployment.
pub(crate) fn with_subject<T>(
    engine: &Engine,
    record: &DeploymentRecord,
    judge: impl FnOnce(&Subject<'_>) -> std::result::Result<T, assay_domain::checks::Failure>,
) -> Result<T> {
    let definition = definition(record)?;
    let settings = collected(engine, record)?;
    let trail = checks::StoredTrail { engine };
    let subject = Subject {
        definition: &definition,
        settings: &settings,
        trail: &trail,
        now_ms: engine.now_ms(),
    };
    judge(&subject).map_err(|failure| match failure.downcast::<WireError>() {
        Ok(error) => *error,
        Err(other) => WireError::new(Code::Internal, other.to_string()),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::commands::dispatch;
    use crate::jobs::Progress;
    use crate::opening::EngineOptions;

    #[test]
    fn a_definition_that_can_t_be_read_judges_nothing_and_is_shown_to_be_mended() {
        let folder = tempfile::tempdir().unwrap();
        let engine = Engine::open(EngineOptions::writing(folder.path().join("store"))).unwrap();
        // As a later version may have written it.
        let toml = "name = \"claims\"\nkind = \"bedrock\"\nfrom_a_later_version = true\n";
        engine
            .store()
            .writer()
            .unwrap()
            .define_deployment("claims", Kind::Bedrock, toml, "ana", 1)
            .unwrap();
        let run = crate::checks::view::RunChecks::default();
        let refused = crate::checks::run(&engine, &run, &Progress::silent()).unwrap_err();
        assert_eq!(refused.code, Code::BadInput);
        assert!(refused.message.contains("`claims`"), "{refused}");
        assert!(refused.message.contains("line 3"), "{refused}");
        // No call is put anywhere by rules that nobody knows.
        assert!(Resolver::load(&engine, None).is_err());
        let page = dispatch(&engine, "deployments.show", json!({"name": "claims"})).unwrap();
        assert_eq!(page["toml"], toml);
        let description = page["summary"]["description"].as_str().unwrap();
        assert!(description.contains("line 3"), "{description}");
    }
}
