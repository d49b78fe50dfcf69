// The trail: calls and activities, found by query, facets and time.

import { getRouteApi, Link } from "@tanstack/react-router";
import { PanelLeftClose, PanelLeftOpen } from "lucide-react";
import { useMemo, useState } from "react";
import { Button } from "@/components/Button";
import { TimeHistogram } from "@/components/chart/TimeHistogram";
import { IconButton } from "@/components/IconButton";
import { ActivityDetail } from "@/features/trail/ActivityDetail";
import { ActivityList } from "@/features/trail/ActivityList";
import { CallDetail } from "@/features/trail/CallDetail";
import { CallList } from "@/features/trail/CallList";
import { ACTIVITY_COLUMNS, CALL_COLUMNS } from "@/features/trail/columns";
import { ExportDialog } from "@/features/trail/ExportDialog";
import { Facets } from "@/features/trail/Facets";
import { LatencyLine } from "@/features/trail/LatencyLine";
import { type Laid, namesOf, useLayout } from "@/features/trail/layout";
import { QueryBar } from "@/features/trail/QueryBar";
import { Views } from "@/features/trail/Views";
import { WordSearch } from "@/features/trail/WordSearch";
import type { ViewRow } from "@/lib/bindings";
import { counted as amount, count } from "@/lib/format";
import type { Layout } from "@/lib/preferences";
import { useAsk } from "@/lib/query";
import { onlyTerm } from "@/lib/terms";

const route = getRouteApi("/trail");
const BARS = 120;
/** Below, the parts of the screen stand one below the other, and an open record takes all of it. */
const NARROW_PX = 900;

export function TrailScreen() {
  const { q = "", tab = "calls", rec, view, saved } = route.useSearch();
  const navigate = route.useNavigate();
  const [areFacetsOpen, setAreFacetsOpen] = useState(window.innerWidth >= NARROW_PX);
  /** The query of what is about to be exported. */
  const [exporting, setExporting] = useState<string | null>(null);
  const isCalls = tab !== "activities";
  const table = isCalls ? "calls" : "activities";
  const views = useAsk("trail.views", {});
  const opened = views.data?.find((one) => String(one.leaf) === saved && one.records === table);
  const laid = useLaid(opened);
  const callLayout = useLayout("trail.calls", CALL_COLUMNS, isCalls ? laid : undefined);
  const activityLayout = useLayout("trail.activities", ACTIVITY_COLUMNS, isCalls ? undefined : laid);
  const layout = isCalls ? callLayout : activityLayout;
  const counted = useAsk(isCalls ? "trail.count" : "trail.activity_count", { query: q });
  // A query that can't be read is told of once, by the list; an empty store has no values to choose from.
  const hasFacets = !counted.error && counted.data?.stored !== 0;
  const open = (id: string | undefined) =>
    navigate({ search: (now) => ({ ...now, rec: id }), replace: rec !== undefined });
  const close = () => {
    // The grid is where the reader came from; in a narrow window it is back only then.
    void open(undefined).then(() => document.querySelector<HTMLElement>("[role=grid]")?.focus());
  };
  const apply = (query: string) =>
    void navigate({ search: (now) => ({ ...now, q: query || undefined, rec: undefined }) });
  const change = (to: "calls" | "activities") =>
    void navigate({ search: to === "activities" ? { tab: to } : {} });

  return (
    <div className="flex h-full flex-col overflow-hidden">
      <h1 tabIndex={-1} className="sr-only">
        Trail
      </h1>
      <div className="grid shrink-0 grid-cols-1 gap-1 border-b border-line px-4 pt-2 pb-2">
        <div className="flex items-start gap-2 max-[900px]:flex-wrap">
          <fieldset className="flex h-8 shrink-0 items-center rounded-control border border-control p-0.5">
            <legend className="sr-only">Records</legend>
            {(["calls", "activities"] as const).map((name) => (
              <button
                key={name}
                type="button"
                aria-pressed={table === name}
                onClick={() => change(name)}
                className={`h-full rounded-chip px-2.5 capitalize ${table === name ? "bg-selected font-semibold" : "text-muted hover:bg-hover"}`}
              >
                {name}
              </button>
            ))}
          </fieldset>
          <Link
            to="/trail/coverage"
            className="flex h-8 shrink-0 items-center text-accent underline underline-offset-2"
          >
            Coverage
          </Link>
          <QueryBar key={table} query={q} onApplied={apply} table={table} />
          <Views
            query={q}
            table={table}
            opened={opened}
            columns={{
              names: layout.isStandard && !layout.isOfView ? [] : namesOf<never>(layout.shown),
              titles: layout.shown.map((column) => column.title),
            }}
            onOpened={(one) =>
              void navigate({
                search: {
                  ...(one.records === "activities" ? { tab: "activities" } : {}),
                  ...(one.query === "" ? {} : { q: one.query }),
                  ...(one.columns.length === 0 ? {} : { saved: String(one.leaf) }),
                },
              })
            }
            onLeft={() => void navigate({ search: (now) => ({ ...now, saved: undefined }) })}
          />
          {isCalls && (
            <Link
              to="/trail/samples"
              search={q === "" ? {} : { q }}
              className="inline-flex h-8 shrink-0 items-center rounded-control border border-control bg-surface px-3 whitespace-nowrap text-ink hover:bg-hover"
            >
              Samples
            </Link>
          )}
          {counted.data && (
            <Button
              tone="primary"
              className="h-8"
              isDisabled={counted.data.matching === 0}
              onPress={() => setExporting(q)}
            >
              Export {amount(counted.data.matching, isCalls ? "call" : "activity", table)}…
            </Button>
          )}
        </div>
        {isCalls && <Timeline query={q} onApplied={apply} />}
      </div>
      <div className="flex min-h-0 flex-1 max-[900px]:flex-col">
        {isCalls && areFacetsOpen && hasFacets && (
          <aside
            aria-label="Facets"
            tabIndex={0}
            className={`w-50 shrink-0 overflow-y-auto border-r border-line bg-canvas outline-offset-[-2px] max-[900px]:max-h-1/2 max-[900px]:w-full ${rec ? "max-[1360px]:hidden" : ""}`}
          >
            <Facets query={q} onApplied={apply} />
          </aside>
        )}
        <section
          aria-label={isCalls ? "Calls" : "Activities"}
          className={`flex min-h-0 min-w-0 flex-1 flex-col ${rec ? "max-[900px]:hidden" : ""}`}
        >
          <div
            className="flex h-8 shrink-0 items-center gap-2 border-b border-line px-2 text-sm text-muted"
            hidden={counted.error !== null}
          >
            {isCalls && hasFacets && (
              <IconButton
                label={areFacetsOpen ? "Hide the facets" : "Show the facets"}
                onPress={() => setAreFacetsOpen(!areFacetsOpen)}
              >
                {areFacetsOpen ? (
                  <PanelLeftClose aria-hidden size={15} />
                ) : (
                  <PanelLeftOpen aria-hidden size={15} />
                )}
              </IconButton>
            )}
            <span role="status" className="shrink-0">
              {counted.data &&
                `${count(counted.data.matching)} of ${amount(counted.data.stored, isCalls ? "call" : "activity", table)}`}
            </span>
            {isCalls && <WordSearch query={q} />}
            {isCalls && <LatencyLine query={q} />}
          </div>
          <div className="min-h-0 flex-1">
            {isCalls ? (
              <CallList
                layout={callLayout}
                query={q}
                openId={rec}
                onOpened={open}
                counted={counted}
                onQuery={apply}
                onExported={setExporting}
              />
            ) : (
              <ActivityList
                layout={activityLayout}
                query={q}
                openId={rec}
                onOpened={open}
                counted={counted}
                onQuery={apply}
                onExported={setExporting}
              />
            )}
          </div>
        </section>
        {rec !== undefined && (
          <aside
            aria-label="Record"
            className="w-105 shrink-0 overflow-hidden border-l border-line bg-surface max-[1100px]:w-90 max-[900px]:w-full max-[900px]:min-h-0 max-[900px]:flex-1"
          >
            {isCalls ? (
              <CallDetail
                key={rec}
                id={rec}
                query={q}
                tab={view ?? "content"}
                onTab={(next) => void navigate({ search: (now) => ({ ...now, view: next }), replace: true })}
                onClosed={close}
                onOpened={open}
              />
            ) : (
              <ActivityDetail key={rec} id={rec} onClosed={close} />
            )}
          </aside>
        )}
      </div>
      <ExportDialog
        key={table}
        query={exporting ?? q}
        records={table}
        isOpen={exporting !== null}
        onClosed={() => setExporting(null)}
      />
    </div>
  );
}

/** The columns of the view that is open; what is changed of them lasts until another one is opened. */
function useLaid(view: ViewRow | undefined): Laid | undefined {
  const [changed, setChanged] = useState<{ leaf: number; layout: Layout } | undefined>(undefined);
  return useMemo(() => {
    if (view === undefined || view.columns.length === 0) return undefined;
    return {
      names: view.columns,
      changed: changed?.leaf === view.leaf ? changed.layout : undefined,
      onChanged: (layout) => setChanged(layout && { leaf: view.leaf, layout }),
    };
  }, [view, changed]);
}

/** Calls over time; a stretch becomes a term of the query. */
function Timeline({ query, onApplied }: { query: string; onApplied: (query: string) => void }) {
  const { data } = useAsk("trail.histogram", { query, bars: BARS });
  if (!data || data.bars.length === 0) return null;
  return (
    <div>
      <TimeHistogram
        bars={data.bars}
        barMs={data.bar_ms}
        onChosen={(from, to) => {
          // Both ends of a range are included.
          const range = `${new Date(from).toISOString()}..${new Date(to - 1).toISOString()}`;
          onApplied(onlyTerm(query, "started_at", `started_at:${range}`));
        }}
      />
      {data.without_time > 0 && (
        <p className="text-sm text-muted">
          {amount(data.without_time, "matching call has", "matching calls have")} no valid time, and no bar.
        </p>
      )}
    </div>
  );
}
