//! Depth `records`: what was joined without an id, in what the records of calls disagree, and which figures
//! one takes from another, worked out anew.

use std::collections::{BTreeSet, HashSet};

use assay_domain::same_call::Told;
use rusqlite::OptionalExtension;

use super::{Check, What};
use crate::disagreements;
use crate::error::Result;
use crate::inferring::classes::{Classes, KEY_COLUMNS, read_keys};
use crate::inferring::{MINUTE_MS, head_of, whole};
use crate::joins::leader_of;
use crate::lent;

impl Check<'_> {
    pub(super) fn joined(&mut self) -> Result<()> {
        self.inference_keys()?;
        self.inferences()?;
        self.disagreements()?;
        self.lent()
    }

    fn inference_keys(&mut self) -> Result<()> {
        let connection = self.connection;
        let mut statement = connection.prepare(&format!(
            "select {KEY_COLUMNS} from call c where c.output_tokens > 0 order by c.seq"
        ))?;
        let mut expected: BTreeSet<[i64; 5]> = BTreeSet::new();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            if let Some((seq, at_ms, keyed)) = read_keys(row)? {
                let minute = at_ms.div_euclid(MINUTE_MS);
                let keys = keyed
                    .hashes()
                    .map(|hash| [minute, hash, seq, keyed.source, at_ms]);
                expected.extend(keys);
            }
        }
        let (mut held, mut all) = (0, 0);
        let mut statement =
            connection.prepare("select minute, hash, seq, source, at_ms from inference_key")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            all += 1;
            let mut is = [0; 5];
            for (index, value) in is.iter_mut().enumerate() {
                *value = row.get(index)?;
            }
            if expected.remove(&is) {
                held += 1;
                continue;
            }
            self.found_at(
                What::Added,
                ("inference_key", None),
                format!("[{},{},{}]", is[0], is[1], is[2]),
                Some(is[2].unsigned_abs()),
                format!(
                    "A row of `inference_key` is not what record {} says of itself.",
                    is[2]
                ),
            );
        }
        for is in expected {
            all += 1;
            self.found_at(
                What::Missing,
                ("inference_key", None),
                format!("[{},{},{}]", is[0], is[1], is[2]),
                Some(is[2].unsigned_abs()),
                format!("The key of record {} is missing in `inference_key`.", is[2]),
            );
        }
        self.counted("inference keys", held, all);
        Ok(())
    }

    /// Every group that could be joined by inference, against what is.
    fn inferences(&mut self) -> Result<()> {
        let connection = self.connection;
        let sources = self.number("select count(distinct source) from inference_key")?;
        let marked = self.number(
            "select (select count(*) from witness where inferred is not null)
                  + (select count(*) from ambiguous)",
        )?;
        if sources < 2 && marked == 0 {
            return Ok(());
        }
        let mut classes = Classes::new(connection, self.keys);
        let mut seen: HashSet<i64> = HashSet::new();
        let (mut held, mut all, mut skipped) = (0, 0, 0_u64);
        let mut statement = connection.prepare(
            "select seq from (select minute, hash, seq from inference_key order by minute, hash, seq)
             union all select distinct group_seq from witness where group_seq is not null
             union all select seq from ambiguous",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let seq: i64 = row.get(0)?;
            let head = head_of(connection, seq)?;
            if !seen.insert(head) {
                continue;
            }
            classes.tidy();
            let (leader, heads) = whole(connection, head)?;
            if classes.is_beside_erased(head)? {
                skipped += 1;
                continue;
            }
            let is_marked = connection
                .prepare_cached("select 1 from ambiguous where seq = ?1")?
                .query_row([head], |_| Ok(()))
                .optional()?
                .is_some();
            let class = classes.class(head)?;
            let by: Option<i64> = connection
                .prepare_cached("select inferred from witness where seq = ?1")?
                .query_row([head], |row| row.get(0))
                .optional()?
                .flatten();
            let expected_by = match head == leader || heads.len() == 1 {
                true => None,
                false => Some(if classes.same_text(leader, head)? {
                    1
                } else {
                    2
                }),
            };
            all += 1;
            if !class.heads.keys().eq(heads.iter()) || by != expected_by {
                self.found_at(
                    What::Changed,
                    ("witness", Some("inferred")),
                    head,
                    Some(head.unsigned_abs()),
                    format!("What record {head} is joined with by inference is not what the records say."),
                );
            } else if class.is_ambiguous != is_marked {
                self.found_at(
                    if is_marked {
                        What::Added
                    } else {
                        What::Missing
                    },
                    ("ambiguous", None),
                    head,
                    Some(head.unsigned_abs()),
                    format!("Whether record {head} can be told apart is not what the records say."),
                );
            } else {
                held += 1;
            }
        }
        self.counted("inferred joins", held, all);
        if skipped > 0 {
            self.not_checked(format!(
                "What {skipped} of {} groups of records are joined with by inference: text that it was inferred from, or beside it, was erased.",
                all + skipped
            ));
        }
        Ok(())
    }

    fn disagreements(&mut self) -> Result<()> {
        let connection = self.connection;
        let sql = format!(
            "select {}, m.of_seq from
                (select seq, of_seq from witness
                 union all select distinct of_seq, of_seq from witness) m
             join call c on c.seq = m.seq order by m.of_seq, m.seq <> m.of_seq, m.seq",
            disagreements::COLUMNS
        );
        let mut statement = connection.prepare(&sql)?;
        let mut rows = statement.query([])?;
        let (mut counts, mut seen) = ((0, 0), HashSet::new());
        let mut told: (i64, Vec<Told<i64>>) = (-1, Vec::new());
        while let Some(row) = rows.next()? {
            let leader: i64 = row.get(12)?;
            if leader != told.0 {
                self.disagreement(&told, &mut counts)?;
                told = (leader, Vec::new());
                seen.insert(leader);
            }
            if told.1.len() <= disagreements::COMPARED {
                told.1.push(disagreements::read(row)?);
            }
        }
        self.disagreement(&told, &mut counts)?;
        let mut statement = connection.prepare("select seq from disagreement")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let seq: i64 = row.get(0)?;
            if !seen.contains(&seq) {
                counts.1 += 1;
                self.found_at(
                    What::Added,
                    ("disagreement", None),
                    seq,
                    Some(seq.unsigned_abs()),
                    format!("A row of `disagreement` is of record {seq}, beside which there is no other."),
                );
            }
        }
        self.counted("disagreements", counts.0, counts.1);
        Ok(())
    }

    /// Where the figures come from that a listed record does not tell.
    fn lent(&mut self) -> Result<()> {
        let connection = self.connection;
        let mut statement = connection
            .prepare("select distinct of_seq from witness union select seq from lent order by 1")?;
        let mut rows = statement.query([])?;
        let (mut held, mut all) = (0, 0);
        while let Some(row) = rows.next()? {
            let seq: i64 = row.get(0)?;
            let leads = leader_of(connection, seq)? == seq;
            let expected = match leads {
                true => lent::worked_out(connection, seq)?,
                false => [None; 3],
            };
            let kept = lent::kept(connection, seq)?;
            all += 1;
            if kept == expected {
                held += 1;
                continue;
            }
            self.found_at(
                match (kept, expected) {
                    ([None, None, None], _) => What::Missing,
                    (_, [None, None, None]) => What::Added,
                    _ => What::Changed,
                },
                ("lent", None),
                seq,
                Some(seq.unsigned_abs()),
                format!("From which records the figures of call {seq} come is not what they say."),
            );
        }
        self.counted("figures of other records", held, all);
        Ok(())
    }

    fn disagreement(
        &mut self,
        (leader, told): &(i64, Vec<Told<i64>>),
        counts: &mut (u64, u64),
    ) -> Result<()> {
        if told.is_empty() {
            return Ok(());
        }
        let is: Option<i64> = self
            .connection
            .prepare_cached("select fields from disagreement where seq = ?1")?
            .query_row([leader], |row| row.get(0))
            .optional()?;
        let bits = disagreements::bits(told);
        counts.1 += 1;
        if is.unwrap_or(0) == bits && (bits != 0 || is.is_none()) {
            counts.0 += 1;
            return Ok(());
        }
        self.found_at(
            if is.is_none() {
                What::Missing
            } else {
                What::Changed
            },
            ("disagreement", Some("fields")),
            leader,
            Some(leader.unsigned_abs()),
            format!("In what the records of call {leader} disagree is not what they say."),
        );
        Ok(())
    }
}
