//! Making stored records out of parsed ones: hashed and compressed.
//!
//! In: stretches of parsed records. Out: the same as parcels, in their order. Runs in a thread of its
//! own, between the one that reads and parses and the one that stores. Not here: either of them.

use std::borrow::Borrow;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel};

use assay_evidence::leaf::commitment;
use assay_store::batches::Chunk;
use assay_store::open::Store;
use assay_store::packed::Packing;
use assay_store::writer::{NewRecord, record_id, salts};

use crate::error::Result;
use crate::imports::parsing::{End, Parsed, Stretch};

/// Bytes up to which the room of a packed record is used again: as many wait as there are records on
/// their way.
const ROOM: usize = 4 << 10;

/// What the packing thread hands over.
pub(crate) enum Parcel {
    Records(Lent),
    End(End),
}

/// A chunk whose records go back to the threads that made them once they are stored: memory that
/// one thread takes and another gives back makes both wait for each other, and what is back is used
/// again.
pub(crate) struct Lent {
    chunk: Chunk,
    home: Sender<Vec<NewRecord>>,
}

impl Borrow<Chunk> for Lent {
    fn borrow(&self) -> &Chunk {
        &self.chunk
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        // Where nobody packs any more it ends here.
        let _ = self.home.send(std::mem::take(&mut self.chunk.records));
    }
}

/// What goes back to the thread that parses: the room of bytes that were packed, and records that
/// were stored.
pub(crate) struct Used {
    pub(crate) raw: Vec<u8>,
    _records: Vec<Vec<NewRecord>>,
}

/// Packs what comes `from` the thread that parses, until it ends or nobody takes it any more.
///
/// # Errors
/// The store's, where there is no randomness.
pub(crate) fn pack(
    store: &Store,
    now_ms: i64,
    from: &Receiver<Parsed>,
    to: &SyncSender<Parcel>,
    back: &Sender<Used>,
) -> Result<()> {
    let mut packer = Packer::new()?;
    while let Ok(parsed) = from.recv() {
        let parcel = match parsed {
            Parsed::End(end) => Parcel::End(end),
            Parsed::Stretch(mut stretch) => {
                let raw = std::mem::take(&mut stretch.raw);
                let chunk = packer.chunk(stretch, &raw)?;
                store.make_day_keys(&chunk.records, now_ms);
                let _ = back.send(Used {
                    raw,
                    _records: packer.take_back(),
                });
                let home = packer.home.clone();
                Parcel::Records(Lent { chunk, home })
            }
        };
        if to.send(parcel).is_err() {
            break;
        }
    }
    Ok(())
}

struct Packer {
    packing: Packing,
    home: Sender<Vec<NewRecord>>,
    stored: Receiver<Vec<NewRecord>>,
    /// Where records are packed.
    rooms: Vec<Vec<u8>>,
}

impl Packer {
    fn new() -> Result<Self> {
        let (home, stored) = channel();
        Ok(Self {
            packing: Packing::new()?,
            home,
            stored,
            rooms: Vec::new(),
        })
    }

    /// The stretch, packed; `raw` holds the bytes of its records, one after another.
    fn chunk(&mut self, stretch: Stretch, mut raw: &[u8]) -> Result<Chunk> {
        let salts = salts(stretch.records.len())?;
        let records = stretch.records.into_iter().zip(salts);
        let records = records.map(|(parsed, salt)| {
            let (own, rest) = raw.split_at(parsed.length);
            raw = rest;
            let source = parsed.format.name();
            let room = self.rooms.pop().unwrap_or_default();
            let (codec, data) = self.packing.pack(own, room);
            NewRecord {
                id: parsed.id.unwrap_or_else(|| record_id(source, own)),
                line: parsed.line,
                offset: parsed.offset,
                length: own.len() as u64,
                format: parsed.format as u8,
                source,
                salt,
                commitment: commitment(&salt, own),
                codec,
                data,
                what: parsed.what,
            }
        });
        Ok(Chunk {
            records: records.collect(),
            ..stretch.rest
        })
    }

    /// Takes back the records that were stored meanwhile, for the room that they took.
    fn take_back(&mut self) -> Vec<Vec<NewRecord>> {
        let mut all: Vec<Vec<NewRecord>> = self.stored.try_iter().collect();
        let rooms = all
            .iter_mut()
            .flatten()
            .map(|record| std::mem::take(&mut record.data));
        self.rooms
            .extend(rooms.filter(|room| room.capacity() <= ROOM));
        all
    }
}
