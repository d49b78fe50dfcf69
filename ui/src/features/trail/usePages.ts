// Pages of the trail by key: the cursors of pages seen so far, and the few pages that are on screen.
//
// A page's cursor is known once the page before it was read. Going far ahead reads the pages
// between and keeps only their cursors.

import { useQueries } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import type { WireError } from "@/lib/bindings";
import { type Answer, asWireError, call } from "@/lib/call";
import { question } from "@/lib/query";

const PAGE = 200;

type Pages<Row> = {
  rowAt: (index: number) => Row | undefined;
  onShown: (from: number, to: number) => void;
  error: WireError | null;
};

/** A page as both lists answer it. */
export type Page<Row> = { rows: readonly Row[]; next: string | null };
export type PageName = "trail.calls" | "trail.activities";

type Known = { generation: string; cursors: readonly (string | null)[] };
const FIRST: Known["cursors"] = [""];

function input(query: string, after: string | undefined) {
  return after ? { query, limit: PAGE, after } : { query, limit: PAGE };
}

/**
 * The rows of `query`. `generation` is another one when the query or the trail has changed: cursors
 * belong to both, and are learnt anew while the rows on screen and the focus stay where they are.
 */
export function usePages<Name extends PageName, Row>(
  name: Name,
  query: string,
  generation: string,
  read: (answer: Answer<Name>) => Page<Row>,
): Pages<Row> {
  const [shown, setShown] = useState<readonly [number, number]>([0, 0]);
  // `null`: there is no such page.
  const [known, setKnown] = useState<Known>({ generation, cursors: FIRST });
  const cursors = known.generation === generation ? known.cursors : FIRST;
  const [ahead, setAhead] = useState<WireError | null>(null);
  const wanted: number[] = [];
  for (let page = shown[0]; page <= shown[1]; page += 1) {
    if (typeof cursors[page] === "string") wanted.push(page);
  }
  const answers = useQueries({
    queries: wanted.map((page) => question(name, input(query, cursors[page] ?? undefined))),
  });

  const learn = useCallback(
    (page: number, next: string | null) => {
      setKnown((now) => {
        const before = now.generation === generation ? now.cursors : FIRST;
        return before.length === page + 1 ? { generation, cursors: [...before, next] } : now;
      });
    },
    [generation],
  );

  const pages = new Map<number, Page<Row>>();
  wanted.forEach((page, index) => {
    const data = answers[index]?.data;
    if (data !== undefined) pages.set(page, read(data));
  });
  const last = wanted.at(-1);
  // While a page is asked for anew its old end is no page's beginning any more.
  const isAsking = answers.at(-1)?.isFetching === true;
  const lastNext = last === undefined || isAsking ? undefined : pages.get(last)?.next;
  useEffect(() => {
    if (last !== undefined && lastNext !== undefined) learn(last, lastNext);
  }, [last, lastNext, learn]);

  // The page that is wanted lies further ahead than any cursor: read on from the last one known.
  const frontier = cursors.length - 1;
  const cursor = cursors[frontier];
  const isBehind = typeof cursor === "string" && shown[0] > frontier;
  useEffect(() => {
    if (!isBehind || typeof cursor !== "string") return;
    let stopped = false;
    call(name, input(query, cursor)).then(
      (answer) => {
        if (!stopped) learn(frontier, read(answer).next);
      },
      (problem: unknown) => {
        if (!stopped) setAhead(asWireError(problem));
      },
    );
    return () => {
      stopped = true;
    };
  }, [isBehind, cursor, frontier, name, query, learn, read]);

  const onShown = useCallback((from: number, to: number) => {
    setShown((now) => {
      const next = [Math.floor(from / PAGE), Math.floor(Math.max(from, to - 1) / PAGE)] as const;
      return next[0] === now[0] && next[1] === now[1] ? now : next;
    });
  }, []);

  return {
    rowAt: (index) => pages.get(Math.floor(index / PAGE))?.rows[index % PAGE],
    onShown,
    error: ahead ?? answers.find((answer) => answer.error)?.error ?? null,
  };
}
