// Messages at the bottom right. What went wrong, wholly or in part, stays until it is closed.

import { CircleAlert, CircleCheck, TriangleAlert, X } from "lucide-react";
import { IconButton } from "@/components/IconButton";
import { Ticked } from "@/components/text/Ticked";
import { closeToast, type Toast, useToasts } from "@/lib/toasts";

export function ToastRegion() {
  const toasts = useToasts();
  return (
    <div className="fixed right-4 bottom-9 z-50 grid w-100 max-w-[calc(100vw-2rem)] gap-2">
      {toasts.map((toast) => (
        <div
          key={toast.id}
          role={toast.tone === "error" ? "alert" : "status"}
          className="flex items-start gap-2 rounded-control border border-line bg-surface p-3 shadow-pop"
        >
          <Sign tone={toast.tone} />
          <div className="min-w-0 flex-1 break-words">
            <p>
              <Ticked text={toast.text} />
            </p>
            {toast.hint && (
              <p className="text-muted">
                <Ticked text={toast.hint} />
              </p>
            )}
          </div>
          <IconButton label="Close the message" onPress={() => closeToast(toast.id)}>
            <X aria-hidden size={14} />
          </IconButton>
        </div>
      ))}
    </div>
  );
}

function Sign({ tone }: { tone: Toast["tone"] }) {
  switch (tone) {
    case "error":
      return <CircleAlert aria-hidden size={16} className="mt-0.5 shrink-0 text-danger" />;
    case "caution":
      return (
        <>
          <TriangleAlert aria-hidden size={16} className="mt-0.5 shrink-0 text-danger" />
          <span className="sr-only">Not all: </span>
        </>
      );
    case "done":
      return <CircleCheck aria-hidden size={16} className="mt-0.5 shrink-0 text-accent" />;
  }
}
