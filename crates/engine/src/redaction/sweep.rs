//! Going through stored calls with the text of each, on all processors.
//!
//! In: a query, and what is done with a call. Out: what each thread gathered. Calls are listed in one
//! thread and read, unsealed and parsed in the others; no more than a few hundred are in memory. A
//! call without text that can be read says why. Not here: what is done with the text.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use assay_domain::exchange::Exchange;
use assay_domain::query::Query;
use assay_store::calls::CallRecord;
use assay_store::error::StoreError;
use assay_store::open::Store;

use crate::error::{Code, Result, WireError};
use crate::jobs::{Progress, Step};
use crate::opening::Engine;
use crate::redaction::names_model;
use crate::trail::parts;

/// Calls that a thread takes at a time.
const BATCH: usize = 32;
/// Batches that wait for a thread.
const WAITING: usize = 8;
/// Threads at most.
const THREADS: usize = 8;

/// A listed call.
pub(crate) struct Listed {
    /// Its number in the list, from 0.
    pub(crate) place: u64,
    pub(crate) id: String,
    pub(crate) seq: u64,
    pub(crate) deployment: String,
    pub(crate) at_ms: Option<i64>,
    format: u8,
    is_erased: bool,
}

impl Listed {
    pub(crate) fn of(place: u64, record: &CallRecord) -> Self {
        Self {
            place,
            id: record.id.clone(),
            seq: record.seq,
            deployment: record.deployment.clone(),
            at_ms: record.call.started_at_ms,
            format: record.format,
            is_erased: record.erased.is_some(),
        }
    }
}

/// Why something of a call can't be looked through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Lacking {
    NoText,
    Elsewhere,
    Image,
    Document,
    Upload,
    Damaged,
    Erased,
}

impl Lacking {
    /// The name in JSON.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::NoText => "no_text",
            Self::Elsewhere => "elsewhere",
            Self::Image => "image",
            Self::Document => "document",
            Self::Upload => "container_upload",
            Self::Damaged => "damaged",
            Self::Erased => "erased",
        }
    }

    /// In words.
    pub(crate) const fn says(self) -> &'static str {
        match self {
            Self::NoText => "The record holds no text.",
            Self::Elsewhere => "Text was delivered to another object, which is not in the store.",
            Self::Image => "An image: what stands in it is not searched.",
            Self::Document => "A document that is not given as text: it is not searched.",
            Self::Upload => "A file that was uploaded to a container: it is not searched.",
            Self::Damaged => "The record can't be read: it is damaged, or its key is missing.",
            Self::Erased => "The record was erased.",
        }
    }

    /// Whether something is there that can't be looked through. A record without text holds nothing that a
    /// policy could show.
    pub(crate) const fn is_of_something(self) -> bool {
        !matches!(self, Self::NoText | Self::Erased)
    }

    /// What of an exchange can't be looked through.
    pub(crate) fn in_exchange(exchange: &Exchange) -> Vec<Self> {
        let mut lacking: Vec<Self> = exchange
            .unsearchable()
            .into_iter()
            .map(|(kind, _)| match kind {
                "image" => Self::Image,
                "document" => Self::Document,
                _ => Self::Upload,
            })
            .collect();
        if !exchange.references.is_empty() {
            lacking.push(Self::Elsewhere);
        }
        lacking
    }
}

/// The text of a call, or why there is none.
pub(crate) fn said(store: &Store, call: &Listed) -> Result<std::result::Result<Exchange, Lacking>> {
    if call.is_erased {
        return Ok(Err(Lacking::Erased));
    }
    let raw = match store.raw(call.seq) {
        Ok(raw) => raw,
        Err(StoreError::Erased { .. }) => return Ok(Err(Lacking::Erased)),
        Err(
            StoreError::Damaged { .. }
            | StoreError::KeyMissing { .. }
            | StoreError::Value(_)
            | StoreError::NotFound { .. },
        ) => return Ok(Err(Lacking::Damaged)),
        Err(error) => return Err(error.into()),
    };
    Ok(parts::said(store, call.seq, call.format, &raw).map_err(|_| Lacking::Damaged))
}

/// Hands every call that matches to `take`, with its text or why there is none, in no order, and
/// answers what each thread gathered. `title` is the phase that is shown.
///
/// # Errors
/// `cancelled`; the store's; the first of `take`.
pub(crate) fn sweep<W, T>(
    engine: &Engine,
    query: &Query,
    title: &str,
    progress: &Progress,
    new: impl Fn() -> W + Sync,
    take: T,
) -> Result<Vec<W>>
where
    W: Send,
    T: Fn(&mut W, &Listed, std::result::Result<Exchange, Lacking>) -> Result<()> + Sync,
{
    let store = engine.store();
    let total = store.count(query)?.0;
    let done = AtomicU64::new(0);
    let failed = AtomicBool::new(false);
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        let (sender, receiver) = sync_channel::<Vec<Listed>>(WAITING);
        let receiver = Arc::new(Mutex::new(receiver));
        let work = |receiver: Arc<Mutex<Receiver<Vec<Listed>>>>| {
            let mut gathered = new();
            while let Some(batch) = next(&receiver) {
                for call in &batch {
                    if progress.is_cancelled() || failed.load(Ordering::Relaxed) {
                        return Ok(gathered);
                    }
                    let taken = said(store, call).and_then(|said| {
                        names_model::stopping_with(progress, || take(&mut gathered, call, said))
                    });
                    if let Err(error) = taken {
                        failed.store(true, Ordering::Relaxed);
                        return Err(error);
                    }
                }
                done.fetch_add(batch.len() as u64, Ordering::Relaxed);
            }
            Ok(gathered)
        };
        let workers: Vec<_> = (0..threads.clamp(1, THREADS))
            .map(|_| {
                let receiver = Arc::clone(&receiver);
                scope.spawn(move || work(receiver))
            })
            .collect();
        // The channel closes with the last thread that listens.
        drop(receiver);
        let mut place = 0;
        let listed = store.still(|still| {
            still.calls(query, |page| {
                for records in page.chunks(BATCH) {
                    progress.check()?;
                    let batch = records
                        .iter()
                        .zip(place..)
                        .map(|(record, place)| Listed::of(place, record))
                        .collect();
                    place += records.len() as u64;
                    if sender.send(batch).is_err() {
                        return Err(WireError::new(Code::Internal, "a thread ended early"));
                    }
                }
                progress.step(Step {
                    phase: title.to_owned(),
                    done: done.load(Ordering::Relaxed),
                    total: Some(total.max(place)),
                    unit: "calls",
                    ..Step::default()
                });
                Ok(())
            })
        });
        drop(sender);
        let mut all = Vec::new();
        let mut worst = None;
        for worker in workers {
            match worker.join() {
                Ok(Ok(gathered)) => all.push(gathered),
                Ok(Err(error)) => worst = worst.or(Some(error)),
                Err(_) => {
                    worst = worst.or(Some(WireError::new(Code::Internal, "a thread failed")));
                }
            }
        }
        progress.check()?;
        if let Some(error) = worst {
            return Err(error);
        }
        listed???;
        progress.step(Step {
            phase: title.to_owned(),
            done: place,
            total: Some(place),
            unit: "calls",
            ..Step::default()
        });
        Ok(all)
    })
}

fn next(receiver: &Mutex<Receiver<Vec<Listed>>>) -> Option<Vec<Listed>> {
    receiver
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .recv()
        .ok()
}
