// Sinks: the same calls in two sources, and what is left unmasked in each.

import { useState } from "react";
import { Button } from "@/components/Button";
import { Panel } from "@/components/Page";
import { Answered, Empty } from "@/components/States";
import { CallQuery } from "@/features/redaction/CallQuery";
import { SinkPairPanel } from "@/features/redaction/SinkPairPanel";
import { count, counted } from "@/lib/format";
import { useAsk } from "@/lib/query";

export function SinksTab() {
  const [query, setQuery] = useState("");
  const [compared, setCompared] = useState<string | null>(null);
  const asked = useAsk("redaction.sinks", { query: compared ?? "" }, { enabled: compared !== null });
  return (
    <div className="grid gap-4">
      <Panel title="The same calls in two sources">
        <div className="grid gap-3">
          <CallQuery
            query={query}
            onQueryChanged={setQuery}
            what="Their text is read on this computer; nothing is sent and no value is shown."
          />
          <div>
            <Button
              tone="primary"
              isDisabled={asked.isFetching}
              onPress={() => {
                if (compared === query.trim()) asked.refetch();
                setCompared(query.trim());
              }}
            >
              {asked.isFetching ? "Comparing…" : "Compare the sources"}
            </Button>
          </div>
        </div>
      </Panel>
      {compared === null ? (
        <Empty title="Nothing was compared yet">
          Where two systems recorded a call, one may mask what the other keeps in clear: a gateway beside the
          provider's log. This says which, by entity type.
        </Empty>
      ) : (
        <Answered asked={asked} what="the comparison">
          {(found) => (
            <div className="grid gap-4">
              <p role="status">
                {counted(found.matching, "call")} match. {count(found.several)} of them were recorded by
                several sources. {count(found.looked)} of these were read: the newest of which two sources may
                hold the text. Policy {found.policy} {found.policy_version}. Values are counted once a call.
              </p>
              {found.pairs.length === 0 && (
                <Empty title="No call was recorded by two sources">
                  Import the logs of a second system that sees the same calls, or ask for other calls.
                </Empty>
              )}
              {found.pairs.map((pair) => (
                <SinkPairPanel key={`${pair.one} ${pair.other}`} pair={pair} />
              ))}
            </div>
          )}
        </Answered>
      )}
    </div>
  );
}
