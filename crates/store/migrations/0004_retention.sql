-- Sealed record bytes.

-- A body written from now on is sealed: `salt` is then the seal's, the commitment's salt stands in
-- `data` before the bytes, and `key` names the day key in the file of keys. A body that was written
-- before stays as it is and is read as it is; it is disposed of and erased like any other.
alter table body add column key integer; -- null: not sealed

create index body_by_key on body (key) where key is not null;
