-- The bytes of a record may be compressed with the program's own dictionary from here on (`body.codec`
-- 2). No table changes, and records that are there stay as they are; but a program that does not know
-- the dictionary could not read what this one writes, and must not open the store.
select 1;
