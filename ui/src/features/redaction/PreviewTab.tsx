// Trying a policy on a pasted text, or on a stored call.

import { Link } from "@tanstack/react-router";
import { Button } from "@/components/Button";
import { TextField } from "@/components/form/TextField";
import { Empty, Loading, Problem } from "@/components/States";
import { Id } from "@/components/text/Id";
import { EXAMPLE } from "@/features/redaction/example";
import { PreviewResult } from "@/features/redaction/PreviewResult";
import { usePreview } from "@/features/redaction/usePreview";

type Props = {
  policy: string;
  call: string | undefined;
  text: string;
  onTextChanged: (text: string) => void;
  onCallLeft: () => void;
};

export function PreviewTab({ policy, call, text, onTextChanged, onCallLeft }: Props) {
  const isAsked = call !== undefined || text !== "";
  const preview = usePreview(call === undefined ? { text, policy } : { call_id: call, policy }, isAsked);
  return (
    <div className="grid gap-4">
      {call === undefined ? (
        <div className="grid gap-2">
          <TextField
            label="Text to try"
            lines={5}
            mono
            value={text}
            onChange={onTextChanged}
            help="Treated on this computer as you type; not stored and not sent anywhere."
          />
        </div>
      ) : (
        <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
          <span className="flex items-center gap-2">
            Stored call <Id id={call} label="id of the call" />
          </span>
          <Link to="/trail" search={{ rec: call }} className="text-accent underline">
            Open in the trail
          </Link>
          <Button onPress={onCallLeft}>Try a text instead</Button>
        </div>
      )}
      {!isAsked ? (
        <Empty
          title="Paste or type a text to see what the policy makes of it"
          action={<Button onPress={() => onTextChanged(EXAMPLE)}>Use an invented example</Button>}
        >
          To try a policy on a stored call, open the call in the{" "}
          <Link to="/trail" className="text-accent underline">
            trail
          </Link>{" "}
          and choose its redaction preview.
        </Empty>
      ) : preview.error ? (
        <Problem error={preview.error} what="preview the policy" onRetry={() => preview.refetch()} />
      ) : preview.data === undefined ? (
        <Loading what="the preview" />
      ) : (
        <PreviewResult preview={preview.data} />
      )}
    </div>
  );
}
