-- By what a call is found again: in the order of days, so that an import writes to few pages however
-- many calls there are. Until here a unique index on `call.id` and a table of join keys were in the
-- order of hashes, so that each commit wrote to nearly all their pages.

-- The ids of calls, and the request ids under which a record can be found by another record of the
-- same call. Derived from the calls. A day is a place to look first: what says another day, or none,
-- is found all the same.
create table record_key (
  day    integer not null, -- of the record's own time, since 1970-01-01; -1: no time
  hash   integer not null, -- source 0: the first eight bytes of the record's id, less 2^63, so that
                           -- they are in order; else the first eight of SHA-256 over a request id's
                           -- name, the id, and its source where only that gives it out
  source integer not null, -- 0 for a record's own id, else a label
  seq    integer not null,
  primary key (day, hash, source, seq)
) strict, without rowid;

insert into record_key (day, hash, source, seq)
select day, hash, source, seq
from (
  select coalesce(c.started_at_ms - (c.started_at_ms % 86400000 + 86400000) % 86400000, -86400000)
      / 86400000 as day, first_eight(c.id) as hash, 0 as source, c.seq as seq
  from call c
  union all
  select coalesce(c.started_at_ms - (c.started_at_ms % 86400000 + 86400000) % 86400000, -86400000)
      / 86400000, k.hash, k.source, k.seq
  from join_key k join call c on c.seq = k.seq)
order by 1, 2, 3, 4;

drop table join_key;

-- The same table without the index of ids; its rows stay as they are.
create table call_made_anew (
  seq                      integer primary key, -- the leaf's index
  id                       blob not null, -- 16 bytes: SHA-256 of source and record; `record_key` finds it
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

insert into call_made_anew
select seq, id, batch_id, line, offset, length, format, source, kind, deployment_id, started_at_ms, latency_ms, request_model, response_model, requested_region, served_region, principal, source_ip, status, http_status, error_type, stop_reason, input_tokens, output_tokens, cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens, cost_usd_micros, reported_cost_usd_micros, classification, conversation_id, account, private_path, features, oddities, body, request_ids, metadata
from call order by seq;

drop table call;
alter table call_made_anew rename to call;

create index call_by_time on call (started_at_ms);
create index call_by_deployment on call (deployment_id, started_at_ms);
create index call_by_principal on call (principal, started_at_ms);
create index call_by_conversation on call (conversation_id, started_at_ms) where conversation_id is not null;

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
create trigger call_no_delete before delete on call
begin select raise(abort, 'calls are append-only'); end;
