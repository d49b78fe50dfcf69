// One text of a test set: marks what was missed, and mends labels.

import { useEffect, useRef, useState } from "react";
import { Button } from "@/components/Button";
import { CaseText, verdictTitle } from "@/features/redaction/CaseText";
import { points } from "@/features/redaction/figures";
import { LabelDialog } from "@/features/redaction/LabelDialog";
import { RevealTextDialog } from "@/features/redaction/RevealTextDialog";
import type { CaseRow, CaseSegment } from "@/lib/bindings";
import { useAsk, useDo } from "@/lib/query";
import { say, sayProblem } from "@/lib/toasts";

type Props = {
  given: CaseRow;
  policy: { policy?: string; policy_toml?: string };
  onClosed: () => void;
  onExample: (text: string) => void;
};

/** How long a revealed text shows. */
const SHOWN_MS = 60_000;

type Marking = { from_point?: number; to_point?: number; label?: number; type: string };

export function CaseEditor({ given, policy, onClosed, onExample }: Props) {
  const [revealed, setRevealed] = useState<CaseRow | null>(null);
  const [isAsking, setAsking] = useState(false);
  const [marking, setMarking] = useState<Marking | null>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const fresh = useAsk("redaction.text", { text: given.text, ...policy });
  const label = useDo("redaction.label");
  const takeOut = useDo("redaction.take_out_text");
  const one = revealed ?? fresh.data ?? given;
  const whole = one.segments.map((segment) => segment.text).join("");
  useEffect(() => {
    if (revealed === null) return;
    const timer = setTimeout(() => setRevealed(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [revealed]);
  const mark = () => {
    const { selectionStart = 0, selectionEnd = 0 } = area.current ?? {};
    if (selectionStart === selectionEnd) {
      say("Select the characters that were missed first.");
      return;
    }
    setMarking({
      from_point: points(whole, selectionStart),
      to_point: points(whole, selectionEnd),
      type: "",
    });
  };
  const save = (entity_type: string | undefined, what: Marking) => {
    const { type: _, ...place } = what;
    label.mutate(
      { text: one.text, ...place, ...(entity_type === undefined ? {} : { entity_type }) },
      {
        onSuccess: () => {
          setMarking(null);
          setRevealed(null);
        },
        onError: sayProblem,
      },
    );
  };
  return (
    <div
      className="grid min-w-0 gap-3"
      onCopy={(event) => {
        if (revealed === null || one.call === null) return;
        event.preventDefault();
        say("A revealed text isn't copied from here. Reveal it in the trail, where copying is noted.");
      }}
    >
      <CaseText segments={one.segments} />
      <label className="grid gap-1">
        <span className="text-sm font-semibold">Select what was missed, then press M</span>
        <textarea
          ref={area}
          readOnly
          rows={Math.min(8, 1 + Math.ceil(whole.length / 90))}
          value={whole}
          aria-label={`Text ${one.text}: select what was missed, then press M`}
          onKeyDown={(event) => {
            if (event.key.toLowerCase() !== "m" || event.ctrlKey || event.metaKey || event.altKey) return;
            event.preventDefault();
            mark();
          }}
          className="w-full rounded-control border border-control bg-surface px-2 py-1.5 font-mono"
        />
      </label>
      <div className="flex flex-wrap gap-2">
        <Button onPress={mark}>Label the selection…</Button>
        {!one.revealed && <Button onPress={() => setAsking(true)}>Reveal…</Button>}
        {revealed !== null && <Button onPress={() => setRevealed(null)}>Hide again</Button>}
        <Button
          tone="quiet"
          onPress={() => takeOut.mutate({ text: one.text }, { onSuccess: onClosed, onError: sayProblem })}
        >
          Take out of the set
        </Button>
        <Button tone="quiet" onPress={onClosed}>
          Close
        </Button>
      </div>
      <Spans
        row={one}
        onFixed={(segment) => setMarking({ label: segment.label ?? 0, type: segment.labelled_type ?? "" })}
        onFound={(segment, from_point, to_point) =>
          setMarking({ from_point, to_point, type: segment.found_type ?? "" })
        }
        onTakenBack={(segment) => save(undefined, { label: segment.label ?? 0, type: "" })}
        onExample={onExample}
      />
      {marking !== null && (
        <LabelDialog
          type={marking.type}
          isChange={marking.label !== undefined}
          onClosed={() => setMarking(null)}
          onLabelled={(type) => save(type, marking)}
        />
      )}
      {isAsking && (
        <RevealTextDialog
          text={one.text}
          policy={policy}
          onClosed={() => setAsking(false)}
          onRevealed={(shown) => {
            setAsking(false);
            setRevealed(shown);
          }}
        />
      )}
    </div>
  );
}

type SpansProps = {
  row: CaseRow;
  onFixed: (segment: CaseSegment) => void;
  onFound: (segment: CaseSegment, from: number, to: number) => void;
  onTakenBack: (segment: CaseSegment) => void;
  onExample: (text: string) => void;
};

/** Each marked stretch as a line with what can be done about it. */
function Spans({ row, onFixed, onFound, onTakenBack, onExample }: SpansProps) {
  const whole = row.segments.map((segment) => segment.text).join("");
  let at = 0;
  return (
    <ul aria-label="Labels and findings" className="grid gap-1">
      {row.segments.map((segment, index) => {
        const from = at;
        at += Array.from(segment.text).length;
        const to = at;
        if (segment.verdict === "plain") return null;
        const name = `${verdictTitle(segment)} ${index + 1}`;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a text has no ids, and never reorders
          <li key={index} className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
            <span className="min-w-0 truncate">
              <span className="font-semibold">{verdictTitle(segment)}</span>
              {segment.labelled_by !== null && (
                <span className="text-muted"> · labelled by {segment.labelled_by}</span>
              )}
              {segment.recognizer !== null && (
                <span className="text-muted"> · found by {segment.recognizer}</span>
              )}
            </span>
            {segment.label !== null ? (
              <>
                <Button tone="quiet" aria-label={`Fix label: ${name}`} onPress={() => onFixed(segment)}>
                  Fix label…
                </Button>
                <Button
                  tone="quiet"
                  aria-label={`Take label back: ${name}`}
                  onPress={() => onTakenBack(segment)}
                >
                  Take label back
                </Button>
              </>
            ) : (
              <Button
                tone="quiet"
                aria-label={`It is right, label it: ${name}`}
                onPress={() => onFound(segment, from, to)}
              >
                It's right: label it…
              </Button>
            )}
            {row.revealed && (
              <Button
                tone="quiet"
                aria-label={`Add to a rule's examples: ${name}`}
                onPress={() => onExample(around(whole, from, to))}
              >
                Add to a rule's examples
              </Button>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** The span with the words around it, in one line. */
function around(text: string, from: number, to: number): string {
  const all = Array.from(text);
  return all
    .slice(Math.max(0, from - 40), to + 24)
    .join("")
    .replaceAll(/\s+/g, " ")
    .trim();
}
