import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test } from "vitest";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/overlay/Dialog";

function Screen() {
  const [isOpen, setIsOpen] = useState(false);
  const close = () => setIsOpen(false);
  return (
    <>
      <Button onPress={() => setIsOpen(true)}>Remove…</Button>
      <Dialog
        title="Remove backend b?"
        isOpen={isOpen}
        onClosed={close}
        actions={
          <>
            <Button autoFocus onPress={close}>
              Keep it
            </Button>
            <Button tone="danger">Remove b</Button>
          </>
        }
      >
        <p>Runs stay.</p>
      </Dialog>
    </>
  );
}

async function opened() {
  const user = userEvent.setup();
  render(<Screen />);
  await user.tab();
  await user.keyboard("{Enter}");
  await screen.findByRole("dialog", { name: "Remove backend b?" });
  return user;
}

test("the safe answer has the focus, which stays in the dialog", async () => {
  const user = await opened();
  expect(screen.getByRole("button", { name: "Keep it" })).toHaveFocus();
  await user.tab();
  expect(screen.getByRole("button", { name: "Remove b" })).toHaveFocus();
  await user.tab();
  expect(screen.getByRole("button", { name: "Keep it" })).toHaveFocus();
});

test.for(["{Escape}", "{Enter}"])("after %s the focus is where it was", async (key) => {
  const user = await opened();
  await user.keyboard(key);
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  await waitFor(() => expect(screen.getByRole("button", { name: "Remove…" })).toHaveFocus());
});
