-- Which sources saw which calls, and what their records tell: counted by source, so that what one
-- lacks and another has is found without reading the calls.

-- Calls by hour and by the set of sources that hold a record of them. Derived; follows the calls.
create table rollup_seen (
  hour_ms       integer not null, -- of the listed record; -1: no time
  deployment_id integer not null references deployment (id),
  sources       integer not null, -- one bit for each source, by the number of its format
  is_unlogged   integer not null, -- 1: sent to an endpoint whose calls its provider's log can't hold
  calls         integer not null,
  primary key (hour_ms, deployment_id, sources, is_unlogged)
) strict, without rowid;

-- Records by day and source, those that stand behind another one included. Derived; follows the
-- calls. The last columns count the records in which the column of this name is recorded.
create table rollup_source (
  day_ms                   integer not null, -- of the record itself; -1: no time
  source                   integer not null references label (id),
  deployment_id            integer not null references deployment (id),
  records                  integer not null,
  errors                   integer not null,
  text_held                integer not null, -- answered calls with their text
  text_elsewhere           integer not null, -- answered calls whose text is another object
  text_missing             integer not null, -- answered calls without the text that it could hold
  placeholders             integer not null, -- of these: a placeholder stands in its place
  errors_as_success        integer not null, -- errors that the source logged as success
  started_at_ms            integer not null,
  latency_ms               integer not null,
  request_model            integer not null,
  response_model           integer not null,
  requested_region         integer not null,
  served_region            integer not null,
  principal                integer not null,
  source_ip                integer not null,
  account                  integer not null,
  private_path             integer not null,
  http_status              integer not null,
  stop_reason              integer not null,
  input_tokens             integer not null,
  output_tokens            integer not null,
  cache_read_tokens        integer not null,
  reported_cost_usd_micros integer not null,
  classification           integer not null,
  conversation_id          integer not null,
  primary key (day_ms, source, deployment_id)
) strict, without rowid;

-- Which sources stand behind a call is asked with each join, whatever their number of records.
drop index witness_by_call;
create index witness_by_call on witness (of_seq, source);

insert into rollup_seen (hour_ms, deployment_id, sources, is_unlogged, calls)
select case when c.started_at_ms is null then -1
         else c.started_at_ms - (c.started_at_ms % 3600000 + 3600000) % 3600000 end,
  c.deployment_id, s.sources,
  (c.features & 131072) <> 0
    or (c.kind = 2 and coalesce((select text from label where id = c.requested_region), '')
        in ('global', 'us', 'eu')),
  count(*)
from (
  select call, sum(distinct 1 << format) as sources
  from (select coalesce(w.of_seq, r.seq) as call, r.format as format
        from call r left join witness w on w.seq = r.seq)
  group by call) s
join call c on c.seq = s.call
group by 1, 2, 3, 4;

insert into rollup_source
select case when started_at_ms is null then -1
         else started_at_ms - (started_at_ms % 86400000 + 86400000) % 86400000 end,
  source, deployment_id, count(*), sum(status = 1),
  sum(status = 0 and body = 0), sum(status = 0 and body = 2), sum(status = 0 and body = 1),
  sum((oddities & 512) <> 0), sum((oddities & 1024) <> 0),
  count(started_at_ms), count(latency_ms), count(request_model), count(response_model),
  count(requested_region), count(served_region), count(principal), count(source_ip),
  count(account), count(private_path), count(http_status), count(stop_reason),
  count(input_tokens), count(output_tokens), count(cache_read_tokens), count(reported_cost_usd_micros),
  count(classification), count(conversation_id)
from call
group by 1, 2, 3;
