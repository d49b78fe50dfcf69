-- The trail: calls and activities as their sources recorded them, the bytes they came in, and the
-- evidence tree over both. Rows of `call`, `activity`, `leaf` and full tiles never change.

-- Facts about this store itself.
create table workspace (
  key   text primary key, -- what: origin, organisation, sample …
  value text not null
) strict, without rowid;

-- Strings that many records share, each kept once.
create table label (
  id   integer primary key,
  text text not null unique
) strict;

-- One import of one file.
create table batch (
  id             integer primary key,
  uuid           text not null unique,
  path           text not null, -- as it was named; display only, never opened again
  format         text,          -- of its first record that was recognised
  sha256         blob,          -- of the file as it lay on disk; null while it is not read to its end
  bytes          integer not null default 0, -- read from disk
  accepted       integer not null default 0,
  duplicates     integer not null default 0,
  rejected       integer not null default 0,
  blank          integer not null default 0,
  calls          integer not null default 0,
  activities     integer not null default 0,
  conflicts      integer not null default 0,
  oddities       text not null default '{}', -- JSON: name to count
  state          text not null,
  error          text,
  started_at_ms  integer not null,
  finished_at_ms integer,
  constraint batch_state check (state in ('running', 'done', 'cancelled', 'failed', 'already_imported'))
) strict;

create index batch_by_file on batch (sha256) where sha256 is not null;

-- A line that no parser accepted.
create table rejected_line (
  id       integer primary key,
  batch_id integer not null references batch (id),
  line     integer not null, -- from 1
  offset   integer not null, -- bytes, in the decompressed file
  length   integer not null, -- bytes
  reason   text not null,
  detail   text not null,
  excerpt  text not null,    -- its beginning, masked
  sha256   blob not null
) strict;

create index rejected_by_batch on rejected_line (batch_id, id);

-- A named place where Claude is reached.
create table deployment (
  id         integer primary key,
  name       text not null unique,
  kind       integer not null,
  toml       text,             -- its definition; null where nobody wrote one
  changed_ms integer not null
) strict;

-- One request to a model, as one source recorded it. Times are UTC milliseconds, money is
-- micro-dollars, names of models, regions and people are labels; null is "not recorded".
create table call (
  seq                      integer primary key, -- the leaf's index
  id                       blob not null unique, -- 16 bytes: SHA-256 of source and record
  batch_id                 integer not null references batch (id),
  line                     integer not null,
  offset                   integer not null,
  length                   integer not null,
  format                   integer not null,
  source                   integer not null references label (id),
  kind                     integer not null,
  deployment_id            integer not null references deployment (id),
  started_at_ms            integer,
  latency_ms               integer,
  request_model            integer references label (id),
  response_model           integer references label (id),
  requested_region         integer references label (id),
  served_region            integer references label (id),
  principal                integer references label (id),
  source_ip                integer references label (id),
  status                   integer not null, -- 0 ok, 1 error
  http_status              integer,
  error_type               integer references label (id),
  stop_reason              integer references label (id),
  input_tokens             integer,
  output_tokens            integer,
  cache_read_tokens        integer,
  cache_write_5m_tokens    integer,
  cache_write_1h_tokens    integer,
  cost_usd_micros          integer, -- by the dated price table
  reported_cost_usd_micros integer, -- as the source says
  classification           integer references label (id),
  conversation_id          text,
  account                  integer references label (id),
  private_path             integer references label (id),
  features                 integer not null,
  oddities                 integer not null,
  body                     integer not null,
  request_ids              text not null, -- JSON object
  metadata                 text not null, -- JSON object; may hold personal data
  constraint call_id_length check (length(id) = 16),
  constraint call_status check (status in (0, 1)),
  constraint call_kind check (kind between 0 and 3)
) strict;

create index call_by_time on call (started_at_ms);
create index call_by_deployment on call (deployment_id, started_at_ms);
create index call_by_principal on call (principal, started_at_ms);
create index call_by_conversation on call (conversation_id, started_at_ms) where conversation_id is not null;

-- Somebody read, changed or administered something.
create table activity (
  seq         integer primary key, -- the leaf's index
  id          blob not null unique,
  batch_id    integer references batch (id), -- null for this program's own
  line        integer not null,
  offset      integer not null,
  length      integer not null,
  format      integer,
  source      integer not null references label (id),
  at_ms       integer,
  action      integer not null references label (id),
  category    integer not null,
  kind        integer,
  actor       integer references label (id),
  source_ip   integer references label (id),
  user_agent  integer references label (id),
  region      integer references label (id),
  account     integer references label (id),
  target      text,
  succeeded   integer,
  error_type  integer references label (id),
  reason      text,
  oddities    integer not null,
  ids         text not null, -- JSON object
  constraint activity_id_length check (length(id) = 16),
  constraint activity_category check (category between 0 and 5)
) strict;

create index activity_by_time on activity (at_ms);
create index activity_by_target on activity (target) where target is not null;

-- The bytes a record came in, and the salt of its commitment. Apart from the rows that lists
-- read, so that they can be disposed of while the proof stays.
create table body (
  seq   integer primary key,
  codec integer not null, -- 0 as received, 1 zstd
  salt  blob not null,
  data  blob not null,
  constraint body_salt_length check (length(salt) = 32)
) strict;

-- The evidence tree: leaves in order, tiles of RFC 6962 hashes (C2SP tlog-tiles, height 8).
create table leaf (
  seq   integer primary key,
  bytes blob not null
) strict;

create table tile (
  level  integer not null,
  number integer not null,
  hashes blob not null, -- 32 bytes each, at most 256
  primary key (level, number)
) strict, without rowid;

-- Under which request ids a record can be found by another record of the same call: the first
-- eight bytes of SHA-256 over the id's name, the id, and its source where only that gives it out.
create table join_key (
  hash   integer not null,
  source integer not null references label (id),
  seq    integer not null,
  primary key (hash, source, seq)
) strict, without rowid;

-- The names of request ids that occur, so that an id is found whatever its name.
create table id_name (
  name   text not null,
  source text not null, -- empty where several sources share ids of this name
  primary key (name, source)
) strict, without rowid;

-- Which record stands behind which other record of the same call. Derived; follows the calls.
create table witness (
  seq           integer primary key, -- not listed and not counted by itself
  of_seq        integer not null,    -- the fullest record of the call
  source        integer not null references label (id),
  is_conflict   integer not null,    -- 1: another record of its source has its id and other content
  served_region integer references label (id), -- what it proves of the call, as in its own row
  private_path  integer references label (id)
) strict;

create index witness_by_call on witness (of_seq);
create index witness_in_conflict on witness (of_seq) where is_conflict = 1;
create index witness_with_region on witness (of_seq, seq) where served_region is not null;
create index witness_with_path on witness (of_seq, seq) where private_path is not null;

-- Calls by hour and by what lists, facets and charts count over; witnesses are not in it.
-- 0 stands for "not recorded" in a label, -1 in hour_ms and http_status.
create table rollup (
  hour_ms          integer not null,
  deployment_id    integer not null,
  kind             integer not null,
  source           integer not null,
  request_model    integer not null,
  requested_region integer not null,
  served_region    integer not null,
  status           integer not null,
  http_status      integer not null,
  body             integer not null,
  features         integer not null,
  calls                 integer not null,
  input_tokens          integer not null,
  output_tokens         integer not null,
  cache_read_tokens     integer not null,
  cache_write_5m_tokens integer not null,
  cache_write_1h_tokens integer not null,
  tokens_known          integer not null, -- calls whose input and output tokens are recorded
  cost_usd_micros       integer not null,
  cost_known            integer not null, -- calls whose cost is known
  latency_ms            integer not null,
  latency_known         integer not null,
  private_path          integer not null, -- calls with evidence of a private path
  primary key (hour_ms, deployment_id, kind, source, request_model, requested_region,
               served_region, status, http_status, body, features)
) strict, without rowid;

-- The same over all hours, for what is asked without a time.
create table rollup_total (
  hour_ms          integer not null, -- 0
  deployment_id    integer not null,
  kind             integer not null,
  source           integer not null,
  request_model    integer not null,
  requested_region integer not null,
  served_region    integer not null,
  status           integer not null,
  http_status      integer not null,
  body             integer not null,
  features         integer not null,
  calls                 integer not null,
  input_tokens          integer not null,
  output_tokens         integer not null,
  cache_read_tokens     integer not null,
  cache_write_5m_tokens integer not null,
  cache_write_1h_tokens integer not null,
  tokens_known          integer not null, -- calls whose input and output tokens are recorded
  cost_usd_micros       integer not null,
  cost_known            integer not null, -- calls whose cost is known
  latency_ms            integer not null,
  latency_known         integer not null,
  private_path          integer not null, -- calls with evidence of a private path
  primary key (hour_ms, deployment_id, kind, source, request_model, requested_region,
               served_region, status, http_status, body, features)
) strict, without rowid;

create trigger call_no_update before update on call
begin select raise(abort, 'calls are append-only'); end;
create trigger call_no_delete before delete on call
begin select raise(abort, 'calls are append-only'); end;
create trigger activity_no_update before update on activity
begin select raise(abort, 'activities are append-only'); end;
create trigger activity_no_delete before delete on activity
begin select raise(abort, 'activities are append-only'); end;
create trigger leaf_no_update before update on leaf
begin select raise(abort, 'leaves are append-only'); end;
create trigger leaf_no_delete before delete on leaf
begin select raise(abort, 'leaves are append-only'); end;
create trigger tile_no_shrink before update on tile when length(new.hashes) < length(old.hashes)
begin select raise(abort, 'tiles only grow'); end;
create trigger tile_no_delete before delete on tile
begin select raise(abort, 'tiles only grow'); end;
