//! Where the texts with one beginning end, so that an index finds them.
//!
//! In: a beginning. Out: the first text after all of them. Not here: conditions (`filter`).

/// The first text after all that begin with `prefix`; `None` where there is no such.
pub(super) fn after_prefix(prefix: &str) -> Option<String> {
    let mut characters: Vec<char> = prefix.chars().collect();
    while let Some(last) = characters.pop() {
        let next = (last as u32 + 1..=char::MAX as u32).find_map(char::from_u32);
        if let Some(next) = next {
            characters.push(next);
            return Some(characters.into_iter().collect());
        }
    }
    None
}
