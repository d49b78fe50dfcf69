-- Persons with keys of their own, what needs a second one, what was asked of them and what they said.

-- Every key that was registered is kept, revoked ones too.
create table person (
  id          integer primary key,
  name        text not null,
  vkey        text not null,        -- C2SP: name, number and key
  key         blob not null unique, -- the raw public key: no two names for one
  os_user     text,                 -- whose own key it is on this computer; null for a colleague's
  added_ms    integer not null,
  added_seq   integer not null,     -- the leaf that records it
  revoked_ms  integer,
  revoked_seq integer,
  constraint person_key_length check (length(key) = 32)
) strict;

-- What needs a second person now; what does not stand here needs none.
create table approval_rule (
  kind     text primary key,
  since_ms integer not null,
  seq      integer not null -- the leaf that records it
) strict, without rowid;

-- What was asked, what was said, and that it was used.
create table approval (
  id             text primary key,  -- random, hexadecimal
  kind           text not null,
  content_sha256 blob not null,     -- of what is to be done, exactly
  request        blob not null,     -- signed note of who asks
  asked_by       integer not null references person (id),
  asked_ms       integer not null,
  until_ms       integer not null,
  asked_seq      integer not null,  -- the leaf that records the request
  verdict        text,              -- null while nobody said anything
  decision       blob,              -- signed note of who decided
  decided_by     integer references person (id),
  decided_ms     integer,
  decided_seq    integer,
  used_ms        integer,
  used_seq       integer,           -- the leaf that records the use
  constraint approval_verdict check (verdict in ('approved', 'refused')),
  constraint approval_sha256_length check (length(content_sha256) = 32),
  constraint approval_decided check ((verdict is null) = (decision is null)),
  constraint approval_used check (used_ms is null or verdict = 'approved')
) strict, without rowid;

create index approval_by_content on approval (content_sha256, asked_ms);
create index approval_by_time on approval (asked_ms, id);

-- The approval that a waiver was set with; null where its approver is a name only.
alter table waiver add column approval text references approval (id);
