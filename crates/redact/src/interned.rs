//! Names of types and of recognizers, of which there are few, in entities, of which there are many.
//!
//! In: a name. Out: the same name, copied for nothing. It is kept for as long as the program runs, so that only
//! names come here and never a piece of a text. Not here: what they name.

use std::collections::HashSet;
use std::fmt;
use std::ops::Deref;
use std::sync::{LazyLock, Mutex, PoisonError};

use serde::Serialize;

/// A name that stands in memory once.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Interned(&'static str);

static ALL: LazyLock<Mutex<HashSet<&'static str>>> = LazyLock::new(Mutex::default);

impl Interned {
    /// The name of a constant.
    pub const fn fixed(name: &'static str) -> Self {
        Self(name)
    }

    /// The name itself.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl From<&str> for Interned {
    fn from(name: &str) -> Self {
        // A set of names is whole whatever another thread did.
        let mut all = ALL.lock().unwrap_or_else(PoisonError::into_inner);
        Self(all.get(name).copied().unwrap_or_else(|| {
            let kept: &'static str = name.to_owned().leak();
            all.insert(kept);
            kept
        }))
    }
}

impl From<Interned> for String {
    fn from(name: Interned) -> Self {
        name.0.to_owned()
    }
}

impl Deref for Interned {
    type Target = str;

    fn deref(&self) -> &str {
        self.0
    }
}

impl PartialEq<str> for Interned {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Interned {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl PartialEq<Interned> for &str {
    fn eq(&self, other: &Interned) -> bool {
        *self == other.0
    }
}

impl PartialEq<String> for Interned {
    fn eq(&self, other: &String) -> bool {
        self.0 == other
    }
}

impl fmt::Display for Interned {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl fmt::Debug for Interned {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.0, formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_comes_again_is_the_same_memory() {
        let names =
            ["PERSON", "EMAIL_ADDRESS"].map(|name| Interned::from(name.to_owned().as_str()));
        let again = Interned::from(["PER", "SON"].concat().as_str());
        assert_eq!(names[0], again);
        assert!(std::ptr::eq(names[0].as_str(), again.as_str()));
        assert_ne!(names[0], names[1]);
    }
}
