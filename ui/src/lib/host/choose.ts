// Which host this is: Tauri announces itself before the page's first script.

import type { Host } from "@/lib/host";

export async function chooseHost(): Promise<Host> {
  if ("__TAURI_INTERNALS__" in window) return (await import("@/lib/host/tauri")).tauriHost;
  return (await import("@/lib/host/http")).httpHost();
}
