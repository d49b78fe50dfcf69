// The states of every screen and panel that are not data: loading, empty, error.

import { CircleAlert, Inbox } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { Button } from "@/components/Button";
import { Ticked } from "@/components/text/Ticked";
import type { WireError } from "@/lib/bindings";
import { sentence } from "@/lib/format";

const PATIENCE_MS = 300;
const BARS = Array.from({ length: 24 }, (_, bar) => bar);

/** Bars in the place of what is coming; shown only to those who wait. */
export function Loading({ what, rows = 6 }: { what: string; rows?: number }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div role="status" aria-label={`Loading ${what}`} className="grid gap-2 p-4">
      {late && BARS.slice(0, rows).map((bar) => <div key={bar} className="h-5 rounded-chip bg-surface2" />)}
    </div>
  );
}

/** Nothing to show: says what this is for and what to do. */
export function Empty({
  title,
  children,
  action,
}: {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="mx-auto grid max-w-120 justify-items-center gap-2 px-6 py-10 text-center">
      <Inbox aria-hidden size={28} className="text-subtle" />
      <h2 className="text-md">{title}</h2>
      {children && <div className="text-muted">{children}</div>}
      {action && <div className="mt-2 flex gap-2">{action}</div>}
    </div>
  );
}

/** What went wrong, what it means and what to do. */
export function Problem({
  error,
  what,
  onRetry,
  action,
}: {
  error: WireError;
  what: string;
  onRetry?: () => void;
  action?: ReactNode;
}) {
  return (
    <div
      role="alert"
      className="m-4 grid grid-cols-[minmax(0,1fr)] gap-1 rounded-control border border-danger bg-surface p-4 break-words"
    >
      <h2 className="flex items-center gap-2 text-md">
        <CircleAlert aria-hidden size={16} className="text-danger" />
        Couldn't {what}
      </h2>
      <p>
        <Ticked text={sentence(error.message)} />
      </p>
      {error.hint && (
        <p className="text-muted">
          <Ticked text={sentence(error.hint)} />
        </p>
      )}
      <div className="mt-1 flex flex-wrap items-center gap-3">
        {action}
        {onRetry && <Button onPress={onRetry}>Try again</Button>}
        <code className="text-subtle">{error.code}</code>
      </div>
    </div>
  );
}

type Asked<Data> = { data: Data | undefined; error: WireError | null; refetch: () => unknown };

/** Shows an answer once it is there, and its state until then. */
export function Answered<Data>({
  asked,
  what,
  children,
}: {
  asked: Asked<Data>;
  what: string;
  children: (data: Data) => ReactNode;
}) {
  if (asked.error)
    return <Problem error={asked.error} what={`show ${what}`} onRetry={() => asked.refetch()} />;
  return asked.data === undefined ? <Loading what={what} /> : children(asked.data);
}
