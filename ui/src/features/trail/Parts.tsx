// What was said in a call, a box a field; of a tool's input one box, in which each value stands under
// its path.

import { Fragment, useState } from "react";
import { Button } from "@/components/Button";
import { Segments } from "@/components/text/Segments";
import type { MaskedPart } from "@/lib/bindings";
import { counted, visible, words } from "@/lib/format";

type Box = readonly [MaskedPart, ...MaskedPart[]];

/** The values of one tool's input together, every other field by itself. */
export function boxes(parts: readonly MaskedPart[]): Box[] {
  const all: [MaskedPart, ...MaskedPart[]][] = [];
  for (const part of parts) {
    const last = all.at(-1);
    const isMore = part.path !== null && last?.[0].pointer === part.pointer && last[0].field === part.field;
    if (last && isMore) last.push(part);
    else all.push([part]);
  }
  return all;
}

/** Values of a tool's input that are drawn before somebody asks for more. */
const VALUES = 100;

export function Parts({ parts }: { parts: Box }) {
  const [isWhole, setIsWhole] = useState(false);
  const [first] = parts;
  const shown = isWhole ? parts : parts.slice(0, VALUES);
  const title = [words(first.field), first.label].filter(Boolean).join(" · ");
  return (
    <section aria-label={title} className="min-w-0 rounded-control bg-surface2 px-3 py-2">
      <h3 className="mb-1 text-sm font-semibold text-muted first-letter:uppercase">{title}</h3>
      {first.path === null ? (
        <PartText part={first} />
      ) : (
        <dl className="grid grid-cols-[fit-content(45%)_minmax(0,1fr)] gap-x-3 gap-y-1">
          {shown.map((part) => (
            <div key={part.path} className="contents">
              <dt className="font-mono text-muted wrap-anywhere">
                <Path path={part.path ?? ""} />
              </dt>
              <dd className="min-w-0">
                <PartText part={part} />
              </dd>
            </div>
          ))}
        </dl>
      )}
      {shown.length < parts.length && (
        <Button tone="quiet" className="-ml-3 mt-1" onPress={() => setIsWhole(true)}>
          Show {counted(parts.length - shown.length, "more value")}
        </Button>
      )}
    </section>
  );
}

/** A path, which goes on in the next line between its steps rather than in a word. */
function Path({ path }: { path: string }) {
  const steps = visible(path).split(/(?<=[.\]])/);
  return steps.map((step, place) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: steps may repeat, and never reorder
    <Fragment key={place}>
      {step}
      <wbr />
    </Fragment>
  ));
}

/** Longer texts in which nothing was found are folded, so that what was found is in sight. */
const FOLDED_FROM = 700;
const FOLDED_TO = 280;

function PartText({ part }: { part: MaskedPart }) {
  const [isWhole, setIsWhole] = useState(false);
  const length = part.segments.reduce((sum, segment) => sum + segment.text.length, 0);
  const first = part.segments[0];
  const isFolded =
    !isWhole && length > FOLDED_FROM && part.segments.length === 1 && first?.entity_type === null;
  const segments =
    isFolded && first ? [{ ...first, text: `${first.text.slice(0, FOLDED_TO)}…` }] : part.segments;
  return (
    <>
      <Segments segments={segments} />
      {isFolded && (
        <Button tone="quiet" className="-ml-3 mt-1" onPress={() => setIsWhole(true)}>
          Show all {counted(length, "character")}
        </Button>
      )}
      {part.cut > 0 && (
        <p className="mt-1 text-sm text-muted">{counted(part.cut, "more character")} not shown here.</p>
      )}
    </>
  );
}
