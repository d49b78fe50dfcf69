//! Reading a log file: regular files only, decompressed by content, hashed as they lie on disk.
//!
//! In: a path. Out: chunks of decompressed bytes, or a named reason why it can't be read. Memory is
//! bounded whatever the file claims to hold. Not here: what the bytes mean.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::read::MultiGzDecoder;
use sha2::{Digest, Sha256};

/// Bytes in a chunk.
pub(crate) const CHUNK: usize = 256 << 10;
/// The most that one file may decompress to: 64 GiB.
const MAX_OUT: u64 = 64 << 30;
/// How much larger than itself a file may become once it gave 64 MiB.
const MAX_RATIO: u64 = 200;

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unreadable {
    pub(crate) reason: &'static str,
    pub(crate) detail: String,
}

impl Unreadable {
    fn new(reason: &'static str, detail: impl Into<String>) -> Self {
        Self { reason, detail: detail.into() }
    }
}

/// All regular files at or below `path`, sorted by name. Links are not followed.
pub(crate) fn files(path: &Path) -> Result<Vec<PathBuf>, Unreadable> {
    let problem = |error: std::io::Error| Unreadable::new("unreadable", error.to_string());
    let metadata = std::fs::symlink_metadata(path).map_err(problem)?;
    if metadata.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    if !metadata.is_dir() {
        return Err(Unreadable::new("not_a_regular_file", "links, pipes and devices are not read"));
    }
    let mut found = Vec::new();
    let mut folders = vec![path.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).map_err(problem)?.flatten() {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                Ok(kind) if kind.is_file() => found.push(entry.path()),
                _ => {}
            }
        }
    }
    found.sort();
    Ok(found)
}

/// A file being read.
pub(crate) struct Source {
    decoded: Box<dyn Read + Send>,
    raw: Arc<Counters>,
    out: u64,
    hash: Arc<std::sync::Mutex<Sha256>>,
}

#[derive(Default)]
struct Counters {
    read: AtomicU64,
}

struct Hashing {
    file: File,
    counters: Arc<Counters>,
    hash: Arc<std::sync::Mutex<Sha256>>,
}

impl Read for Hashing {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.counters.read.fetch_add(count as u64, Ordering::Relaxed);
        self.hash
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .update(&buffer[..count]);
        Ok(count)
    }
}

impl Source {
    /// Opens `path`.
    pub(crate) fn open(path: &Path) -> Result<Self, Unreadable> {
        let problem = |error: std::io::Error| Unreadable::new("unreadable", error.to_string());
        if !std::fs::symlink_metadata(path).map_err(problem)?.is_file() {
            return Err(Unreadable::new("not_a_regular_file", "links, pipes and devices are not read"));
        }
        let mut file = File::open(path).map_err(problem)?;
        let mut magic = [0_u8; 4];
        let seen = read_full(&mut file, &mut magic).map_err(problem)?;
        std::io::Seek::rewind(&mut file).map_err(problem)?;
        let counters = Arc::new(Counters::default());
        let hash = Arc::new(std::sync::Mutex::new(Sha256::new()));
        let hashing = Hashing { file, counters: Arc::clone(&counters), hash: Arc::clone(&hash) };
        let buffered = BufReader::with_capacity(CHUNK, hashing);
        let decoded: Box<dyn Read + Send> = match &magic[..seen] {
            [0x1F, 0x8B, ..] => Box::new(MultiGzDecoder::new(buffered)),
            [0x28, 0xB5, 0x2F, 0xFD] => {
                let mut decoder = zstd::Decoder::with_buffer(buffered).map_err(problem)?;
                // A frame may ask for a window of gigabytes; 128 MiB is what `zstd --long` gives.
                decoder.window_log_max(27).map_err(problem)?;
                Box::new(decoder)
            }
            _ => Box::new(buffered),
        };
        Ok(Self { decoded, raw: counters, out: 0, hash })
    }

    /// Bytes read from disk so far.
    pub(crate) fn bytes_read(&self) -> u64 {
        self.raw.read.load(Ordering::Relaxed)
    }

    /// Fills `buffer` with the next decompressed bytes; 0 at the end.
    pub(crate) fn next(&mut self, buffer: &mut [u8]) -> Result<usize, Unreadable> {
        let count = self.decoded.read(buffer).map_err(|error| match error.kind() {
            std::io::ErrorKind::UnexpectedEof => {
                Unreadable::new("truncated", "the compressed data ends before it is complete")
            }
            std::io::ErrorKind::InvalidInput | std::io::ErrorKind::InvalidData | std::io::ErrorKind::Other => {
                Unreadable::new("compression", "the compressed data is damaged")
            }
            _ => Unreadable::new("unreadable", error.to_string()),
        })?;
        self.out += count as u64;
        let read = self.bytes_read().max(1);
        if self.out > MAX_OUT || (self.out > 64 << 20 && self.out / read > MAX_RATIO) {
            return Err(Unreadable::new(
                "compression_ratio",
                format!("it becomes more than {MAX_RATIO} times as large when decompressed"),
            ));
        }
        Ok(count)
    }

    /// SHA-256 of the file as it lay on disk; only after its end was reached.
    pub(crate) fn sha256(mut self) -> Vec<u8> {
        // What stands behind the compressed data belongs to the file as well.
        let mut rest = [0_u8; 8_192];
        while matches!(self.decoded.read(&mut rest), Ok(count) if count > 0) {}
        let hasher = self.hash.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        hasher.finalize().to_vec()
    }
}

fn read_full(file: &mut File, buffer: &mut [u8]) -> std::io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read(&mut buffer[filled..])? {
            0 => break,
            count => filled += count,
        }
    }
    Ok(filled)
}
