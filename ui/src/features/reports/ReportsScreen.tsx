// Reports: what one covers, its content before it is written, and those that were written.

import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { Button } from "@/components/Button";
import { Page } from "@/components/Page";
import { Answered, Empty } from "@/components/States";
import { Created } from "@/features/reports/Created";
import { FORMATS, type FormatName } from "@/features/reports/formats";
import { type Period, standardPeriod } from "@/features/reports/period";
import { ReportForm } from "@/features/reports/ReportForm";
import { ReportPreview } from "@/features/reports/ReportPreview";
import { useCreateReport } from "@/features/reports/useCreateReport";
import { WrittenReports } from "@/features/reports/WrittenReports";
import type { AskReport, Overview } from "@/lib/bindings";
import { chooseAndImport } from "@/lib/importing";
import { useAsk } from "@/lib/query";

const ABOUT = "Figures with what they are out of, findings with their evidence, and what isn't covered.";

export function ReportsScreen() {
  const asked = useAsk("overview.show", {});
  if (asked.data && asked.data.calls > 0) return <Reports overview={asked.data} />;
  return (
    <Page title="Reports" about={ABOUT}>
      <Answered asked={asked} what="the trail">
        {() => (
          <Empty
            title="There is nothing to report on yet"
            action={
              <Button tone="primary" onPress={() => chooseAndImport("files")}>
                Import files…
              </Button>
            }
          >
            A report needs calls in the trail. Import invocation logs, gateway logs or a client's records
            first.
          </Empty>
        )}
      </Answered>
      <WrittenReports />
    </Page>
  );
}

function Reports({ overview }: { overview: Overview }) {
  const search = useSearch({ from: "/reports" });
  const navigate = useNavigate({ from: "/reports" });
  const [format, setFormat] = useState<FormatName>("pdf");
  const { created, isWriting, create } = useCreateReport();
  const standard = standardPeriod(overview.first_call_at, overview.last_call_at, new Date());
  const period: Period = { from: search.from ?? standard.from, to: search.to ?? standard.to };
  const chosen = search.deployments === undefined ? [] : search.deployments.split(",");
  const ask: AskReport = { kind: "monthly", from: period.from, to: period.to, deployments: chosen };
  const isEmpty = period.from >= period.to;
  const preview = useAsk("reports.preview", ask, { enabled: !isEmpty });
  const title = FORMATS.find((one) => one.id === format)?.title ?? format;
  return (
    <Page
      title="Reports"
      about={ABOUT}
      actions={
        <Button
          tone="primary"
          isDisabled={isEmpty || isWriting || preview.error !== null}
          onPress={() => void create(ask, format, overview.sample)}
        >
          {isWriting ? "Writing…" : `Create report as ${title}`}
        </Button>
      }
    >
      <div className="grid gap-4">
        {created && <Created report={created} />}
        <div className="grid items-start gap-4 min-[1100px]:grid-cols-[240px_minmax(0,1fr)]">
          <ReportForm
            period={period}
            onPeriodChanged={(next) =>
              void navigate({ search: (kept) => ({ ...kept, ...next }), replace: true, resetScroll: false })
            }
            deployments={overview.deployments}
            chosen={chosen}
            onChosen={(names) =>
              void navigate({
                search: ({ deployments: _, ...kept }) =>
                  names.length === 0 ? kept : { ...kept, deployments: names.join(",") },
                replace: true,
                resetScroll: false,
              })
            }
            format={format}
            onFormatChosen={setFormat}
          />
          <section
            aria-label="Preview"
            aria-busy={preview.isFetching}
            className="min-w-0 rounded-control border border-line bg-surface"
          >
            <h2 className="flex min-h-10 items-center border-b border-line px-4 text-md">
              Preview{preview.isFetching ? " · updating…" : ""}
            </h2>
            {isEmpty ? (
              <p className="p-4 text-muted">Choose a period of at least one day.</p>
            ) : (
              <div className="p-4">
                <Answered asked={preview} what="the preview">
                  {(report) => <ReportPreview report={report} />}
                </Answered>
              </div>
            )}
          </section>
        </div>
        <WrittenReports />
      </div>
    </Page>
  );
}
