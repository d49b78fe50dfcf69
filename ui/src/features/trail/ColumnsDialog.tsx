// Which columns a list shows, in what order and how wide: everything that the head of the grid does
// with a mouse.

import { ArrowDown, ArrowUp, Minus, Plus } from "lucide-react";
import { Button } from "@/components/Button";
import { Checkbox } from "@/components/form/Checkbox";
import { IconButton } from "@/components/IconButton";
import { Dialog } from "@/components/overlay/Dialog";
import { NARROWEST, WIDER } from "@/components/table/GridHead";
import type { ListLayout } from "@/features/trail/layout";

type Props<Row> = {
  layout: ListLayout<Row>;
  isOpen: boolean;
  onClosed: () => void;
};

export function ColumnsDialog<Row>({ layout, isOpen, onClosed }: Props<Row>) {
  const shown = layout.shown.map((column) => column.id);
  const rows = [
    ...layout.all.filter(({ isShown }) => isShown),
    ...layout.all.filter(({ isShown }) => !isShown),
  ];
  return (
    <Dialog
      title="Which columns?"
      isOpen={isOpen}
      onClosed={onClosed}
      actions={
        <>
          <Button isDisabled={layout.isStandard} onPress={layout.reset}>
            {layout.isOfView ? "Reset to the view's" : "Reset to the standard"}
          </Button>
          <Button tone="primary" onPress={onClosed}>
            Done
          </Button>
        </>
      }
    >
      <ul aria-label="Columns" className="grid max-h-90 overflow-y-auto">
        {rows.map(({ column, isShown }) => {
          const at = shown.indexOf(column.id);
          return (
            <li key={column.id} className="flex items-center gap-1 border-b border-line py-0.5">
              <span className="min-w-0 flex-1">
                <Checkbox
                  label={column.title}
                  isSelected={isShown}
                  isDisabled={isShown && shown.length === 1}
                  onChange={(on) => layout.show(column.id, on)}
                />
              </span>
              {isShown && (
                <>
                  <span className="w-16 text-right text-sm text-muted">{column.width} px</span>
                  <IconButton
                    label={`Narrower: ${column.title}`}
                    isDisabled={column.width <= NARROWEST}
                    onPress={() => layout.resize(column.id, Math.max(NARROWEST, column.width - WIDER))}
                  >
                    <Minus aria-hidden size={14} />
                  </IconButton>
                  <IconButton
                    label={`Wider: ${column.title}`}
                    onPress={() => layout.resize(column.id, column.width + WIDER)}
                  >
                    <Plus aria-hidden size={14} />
                  </IconButton>
                  <IconButton
                    label={`Move left: ${column.title}`}
                    isDisabled={at === 0}
                    onPress={() => layout.move(column.id, at - 1)}
                  >
                    <ArrowUp aria-hidden size={14} />
                  </IconButton>
                  <IconButton
                    label={`Move right: ${column.title}`}
                    isDisabled={at === shown.length - 1}
                    onPress={() => layout.move(column.id, at + 1)}
                  >
                    <ArrowDown aria-hidden size={14} />
                  </IconButton>
                </>
              )}
            </li>
          );
        })}
      </ul>
    </Dialog>
  );
}
