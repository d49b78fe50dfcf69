// Trying the plugged-in model alone on a text: what it finds, and how fast it is here.

import { useState } from "react";
import { Button } from "@/components/Button";
import { TextField } from "@/components/form/TextField";
import { Refusal } from "@/components/Refusal";
import { typeTitle } from "@/features/redaction/entityTypes";
import type { TriedNames, TriedStretch } from "@/lib/bindings";
import { count, counted } from "@/lib/format";
import { useDo } from "@/lib/query";

const CATEGORY: Record<string, string> = { PERSON: "person", LOCATION: "location", ORGANIZATION: "contact" };

/** Stretches with the place where each begins, which tells them apart. */
function placed(stretches: readonly TriedStretch[]) {
  let at = 0;
  return stretches.map((stretch) => {
    const from = at;
    at += stretch.text.length;
    return { ...stretch, from };
  });
}

function Tried({ tried }: { tried: TriedNames }) {
  const speed = tried.characters_per_second;
  return (
    <section aria-label="What the model finds" className="grid gap-2">
      <p className="max-h-60 overflow-auto rounded-chip bg-surface2 p-2 whitespace-pre-wrap wrap-anywhere">
        {placed(tried.stretches).map((stretch) =>
          stretch.entity_type === null ? (
            stretch.text
          ) : (
            <mark
              key={stretch.from}
              className="entity"
              data-category={CATEGORY[stretch.entity_type]}
              title={`${typeTitle(stretch.entity_type)}, ${(stretch.score ?? 0).toFixed(2)}`}
            >
              {stretch.text} <small>{typeTitle(stretch.entity_type)}</small>
            </mark>
          ),
        )}
      </p>
      <p className="text-sm text-muted">
        {counted(tried.found, "name")} in {counted(tried.characters, "character")}
        {speed !== null && `; ${count(speed)} characters in a second on one thread of this computer`}. The
        model alone: a policy adds what the program's own models find.
      </p>
    </section>
  );
}

export function NamesModelTry() {
  const [text, setText] = useState("");
  const tried = useDo("redaction.try_names");
  return (
    <div className="grid gap-2">
      <TextField
        label="Try it on a text"
        lines={3}
        value={text}
        onChange={setText}
        help="Not stored and not sent anywhere."
      />
      <div>
        <Button isDisabled={text.trim() === "" || tried.isPending} onPress={() => tried.mutate({ text })}>
          {tried.isPending ? "Reading…" : "Try"}
        </Button>
      </div>
      <Refusal error={tried.error} />
      {tried.data && <Tried tried={tried.data} />}
    </div>
  );
}
