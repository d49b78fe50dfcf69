//! Destroying what an erasure names, so that it is nowhere in the store's files afterwards.
//!
//! Every step can be done again: a row that is gone is no error. Freed bytes are overwritten
//! (`secure_delete`), and the write-ahead log, which still holds what was there before, is emptied
//! before the erasure counts as done. Not here: what is erased and why (`erasure`).

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path};

use rusqlite::{OptionalExtension, params};

use crate::coverage;
use crate::day_keys::Class;
use crate::erasure::{Also, Range, Step, erased_at};
use crate::error::{Result, StoreError};
use crate::files::file_error;
use crate::folder;
use crate::record_keys::{self, Trodden};
use crate::rollups::by_name;
use crate::sealing::{self, StoredBody};
use crate::writer::Writer;

/// Records destroyed in one transaction.
const AT_ONCE: u64 = 5_000;

type Counts = BTreeMap<String, u64>;

impl Writer {
    /// Ends the erasures that were begun and not done, oldest first.
    pub(crate) fn redo(&mut self, folder: &Path, now_ms: i64) -> Result<()> {
        let open: Vec<u64> = {
            let mut statement = self
                .connection
                .prepare("select seq from erasure where done_seq is null order by seq")?;
            let rows = statement.query_map([], |row| Ok(row.get::<_, i64>(0)?.unsigned_abs()))?;
            rows.collect::<rusqlite::Result<_>>()?
        };
        for seq in open {
            self.finish(folder, seq, now_ms, Step::Done)?;
        }
        Ok(())
    }

    /// Destroys what the erasure at leaf `seq` names, up to and with the step `until`.
    pub(crate) fn finish(
        &mut self,
        folder: &Path,
        seq: u64,
        now_ms: i64,
        until: Step,
    ) -> Result<()> {
        let mut counts = Counts::new();
        // Deleting a label would look for it in every column of every record.
        self.connection.execute_batch("pragma foreign_keys = off")?;
        let destroyed = self.destroy(seq, until, &mut counts);
        self.connection.execute_batch("pragma foreign_keys = on")?;
        destroyed?;
        if until < Step::Files {
            return Ok(());
        }
        self.remove_files(folder, seq, &mut counts)?;
        if until < Step::Log {
            return Ok(());
        }
        self.empty_log()?;
        if until < Step::Done {
            return Ok(());
        }
        self.note_done(seq, &counts, now_ms)?;
        // The pages that this wrote are clean, but the log should not grow from erasures either.
        self.empty_log()
    }

    fn destroy(&mut self, seq: u64, until: Step, counts: &mut Counts) -> Result<()> {
        let ranges = self.erased_in(seq)?;
        let keys = self.keys_of(seq)?;
        self.forget_all_texts_if_many(&ranges)?;
        for (from, to) in &ranges {
            let mut start = *from;
            while start < *to {
                let end = (start + AT_ONCE).min(*to);
                self.transact(|writer| writer.destroy_rows(start, end, counts))?;
                start = end;
            }
        }
        self.tidy_texts()?;
        self.transact(|writer| writer.forget_traces(seq, counts))?;
        if until < Step::Keys {
            return Ok(());
        }
        for key in keys {
            self.retire(key, counts)?;
        }
        Ok(())
    }

    fn erased_in(&self, seq: u64) -> Result<Vec<Range>> {
        let mut statement = self.connection.prepare_cached(
            "select from_seq, to_seq from erased where by_seq = ?1 order by from_seq",
        )?;
        let rows = statement.query_map([seq as i64], |row| {
            let number = |index| row.get::<_, i64>(index).map(i64::unsigned_abs);
            Ok((number(0)?, number(1)?))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The keys of the erasure's records. They are written down before the rows that name them go,
    /// since a power cut may come between the rows and the keys.
    fn keys_of(&mut self, seq: u64) -> Result<BTreeSet<i64>> {
        let key = format!("erasing_keys_{seq}");
        let noted: Option<String> = self
            .connection
            .query_row(
                "select value from workspace where key = ?1",
                [&key],
                |row| row.get(0),
            )
            .optional()?;
        if let Some(noted) = noted {
            return Ok(serde_json::from_str(&noted)?);
        }
        let mut keys = BTreeSet::new();
        {
            let mut statement = self.connection.prepare_cached(
                "select distinct b.key from erased e
                 join body b on b.seq >= e.from_seq and b.seq < e.to_seq
                 where e.by_seq = ?1 and b.key is not null",
            )?;
            let mut rows = statement.query([seq as i64])?;
            while let Some(row) = rows.next()? {
                keys.insert(row.get::<_, i64>(0)?);
            }
        }
        self.set_fact(&key, &serde_json::to_string(&keys)?)?;
        Ok(keys)
    }

    fn destroy_rows(&mut self, from: u64, to: u64, counts: &mut Counts) -> Result<()> {
        // What is to be forgotten is told by the bytes, which go next.
        let forgotten = self.forget_texts(from, to)?;
        if forgotten > 0 {
            *counts.entry("searchable_texts".to_owned()).or_default() += forgotten;
        }
        let range = params![from as i64, to as i64];
        coverage::forget(&self.connection, from, to)?;
        by_name::forget(&self.connection, from, to)?;
        for (what, sql) in [
            ("bodies", "delete from body where seq >= ?1 and seq < ?2"),
            (
                "calls",
                "update call set principal = null, source_ip = null, conversation_id = null,
                    account = null, request_ids = '{}', metadata = '{}'
                 where seq >= ?1 and seq < ?2",
            ),
            (
                "activities",
                "update activity set actor = null, source_ip = null, user_agent = null,
                    account = null, target = null, reason = null, ids = '{}'
                 where seq >= ?1 and seq < ?2",
            ),
            (
                "entities",
                "delete from entity where seq >= ?1 and seq < ?2",
            ),
            (
                "replay_answers",
                "update replay_item set response = null, item = json_remove(item, '$.detail')
                 where call_seq >= ?1 and call_seq < ?2 and response is not null",
            ),
            (
                "notes",
                "update note set text = null, salt = null
                 where call_seq >= ?1 and call_seq < ?2 and text is not null",
            ),
            (
                "notes_of_readers",
                "update judgement set note = null, salt = null
                 where call_seq >= ?1 and call_seq < ?2 and note is not null",
            ),
            (
                "tags",
                "update tag set tag = null, salt = null
                 where call_seq >= ?1 and call_seq < ?2 and tag is not null",
            ),
            (
                "texts_of_test_sets",
                "update test_text set text = null
                 where call_seq >= ?1 and call_seq < ?2 and text is not null",
            ),
        ] {
            let changed = self
                .connection
                .prepare_cached(sql)?
                .execute(range)
                .map_err(StoreError::held)?;
            *counts.entry(what.to_owned()).or_default() += changed as u64;
        }
        Ok(())
    }

    /// What names erased records elsewhere: join keys, findings that point to them, strings that no
    /// record has any more.
    fn forget_traces(&mut self, seq: u64, counts: &mut Counts) -> Result<()> {
        let ranges = self.erased_in(seq)?;
        let mut gone = 0;
        {
            let mut all = self
                .connection
                .prepare("select day, hash, source, seq from record_key where source <> 0")?;
            let mut rows = all.query([])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                let of: i64 = row.get(3)?;
                if crate::holds::within(&ranges, of.unsigned_abs()) {
                    found.push([row.get(0)?, row.get(1)?, row.get(2)?, of]);
                }
            }
            drop(rows);
            let mut delete = self.connection.prepare(
                "delete from record_key
                 where day = ?1 and hash = ?2 and source = ?3 and seq = ?4",
            )?;
            for key in found {
                gone += delete.execute(key)? as u64;
            }
        }
        counts.insert("join_keys".to_owned(), gone);
        let also = self.also(seq)?;
        for id in &also.batches {
            self.connection.execute(
                "update batch set path = '(erased)', error = null where id = ?1",
                [id],
            )?;
        }
        for id in &also.rejected {
            self.connection.execute(
                "update rejected_line set detail = '(erased)', excerpt = '' where id = ?1",
                [id],
            )?;
        }
        for id in &also.plans {
            self.connection.execute(
                "update replay_plan set plan = json_set(plan, '$.query', '(erased)') where id = ?1",
                [id],
            )?;
        }
        for id in &also.views {
            self.connection
                .execute("delete from saved_view where id = ?1", [id])?;
        }
        for id in &also.samples {
            self.connection.execute(
                "update review_sample set query = '(erased)', salt = null where id = ?1",
                [id],
            )?;
        }
        self.erase_billed(&also.billed)?;
        self.forget_originals(&also.vault)?;
        counts.insert("vault_entries".to_owned(), also.vault.len() as u64);
        counts.insert("rows_of_reports".to_owned(), also.billed.len() as u64);
        counts.insert("queries_of_samples".to_owned(), also.samples.len() as u64);
        counts.insert("saved_views".to_owned(), also.views.len() as u64);
        counts.insert("file_names".to_owned(), also.batches.len() as u64);
        counts.insert("rejected_lines".to_owned(), also.rejected.len() as u64);
        counts.insert("replay_plans".to_owned(), also.plans.len() as u64);
        let mut findings = self.findings_of_erased()?;
        findings.extend(also.findings);
        findings.sort();
        findings.dedup();
        for id in &findings {
            self.connection
                .execute("delete from finding where id = ?1", [id])?;
        }
        counts.insert("findings".to_owned(), findings.len() as u64);
        by_name::tidy(&self.connection)?;
        counts.insert("strings".to_owned(), self.forget_strings()?);
        Ok(())
    }

    fn findings_of_erased(&self) -> Result<Vec<String>> {
        let mut statement = self.connection.prepare("select id, finding from finding")?;
        let mut rows = statement.query([])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let (id, finding): (String, String) = (row.get(0)?, row.get(1)?);
            let mut names = finding.split(|c: char| !c.is_ascii_hexdigit());
            let is_erased =
                names.any(|name| name.len() == 32 && self.is_id_of_erased(name).unwrap_or(true));
            if is_erased {
                found.push(id);
            }
        }
        Ok(found)
    }

    fn is_id_of_erased(&self, id: &str) -> Result<bool> {
        let bytes = hex::decode(id).unwrap_or_default();
        let seq: Option<i64> = self
            .connection
            .prepare_cached("select seq from activity where id = ?1")?
            .query_row([bytes.as_slice()], |row| row.get(0))
            .optional()?;
        let seq = match seq {
            Some(seq) => Some(seq),
            None => record_keys::call_of_id(&self.connection, &bytes, &mut Trodden::default())?,
        };
        match seq {
            Some(seq) => Ok(erased_at(&self.connection, seq.unsigned_abs())?.is_some()),
            None => Ok(false),
        }
    }

    /// Deletes the strings that no row refers to any more, whichever table it would stand in.
    fn forget_strings(&mut self) -> Result<u64> {
        let columns: Vec<(String, String)> = {
            let mut statement = self.connection.prepare(
                "select t.name, f.\"from\" from sqlite_schema t join pragma_foreign_key_list(t.name) f
                 where t.type = 'table' and f.\"table\" = 'label'
                 union all
                 select t.name, c.name from sqlite_schema t join pragma_table_info(t.name) c
                 where t.name in ('rollup', 'rollup_day', 'rollup_total', 'latency_day',
                    'latency_total', 'witness', 'principal_total', 'principal_day', 'entity_total',
                    'entity_day') and c.name in
                    ('source', 'request_model', 'requested_region', 'served_region', 'private_path',
                     'principal', 'entity_type')",
            )?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect::<rusqlite::Result<_>>()?
        };
        // Names of the schema, never a person's text.
        let used: Vec<String> = columns
            .iter()
            .map(|(table, column)| {
                format!("select \"{column}\" from \"{table}\" where \"{column}\" is not null")
            })
            .collect();
        let sql = format!(
            "delete from label where id not in ({})",
            used.join(" union ")
        );
        let gone = self.connection.execute(&sql, [])?;
        self.forget_labels();
        Ok(gone as u64)
    }

    /// Deletes a day key, after what is left of its day was sealed under a new one: otherwise an
    /// older copy of the database could still be read with it. A key that covers held records stays.
    fn retire(&mut self, id: i64, counts: &mut Counts) -> Result<()> {
        let held: bool = self.connection.query_row(
            "select exists (select 1 from body b join held d on d.seq = b.seq
                            join hold h on h.id = d.hold
                            where b.key = ?1 and h.released_ms is null)",
            [id],
            |row| row.get(0),
        )?;
        let Some(row) = self.keys.list()?.into_iter().find(|key| key.id == id) else {
            return Ok(());
        };
        if held {
            *counts.entry("keys_kept_for_holds".to_owned()).or_default() += 1;
            return Ok(());
        }
        let left: i64 =
            self.connection
                .query_row("select count(*) from body where key = ?1", [id], |row| {
                    row.get(0)
                })?;
        if left > 0 {
            let class = if row.own { Class::Own } else { Class::Imported };
            let new = self.keys.renew(class, row.day)?;
            loop {
                let bodies = self.sealed_under(id)?;
                if bodies.is_empty() {
                    break;
                }
                self.transact(|writer| {
                    for stored in &bodies {
                        let sealed = sealing::reseal(&writer.keys, stored, &new)?;
                        writer
                            .connection
                            .prepare_cached(
                                "update body set salt = ?2, data = ?3, key = ?4 where seq = ?1",
                            )?
                            .execute(params![
                                stored.seq as i64,
                                sealed.salt.as_slice(),
                                sealed.data,
                                new.id
                            ])?;
                    }
                    Ok(())
                })?;
                *counts.entry("sealed_anew".to_owned()).or_default() += bodies.len() as u64;
            }
        }
        self.keys.delete(id)?;
        *counts.entry("day_keys".to_owned()).or_default() += 1;
        Ok(())
    }

    fn sealed_under(&self, id: i64) -> Result<Vec<StoredBody>> {
        let sql = format!(
            "select {} from body b where b.key = ?1 limit 1000",
            sealing::COLUMNS
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map([id], |row| StoredBody::read(row, 0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn also(&self, seq: u64) -> Result<Also> {
        let also: String = self.connection.query_row(
            "select also from erasure where seq = ?1",
            [seq as i64],
            |row| row.get(0),
        )?;
        Ok(serde_json::from_str(&also)?)
    }

    fn remove_files(&mut self, folder: &Path, seq: u64, counts: &mut Counts) -> Result<()> {
        for name in self.also(seq)?.files {
            let relative = Path::new(&name);
            let is_below = relative
                .components()
                .all(|part| matches!(part, Component::Normal(_)));
            let path = folder.join(relative);
            if !is_below || std::fs::symlink_metadata(&path).is_err() {
                continue;
            }
            std::fs::remove_file(&path)
                .and_then(|()| path.parent().map_or(Ok(()), folder::sync))
                .map_err(file_error(&path))?;
            *counts.entry("files".to_owned()).or_default() += 1;
        }
        Ok(())
    }
}
