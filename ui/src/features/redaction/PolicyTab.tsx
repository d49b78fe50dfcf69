// The text of a policy, edited and tried without saving it.

import { Button } from "@/components/Button";
import { TextField } from "@/components/form/TextField";
import { Problem } from "@/components/States";
import { AllowedList } from "@/features/redaction/AllowedList";
import { ComparePanel } from "@/features/redaction/ComparePanel";
import { Counts } from "@/features/redaction/Counts";
import { EXAMPLE } from "@/features/redaction/example";
import { OperatorTable } from "@/features/redaction/OperatorTable";
import { ScopesPanel } from "@/features/redaction/ScopesPanel";
import { SideBySide } from "@/features/redaction/SideBySide";
import { usePreview } from "@/features/redaction/usePreview";
import { VersionsPanel } from "@/features/redaction/VersionsPanel";
import type { PolicyRow } from "@/lib/bindings";

type Props = {
  policy: PolicyRow;
  /** Whatever it can be set against. */
  others: readonly PolicyRow[];
  /** The text as edited. */
  toml: string;
  onTomlChanged: (toml: string) => void;
  call: string | undefined;
  text: string;
  onTextChanged: (text: string) => void;
  /** Another version is to be shown. */
  onOpened: (reference: string) => void;
  onForceAsked: (policy: PolicyRow) => void;
  /** This deployment's own policy is to end. */
  onEndAsked: (deployment: string) => void;
};

export function PolicyTab({
  policy,
  others,
  toml,
  onTomlChanged,
  call,
  text,
  onTextChanged,
  onOpened,
  onForceAsked,
  onEndAsked,
}: Props) {
  const tried = text === "" ? EXAMPLE : text;
  const preview = usePreview(
    call === undefined ? { text: tried, policy_toml: toml } : { call_id: call, policy_toml: toml },
    true,
  );
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      <div className="grid content-start gap-2">
        <TextField
          label={`Policy ${policy.reference} as TOML`}
          lines={22}
          mono
          value={toml}
          onChange={onTomlChanged}
          help={
            policy.builtin
              ? "Part of the program: changes are saved under another name."
              : "Tried as you type; saved as a new version, which is a draft until it is put in force."
          }
        />
        {toml !== policy.toml && (
          <div className="flex items-center gap-2">
            <span className="text-muted">Changed, not saved.</span>
            <Button tone="quiet" onPress={() => onTomlChanged(policy.toml)}>
              Discard changes
            </Button>
          </div>
        )}
        <OperatorTable toml={toml} onTomlChanged={onTomlChanged} />
      </div>
      <div className="grid min-w-0 gap-4 lg:order-last lg:col-span-2">
        <VersionsPanel
          policy={policy}
          onOpened={onOpened}
          onForceAsked={onForceAsked}
          onEndAsked={onEndAsked}
        />
        <ScopesPanel policy={policy} />
        <ComparePanel
          key={policy.reference}
          policy={policy}
          others={others}
          edited={toml === policy.toml ? undefined : toml}
        />
      </div>
      <div className="grid min-w-0 content-start gap-2">
        {call === undefined && (
          <TextField label="Text to try" lines={6} mono value={tried} onChange={onTextChanged} />
        )}
        {preview.error ? (
          <Problem error={preview.error} what="use this policy" />
        ) : (
          preview.data && (
            <>
              <Counts preview={preview.data} />
              <AllowedList allowed={preview.data.allowed} />
              <SideBySide preview={preview.data} chosen={null} onChosen={() => undefined} />
            </>
          )
        )}
      </div>
    </div>
  );
}
