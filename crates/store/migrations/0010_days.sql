-- Roll-ups by day, and how the latencies of calls are distributed, so that charts over months and
-- percentiles never scan the calls.

-- As `rollup`, by day (UTC).
create table rollup_day (
  hour_ms          integer not null, -- the day's first; -1 for "not recorded"
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

insert into rollup_day
select case when hour_ms < 0 then -1 else hour_ms / 86400000 * 86400000 end as day_ms,
  deployment_id, kind, source, request_model, requested_region, served_region, status, http_status,
  body, features, sum(calls), sum(input_tokens), sum(output_tokens), sum(cache_read_tokens),
  sum(cache_write_5m_tokens), sum(cache_write_1h_tokens), sum(tokens_known), sum(cost_usd_micros),
  sum(cost_known), sum(latency_ms), sum(latency_known), sum(private_path)
from rollup
group by day_ms, deployment_id, kind, source, request_model, requested_region, served_region, status,
  http_status, body, features;

-- Calls whose latency is recorded, by day and by latency; witnesses are not in it. Latencies are
-- rounded down to their seven highest bits: up to 127 ms they are exact, above that a row stands
-- for a range of at most a 64th of its value.
create table latency_day (
  day_ms        integer not null, -- -1 for "not recorded"
  deployment_id integer not null,
  request_model integer not null, -- 0 for "not recorded"
  status        integer not null,
  latency_ms    integer not null, -- rounded
  calls         integer not null,
  primary key (day_ms, deployment_id, request_model, status, latency_ms)
) strict, without rowid;

-- The same over all days.
create table latency_total (
  day_ms        integer not null, -- 0
  deployment_id integer not null,
  request_model integer not null,
  status        integer not null,
  latency_ms    integer not null,
  calls         integer not null,
  primary key (day_ms, deployment_id, request_model, status, latency_ms)
) strict, without rowid;

insert into latency_day
select case when started_at_ms is null then -1
            else started_at_ms / 86400000 * 86400000 end as day_ms,
  deployment_id, coalesce(request_model, 0), status,
  case
    when latency_ms < 128 then latency_ms
    when latency_ms < 256 then latency_ms / 2 * 2
    when latency_ms < 512 then latency_ms / 4 * 4
    when latency_ms < 1024 then latency_ms / 8 * 8
    when latency_ms < 2048 then latency_ms / 16 * 16
    when latency_ms < 4096 then latency_ms / 32 * 32
    when latency_ms < 8192 then latency_ms / 64 * 64
    when latency_ms < 16384 then latency_ms / 128 * 128
    when latency_ms < 32768 then latency_ms / 256 * 256
    when latency_ms < 65536 then latency_ms / 512 * 512
    when latency_ms < 131072 then latency_ms / 1024 * 1024
    when latency_ms < 262144 then latency_ms / 2048 * 2048
    when latency_ms < 524288 then latency_ms / 4096 * 4096
    when latency_ms < 1048576 then latency_ms / 8192 * 8192
    when latency_ms < 2097152 then latency_ms / 16384 * 16384
    when latency_ms < 4194304 then latency_ms / 32768 * 32768
    when latency_ms < 8388608 then latency_ms / 65536 * 65536
    when latency_ms < 16777216 then latency_ms / 131072 * 131072
    when latency_ms < 33554432 then latency_ms / 262144 * 262144
    when latency_ms < 67108864 then latency_ms / 524288 * 524288
    when latency_ms < 134217728 then latency_ms / 1048576 * 1048576
    when latency_ms < 268435456 then latency_ms / 2097152 * 2097152
    when latency_ms < 536870912 then latency_ms / 4194304 * 4194304
    when latency_ms < 1073741824 then latency_ms / 8388608 * 8388608
    when latency_ms < 2147483648 then latency_ms / 16777216 * 16777216
    when latency_ms < 4294967296 then latency_ms / 33554432 * 33554432
    when latency_ms < 8589934592 then latency_ms / 67108864 * 67108864
    when latency_ms < 17179869184 then latency_ms / 134217728 * 134217728
    when latency_ms < 34359738368 then latency_ms / 268435456 * 268435456
    when latency_ms < 68719476736 then latency_ms / 536870912 * 536870912
    when latency_ms < 137438953472 then latency_ms / 1073741824 * 1073741824
    when latency_ms < 274877906944 then latency_ms / 2147483648 * 2147483648
    when latency_ms < 549755813888 then latency_ms / 4294967296 * 4294967296
    when latency_ms < 1099511627776 then latency_ms / 8589934592 * 8589934592
    when latency_ms < 2199023255552 then latency_ms / 17179869184 * 17179869184
    when latency_ms < 4398046511104 then latency_ms / 34359738368 * 34359738368
    else 4398046511104
  end as rounded, count(*)
from call c
where latency_ms is not null and not exists (select 1 from witness w where w.seq = c.seq)
group by 1, 2, 3, 4, 5;

insert into latency_total
select 0, deployment_id, request_model, status, latency_ms, sum(calls)
from latency_day group by 2, 3, 4, 5;
