//! Reading what was typed.
//!
//! In: the words. Out: [`Arguments`], or one line that says what is wrong with them. Not here: which
//! arguments there are.

use std::ffi::OsString;

use clap::Parser;
use clap::error::{ContextKind, ErrorKind};

use crate::arguments::Arguments;
use crate::ending::{Ending, bad_input};

/// Marks a word of a query that begins with `-` and is no option.
pub(crate) const EXCLUDED: char = '\u{1}';

/// Commands whose words may be queries.
const ASKING: [&str; 4] = ["trail", "replay", "evidence", "retention"];

/// Reads the arguments.
///
/// # Errors
/// `bad_input` in one line; the text of `--help` and `--version`.
pub(crate) fn read(given: impl IntoIterator<Item = OsString>) -> Result<Arguments, Ending> {
    let mut given: Vec<OsString> = given.into_iter().collect();
    if given
        .iter()
        .any(|word| word.to_str().is_some_and(|word| ASKING.contains(&word)))
    {
        for word in &mut given {
            if word.to_str().is_some_and(excludes) {
                *word = format!("{EXCLUDED}{}", word.to_string_lossy()).into();
            }
        }
    }
    Arguments::try_parse_from(given).map_err(|error| ending(&error))
}

/// Whether a word is a query's `-key:value` or `-word` and no option: options are `-h`, `-V` and
/// those with two dashes.
fn excludes(word: &str) -> bool {
    word.starts_with('-') && !word.starts_with("--") && word.chars().count() > 2
}

fn ending(error: &clap::Error) -> Ending {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            return Ending::Asked(error.to_string());
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::MissingSubcommand => {
            return bad_input("no command was given")
                .hint("`--help` lists the commands")
                .into();
        }
        _ => {}
    }
    let text = error.to_string();
    let (what, rest) = text.split_once("\n\n").unwrap_or((&text, ""));
    let what = what
        .trim_start_matches("error: ")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    let tip = rest
        .lines()
        .find_map(|line| line.trim().strip_prefix("tip: "));
    let usage = error.get(ContextKind::Usage).map(|usage| {
        usage
            .to_string()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    });
    let hint = tip
        .map(str::to_owned)
        .or(usage)
        .unwrap_or_else(|| "`--help` lists the options".to_owned());
    bad_input(what.replace(EXCLUDED, ""))
        .hint(hint.replace(EXCLUDED, ""))
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arguments::Command;
    use crate::arguments::trail::TrailCommand;

    fn query(line: &[&str]) -> String {
        match read(line.iter().map(OsString::from)).unwrap().command {
            Command::Trail(TrailCommand::Calls { query, page }) => {
                format!("{} limit {}", query.text(), page.limit)
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn words_of_a_query_may_begin_with_a_dash_and_options_may_follow() {
        assert_eq!(query(&["assay", "trail", "calls"]), " limit 100");
        assert_eq!(
            query(&[
                "assay",
                "trail",
                "calls",
                "-has:served_region",
                "kind:bedrock",
                "--json",
                "--limit",
                "5"
            ]),
            "-has:served_region kind:bedrock limit 5"
        );
    }

    #[test]
    fn rejected_is_a_command_and_everything_else_a_path() {
        let read = |line: &[&str]| match read(line.iter().map(OsString::from)).unwrap().command {
            Command::Import(given) => (given.command.is_some(), given.paths.len()),
            other => panic!("{other:?}"),
        };
        assert_eq!(
            read(&[
                "assay", "import", "--store", "s", "rejected", "--batch", "1"
            ]),
            (true, 0)
        );
        assert_eq!(
            read(&["assay", "import", "a", "-", "--deployment", "d"]),
            (false, 2)
        );
    }

    #[test]
    fn a_wrong_option_is_one_line_with_a_hint() {
        for line in [
            &["assay", "trail", "calls", "--limt", "5"][..],
            &["assay", "import"],
            &["assay", "nothing"],
            &["assay"],
        ] {
            match read(line.iter().map(OsString::from)).unwrap_err() {
                Ending::Error(error) => {
                    assert!(
                        !error.message.contains('\n') && error.hint.is_some(),
                        "{error:?}"
                    );
                }
                other => panic!("{other:?}"),
            }
        }
    }
}
