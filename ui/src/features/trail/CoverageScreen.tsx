// Coverage: what each source recorded each day, which sources agree, and the known holes.

import { getRouteApi, Link } from "@tanstack/react-router";
import { Button } from "@/components/Button";
import { Page, Panel } from "@/components/Page";
import { Answered, Empty } from "@/components/States";
import { TrailLink } from "@/components/TrailLink";
import { Billed } from "@/features/trail/Billed";
import { CoverageFields } from "@/features/trail/CoverageFields";
import { CoverageHoles } from "@/features/trail/CoverageHoles";
import { CoverageMap } from "@/features/trail/CoverageMap";
import { CoveragePairs } from "@/features/trail/CoveragePairs";
import { PeriodFields } from "@/features/trail/PeriodFields";
import type { Reconciliation } from "@/lib/bindings";
import { count, counted } from "@/lib/format";
import { chooseAndImport } from "@/lib/importing";
import { useAsk } from "@/lib/query";

const route = getRouteApi("/trail/coverage");

export function CoverageScreen() {
  const { from, to } = route.useSearch();
  const isWhole = from === undefined && to === undefined;
  const navigate = route.useNavigate();
  const asked = useAsk("trail.reconcile", {
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  });
  const change = (next: { from?: string | undefined; to?: string | undefined }) =>
    void navigate({ search: (now) => ({ ...now, ...next }) });
  return (
    <Page
      title="Coverage"
      about="What each source recorded each day, which sources agree, and what is known to be missing. Days are UTC."
      actions={
        <Link to="/trail" className="text-accent underline underline-offset-2">
          Back to the trail
        </Link>
      }
    >
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
        <div className="flex flex-wrap items-end gap-4">
          <PeriodFields from={from} to={to} onChanged={change} />
          {!isWhole && (
            <button
              type="button"
              className="h-8 text-accent underline underline-offset-2"
              onClick={() => change({ from: undefined, to: undefined })}
            >
              Whole trail
            </button>
          )}
        </div>
        <Answered asked={asked} what="what the sources cover">
          {(found) => (found.sources.length === 0 ? <Nothing isWhole={isWhole} /> : <Found found={found} />)}
        </Answered>
      </div>
    </Page>
  );
}

function Nothing({ isWhole }: { isWhole: boolean }) {
  return (
    <Empty
      title={isWhole ? "No source holds a call yet" : "No source holds a call of this period"}
      action={<Button onPress={() => chooseAndImport("files")}>Import files…</Button>}
    >
      {isWhole
        ? "Once logs are imported, this shows day by day which source recorded calls and where one misses what another saw."
        : "That is not the same as no traffic: import the logs of the period, or choose another one."}
    </Empty>
  );
}

function Found({ found }: { found: Reconciliation }) {
  return (
    <>
      <p role="status">
        <TrailLink query={found.query}>{counted(found.calls, "call")}</TrailLink>{" "}
        {found.sources.length === 1 ? "in 1 source" : `in ${count(found.sources.length)} sources`};{" "}
        {counted(found.holes.length, "known hole")}.
      </p>
      <Panel title="Source by day">
        <CoverageMap coverage={found.coverage} signatures={found.signatures} />
      </Panel>
      <Panel title="Known holes" flush>
        <CoverageHoles holes={found.holes} signatures={found.signatures} />
      </Panel>
      <Panel title="What the provider billed" flush>
        <Billed billed={found.billed} />
      </Panel>
      <Panel title="Sources side by side" flush>
        <CoveragePairs pairs={found.pairs} sources={found.sources} />
      </Panel>
      <Panel title="How often each field is recorded" flush>
        <CoverageFields sources={found.sources} />
      </Panel>
    </>
  );
}
