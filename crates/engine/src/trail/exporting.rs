//! Writing rows of the trail to a file: exactly those that a query matches at one time, with a
//! manifest that says what they are.
//!
//! First the export is a leaf; then the rows are written from the store as it is at one moment; then
//! a second leaf says their number and the hash of the file. Masked, unless a person gives a reason
//! and, where the rule is on, a second one agrees. Not here: the formats (`assay-report`), which
//! columns there are (`columns`), evidence packs (`packs`).

pub mod columns;
pub mod view;

use std::io::{BufWriter, Cursor as Bytes, Write};
use std::path::{Path, PathBuf};

use assay_domain::activity::{Activity, Category};
use assay_domain::moment::rfc3339;
use assay_domain::query::Query;
use assay_domain::query::keys::Table;
use assay_evidence::leaf::LeafKind;
use assay_report::rows::{RowFormat, Rows, RowsError, SHEET_ROWS, Written};
use assay_store::streams::Still;
use assay_store::writer::OwnRecord;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::approvals::matter::Matter;
use crate::approvals::passing;
use crate::error::{Code, Result, WireError};
use crate::jobs::{Progress, Started, Step};
use crate::masking::{Masker, policy_in_force, policy_text};
use crate::opening::{Engine, read_query};
use crate::trail::exporting::view::{
    ExportLog, ExportManifest, ExportOriginals, ExportPlan, ExportRows, ExportedRows, format,
};
use crate::trail::{REASON, parts};
use crate::writing;
use columns::{Chosen, Records, Text};

/// Rows by which the size is judged.
const JUDGED: usize = 100;

/// What to export.
#[derive(Debug, Clone)]
pub struct NewExport {
    pub query: String,
    pub records: Records,
    pub format: RowFormat,
    /// Names of columns; the standard ones where there are none.
    pub columns: Vec<String>,
    /// Why the original text is needed; masked where there is no reason.
    pub reason: Option<String>,
}

impl NewExport {
    fn read(input: &ExportRows) -> Result<Self> {
        Ok(Self {
            query: input.query.clone(),
            records: Records::named(&input.records)?,
            format: format(&input.format)?,
            columns: input.columns.clone().unwrap_or_default(),
            reason: None,
        })
    }

    fn originals(input: &ExportOriginals) -> Result<Self> {
        Ok(Self {
            query: input.query.clone(),
            records: Records::Calls,
            format: format(&input.format)?,
            columns: input.columns.clone().unwrap_or_default(),
            reason: Some(input.reason.clone()),
        })
    }

    fn table(&self) -> Table {
        match self.records {
            Records::Calls => Table::Calls,
            Records::Activities => Table::Activities,
        }
    }

    fn text(&self) -> Text {
        match self.reason {
            Some(_) => Text::Original,
            None => Text::Masked,
        }
    }
}

/// What an export would be.
///
/// # Errors
/// `bad_input` for the query, the records, the format or a column.
pub fn plan(engine: &Engine, input: ExportRows) -> Result<ExportPlan> {
    let new = NewExport::read(&input)?;
    let query = read_query(&new.query, new.table())?;
    let store = engine.store();
    let masker = Masker::in_force(engine)?;
    let chosen = Chosen::new(new.records, &new.columns)?;
    let rows = match new.records {
        Records::Calls => store.count(&query)?.0,
        Records::Activities => store.activity_count(&query)?.0,
    };
    let judged = if chosen.has_text() {
        JUDGED / 4
    } else {
        JUDGED
    };
    let mut out = Bytes::new(Vec::new());
    let mut writer = Rows::begin(new.format, new.records.title(), &chosen.names(), &mut out)
        .map_err(|error| unwritten(&error))?;
    let mut cells = columns::Cells::new(&chosen, &masker, Text::Masked);
    let mut count = 0_u64;
    let mut add = |row: Vec<Value>| -> Result<()> {
        count += 1;
        writer.row(&row).map_err(|error| unwritten(&error))
    };
    match new.records {
        Records::Calls => {
            for record in store.calls(&query, None, judged)?.0 {
                let raw = chosen
                    .has_text()
                    .then(|| store.raw(record.seq).ok())
                    .flatten();
                let said = match raw {
                    Some(raw) => Some(parts::said(store, record.seq, record.format, &raw)?),
                    None => None,
                };
                add(cells.call(&record, said.as_ref())?)?;
            }
        }
        Records::Activities => {
            for record in store.activities(&query, None, judged)?.0 {
                add(cells.activity(&record)?)?;
            }
        }
    }
    writer.finish().map_err(|error| unwritten(&error))?;
    let bytes = (out.into_inner().len() as u64)
        .checked_mul(rows)
        .and_then(|all| all.checked_div(count));
    let sheets = (new.format == RowFormat::Xlsx).then(|| rows.div_ceil(SHEET_ROWS).max(1));
    let mut notes = Vec::new();
    if let Some(sheets) = sheets.filter(|sheets| *sheets > 1) {
        notes.push(format!(
            "Excel holds 1,048,576 rows a sheet: the rows are split into {sheets} sheets. CSV and JSON Lines have no such limit."
        ));
    }
    notes.extend(new.format.notes().iter().map(|&note| note.to_owned()));
    Ok(ExportPlan {
        rows,
        columns: columns::all(new.records),
        bytes,
        sheets,
        policy: masker.name().to_owned(),
        policy_version: masker.policy().version.clone(),
        notes,
    })
}

/// Exports masked rows as a job.
///
/// # Errors
/// `bad_input` for the query, the records, the format or a column.
pub fn start(engine: &Engine, input: ExportRows) -> Result<Started> {
    begin(
        engine,
        "trail.export",
        NewExport::read(&input)?,
        input.handle,
    )
}

/// Exports calls as they were received, as a job.
///
/// # Errors
/// `bad_input` for the query, the format, a column or a reason that says too little;
/// `approval_needed`.
pub fn start_originals(engine: &Engine, input: ExportOriginals) -> Result<Started> {
    let new = NewExport::originals(&input)?;
    reason(&new)?;
    if let Some(matter) = Matter::original_rows(engine, &new.query)? {
        passing::look(engine, &matter)?;
    }
    begin(engine, "trail.export_originals", new, input.handle)
}

fn begin(
    engine: &Engine,
    command: &str,
    new: NewExport,
    handle: Option<String>,
) -> Result<Started> {
    read_query(&new.query, new.table())?;
    Chosen::new(new.records, &new.columns)?;
    let own = engine.clone();
    let title = format!("Exporting {} as {}", new.records.name(), new.format.name());
    Ok(engine
        .jobs()
        .start(command, title, &["activities", "trail"], move |progress| {
            let at = rfc3339(own.now_ms()).replace([':', '.'], "");
            let name = format!("{}-{at}.{}", new.records.name(), new.format.name());
            let path = writing::target(&own, handle.as_deref(), "exports", &name)?;
            write(&own, &new, &path, progress)
        }))
}

/// The file that says what the file at `path` is.
pub fn manifest_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".manifest.json");
    PathBuf::from(name)
}

/// Why the original text is needed, where it is asked for.
fn reason(new: &NewExport) -> Result<Option<String>> {
    let Some(reason) = new.reason.as_deref().map(str::trim) else {
        return Ok(None);
    };
    if new.records == Records::Activities {
        return Err(
            WireError::new(Code::BadInput, "activities have no original text to export").hint(
                "leave the original out; an activity's own columns are as the trail shows them",
            ),
        );
    }
    if reason.chars().count() < REASON {
        return Err(WireError::new(
            Code::BadInput,
            format!("a reason has at least {REASON} characters"),
        )
        .hint("say why the original text is needed"));
    }
    Ok(Some(reason.to_owned()))
}

/// Writes what `new` asks for to `path`, and its manifest beside it. Both are there in the end, or
/// neither; whatever stood at these names is replaced.
///
/// # Errors
/// `bad_input`, `approval_needed`, `file_unwritable`, `cancelled`; the store's.
pub fn write(
    engine: &Engine,
    new: &NewExport,
    path: &Path,
    progress: &Progress,
) -> Result<ExportedRows> {
    let query = read_query(&new.query, new.table())?;
    let chosen = Chosen::new(new.records, &new.columns)?;
    let reason = reason(new)?;
    let masker = Masker::in_force(engine)?;
    let manifest_path = manifest_of(path);
    let mut answer = None;
    // The manifest's own file is made first: where that can't be, nothing else is done.
    let written = writing::stream(&manifest_path, |manifest_file| {
        let pass = match reason {
            Some(_) => match Matter::original_rows(engine, &new.query)? {
                Some(matter) => passing::spend(engine, &matter)?,
                None => None,
            },
            None => None,
        };
        let approval = pass.map(|pass| pass.id);
        let policy = policy_text(engine, &policy_in_force(engine)?)?;
        let deed = Deed {
            engine,
            new,
            chosen: &chosen,
            reason: reason.as_deref(),
            approval: approval.as_deref(),
            policy_sha256: hex::encode(Sha256::digest(&policy)),
        };
        let leaf = deed.announced()?;
        let mut file_facts = None;
        writing::stream(path, |file| {
            let still = engine.store().still(|still| {
                let out = BufWriter::with_capacity(1 << 20, &mut *file);
                let written = rows(&deed, still, &query, &masker, out, progress)?;
                let (size, root) = still.tree()?;
                Ok::<_, WireError>((written, size, hex::encode(root)))
            })??;
            progress.check()?;
            let sha256 = writing::sha256_of(path, file)?;
            let bytes = file.metadata().map_or(0, |metadata| metadata.len());
            let written_leaf = deed.done(&sha256, still.0.rows, leaf)?;
            file_facts = Some((still, sha256, bytes, written_leaf));
            Ok(())
        })?;
        let Some(((written, size, root), sha256, bytes, written_leaf)) = file_facts else {
            return Err(WireError::new(Code::Internal, "an export has no end"));
        };
        let signed_to = engine
            .store()
            .checkpoints()?
            .iter()
            .map(|checkpoint| checkpoint.size)
            .filter(|signed| *signed <= size)
            .max();
        let log = ExportLog {
            origin: engine.store().origin()?,
            size,
            root,
            signed_to,
            leaf,
            written_leaf,
        };
        let manifest = deed.manifest(path, &masker, &written, log, &sha256, bytes);
        let mut text = serde_json::to_vec_pretty(&manifest)
            .map_err(|error| WireError::new(Code::Internal, error.to_string()))?;
        text.push(b'\n');
        let kept = manifest_file
            .write_all(&text)
            .map_err(|error| writing::unwritable(&manifest_path, &error));
        if kept.is_err() {
            // A file that nothing explains is none.
            let _ = std::fs::remove_file(path);
        }
        kept?;
        answer = Some(manifest);
        Ok(())
    });
    written?;
    let Some(manifest) = answer else {
        return Err(WireError::new(Code::Internal, "an export has no manifest"));
    };
    Ok(ExportedRows {
        path: path.display().to_string(),
        handle: engine.handles().add(path)?.handle,
        manifest: manifest_path.display().to_string(),
        manifest_handle: engine.handles().add(&manifest_path)?.handle,
        format: manifest.format,
        records: manifest.records,
        rows: manifest.rows,
        sheets: manifest.sheets,
        bytes: manifest.bytes,
        sha256: manifest.sha256,
        text: manifest.text,
        leaf: manifest.log.leaf,
        written_leaf: manifest.log.written_leaf,
    })
}

fn unwritten(error: &RowsError) -> WireError {
    WireError::new(
        Code::FileUnwritable,
        format!("can't write the rows: {error}"),
    )
    .hint("choose another place, or free some space")
}

/// An export as its leaves and its manifest say it.
struct Deed<'a> {
    engine: &'a Engine,
    new: &'a NewExport,
    chosen: &'a Chosen,
    reason: Option<&'a str>,
    approval: Option<&'a str>,
    policy_sha256: String,
}

impl Deed<'_> {
    fn action(&self) -> &'static str {
        match self.reason {
            Some(_) => "trail.export_originals",
            None => "trail.export",
        }
    }

    /// Writes to the trail that it is going to be done.
    fn announced(&self) -> Result<u64> {
        self.own(
            self.action(),
            &self.new.query,
            json!({
                "approval": self.approval,
                "columns": self.chosen.names(),
                "format": self.new.format.name(),
                "policy_sha256": self.policy_sha256,
                "query": self.new.query,
                "reason": self.reason,
                "records": self.new.records.name(),
                "text": self.new.text().name(),
            }),
        )
    }

    /// Writes to the trail what was done.
    fn done(&self, sha256: &str, rows: u64, leaf: u64) -> Result<u64> {
        self.own(
            "trail.exported",
            sha256,
            json!({"leaf": leaf, "rows": rows, "sha256": sha256}),
        )
    }

    fn own(&self, action: &str, target: &str, mut payload: Value) -> Result<u64> {
        let now_ms = self.engine.now_ms();
        if let Some(fields) = payload.as_object_mut() {
            fields.insert("action".to_owned(), json!(action));
            fields.insert("at".to_owned(), json!(rfc3339(now_ms)));
            fields.insert("by".to_owned(), json!(self.engine.user()));
        }
        let mut activity = Activity::new(action, Category::Workbench);
        activity.at_ms = Some(now_ms);
        activity.actor = Some(self.engine.user().to_owned());
        activity.target = Some(target.to_owned());
        activity.succeeded = Some(true);
        let payload = payload.to_string();
        let own = OwnRecord {
            kind: LeafKind::Export,
            activity,
            reason: self.reason,
            payload: payload.as_bytes(),
            now_ms,
        };
        Ok(self.engine.store().writer()?.record_own(&own)?.0)
    }

    fn manifest(
        &self,
        path: &Path,
        masker: &Masker,
        written: &Written,
        log: ExportLog,
        sha256: &str,
        bytes: u64,
    ) -> ExportManifest {
        let mut notes: Vec<String> = self
            .new
            .format
            .notes()
            .iter()
            .map(|&note| note.to_owned())
            .collect();
        if written.cut > 0 {
            notes.push(format!(
                "{} cells were longer than a cell can be and were cut; each says by how much.",
                written.cut
            ));
        }
        notes.push(match (self.new.records, self.new.text()) {
            (Records::Calls, Text::Masked) => {
                "What the policy finds is masked in texts, names of models and metadata; principals, addresses and ids are as recorded.".to_owned()
            }
            (Records::Calls, Text::Original) => {
                "Texts are as received, with the personal data in them; of a secret only the last four characters are shown.".to_owned()
            }
            (Records::Activities, _) => {
                "Activities are as the trail shows them; nothing in their columns is masked.".to_owned()
            }
        });
        notes.push(format!(
            "The rows are those that matched when the log had {} leaves; what was imported later is not among them.",
            log.size
        ));
        ExportManifest {
            manifest: 1,
            file: path
                .file_name()
                .map(|name| name.to_string_lossy().into_owned())
                .unwrap_or_default(),
            format: self.new.format.name().to_owned(),
            bytes,
            sha256: sha256.to_owned(),
            rows: written.rows,
            sheets: written.sheets,
            records: self.new.records.name().to_owned(),
            query: self.new.query.clone(),
            columns: self.chosen.names(),
            text: self.new.text().name().to_owned(),
            policy: masker.name().to_owned(),
            policy_version: masker.policy().version.clone(),
            policy_sha256: self.policy_sha256.clone(),
            reason: self.reason.map(str::to_owned),
            approval: self.approval.map(str::to_owned),
            made_at: rfc3339(self.engine.now_ms()),
            made_by: self.engine.user().to_owned(),
            program: format!("Assay {}", env!("CARGO_PKG_VERSION")),
            log,
            notes,
        }
    }
}

fn rows(
    deed: &Deed<'_>,
    still: &Still<'_>,
    query: &Query,
    masker: &Masker,
    out: BufWriter<&mut std::fs::File>,
    progress: &Progress,
) -> Result<Written> {
    let new = deed.new;
    let mut writer = Rows::begin(new.format, new.records.title(), &deed.chosen.names(), out)
        .map_err(|error| unwritten(&error))?;
    let mut cells = columns::Cells::new(deed.chosen, masker, new.text());
    let total = match new.records {
        Records::Calls => deed.engine.store().count(query)?.0,
        Records::Activities => deed.engine.store().activity_count(query)?.0,
    };
    let mut done = 0_u64;
    let mut told = |more: usize| {
        done += more as u64;
        progress.step(Step {
            phase: "writing".to_owned(),
            done,
            total: Some(total.max(done)),
            unit: "records",
            ..Step::default()
        });
    };
    match new.records {
        Records::Calls => still.calls(query, |page| {
            progress.check()?;
            for record in page {
                let said = match deed.chosen.has_text() && record.erased.is_none() {
                    true => {
                        let raw = still.raw(record.seq)?;
                        let read = |other| still.raw(other);
                        let parts = || still.parts(record.seq);
                        Some(parts::said_with(record.format, &raw, parts, read)?)
                    }
                    false => None,
                };
                let row = cells.call(record, said.as_ref())?;
                writer.row(&row).map_err(|error| unwritten(&error))?;
            }
            told(page.len());
            Ok::<_, WireError>(())
        })??,
        Records::Activities => still.activities(query, |page| {
            progress.check()?;
            for record in page {
                let row = cells.activity(record)?;
                writer.row(&row).map_err(|error| unwritten(&error))?;
            }
            told(page.len());
            Ok::<_, WireError>(())
        })??,
    }
    writer.finish().map_err(|error| unwritten(&error))
}
