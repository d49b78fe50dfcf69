// One numbered step of the replay form.

import type { ReactNode } from "react";

type Props = { number: number; title: string; actions?: ReactNode; children: ReactNode };

export function Step({ number, title, actions, children }: Props) {
  return (
    <section aria-label={title} className="rounded-control border border-line bg-surface">
      <div className="flex min-h-10 flex-wrap items-center justify-between gap-2 border-b border-line px-4 py-1.5">
        <h2 className="text-md">
          <span aria-hidden className="mr-2 text-muted">
            {number}
          </span>
          {title}
        </h2>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
      <div className="grid gap-3 p-4">{children}</div>
    </section>
  );
}
