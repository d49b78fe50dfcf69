-- Sealed record bytes, legal holds, the retention rule, and what was erased of this store.

-- A body written from now on is sealed: `salt` is then the seal's, the commitment's salt stands in
-- `data` before the bytes, and `key` names the day key in the file of keys. A body that was written
-- before stays as it is and is read as it is; it is disposed of and erased like any other.
alter table body add column key integer; -- null: not sealed

create index body_by_key on body (key) where key is not null;

-- Records that must be kept, whatever a rule or a request says. Never deleted, only released.
create table hold (
  id             integer primary key,
  seq            integer not null, -- the leaf that records it
  name           text not null,
  records        text not null,    -- what the query is about
  query          text not null,    -- which records, those that come later included
  reason         text not null,
  set_by         text not null,
  set_ms         integer not null,
  review_ms      integer,          -- when to look whether it is still needed; it does not end by itself
  up_to_seq      integer not null, -- records before this leaf were matched with the query
  released_seq   integer,          -- the leaf that records its release
  released_by    text,
  release_reason text,
  released_ms    integer,
  constraint hold_records check (records in ('calls', 'activities'))
) strict;

create unique index hold_in_force on hold (name) where released_ms is null;

-- Which records a hold covers: matched when it was set, and after each import.
create table held (
  seq  integer not null,
  hold integer not null references hold (id),
  primary key (seq, hold)
) strict, without rowid;

create index held_by_hold on held (hold);

-- How long the text of calls and activities is kept.
create table retention_rule (
  id     integer primary key check (id = 1),
  seq    integer not null, -- the leaf that records it
  days   integer not null, -- whole days after the day of the record
  set_by text not null,
  set_ms integer not null,
  constraint retention_rule_days check (days between 1 and 36500)
) strict;

-- What was asked to be erased: the records that were found, never what was searched for.
create table erasure_request (
  id      text primary key, -- as whoever asks refers to it
  basis   text not null,    -- the ground, one word
  made_by text not null,
  made_ms integer not null,
  seqs    text not null,    -- JSON: half-open ranges of leaves
  done_by integer           -- the leaf of the erasure that carried it out
) strict, without rowid;

-- An erasure that was begun; records in it read as erased from then on.
create table erasure (
  seq       integer primary key, -- the leaf `erase.intent`
  kind      text not null,
  basis     text not null,
  request   text not null,
  begun_ms  integer not null,
  also      text not null, -- JSON: files below the store's folder, names of imports and beginnings
                           -- of rejected lines that go with it
  done_seq  integer,       -- the leaf `erase.done`; null: it is redone when the store is opened
  done_ms   integer,
  destroyed text,          -- JSON: what was destroyed, name to count
  constraint erasure_kind check (kind in ('subject', 'retention'))
) strict;

create index erasure_open on erasure (seq) where done_seq is null;

-- The records that are erased: half-open ranges of leaves that don't overlap.
create table erased (
  from_seq integer primary key,
  to_seq   integer not null,
  by_seq   integer not null references erasure (seq),
  constraint erased_range check (to_seq > from_seq)
) strict;

create trigger hold_no_delete before delete on hold
begin select raise(abort, 'holds are released, not deleted'); end;
create trigger hold_no_change before update on hold
when old.released_ms is not null or new.name <> old.name or new.query <> old.query
  or new.records <> old.records or new.up_to_seq < old.up_to_seq
begin select raise(abort, 'holds are released, not changed'); end;
create trigger held_no_delete before delete on held
when exists (select 1 from hold h where h.id = old.hold and h.released_ms is null)
begin select raise(abort, 'a legal hold covers it'); end;
create trigger held_no_update before update on held
begin select raise(abort, 'a legal hold covers it'); end;
create trigger erased_no_delete before delete on erased
begin select raise(abort, 'what was erased stays known'); end;
create trigger erased_no_update before update on erased
begin select raise(abort, 'what was erased stays known'); end;
create trigger erasure_no_delete before delete on erasure
begin select raise(abort, 'what was erased stays known'); end;
create trigger erased_held before insert on erased
when exists (select 1 from held d join hold h on h.id = d.hold
             where d.seq >= new.from_seq and d.seq < new.to_seq and h.released_ms is null)
begin select raise(abort, 'a legal hold covers it'); end;

-- Bodies go only in an erasure that is open, and never while they are held. They change only by
-- being sealed anew, in an open erasure as well.
create trigger body_held before delete on body
when exists (select 1 from held d join hold h on h.id = d.hold
             where d.seq = old.seq and h.released_ms is null)
begin select raise(abort, 'a legal hold covers it'); end;
create trigger body_no_delete before delete on body
when not exists (
  select 1 from (select e.to_seq, e.by_seq from erased e
                 where e.from_seq <= old.seq order by e.from_seq desc limit 1) e
  join erasure x on x.seq = e.by_seq
  where e.to_seq > old.seq and x.done_seq is null)
begin select raise(abort, 'bodies go only in an erasure'); end;
create trigger body_no_update before update on body
when new.seq <> old.seq or new.codec <> old.codec or new.key is null
  or not exists (select 1 from erasure x where x.done_seq is null)
begin select raise(abort, 'bodies are append-only'); end;

-- Records lose what is personal in an erasure that is open, and keep all else.
drop trigger call_no_update;
create trigger call_no_update before update on call
when not exists (
    select 1 from (select e.to_seq, e.by_seq from erased e
                   where e.from_seq <= old.seq order by e.from_seq desc limit 1) e
    join erasure x on x.seq = e.by_seq
    where e.to_seq > old.seq and x.done_seq is null)
  or (new.seq, new.id, new.batch_id, new.line, new.offset, new.length, new.format, new.source,
      new.kind, new.deployment_id, new.status, new.features, new.oddities, new.body)
     <> (old.seq, old.id, old.batch_id, old.line, old.offset, old.length, old.format, old.source,
      old.kind, old.deployment_id, old.status, old.features, old.oddities, old.body)
  or new.started_at_ms is not old.started_at_ms or new.latency_ms is not old.latency_ms
  or new.request_model is not old.request_model or new.response_model is not old.response_model
  or new.requested_region is not old.requested_region
  or new.served_region is not old.served_region or new.http_status is not old.http_status
  or new.error_type is not old.error_type or new.stop_reason is not old.stop_reason
  or new.input_tokens is not old.input_tokens or new.output_tokens is not old.output_tokens
  or new.cache_read_tokens is not old.cache_read_tokens
  or new.cache_write_5m_tokens is not old.cache_write_5m_tokens
  or new.cache_write_1h_tokens is not old.cache_write_1h_tokens
  or new.cost_usd_micros is not old.cost_usd_micros
  or new.reported_cost_usd_micros is not old.reported_cost_usd_micros
  or new.classification is not old.classification or new.private_path is not old.private_path
  or new.principal is not null or new.source_ip is not null or new.conversation_id is not null
  or new.account is not null or new.request_ids <> '{}' or new.metadata <> '{}'
begin select raise(abort, 'calls are append-only'); end;

drop trigger activity_no_update;
create trigger activity_no_update before update on activity
when not exists (
    select 1 from (select e.to_seq, e.by_seq from erased e
                   where e.from_seq <= old.seq order by e.from_seq desc limit 1) e
    join erasure x on x.seq = e.by_seq
    where e.to_seq > old.seq and x.done_seq is null)
  or (new.seq, new.id, new.line, new.offset, new.length, new.source, new.action, new.category,
      new.oddities)
     <> (old.seq, old.id, old.line, old.offset, old.length, old.source, old.action, old.category,
      old.oddities)
  or new.batch_id is not old.batch_id or new.format is not old.format or new.at_ms is not old.at_ms
  or new.kind is not old.kind or new.region is not old.region
  or new.succeeded is not old.succeeded or new.error_type is not old.error_type
  or new.actor is not null or new.source_ip is not null or new.user_agent is not null
  or new.account is not null or new.target is not null or new.reason is not null
  or new.ids <> '{}'
begin select raise(abort, 'activities are append-only'); end;
