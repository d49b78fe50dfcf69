//! What a scan finds.
//!
//! In: nothing. Out: the place of a find, by which recognizer, and what told it. Not here: finding it
//! (`scan`).

/// Something that passed a recognizer. Offsets are bytes of what was scanned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Hit {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// 0 for the program's recognizers, 1 for those of a policy.
    pub(crate) set: u8,
    pub(crate) recognizer: u16,
    pub(crate) score: f32,
    /// The literal of the set that is the context word, where one stood near.
    pub(crate) word: Option<u16>,
    /// What names the value, where it is looked for under such names only.
    pub(crate) named: Option<Named>,
}

/// What names a value: a literal of the set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Named {
    ByField(u16),
    ByColumn(u16),
}
