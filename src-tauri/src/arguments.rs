//! The command line of the window: which store to open and what to import at the start.
//!
//! Not here: opening anything.

use std::ffi::OsString;
use std::path::PathBuf;

/// What `--help` prints.
pub(crate) const HELP: &str = "\
assay-desktop [--store DIR] [--sample] [--safe-graphics] [PATH…]

  --store DIR       the folder that holds the store (environment: ASSAY_STORE;
                    otherwise the folder that this system keeps programs' data in)
  --sample          open the sample organisation, making it first where it is absent
  --safe-graphics   draw without the graphics card
  PATH…             files and folders to import at the start";

/// The command line, read.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Arguments {
    pub(crate) store: Option<PathBuf>,
    pub(crate) sample: bool,
    pub(crate) safe_graphics: bool,
    pub(crate) help: bool,
    pub(crate) paths: Vec<PathBuf>,
}

impl Arguments {
    /// Reads the arguments that follow the program's name.
    ///
    /// # Errors
    /// A line for the terminal where an option is unknown or lacks its value.
    pub(crate) fn parse(given: impl IntoIterator<Item = OsString>) -> Result<Self, String> {
        let mut read = Self::default();
        let mut given = given.into_iter();
        let mut options_end = false;
        while let Some(argument) = given.next() {
            match argument.to_str() {
                _ if options_end => read.paths.push(argument.into()),
                Some("--") => options_end = true,
                Some("--help" | "-h") => read.help = true,
                Some("--sample") => read.sample = true,
                Some("--safe-graphics") => read.safe_graphics = true,
                Some("--store") => match given.next() {
                    Some(folder) => read.store = Some(folder.into()),
                    None => return Err(refused("`--store` needs a folder")),
                },
                Some(option) if option.starts_with("--store=") => {
                    read.store = Some(option["--store=".len()..].into());
                }
                Some(option) if option.starts_with('-') && option.len() > 1 => {
                    return Err(refused(&format!("unknown option: `{option}`")));
                }
                _ => read.paths.push(argument.into()),
            }
        }
        Ok(read)
    }
}

fn refused(what: &str) -> String {
    format!("error[bad_input]: {what}\nhint: `assay-desktop --help` lists the options")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &[&str]) -> Result<Arguments, String> {
        Arguments::parse(line.iter().map(OsString::from))
    }

    #[test]
    fn store_sample_and_paths_are_read() {
        let read = parse(&["--store", "stores/s", "--sample", "a.jsonl", "logs"]).unwrap();
        assert_eq!(read.store, Some(PathBuf::from("stores/s")));
        assert!(read.sample);
        assert_eq!(
            read.paths,
            [PathBuf::from("a.jsonl"), PathBuf::from("logs")]
        );
    }

    #[test]
    fn store_may_be_joined_to_its_option() {
        assert_eq!(
            parse(&["--store=x y"]).unwrap().store,
            Some(PathBuf::from("x y"))
        );
    }

    #[test]
    fn two_dashes_end_the_options() {
        assert_eq!(
            parse(&["--", "--sample"]).unwrap().paths,
            [PathBuf::from("--sample")]
        );
    }

    #[test]
    fn unknown_option_and_missing_folder_are_refused_with_a_hint() {
        for line in [&["--nope"][..], &["--store"][..]] {
            let message = parse(line).unwrap_err();
            assert!(message.starts_with("error[bad_input]: "), "{message}");
            assert!(message.contains("\nhint: "), "{message}");
        }
    }

    #[test]
    fn path_that_is_not_utf8_is_kept() {
        #[cfg(unix)]
        {
            use std::os::unix::ffi::OsStringExt;
            let odd = OsString::from_vec(vec![b'a', 0xff]);
            let read = Arguments::parse([odd.clone()]).unwrap();
            assert_eq!(read.paths, [PathBuf::from(odd)]);
        }
    }
}
