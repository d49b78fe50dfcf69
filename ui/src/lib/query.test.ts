// @vitest-environment node
import { beforeEach, expect, test } from "vitest";
import { effects } from "@/lib/bindings";
import { changed, client } from "@/lib/query";

const isStale = (name: string) => client.getQueryState([name, {}])?.isInvalidated;

beforeEach(() => {
  client.clear();
  for (const name of Object.keys(effects)) client.setQueryData([name, {}], {});
  client.setQueryData(["no command"], {});
});

test.for(Object.entries(effects))("what %s writes is asked for again, and nothing else", ([, { writes }]) => {
  changed(writes);
  for (const [name, { reads }] of Object.entries(effects)) {
    const isRead = reads.some((tag) => (writes as readonly string[]).includes(tag));
    expect([name, isStale(name)]).toEqual([name, isRead]);
  }
  expect(client.getQueryState(["no command"])?.isInvalidated).toBe(false);
});

test("a reveal is told on the record that was revealed", () => {
  changed(effects["trail.reveal"].writes);
  expect(isStale("trail.call")).toBe(true);
});

test("what a command answered is not kept after its screen", () => {
  expect(client.getDefaultOptions().mutations?.gcTime).toBe(0);
});
