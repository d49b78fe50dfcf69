// What stands against the policy that a request is about: now, and what is otherwise than when it was asked.

import { Link } from "@tanstack/react-router";
import { GateChanges } from "@/components/GateChanges";
import { GatePoints } from "@/components/GatePoints";
import { Sentences } from "@/components/Sentences";
import { When } from "@/components/text/When";
import type { AskedGate } from "@/lib/bindings";
import { count } from "@/lib/format";

export function AskedGatePoints({ gate }: { gate: AskedGate }) {
  const { asked, now } = gate;
  const shown = now ?? asked;
  return (
    <section aria-label="What stands against it" className="grid gap-2">
      {gate.untold !== null && <p>{gate.untold}</p>}
      {shown === null ? (
        <p>Nobody knows what stands against it.</p>
      ) : (
        <>
          <p>
            {now !== null ? "Now" : <Asked at={asked?.at ?? ""} />}: <strong>{shown.after}</strong> instead of{" "}
            <strong>{shown.before}</strong>.{" "}
            {gate.not_clear === 0
              ? `All ${count(gate.of)} points are clear.`
              : `${count(gate.not_clear ?? gate.of)} of ${count(gate.of)} points are not clear.`}
          </p>
          <GatePoints points={shown.points} />
        </>
      )}
      {now !== null && now.to_run.length > 0 && (
        <p className="text-muted">
          What is unknown can be found out under{" "}
          <Link
            to="/redaction"
            search={{ policy: now.after }}
            className="text-accent underline underline-offset-2"
          >
            Redaction
          </Link>
          , <q>Put in force…</q>: {now.to_run.join(", and ")}.
        </p>
      )}
      {now !== null && <Since gate={gate} />}
      {now !== null && <GateChanges gate={now} />}
    </section>
  );
}

function Asked({ at }: { at: string }) {
  return (
    <>
      When it was asked, <When at={at} />
    </>
  );
}

function Since({ gate }: { gate: AskedGate }) {
  if (gate.asked === null) {
    return <p>The request does not say how the points stood when it was asked.</p>;
  }
  if (gate.changed.length === 0) {
    return (
      <p>
        Nothing of this changed since it was asked, <When at={gate.asked.at} />.
      </p>
    );
  }
  return (
    <div>
      <p className="font-semibold">
        Otherwise than when it was asked, <When at={gate.asked.at} />:
      </p>
      <Sentences of={gate.changed} />
    </div>
  );
}
