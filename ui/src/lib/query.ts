// Answers of the engine, kept until the engine says that they have changed.
//
// What a command reads and writes stands in the generated `effects`; nothing is invalidated by hand.

import {
  keepPreviousData,
  QueryClient,
  queryOptions,
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQuery,
} from "@tanstack/react-query";
import { effects, type WireError } from "@/lib/bindings";
import { type Answer, asWireError, type CommandName, call, type Input, type PlainName } from "@/lib/call";

export const client = new QueryClient({
  defaultOptions: {
    // The engine tells when something changed, so nothing grows old by itself.
    queries: {
      staleTime: Number.POSITIVE_INFINITY,
      retry: false,
      refetchOnWindowFocus: false,
      gcTime: 60_000,
    },
    // What a reveal answers must not outlive the screen that shows it.
    mutations: { retry: false, gcTime: 0 },
  },
});

/** Asks again for every answer that reads one of these tags. */
export function changed(tags: readonly string[]): void {
  client.invalidateQueries({
    predicate: ({ queryKey: [name] }) => {
      const reads: readonly string[] = isCommand(name) ? effects[name].reads : [];
      return reads.some((tag) => tags.includes(tag));
    },
  });
}

/** Asks again for everything: what changed is not known. */
export function allChanged(): void {
  client.invalidateQueries();
}

function isCommand(name: unknown): name is CommandName {
  return typeof name === "string" && name in effects;
}

/** A question to the engine, as TanStack Query takes it. */
export function question<Name extends PlainName>(name: Name, input: Input<Name>) {
  return queryOptions<Answer<Name>, WireError>({
    queryKey: [name, input],
    queryFn: () => call(name, input),
  });
}

/** The answer to a question; while a changed question is asked, the last answer stays. */
export function useAsk<Name extends PlainName>(
  name: Name,
  input: Input<Name>,
  options: { enabled?: boolean } = {},
): UseQueryResult<Answer<Name>, WireError> {
  return useQuery<Answer<Name>, WireError>({
    ...question(name, input),
    enabled: options.enabled ?? true,
    placeholderData: keepPreviousData,
  });
}

/** A command that changes something. Nothing is shown as done before the engine has answered. */
export function useDo<Name extends CommandName>(
  name: Name,
): UseMutationResult<Answer<Name>, WireError, Input<Name>> {
  return useMutation<Answer<Name>, WireError, Input<Name>>({
    mutationFn: (input) => call(name, input),
    onError: asWireError,
  });
}
