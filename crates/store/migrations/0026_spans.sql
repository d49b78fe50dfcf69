-- Spans have keys of their own besides: over model family and output tokens, since that of a framework may not count
-- the input. `source` is negative where a span has no id of the request or the answer. All keys of spans are entered
-- anew once this was done.
delete from inference_key
where source in (select id from label where text = 'opentelemetry');
