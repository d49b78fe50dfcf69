-- Calls that failed, by time: few, and asked for with all that no roll-up holds (words, latencies), where
-- they would be looked for among all calls.
create index call_by_error on call (status, started_at_ms) where status = 1;
