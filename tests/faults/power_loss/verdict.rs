//! Whether a store keeps what it acknowledged.
//!
//! In: a folder as it was left, and what had been acknowledged. Out: nothing, or what is wrong. The
//! store is opened by the code that a user's program opens it with. Not here: how it was left so.

use std::path::Path;

use assay_engine::commands::Nothing;
use assay_engine::error::Code;
use assay_engine::evidence::verifying;
use assay_engine::imports::list;
use assay_engine::opening::Engine;
use assay_engine::settings::encrypting;
use assay_engine::trail;
use assay_engine::trail::view::Query;
use assay_evidence::tree::{Edge, Hash, leaf_hash};
use sha2::{Digest, Sha256};

use super::workloads::{Acknowledged, options};

/// What is wrong with a store after the power came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wrong {
    /// It can't be opened, or its parts don't agree.
    Damaged(String),
    /// Something that was acknowledged is not there.
    Lost(String),
}

fn lost(what: impl Into<String>) -> Wrong {
    Wrong::Lost(what.into())
}

fn damaged(what: impl std::fmt::Display) -> Wrong {
    Wrong::Damaged(what.to_string())
}

/// Opens the store in `folder` and holds it against what was acknowledged.
pub(crate) fn judge(folder: &Path, said: &Acknowledged) -> Result<(), Wrong> {
    let store = folder.join("store");
    let engine = match Engine::open(options(&store)) {
        Ok(engine) => engine,
        // Nothing was promised yet, and the file is named for what it is.
        Err(error) if said.size == 0 && error.code == Code::StoreDamaged => return Ok(()),
        Err(error) => return Err(damaged(error.message)),
    };
    tree(&engine, said)?;
    records(&engine, said)?;
    encryption(&engine, said)?;
    files(&store, said)
}

/// The tree is made of its leaves, and is the acknowledged one or goes on from it.
fn tree(engine: &Engine, said: &Acknowledged) -> Result<(), Wrong> {
    let (size, root) = engine.store().tree().map_err(damaged)?;
    if size < said.size {
        return Err(lost(format!("{size} of {} acknowledged leaves", said.size)));
    }
    let mut edge = Edge::new();
    let holds = |edge: &Edge| edge.size() != said.size || hex::encode(edge.root()) == said.root;
    let mut consistent = holds(&edge) || said.size == 0;
    for seq in 0..size {
        let (bytes, _) = engine.store().leaf(seq).map_err(damaged)?;
        edge.push(leaf_hash(&bytes));
        consistent &= holds(&edge);
    }
    if !consistent {
        return Err(lost(format!("the root at {} leaves is another", said.size)));
    }
    if edge.root() != root {
        return Err(damaged("the tiles are not the leaves' tree"));
    }
    for seq in [0, said.size / 2, size - 1] {
        proved(engine, seq, size, &root)?;
    }
    Ok(())
}

fn proved(engine: &Engine, seq: u64, size: u64, root: &Hash) -> Result<(), Wrong> {
    let proof = engine.store().prove(seq, size).map_err(damaged)?;
    let leaf = leaf_hash(&proof.leaf);
    if !assay_evidence::proof::verify(&leaf, seq, size, &proof.path, root) {
        return Err(damaged(format!("leaf {seq} is not proved")));
    }
    let mut committed = Sha256::new();
    committed.update(&proof.salt);
    committed.update(&proof.raw);
    if hex::encode(committed.finalize()) != proof.commitment {
        return Err(damaged(format!(
            "leaf {seq} commits to another payload than is stored"
        )));
    }
    Ok(())
}

/// Calls, batches and deeds: none is lost, none is there twice, no commit is there in part.
fn records(engine: &Engine, said: &Acknowledged) -> Result<(), Wrong> {
    let everything = || Query {
        query: String::new(),
    };
    let calls = trail::count(engine, everything())
        .map_err(|error| damaged(error.message))?
        .stored;
    if calls < said.calls {
        return Err(lost(format!(
            "{calls} of {} acknowledged calls",
            said.calls
        )));
    }
    let batches = list(engine, Nothing {}).map_err(|error| damaged(error.message))?;
    let counted: u64 = batches.iter().map(|batch| batch.calls).sum();
    if counted != calls {
        return Err(damaged(format!(
            "the batches count {counted} calls and {calls} are stored"
        )));
    }
    if let Some(batch) = batches.iter().find(|batch| batch.state == "running") {
        return Err(damaged(format!("import {} still runs", batch.id)));
    }
    for id in &said.deeds {
        engine
            .store()
            .activity(id)
            .map_err(|error| lost(format!("a deed: {error}")))?;
    }
    Ok(())
}

/// The store is encrypted or plain as was said, and nothing of a conversion that was cut short lies
/// beside it.
fn encryption(engine: &Engine, said: &Acknowledged) -> Result<(), Wrong> {
    let status = encrypting::status(engine, Nothing {}).map_err(|error| damaged(error.message))?;
    if said.encrypted.is_some_and(|said| said != status.encrypted) {
        return Err(lost(format!("encrypted is {}", status.encrypted)));
    }
    match engine.store().folder().join("assay.db.part").exists() {
        true => Err(damaged("half of a converted store is left")),
        false => Ok(()),
    }
}

/// Every file under its final name is whole, and the acknowledged ones are there.
fn files(store: &Path, said: &Acknowledged) -> Result<(), Wrong> {
    for entry in std::fs::read_dir(store.join("packs")).into_iter().flatten() {
        let entry = entry.unwrap();
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(".part") {
            continue;
        }
        let checked =
            verifying::verify_file(&entry.path()).map_err(|error| damaged(error.message))?;
        if !checked.ok {
            return Err(damaged(format!("{name} is half a pack")));
        }
    }
    for (name, sha256) in &said.files {
        let found =
            std::fs::read(store.join(name)).map_err(|error| lost(format!("{name}: {error}")))?;
        // One that was written over later may be the later one.
        if name != "packs/one.zip" && hex::encode(Sha256::digest(&found)) != *sha256 {
            return Err(lost(format!("{name} is another file")));
        }
    }
    Ok(())
}
