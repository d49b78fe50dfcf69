// A screen that could not be drawn: said in our words, with a way on. Records aren't affected.

import type { ErrorComponentProps } from "@tanstack/react-router";
import { Problem } from "@/components/States";

export function Broken({ error, reset }: ErrorComponentProps) {
  return (
    <div className="mx-auto max-w-180 pt-8">
      <h1 tabIndex={-1} className="px-4 outline-none">
        This screen can't be shown
      </h1>
      <Problem
        error={{
          code: "internal",
          message: error instanceof Error ? error.message : String(error),
          hint: "records aren't affected; another screen may still work",
        }}
        what="draw the screen"
        onRetry={reset}
      />
    </div>
  );
}
