//! Looking into a zip file of whatever kind: its members' names and bytes.
//!
//! In: bytes that may be hostile. Out: members, within limits. Not here: what a pack has to hold
//! (`pack`).

use std::io::{Cursor, Read, Seek};

use zip::ZipArchive;

/// The largest member that is read.
const MAX_ENTRY: u64 = 64 << 20;
/// The most members that are read.
const MAX_ENTRIES: usize = 400_000;

/// The names of all members; `None` where it is no zip file or has too many.
pub fn names(file: impl Read + Seek) -> Option<Vec<String>> {
    let archive = ZipArchive::new(file).ok()?;
    if archive.len() > MAX_ENTRIES {
        return None;
    }
    archive
        .file_names()
        .map(|name| Some(name.ok()?.into_owned()))
        .collect()
}

/// Whether `wanted` is true of some member's bytes; `None` where they can't all be read.
pub fn any_member(bytes: &[u8], mut wanted: impl FnMut(&[u8]) -> bool) -> Option<bool> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    if archive.len() > MAX_ENTRIES {
        return None;
    }
    for index in 0..archive.len() {
        let member = archive.by_index(index).ok()?;
        let mut content = Vec::new();
        member.take(MAX_ENTRY + 1).read_to_end(&mut content).ok()?;
        if content.len() as u64 > MAX_ENTRY {
            return None;
        }
        if wanted(&content) {
            return Some(true);
        }
    }
    Some(false)
}

/// The record that a member of a pack belongs to: `records/000000012/raw.bin` is of record 12.
pub fn record_of(name: &str) -> Option<u64> {
    let mut parts = name.split('/');
    (parts.next() == Some("records")).then_some(())?;
    parts.next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    #[test]
    fn members_are_found_compressed_or_not_and_anything_else_is_none() {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        writer
            .start_file("records/0012/raw.bin", SimpleFileOptions::default())
            .unwrap();
        writer.write_all(b"some marker here").unwrap();
        let bytes = writer.finish().unwrap().into_inner();
        let holds = |needle: &'static [u8]| {
            any_member(&bytes, |member| {
                member.windows(needle.len()).any(|part| part == needle)
            })
        };
        assert_eq!(
            (holds(b"marker"), holds(b"absent")),
            (Some(true), Some(false))
        );
        assert_eq!(any_member(b"no zip", |_| true), None);
        let names = names(Cursor::new(&bytes)).unwrap();
        assert_eq!(record_of(&names[0]), Some(12));
        assert_eq!(record_of("proofs/12"), None);
    }
}
