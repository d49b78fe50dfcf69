// Putting a text into a field at once. Typing it draws the whole screen again for each letter, which is for
// tests of what each letter does.

import type { UserEvent } from "@testing-library/user-event";

/** Goes to the end of what the field holds and pastes `text` there. */
export async function fill(user: UserEvent, field: Element, text: string): Promise<void> {
  await user.click(field);
  await user.paste(text);
}
