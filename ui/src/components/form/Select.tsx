// A choice of one out of few. The system's own `select` ignores our theme under GTK.

import { ChevronDown } from "lucide-react";
import {
  Select as AriaSelect,
  Button,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  SelectValue,
} from "react-aria-components";

export type Option = { id: string; title: string; about?: string };
type Props = {
  label: string;
  /** Shown to screen readers only, where the place explains it. */
  labelHidden?: boolean;
  options: readonly Option[];
  chosen: string;
  onChosen: (id: string) => void;
  isDisabled?: boolean;
};

export function Select({ label, labelHidden = false, options, chosen, onChosen, isDisabled = false }: Props) {
  return (
    <AriaSelect
      className="grid min-w-40 gap-1"
      selectedKey={chosen}
      isDisabled={isDisabled}
      onSelectionChange={(key) => {
        if (key !== null) onChosen(String(key));
      }}
    >
      <Label className={labelHidden ? "sr-only" : "text-sm font-semibold"}>{label}</Label>
      <Button className="flex h-8 items-center justify-between gap-2 rounded-control border border-control bg-surface px-2 text-left hover:bg-hover disabled:opacity-50">
        <SelectValue className="truncate">{({ selectedText }) => selectedText || "Choose…"}</SelectValue>
        <ChevronDown aria-hidden size={14} className="shrink-0 text-muted" />
      </Button>
      <Popover className="min-w-(--trigger-width) overflow-auto rounded-control border border-line bg-surface shadow-pop">
        <ListBox className="p-1 outline-none" items={options}>
          {(option) => (
            <ListBoxItem
              id={option.id}
              textValue={option.title}
              className="cursor-default rounded-chip px-2 py-1 outline-none focus:bg-hover selected:bg-selected"
            >
              <div>{option.title}</div>
              {option.about && <div className="max-w-90 text-sm text-muted">{option.about}</div>}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
