// Files dropped anywhere on the window are imported.

import { FileInput } from "lucide-react";
import { useLayoutEffect, useState } from "react";
import { host } from "@/lib/host";
import { importFiles } from "@/lib/importing";
import { sayProblem } from "@/lib/toasts";

export function DropZone() {
  const [isOver, setIsOver] = useState(false);
  useLayoutEffect(() => host().onDrop(setIsOver, (files) => void importFiles(files), sayProblem), []);
  if (!isOver) return null;
  return (
    <div className="pointer-events-none fixed inset-3 z-50 grid place-items-center rounded-control border-2 border-dashed border-accent bg-cover-tint">
      <div className="grid justify-items-center gap-2">
        <FileInput aria-hidden size={36} className="text-accent" />
        <p className="text-lg font-semibold">Drop to import into this store</p>
        <p className="text-muted">Logs are recognised by their content. They stay on this computer.</p>
      </div>
    </div>
  );
}
