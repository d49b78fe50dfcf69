// Before the first import: what the program is for, where records stay, how to begin.

import { Button } from "@/components/Button";
import { Page, Panel } from "@/components/Page";
import { chooseAndImport } from "@/lib/importing";
import { useAsk } from "@/lib/query";

export function FirstRun() {
  const about = useAsk("settings.about", {});
  return (
    <Page
      title="Overview"
      about="Assay reads the logs of your Claude deployments and shows what they prove: who called which model, where calls ran, what was in them, and what nobody recorded."
    >
      <div className="grid max-w-200 gap-4">
        <Panel title="Import your first logs">
          <div className="grid gap-3">
            <p>
              Bedrock invocation logs, CloudTrail, Claude API, LiteLLM, Compliance API exports and more. Files
              are recognised by their content; lines that can't be read are listed, never dropped in silence.
            </p>
            <div className="flex flex-wrap gap-2">
              <Button tone="primary" onPress={() => chooseAndImport("files")}>
                Import files…
              </Button>
              <Button onPress={() => chooseAndImport("folder")}>Import a folder…</Button>
            </div>
            <p className="text-muted">Files can also be dropped anywhere on this window.</p>
          </div>
        </Panel>
        <Panel title="Where records stay">
          <div className="grid gap-2">
            <p>
              On this computer, in the store's folder:{" "}
              <code className="break-all">{about.data?.store ?? "…"}</code>
            </p>
            <p className="text-muted">
              Nothing is sent anywhere unless you start a replay or a run against a guard, or add an anchor;
              each first says what goes where. Personal data is masked until you reveal it, and each reveal is
              recorded.
            </p>
          </div>
        </Panel>
        <Panel title="Try the sample organisation">
          <p className="text-muted">
            A made-up organisation with deployments, calls and findings, in a store of its own. Start the
            program with <code>--sample</code>, or in the terminal: <code>assay serve --sample</code>.
          </p>
        </Panel>
      </div>
    </Page>
  );
}
