//! Makes characters visible that could change what a reader sees or a format reads.
//!
//! Control characters, bidirectional marks and characters without width become `␛`-like signs or
//! `U+202E`. Not here: a format's own escapes.

/// Returns `text` with every hidden character shown; line feeds become `↵ `.
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' => out.push_str("↵ "),
            '\t' => out.push(' '),
            '\r' => {}
            '\u{0}'..='\u{1F}' => {
                out.push(char::from_u32(0x2400 + character as u32).unwrap_or('␦'))
            }
            '\u{7F}'..='\u{9F}'
            | '\u{AD}'
            | '\u{61C}'
            | '\u{200B}'..='\u{200F}'
            | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}'
            | '\u{FFF0}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E007F}' => out.push_str(&format!("[U+{:04X}]", character as u32)),
            other => out.push(other),
        }
    }
    out
}

/// At most `limit` characters of `text`, and how many more there were.
pub fn shortened(text: &str, limit: usize) -> String {
    let count = text.chars().count();
    if count <= limit {
        return text.to_owned();
    }
    let head: String = text.chars().take(limit).collect();
    format!("{head}… ({} more characters)", count - limit)
}
