// A browser tab of `assay serve`: commands over HTTP on this computer, with the token of the address.
//
// The token stands behind `#` in the address, which browsers send to nobody, and leaves the address
// as soon as it is read.

import type { Chosen, Event, Question } from "@/lib/bindings";
import { askForCode } from "@/lib/confirming";
import type { Host } from "@/lib/host";

const KEPT = "assay-token";
const RECONNECT_MS = 1000;

function token(): string {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given) {
    sessionStorage.setItem(KEPT, given);
    history.replaceState(null, "", location.pathname + location.search);
  }
  return given ?? sessionStorage.getItem(KEPT) ?? "";
}

const authorised = (): HeadersInit => ({ Authorization: `Bearer ${sessionStorage.getItem(KEPT) ?? ""}` });

async function refusal(answer: Response): Promise<unknown> {
  const kind = answer.headers.get("content-type") ?? "";
  if (kind.includes("json")) return answer.json();
  const message = (await answer.text()) || `the server answered ${answer.status}`;
  return { code: answer.status === 403 ? "policy_refused" : "internal", message, hint: null };
}

async function post(path: string, body: unknown): Promise<unknown> {
  let answer: Response;
  try {
    answer = await fetch(path, {
      method: "POST",
      headers: { ...authorised(), "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    throw {
      code: "internal",
      message: "`assay serve` doesn't answer",
      hint: "start it again, then open its new address",
    };
  }
  if (!answer.ok) throw await refusal(answer);
  return answer.json();
}

async function confirm(name: string, input: unknown): Promise<string | null> {
  const { question } = (await post("/confirm", { name, input })) as { question: Question | null };
  if (!question) return null;
  return askForCode(question, async (code) => {
    const { token } = (await post("/confirm/code", { code })) as { token: string };
    return token;
  });
}

/** Reads server-sent events by hand: `EventSource` could carry the token only in its address. */
async function readEvents(
  heard: (event: Event) => void,
  connected: () => void,
  signal: AbortSignal,
): Promise<void> {
  const answer = await fetch("/events", { headers: authorised(), signal });
  if (!answer.ok) return;
  connected();
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  while (reader) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + value).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line.startsWith("data:")) heard(JSON.parse(line.slice(5)) as Event);
    }
  }
}

async function upload(file: File): Promise<Chosen> {
  const answer = await fetch(`/upload?name=${encodeURIComponent(file.name)}`, {
    method: "POST",
    headers: authorised(),
    body: file,
  });
  if (!answer.ok) throw await refusal(answer);
  return (await answer.json()) as Chosen;
}

function chooseFiles(folder: boolean): Promise<File[]> {
  return new Promise((resolve) => {
    const input = document.createElement("input");
    input.type = "file";
    input.multiple = true;
    input.webkitdirectory = folder;
    input.addEventListener("change", () => resolve([...(input.files ?? [])]));
    input.addEventListener("cancel", () => resolve([]));
    input.click();
  });
}

async function uploadAll(files: Iterable<File>): Promise<Chosen[]> {
  const chosen: Chosen[] = [];
  for (const file of files) chosen.push(await upload(file));
  return chosen;
}

export function httpHost(): Host {
  token();
  return {
    kind: "browser",
    rpc: (name, input, token) => post("/rpc", { name, input, token }),
    confirm,
    onEvent: (heard, missed) => {
      const stop = new AbortController();
      let isFirst = true;
      const connected = () => {
        if (!isFirst) missed();
        isFirst = false;
      };
      const again = () => {
        readEvents(heard, connected, stop.signal)
          .catch(() => undefined)
          .then(() => {
            if (!stop.signal.aborted) setTimeout(again, RECONNECT_MS);
          });
      };
      again();
      return () => stop.abort();
    },
    onDrop: (over, dropped, failed) => {
      const stop = new AbortController();
      const listen = (
        name: "dragenter" | "dragover" | "dragleave" | "drop",
        act: (event: DragEvent) => void,
      ) =>
        window.addEventListener(
          name,
          (event) => {
            if (!event.dataTransfer?.types.includes("Files")) return;
            event.preventDefault();
            act(event);
          },
          { signal: stop.signal },
        );
      listen("dragenter", () => over(true));
      listen("dragover", () => undefined);
      listen("dragleave", (event) => {
        if (!event.relatedTarget) over(false);
      });
      listen("drop", (event) => {
        over(false);
        uploadAll(event.dataTransfer?.files ?? []).then(dropped, failed);
      });
      return () => stop.abort();
    },
    pickFiles: async () => uploadAll(await chooseFiles(false)),
    // A browser hands over a folder's files one by one: the import takes them as they come.
    pickFolder: async () => uploadAll(await chooseFiles(true)),
    pickSave: async () => ({}),
    download: async (handle) => {
      const answer = await fetch(`/files/${encodeURIComponent(handle)}`, { headers: authorised() });
      if (!answer.ok) throw await refusal(answer);
      const named = /filename="([^"]+)"/.exec(answer.headers.get("content-disposition") ?? "");
      const link = document.createElement("a");
      link.href = URL.createObjectURL(await answer.blob());
      link.download = named?.[1] ?? "assay-file";
      link.click();
      URL.revokeObjectURL(link.href);
    },
    setZoom: () => Promise.resolve(),
  };
}
