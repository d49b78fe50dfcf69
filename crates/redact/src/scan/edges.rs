//! Whether a value stands by itself: where it begins and where it ends no run of letters and digits goes
//! on.
//!
//! In: bytes and a place. Out: yes or no. Not here: what stands there (`scan`).

pub(super) const fn joins(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

/// Not the middle of a longer run of letters and digits, nor of a number with points.
pub(super) fn starts_alone(text: &[u8], start: usize) -> bool {
    let Some(first) = text.get(start) else {
        return false;
    };
    if start == 0 {
        return true;
    }
    let before = text[start - 1];
    if joins(*first) && joins(before) {
        // `\n12`: the letter belongs to an escape.
        return start >= 2 && text[start - 2] == b'\\' && matches!(before, b'n' | b'r' | b't');
    }
    // `192.168.100.1234` holds no telephone number.
    !(first.is_ascii_digit()
        && matches!(before, b'.' | b'-' | b':')
        && start >= 2
        && text[start - 2].is_ascii_digit())
}

pub(super) fn ends_alone(text: &[u8], end: usize) -> bool {
    if end == 0 || end >= text.len() {
        return true;
    }
    let goes_on = text[end] == b'.'
        && text[end - 1].is_ascii_digit()
        && text.get(end + 1).is_some_and(u8::is_ascii_digit);
    !(joins(text[end - 1]) && joins(text[end]) || goes_on)
}
