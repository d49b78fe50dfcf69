// The native window. Paths never reach this side: dialogs and drops answer opaque handles.

import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { getCurrentWebview } from "@tauri-apps/api/webview";
import type { Chosen, Event } from "@/lib/bindings";
import type { Host } from "@/lib/host";

/** Hears a window event until the answer is called, also when it is called before listening began. */
function hear<Payload>(name: string, heard: (payload: Payload) => void): () => void {
  let stopped = false;
  let stop: (() => void) | undefined;
  listen<Payload>(name, (event) => heard(event.payload)).then((unlisten) => {
    if (stopped) unlisten();
    else stop = unlisten;
  });
  return () => {
    stopped = true;
    stop?.();
  };
}

export const tauriHost: Host = {
  kind: "window",
  rpc: (name, input, token) => invoke("rpc", { name, input, token }),
  confirm: (name, input) => invoke<string | null>("confirm", { name, input }),
  onEvent: (heard) => hear<Event>("assay", heard),
  onDrop: (over, dropped) => {
    const stops = [hear<boolean>("files-over", over), hear<Chosen[]>("files-dropped", dropped)];
    return () => {
      for (const stop of stops) stop();
    };
  },
  pickFiles: () => invoke<Chosen[]>("pick_files"),
  pickFolder: async () => {
    const folder = await invoke<Chosen | null>("pick_folder");
    return folder ? [folder] : [];
  },
  pickSave: (suggestedName) => invoke<Chosen | null>("pick_save", { suggestedName }),
  download: () => Promise.resolve(),
  setZoom: (factor) => getCurrentWebview().setZoom(factor),
};
