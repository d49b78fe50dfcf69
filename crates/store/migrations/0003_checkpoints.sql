-- Checkpoints of the evidence tree: what was signed, by which key, and who else vouches for it;
-- and what each row of the trail was when it was stored.

-- A key that signs checkpoints, from the leaf on that registers it. Strangers pin the first.
create table verifier_key (
  id         integer primary key, -- in the order of use
  vkey       text not null unique, -- C2SP: name+number+key
  since_size integer not null,    -- the tree that ends with its leaf
  seq        integer not null     -- the leaf that registers it
) strict;

-- A signed note over a size of the tree that was committed before it was signed.
create table checkpoint (
  size    integer primary key, -- leaves
  note    blob not null,       -- C2SP signed note
  made_ms integer not null     -- when it was signed
) strict;

-- What somebody else said of a checkpoint: a time stamp (RFC 3161) or a witness's cosignature.
create table anchor (
  id      integer primary key,
  size    integer not null references checkpoint (size),
  kind    text not null,    -- tsa, witness
  name    text not null,    -- who said it
  token   blob not null,    -- what they said, as it was received
  made_ms integer not null, -- when it was received
  constraint anchor_kind check (kind in ('tsa', 'witness'))
) strict;

create index anchor_by_size on anchor (size, id);

-- What rows of the trail were when they were stored: 16 bytes of SHA-256 over the record's salt
-- and its row, one after the other for as many leaves as were stored in one commit. The leaf
-- `import.end` commits to them.
create table row_digest (
  first_seq integer primary key, -- the first of these leaves
  batch_id  integer not null references batch (id),
  digests   blob not null
) strict;

create index row_digest_by_batch on row_digest (batch_id, first_seq);

create trigger verifier_key_no_update before update on verifier_key
begin select raise(abort, 'verifier keys are append-only'); end;
create trigger verifier_key_no_delete before delete on verifier_key
begin select raise(abort, 'verifier keys are append-only'); end;
create trigger checkpoint_no_update before update on checkpoint
begin select raise(abort, 'checkpoints are append-only'); end;
create trigger checkpoint_no_delete before delete on checkpoint
begin select raise(abort, 'checkpoints are append-only'); end;
create trigger anchor_no_update before update on anchor
begin select raise(abort, 'anchors are append-only'); end;
create trigger anchor_no_delete before delete on anchor
begin select raise(abort, 'anchors are append-only'); end;
create trigger row_digest_no_update before update on row_digest
begin select raise(abort, 'row digests are append-only'); end;
create trigger row_digest_no_delete before delete on row_digest
begin select raise(abort, 'row digests are append-only'); end;
