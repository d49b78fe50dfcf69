-- Review samples: which calls were drawn for reading, and how each reader judged them.

-- A sample stays as it was drawn. Its leaf commits to query, seed, population and members.
create table review_sample (
  id         integer primary key,
  seq        integer not null, -- the leaf that records it
  query      text not null,    -- '(erased)' where it named a person whose records were erased
  salt       blob,             -- 32 bytes, with the query in the leaf's commitment; null: erased
  seed       integer not null,
  size       integer not null, -- as it was asked for
  by         text not null,    -- JSON: by what calls were put into strata
  allocation text not null,
  population integer not null,
  tree_size  integer not null, -- it was drawn from the records before this leaf
  root       blob not null,    -- of the tree of that size
  strata     text not null,    -- JSON: names, population and members of each
  readers    integer not null, -- results are withheld until so many have finished
  drawn_by   text not null,
  drawn_ms   integer not null,
  closed_by  text,             -- whoever ended the reading before all had finished
  closed_ms  integer,
  closed_seq integer,
  constraint review_sample_root_length check (length(root) = 32)
) strict;

create table review_member (
  sample   integer not null references review_sample (id),
  position integer not null, -- in the order of reading, from 1
  call_seq integer not null,
  stratum  integer not null, -- which of the sample's strata, from 0
  primary key (sample, position)
) strict, without rowid;

-- Who reads a sample. The name is what was given; `os_user` is who gave it.
create table review_reader (
  id           integer primary key,
  sample       integer not null references review_sample (id),
  name         text not null,
  os_user      text not null,
  joined_ms    integer not null,
  joined_seq   integer not null,
  finished_ms  integer,
  finished_seq integer
) strict;

create unique index review_reader_by_name on review_reader (sample, name);

-- Every judgement that was made; the newest of a reader and position counts. Its leaf commits to
-- SHA-256 over salt, judgement, a line end and note, so that no list tells a second reader.
create table judgement (
  id        integer primary key,
  reader    integer not null references review_reader (id),
  position  integer not null,
  call_seq  integer not null,
  judgement text,             -- null: it was taken back
  note      text,             -- null: none, or erased with the record
  salt      blob,             -- null: erased with the note
  judged_by text not null,    -- the user of the operating system
  judged_ms integer not null,
  seq       integer not null, -- the leaf that records it
  constraint judgement_word check (judgement in ('fine', 'problem', 'unsure'))
) strict;

create index judgement_by_item on judgement (reader, position, id);
create index judgement_with_note on judgement (call_seq) where note is not null;
create index review_member_by_call on review_member (call_seq);

create trigger review_sample_no_delete before delete on review_sample
begin select raise(abort, 'review samples are closed, not deleted'); end;
create trigger review_sample_no_change before update on review_sample
when (new.id, new.seq, new.seed, new.size, new.by, new.allocation, new.population, new.tree_size,
      new.root, new.strata, new.readers, new.drawn_by, new.drawn_ms)
     <> (old.id, old.seq, old.seed, old.size, old.by, old.allocation, old.population, old.tree_size,
      old.root, old.strata, old.readers, old.drawn_by, old.drawn_ms)
  or (new.query <> old.query and new.salt is not null)
  or (old.closed_ms is not null and new.closed_ms is not old.closed_ms)
begin select raise(abort, 'review samples stay as they were drawn'); end;
create trigger review_member_no_delete before delete on review_member
begin select raise(abort, 'review samples stay as they were drawn'); end;
create trigger review_member_no_update before update on review_member
begin select raise(abort, 'review samples stay as they were drawn'); end;
create trigger review_reader_no_delete before delete on review_reader
begin select raise(abort, 'who read a sample stays known'); end;
create trigger judgement_no_delete before delete on judgement
begin select raise(abort, 'judgements are taken back, not deleted'); end;
create trigger judgement_no_change before update on judgement
when (new.id, new.reader, new.position, new.call_seq, new.judged_by, new.judged_ms, new.seq)
     <> (old.id, old.reader, old.position, old.call_seq, old.judged_by, old.judged_ms, old.seq)
  or new.judgement is not old.judgement or new.note is not null
begin select raise(abort, 'judgements are taken back, not changed'); end;
create trigger judgement_held before update on judgement
when new.note is null and old.note is not null
  and exists (select 1 from held d join hold h on h.id = d.hold
              where d.seq = old.call_seq and h.released_ms is null)
begin select raise(abort, 'a legal hold covers it'); end;
