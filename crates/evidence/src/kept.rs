//! A checkpoint that was kept elsewhere: a file with a signed note, or a pack that holds one.
//!
//! In: the file's bytes. Out: the note and what it says. Not here: whether a tree still begins with
//! it (the store), who signed it.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::checkpoint::Checkpoint;
use crate::note::Note;

/// The largest note that is read.
const MAX_NOTE: u64 = 1 << 20;
/// Its name in a pack.
const NAME: &str = "checkpoint";

/// Why a file holds no checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeptError {
    #[error("it is a zip file that can't be read")]
    Zip,
    #[error("it is a zip file without a signed checkpoint in it")]
    NoCheckpoint,
    #[error("it is no signed checkpoint")]
    NoNote,
}

/// The checkpoint in a file, with its note.
///
/// # Errors
/// [`KeptError`].
pub fn read(bytes: &[u8]) -> Result<(Checkpoint, Note), KeptError> {
    let inner;
    let text = match bytes.starts_with(b"PK") {
        true => {
            inner = in_zip(bytes)?;
            inner.as_slice()
        }
        false => bytes,
    };
    let note = Note::parse(text).map_err(|_| KeptError::NoNote)?;
    let checkpoint = Checkpoint::parse(&note.text).map_err(|_| KeptError::NoNote)?;
    Ok((checkpoint, note))
}

fn in_zip(bytes: &[u8]) -> Result<Vec<u8>, KeptError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| KeptError::Zip)?;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(|_| KeptError::Zip)?;
        let is_it = entry
            .name()
            .is_ok_and(|name| name == NAME || name.ends_with("/checkpoint"));
        if !is_it {
            continue;
        }
        let mut note = Vec::new();
        entry
            .by_ref()
            .take(MAX_NOTE)
            .read_to_end(&mut note)
            .map_err(|_| KeptError::Zip)?;
        return Ok(note);
    }
    Err(KeptError::NoCheckpoint)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::signing::SigningKey;

    #[test]
    fn a_checkpoint_is_found_in_its_file_and_in_a_pack_and_nowhere_else() {
        let key = SigningKey::from_seed("assay.local/01", &[7; 32]).unwrap();
        let checkpoint = Checkpoint {
            origin: "assay.local/01".to_owned(),
            size: 3,
            root: [9; 32],
        };
        let bytes = checkpoint.sign(&[&key]).to_bytes().unwrap();
        assert_eq!(read(&bytes).unwrap().0, checkpoint);
        let packed = |name: &str| {
            let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
            zip.start_file(name, zip::write::SimpleFileOptions::default())
                .unwrap();
            zip.write_all(&bytes).unwrap();
            zip.finish().unwrap().into_inner()
        };
        assert_eq!(read(&packed("checkpoint")).unwrap().0, checkpoint);
        assert_eq!(read(&packed("other")), Err(KeptError::NoCheckpoint));
        assert_eq!(read(b"PK"), Err(KeptError::Zip));
        assert_eq!(read(b"hello"), Err(KeptError::NoNote));
    }
}
