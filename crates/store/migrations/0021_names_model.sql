-- Models of names that were plugged in from a folder, and when one was taken out. The newest row counts.
create table names_model (
  seq    integer primary key, -- the leaf that records it
  name   text, -- what it is called; null where the one before was taken out
  folder text, -- where its files are
  sha256 text, -- over the names and hashes of its files, hexadecimal
  files  text, -- JSON: name, size and SHA-256 of each file
  set_ms integer not null, -- UTC milliseconds
  set_by text not null,
  constraint names_model_whole check (
    (name is null and folder is null and sha256 is null and files is null)
    or (name is not null and folder is not null and sha256 is not null and files is not null)
  )
) strict;
