// Why the engine didn't do what a dialog asked for.

import type { WireError } from "@/lib/bindings";

export function Refused({ error }: { error: WireError | null }) {
  if (!error) return null;
  return (
    <p role="alert" className="text-danger">
      {error.message}
      {error.hint ? ` (${error.hint})` : ""} <code>{error.code}</code>
    </p>
  );
}
