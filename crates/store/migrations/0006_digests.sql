-- CloudTrail digest files of imported sets, and where checkpoints are anchored.

-- A digest file, kept as it came, so that it can be judged again once more is known.
create table digest (
  id       integer primary key,
  batch_id integer not null references batch (id), -- the import that first brought it
  name     text not null,        -- of its file, without the folder
  object   text not null,        -- what it says that its place in S3 is
  sha256   blob not null unique, -- of its uncompressed bytes
  content  blob not null,        -- its uncompressed bytes, zstd
  constraint digest_sha256_length check (length(sha256) = 32)
) strict;

-- Signatures of digests that were saved beside them; each is tried on every digest of the name.
create table digest_signature (
  name      text not null, -- of the digest's file, without what says how it is compressed
  signature text not null, -- hexadecimal
  batch_id  integer not null references batch (id), -- the import that brought it
  primary key (name, signature)
) strict, without rowid;

-- Public keys of CloudTrail, as `list-public-keys` answered them.
create table digest_key (
  fingerprint text not null,
  value       text not null,    -- PKCS#1 RSAPublicKey, DER, base64
  from_ms     integer,          -- valid from; null where the answer did not say so
  to_ms       integer,          -- valid until
  batch_id    integer not null references batch (id), -- the import that brought it
  primary key (fingerprint, value)
) strict, without rowid;

-- What an imported CloudTrail log file is, uncompressed, and what the digests say of it.
create table log_content (
  batch_id integer primary key references batch (id),
  name     text not null, -- of the file, without the folder
  sha256   blob not null, -- of its uncompressed bytes
  origin   text,          -- derived: what the digests say; null before they were judged
  digest   text,          -- derived: the object of the digest that says so
  constraint log_content_sha256_length check (length(sha256) = 32),
  constraint log_content_origin check (origin in
    ('verified', 'hash_matches', 'failed', 'unnamed', 'unnamed_in_covered_time'))
) strict;

create index log_content_by_sha256 on log_content (sha256, name);

-- Chains of digests as they were last judged. Derived; made anew when anything above changes.
create table digest_chain (
  id        integer primary key,
  judged_ms integer not null,
  whole     text not null,
  chain     text not null, -- JSON: all of it
  constraint digest_chain_whole check (whole in ('verified', 'partly', 'unknown', 'failed'))
) strict;

-- Who is asked to vouch for checkpoints, and where. Every version is kept: what vouched for an old
-- checkpoint is verified by what was saved then.
create table anchor_profile (
  id         integer primary key,
  name       text not null,
  kind       text not null,
  url        text not null,
  is_private integer not null, -- 1: its address may be private
  vkey       text,             -- of a witness: C2SP, name+number+key
  chain      text,             -- of a time-stamping authority: its certificates, PEM
  saved_ms   integer not null,
  ended_ms   integer,          -- replaced or removed; null in force
  constraint anchor_profile_kind check (kind in ('tsa', 'witness'))
) strict;

create unique index anchor_profile_in_force on anchor_profile (name) where ended_ms is null;
