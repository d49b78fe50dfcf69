//! Text for people: tables, pairs and figures that fit 100 columns.
//!
//! Not here: colours; there are none, so that a file or a pipe gets what the screen gets.

use comfy_table::{
    Cell, CellAlignment, ColumnConstraint, ContentArrangement, Table, Width, presets,
};

use super::visible::visible;

/// Columns of a line.
const WIDTH: u16 = 100;

/// A column of a table.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Column {
    /// Text that may go on in the next line.
    Text(&'static str),
    /// Text that stays in one line: ids, times, names.
    Whole(&'static str),
    /// A number, on the right.
    Number(&'static str),
}

/// Sets `rows` as a table; answers nothing but `empty` where there are none.
pub(crate) fn table(columns: &[Column], rows: &[Vec<String>], empty: &str) -> String {
    if rows.is_empty() {
        return empty.to_owned();
    }
    let mut table = Table::new();
    table
        .load_preset(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(WIDTH);
    table.set_header(columns.iter().map(|column| match column {
        Column::Text(title) | Column::Whole(title) => Cell::new(title.to_uppercase()),
        Column::Number(title) => {
            Cell::new(title.to_uppercase()).set_alignment(CellAlignment::Right)
        }
    }));
    for row in rows {
        table.add_row(columns.iter().zip(row).map(|(column, text)| {
            let cell = Cell::new(visible(text));
            if matches!(column, Column::Number(_)) {
                cell.set_alignment(CellAlignment::Right)
            } else {
                cell
            }
        }));
    }
    for (index, column) in columns.iter().enumerate() {
        let Some(set) = table.column_mut(index) else {
            continue;
        };
        set.set_padding((0, 2));
        if !matches!(column, Column::Text(_)) {
            set.set_constraint(ColumnConstraint::UpperBoundary(Width::Fixed(44)));
        }
        if matches!(column, Column::Whole(_) | Column::Number(_)) {
            let widest = rows
                .iter()
                .filter_map(|row| row.get(index))
                .map(|text| visible(text).chars().count())
                .max()
                .unwrap_or(0);
            if widest <= 44 {
                set.set_constraint(ColumnConstraint::ContentWidth);
            }
        }
    }
    table.to_string()
}

/// Sets names and values under each other.
pub(crate) fn pairs(rows: &[(&str, String)]) -> String {
    let mut table = Table::new();
    table
        .load_preset(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(WIDTH);
    for (name, value) in rows.iter().filter(|(_, value)| !value.is_empty()) {
        table.add_row([Cell::new(name), Cell::new(visible(value))]);
    }
    if let Some(names) = table.column_mut(0) {
        names
            .set_padding((0, 2))
            .set_constraint(ColumnConstraint::ContentWidth);
    }
    if let Some(values) = table.column_mut(1) {
        values.set_padding((0, 0));
    }
    table.to_string()
}

/// Sets sentences under each other, set in by two columns where they go on.
pub(crate) fn sentences(sentences: &[String]) -> String {
    let mut table = Table::new();
    table
        .load_preset(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(WIDTH);
    for sentence in sentences {
        table.add_row([Cell::new("-"), Cell::new(visible(sentence))]);
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 1));
    }
    if let Some(marks) = table.column_mut(0) {
        marks.set_constraint(ColumnConstraint::ContentWidth);
    }
    table.to_string()
}

/// `1,234,567`.
pub(crate) fn thousands(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 call`, `1,234 calls`.
pub(crate) fn counted(count: u64, one: &str) -> String {
    format!(
        "{} {one}{}",
        thousands(count),
        if count == 1 { "" } else { "s" }
    )
}

/// `812 B`, `12.4 kB`, `41.2 MB`: decimal units.
pub(crate) fn bytes(count: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    let mut size = count as f64;
    let mut unit = "B";
    for next in UNITS {
        if size < 1_000.0 {
            break;
        }
        size /= 1_000.0;
        unit = next;
    }
    if unit == "B" {
        format!("{count} B")
    } else {
        format!("{size:.1} {unit}")
    }
}

/// A value, or a dash where the source does not carry it.
pub(crate) fn or_dash(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| value.to_string())
}

/// RFC 3339 as people read it, to the second: `2026-11-23 14:08:51`.
pub(crate) fn moment(time: Option<&str>) -> String {
    time.map_or_else(
        || "–".to_owned(),
        |time| time.chars().take(19).collect::<String>().replace('T', " "),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_fits_a_hundred_columns_and_shows_escapes() {
        let rows = vec![vec![
            "a\u{1b}[31m".to_owned(),
            "12".to_owned(),
            "word ".repeat(60),
        ]];
        let text = table(
            &[
                Column::Whole("name"),
                Column::Number("calls"),
                Column::Text("what"),
            ],
            &rows,
            "none",
        );
        assert!(
            text.lines()
                .all(|line| line.trim_end().chars().count() <= 100),
            "{text}"
        );
        assert!(text.contains("a\\x1b[31m"), "{text}");
        assert_eq!(table(&[Column::Text("x")], &[], "none"), "none");
    }

    #[test]
    fn counts_are_grouped() {
        assert_eq!(
            (thousands(7), thousands(1_234_567), counted(1, "call")),
            ("7".into(), "1,234,567".into(), "1 call".into())
        );
    }

    #[test]
    fn little_is_not_nothing() {
        assert_eq!(
            [0, 812, 12_400, 41_200_000].map(bytes),
            ["0 B", "812 B", "12.4 kB", "41.2 MB"]
        );
    }
}
