//! Review samples: drawing calls to read, reading them, and what two readers found.
//!
//! A reader sees their own judgements and nobody else's: results are withheld here, from everybody,
//! until as many have finished as were wanted, or reading was ended for good. Not here: how members
//! are chosen (`assay_domain::review_sample`), intervals and agreement (`assay_domain::statistics`).

pub mod view;

use assay_domain::moment::rfc3339;
use assay_domain::query::keys::Table;
use assay_domain::review_sample::{Allocation, By};
use assay_store::review_samples::{
    Drawing, Drawn, JudgementRecord, MemberRecord, NewJudgement, NewSample, ReaderRecord,
    SampleRecord,
};

use crate::commands::Nothing;
use crate::error::{Code, Result, WireError};
use crate::masking::Masker;
use crate::opening::{Engine, read_query};
use crate::trail;
use crate::trail::notes::note_text;
use crate::trail::review_samples::view::{
    DrawSample, JudgeItem, ReadItem, ReaderRef, ReaderRow, ReadingItem, Repeated, SampleDetail,
    SampleRef, SampleResults, SampleRow, StratumRow,
};
use crate::trail::view::RecordRef;
use results::Ended;

pub(crate) mod results;

/// The most members, and the most readers.
const SIZE: u64 = 2_000;
const READERS: u32 = 2;
/// The largest seed: a whole number that JSON readers keep exactly.
const SEED: u64 = (1 << 53) - 1;
/// The longest name of a reader, in characters.
const NAME: usize = 64;

/// What names do not prove.
pub(crate) const WEAKNESS: &str = "Readers are told apart by the names they give. Two names do not prove \
    two people, and whoever gives another reader's name sees what that reader judged; the trail keeps \
    which user of this computer gave each name and made each judgement.";

fn bad(message: impl Into<String>) -> WireError {
    WireError::new(Code::BadInput, message)
}

fn withheld(message: impl Into<String>) -> WireError {
    WireError::new(Code::PolicyRefused, message)
}

fn number(id: i64) -> u32 {
    u32::try_from(id).unwrap_or(u32::MAX)
}

fn by_names(names: &[String]) -> Result<Vec<By>> {
    let mut found = Vec::new();
    for name in names {
        let by = By::from_name(name).ok_or_else(|| {
            bad(format!("calls can't be put into strata by: {name}"))
                .hint("`deployment`, `model`, `status`, `day`")
        })?;
        if !found.contains(&by) {
            found.push(by);
        }
    }
    Ok(found)
}

/// Draws a sample and keeps it. The trail commits to query, seed, population and members.
///
/// # Errors
/// `bad_input` for the query, seed, size, strata, allocation or readers, where nothing matches, or
/// where there are more strata than the sample has calls; the store's.
pub fn draw(engine: &Engine, input: DrawSample) -> Result<SampleDetail> {
    let text = input.query.trim();
    let query = read_query(text, Table::Calls)?;
    let by = by_names(&input.by)?;
    let allocation = match input.allocation.as_deref() {
        None => Allocation::Proportional,
        Some(name) => Allocation::from_name(name).ok_or_else(|| {
            bad(format!("no such allocation: {name}")).hint("`proportional` or `equal`")
        })?,
    };
    if !(1..=SIZE).contains(&input.size) {
        return Err(bad(format!("a sample has 1 to {SIZE} calls")));
    }
    let readers = input.readers.unwrap_or(READERS);
    if !(1..=READERS).contains(&readers) {
        return Err(bad("a sample is read by one reader or by two"));
    }
    let seed = match input.seed {
        Some(seed) if seed <= SEED => seed,
        Some(_) => return Err(bad(format!("a seed is a whole number up to {SEED}"))),
        None => chance()?,
    };
    let store = engine.store();
    let (tree_size, root) = store.tree()?;
    let drawing = Drawing {
        query: &query,
        by: &by,
        seed,
        size: input.size,
        allocation,
        tree_size,
    };
    let drawn = store.draw(&drawing)?;
    if drawn.population == 0 {
        return Err(bad("no call matches, so there is nothing to draw from"));
    }
    if drawn.members.is_empty() {
        return Err(bad(format!(
            "there are {} strata, so {} calls can't hold one of each",
            drawn.strata.len(),
            input.size
        ))
        .hint("draw more calls, or put them into fewer strata"));
    }
    let new = NewSample {
        query: text,
        drawing: &drawing,
        drawn: &drawn,
        root,
        readers,
    };
    let id = store
        .writer()?
        .save_sample(&new, engine.user(), engine.now_ms())?;
    detail(engine, id)
}

fn chance() -> Result<u64> {
    let mut random = [0_u8; 4];
    getrandom::fill(&mut random)
        .map_err(|error| WireError::new(Code::Internal, format!("no randomness: {error}")))?;
    Ok(u64::from(u32::from_be_bytes(random)))
}

/// All samples, newest first.
///
/// # Errors
/// The store's.
pub fn list(engine: &Engine, _: Nothing) -> Result<Vec<SampleRow>> {
    engine
        .store()
        .samples()?
        .into_iter()
        .map(|sample| row(engine, sample))
        .collect()
}

/// A sample in full, without anybody's judgements.
///
/// # Errors
/// `not_found`; the store's.
pub fn show(engine: &Engine, input: SampleRef) -> Result<SampleDetail> {
    detail(engine, i64::from(input.sample))
}

/// A sample with the names in its strata masked: a source sets them, and may have set anything.
fn masked(engine: &Engine, id: i64) -> Result<SampleRecord> {
    let mut sample = engine.store().sample(id)?;
    let masker = Masker::in_force(engine)?;
    for stratum in &mut sample.strata {
        for value in stratum.values.iter_mut().flatten() {
            *value = masker.word(value);
        }
    }
    Ok(sample)
}

fn detail(engine: &Engine, id: i64) -> Result<SampleDetail> {
    let sample = masked(engine, id)?;
    let strata = sample
        .strata
        .iter()
        .map(|stratum| StratumRow {
            values: stratum.values.clone(),
            population: stratum.population,
            items: stratum.members,
        })
        .collect();
    let calls = engine.store().sample_members(id)?;
    Ok(SampleDetail {
        sample: row(engine, sample)?,
        strata,
        calls: calls.into_iter().map(|member| member.call).collect(),
        weakness: WEAKNESS.to_owned(),
    })
}

fn row(engine: &Engine, sample: SampleRecord) -> Result<SampleRow> {
    let store = engine.store();
    let readers = store.readers(sample.id)?;
    Ok(SampleRow {
        results_shown: has_ended(&sample, &readers),
        checkpoint: store
            .latest_checkpoint()?
            .map(|newest| newest.size)
            .filter(|size| *size > sample.seq),
        sample: number(sample.id),
        query: sample.query,
        seed: sample.seed,
        items: sample.members,
        population: sample.population,
        by: sample.by,
        allocation: sample.allocation,
        tree_size: sample.tree_size,
        root: hex::encode(sample.root),
        leaf: sample.seq,
        drawn_by: sample.drawn_by,
        drawn_at: rfc3339(sample.drawn_ms),
        readers_wanted: sample.readers,
        readers: readers
            .into_iter()
            .map(|reader| ReaderRow {
                name: reader.name,
                os_user: reader.os_user,
                joined_at: rfc3339(reader.joined_ms),
                finished_at: reader.finished_ms.map(rfc3339),
            })
            .collect(),
        closed_by: sample.closed_by,
        closed_at: sample.closed_ms.map(rfc3339),
    })
}

/// Whether nobody judges any more: only then are results shown, to anybody.
fn has_ended(sample: &SampleRecord, readers: &[ReaderRecord]) -> bool {
    let finished = readers
        .iter()
        .filter(|reader| reader.finished_ms.is_some())
        .count();
    sample.closed_ms.is_some() || finished as u64 >= u64::from(sample.readers)
}

/// Begins to read a sample under a name. Nothing changes where the name reads it already.
///
/// # Errors
/// `not_found`; `bad_input` for the name; `policy_refused` where as many read it as were wanted, or
/// reading has ended; the store's.
pub fn join(engine: &Engine, input: ReaderRef) -> Result<SampleDetail> {
    let name = input.reader.trim();
    if name.is_empty() || name.chars().count() > NAME || name.chars().any(char::is_control) {
        return Err(bad(format!("a reader's name has 1 to {NAME} characters")));
    }
    let id = i64::from(input.sample);
    let store = engine.store();
    let sample = store.sample(id)?;
    let readers = store.readers(id)?;
    if readers.iter().any(|reader| reader.name == name) {
        return detail(engine, id);
    }
    if has_ended(&sample, &readers) {
        return Err(withheld(
            "reading has ended and results are shown, so nobody could read it blind",
        )
        .hint("draw another sample, with another seed"));
    }
    if readers.len() as u64 >= u64::from(sample.readers) {
        return Err(withheld(format!(
            "as many read this sample as were wanted: {}",
            sample.readers
        ))
        .hint("give the name under which you read it"));
    }
    store
        .writer()?
        .join_reader(id, name, engine.user(), engine.now_ms())?;
    detail(engine, id)
}

/// What a reader reads.
struct Desk {
    sample: SampleRecord,
    members: Vec<MemberRecord>,
    reader: ReaderRecord,
    /// This reader's alone.
    judgements: Vec<JudgementRecord>,
    has_ended: bool,
}

impl Desk {
    fn open(engine: &Engine, sample: u32, name: &str) -> Result<Self> {
        let store = engine.store();
        let sample = store.sample(i64::from(sample))?;
        let readers = store.readers(sample.id)?;
        let has_ended = has_ended(&sample, &readers);
        let reader = readers
            .into_iter()
            .find(|reader| reader.name == name.trim())
            .ok_or_else(|| {
                WireError::new(
                    Code::NotFound,
                    format!("nobody of this name reads sample {}", sample.id),
                )
                .hint("begin to read it under this name first")
            })?;
        Ok(Self {
            members: store.sample_members(sample.id)?,
            judgements: store.judgements(reader.id)?,
            sample,
            reader,
            has_ended,
        })
    }

    fn member(&self, position: u32) -> Result<&MemberRecord> {
        self.members
            .iter()
            .find(|member| member.position == position)
            .ok_or_else(|| {
                WireError::new(
                    Code::NotFound,
                    format!(
                        "sample {} has no item {position}: it has {}",
                        self.sample.id,
                        self.members.len()
                    ),
                )
            })
    }

    fn judged(&self, position: u32) -> Option<&JudgementRecord> {
        self.judgements
            .iter()
            .find(|one| one.position == position && one.judgement.is_some())
    }

    /// Members that have not been judged and can be read.
    fn unread<'a>(&'a self, erased: &'a [bool]) -> impl Iterator<Item = &'a MemberRecord> {
        self.members
            .iter()
            .zip(erased)
            .filter(|(member, erased)| !**erased && self.judged(member.position).is_none())
            .map(|(member, _)| member)
    }

    fn open_for_judging(&self) -> Result<()> {
        if self.has_ended || self.reader.finished_ms.is_some() {
            return Err(withheld(
                "this reader has finished, or reading has ended: judgements stay as they are",
            )
            .hint("draw another sample, with another seed"));
        }
        Ok(())
    }
}

/// Which members were erased, in their order.
fn erased(engine: &Engine, members: &[MemberRecord]) -> Result<Vec<bool>> {
    let ranges = engine.store().erased_ranges()?;
    Ok(members
        .iter()
        .map(|member| {
            let after = ranges.partition_point(|((from, _), _)| *from <= member.call_seq);
            after > 0
                && ranges
                    .get(after - 1)
                    .is_some_and(|((_, to), _)| member.call_seq < *to)
        })
        .collect())
}

/// One item as a reader sees it: masked, with their own judgement and nobody else's.
///
/// # Errors
/// `not_found`; the store's.
pub fn read(engine: &Engine, input: ReadItem) -> Result<ReadingItem> {
    let desk = Desk::open(engine, input.sample, &input.reader)?;
    let erased = erased(engine, &desk.members)?;
    let next_unread = desk.unread(&erased).map(|member| member.position).next();
    let position = input.position.or(next_unread).unwrap_or(1);
    let member = desk.member(position)?;
    let own = desk.judged(position);
    let masker = Masker::in_force(engine)?;
    let judged = || {
        desk.judgements
            .iter()
            .filter(|judgement| judgement.judgement.is_some())
    };
    Ok(ReadingItem {
        sample: input.sample,
        reader: desk.reader.name.clone(),
        position,
        items: u32::try_from(desk.members.len()).unwrap_or(u32::MAX),
        read: u32::try_from(judged().count()).unwrap_or(u32::MAX),
        erased: u32::try_from(erased.iter().filter(|gone| **gone).count()).unwrap_or(u32::MAX),
        next_unread,
        last_judged: judged().max_by_key(|one| one.id).map(|one| one.position),
        judgement: own.and_then(|own| own.judgement.clone()),
        note: own
            .and_then(|own| own.note.as_deref())
            .map(|note| masker.plain(note)),
        has_finished: desk.reader.finished_ms.is_some() || desk.has_ended,
        call: trail::call(
            engine,
            RecordRef {
                id: member.call.clone(),
            },
        )?,
    })
}

/// Keeps a reader's judgement of an item, or takes the last one back: an entry of its own.
///
/// # Errors
/// `not_found`; `bad_input` for the judgement or the note; `policy_refused` where the reader has
/// finished, or a note would be written on an erased record; the store's.
pub fn judge(engine: &Engine, input: JudgeItem) -> Result<ReadingItem> {
    let desk = Desk::open(engine, input.sample, &input.reader)?;
    desk.open_for_judging()?;
    let member = desk.member(input.position)?;
    let judgement = input.judgement.as_deref();
    if judgement.is_some_and(|word| !results::WORDS.contains(&word)) {
        return Err(bad("no such judgement").hint("`fine`, `problem` or `unsure`"));
    }
    if judgement.is_none() && desk.judged(input.position).is_none() {
        return Err(bad(format!(
            "item {} has no judgement to take back",
            input.position
        )));
    }
    let note = match input.note.as_deref().map(str::trim) {
        None | Some("") => None,
        Some(_) if judgement.is_none() => {
            return Err(bad("a judgement is taken back without a note"));
        }
        Some(text) => Some(note_text(text)?),
    };
    if note.is_some() && erased(engine, std::slice::from_ref(member))? == [true] {
        return Err(withheld(
            "the record was erased; a note on it now could not be erased with it",
        ));
    }
    let new = NewJudgement {
        sample: desk.sample.id,
        reader: desk.reader.id,
        position: input.position,
        call_seq: member.call_seq,
        judgement,
        note,
    };
    engine
        .store()
        .writer()?
        .judge(&new, engine.user(), engine.now_ms())?;
    read(
        engine,
        ReadItem {
            sample: input.sample,
            reader: input.reader,
            position: Some(input.position),
        },
    )
}

/// Says that a reader has judged everything that can be read; nothing of theirs changes any more.
///
/// # Errors
/// `not_found`; `bad_input` where items are unread; `policy_refused` where reading has ended; the
/// store's.
pub fn finish(engine: &Engine, input: ReaderRef) -> Result<SampleDetail> {
    let desk = Desk::open(engine, input.sample, &input.reader)?;
    desk.open_for_judging()?;
    let erased = erased(engine, &desk.members)?;
    let unread = desk.unread(&erased).count();
    if unread > 0 {
        return Err(bad(format!(
            "{unread} of {} items are not judged yet",
            desk.members.len()
        ))
        .hint("judge them, as `unsure` where nothing else is right"));
    }
    engine.store().writer()?.finish_reader(
        desk.sample.id,
        &desk.reader,
        engine.user(),
        engine.now_ms(),
    )?;
    detail(engine, desk.sample.id)
}

/// Ends the reading of a sample as it stands, for good; results are shown from then on.
///
/// # Errors
/// `not_found`; `bad_input` where it has ended; the store's.
pub fn close(engine: &Engine, input: SampleRef) -> Result<SampleDetail> {
    let store = engine.store();
    let sample = store.sample(i64::from(input.sample))?;
    if has_ended(&sample, &store.readers(sample.id)?) {
        return Err(bad(format!("reading of sample {} has ended", sample.id)));
    }
    store
        .writer()?
        .close_sample(sample.id, engine.user(), engine.now_ms())?;
    detail(engine, sample.id)
}

/// What reading a sample gave, once reading has ended.
///
/// # Errors
/// `not_found`; `policy_refused` while a reader has not finished; the store's.
pub fn agreement(engine: &Engine, input: SampleRef) -> Result<SampleResults> {
    let Ended {
        sample,
        members,
        read,
    } = results::ended(engine, input.sample)?;
    let (problems, agreement) = results::reckon(&sample, &members, &read);
    Ok(SampleResults {
        sample: row(engine, sample)?,
        problems,
        agreement,
        method: results::METHOD.to_owned(),
        weakness: WEAKNESS.to_owned(),
    })
}

/// Draws a sample again from the records of then, and compares.
///
/// # Errors
/// `not_found`; `policy_refused` where its query was erased; the store's.
pub fn repeat(engine: &Engine, input: SampleRef) -> Result<Repeated> {
    let store = engine.store();
    let sample = store.sample(i64::from(input.sample))?;
    let Some(text) = sample.query.as_deref() else {
        return Err(withheld(
            "the query named a person whose records were erased, so it can't be drawn again",
        ));
    };
    let query = read_query(text, Table::Calls)?;
    let by = by_names(&sample.by)?;
    let drawing = Drawing {
        query: &query,
        by: &by,
        seed: sample.seed,
        size: sample.size,
        allocation: Allocation::from_name(&sample.allocation).unwrap_or(Allocation::Proportional),
        tree_size: sample.tree_size,
    };
    let again: Drawn = store.draw(&drawing)?;
    let members = store.sample_members(sample.id)?;
    let same = members
        .iter()
        .zip(&again.members)
        .filter(|(one, other)| one.call == other.call)
        .count() as u64;
    let population_now = store.count(&query)?.0;
    let is_same = same == sample.members
        && again.members.len() as u64 == sample.members
        && again.population == sample.population;
    let then = format!(
        "Sample {} was drawn from {} matching calls among the records before leaf {}",
        sample.id, sample.population, sample.tree_size
    );
    let says = if is_same {
        format!(
            "{then}; drawn again it is the same {} calls in the same order. {population_now} calls match now.",
            sample.members
        )
    } else {
        format!(
            "{then}; {} of these records match now, and {same} of {} calls are drawn again in the same \
             place. What matches among the same records changes where records are joined, scanned, tagged, \
             noted or erased later. The sample stays what it was.",
            again.population, sample.members
        )
    };
    Ok(Repeated {
        sample: input.sample,
        is_same,
        same,
        items: sample.members,
        population: sample.population,
        population_again: again.population,
        population_now,
        says,
    })
}
