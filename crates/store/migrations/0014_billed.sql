-- What the provider says it counted and billed: its usage and cost reports. Aggregates, never calls.

-- A stretch of time of a report, as it was imported. What was fetched again has its own.
create table billed_bucket (
  id            integer primary key,
  key           blob not null unique, -- 16 bytes of SHA-256 over report, deployment and the bucket's bytes
  batch_id      integer not null references batch (id),
  line          integer not null,
  offset        integer not null,
  length        integer not null,
  report        text not null,
  deployment_id integer references deployment (id), -- whose report; null where the import did not say
  from_ms       integer not null, -- UTC, half-open: a minute, an hour or a day
  to_ms         integer not null,
  constraint billed_bucket_key_length check (length(key) = 16),
  constraint billed_bucket_report check (report in ('usage', 'cost')),
  constraint billed_bucket_order check (from_ms < to_ms)
) strict;

create index billed_bucket_by_time on billed_bucket (from_ms, id);

-- A row of a bucket. A dimension is null where the report is not grouped by it, or has none; of a
-- workspace that is the default one. What names somebody goes when it is erased.
create table billed_row (
  bucket_id             integer not null references billed_bucket (id),
  number                integer not null, -- its place in the bucket, from 0
  model                 text,
  workspace_id          text,
  api_key_id            text,
  account_id            text,
  service_account_id    text,
  service_tier          text,
  context_window        text,
  inference_geo         text,
  cost_type             text,
  token_type            text,
  description           text,
  input_tokens          integer, -- neither read from nor written to a cache
  output_tokens         integer,
  cache_read_tokens     integer,
  cache_write_5m_tokens integer,
  cache_write_1h_tokens integer,
  web_searches          integer,
  amount_usd_micros     integer, -- of the cost report; null where its currency is another one
  currency              text,
  primary key (bucket_id, number)
) strict, without rowid;
