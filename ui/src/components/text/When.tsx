// A moment in UTC, with its local reading and its age on hover and focus.

import { date, MISSING, time, timeCell } from "@/lib/format";

type Props = { at: string | null; form?: "cell" | "prose" | "date" };

const FORMS = { cell: timeCell, prose: time, date };

export function When({ at, form = "prose" }: Props) {
  if (at === null) return <Missing />;
  return (
    <time dateTime={at} title={`${at} UTC`.replace("Z UTC", " UTC")}>
      {FORMS[form](at)}
    </time>
  );
}

/** What stands where a source did not record something: never 0, never nothing. */
export function Missing() {
  return (
    <span className="text-subtle" role="img" aria-label="not recorded" title="not recorded">
      {MISSING}
    </span>
  );
}

/** A value, or the sign for "not recorded". */
export function Maybe({ value }: { value: string | number | null | undefined }) {
  return value === null || value === undefined || value === "" ? <Missing /> : value;
}
