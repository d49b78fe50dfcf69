// Going to a row of a list, by its number or by a time.

import { useState } from "react";
import { Button } from "@/components/Button";
import { TextField } from "@/components/form/TextField";
import { Dialog } from "@/components/overlay/Dialog";
import type { PageName } from "@/features/trail/usePages";
import { asWireError, call } from "@/lib/call";
import { count } from "@/lib/format";

type Props = {
  name: PageName;
  query: string;
  total: number;
  isOldestFirst: boolean;
  isOpen: boolean;
  onClosed: () => void;
  /** The row as the list shows it, from 0. */
  onGone: (row: number) => void;
};

const NUMBER = /^\d[\d,. ]*$/;

export function GoToDialog({ name, query, total, isOldestFirst, isOpen, onClosed, onGone }: Props) {
  const [text, setText] = useState("");
  const [error, setError] = useState<string | undefined>();
  const close = () => {
    setText("");
    setError(undefined);
    onClosed();
  };
  const go = async () => {
    const given = text.trim();
    if (NUMBER.test(given)) {
      const number = Number(given.replace(/\D/g, ""));
      if (number < 1 || number > total) return setError(`There are rows 1 to ${count(total)}.`);
      close();
      return onGone(number - 1);
    }
    try {
      const command = name === "trail.calls" ? "trail.row_at" : "trail.activity_row_at";
      const { row } = await call(command, { query, at: given });
      close();
      onGone(Math.min(total - 1, isOldestFirst ? Math.max(0, total - 1 - row) : row));
    } catch (problem) {
      const { message, hint } = asWireError(problem);
      setError(hint ? `${message}; ${hint}` : message);
    }
  };
  return (
    <Dialog
      title="Go to which row?"
      isOpen={isOpen}
      onClosed={close}
      actions={
        <>
          <Button onPress={close}>Cancel</Button>
          <Button tone="primary" isDisabled={text.trim() === ""} onPress={() => void go()}>
            Go
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim() !== "") void go();
        }}
      >
        <TextField
          label="Row number, or a time (UTC)"
          help={`1 to ${count(total)}, or like 2026-10-01 or 2026-10-01 14:30:00: the record at that time, or the last before it.`}
          value={text}
          onChange={(value) => {
            setText(value);
            setError(undefined);
          }}
          error={error}
          autoFocus
          mono
        />
      </form>
    </Dialog>
  );
}
