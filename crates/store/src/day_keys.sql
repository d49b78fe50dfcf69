-- Day keys, in a file of their own beside the store's (see `docs/retention.md`).

-- The key that the records of one UTC day are sealed under.
create table day_key (
  id    integer primary key, -- random; the bodies name it
  class integer not null,    -- 0 calls and activities of the sources, 1 the workbench's own deeds
  day   integer not null,    -- days since 1970-01-01, UTC
  made  integer not null,    -- counts up; of a day's keys the one made last seals
  key   blob not null,       -- 32 random bytes
  constraint day_key_class check (class in (0, 1)),
  constraint day_key_length check (length(key) = 32)
) strict;

create index day_key_by_day on day_key (class, day, made);

-- The keys that a legal hold in force covers.
create table held_key (
  id integer primary key -- of the key
) strict;

create trigger day_key_no_update before update on day_key
begin select raise(abort, 'a day key never changes'); end;
create trigger day_key_held before delete on day_key
when exists (select 1 from held_key h where h.id = old.id)
begin select raise(abort, 'a legal hold covers this day key'); end;
