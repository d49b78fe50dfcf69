// A calendar day, typed part by part: year, month, day cannot be mistaken for each other.

import { type CalendarDate, parseDate } from "@internationalized/date";
import { DateField as AriaDateField, DateInput, DateSegment, Label, Text } from "react-aria-components";

type Props = {
  label: string;
  /** `2026-10-01`, or nothing. */
  day: string | null;
  onChanged: (day: string | null) => void;
  help?: string;
};

function parsed(day: string | null): CalendarDate | null {
  try {
    return day === null ? null : parseDate(day.slice(0, 10));
  } catch {
    return null;
  }
}

export function DateField({ label, day, onChanged, help }: Props) {
  return (
    <AriaDateField
      value={parsed(day)}
      onChange={(value) => onChanged(value === null ? null : value.toString())}
      granularity="day"
      shouldForceLeadingZeros
      className="grid gap-1"
    >
      <Label className="text-sm font-semibold">{label}</Label>
      <DateInput className="flex h-8 w-fit min-w-32 items-center rounded-control border border-control bg-surface px-2">
        {(segment) => (
          <DateSegment
            segment={segment}
            className="rounded-chip px-0.5 caret-transparent outline-none placeholder-shown:text-subtle focus:bg-accent focus:text-onaccent"
          />
        )}
      </DateInput>
      {help && (
        <Text slot="description" className="text-sm text-muted">
          {help}
        </Text>
      )}
    </AriaDateField>
  );
}
