-- From which record behind a call the figures come that its listed record does not tell. Derived from the
-- calls; a call that tells all of them, or beside which nobody does, has no row.
create table lent (
  seq          integer primary key, -- the listed record
  usage_from   integer,             -- a record that tells input and output tokens; null: none is needed or there
  cost_from    integer,             -- one whose cost is known
  latency_from integer              -- one that tells how long the call took
) strict;
