// @vitest-environment node
import { expect, test } from "vitest";
import { shown } from "@/lib/untrusted";

test("texts are made visible wherever they stand, numbers and nothing stay", () => {
  expect(
    shown({ rows: [{ model: "a\u202eb", tokens: 3, region: null, metadata: { "k\u0007": "v\u200b" } }] }),
  ).toEqual({
    rows: [{ model: "a\\u202eb", tokens: 3, region: null, metadata: { "k\\u0007": "v\\u200b" } }],
  });
});

test("what is sent back stays as it came", () => {
  const kept = { query: 'region:"a\u202eb"', toml: "name = '\u200b'", next: "c\u0000" };
  expect(shown(kept)).toEqual(kept);
});
