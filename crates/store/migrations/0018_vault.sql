-- The originals behind the tokens that `assay redaction apply` wrote. A row can be opened with the
-- vault's key only, which is not in the store. It is deleted, never changed: with it the token
-- becomes one that nobody can put back.
create table vault_entry (
  id             integer primary key,
  tag            text not null unique, -- of the token, 32 hexadecimal digits: keyed, of type and value
  entity_type    text not null,
  sealed         blob not null,        -- nonce and XChaCha20-Poly1305 of the value
  first_kept_ms  integer not null,
  policy         text not null,        -- by which it was put behind a token first
  policy_version text not null,
  constraint vault_entry_tag check (length(tag) = 32),
  constraint vault_entry_sealed check (length(sealed) >= 40)
) strict;

create trigger vault_entry_no_change before update on vault_entry
begin select raise(abort, 'entries of the vault are deleted, not changed'); end;
