// What the UI asks of whoever shows it: the native window or a browser tab of `assay serve`.
//
// Nothing else in the UI imports `@tauri-apps/*` or opens a connection. Not here: what commands
// mean; `call.ts` types them.

import type { Chosen, Event } from "@/lib/bindings";

/** Where a file is to be written: what a person chose, or the store's own folder. */
export type SavePlace = { handle?: string };

export type Host = {
  /** Whether files are chosen with native dialogs, or uploaded and downloaded. */
  kind: "window" | "browser";
  /** Carries out a command of the engine; rejects with its error. `token` is of `confirm`. */
  rpc(name: string, input: unknown, token: string | null): Promise<unknown>;
  /**
   * Has the person asked, where no script of the page can answer, whether a dangerous command is to be
   * carried out. Answers the token for exactly this input, `null` where it needs none; rejects after a no.
   */
  confirm(name: string, input: unknown): Promise<string | null>;
  /** Hears the engine's events, and when some may have been missed; the answer stops listening. */
  onEvent(heard: (event: Event) => void, missed: () => void): () => void;
  /** Hears files that are dragged over the window and dropped on it, and why they can't be had. */
  onDrop(
    over: (isOver: boolean) => void,
    dropped: (files: Chosen[]) => void,
    failed: (problem: unknown) => void,
  ): () => void;
  pickFiles(): Promise<Chosen[]>;
  /** A folder, or in a browser the files in it. */
  pickFolder(): Promise<Chosen[]>;
  /** `null` where the person closed the dialog. */
  pickSave(suggestedName: string): Promise<SavePlace | null>;
  /** Fetches a file that a command wrote, where there is no file system to look at. */
  download(handle: string): Promise<void>;
  /** 1 is 100 %. */
  setZoom(factor: number): Promise<void>;
};

let current: Host | undefined;

/** The host, once `start` has chosen it. */
export function host(): Host {
  if (!current) throw new Error("the host is not chosen yet");
  return current;
}

/** Sets the host: at the start of the program, or a test's own. */
export function setHost(chosen: Host): void {
  current = chosen;
}
