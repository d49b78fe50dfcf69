-- What people keep beside the records: saved views, notes and tags on calls.

-- A saved query with its columns. It is changed and deleted like a setting; leaves say what it was.
create table saved_view (
  id       integer primary key,
  name     text not null unique,
  records  text not null,    -- what the query is about
  query    text not null,
  columns  text not null,    -- JSON: names of columns in order; empty for those that are usual
  saved_by text not null,
  saved_ms integer not null,
  seq      integer not null, -- the leaf that records how it is now
  constraint saved_view_records check (records in ('calls', 'activities'))
) strict;

-- What somebody wrote on a call. Never changed: a correction is a note of its own, a withdrawn one
-- stays. Its leaf commits to SHA-256 over salt and text, so that both can go with the record.
create table note (
  id            integer primary key,
  call_seq      integer not null, -- the record that it was written on
  text          text,             -- null: erased with the record
  salt          blob,             -- 32 bytes; null: erased
  noted_by      text not null,
  noted_ms      integer not null,
  seq           integer not null, -- the leaf that records it
  replaces      integer references note (id),
  withdrawn_by  text,
  withdrawn_ms  integer,
  withdrawn_seq integer,
  constraint note_erased check ((text is null) = (salt is null))
) strict;

create index note_by_call on note (call_seq);

-- A word on a call, and who put it there and took it away. Committed to as a note is.
create table tag (
  id          integer primary key,
  call_seq    integer not null,
  tag         text,             -- null: erased with the record
  salt        blob,
  added_by    text not null,
  added_ms    integer not null,
  added_seq   integer not null, -- the leaf that records it
  removed_by  text,
  removed_ms  integer,
  removed_seq integer,
  constraint tag_erased check ((tag is null) = (salt is null))
) strict;

create unique index tag_in_force on tag (tag, call_seq) where removed_ms is null;
create index tag_by_call on tag (call_seq);

create trigger note_no_delete before delete on note
begin select raise(abort, 'notes are withdrawn, not deleted'); end;
create trigger note_no_change before update on note
when (new.id, new.call_seq, new.noted_by, new.noted_ms, new.seq)
     <> (old.id, old.call_seq, old.noted_by, old.noted_ms, old.seq)
  or new.replaces is not old.replaces
  or (new.text is not old.text and new.text is not null)
  or (old.withdrawn_ms is not null and new.withdrawn_ms is not old.withdrawn_ms)
begin select raise(abort, 'notes are withdrawn, not changed'); end;
create trigger note_held before update on note
when new.text is null and old.text is not null
  and exists (select 1 from held d join hold h on h.id = d.hold
              where d.seq = old.call_seq and h.released_ms is null)
begin select raise(abort, 'a legal hold covers it'); end;
create trigger tag_no_delete before delete on tag
begin select raise(abort, 'tags are removed, not deleted'); end;
create trigger tag_no_change before update on tag
when (new.id, new.call_seq, new.added_by, new.added_ms, new.added_seq)
     <> (old.id, old.call_seq, old.added_by, old.added_ms, old.added_seq)
  or (new.tag is not old.tag and new.tag is not null)
  or (old.removed_ms is not null and new.removed_ms is not old.removed_ms)
begin select raise(abort, 'tags are removed, not changed'); end;
create trigger tag_held before update on tag
when new.tag is null and old.tag is not null
  and exists (select 1 from held d join hold h on h.id = d.hold
              where d.seq = old.call_seq and h.released_ms is null)
begin select raise(abort, 'a legal hold covers it'); end;
