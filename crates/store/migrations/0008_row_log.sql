-- What the rows of this store were when this program last wrote them, so that a row that somebody
-- else changed, added or removed is found and named.

-- One entry for each time that a row was written: of every table but those that are proved or
-- recounted otherwise (`call`, imported `activity`, `body`, `leaf`, `tile`, the roll-ups, join keys).
-- A leaf `rows` commits to the chain before each signature, and an entry with an empty name follows
-- it. `row_digest` holds 32 bytes for each leaf: 16 of SHA-256 over what stays of its row when it is
-- erased, and 16 over the record's salt and what goes.
create table row_log (
  id     integer primary key,
  name   text not null, -- of the table
  key    text not null, -- JSON: the values of its primary key, or the number of a group of rows
  digest blob not null, -- 16 bytes of SHA-256 over salt and row, then 2 for each column; empty: gone
  salt   blob,          -- 16 bytes; null once a later entry took its place, or the row is gone
  chain  blob not null, -- SHA-256 over the entry before, name, key and digest
  constraint row_log_chain_length check (length(chain) = 32)
) strict;

create unique index row_log_current on row_log (name, key) where salt is not null;
create index row_log_committed on row_log (id) where name = '';

create trigger row_log_no_update before update on row_log
when new.id <> old.id or new.name <> old.name or new.key <> old.key or new.digest <> old.digest
  or new.chain <> old.chain or new.salt is not null
begin select raise(abort, 'the log of rows is append-only'); end;
create trigger row_log_no_delete before delete on row_log
begin select raise(abort, 'the log of rows is append-only'); end;
