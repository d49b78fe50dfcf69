// What was imported, how it went, and every line that was rejected with its reason.

import { getRouteApi } from "@tanstack/react-router";
import { Button } from "@/components/Button";
import { Page, Panel } from "@/components/Page";
import { Answered, Empty } from "@/components/States";
import { BatchTable } from "@/features/imports/BatchTable";
import { Recognised } from "@/features/imports/Recognised";
import { RejectedLines } from "@/features/imports/RejectedLines";
import { Running } from "@/features/imports/Running";
import { counted } from "@/lib/format";
import { chooseAndImport } from "@/lib/importing";
import { useAsk } from "@/lib/query";

const route = getRouteApi("/imports");

export function ImportsScreen() {
  const { batch } = route.useSearch();
  const navigate = route.useNavigate();
  const batches = useAsk("imports.list", {});
  const choose = (id: string | undefined) => void navigate({ search: { batch: id } });
  return (
    <Page
      title="Imports"
      about="Logs that gateways and clouds recorded. They are read where they lie and stay on this computer; nothing is imported twice."
      actions={
        <>
          <Button onPress={() => chooseAndImport("folder")}>Import a folder…</Button>
          <Button tone="primary" onPress={() => chooseAndImport("files")}>
            Import files…
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Running />
        <Answered asked={batches} what="the imports">
          {(data) =>
            data.length === 0 ? (
              <>
                <Empty title="Nothing was imported yet">
                  Choose files or a folder, or drop them anywhere on this window.
                </Empty>
                <Recognised />
              </>
            ) : (
              <>
                <Panel title={counted(data.length, "import batch", "import batches")} flush>
                  <BatchTable batches={data} chosen={batch} onChosen={choose} />
                </Panel>
                <RejectedLines
                  batch={batch}
                  of={data.find((one) => one.id === batch)}
                  total={data.reduce((sum, one) => sum + one.rejected, 0)}
                  onAll={() => choose(undefined)}
                />
                <Recognised />
              </>
            )
          }
        </Answered>
      </div>
    </Page>
  );
}
