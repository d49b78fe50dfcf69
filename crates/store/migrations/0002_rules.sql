-- What is declared, collected and found about deployments; policies; replays; reports.

-- Settings of a deployment as collected or imported at a time.
create table snapshot (
  id            integer primary key,
  seq           integer not null, -- the leaf that records it
  deployment_id integer not null references deployment (id),
  taken_at_ms   integer,          -- when the answer was given, where it says so
  imported_ms   integer not null,
  source        text not null,    -- file name or call
  settings      text not null     -- JSON: what was read
) strict;

create index snapshot_by_deployment on snapshot (deployment_id, id);

-- Redaction policies; the newest version of the name in force masks the text.
create table policy (
  id         integer primary key,
  name       text not null,
  version    text not null,
  toml       text not null,
  saved_ms   integer not null
) strict;

create index policy_by_name on policy (name, id);

-- What the recognizers found in the calls: counts only, never text. Derived; made anew when the
-- policy in force changes.
create table entity (
  seq         integer not null,
  entity_type integer not null references label (id),
  field       integer not null references label (id),
  count       integer not null,
  primary key (seq, entity_type, field)
) strict, without rowid;

create index entity_by_type on entity (entity_type, seq);

-- Which calls were scanned, by which rules: all up to `up_to_seq`.
create table scan (
  id          integer primary key check (id = 1),
  rules       text not null,    -- hash of recognizers and policy
  up_to_seq   integer not null, -- exclusive
  scanned_ms  integer not null
) strict;

-- The last answers of the checks. Derived.
create table finding (
  id            text primary key, -- stable: hash of check, deployment and subject
  check_id      text not null,
  deployment_id integer not null references deployment (id),
  verdict       text not null,
  severity      text not null,
  finding       text not null,    -- JSON: all of it
  constraint finding_verdict check (verdict in ('met', 'not_met', 'unknown'))
) strict, without rowid;

-- When each deployment was last checked.
create table check_run (
  deployment_id integer primary key references deployment (id),
  ran_ms        integer not null,
  tree_size     integer not null, -- the records that it looked at
  rules         text not null     -- which rules had searched the calls
) strict;

-- An accepted finding: dated, never deleted, only ended.
create table waiver (
  id         integer primary key,
  seq        integer not null, -- the leaf that records it
  finding_id text not null,
  verdict    text not null, -- what was accepted: a waiver for `unknown` covers no `not_met`
  reason     text not null,
  owner      text not null,
  approver   text not null,
  set_ms     integer not null,
  until_ms   integer not null,
  ended_ms   integer,
  constraint waiver_verdict check (verdict in ('not_met', 'unknown'))
) strict;

create index waiver_by_finding on waiver (finding_id, id);

-- Where replay can send to. Keys are in the operating system's keychain, never here.
create table backend (
  name    text primary key,
  profile text not null -- JSON
) strict, without rowid;

create table replay_plan (
  id         text primary key,
  made_ms    integer not null,
  plan       text not null -- JSON; ids and counts, no text
) strict, without rowid;

create table replay_run (
  id           text primary key,
  seq          integer not null, -- the leaf that records the intent
  plan_id      text not null references replay_plan (id),
  state        text not null,
  started_ms   integer not null,
  finished_ms  integer,
  budget_usd_micros   integer,
  reserved_usd_micros integer not null default 0, -- worst case of what may have been sent
  run          text not null -- JSON: backend, destination, policy
) strict, without rowid;

-- One call of a run. `response` is zstd; it is what the backend answered to the redacted request.
create table replay_item (
  run_id   text not null references replay_run (id),
  call_seq integer not null,
  state    text not null,
  item     text not null, -- JSON
  response blob,
  primary key (run_id, call_seq)
) strict, without rowid;

create table report (
  id       integer primary key,
  seq      integer not null, -- the leaf that records the export
  made_ms  integer not null,
  report   text not null -- JSON: kind, format, path, hash, period, deployments
) strict;
