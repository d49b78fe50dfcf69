// Texts of a test set: those behind a figure, or all; one of them open for labelling.

import { useState } from "react";
import { Button } from "@/components/Button";
import { Panel } from "@/components/Page";
import { Answered } from "@/components/States";
import { CaseEditor } from "@/features/redaction/CaseEditor";
import { CaseText } from "@/features/redaction/CaseText";
import { typeTitle } from "@/features/redaction/entityTypes";
import { useAsk } from "@/lib/query";

/** Which texts are asked for. */
export type Asked = { which: "missed" | "wrong" | "all"; entity_type?: string };

type Props = {
  set: string;
  policy: { policy?: string; policy_toml?: string };
  asked: Asked;
  onAll: () => void;
  onExample: (text: string) => void;
};

function title({ which, entity_type }: Asked): string {
  if (which === "all") return "Texts";
  const type = entity_type === undefined ? "" : ` ${typeTitle(entity_type)}`;
  return which === "missed" ? `Texts with a missed${type}` : `Texts with a wrong${type}`;
}

export function SetCases({ set, policy, asked, onAll, onExample }: Props) {
  const [after, setAfter] = useState<number | null>(null);
  const [open, setOpen] = useState<number | null>(null);
  const answer = useAsk("redaction.cases", {
    set,
    ...policy,
    ...asked,
    ...(after === null ? {} : { after }),
  });
  return (
    <Panel
      title={title(asked)}
      actions={asked.which === "all" ? undefined : <Button onPress={onAll}>All texts</Button>}
      flush
    >
      <Answered asked={answer} what="the texts">
        {(page) => (
          <>
            {page.cases.length === 0 && <p className="p-4 text-muted">There are none.</p>}
            <ol>
              {page.cases.map((one) => (
                <li key={one.text} className="grid min-w-0 gap-2 border-b border-line p-3">
                  {open === one.text ? (
                    <CaseEditor
                      given={one}
                      policy={policy}
                      onClosed={() => setOpen(null)}
                      onExample={onExample}
                    />
                  ) : (
                    <div className="flex min-w-0 items-start gap-3">
                      <div className="max-h-24 min-w-0 flex-1 overflow-hidden">
                        <CaseText segments={one.segments} />
                      </div>
                      <Button aria-label={`Open text ${one.text}`} onPress={() => setOpen(one.text)}>
                        Open
                      </Button>
                    </div>
                  )}
                </li>
              ))}
            </ol>
            <div className="flex gap-2 p-3 empty:hidden">
              {after !== null && <Button onPress={() => setAfter(null)}>From the start</Button>}
              {page.more && (
                <Button onPress={() => setAfter(page.cases.at(-1)?.text ?? null)}>Further texts</Button>
              )}
            </div>
          </>
        )}
      </Answered>
    </Panel>
  );
}
