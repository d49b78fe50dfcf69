//! What was written of a deployment, counted while writing: what an import must find.

/// Counts of a deployment's logs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    /// Calls, each once, however many sources saw it.
    pub calls: u64,
    /// Of these, how many failed.
    pub errors: u64,
    /// Of these, how many have a record with their text.
    pub with_text: u64,
    /// Calls of which CloudTrail's record is missing, and how many of them used the private endpoint.
    pub untrailed: u64,
    pub untrailed_private: u64,
    /// Calls with a placeholder where their text would stand.
    pub placeholders: u64,
    /// Records that are no calls.
    pub activities: u64,
    /// Lines that no parser accepts.
    pub rejected: u64,
}
