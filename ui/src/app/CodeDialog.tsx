// Asks, in a browser, for the code that the terminal shows before a dangerous command.

import { useState } from "react";
import { Form } from "react-aria-components";
import { Button } from "@/components/Button";
import { TextField } from "@/components/form/TextField";
import { Dialog } from "@/components/overlay/Dialog";
import { Ticked } from "@/components/text/Ticked";
import { type Asked, refuse, tryCode, useAsked } from "@/lib/confirming";
import { sentence } from "@/lib/format";

const DIGITS = /^\s*\d{3}\s*\d{3}\s*$/;

export function CodeDialog() {
  const asked = useAsked();
  return asked && <Question key={asked.id} asked={asked} />;
}

function Question({ asked }: { asked: Asked }) {
  const [code, setCode] = useState("");
  const isChecking = asked.state === "checking";
  // Typed anew: what was wrong with the last one is no news any more.
  const problem = code === "" ? asked.problem : null;
  const send = () => {
    if (!DIGITS.test(code)) return;
    setCode("");
    void tryCode(code);
  };
  return (
    <Dialog
      title={asked.question.title}
      isOpen
      onClosed={refuse}
      actions={
        <>
          <Button onPress={refuse}>{asked.question.no}</Button>
          <Button tone="primary" isDisabled={isChecking || !DIGITS.test(code)} onPress={send}>
            {asked.question.yes}
          </Button>
        </>
      }
    >
      <p>
        <Ticked text={asked.question.text} />
      </p>
      <Form
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <TextField
          label="Code"
          mono
          autoFocus
          autoComplete="off"
          inputMode="numeric"
          value={code}
          onChange={setCode}
          isReadOnly={isChecking}
          help="Six digits. They stand in the terminal in which the server runs, and are good for two minutes."
          error={
            problem ? `${sentence(problem.message)} ${problem.hint ? sentence(problem.hint) : ""}` : undefined
          }
        />
      </Form>
      {isChecking && (
        <p role="status" className="text-muted">
          Checking the code…
        </p>
      )}
    </Dialog>
  );
}
