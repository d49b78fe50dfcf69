// A dialog: its title is the question, its buttons are verbs, Esc is the safe answer. What does not fit scrolls
// between the two, which are always in view.

import type { ReactNode } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";

type Props = {
  title: string;
  isOpen: boolean;
  onClosed: () => void;
  children: ReactNode;
  actions: ReactNode;
  width?: "normal" | "wide";
};

export function Dialog({ title, isOpen, onClosed, children, actions, width = "normal" }: Props) {
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => {
        if (!open) onClosed();
      }}
      isDismissable={false}
      className="fixed inset-0 z-40 grid place-items-center bg-veil p-6"
    >
      <Modal
        className={`flex max-h-full overflow-hidden rounded-control border border-line bg-surface shadow-pop ${width === "wide" ? "w-200" : "w-130"} max-w-full`}
      >
        <AriaDialog className="flex min-h-0 w-full flex-col outline-none">
          <Heading slot="title" className="px-5 pt-5 pb-3 text-lg">
            {title}
          </Heading>
          <div className="grid min-h-0 gap-3 overflow-y-auto px-5 pt-1 pb-4">{children}</div>
          <div className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">{actions}</div>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
