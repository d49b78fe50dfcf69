//! A store with records made for a test of it. Not here: what a test asks of them.

use assay_domain::call::Call;
use assay_domain::formats::Format;
use assay_domain::query::Query;
use assay_domain::query::keys::Table;
use assay_evidence::leaf::commitment;
use assay_store::batches::{BatchRecord, Chunk};
use assay_store::open::{Access, Store};
use assay_store::writer::{NewRecord, What, record_id};

pub(crate) const NOW: i64 = 1_795_000_000_000;

pub(crate) fn store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), Access::Write, NOW).unwrap();
    (folder, store)
}

pub(crate) fn query(text: &str) -> Query {
    Query::parse(text, Table::Calls).unwrap()
}

pub(crate) fn record(source: &'static str, raw: &str, call: Call, deployment: &str) -> NewRecord {
    let salt = [9; 32];
    NewRecord {
        id: record_id(source, raw.as_bytes()),
        line: 1,
        offset: 0,
        length: raw.len() as u64,
        format: Format::from_name(source).map_or(0, |format| format as u8),
        source,
        salt,
        commitment: commitment(&salt, raw.as_bytes()),
        codec: 0,
        data: raw.as_bytes().to_vec(),
        what: What::Call {
            cost_usd_micros: call.tokens.input.map(|tokens| tokens as i64 * 10),
            call: Box::new(call),
            deployment: deployment.to_owned(),
        },
    }
}

pub(crate) fn append(store: &Store, records: Vec<NewRecord>) -> BatchRecord {
    let mut writer = store.writer().unwrap();
    let mut batch = writer.begin_batch("a.jsonl", NOW).unwrap();
    let chunk = Chunk {
        records,
        ..Chunk::default()
    };
    writer.append(&mut batch, [chunk], NOW).unwrap();
    batch
}
