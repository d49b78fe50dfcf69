//! The colours can be read: WCAG 2.2 contrast of every pair of tokens that is used together.
//!
//! Source: WCAG 2.2, 1.4.3 (text, 4.5:1) and 1.4.11 (controls and charts, 3:1); relative luminance
//! as defined there.

use std::collections::BTreeMap;

use regex::Regex;

use super::{none, read, sources};

type Theme = BTreeMap<String, [u8; 3]>;

fn themes() -> Vec<(&'static str, Theme)> {
    let path = sources()
        .iter()
        .find(|file| file.path.ends_with("tokens.css"))
        .map(|file| file.path.clone())
        .expect("the UI has its tokens");
    let text = read(&path);
    ["light", "dark"]
        .into_iter()
        .map(|name| {
            let block =
                Regex::new(&format!(r"(?s)\[data-theme=.?{name}.?\][^{{]*\{{(.*?)\}}")).unwrap();
            let block = block
                .captures(&text)
                .unwrap_or_else(|| panic!("no theme {name}"));
            let token = Regex::new(r"--([\w-]+):\s*#([0-9A-Fa-f]{6});").unwrap();
            let theme = token
                .captures_iter(&block[1])
                .map(|found| {
                    let value = u32::from_str_radix(&found[2], 16).expect("six hexadecimal digits");
                    let [_, red, green, blue] = value.to_be_bytes();
                    (found[1].to_owned(), [red, green, blue])
                })
                .collect();
            (name, theme)
        })
        .collect()
}

fn luminance(colour: [u8; 3]) -> f64 {
    let [red, green, blue] = colour.map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.03928 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn tokens_contrast_enough_in_both_themes() {
    const GROUNDS: &[&str] = &["canvas", "surface", "surface2", "hover", "selected"];
    let mut broken = Vec::new();
    for (name, theme) in themes() {
        assert!(theme.len() > 50, "theme {name} has {} tokens", theme.len());
        let mut check =
            |front: &str, back: &str, least: f64| match (theme.get(front), theme.get(back)) {
                (Some(&one), Some(&other)) if contrast(one, other) >= least => {}
                (Some(&one), Some(&other)) => broken.push(format!(
                    "{name}: {front} on {back} is {:.2}, less than {least}",
                    contrast(one, other)
                )),
                _ => broken.push(format!("{name}: {front} or {back} is missing")),
            };
        for front in ["text", "muted", "subtle", "accent", "danger"] {
            for back in GROUNDS {
                check(front, back, 4.5);
            }
        }
        check("onaccent", "accent", 4.5);
        check("onaccent", "accentHover", 4.5);
        check("ondanger", "danger", 4.5);
        for back in ["surface", "canvas", "surface2"] {
            check("control", back, 3.0);
        }
        for back in ["surface", "canvas", "selected"] {
            check("focus", back, 3.0);
        }
        for token in theme.keys() {
            if let Some(pair) = token.strip_suffix("-fg") {
                check(token, &format!("{pair}-bg"), 4.5);
            }
            if token.starts_with("chart-") {
                check(token, "surface", 3.0);
            }
        }
    }
    none(
        "text has a contrast of 4.5:1, controls and charts of 3:1",
        broken,
    );
}

#[test]
fn contrast_is_that_of_wcag() {
    assert!((contrast([0, 0, 0], [255, 255, 255]) - 21.0).abs() < 1e-9);
    assert!((contrast([119, 119, 119], [255, 255, 255]) - 4.48).abs() < 0.01);
}
