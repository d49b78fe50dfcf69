// The texts behind a figure. They are synthetic, so they are shown as they are.

import { Button } from "@/components/Button";
import { Dialog } from "@/components/overlay/Dialog";
import { Answered } from "@/components/States";
import { typeTitle } from "@/features/redaction/entityTypes";
import type { Opened } from "@/features/redaction/GuardLines";
import { OUTCOMES, WHICH, WRITINGS } from "@/features/redaction/guards";
import { counted } from "@/lib/format";
import { useAsk } from "@/lib/query";

type Props = { run: string; opened: Opened; onClosed: () => void };

export function GuardCasesDialog({ run, opened, onClosed }: Props) {
  const asked = useAsk("redaction.guard_cases", { run, limit: 50, ...opened });
  return (
    <Dialog
      title={`Texts ${WHICH[opened.which] ?? opened.which}`}
      isOpen
      onClosed={onClosed}
      width="wide"
      actions={
        <Button autoFocus onPress={onClosed}>
          Close
        </Button>
      }
    >
      <Answered asked={asked} what="the texts">
        {(found) => (
          <>
            <p className="text-muted">
              {found.cases.length === found.count
                ? counted(found.count, "text")
                : `The first ${found.cases.length} of ${counted(found.count, "text")}`}
              . All are synthetic: nobody's.
            </p>
            <ul className="grid max-h-96 gap-2 overflow-auto" tabIndex={0} aria-label="Texts">
              {found.cases.map((one) => (
                <li key={one.id} className="rounded-control border border-line p-2">
                  <p className="text-sm text-muted">
                    {one.entity_type !== null && `${typeTitle(one.entity_type)} · `}
                    {WRITINGS[one.writing] ?? one.writing} · {one.field.replaceAll("_", " ")} · guard{" "}
                    {OUTCOMES[one.guard] ?? one.guard}, local rules {OUTCOMES[one.local] ?? one.local}
                  </p>
                  <code className="wrap-anywhere whitespace-pre-wrap">
                    {one.before}
                    {one.planted !== "" && (
                      <span className="entity" data-category="contact">
                        {one.planted}
                      </span>
                    )}
                    {one.after}
                  </code>
                </li>
              ))}
            </ul>
          </>
        )}
      </Answered>
    </Dialog>
  );
}
