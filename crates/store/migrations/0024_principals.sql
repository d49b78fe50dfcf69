-- Calls of a principal are found day by day. An index by principal alone grows at as many ends as there
-- are principals, all of which every commit of an import wrote anew; this one grows where the days do.
-- -1 stands for a call without a time, as in `record_key`.
drop index call_by_principal;
create index call_by_principal on call (ifnull(started_at_ms / 86400000, -1), principal, started_at_ms);
