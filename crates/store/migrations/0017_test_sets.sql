-- Test sets: labelled texts that policies are measured on.

create table test_set (
  id       integer primary key,
  name     text not null unique,
  language text,             -- of its texts, where they are of one
  field    text,             -- the kind of field that its texts are from
  made_by  text not null,
  made_ms  integer not null,
  seq      integer not null  -- the leaf that records it
) strict;

-- A text of a set. One that was taken from a call goes with the record of that call.
create table test_text (
  id          integer primary key,
  set_id      integer not null references test_set (id),
  call_seq    integer,          -- the record that it was taken from; null: pasted or imported
  text        text,             -- null: erased with the record, or taken out of the set
  language    text,
  field       text,
  added_by    text not null,
  added_ms    integer not null,
  seq         integer not null, -- the leaf that records it; one for all texts of an import
  removed_by  text,
  removed_ms  integer,
  removed_seq integer
) strict;

create index test_text_by_set on test_text (set_id, id);
create index test_text_by_call on test_text (call_seq) where call_seq is not null;

-- A span of a text, and who said so. A wrong one is taken back and stays.
create table test_label (
  id          integer primary key,
  text_id     integer not null references test_text (id),
  from_point  integer not null, -- Unicode code points, half-open
  to_point    integer not null,
  entity_type text not null,
  labelled_by text not null,
  labelled_ms integer not null,
  seq         integer not null, -- the leaf that records it
  removed_by  text,
  removed_ms  integer,
  removed_seq integer,
  constraint test_label_order check (from_point >= 0 and from_point < to_point)
) strict;

create index test_label_by_text on test_label (text_id, id);

create trigger test_set_no_delete before delete on test_set
begin select raise(abort, 'test sets stay'); end;
create trigger test_text_no_delete before delete on test_text
begin select raise(abort, 'texts are taken out of a test set, not deleted'); end;
create trigger test_text_no_change before update on test_text
when (new.id, new.set_id, new.added_by, new.added_ms, new.seq)
     <> (old.id, old.set_id, old.added_by, old.added_ms, old.seq)
  or new.call_seq is not old.call_seq
  or (new.text is not old.text and new.text is not null)
  or (old.removed_ms is not null and new.removed_ms is not old.removed_ms)
begin select raise(abort, 'texts of a test set are not changed'); end;
create trigger test_label_no_delete before delete on test_label
begin select raise(abort, 'labels are taken back, not deleted'); end;
create trigger test_label_no_change before update on test_label
when (new.id, new.text_id, new.from_point, new.to_point, new.entity_type, new.labelled_by,
      new.labelled_ms, new.seq)
     <> (old.id, old.text_id, old.from_point, old.to_point, old.entity_type, old.labelled_by,
      old.labelled_ms, old.seq)
  or (old.removed_ms is not null and new.removed_ms is not old.removed_ms)
begin select raise(abort, 'labels are taken back, not changed'); end;
