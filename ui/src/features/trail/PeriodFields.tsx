// The first and the last day of what is shown. An address names the day after the last.

import { DateField } from "@/components/form/DateField";
import { dayFrom } from "@/lib/day";

type Period = { from?: string | undefined; to?: string | undefined };
type Props = Period & {
  /** Only what changes. */
  onChanged: (period: Period) => void;
};

export function PeriodFields({ from, to, onChanged }: Props) {
  return (
    <>
      <DateField
        label="First day"
        day={from ?? null}
        onChanged={(day) => onChanged({ from: day ?? undefined })}
      />
      <DateField
        label="Last day"
        day={to === undefined ? null : dayFrom(to, -1)}
        onChanged={(last) => onChanged({ to: last ? dayFrom(last, 1) : undefined })}
      />
    </>
  );
}
