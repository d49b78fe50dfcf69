-- Versions of policies: who saved each and why, and which one was in force from when, by default and
-- for a deployment. A saved text is never rewritten; its number is its place among those of its name.

alter table policy add column seq integer;   -- the leaf that records it; null: saved before this was kept
alter table policy add column saved_by text; -- null: likewise
alter table policy add column note text;     -- what it is for: a return, where it was imported from

create trigger policy_no_update before update on policy
begin select raise(abort, 'a saved policy is never changed'); end;
create trigger policy_no_delete before delete on policy
begin select raise(abort, 'a saved policy is never removed'); end;

-- What was put in force, in order; the last row of a deployment, or of none, holds.
create table policy_put (
  id            integer primary key,
  seq           integer not null,                   -- the leaf that records it
  deployment_id integer references deployment (id), -- null: wherever no other is in force
  name          text,                               -- null: the deployment goes by the default again
  policy_id     integer references policy (id),     -- null: a text that is part of the program
  put_ms        integer,                            -- null: put in force before this was kept
  put_by        text
) strict;

create index policy_put_by_deployment on policy_put (deployment_id, id);
