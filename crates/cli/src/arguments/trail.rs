//! The arguments of `assay trail`.
//!
//! Not here: what the commands do.

use clap::Subcommand;

use super::exporting::ExportArguments;
use super::text::TextCommand;
use super::{PageArguments, QueryArguments};

#[derive(Debug, Subcommand)]
pub(crate) enum TrailCommand {
    /// Calls that match, newest first.
    Calls {
        #[command(flatten)]
        query: QueryArguments,
        #[command(flatten)]
        page: PageArguments,
    },
    /// One call in full, masked. The first digits of an id are enough.
    Call { id: String },
    /// Activities that match, newest first.
    Activities {
        #[command(flatten)]
        query: QueryArguments,
        #[command(flatten)]
        page: PageArguments,
    },
    /// One activity in full, masked.
    Activity { id: String },
    /// How often each value occurs among the calls that match.
    Facets {
        #[command(flatten)]
        query: QueryArguments,
    },
    /// How long the calls took that match: percentiles.
    Latency {
        #[command(flatten)]
        query: QueryArguments,
    },
    /// Which sources saw the same calls, pair by pair.
    Reconcile {
        /// From this time on: a date, or RFC 3339.
        #[arg(long, value_name = "T")]
        from: Option<String>,
        /// Before this time.
        #[arg(long, value_name = "T")]
        to: Option<String>,
    },
    /// Rows of the provider's usage and cost reports: aggregates, never counted as calls.
    Usage {
        /// Buckets that begin from this time on: a date, or RFC 3339.
        #[arg(long, value_name = "T")]
        from: Option<String>,
        /// Buckets that begin before this time.
        #[arg(long, value_name = "T")]
        to: Option<String>,
        /// Rows of this model, with its date or without.
        #[arg(long, value_name = "NAME")]
        model: Option<String>,
        /// Rows of one report only.
        #[arg(long, value_parser = ["usage", "cost"])]
        report: Option<String>,
        /// Rows that count only: not those that another row says as well.
        #[arg(long)]
        counted: bool,
        /// At most this many.
        #[arg(long, value_name = "N")]
        limit: Option<u32>,
        /// Go on after a page, as it says.
        #[arg(long, value_name = "CURSOR")]
        after: Option<String>,
    },
    /// The original text of a call. That it was shown, and why, is written to the trail first.
    Reveal {
        id: String,
        /// Why; at least 10 characters.
        #[arg(long)]
        reason: String,
    },
    /// The keys of the query language.
    Keys,
    /// Write all records that match into a file, masked, with a manifest beside it.
    Export(ExportArguments),
    /// The search index: how it stands, what it would cost, on and off.
    #[command(subcommand)]
    Text(TextCommand),
    /// Saved queries.
    #[command(subcommand)]
    View(ViewCommand),
    /// Notes on calls: who wrote what when.
    #[command(subcommand)]
    Note(NoteCommand),
    /// Tags on calls.
    #[command(subcommand)]
    Tag(TagCommand),
    /// Review samples: draw calls by chance, read them, see how far two readers agree.
    #[command(subcommand)]
    Sample(SampleCommand),
}

#[derive(Debug, Subcommand)]
pub(crate) enum ViewCommand {
    /// All views.
    List,
    /// Save a query under a name that no other view has.
    Save {
        name: String,
        #[command(flatten)]
        query: QueryArguments,
        /// The query is about activities and not about calls.
        #[arg(long)]
        activities: bool,
        /// The names of its columns in order, as the window has them; `model:190` is 190 pixels wide.
        #[arg(long, value_delimiter = ',', value_name = "NAME,…")]
        columns: Option<Vec<String>>,
    },
    /// The records that a view's query matches now.
    Open {
        name: String,
        #[command(flatten)]
        page: PageArguments,
    },
    /// Give a view another name.
    Rename { name: String, to: String },
    /// Delete a view. No record is affected by that.
    Delete { name: String },
}

#[derive(Debug, Subcommand)]
pub(crate) enum NoteCommand {
    /// The notes on a call, withdrawn and corrected ones too.
    List {
        /// The call; the first digits of its id are enough.
        id: String,
    },
    /// Write a note on a call. It is never changed afterwards.
    Add {
        /// The call; the first digits of its id are enough.
        id: String,
        /// At most 4,000 characters; `-` reads standard input, which no other user of this computer
        /// sees and no shell keeps.
        text: String,
        /// The number of the note that it corrects.
        #[arg(long, value_name = "NOTE")]
        corrects: Option<u32>,
    },
    /// Withdraw a note: it stays, and says by whom and when.
    Withdraw {
        /// The number that `list` shows.
        note: u32,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum TagCommand {
    /// Which tags are on a call, and who put them there and took them away.
    List { id: String },
    /// Put a tag on a call.
    Add { id: String, tag: String },
    /// Take a tag away from a call.
    Remove { id: String, tag: String },
}

#[derive(Debug, Subcommand)]
pub(crate) enum SampleCommand {
    /// Draw calls by chance from those that match, stratum by stratum, and keep which.
    Draw {
        #[command(flatten)]
        query: QueryArguments,
        /// The same seed, query and population give the same sample; chosen by chance where absent.
        #[arg(long)]
        seed: Option<u64>,
        /// How many calls.
        #[arg(long)]
        size: u64,
        /// By what calls are put into strata: deployment, model, status, day.
        #[arg(long, value_delimiter = ',', value_name = "NAME,…")]
        by: Vec<String>,
        /// The same number of each stratum, instead of by the strata's sizes and at least one.
        #[arg(long)]
        equal: bool,
        /// How many read it, 1 or 2. Results are withheld until all have finished.
        #[arg(long)]
        readers: Option<u32>,
    },
    /// All samples, newest first.
    List,
    /// How a sample was drawn, its strata and readers. Never what was judged.
    Show { sample: u32 },
    /// Draw a sample again from the records of then, and compare.
    Repeat { sample: u32 },
    /// Read one item, masked, under a reader's name: the next that is not judged, or the one given.
    Read {
        sample: u32,
        /// Who reads; told apart from the user of this computer.
        #[arg(long, value_name = "NAME")]
        reader: String,
        /// Its place in the order of reading, from 1.
        #[arg(long, value_name = "N")]
        item: Option<u32>,
    },
    /// Judge an item.
    Judge {
        sample: u32,
        /// Its place in the order of reading, from 1.
        item: u32,
        /// `undo` takes the last judgement of this item back; that it was made stays known.
        #[arg(value_parser = ["fine", "problem", "unsure", "undo"])]
        judgement: String,
        #[arg(long, value_name = "NAME")]
        reader: String,
        /// At most 4,000 characters; `-` reads standard input.
        #[arg(long)]
        note: Option<String>,
    },
    /// Say that a reader has judged everything; nothing of theirs changes any more.
    Finish {
        sample: u32,
        #[arg(long, value_name = "NAME")]
        reader: String,
    },
    /// End the reading as it stands, for good; results are shown from then on.
    Close { sample: u32 },
    /// What reading gave and how far two readers agree, once reading has ended.
    Agreement { sample: u32 },
}
