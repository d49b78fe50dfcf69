//! Checking a store for damage: what is in it against what the tree, its signatures and the log of
//! rows say.
//!
//! In: a store and a depth. Out: what was checked of how much, what is damaged and where, and what
//! was not checked. Nothing is written and nothing repaired. Not here: what follows from it (the
//! engine), the checks that every open makes before it reads anything (`open`).

pub mod against;
mod derived;
mod joined;
mod leaves;
mod records;
mod rows;
mod schema;
mod texts;
mod tree;

use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::checkpoints;
use crate::day_keys::DayKeys;
use crate::error::Result;
use crate::open::{self, Store};

use self::against::Against;

/// Damage that is listed; more is counted.
const LISTED: usize = 1_000;
/// Rows between two looks at whether somebody wants to stop.
const EVERY: u64 = 2_048;

/// How far a check goes; each depth includes the ones before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// The tree's tiles, checkpoints with their signatures, and the schema.
    Tree,
    /// Each leaf's bytes, and that each leaf and the rows that tell of it agree.
    Leaves,
    /// Each record's bytes against its commitment, and each row of each table.
    Records,
}

impl Depth {
    /// In order.
    pub const ALL: [Self; 3] = [Self::Tree, Self::Leaves, Self::Records];

    /// The word on the command line and in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tree => "tree",
            Self::Leaves => "leaves",
            Self::Records => "records",
        }
    }
}

/// What kind of damage it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// It is not what it was.
    Changed,
    /// It is not there any more.
    Missing,
    /// It was put there by something else.
    Added,
    /// A signature, or who made it, does not hold.
    Signature,
    /// The end of the tree is gone.
    Truncated,
}

impl What {
    /// The word in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Missing => "missing",
            Self::Added => "added",
            Self::Signature => "signature",
            Self::Truncated => "truncated",
        }
    }
}

/// Something that is not as it was. Holds no text of records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    pub what: What,
    pub table: String,
    /// Which row: the values of its key.
    pub record: String,
    /// Where it is known.
    pub column: Option<String>,
    /// The leaf that the row belongs to.
    pub leaf: Option<u64>,
    /// For people.
    pub sentence: String,
}

/// How many of how many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counted {
    pub checked: u64,
    pub of: u64,
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub depth: Depth,
    /// Leaves.
    pub size: u64,
    /// What was checked: name to how many of how many.
    pub checked: BTreeMap<&'static str, Counted>,
    /// At most 1,000.
    pub damage: Vec<Damage>,
    /// All of it.
    pub damaged: u64,
    /// What this check says nothing of; sentences.
    pub not_checked: Vec<String>,
}

impl Report {
    /// Whether nothing was found.
    pub fn is_ok(&self) -> bool {
        self.damaged == 0
    }
}

/// Hears how far a check is, and may stop it with an error.
pub type Heard<'a> = dyn FnMut(&'static str, u64, u64) -> Result<()> + 'a;

/// A check that is running.
struct Check<'a> {
    connection: &'a Connection,
    keys: &'a DayKeys,
    /// The log's origin.
    origin: String,
    report: Report,
    heard: &'a mut Heard<'a>,
}

impl Check<'_> {
    fn found(&mut self, what: What, table: &str, record: impl ToString, sentence: String) {
        self.found_at(what, (table, None), record, None, sentence);
    }

    fn found_at(
        &mut self,
        what: What,
        (table, column): (&str, Option<&str>),
        record: impl ToString,
        leaf: Option<u64>,
        sentence: String,
    ) {
        self.report.damaged += 1;
        if self.report.damage.len() < LISTED {
            self.report.damage.push(Damage {
                what,
                table: table.to_owned(),
                record: record.to_string(),
                column: column.map(str::to_owned),
                leaf,
                sentence,
            });
        }
    }

    fn counted(&mut self, name: &'static str, checked: u64, of: u64) {
        self.report.checked.insert(name, Counted { checked, of });
    }

    fn hear(&mut self, phase: &'static str, done: u64, total: u64) -> Result<()> {
        match done.is_multiple_of(EVERY) {
            true => (self.heard)(phase, done, total),
            false => Ok(()),
        }
    }

    fn not_checked(&mut self, sentence: impl Into<String>) {
        self.report.not_checked.push(sentence.into());
    }

    fn number(&self, sql: &str) -> Result<u64> {
        let count: i64 = self.connection.query_row(sql, [], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }
}

impl Store {
    /// Checks the store as it is now, in one snapshot. `against` are checkpoints that were kept
    /// elsewhere.
    ///
    /// # Errors
    /// Whatever `heard` answers; [`crate::error::StoreError`] where the file itself can't be read. Damage is an
    /// answer.
    pub fn fsck(&self, depth: Depth, against: &[Against], heard: &mut Heard<'_>) -> Result<Report> {
        self.read(|connection| {
            connection.execute_batch("begin")?;
            let report = run(connection, &self.keys, depth, against, heard);
            connection.execute_batch("commit")?;
            report
        })
    }
}

/// Checks the tree alone: what an open has time for.
pub(crate) fn run(
    connection: &Connection,
    keys: &DayKeys,
    depth: Depth,
    against: &[Against],
    heard: &mut Heard<'_>,
) -> Result<Report> {
    let workspace = open::origin(connection)?;
    let mut check = Check {
        connection,
        keys,
        origin: assay_evidence::checkpoint::origin(&workspace),
        report: Report {
            depth,
            size: size(connection)?,
            checked: BTreeMap::new(),
            damage: Vec::new(),
            damaged: 0,
            not_checked: Vec::new(),
        },
        heard,
    };
    check.schema()?;
    let tree = check.tree()?;
    check.checkpoints(&tree)?;
    for kept in against {
        check.against(&tree, kept)?;
    }
    if depth >= Depth::Leaves {
        let kinds = check.leaves(&tree)?;
        check.references(&kinds)?;
        if depth >= Depth::Records {
            let commitments = check.records(&kinds)?;
            check.rows(&commitments)?;
            check.derived()?;
            check.joined()?;
            check.pages()?;
        }
    }
    check.limits()?;
    Ok(check.report)
}

/// Leaves in the tree. Where they are not numbered without a gap, the tiles say how many there were.
fn size(connection: &Connection) -> Result<u64> {
    let numbered = crate::leaves::count(connection)?;
    let count = |sql: &str| -> Result<u64> {
        let count: Option<i64> = connection.query_row(sql, [], |row| row.get(0))?;
        Ok(count.unwrap_or(0).unsigned_abs())
    };
    if count("select count(*) from leaf")? == numbered {
        return Ok(numbered);
    }
    count("select sum(length(hashes) / 32) from tile where level = 0")
}

impl Check<'_> {
    /// What this depth says nothing of.
    fn limits(&mut self) -> Result<()> {
        match self.report.depth {
            Depth::Tree => {
                self.not_checked("The bytes of leaves and records, and the rows of tables: depth `leaves` and `records` do that.");
            }
            Depth::Leaves => {
                self.not_checked("The bytes of records against their commitments, and the columns of rows: depth `records` does that.");
            }
            Depth::Records => {
                self.not_checked("What recognizers found and what checks answered is compared with what this program wrote down then; it is not worked out anew.");
                self.not_checked("In the file of day keys: for which day and class a key was made. A wrong or missing key is found by the records that it seals.");
            }
        }
        let signed = checkpoints::latest(self.connection)?.map_or(0, |last| last.size);
        let unsigned = self.report.size.saturating_sub(signed);
        if unsigned > 0 {
            self.not_checked(format!(
                "No signature covers {unsigned} of {} leaves: whoever can write to the store could have added, changed or removed them. Sign, then check again.",
                self.report.size
            ));
        }
        if signed > 0 {
            self.not_checked("Whether the end of the tree was cut off together with its checkpoints: give a checkpoint or pack that was kept elsewhere.");
        }
        Ok(())
    }
}
