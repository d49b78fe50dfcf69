//! The zip file of a pack: one way to write it, and a reader that takes no other.
//!
//! Entries are stored, sorted by name, dated 1980-01-01, mode 0644, with nothing between, before or
//! behind them. So the same files give the same bytes, and no byte of a pack is left unchecked: a
//! bomb, a link, a hidden or a doubled entry can't be written down in this form at all. That is why
//! the form is written here and not by a library, which offers many. In: names and contents. Out: a
//! zip file that every tool opens; or its entries. Not here: which files a pack has.

use std::io::{Read, Seek, SeekFrom, Write};

/// The largest pack, bytes: one that needs no 64-bit sizes.
pub const MAX_BYTES: u64 = u32::MAX as u64 - 1;
/// The most files in a pack.
pub const MAX_ENTRIES: usize = 1_000_000;
/// The longest name, bytes.
const MAX_NAME: usize = 100;

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const LOCAL_LEN: u64 = 30;
/// 1980-01-01 in the date format of MS-DOS.
const DATE: u16 = 0x0021;
const CHUNK: usize = 64 << 10;

const CRC: [u32; 256] = {
    let mut table = [0_u32; 256];
    let mut index = 0;
    while index < 256 {
        let mut value = index as u32;
        let mut bit = 0;
        while bit < 8 {
            value = (value >> 1) ^ (0xEDB8_8320 & (0_u32.wrapping_sub(value & 1)));
            bit += 1;
        }
        table[index] = value;
        index += 1;
    }
    table
};

fn crc(so_far: u32, bytes: &[u8]) -> u32 {
    let mut value = !so_far;
    for byte in bytes {
        value = (value >> 8) ^ CRC[((value ^ u32::from(*byte)) & 0xFF) as usize];
    }
    !value
}

/// A file in the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub name: String,
    /// Bytes.
    pub length: u64,
    crc: u32,
    /// Of its header, from the start of the archive.
    offset: u64,
}

impl Entry {
    fn begins(&self) -> u64 {
        self.offset + LOCAL_LEN + self.name.len() as u64
    }

    fn fields(&self, out: &mut Vec<u8>) {
        for number in [10_u16, 0, 0, 0, DATE] {
            out.extend(number.to_le_bytes());
        }
        for number in [self.crc, self.length as u32, self.length as u32] {
            out.extend(number.to_le_bytes());
        }
        for number in [self.name.len() as u16, 0] {
            out.extend(number.to_le_bytes());
        }
    }

    fn local(&self) -> Vec<u8> {
        let mut out = LOCAL.to_le_bytes().to_vec();
        self.fields(&mut out);
        out.extend(self.name.as_bytes());
        out
    }

    fn central(&self, out: &mut Vec<u8>) {
        out.extend(CENTRAL.to_le_bytes());
        // Written on Unix, so that the mode counts.
        out.extend(0x031E_u16.to_le_bytes());
        self.fields(out);
        for number in [0_u16; 3] {
            out.extend(number.to_le_bytes());
        }
        out.extend((0o100_644_u32 << 16).to_le_bytes());
        out.extend((self.offset as u32).to_le_bytes());
        out.extend(self.name.as_bytes());
    }
}

/// What follows the entries.
fn tail(entries: &[Entry], at: u64) -> Vec<u8> {
    let mut out = Vec::new();
    for entry in entries {
        entry.central(&mut out);
    }
    let length = out.len() as u64;
    let count = entries.len() as u64;
    if count >= 0xFFFF {
        // More files than the old form can count: APPNOTE.TXT 4.3.14 and 4.3.15.
        out.extend(0x0606_4b50_u32.to_le_bytes());
        out.extend(44_u64.to_le_bytes());
        out.extend(0x031E_u16.to_le_bytes());
        out.extend(45_u16.to_le_bytes());
        out.extend([0; 8]);
        for number in [count, count, length, at] {
            out.extend(number.to_le_bytes());
        }
        out.extend(0x0706_4b50_u32.to_le_bytes());
        out.extend([0; 4]);
        out.extend((at + length).to_le_bytes());
        out.extend(1_u32.to_le_bytes());
    }
    out.extend(0x0605_4b50_u32.to_le_bytes());
    let short = count.min(0xFFFF) as u16;
    for number in [0, 0, short, short] {
        out.extend(number.to_le_bytes());
    }
    for number in [length as u32, at as u32] {
        out.extend(number.to_le_bytes());
    }
    out.extend([0; 2]);
    out
}

/// Why an archive could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    #[error("the pack would be larger than 4 GiB")]
    TooLarge,
    #[error("files of a pack are written in the order of their names: {0}")]
    Order(String),
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// Writes an archive, a file at a time, in the order of their names.
pub struct Writer<W> {
    out: W,
    at: u64,
    entries: Vec<Entry>,
}

impl<W: Write + Seek> Writer<W> {
    /// An archive that begins where `out` stands, which is its beginning.
    pub fn new(out: W) -> Self {
        Self {
            out,
            at: 0,
            entries: Vec::new(),
        }
    }

    fn begin(&mut self, name: &str) -> Result<Entry, WriteError> {
        let is_next = self
            .entries
            .last()
            .is_none_or(|last| last.name.as_str() < name);
        if !is_next || name.len() > MAX_NAME || self.entries.len() >= MAX_ENTRIES {
            return Err(WriteError::Order(name.to_owned()));
        }
        Ok(Entry {
            name: name.to_owned(),
            length: 0,
            crc: 0,
            offset: self.at,
        })
    }

    fn end(&mut self, entry: Entry) -> Result<(), WriteError> {
        self.at = entry.begins() + entry.length;
        if self.at > MAX_BYTES {
            return Err(WriteError::TooLarge);
        }
        self.entries.push(entry);
        Ok(())
    }

    /// Writes a file.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn add(&mut self, name: &str, content: &[u8]) -> Result<(), WriteError> {
        let mut entry = self.begin(name)?;
        entry.length = content.len() as u64;
        entry.crc = crc(0, content);
        if entry.begins() + entry.length > MAX_BYTES {
            return Err(WriteError::TooLarge);
        }
        self.out.write_all(&entry.local())?;
        self.out.write_all(content)?;
        self.end(entry)
    }

    /// Keeps the place of a file of `length` bytes, whose content is known later only; the answer
    /// is for [`Writer::fill`].
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn reserve(&mut self, name: &str, length: u64) -> Result<usize, WriteError> {
        let mut entry = self.begin(name)?;
        entry.length = length;
        if entry.begins() + length > MAX_BYTES {
            return Err(WriteError::TooLarge);
        }
        self.out.write_all(&entry.local())?;
        std::io::copy(&mut std::io::repeat(0).take(length), &mut self.out)?;
        self.end(entry)?;
        Ok(self.entries.len() - 1)
    }

    /// Writes the file whose place was kept.
    ///
    /// # Errors
    /// [`WriteError::Order`] where the length is another one.
    pub fn fill(&mut self, index: usize, content: &[u8]) -> Result<(), WriteError> {
        let entry = self
            .entries
            .get_mut(index)
            .filter(|entry| entry.length == content.len() as u64)
            .ok_or_else(|| WriteError::Order("a kept place".to_owned()))?;
        entry.crc = crc(0, content);
        self.out.seek(SeekFrom::Start(entry.offset))?;
        self.out.write_all(&entry.local())?;
        self.out.write_all(content)?;
        self.out.seek(SeekFrom::Start(self.at))?;
        Ok(())
    }

    /// Writes the file whose place was kept last, in pieces.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn filling(&mut self, index: usize) -> Result<Filling<'_, W>, WriteError> {
        let entry = self
            .entries
            .get_mut(index)
            .ok_or_else(|| WriteError::Order("a kept place".to_owned()))?;
        self.out.seek(SeekFrom::Start(entry.begins()))?;
        Ok(Filling {
            left: entry.length,
            end: self.at,
            out: &mut self.out,
            entry,
        })
    }

    /// Ends the archive; answers its length in bytes.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn finish(mut self) -> Result<u64, WriteError> {
        let tail = tail(&self.entries, self.at);
        let length = self.at + tail.len() as u64;
        if length > MAX_BYTES {
            return Err(WriteError::TooLarge);
        }
        self.out.write_all(&tail)?;
        self.out.flush()?;
        Ok(length)
    }
}

/// A file that is written in pieces.
pub struct Filling<'a, W> {
    out: &'a mut W,
    entry: &'a mut Entry,
    left: u64,
    end: u64,
}

impl<W: Write + Seek> Filling<'_, W> {
    /// The next piece.
    ///
    /// # Errors
    /// [`WriteError::Order`] where it is more than fits.
    pub fn write(&mut self, piece: &[u8]) -> Result<(), WriteError> {
        self.left = self
            .left
            .checked_sub(piece.len() as u64)
            .ok_or_else(|| WriteError::Order(self.entry.name.clone()))?;
        self.entry.crc = crc(self.entry.crc, piece);
        Ok(self.out.write_all(piece)?)
    }

    /// Ends the file.
    ///
    /// # Errors
    /// [`WriteError::Order`] where something is missing.
    pub fn finish(self) -> Result<(), WriteError> {
        if self.left != 0 {
            return Err(WriteError::Order(self.entry.name.clone()));
        }
        self.out.seek(SeekFrom::Start(self.entry.offset))?;
        self.out.write_all(&self.entry.local())?;
        self.out.seek(SeekFrom::Start(self.end))?;
        Ok(())
    }
}

/// Why a file is no archive of this form.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("not a zip file as packs are written: {0}")]
    Form(&'static str),
    #[error("can't be read: {0}")]
    Io(#[from] std::io::Error),
    #[error("`{0}` does not have the checksum (CRC-32) that the zip file states")]
    Crc(String),
    #[error("`{0}` is larger than {1} bytes")]
    Large(String, u64),
}

/// An archive of which the entries are known.
pub struct Archive<R> {
    reader: R,
    entries: Vec<Entry>,
}

fn exactly<R: Read>(reader: &mut R, length: usize) -> Result<Vec<u8>, ReadError> {
    let mut bytes = vec![0; length];
    reader
        .read_exact(&mut bytes)
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::UnexpectedEof => ReadError::Form("it ends too early"),
            _ => ReadError::Io(error),
        })?;
    Ok(bytes)
}

fn number(bytes: &[u8], at: usize) -> u32 {
    bytes
        .get(at..at + 4)
        .and_then(|four| four.try_into().ok())
        .map_or(0, u32::from_le_bytes)
}

impl<R: Read + Seek> Archive<R> {
    /// Reads which files there are. Needs memory for their names, not for their contents.
    ///
    /// # Errors
    /// [`ReadError::Form`] where one byte outside of the contents is not as [`Writer`] writes it.
    pub fn open(mut reader: R) -> Result<Self, ReadError> {
        let length = reader.seek(SeekFrom::End(0))?;
        if length > MAX_BYTES {
            return Err(ReadError::Form("it is larger than 4 GiB"));
        }
        let mut entries: Vec<Entry> = Vec::new();
        let mut at = 0;
        reader.seek(SeekFrom::Start(0))?;
        loop {
            let signature = exactly(&mut reader, 4)?;
            if number(&signature, 0) != LOCAL {
                break;
            }
            let head = exactly(&mut reader, LOCAL_LEN as usize - 4)?;
            let name_length = usize::from(u16::from_le_bytes([head[22], head[23]]));
            if name_length == 0 || name_length > MAX_NAME || entries.len() >= MAX_ENTRIES {
                return Err(ReadError::Form("a name is too long, or there are too many"));
            }
            let name = exactly(&mut reader, name_length)?;
            let entry = Entry {
                name: String::from_utf8(name)
                    .ok()
                    .filter(|name| name.is_ascii())
                    .ok_or(ReadError::Form("a name has other characters than ASCII"))?,
                length: u64::from(number(&head, 14)),
                crc: number(&head, 10),
                offset: at,
            };
            if entry.local()[4..30] != head[..] {
                return Err(ReadError::Form("a file is not stored as packs store files"));
            }
            if entries.last().is_some_and(|last| last.name >= entry.name) {
                return Err(ReadError::Form(
                    "its files are not in order, or one is doubled",
                ));
            }
            at = entry.begins() + entry.length;
            if at > length {
                return Err(ReadError::Form("it ends too early"));
            }
            reader.seek(SeekFrom::Start(at))?;
            entries.push(entry);
        }
        if entries.is_empty() {
            return Err(ReadError::Form("it does not begin with a file"));
        }
        let expected = tail(&entries, at);
        if at + expected.len() as u64 != length {
            return Err(ReadError::Form(
                "its list of files is not the one of its files",
            ));
        }
        reader.seek(SeekFrom::Start(at))?;
        if exactly(&mut reader, expected.len())? != expected {
            return Err(ReadError::Form(
                "its list of files is not the one of its files",
            ));
        }
        Ok(Self { reader, entries })
    }

    /// The files, in the order of their names.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Whether there is a file of this name.
    pub fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// The length of a file in bytes.
    pub fn length(&self, name: &str) -> Option<u64> {
        self.find(name).map(|index| self.entries[index].length)
    }

    fn find(&self, name: &str) -> Option<usize> {
        self.entries
            .binary_search_by(|entry| entry.name.as_str().cmp(name))
            .ok()
    }

    /// Passes the content of a file to `each`, a piece at a time; `None` where there is none of
    /// this name.
    ///
    /// # Errors
    /// [`ReadError::Crc`], [`ReadError::Io`].
    pub fn stream(
        &mut self,
        name: &str,
        mut each: impl FnMut(&[u8]),
    ) -> Result<Option<()>, ReadError> {
        let Some(entry) = self.find(name).map(|index| self.entries[index].clone()) else {
            return Ok(None);
        };
        self.reader.seek(SeekFrom::Start(entry.begins()))?;
        let mut buffer = vec![0; CHUNK.min(usize::try_from(entry.length).unwrap_or(CHUNK))];
        let (mut left, mut sum) = (entry.length, 0);
        while left > 0 {
            let wanted = buffer.len().min(usize::try_from(left).unwrap_or(CHUNK));
            let piece = &mut buffer[..wanted];
            self.reader.read_exact(piece)?;
            sum = crc(sum, piece);
            each(piece);
            left -= wanted as u64;
        }
        if sum != entry.crc {
            return Err(ReadError::Crc(entry.name));
        }
        Ok(Some(()))
    }

    /// The content of a file of at most `most` bytes; `None` where there is none of this name.
    ///
    /// # Errors
    /// [`ReadError::Large`], [`ReadError::Crc`], [`ReadError::Io`].
    pub fn read(&mut self, name: &str, most: u64) -> Result<Option<Vec<u8>>, ReadError> {
        let length = self.length(name).unwrap_or(0);
        if length > most {
            return Err(ReadError::Large(name.to_owned(), most));
        }
        let mut content = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
        let found = self.stream(name, |piece| content.extend_from_slice(piece))?;
        Ok(found.map(|()| content))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn written(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        let mut writer = Writer::new(&mut bytes);
        let kept = writer.reserve("a", 3).unwrap();
        for (name, content) in files {
            writer.add(name, content).unwrap();
        }
        writer.fill(kept, b"abc").unwrap();
        let length = writer.finish().unwrap();
        assert_eq!(length, bytes.get_ref().len() as u64);
        bytes.into_inner()
    }

    #[test]
    fn a_library_reads_what_is_written_and_so_does_this() {
        let bytes = written(&[("b/c", b"one"), ("b/d", b"")]);
        let mut library = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
        assert_eq!(library.len(), 3);
        let mut text = String::new();
        let mut file = library.by_index(1).unwrap();
        file.read_to_string(&mut text).unwrap();
        assert_eq!(
            (text.as_str(), file.unix_mode(), file.crc32()),
            ("one", Some(0o100_644), crc(0, b"one"))
        );
        let mut own = Archive::open(Cursor::new(&bytes)).unwrap();
        assert_eq!(own.read("a", 9).unwrap().unwrap(), b"abc");
        assert_eq!(own.read("b/d", 9).unwrap().unwrap(), b"");
        assert_eq!(own.read("c", 9).unwrap(), None);
        assert!(matches!(own.read("a", 2), Err(ReadError::Large(..))));
    }

    #[test]
    fn more_files_than_the_old_form_counts_are_read_by_both() {
        let names: Vec<String> = (0..70_000).map(|n| format!("b{n:05}")).collect();
        let files: Vec<(&str, &[u8])> = names
            .iter()
            .map(|name| (name.as_str(), &b"x"[..]))
            .collect();
        let bytes = written(&files);
        assert_eq!(
            zip::ZipArchive::new(Cursor::new(&bytes)).unwrap().len(),
            70_001
        );
        assert_eq!(
            Archive::open(Cursor::new(&bytes)).unwrap().entries().len(),
            70_001
        );
    }

    #[test]
    fn a_byte_that_is_changed_left_out_or_added_is_found() {
        let bytes = written(&[("b", b"one"), ("c", b"two")]);
        let holds = |bytes: &[u8]| {
            Archive::open(Cursor::new(bytes)).is_ok_and(|mut archive| {
                let names: Vec<String> = archive
                    .entries()
                    .iter()
                    .map(|entry| entry.name.clone())
                    .collect();
                names == ["a", "b", "c"] && names.iter().all(|name| archive.read(name, 9).is_ok())
            })
        };
        assert!(holds(&bytes));
        for index in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[index] ^= 1;
            assert!(!holds(&changed), "byte {index}");
            changed[index] ^= 1;
            changed.insert(index, 0);
            assert!(!holds(&changed), "before byte {index}");
            assert!(!holds(&bytes[..index]), "up to byte {index}");
        }
    }

    #[test]
    fn files_out_of_order_are_not_written() {
        let mut writer = Writer::new(Cursor::new(Vec::new()));
        writer.add("b", b"").unwrap();
        assert!(writer.add("a", b"").is_err());
        assert!(writer.add("b", b"").is_err());
    }
}
