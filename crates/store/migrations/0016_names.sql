-- Calls by names that many have, so that these facets never scan the calls: by principal, and by
-- the types of personal data found in them. Derived; follows the calls and what is found in them.
-- Witnesses are not in it; 0 stands for "not recorded" in a label.

-- Calls by principal, over all time.
create table principal_total (
  principal        integer not null,
  deployment_id    integer not null,
  kind             integer not null,
  source           integer not null,
  request_model    integer not null,
  requested_region integer not null,
  served_region    integer not null,
  status           integer not null,
  sources          integer not null, -- that saw the call: one bit each, by the number of its format
  calls            integer not null,
  primary key (principal, deployment_id, kind, source, request_model, requested_region,
               served_region, status, sources)
) strict, without rowid;

-- The same by day (UTC), over fewer columns: a person's calls of a day are few.
create table principal_day (
  hour_ms       integer not null, -- the day's first; -1 for "not recorded"
  principal     integer not null,
  deployment_id integer not null,
  request_model integer not null,
  status        integer not null,
  calls         integer not null,
  primary key (hour_ms, principal, deployment_id, request_model, status)
) strict, without rowid;

-- Calls in which personal data of a type was found, over all time: one with two types counts under
-- both.
create table entity_total (
  entity_type      integer not null,
  deployment_id    integer not null,
  kind             integer not null,
  source           integer not null,
  request_model    integer not null,
  requested_region integer not null,
  served_region    integer not null,
  status           integer not null,
  sources          integer not null, -- that saw the call: one bit each, by the number of its format
  calls            integer not null,
  primary key (entity_type, deployment_id, kind, source, request_model, requested_region,
               served_region, status, sources)
) strict, without rowid;

-- The same by day (UTC).
create table entity_day (
  hour_ms          integer not null, -- the day's first; -1 for "not recorded"
  entity_type      integer not null,
  deployment_id    integer not null,
  request_model    integer not null,
  requested_region integer not null,
  served_region    integer not null,
  status           integer not null,
  calls            integer not null,
  primary key (hour_ms, entity_type, deployment_id, request_model, requested_region, served_region,
               status)
) strict, without rowid;

insert into principal_day
select case when c.started_at_ms is null then -1
         else c.started_at_ms - (c.started_at_ms % 86400000 + 86400000) % 86400000 end,
  coalesce(c.principal, 0), c.deployment_id, coalesce(c.request_model, 0), c.status, count(*)
from call c
where not exists (select 1 from witness hidden where hidden.seq = c.seq)
group by 1, 2, 3, 4, 5;

insert into principal_total
select coalesce(c.principal, 0), c.deployment_id, c.kind, c.source, coalesce(c.request_model, 0),
  coalesce(c.requested_region, 0),
  coalesce(c.served_region, (select w.served_region from witness w
    where w.of_seq = c.seq and w.served_region is not null order by w.seq limit 1), 0),
  c.status,
  (1 << c.format) | (select coalesce(sum(distinct 1 << r.format), 0)
    from witness w join call r on r.seq = w.seq where w.of_seq = c.seq),
  count(*)
from call c
where not exists (select 1 from witness hidden where hidden.seq = c.seq)
group by 1, 2, 3, 4, 5, 6, 7, 8, 9;

insert into entity_total
select f.entity_type, c.deployment_id, c.kind, c.source, coalesce(c.request_model, 0),
  coalesce(c.requested_region, 0),
  coalesce(c.served_region, (select w.served_region from witness w
    where w.of_seq = c.seq and w.served_region is not null order by w.seq limit 1), 0),
  c.status,
  (1 << c.format) | (select coalesce(sum(distinct 1 << r.format), 0)
    from witness w join call r on r.seq = w.seq where w.of_seq = c.seq),
  count(*)
from (select distinct seq, entity_type from entity) f
join call c on c.seq = f.seq
where not exists (select 1 from witness hidden where hidden.seq = c.seq)
group by 1, 2, 3, 4, 5, 6, 7, 8, 9;

insert into entity_day
select case when c.started_at_ms is null then -1
         else c.started_at_ms - (c.started_at_ms % 86400000 + 86400000) % 86400000 end,
  f.entity_type, c.deployment_id, coalesce(c.request_model, 0), coalesce(c.requested_region, 0),
  coalesce(c.served_region, (select w.served_region from witness w
    where w.of_seq = c.seq and w.served_region is not null order by w.seq limit 1), 0),
  c.status, count(*)
from (select distinct seq, entity_type from entity) f
join call c on c.seq = f.seq
where not exists (select 1 from witness hidden where hidden.seq = c.seq)
group by 1, 2, 3, 4, 5, 6, 7;

-- Calls whose latency is recorded, by features and by latency, over all time; rounded as in
-- `latency_total`.
create table feature_latency (
  features   integer not null,
  status     integer not null,
  latency_ms integer not null, -- rounded
  calls      integer not null,
  primary key (features, status, latency_ms)
) strict, without rowid;

insert into feature_latency
select c.features, c.status,
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
  end, count(*)
from call c
where latency_ms is not null and not exists (select 1 from witness w where w.seq = c.seq)
group by 1, 2, 3;
