// A backend as a choice: where it sends, where that processes, who does, and the state of its key.

import { kindTitle } from "@/components/KindMark";
import { Missing } from "@/components/text/When";
import { hostOf, keyState } from "@/features/replay/backends";
import type { BackendRow } from "@/lib/bindings";

export function BackendLine({ backend }: { backend: BackendRow }) {
  if (backend.builtin) {
    return (
      <>
        Runs on this computer: nothing leaves it, and it costs nothing. It is no model; its answers only show
        that a request works.
      </>
    );
  }
  return (
    <>
      {kindTitle(backend.kind)} · sends to {hostOf(backend.base_url)} · processes in{" "}
      {backend.place ?? (
        <>
          <Missing /> (place unknown)
        </>
      )}{" "}
      · {keyState(backend)}
      {backend.model !== null && <> · always asks for {backend.model}</>}
    </>
  );
}
