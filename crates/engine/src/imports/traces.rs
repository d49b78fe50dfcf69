//! What a file says of Langfuse's traces, read before its calls: a span that tells for whom a trace was stands behind
//! the generations in it.
//!
//! In: a path. Out: what is told of its traces. Only a file whose beginning tells of some is read twice. Not here: what
//! records tell (`assay_domain::formats::langfuse_traces`).

use std::path::Path;

use assay_domain::formats::langfuse_traces::{Traces, may_tell};
use assay_domain::formats::wrapped::carried;
use assay_domain::split::{Piece, Splitter};

use crate::jobs::Progress;
use crate::reading::{CHUNK, Source};

/// Bytes in which a file that tells of traces does so for the first time.
const BEGINNING: u64 = 256 << 10;

/// The traces of a file, as far as it can be read; whoever reads it for its calls says what is wrong with it.
pub(crate) fn of_file(path: &Path, progress: &Progress) -> Traces {
    let mut traces = Traces::default();
    let Ok(mut source) = Source::open(path) else {
        return traces;
    };
    let mut buffer = vec![0; CHUNK];
    let mut splitter = Splitter::new();
    let mut is_told = false;
    let mut note = |piece: Piece<'_>| {
        if let Piece::Record { raw, .. } | Piece::Row { object: raw, .. } = piece {
            traces.note(carried(raw).as_deref().unwrap_or(raw));
        }
    };
    while let Ok(count @ 1..) = source.next(&mut buffer) {
        let read = &buffer[..count];
        is_told |= may_tell(read);
        let is_over = !is_told && source.bytes_out() >= BEGINNING;
        if progress.is_cancelled() || is_over {
            return traces;
        }
        splitter.feed(read, &mut note);
    }
    splitter.finish(&mut note);
    traces
}
