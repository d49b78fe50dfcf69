-- Records of one call that share no id: how candidates are found, which were joined by inference,
-- which could not be told apart, and in what the records of a call disagree.

alter table witness add column group_seq integer; -- joined by inference: which record leads those of its ids; null: joined by ids
alter table witness add column inferred integer;  -- 1 the text agrees, 2 only model, tokens and time; null: joined by ids

create index witness_inferred on witness (of_seq) where inferred is not null;
create index witness_by_group on witness (group_seq) where group_seq is not null;

-- What a call has in common with another source's record of it: its minute, and eight bytes of
-- SHA-256 over model family, input and output tokens. In the order of time, so that it grows at
-- its end. Derived from the calls.
create table inference_key (
  minute integer not null, -- since 1970
  hash   integer not null,
  seq    integer not null,
  source integer not null, -- a label
  at_ms  integer not null,
  primary key (minute, hash, seq)
) strict, without rowid;

-- The sources with such keys: with fewer than two of them there is nothing to infer.
create table keyed_source (
  source integer primary key references label (id)
) strict;

-- Records that may be of the same call as another source's, where it can't be told of which.
create table ambiguous (
  seq integer primary key -- leads the records of its ids
) strict;

-- In what the records of a call disagree. Derived from the calls.
create table disagreement (
  seq    integer primary key, -- the listed record of the call
  fields integer not null     -- bits: region, tokens, cost, status, redaction
) strict;
