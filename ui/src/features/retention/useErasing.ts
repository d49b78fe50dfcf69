// Runs one of the jobs that erase, and keeps what it did.

import { useState } from "react";
import type { Erased, WireError } from "@/lib/bindings";
import { asWireError, type Input } from "@/lib/call";
import { run } from "@/lib/jobs";

type Name = "retention.dispose" | "retention.erase" | "retention.carry_out";

export function useErasing<Command extends Name>(name: Command) {
  const [isRunning, setIsRunning] = useState(false);
  const [done, setDone] = useState<Erased | null>(null);
  const [error, setError] = useState<WireError | null>(null);
  const begin = async (input: Input<Command>) => {
    setError(null);
    setIsRunning(true);
    try {
      setDone(await run<Name>(name, input));
    } catch (problem) {
      setError(asWireError(problem));
    } finally {
      setIsRunning(false);
    }
  };
  return { isRunning, done, error, begin };
}
