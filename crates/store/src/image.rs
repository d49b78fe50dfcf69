//! The pages of an encrypted store as they are under its key, free ones as well: for looking whether
//! something is still in them. In a file that is encrypted nothing is found by looking at its bytes.
//!
//! Not here: what is looked for.

use crate::error::{Result, StoreError};
use crate::open::{Access, Store, connect};

/// The largest store whose pages are looked at: they are held in memory at once.
pub const LARGEST_IMAGE: u64 = 1 << 30;

impl Store {
    /// What `look` answers about all pages, as they are under the store's key, with what is committed
    /// in the write-ahead log; `None` where the store is larger than [`LARGEST_IMAGE`].
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn look_at_pages<T>(&self, look: impl FnOnce(&[u8]) -> T) -> Result<Option<T>> {
        if self.size_bytes() > LARGEST_IMAGE {
            return Ok(None);
        }
        // Within a read, so that the file is not replaced meanwhile.
        self.read(|_| {
            let mut connection = connect(&self.path, Access::Read, self.key().as_deref())?;
            let pages = connection.serialize("main").map_err(StoreError::from)?;
            Ok(Some(look(&pages)))
        })
    }
}
