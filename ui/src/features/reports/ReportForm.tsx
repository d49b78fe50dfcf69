// What the report covers and how it is written.

import { Checkbox } from "@/components/form/Checkbox";
import { DateField } from "@/components/form/DateField";
import { RadioChoice } from "@/components/form/RadioChoice";
import { Select } from "@/components/form/Select";
import { kindTitle } from "@/components/KindMark";
import { Panel } from "@/components/Page";
import { FORMATS, type FormatName } from "@/features/reports/formats";
import type { Period } from "@/features/reports/period";
import type { DeploymentSummary } from "@/lib/bindings";
import { dayFrom } from "@/lib/day";

type Props = {
  period: Period;
  onPeriodChanged: (period: Period) => void;
  deployments: readonly DeploymentSummary[];
  /** The chosen ones; all where empty. */
  chosen: readonly string[];
  onChosen: (names: readonly string[]) => void;
  format: FormatName;
  onFormatChosen: (format: FormatName) => void;
};

export function ReportForm(props: Props) {
  const { period, onPeriodChanged, deployments, chosen, onChosen, format, onFormatChosen } = props;
  const isEmpty = period.from >= period.to;
  const toggled = (name: string, isOn: boolean) => {
    const before = chosen.length === 0 ? deployments.map((one) => one.name) : chosen;
    const after = isOn ? [...before, name] : before.filter((other) => other !== name);
    onChosen(after.length === deployments.length ? [] : after);
  };
  return (
    <Panel title="What it covers">
      <div className="grid items-start gap-4 min-[700px]:grid-cols-3 min-[1100px]:grid-cols-1">
        <div className="grid gap-4">
          <Select
            label="Kind"
            chosen="monthly"
            onChosen={() => undefined}
            options={[
              { id: "monthly", title: "Monthly audit", about: "Figures, data handling, findings, evidence" },
            ]}
          />
          <div className="grid gap-2">
            <DateField
              label="First day"
              day={period.from}
              onChanged={(from) => from && onPeriodChanged({ ...period, from })}
            />
            <DateField
              label="Last day"
              day={dayFrom(period.to, -1)}
              onChanged={(last) => last && onPeriodChanged({ ...period, to: dayFrom(last, 1) })}
            />
            {isEmpty ? (
              <p role="alert" className="text-sm text-danger">
                The last day must not be before the first.
              </p>
            ) : (
              <p className="text-sm text-muted">Both days belong to it; days are UTC.</p>
            )}
          </div>
        </div>
        <fieldset className="grid gap-1">
          <legend className="mb-1 text-sm font-semibold">Deployments</legend>
          {deployments.length === 0 && <p className="text-muted">The trail has none yet.</p>}
          {deployments.map((one) => (
            <Checkbox
              key={one.name}
              label={`${one.name} (${kindTitle(one.kind)})`}
              isSelected={chosen.length === 0 || chosen.includes(one.name)}
              isDisabled={chosen.length === 1 && chosen[0] === one.name}
              onChange={(isOn) => toggled(one.name, isOn)}
            />
          ))}
        </fieldset>
        <RadioChoice
          label="Format"
          chosen={format}
          onChosen={(id) => onFormatChosen(FORMATS.find((one) => one.id === id)?.id ?? "pdf")}
          options={FORMATS}
        />
      </div>
    </Panel>
  );
}
