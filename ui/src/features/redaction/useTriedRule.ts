// What a rule does, asked while it is typed; the newest answer counts.

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { TryRule } from "@/lib/bindings";
import { question } from "@/lib/query";
import { useDebounced } from "@/lib/useDebounced";

const REST_MS = 120;

export function useTriedRule(input: TryRule) {
  const rested = useDebounced(input, REST_MS);
  return useQuery({
    ...question("redaction.try_rule", rested),
    gcTime: 0,
    placeholderData: keepPreviousData,
  });
}
