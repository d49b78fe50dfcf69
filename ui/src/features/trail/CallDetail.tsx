// One call in full, masked: text, tokens and cost, where it came from, who else saw it.

import { Link } from "@tanstack/react-router";
import { X } from "lucide-react";
import { IconButton } from "@/components/IconButton";
import { KindMark } from "@/components/KindMark";
import { Answered } from "@/components/States";
import { TabBar } from "@/components/TabBar";
import { Id } from "@/components/text/Id";
import { Segments } from "@/components/text/Segments";
import { When } from "@/components/text/When";
import { Content } from "@/features/trail/Content";
import { Excerpt } from "@/features/trail/Excerpt";
import { Figures } from "@/features/trail/Figures";
import { HeldBy } from "@/features/trail/HeldBy";
import { Notes } from "@/features/trail/Notes";
import { Origin } from "@/features/trail/Origin";
import { Witnesses } from "@/features/trail/Witnesses";
import type { CallDetail as Detail } from "@/lib/bindings";
import { bytes } from "@/lib/format";
import { useAsk } from "@/lib/query";

type Props = {
  id: string;
  /** The query that the list shows, whose words are shown where they stand. */
  query: string;
  tab: string;
  onTab: (tab: string) => void;
  onClosed: () => void;
  onOpened: (id: string) => void;
};

export function CallDetail({ id, query, tab, onTab, onClosed, onOpened }: Props) {
  const asked = useAsk("trail.call", { id });
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Esc closes the pane from anywhere in it
    <div
      className="flex h-full flex-col"
      onKeyDown={(event) => {
        if (event.key === "Escape") onClosed();
      }}
    >
      <div className="flex shrink-0 items-start gap-2 px-4 pt-3 pb-1">
        <div className="min-w-0 flex-1">
          <h2 className="flex items-center gap-1 text-md">
            Call <Id id={id} label="id" />
          </h2>
          {asked.data && (
            <p className="flex flex-wrap gap-x-2 text-muted">
              <When at={asked.data.call.started_at} />
              <KindMark kind={asked.data.call.kind} name={asked.data.call.deployment} />
            </p>
          )}
        </div>
        <IconButton label="Close the record (Esc)" onPress={onClosed}>
          <X aria-hidden size={16} />
        </IconButton>
      </div>
      <div className="min-h-0 flex-1">
        <Answered asked={asked} what="the call">
          {(detail) => <Tabs detail={detail} query={query} tab={tab} onTab={onTab} onOpened={onOpened} />}
        </Answered>
      </div>
    </div>
  );
}

function Tabs({
  detail,
  query,
  tab,
  onTab,
  onOpened,
}: { detail: Detail } & Pick<Props, "query" | "tab" | "onTab" | "onOpened">) {
  const sources = detail.versions.length;
  return (
    <TabBar
      label="Parts of the record"
      chosen={tab}
      onChosen={onTab}
      fill
      tabs={[
        {
          id: "content",
          title: "Content",
          view: () => (
            <div className="grid gap-4 p-4">
              <HeldBy holds={detail.holds} />
              <Excerpt query={query} id={detail.call.id} />
              <Content detail={detail} />
              <Figures detail={detail} />
              <div className="flex flex-wrap gap-4">
                {detail.erased === null && (
                  <>
                    <Link to="/redaction" search={{ call: detail.call.id }} className="text-accent underline">
                      Preview redaction
                    </Link>
                    <Link
                      to="/redaction"
                      search={{ call: detail.call.id, tab: "tests" }}
                      className="text-accent underline"
                    >
                      Add to a test set
                    </Link>
                  </>
                )}
                {detail.erased !== null && (
                  <Link to="/retention" search={{ tab: "requests" }} className="text-accent underline">
                    All erasures
                  </Link>
                )}
                {detail.erased === null && (
                  <Link to="/replay" search={{ q: `id:${detail.call.id}` }} className="text-accent underline">
                    Plan a replay
                  </Link>
                )}
              </div>
            </div>
          ),
        },
        {
          id: "notes",
          title: "Notes",
          view: () => <Notes id={detail.call.id} isErased={detail.erased !== null} />,
        },
        { id: "provenance", title: "Provenance", view: () => <Origin provenance={detail.provenance} /> },
        {
          id: "sources",
          title: sources < 2 ? "Sources" : `Sources ${sources}`,
          view: () => <Witnesses detail={detail} onOpened={onOpened} />,
        },
        {
          id: "raw",
          title: "Raw",
          view: () => (
            <div className="grid gap-2 p-4">
              <p className="text-sm text-muted">
                The record as it was received, masked by the policy {detail.masked_by}
                {detail.raw_cut > 0 && `; ${bytes(detail.raw_cut)} more are not shown`}.
              </p>
              <Segments segments={detail.raw} label="Record" />
            </div>
          ),
        },
      ]}
    />
  );
}
