//! Compressing the bytes of records, with what every log repeats known beforehand.
//!
//! Records are compressed each by itself, so that each can be sealed and destroyed by itself. What
//! most of them have in common, the names of their fields, stands in a dictionary that is part of the
//! program: it holds no word of any record, as one that was trained on records would. It never
//! changes; another one gets a codec of its own. In: bytes as received. Out: a codec and bytes. Not
//! here: sealing.

use std::cell::RefCell;
use std::sync::LazyLock;

use zstd::bulk::{Compressor, Decompressor};
use zstd::dict::DecoderDictionary;
use zstd::zstd_safe::{CParameter, ParamSwitch, compress_bound, get_frame_content_size};

use crate::error::{Result, StoreError};

/// As received.
const PLAIN: u8 = 0;
/// zstd without a dictionary: records that were stored up to schema 22, and answers of replays.
pub(crate) const ZSTD: u8 = 1;
/// zstd with [`RECORDS`].
const ZSTD_RECORDS: u8 = 2;

/// The names of fields in the order in which the formats write them (`records.txt`), behind tables of
/// how often what stands in such records. Made once by zstd's `ZDICT_finalizeDictionary` from records
/// that were invented around sentences of this program's documentation.
const RECORDS: &[u8] = include_bytes!("../dictionary/records.dict");

/// More than any record is, in bytes.
const MOST: u64 = 64 << 20;

static DECODER: LazyLock<Option<DecoderDictionary<'static>>> =
    LazyLock::new(|| DecoderDictionary::try_copy(RECORDS).ok());

thread_local! {
    /// Made once a thread: it takes longer to make than a record takes to read.
    static UNPACKING: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
}

/// Compresses records.
pub struct Packing {
    compressor: Compressor<'static>,
    /// Where a record is compressed, before it is kept in as much room as it takes.
    packed: Vec<u8>,
}

impl Packing {
    /// # Errors
    /// [`StoreError::Value`].
    pub fn new() -> Result<Self> {
        Ok(Self {
            compressor: compressor().map_err(|_| {
                StoreError::Value("records can't be compressed on this computer".to_owned())
            })?,
            packed: Vec::new(),
        })
    }

    /// The codec and the bytes that a record is stored as, in `room`; what was in it goes.
    pub fn pack(&mut self, raw: &[u8], mut room: Vec<u8>) -> (u8, Vec<u8>) {
        room.clear();
        self.packed.clear();
        self.packed.reserve(compress_bound(raw.len()));
        match self.compressor.compress_to_buffer(raw, &mut self.packed) {
            Ok(length) if length < raw.len() => {
                room.extend_from_slice(&self.packed);
                (ZSTD_RECORDS, room)
            }
            _ => {
                room.extend_from_slice(raw);
                (PLAIN, room)
            }
        }
    }
}

/// Looks for what repeats over six bytes or more and codes letters by how frequent they are.
fn compressor() -> std::io::Result<Compressor<'static>> {
    let mut compressor = Compressor::with_dictionary(1, RECORDS)?;
    for parameter in [
        CParameter::LiteralCompressionMode(ParamSwitch::Enable),
        CParameter::MinMatch(6),
        CParameter::HashLog(13),
    ] {
        compressor.set_parameter(parameter)?;
    }
    Ok(compressor)
}

/// Bytes as received, from what is stored.
pub(crate) fn unpack(codec: u8, data: Vec<u8>) -> Result<Vec<u8>> {
    let unreadable = || StoreError::Value("a record's bytes can't be decompressed".to_owned());
    match codec {
        PLAIN => Ok(data),
        ZSTD => zstd::decode_all(data.as_slice()).map_err(|_| unreadable()),
        ZSTD_RECORDS => with_dictionary(&data).ok_or_else(unreadable),
        other => Err(StoreError::Value(format!("unknown codec {other}"))),
    }
}

fn with_dictionary(data: &[u8]) -> Option<Vec<u8>> {
    let length = get_frame_content_size(data).ok()??;
    if length > MOST {
        return None;
    }
    let length = usize::try_from(length).ok()?;
    UNPACKING.with_borrow_mut(|unpacking| {
        if unpacking.is_none() {
            *unpacking = Decompressor::with_prepared_dictionary(DECODER.as_ref()?).ok();
        }
        let unpacked = unpacking.as_mut()?.decompress(data, length).ok()?;
        (unpacked.len() == length).then_some(unpacked)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::{Digest, Sha256};

    #[test]
    fn every_codec_is_read_again() {
        let raw =
            br#"{"schemaType":"ModelInvocationLog","input":{"inputBodyJson":{"messages":[]}}}"#;
        let (codec, data) = Packing::new().unwrap().pack(raw, Vec::new());
        assert_eq!(codec, ZSTD_RECORDS);
        assert!(data.len() < raw.len(), "{}", data.len());
        assert_eq!(unpack(codec, data.clone()).unwrap(), raw);
        let older = zstd::encode_all(raw.as_slice(), 1).unwrap();
        assert_eq!(unpack(ZSTD, older).unwrap(), raw);
        assert_eq!(unpack(PLAIN, raw.to_vec()).unwrap(), raw);
        assert!(
            unpack(ZSTD, data.clone()).is_err(),
            "it needs the dictionary"
        );
        assert!(unpack(3, data).is_err());
    }

    #[test]
    fn what_is_damaged_is_an_error() {
        let raw: Vec<u8> = (0..400_u32).flat_map(u32::to_le_bytes).collect();
        let (codec, data) = Packing::new().unwrap().pack(&raw, vec![1]);
        for at in 0..data.len() {
            let mut damaged = data.clone();
            damaged[at] ^= 0x55;
            // Whether it is noticed is for the seal; nothing worse may happen.
            let _ = unpack(codec, damaged);
        }
        assert!(unpack(codec, data[..data.len() - 1].to_vec()).is_err());
        assert!(unpack(codec, Vec::new()).is_err());
        assert_eq!(unpack(codec, data).unwrap(), raw);
    }

    #[test]
    fn what_can_not_be_compressed_is_kept_as_it_is() {
        let raw: Vec<u8> = (0..64_u8).collect();
        assert_eq!(Packing::new().unwrap().pack(&raw, Vec::new()), (PLAIN, raw));
    }

    #[test]
    fn the_dictionary_is_names_of_fields_and_never_changes() {
        let names = include_bytes!("../dictionary/records.txt");
        assert!(RECORDS.ends_with(names), "what stands in it can be read");
        assert_eq!(
            hex::encode(Sha256::digest(RECORDS)),
            "670ad8f9037a5258014be2ead28407dcefc0a123f5954e76ea0f1a15cb231dcc"
        );
    }
}
