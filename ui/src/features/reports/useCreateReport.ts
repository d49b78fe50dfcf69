// Writing a report: where to, then the job, then what was written.

import { useState } from "react";
import type { AskReport, RenderedReport, RenderReport } from "@/lib/bindings";
import { host } from "@/lib/host";
import { run } from "@/lib/jobs";
import { say, sayProblem } from "@/lib/toasts";

export function useCreateReport() {
  const [created, setCreated] = useState<RenderedReport | null>(null);
  const [isWriting, setIsWriting] = useState(false);
  const create = async (report: AskReport, format: string, isSample: boolean) => {
    const name = `${isSample ? "SAMPLE-" : ""}monthly-${report.from ?? "start"}.${format}`;
    try {
      const place = await host().pickSave(name);
      if (place === null) return;
      setIsWriting(true);
      const input: RenderReport = { report, format };
      if (place.handle !== undefined) input.handle = place.handle;
      const written = await run("reports.render", input);
      setCreated(written);
      say(`Report written to ${written.path}`);
    } catch (problem) {
      sayProblem(problem);
    } finally {
      setIsWriting(false);
    }
  };
  return { created, isWriting, create };
}
