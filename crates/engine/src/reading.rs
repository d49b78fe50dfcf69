//! Reading a log file: regular files only, decompressed by content, hashed as they lie on disk.
//!
//! In: a path. Out: chunks of decompressed bytes, or a named reason why it can't be read. Memory is
//! bounded whatever the file claims to hold. Not here: what the bytes mean.

mod utf16;

use std::fs::{File, Metadata};
use std::io::{BufRead, BufReader, ErrorKind, Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use assay_domain::formats::Reason;
use flate2::bufread::MultiGzDecoder;
use sha2::{Digest, Sha256};

use crate::reading::utf16::Utf16;

/// Bytes in a chunk.
pub(crate) const CHUNK: usize = 256 << 10;
/// The most that one file may decompress to: 64 GiB.
const MAX_OUT: u64 = 64 << 30;
/// How much larger than itself a file may become once it gave 64 MiB.
const MAX_RATIO: u64 = 200;

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unreadable {
    pub(crate) reason: Reason,
    pub(crate) detail: String,
}

impl Unreadable {
    fn new(reason: Reason, detail: impl Into<String>) -> Self {
        Self {
            reason,
            detail: detail.into(),
        }
    }

    fn special() -> Self {
        Self::new(
            Reason::NotARegularFile,
            "Links, pipes and devices are not read.",
        )
    }
}

impl From<std::io::Error> for Unreadable {
    fn from(error: std::io::Error) -> Self {
        Self::new(Reason::Unreadable, error.to_string())
    }
}

/// What lies at or below a path.
#[derive(Default)]
pub(crate) struct Found {
    /// Regular files, sorted by name.
    pub(crate) files: Vec<PathBuf>,
    /// What is no regular file, and folders that can't be read.
    pub(crate) unread: Vec<(PathBuf, Unreadable)>,
}

/// All regular files at or below `path`. Links are not followed.
pub(crate) fn files(path: &Path) -> Result<Found, Unreadable> {
    let metadata = std::fs::symlink_metadata(path)?;
    let mut found = Found::default();
    if metadata.is_file() {
        found.files.push(path.to_owned());
        return Ok(found);
    }
    if !metadata.is_dir() {
        return Err(Unreadable::special());
    }
    let mut folders = vec![path.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if folder == path => return Err(error.into()),
            Err(error) => {
                found.unread.push((folder, error.into()));
                continue;
            }
        };
        for entry in entries {
            match entry.and_then(|entry| Ok((entry.path(), entry.file_type()?))) {
                Ok((path, kind)) if kind.is_dir() => folders.push(path),
                Ok((path, kind)) if kind.is_file() => found.files.push(path),
                Ok((path, _)) => found.unread.push((path, Unreadable::special())),
                Err(error) => found.unread.push((folder.clone(), error.into())),
            }
        }
    }
    found.files.sort();
    found.unread.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(found)
}

/// Whether a file that begins so may be one that CloudTrail delivered: `{"Records":[…]}`.
fn is_envelope(beginning: &[u8]) -> bool {
    let window = &beginning[..beginning.len().min(256)];
    window.trim_ascii_start().starts_with(b"{")
        && String::from_utf8_lossy(window).contains("\"Records\"")
}

/// A small file that was read whole.
pub(crate) struct Whole {
    /// Its decompressed bytes.
    pub(crate) content: Vec<u8>,
    /// SHA-256 of the file as it lies on disk.
    pub(crate) sha256: Vec<u8>,
    /// Read from disk.
    pub(crate) bytes: u64,
}

/// Reads a file whole where its first 16 KiB are `wanted`. `None` where they are not, and where it
/// can't be read or is larger than `limit`: then it is read as any log file is.
pub(crate) fn whole_if(path: &Path, limit: usize, wanted: impl Fn(&[u8]) -> bool) -> Option<Whole> {
    const WINDOW: usize = 16 << 10;
    let mut source = Source::open(path).ok()?;
    let mut content = Vec::new();
    let mut buffer = vec![0; WINDOW];
    let mut is_wanted = false;
    loop {
        let count = source.next(&mut buffer).ok()?;
        content.extend_from_slice(&buffer[..count]);
        if !is_wanted && (count == 0 || content.len() >= WINDOW) {
            is_wanted = wanted(&content);
            if !is_wanted {
                return None;
            }
        }
        if content.len() > limit {
            return None;
        }
        if count == 0 {
            let bytes = source.bytes_read();
            return Some(Whole {
                content,
                sha256: source.sha256(),
                bytes,
            });
        }
    }
}

/// A file being read.
pub(crate) struct Source {
    decoded: Decoded,
    raw: Arc<Mutex<Seen>>,
    out: u64,
    /// Of the bytes given out, where they may be a CloudTrail log file.
    content: Option<Sha256>,
    /// What went wrong when its beginning was looked at, for whoever reads it.
    failed: Option<std::io::Error>,
}

type Gzip<R> = BufReader<MultiGzDecoder<R>>;

/// How members of gzip begin.
const GZIP: [u8; 2] = [0x1F, 0x8B];

fn gzip<R: BufRead>(from: R) -> Box<Gzip<R>> {
    Box::new(BufReader::new(MultiGzDecoder::new(from)))
}

enum Decoded {
    Plain(BufReader<Hashing>),
    Utf16(Box<Utf16<BufReader<Hashing>>>),
    Gzip(Box<Gzip<BufReader<Hashing>>>),
    /// Firehose compresses what CloudWatch sends it compressed once more.
    GzipTwice(Box<Gzip<Gzip<BufReader<Hashing>>>>),
    Zstd(Box<zstd::Decoder<'static, BufReader<Hashing>>>),
}

/// What was read from disk so far.
#[derive(Default)]
struct Seen {
    bytes: u64,
    hash: Sha256,
}

struct Hashing {
    file: File,
    seen: Arc<Mutex<Seen>>,
}

impl Read for Hashing {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.file.read(buffer)?;
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.bytes += count as u64;
        seen.hash.update(&buffer[..count]);
        Ok(count)
    }
}

impl Source {
    /// Opens `path`.
    pub(crate) fn open(path: &Path) -> Result<Self, Unreadable> {
        let special = |metadata: Metadata| !metadata.is_file();
        if special(std::fs::symlink_metadata(path)?) {
            return Err(Unreadable::special());
        }
        let mut file = File::open(path)?;
        if special(file.metadata()?) {
            return Err(Unreadable::special());
        }
        let mut magic = Vec::with_capacity(4);
        (&mut file).take(4).read_to_end(&mut magic)?;
        file.rewind()?;
        let raw = Arc::new(Mutex::new(Seen::default()));
        let buffered = BufReader::with_capacity(
            CHUNK,
            Hashing {
                file,
                seen: Arc::clone(&raw),
            },
        );
        let mut failed = None;
        let decoded = match magic.as_slice() {
            [0x1F, 0x8B, ..] => {
                let mut once = gzip(buffered);
                match once.fill_buf() {
                    Ok(inner) if inner.starts_with(&GZIP) => Decoded::GzipTwice(gzip(*once)),
                    Ok(_) => Decoded::Gzip(once),
                    Err(error) => {
                        failed = Some(error);
                        Decoded::Gzip(once)
                    }
                }
            }
            [0x28, 0xB5, 0x2F, 0xFD] => {
                let mut decoder = zstd::Decoder::with_buffer(buffered)?;
                // A frame may ask for a window of gigabytes; 128 MiB is what `zstd --long` gives.
                decoder.window_log_max(27)?;
                Decoded::Zstd(Box::new(decoder))
            }
            // UTF-32 begins so as well.
            [0xFF, 0xFE, 0, 0] => Decoded::Plain(buffered),
            [first, second, ..] if [*first, *second] == utf16::LITTLE => {
                Decoded::Utf16(Box::new(Utf16::new(buffered, true)))
            }
            [first, second, ..] if [*first, *second] == utf16::BIG => {
                Decoded::Utf16(Box::new(Utf16::new(buffered, false)))
            }
            _ => Decoded::Plain(buffered),
        };
        Ok(Self {
            decoded,
            raw,
            out: 0,
            content: None,
            failed,
        })
    }

    /// Bytes read from disk so far.
    pub(crate) fn bytes_read(&self) -> u64 {
        self.raw
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .bytes
    }

    /// Bytes given out so far.
    pub(crate) fn bytes_out(&self) -> u64 {
        self.out
    }

    /// Fills `buffer` with the next decompressed bytes; 0 at the end.
    pub(crate) fn next(&mut self, buffer: &mut [u8]) -> Result<usize, Unreadable> {
        let read = match (self.failed.take(), &mut self.decoded) {
            (Some(error), _) => Err(error),
            (None, Decoded::Plain(plain)) => plain.read(buffer),
            (None, Decoded::Utf16(text)) => text.read(buffer),
            (None, Decoded::Gzip(gzip)) => gzip.read(buffer),
            (None, Decoded::GzipTwice(gzip)) => gzip.read(buffer),
            (None, Decoded::Zstd(zstd)) => zstd.read(buffer),
        };
        let is_plain = matches!(self.decoded, Decoded::Plain(_) | Decoded::Utf16(_));
        let count = read.map_err(|error| match error.kind() {
            _ if is_plain => error.into(),
            ErrorKind::UnexpectedEof => {
                Unreadable::new(Reason::Truncated, "The compressed data was cut off.")
            }
            ErrorKind::InvalidInput | ErrorKind::InvalidData | ErrorKind::Other => Unreadable::new(
                Reason::Compression,
                "Or something else follows it, or it asks for more than 128 MiB of memory.",
            ),
            _ => error.into(),
        })?;
        if self.out == 0 && is_envelope(&buffer[..count]) {
            self.content = Some(Sha256::new());
        }
        if let Some(content) = &mut self.content {
            content.update(&buffer[..count]);
        }
        self.give(count)
    }

    /// SHA-256 of the decompressed bytes of a file that may be a CloudTrail log file, once its end
    /// was reached; CloudTrail's digests name these.
    pub(crate) fn content_sha256(&self) -> Option<[u8; 32]> {
        self.content
            .as_ref()
            .map(|content| content.clone().finalize().into())
    }

    fn give(&mut self, count: usize) -> Result<usize, Unreadable> {
        self.out += count as u64;
        let read = self.bytes_read().max(1);
        if self.out > MAX_OUT || (self.out > 64 << 20 && self.out / read > MAX_RATIO) {
            return Err(Unreadable::new(
                Reason::CompressionRatio,
                format!("It becomes more than {MAX_RATIO} times its size, or more than 64 GiB."),
            ));
        }
        Ok(count)
    }

    /// SHA-256 of the file as it lay on disk, once its end was reached.
    ///
    /// Of a file that grew meanwhile it is the hash of what was read. What stands behind the
    /// compressed data would belong to the file, and does not occur: it is an error.
    pub(crate) fn sha256(self) -> Vec<u8> {
        let seen = self.raw.lock().unwrap_or_else(PoisonError::into_inner);
        seen.hash.clone().finalize().to_vec()
    }
}
