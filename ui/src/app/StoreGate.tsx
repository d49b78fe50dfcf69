// Screens need a store. Without one this says why, and what to do.

import type { ReactNode } from "react";
import { UnlockStore } from "@/app/UnlockStore";
import { Loading, Problem } from "@/components/States";
import { useAsk } from "@/lib/query";

export function StoreGate({ children }: { children: ReactNode }) {
  const about = useAsk("settings.about", {});
  if (about.error) {
    return (
      <div className="mx-auto max-w-180 pt-8">
        <h1 tabIndex={-1} className="px-4 outline-none">
          The store isn't open
        </h1>
        {about.error.code === "store_encrypted" ? (
          <UnlockStore why={about.error} />
        ) : (
          <Problem error={about.error} what="open the store" onRetry={() => about.refetch()} />
        )}
      </div>
    );
  }
  return about.data ? children : <Loading what="the store" />;
}
