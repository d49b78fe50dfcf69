-- Filters of others that canaries are sent to, and what they found. Nothing here is of a call: the
-- texts are drawn from a seed, and are not kept.

-- Where canaries can be sent to. Keys are in the operating system's keychain, never here.
create table guard (
  name    text primary key,
  profile text not null -- JSON
) strict, without rowid;

-- A plan, and once it is carried out what came of it.
create table guard_run (
  id          text primary key,
  seq         integer, -- the leaf that records the intent
  guard       text not null, -- its name
  state       text not null, -- planned, running, done, cancelled, failed
  made_ms     integer not null,
  started_ms  integer,
  finished_ms integer,
  plan        text not null, -- JSON: profile, seed, counts, hash of the texts
  outcome     text, -- JSON: one letter a text for the guard and one for the local rules
  constraint guard_run_state check (state in ('planned', 'running', 'done', 'cancelled', 'failed'))
) strict, without rowid;
