// A dialog: its title is the question, its buttons are verbs, Esc is the safe answer.

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
        className={`max-h-full overflow-auto rounded-control border border-line bg-surface shadow-pop ${width === "wide" ? "w-200" : "w-130"} max-w-full`}
      >
        <AriaDialog className="grid gap-4 p-5 outline-none">
          <Heading slot="title" className="text-lg">
            {title}
          </Heading>
          <div className="grid gap-3">{children}</div>
          <div className="flex flex-wrap justify-end gap-2">{actions}</div>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
