// Planted canaries: how many of the values that were planted in copies of calls come through.

import { useState } from "react";
import { Button } from "@/components/Button";
import { TextField } from "@/components/form/TextField";
import { Limits } from "@/components/Limits";
import { Panel } from "@/components/Page";
import { TrailLink } from "@/components/TrailLink";
import { type Column, Rows } from "@/components/table/Rows";
import { CallQuery } from "@/features/redaction/CallQuery";
import { typeName } from "@/features/redaction/entityTypes";
import { WRITINGS } from "@/features/redaction/guards";
import { JobLine } from "@/features/redaction/JobLine";
import { Tiles } from "@/features/redaction/Tiles";
import type { CanaryBound, CanaryCell, CanaryRow, Fared } from "@/lib/bindings";
import { count, counted } from "@/lib/format";
import { run, useNewest } from "@/lib/jobs";

const MOST = 20_000;
/** Lines of what came through. */
const LISTED = 20;

function fared<Row>(of: (row: Row) => Fared): Column<Row>[] {
  const number = (id: string, title: string, value: (all: Fared) => number): Column<Row> => ({
    id,
    title,
    align: "right",
    cell: (row) => count(value(of(row))),
  });
  return [
    number("planted", "Planted", (all) => all.planted),
    number("through", "Came through", (all) => all.through),
    number("partly", "In part", (all) => all.partly),
    number("kept", "Found and kept", (all) => all.kept),
    number("hidden", "Hidden", (all) => all.hidden),
  ];
}

const LEAKS: readonly Column<CanaryCell>[] = [
  { id: "type", title: "Entity type", cell: (row) => typeName(row.entity_type) },
  { id: "writing", title: "Writing", cell: (row) => WRITINGS[row.writing] ?? row.writing },
  ...fared<CanaryCell>((row) => row.fared),
];

const BY_WRITING: readonly Column<CanaryRow>[] = [
  { id: "name", title: "Writing", cell: (row) => WRITINGS[row.name] ?? row.name },
  ...fared<CanaryRow>((row) => row.fared),
];

export function CanaryPanel({ policy }: { policy: string }) {
  const [query, setQuery] = useState("");
  const [amount, setAmount] = useState("2000");
  const [seed, setSeed] = useState("1");
  const { job, result } = useNewest("redaction.bound_canaries");
  const isWhole = /^\d+$/.test(amount.trim()) && Number(amount) >= 1 && Number(amount) <= MOST;
  const isSeed = /^\d{1,15}$/.test(seed.trim());
  const isRunning = job?.state === "running";
  const start = () => {
    run("redaction.bound_canaries", {
      query: query.trim(),
      policy,
      seed: Number(seed),
      count: Number(amount),
      entity_types: [],
      writings: [],
    }).catch(() => undefined);
  };
  return (
    <Panel title="Planted canaries">
      <div className="grid gap-3">
        <CallQuery
          query={query}
          onQueryChanged={setQuery}
          what="Made values are planted in copies of their text, in memory; the calls stay as they are."
        />
        <div className="flex flex-wrap items-start gap-3">
          <div className="w-40">
            <TextField
              label="Values to plant"
              value={amount}
              onChange={setAmount}
              inputMode="numeric"
              error={isWhole ? undefined : `1 to ${count(MOST)}`}
            />
          </div>
          <div className="w-40">
            <TextField
              label="Seed"
              value={seed}
              onChange={setSeed}
              inputMode="numeric"
              error={isSeed ? undefined : "A whole number"}
            />
          </div>
        </div>
        <div>
          <Button tone="primary" isDisabled={isRunning || !isWhole || !isSeed} onPress={start}>
            {isRunning ? "Planting…" : `Plant under ${policy}`}
          </Button>
        </div>
        {job && <JobLine job={job} what="plant the canaries" />}
        {result && <Result of={result} />}
      </div>
    </Panel>
  );
}

function Result({ of: found }: { of: CanaryBound }) {
  return (
    <div className="grid gap-3">
      <p>
        {found.policy} {found.policy_version} · seed {found.seed} · in copies of{" "}
        {counted(found.hosts, "call")} with text, of {count(found.drawn)} drawn from{" "}
        <TrailLink query={found.query}>{counted(found.matched, "call")}</TrailLink>
      </p>
      <Tiles
        label={`Of ${found.fared.planted} planted values`}
        of={found.fared.planted}
        tiles={[
          { id: "through", title: "Came through", value: found.fared.through, tone: "danger" },
          { id: "partly", title: "Came through in part", value: found.fared.partly, tone: "danger" },
          { id: "kept", title: "Found and kept", value: found.fared.kept },
          { id: "hidden", title: "Hidden", value: found.fared.hidden },
        ]}
      />
      <h3 className="font-semibold">By writing</h3>
      <Rows
        label="Planted values by writing"
        rows={found.by_writing}
        rowKey={(row) => row.name}
        columns={BY_WRITING}
      />
      {found.leaks.length > 0 && (
        <>
          <h3 className="font-semibold">Types and writings that came through, the most first</h3>
          <Rows
            label="Planted values that came through"
            rows={found.leaks.slice(0, LISTED)}
            rowKey={(row) => `${row.entity_type} ${row.writing}`}
            columns={LEAKS}
          />
          {found.leaks.length > LISTED && (
            <p className="text-muted">
              {count(LISTED)} of {count(found.leaks.length)} are listed.
            </p>
          )}
        </>
      )}
      <Limits sentences={found.limits} />
    </div>
  );
}
