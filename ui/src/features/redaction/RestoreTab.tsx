// Putting originals back in place of their tokens: on record, and shown for a while only.

import { useEffect, useState } from "react";
import { Button } from "@/components/Button";
import { TextField } from "@/components/form/TextField";
import { Panel } from "@/components/Page";
import { Refusal } from "@/components/Refusal";
import { Answered } from "@/components/States";
import { Ticked } from "@/components/text/Ticked";
import { When } from "@/components/text/When";
import type { RestoredText } from "@/lib/bindings";
import { counted } from "@/lib/format";
import { useAsk, useDo } from "@/lib/query";

const LEAST = 10;
const SHOWN_MS = 60_000;
const TOKEN = /\[[A-Z][A-Z0-9_]*~~?[0-9a-f]{32}\]/g;

export function RestoreTab() {
  const status = useAsk("redaction.vault", {});
  const [text, setText] = useState("");
  const [reason, setReason] = useState("");
  const [shown, setShown] = useState<RestoredText | null>(null);
  const restore = useDo("redaction.restore");
  useEffect(() => {
    if (shown === null) return;
    const timer = setTimeout(() => setShown(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [shown]);
  const tokens = text.match(TOKEN)?.length ?? 0;
  const isEnough = reason.trim().length >= LEAST;
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      <div className="grid content-start gap-3">
        <Answered asked={status} what="the vault">
          {(vault) => (
            <Panel title="The vault">
              <div className="grid gap-2">
                <p>
                  {vault.entries === 0 ? (
                    <Ticked text="Empty. The operator `reversible` fills it when lines run through `assay redaction apply`." />
                  ) : (
                    `${counted(vault.entries, "original")}, kept `
                  )}
                  {vault.first_kept !== null && <When at={vault.first_kept} />}
                  {vault.last_kept !== null && vault.last_kept !== vault.first_kept && (
                    <>
                      {" to "}
                      <When at={vault.last_kept} />
                    </>
                  )}
                </p>
                <p className={vault.key_at_hand ? "text-muted" : "text-danger"}>{vault.key}</p>
                <p className="text-sm text-muted">
                  Originals go with an erasure of the person, and by the retention rule. Text of stored calls
                  is not in the vault: it is revealed in the trail.
                </p>
              </div>
            </Panel>
          )}
        </Answered>
        <TextField
          label="Text with tokens"
          lines={8}
          mono
          value={text}
          onChange={(changed) => {
            setText(changed);
            setShown(null);
          }}
          help="Tokens look like [EMAIL_ADDRESS~…]. Not stored and not sent anywhere."
        />
        <TextField
          label="Reason"
          value={reason}
          onChange={setReason}
          help={`At least ${LEAST} characters. Your name, the time and the reason are written to the trail first.`}
        />
        <div className="flex flex-wrap items-center gap-3">
          <Button
            tone="primary"
            isDisabled={tokens === 0 || !isEnough || restore.isPending}
            onPress={() =>
              restore.mutate(
                { text, reason: reason.trim() },
                {
                  onSuccess: (restored) => {
                    // The text is kept in one place only: where it is shown.
                    restore.reset();
                    setShown(restored);
                  },
                },
              )
            }
          >
            Restore for 60 s
          </Button>
          <span className="text-muted">{text === "" ? "" : `${counted(tokens, "token")} in the text`}</span>
        </div>
        <Refusal error={restore.error}>Nothing was restored.</Refusal>
      </div>
      <div className="grid min-w-0 content-start gap-2">
        {shown === null ? (
          <p className="text-muted">The restored text is shown here.</p>
        ) : (
          <Panel title="Restored text">
            <div className="grid gap-2">
              <p role="status">
                {counted(shown.restored, "token")} put back.{" "}
                {shown.missing > 0 &&
                  `${counted(shown.missing, "token")} without an original in this vault: erased, or written by another store.`}
              </p>
              <section
                tabIndex={0}
                aria-label="Text with its originals"
                className="max-h-96 overflow-auto rounded-control border border-line bg-surface p-2 font-mono break-words whitespace-pre-wrap"
              >
                {shown.text}
              </section>
              <div>
                <Button onPress={() => setShown(null)}>Hide now</Button>
              </div>
            </div>
          </Panel>
        )}
      </div>
    </div>
  );
}
