//! What a store is made to do while its power may go, and what it said that was done.
//!
//! In: a folder, and a file for acknowledgements. Out: after each deed a line that sums up everything
//! that was acknowledged so far. Not here: the power loss, and whether the sums hold afterwards.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use assay_domain::activity::{Activity, Category};
use assay_engine::deployments;
use assay_engine::deployments::view::SetDeployment;
use assay_engine::evidence::packs::{self, NewPack};
use assay_engine::imports::import;
use assay_engine::jobs::Progress;
use assay_engine::keys::KeySource;
use assay_engine::opening::store_keys::StoreKeys;
use assay_engine::opening::{Engine, EngineOptions};
use assay_engine::settings::encrypting;
use assay_evidence::leaf::LeafKind;
use assay_store::writer::OwnRecord;
use serde::{Deserialize, Serialize};

/// When everything happens: 2026-11-23, 12:00 UTC.
const NOW_MS: i64 = 1_795_435_200_000;
/// Records in a file of log.
pub(crate) const RECORDS: u64 = 20;

/// Everything that was acknowledged.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Acknowledged {
    /// Leaves in the tree, and its root.
    pub(crate) size: u64,
    pub(crate) root: String,
    /// Calls that were imported.
    pub(crate) calls: u64,
    /// Activities by which the workbench recorded its own deeds.
    pub(crate) deeds: Vec<String>,
    /// Files that were written, below the store's folder, with their SHA-256.
    pub(crate) files: BTreeMap<String, String>,
    /// Whether the store is encrypted; none while it is being converted.
    pub(crate) encrypted: Option<bool>,
}

/// A workload under way.
pub(crate) struct Work {
    store: PathBuf,
    /// Where log files are written: not below the folder that is recorded.
    logs: tempfile::TempDir,
    acks: Option<PathBuf>,
    said: Arc<Mutex<Acknowledged>>,
}

/// What a workload does.
type Deeds = fn(&Work);

/// The workloads by name.
pub(crate) const SCENARIOS: &[(&str, Deeds)] = &[
    ("imports", imports),
    ("deeds", deeds),
    ("packs", packs),
    ("conversions", conversions),
];

/// Options for the store in `folder`, with a clock that stands and the store's key in a file beside.
pub(crate) fn options(folder: &Path) -> EngineOptions {
    EngineOptions {
        store_keys: StoreKeys {
            source: KeySource::StateFolder,
            state: Some(folder.with_file_name("state")),
            ..StoreKeys::default()
        },
        clock: Arc::new(|| NOW_MS),
        user: "auditor".to_owned(),
        ..EngineOptions::writing(folder.to_owned())
    }
}

/// The lines of log file `number`: calls that no other file has.
pub(crate) fn log(number: u64) -> String {
    (0..RECORDS)
        .map(|index| {
            format!(
                "{{\"schemaType\":\"ModelInvocationLog\",\"timestamp\":\"2026-10-01T10:00:00Z\",\"region\":\"eu-west-1\",\
                 \"requestId\":\"r-{number}-{index}\",\"operation\":\"Converse\",\"modelId\":\"anthropic.claude-3-haiku-20240307-v1:0\",\
                 \"input\":{{\"inputTokenCount\":{index},\"inputBodyJson\":{{\"messages\":[{{\"role\":\"user\",\"content\":[{{\"text\":\"{}\"}}]}}]}}}},\
                 \"output\":{{}}}}\n",
                "word ".repeat(20)
            )
        })
        .collect()
}

impl Work {
    /// Work on the store in `folder`; `acks` is the file that acknowledgements go to.
    pub(crate) fn new(folder: &Path, acks: Option<PathBuf>) -> Self {
        Self {
            store: folder.join("store"),
            logs: tempfile::tempdir().unwrap(),
            acks,
            said: Arc::default(),
        }
    }

    /// What was acknowledged.
    pub(crate) fn said(&self) -> Acknowledged {
        self.said.lock().unwrap().clone()
    }

    fn open(&self) -> Engine {
        let engine = Engine::open(options(&self.store)).unwrap();
        self.acknowledge(&engine, |_| {});
        engine
    }

    fn acknowledge(&self, engine: &Engine, what: impl FnOnce(&mut Acknowledged)) {
        acknowledge(engine, &self.said, self.acks.as_deref(), what);
    }

    /// Imports log files of the numbers in one go; each commit of it is acknowledged.
    fn import(&self, engine: &Engine, numbers: std::ops::Range<u64>) {
        let files: Vec<PathBuf> = numbers
            .map(|number| {
                let path = self.logs.path().join(format!("{number}.jsonl"));
                std::fs::write(&path, log(number)).unwrap();
                path
            })
            .collect();
        let before = self.said().calls;
        let (own, said, acks) = (engine.clone(), Arc::clone(&self.said), self.acks.clone());
        let progress = Progress::listening(move |step| {
            let accepted = step.counts.get("accepted").copied().unwrap_or(0);
            acknowledge(&own, &said, acks.as_deref(), |said| {
                said.calls = before + accepted;
            });
        });
        let summary = import(engine, &files, None, &progress).unwrap();
        self.acknowledge(engine, |said| {
            assert_eq!(said.calls, before + summary.accepted);
        });
    }

    fn deed(&self, engine: &Engine, kind: LeafKind, number: u64) {
        let mut activity = Activity::new(kind.name(), Category::Workbench);
        activity.at_ms = Some(NOW_MS);
        activity.actor = Some(engine.user().to_owned());
        let payload = format!("{{\"number\":{number}}}");
        let own = OwnRecord {
            kind,
            activity,
            reason: Some("to see what stays of it"),
            payload: payload.as_bytes(),
            now_ms: NOW_MS,
        };
        let (_, id) = engine.store().writer().unwrap().record_own(&own).unwrap();
        self.acknowledge(engine, |said| said.deeds.push(id));
    }
}

fn acknowledge(
    engine: &Engine,
    said: &Mutex<Acknowledged>,
    acks: Option<&Path>,
    what: impl FnOnce(&mut Acknowledged),
) {
    let (size, root) = engine.store().tree().unwrap();
    let mut said = said.lock().unwrap();
    what(&mut said);
    said.size = size;
    said.root = hex::encode(root);
    if let Some(acks) = acks {
        let line = format!("{}\n", serde_json::to_string(&*said).unwrap());
        let mut file = std::fs::OpenOptions::new()
            .append(true)
            .create(true)
            .open(acks)
            .unwrap();
        // One write: the recorder takes it for one acknowledgement.
        file.write_all(line.as_bytes()).unwrap();
    }
}

/// Three imports of several files, the store closed between them, one file twice.
fn imports(work: &Work) {
    for numbers in [0..8, 6..16, 16..22] {
        let engine = work.open();
        work.import(&engine, numbers);
    }
}

/// What the workbench itself does, one commit each, and definitions.
fn deeds(work: &Work) {
    let engine = work.open();
    work.import(&engine, 0..1);
    for number in 0..60 {
        let kind = [LeafKind::Reveal, LeafKind::Waiver, LeafKind::Export][number as usize % 3];
        work.deed(&engine, kind, number);
        if number % 20 == 10 {
            let name = format!("place-{number}");
            let toml = format!("name = \"{name}\"\nkind = \"bedrock\"\n");
            deployments::set(&engine, SetDeployment { name, toml }).unwrap();
            work.acknowledge(&engine, |_| {});
        }
    }
}

/// Evidence packs beside the store, one of them over an older one.
fn packs(work: &Work) {
    let engine = work.open();
    work.import(&engine, 0..2);
    let folder = work.store.join("packs");
    assay_store::folder::make(&folder).unwrap();
    for name in ["one", "two", "three", "one"] {
        let path = folder.join(format!("{name}.zip"));
        let packed =
            packs::write(&engine, &NewPack::default(), &path, &Progress::silent()).unwrap();
        work.acknowledge(&engine, |said| {
            said.files
                .insert(format!("packs/{name}.zip"), packed.sha256);
        });
        work.deed(&engine, LeafKind::Reveal, packed.records);
    }
}

/// A store that is encrypted, gets another key and is made plain again, with imports between.
fn conversions(work: &Work) {
    let engine = work.open();
    work.import(&engine, 0..2);
    type Conversion = fn(&Engine, &Progress);
    let conversions: [(bool, Conversion); 3] = [
        (true, |engine, heard| {
            encrypting::encrypt(engine, "a long passphrase of six words", heard).unwrap();
        }),
        (true, |engine, heard| {
            encrypting::rotate(engine, "another passphrase of six words", heard).unwrap();
        }),
        (false, |engine, heard| {
            encrypting::decrypt(engine, heard).unwrap();
        }),
    ];
    for (number, (encrypted, convert)) in (1..).zip(conversions) {
        work.acknowledge(&engine, |said| said.encrypted = None);
        convert(&engine, &Progress::silent());
        work.acknowledge(&engine, |said| said.encrypted = Some(encrypted));
        work.import(&engine, number * 2..number * 2 + 2);
    }
}
