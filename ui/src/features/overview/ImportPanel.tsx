// How the imports stand: when the last one was, how many lines of how many were rejected.

import { Link } from "@tanstack/react-router";
import { Button } from "@/components/Button";
import { Facts } from "@/components/Facts";
import { Panel } from "@/components/Page";
import { Answered } from "@/components/States";
import { When } from "@/components/text/When";
import type { Batch, Overview } from "@/lib/bindings";
import { count, counted } from "@/lib/format";
import { chooseAndImport } from "@/lib/importing";
import { useAsk } from "@/lib/query";

export function ImportPanel({ overview }: { overview: Overview }) {
  const batches = useAsk("imports.list", {});
  return (
    <Panel
      title="Imports"
      actions={
        <>
          <Button onPress={() => chooseAndImport("files")}>Import files…</Button>
          <Button onPress={() => chooseAndImport("folder")}>Import a folder…</Button>
        </>
      }
    >
      <Answered asked={batches} what="the imports">
        {(all) => (
          <Facts
            facts={[
              { name: "Last import", value: <When at={overview.last_import_at} /> },
              {
                name: "Rejected lines",
                value: (
                  <Link to="/imports" className="text-accent underline underline-offset-2">
                    {count(overview.rejected_lines)} of {counted(lines(all), "line")} not in the trail
                  </Link>
                ),
              },
              { name: "Cut short", value: cutShort(all) },
            ]}
          />
        )}
      </Answered>
    </Panel>
  );
}

function lines(batches: readonly Batch[]): number {
  return batches.reduce((sum, batch) => sum + batch.accepted + batch.duplicates + batch.rejected, 0);
}

function cutShort(batches: readonly Batch[]): string {
  const cut = batches.filter((batch) => batch.state !== "done" && batch.state !== "already_imported").length;
  return `${count(cut)} of ${counted(batches.length, "import")}`;
}
