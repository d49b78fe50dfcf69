// @vitest-environment node
import { expect, test } from "vitest";
import { hasTerm, keyOf, onlyTerm, termFor, termsOf, withoutTerm, withTerm } from "@/lib/terms";

test.for([
  ["status", "error", "status:error"],
  ["principal", "arn:aws:sts::1:assumed-role/app", "principal:arn:aws:sts::1:assumed-role/app"],
  ["model", "two words", 'model:"two words"'],
  ["model", 'say "no"\\', 'model:"say \\"no\\"\\\\"'],
  ["model", "a..b", 'model:"a..b"'],
  ["model", "eu-*", 'model:"eu-*"'],
  ["region", null, "-has:region"],
] as const)("a value of %s, %j, becomes the term %s", ([key, value, term]) => {
  expect(termFor(key, value)).toBe(term);
});

test("a term that was written is found again as one", () => {
  const term = termFor("model", 'two "quoted" words');
  const query = withTerm("status:ok", term);
  expect(termsOf(query)).toEqual(["status:ok", term]);
  expect(hasTerm(query, term)).toBe(true);
  expect(withoutTerm(query, term)).toBe("status:ok");
  expect(withTerm(query, term)).toBe(query);
});

test.for([
  ["status:ok", "status"],
  ["-status:ok", "status"],
  ["-has:region", "region"],
  ["has:region", "region"],
  ['"words: here"', null],
  ["words", null],
] as const)("the key of %s is %s", ([term, key]) => {
  expect(keyOf(term)).toBe(key);
});

test("only this value takes the place of every other of its key, excluded and missing ones as well", () => {
  expect(onlyTerm('status:ok -region:a "a region" -has:region region:b', "region", "region:c")).toBe(
    'status:ok "a region" region:c',
  );
});
