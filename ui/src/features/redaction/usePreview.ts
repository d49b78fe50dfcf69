// What a policy makes of a text or of a call, asked while it is typed.

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { PreviewRedaction } from "@/lib/bindings";
import { question } from "@/lib/query";
import { useDebounced } from "@/lib/useDebounced";

const REST_MS = 120;

/** The newest answer; a pasted text is forgotten as soon as another is asked about. */
export function usePreview(input: PreviewRedaction, enabled: boolean) {
  const rested = useDebounced(input, REST_MS);
  return useQuery({
    ...question("redaction.preview", rested),
    enabled,
    gcTime: 0,
    placeholderData: keepPreviousData,
  });
}
