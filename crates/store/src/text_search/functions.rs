//! What SQLite asks of words: whether a record holds them, whether a call is in a set.
//!
//! Not here: which sets there are (`kept`).

use std::sync::Arc;

use assay_domain::formats::Format;
use assay_domain::words::{Words, record_holds};
use rusqlite::Connection;
use rusqlite::functions::{Context, FunctionFlags};

use crate::day_keys::DayKeys;
use crate::error::Result;
use crate::filter::Filter;
use crate::sealing::{StoredBody, unseal};
use crate::text_search::kept::Searches;
use crate::text_search::sets::Calls;

/// Adds the functions that conditions use: `text_holds` over the format of a record, its row of
/// `body` and words; `is_among(number, seq)`.
pub(crate) fn add_functions(
    connection: &Connection,
    keys: &Arc<DayKeys>,
    searches: &Arc<Searches>,
) -> Result<()> {
    let flags = FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_UTF8;
    let keys = Arc::clone(keys);
    connection.create_scalar_function("text_holds", 7, flags, move |context| {
        let format: Option<u8> = context.get(0)?;
        let stored = StoredBody::new(
            context.get(1)?,
            context.get(2)?,
            context.get(3)?,
            context.get(4)?,
            context.get(5)?,
        );
        let words = kept_words(context)?;
        let format = format.and_then(Format::from_number);
        Ok(unseal(&keys, stored).is_ok_and(|(_, raw)| record_holds(format, &raw, &words)))
    })?;
    let searches = Arc::clone(searches);
    connection.create_scalar_function("is_among", 2, flags, move |context| {
        let calls: Arc<Option<Arc<Calls>>> = context
            .get_or_create_aux(0, |value| -> rusqlite::Result<Option<Arc<Calls>>> {
                Ok(searches.named(value.as_i64()?))
            })?;
        let seq: i64 = context.get(1)?;
        match calls.as_ref() {
            Some(calls) => Ok(calls.has(seq.unsigned_abs())),
            None => Err(rusqlite::Error::UserFunctionError(
                "a set of calls is not there any more".into(),
            )),
        }
    })?;
    Ok(())
}

/// Words as a parameter of [`holds`].
pub(super) fn wanted(filter: &mut Filter, words: &Words) -> String {
    filter.text(&serde_json::to_string(words).unwrap_or_default())
}

/// That the record of the row `short`, whose bytes are the row `t`, holds the words of a parameter.
pub(super) fn holds(short: &str, name: &str) -> String {
    format!("text_holds({short}.format, t.seq, t.codec, t.salt, t.data, t.key, {name})")
}

/// The condition that the record of the row `short` holds the words of a parameter, by reading it.
pub(super) fn read_test(short: &str, name: &str) -> String {
    let holds = holds(short, name);
    format!("exists (select 1 from body t where t.seq = {short}.seq and {holds})")
}

/// The words of a condition, read once for each statement.
fn kept_words(context: &Context<'_>) -> rusqlite::Result<Arc<Words>> {
    context.get_or_create_aux(6, |value| -> rusqlite::Result<Words> {
        serde_json::from_str(value.as_str()?)
            .map_err(|error| rusqlite::Error::UserFunctionError(error.into()))
    })
}
