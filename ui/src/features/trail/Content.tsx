// The text of a call: masked, unless it was revealed with a reason, and then for a while only.

import { Eye, EyeOff } from "lucide-react";
import { type ClipboardEvent, useEffect, useLayoutEffect, useState } from "react";
import { Button } from "@/components/Button";
import { NoteChip } from "@/components/Chip";
import { When } from "@/components/text/When";
import { Concerning } from "@/features/trail/Concerning";
import { boxes, Parts } from "@/features/trail/Parts";
import { RevealDialog } from "@/features/trail/RevealDialog";
import type { CallDetail, Revealed } from "@/lib/bindings";
import { call } from "@/lib/call";
import { counted } from "@/lib/format";
import { say, sayProblem } from "@/lib/toasts";

const AWAY_MS = 10_000;

/** How long copied text stays on the clipboard where nothing else took its place. */
const COPIED_MS = 60_000;

/** Copies revealed text once the trail says so, and takes it off the clipboard again. */
function copy(event: ClipboardEvent, id: string) {
  event.preventDefault();
  const text = document.getSelection()?.toString() ?? "";
  if (text === "") return;
  call("trail.copied", { id })
    .then(() => navigator.clipboard.writeText(text))
    .then(() => {
      say("Copied. The trail says so; the clipboard is emptied in 60 seconds.");
      setTimeout(() => {
        navigator.clipboard
          .readText()
          .then((now) => (now === text ? navigator.clipboard.writeText("") : undefined))
          // Where the clipboard may not be read, it is emptied whatever is on it.
          .catch(() => navigator.clipboard.writeText("").catch(() => undefined));
      }, COPIED_MS);
    })
    .catch(sayProblem);
}

/** What was revealed and how long it still shows; hidden again by time, and when the window is left. */
function useRevealed() {
  const [revealed, setRevealed] = useState<Revealed | null>(null);
  const [left, setLeft] = useState(0);
  const isShown = revealed !== null;
  useEffect(() => {
    if (!isShown) return;
    const timer = setInterval(() => setLeft((now) => now - 1), 1000);
    let away: ReturnType<typeof setTimeout> | undefined;
    const blur = () => {
      away = setTimeout(() => setRevealed(null), AWAY_MS);
    };
    const focus = () => clearTimeout(away);
    window.addEventListener("blur", blur);
    window.addEventListener("focus", focus);
    return () => {
      clearInterval(timer);
      clearTimeout(away);
      window.removeEventListener("blur", blur);
      window.removeEventListener("focus", focus);
    };
  }, [isShown]);
  useEffect(() => {
    if (left <= 0) setRevealed(null);
  }, [left]);
  return {
    revealed,
    left,
    hide: () => setRevealed(null),
    show: (text: Revealed) => {
      setLeft(text.hide_after_s);
      setRevealed(text);
    },
    longer: () => setLeft((now) => now + (revealed?.hide_after_s ?? 0)),
  };
}

export function Content({ detail }: { detail: CallDetail }) {
  const { revealed, left, hide, show, longer } = useRevealed();
  const [isAsking, setIsAsking] = useState(false);
  const shown = revealed ?? detail;
  const found = [...detail.request, ...detail.response]
    .flatMap((part) => part.segments)
    .filter((segment) => segment.entity_type !== null);
  const masked = found.filter((segment) => !segment.kept).length;
  const kept = found.length - masked;
  const hasText = shown.request.length + shown.response.length > 0;

  // With what is seen: Esc hides a revealed text from its first moment.
  useLayoutEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLElement && event.target.matches("input, textarea");
      // Keys that mean something else already, as the end of `g r` does, are left alone.
      const isTaken = event.defaultPrevented || document.querySelector("[role=dialog]") !== null;
      if (event.key !== "r" || event.ctrlKey || event.metaKey || event.altKey) return;
      if (!isTyping && !isTaken && hasText) setIsAsking(true);
    };
    const escaped = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || !revealed) return;
      // The first Esc hides; the record is closed by the next.
      event.stopPropagation();
      hide();
    };
    window.addEventListener("keydown", pressed);
    window.addEventListener("keydown", escaped, true);
    return () => {
      window.removeEventListener("keydown", pressed);
      window.removeEventListener("keydown", escaped, true);
    };
  });

  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-center gap-2">
        {hasText && (
          <NoteChip
            word={masked === 0 ? "Nothing found to mask" : `${counted(masked, "item")} masked`}
            tone={masked === 0 ? "info" : "high"}
          />
        )}
        {detail.erased === null && hasText && (
          <span className="text-sm text-muted">
            by policy {detail.masked_by}
            {kept > 0 && `; ${counted(kept, "item")} found and left as ${kept === 1 ? "it is" : "they are"}`}
          </span>
        )}
        <span className="flex-1" />
        {revealed ? (
          <>
            {left <= revealed.hide_after_s && (
              <Button onPress={longer}>Show {revealed.hide_after_s} s longer</Button>
            )}
            <Button onPress={hide}>
              <EyeOff aria-hidden size={14} /> Hide now ({left} s)
            </Button>
          </>
        ) : (
          <Button isDisabled={!hasText} onPress={() => setIsAsking(true)}>
            <Eye aria-hidden size={14} /> {detail.erased === null ? "Reveal…" : "Erased: nothing to reveal"}
          </Button>
        )}
      </div>
      <Concerning activities={detail.activities} />
      {detail.body_note && <p className="chip-unknown rounded-control p-3">{detail.body_note}</p>}
      <div
        onCopy={revealed ? (event) => copy(event, detail.call.id) : undefined}
        className={
          revealed
            ? "no-print grid gap-2 rounded-control p-2 outline-2 outline-[var(--sev-medium-fg)]"
            : "grid gap-2"
        }
      >
        {boxes([...shown.request, ...shown.response]).map((parts) => (
          <Parts key={`${parts[0].pointer}${parts[0].field}`} parts={parts} />
        ))}
      </div>
      {revealed && <p className="only-print">Revealed text is not printed.</p>}
      {detail.reveals.length > 0 && (
        <p className="text-sm text-muted">
          Revealed {counted(detail.reveals.length, "time")}, last by {detail.reveals[0]?.by},{" "}
          <When at={detail.reveals[0]?.at ?? null} />.
        </p>
      )}
      <RevealDialog
        id={detail.call.id}
        items={masked}
        isOpen={isAsking}
        onClosed={() => setIsAsking(false)}
        onRevealed={(text) => {
          setIsAsking(false);
          show(text);
        }}
      />
    </div>
  );
}
