// Starting an import, from wherever files were chosen or dropped.

import type { Chosen, ImportSummary } from "@/lib/bindings";
import { counted } from "@/lib/format";
import { host } from "@/lib/host";
import { run } from "@/lib/jobs";
import { say, sayCaution, sayProblem } from "@/lib/toasts";

/** One sentence on what an import did: nothing that was left out is left unsaid. */
export function importText(done: ImportSummary): string {
  const parts = [`Imported ${counted(done.accepted, "record")}`];
  if (done.duplicates > 0) parts.push(`${counted(done.duplicates, "record")} already there`);
  if (done.rejected > 0) parts.push(`${counted(done.rejected, "line")} rejected`);
  if (done.failed.length > 0) parts.push(`${counted(done.failed.length, "file")} not read`);
  if (done.not_signed) parts.push(done.not_signed);
  return parts.join(" · ");
}

/** Imports chosen files and says how it ended. */
export async function importFiles(files: readonly Chosen[], deployment?: string): Promise<void> {
  if (files.length === 0) return;
  const handles = files.map((file) => file.handle);
  try {
    const done = await run("imports.start", deployment ? { handles, deployment } : { handles });
    const isAll = done.rejected === 0 && done.failed.length === 0 && !done.not_signed;
    (isAll ? say : sayCaution)(importText(done));
  } catch (problem) {
    sayProblem(problem);
  }
}

/** Lets a person choose files, then imports them. */
export function chooseAndImport(what: "files" | "folder"): void {
  const chosen = what === "files" ? host().pickFiles() : host().pickFolder();
  chosen.then((files) => importFiles(files)).catch(sayProblem);
}
