//! What a disk may hold after the power went: images of a folder at points of a recording.
//!
//! In: the changes in order. Out: for a point and a chance, files and their bytes. What was synced
//! before the point is there. Of everything else any part may be: nothing, all, the first so many,
//! any subset, any 512 bytes of a write; a file's length without its bytes (zeros); entries that were
//! made, renamed or removed without a sync of their folder, or not. Not here: what a program makes
//! of an image.

use std::collections::{BTreeMap, HashMap};
#[cfg(unix)]
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::recording::Change;

/// A disk writes this many bytes whole or not at all.
const SECTOR: usize = 512;

/// Numbers that are the same for the same seed (splitmix64).
#[derive(Debug, Clone)]
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    fn half(&mut self) -> bool {
        self.next() & 1 == 1
    }
}

/// What became of changes that were not synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Nothing of them reached the disk.
    Dropped,
    /// All did, as after a killed process.
    Kept,
    /// The first so many did, the last of them in part.
    Prefix,
    /// Some did and earlier ones did not.
    Reordered,
    /// Of each write some sectors did.
    Torn,
}

const FATES: [Fate; 5] = [
    Fate::Dropped,
    Fate::Kept,
    Fate::Prefix,
    Fate::Reordered,
    Fate::Torn,
];

type Entries = BTreeMap<String, u64>;

/// The files of an image by their path below the folder; folders end with a slash.
pub(crate) type Image = BTreeMap<String, Vec<u8>>;

/// The disk up to a point of a recording: what is safe, and what may be lost.
#[derive(Default, Clone)]
pub(crate) struct Disk<'a> {
    root: u64,
    /// Bytes on disk of each file.
    files: HashMap<u64, Vec<u8>>,
    /// Entries on disk of each folder.
    folders: HashMap<u64, Entries>,
    /// Changes that no sync covers, in order.
    pending: Vec<&'a Change>,
}

impl<'a> Disk<'a> {
    pub(crate) fn new(root: u64) -> Self {
        Self {
            root,
            folders: HashMap::from([(root, Entries::new())]),
            ..Self::default()
        }
    }

    /// Goes on by one change.
    pub(crate) fn advance(&mut self, change: &'a Change) {
        match change {
            Change::Acknowledged(_) => {}
            Change::Sync { node } => {
                let mut kept = Vec::new();
                for pending in std::mem::take(&mut self.pending) {
                    let halves = concerns(pending, *node);
                    if halves.any() {
                        self.apply(pending, halves);
                    }
                    if !halves.all() {
                        kept.push(pending);
                    }
                }
                self.pending = kept;
            }
            other => self.pending.push(other),
        }
    }

    fn apply(&mut self, change: &Change, halves: Halves) {
        match change {
            Change::Write {
                node,
                offset,
                bytes,
            } => put(self.files.entry(*node).or_default(), *offset, bytes),
            Change::Length { node, length } => {
                set_length(self.files.entry(*node).or_default(), *length);
            }
            Change::File { node, folder, name } | Change::Folder { node, folder, name } => {
                self.entries(*folder).insert(name.clone(), *node);
                if matches!(change, Change::Folder { .. }) {
                    self.entries(*node);
                } else {
                    self.files.entry(*node).or_default();
                }
            }
            Change::Unlink { folder, name } => {
                self.entries(*folder).remove(name);
            }
            Change::Rename { node, from, to } => {
                if halves.first && self.entries(from.0).get(&from.1) == Some(node) {
                    self.entries(from.0).remove(&from.1);
                }
                if halves.second {
                    self.entries(to.0).insert(to.1.clone(), *node);
                }
            }
            Change::Sync { .. } | Change::Acknowledged(_) => {}
        }
    }

    fn entries(&mut self, folder: u64) -> &mut Entries {
        self.folders.entry(folder).or_default()
    }

    /// A disk on which everything pending met `fate`.
    fn meet(&self, fate: Fate, chance: &mut Chance) -> Self {
        let mut disk = self.clone();
        let pending = std::mem::take(&mut disk.pending);
        let end = chance.below(pending.len() + 1);
        // Metadata is often on disk before the bytes it is about: a grown file then reads as zeros.
        let grows = chance.half();
        for (index, change) in pending.into_iter().enumerate() {
            let is_kept = match fate {
                Fate::Dropped => false,
                Fate::Kept => true,
                Fate::Prefix => index < end,
                Fate::Reordered | Fate::Torn => chance.half(),
            };
            let is_torn = fate == Fate::Torn || (fate == Fate::Prefix && index + 1 == end);
            match change {
                Change::Write {
                    node,
                    offset,
                    bytes,
                } if is_torn => {
                    let file = disk.files.entry(*node).or_default();
                    for (number, sector) in bytes.chunks(SECTOR).enumerate() {
                        if chance.half() {
                            put(file, offset + number * SECTOR, sector);
                        }
                    }
                }
                _ if is_kept => disk.apply(change, Halves::BOTH),
                Change::Write {
                    node,
                    offset,
                    bytes,
                } if grows && fate != Fate::Dropped => {
                    let file = disk.files.entry(*node).or_default();
                    set_length(file, file.len().max(offset + bytes.len()));
                }
                _ => {}
            }
        }
        disk
    }

    /// An image of the disk after the power went here. `stale` is put where the shared memory of a
    /// database was: nothing ever syncs it, so anything may stand there.
    pub(crate) fn image(&self, chance: &mut Chance) -> (Fate, Image) {
        let fate = FATES[chance.below(FATES.len())];
        let disk = self.meet(fate, chance);
        let mut image = Image::new();
        disk.list(disk.root, "", &mut image);
        for (path, bytes) in &mut image {
            if path.ends_with("-shm") {
                *bytes = (0..bytes.len()).map(|_| chance.next() as u8).collect();
            }
        }
        (fate, image)
    }

    /// What the disk holds if everything reached it.
    pub(crate) fn whole(&self) -> Image {
        let disk = self.meet(Fate::Kept, &mut Chance::new(0));
        let mut image = Image::new();
        disk.list(disk.root, "", &mut image);
        image
    }

    fn list(&self, folder: u64, at: &str, image: &mut Image) {
        for (name, node) in self.folders.get(&folder).into_iter().flatten() {
            let path = format!("{at}{name}");
            if self.folders.contains_key(node) {
                let path = format!("{path}/");
                image.insert(path.clone(), Vec::new());
                self.list(*node, &path, image);
            } else {
                image.insert(path, self.files.get(node).cloned().unwrap_or_default());
            }
        }
    }
}

/// Which parts of a change a sync of a node covers: a rename has two folders.
#[derive(Clone, Copy)]
struct Halves {
    first: bool,
    second: bool,
    two: bool,
}

impl Halves {
    const BOTH: Self = Self {
        first: true,
        second: true,
        two: true,
    };

    fn any(self) -> bool {
        self.first || (self.two && self.second)
    }

    fn all(self) -> bool {
        self.first && (!self.two || self.second)
    }
}

fn concerns(change: &Change, node: u64) -> Halves {
    let one = |is: bool| Halves {
        first: is,
        second: false,
        two: false,
    };
    match change {
        Change::Write { node: of, .. } | Change::Length { node: of, .. } => one(*of == node),
        Change::File { folder, .. }
        | Change::Folder { folder, .. }
        | Change::Unlink { folder, .. } => one(*folder == node),
        Change::Rename { from, to, .. } => Halves {
            first: from.0 == node,
            second: to.0 == node,
            two: true,
        },
        Change::Sync { .. } | Change::Acknowledged(_) => one(false),
    }
}

/// In one piece: byte by byte, as `resize` does where nothing is optimised, took a tenth of all power losses.
fn set_length(file: &mut Vec<u8>, length: usize) {
    match length.checked_sub(file.len()) {
        Some(more) => file.extend_from_slice(&vec![0; more]),
        None => file.truncate(length),
    }
}

fn put(file: &mut Vec<u8>, offset: usize, bytes: &[u8]) {
    let end = offset + bytes.len();
    if file.len() < end {
        set_length(file, end);
    }
    file[offset..end].copy_from_slice(bytes);
}

/// Writes `image` into the empty folder `to`.
pub(crate) fn write(image: &Image, to: &Path) {
    for (path, bytes) in image {
        if path.ends_with('/') {
            std::fs::create_dir(to.join(path)).unwrap();
        } else {
            std::fs::write(to.join(path), bytes).unwrap();
            // Modes are not recorded; a key that others can read is refused.
            #[cfg(unix)]
            std::fs::set_permissions(to.join(path), PermissionsExt::from_mode(0o600)).unwrap();
        }
    }
}

/// The files below `folder`, but for the shared memory of databases, which is mapped and not written.
pub(crate) fn read(folder: &Path) -> Image {
    let mut image = Image::new();
    let mut folders = vec![(folder.to_owned(), String::new())];
    while let Some((folder, at)) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let entry = entry.unwrap();
            let path = format!("{at}{}", entry.file_name().to_str().unwrap());
            if entry.file_type().unwrap().is_dir() {
                image.insert(format!("{path}/"), Vec::new());
                folders.push((entry.path(), format!("{path}/")));
            } else {
                image.insert(path, std::fs::read(entry.path()).unwrap());
            }
        }
    }
    image
}
