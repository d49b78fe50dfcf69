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
