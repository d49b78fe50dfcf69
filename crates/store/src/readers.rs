//! The read-only connections of a store: kept while they are useful, and kept out while its file is
//! put in the place of another.
//!
//! In: what opens a connection. Out: one that nobody else uses. Not here: what is read.

use std::cell::Cell;
use std::ops::Deref;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::Connection;

use crate::cipher::StoreKey;
use crate::error::Result;

/// Connections that are kept for the next who reads.
const KEPT: usize = 4;

thread_local! {
    /// Reads of this thread that are going on: one within another must not wait for the first to end.
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Open,
    /// Whoever reads may; no connection is kept.
    Passing,
    /// Nobody begins to read.
    Closed,
}

struct State {
    phase: Phase,
    idle: Vec<Connection>,
    reading: usize,
    key: Option<Arc<StoreKey>>,
}

/// The read-only connections of a store.
pub(crate) struct Readers {
    state: Mutex<State>,
    changed: Condvar,
}

/// A connection while it is used.
pub(crate) struct Reader<'a> {
    readers: &'a Readers,
    connection: Option<Connection>,
}

impl Readers {
    pub(crate) fn new(key: Option<Arc<StoreKey>>) -> Self {
        Self {
            state: Mutex::new(State {
                phase: Phase::Open,
                idle: Vec::new(),
                reading: 0,
                key,
            }),
            changed: Condvar::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The key of the file as it is now.
    pub(crate) fn key(&self) -> Option<Arc<StoreKey>> {
        self.lock().key.clone()
    }

    /// A connection: one that was kept, or a new one of `open`.
    pub(crate) fn take(
        &self,
        open: impl FnOnce(Option<&StoreKey>) -> Result<Connection>,
    ) -> Result<Reader<'_>> {
        let mut state = self.lock();
        if DEPTH.get() == 0 {
            state = self
                .changed
                .wait_while(state, |state| state.phase == Phase::Closed)
                .unwrap_or_else(PoisonError::into_inner);
        }
        state.reading += 1;
        DEPTH.set(DEPTH.get() + 1);
        let (kept, key) = (state.idle.pop(), state.key.clone());
        drop(state);
        let mut reader = Reader {
            readers: self,
            connection: kept,
        };
        if reader.connection.is_none() {
            reader.connection = Some(open(key.as_deref())?);
        }
        Ok(reader)
    }

    /// Lets everybody read again, and keeps no connection.
    pub(crate) fn pass(&self) {
        self.lock().phase = Phase::Passing;
        self.changed.notify_all();
    }

    /// Lets nobody begin to read, and waits until nobody does; answers whether that came about.
    pub(crate) fn close(&self, patience: Duration) -> bool {
        let mut state = self.lock();
        state.phase = Phase::Closed;
        state.idle.clear();
        let (mut state, _) = self
            .changed
            .wait_timeout_while(state, patience, |state| state.reading > 0)
            .unwrap_or_else(PoisonError::into_inner);
        if state.reading > 0 {
            state.phase = Phase::Passing;
            self.changed.notify_all();
            return false;
        }
        true
    }

    /// The file has another key from now on.
    pub(crate) fn rekey(&self, key: Option<Arc<StoreKey>>) {
        self.lock().key = key;
    }

    /// Lets everybody read again, with this key.
    pub(crate) fn open(&self, key: Option<Arc<StoreKey>>) {
        let mut state = self.lock();
        state.phase = Phase::Open;
        state.key = key;
        self.changed.notify_all();
    }
}

impl Deref for Reader<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.connection
            .as_ref()
            .expect("a reader is handed out with a connection")
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        DEPTH.set(DEPTH.get().saturating_sub(1));
        let mut state = self.readers.lock();
        state.reading -= 1;
        if let Some(connection) = self.connection.take()
            && state.phase == Phase::Open
            && state.idle.len() < KEPT
        {
            state.idle.push(connection);
        }
        self.readers.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory(_: Option<&StoreKey>) -> Result<Connection> {
        Ok(Connection::open_in_memory()?)
    }

    #[test]
    fn a_read_within_a_read_does_not_wait_for_the_first_to_end() {
        let readers = Readers::new(None);
        let outer = readers.take(memory).unwrap();
        assert!(!readers.close(Duration::ZERO), "somebody reads");
        readers.lock().phase = Phase::Closed;
        drop(readers.take(memory).unwrap());
        drop(outer);
        assert!(readers.close(Duration::ZERO));
        readers.open(None);
        drop(readers.take(memory).unwrap());
        assert_eq!(readers.lock().idle.len(), 1);
    }
}
