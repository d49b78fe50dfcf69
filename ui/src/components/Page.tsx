// A screen: its title, what it is about, its one primary action; the content scrolls.

import type { ReactNode } from "react";

type Props = { title: string; about?: ReactNode; actions?: ReactNode; children: ReactNode };

export function Page({ title, about, actions, children }: Props) {
  return (
    <div className="flex h-full flex-col overflow-hidden">
      <div className="flex shrink-0 flex-wrap items-start justify-between gap-x-6 gap-y-2 px-6 pt-4 pb-3">
        <div className="min-w-0 flex-[1_1_20rem]">
          <h1 tabIndex={-1} className="outline-none">
            {title}
          </h1>
          {about && <p className="mt-0.5 max-w-180 text-muted">{about}</p>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
      <section
        aria-label={title}
        tabIndex={0}
        // The bar always has its room: what stands in the head ends where the content ends, with a thumb or
        // without. WebKitGTK keeps none for `scrollbar-gutter` where the bar is styled.
        className="page-scroll relative min-h-0 flex-1 overflow-x-auto overflow-y-scroll pr-3 pb-8 pl-6 outline-offset-[-2px]"
      >
        {children}
      </section>
    </div>
  );
}

/** A part of a screen with a border and a title. */
export function Panel({
  title,
  actions,
  children,
  flush = false,
}: {
  title: string;
  actions?: ReactNode;
  children: ReactNode;
  flush?: boolean;
}) {
  return (
    <section aria-label={title} className="min-w-0 rounded-control border border-line bg-surface">
      <div className="flex min-h-10 flex-wrap items-center justify-between gap-2 border-b border-line px-4 py-1.5">
        <h2 className="text-md">{title}</h2>
        {actions && <div className="flex items-center gap-2">{actions}</div>}
      </div>
      <div className={flush ? "" : "p-4"}>{children}</div>
    </section>
  );
}
