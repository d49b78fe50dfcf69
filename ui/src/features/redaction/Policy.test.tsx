import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { policy, preview } from "../../../tests/fake-lab";
import { accessibilityProblems, renderAt } from "../../../tests/renderAt";

const CLAIMS = policy({
  name: "claims",
  number: 2,
  reference: "claims@2",
  builtin: false,
  in_force: false,
  saved_at: "2026-10-02T10:00:00Z",
  saved_by: "ann",
  times: [{ deployment: "claims-eu", since: "2026-10-03T10:00:00Z", by: "ben", until: null }],
});
const ANSWERS = {
  "redaction.policies": [policy(), CLAIMS],
  "redaction.versions": [CLAIMS],
  "redaction.preview": preview({
    allowed: [
      { place: "allow[1]", entry: "allow[1] leaves `x` alone: ours", over: false, hits: 2 },
      { place: "allow[2]", entry: "allow[2] leaves `y` alone until 2026-01-01", over: true, hits: 0 },
    ],
  }),
  "deployments.list": [],
};

test("what the allow list left alone is counted, and a deployment's own policy can end", async () => {
  const { user, host, container } = await renderAt("/redaction?policy=claims%402&tab=policy", {
    ...ANSWERS,
    "redaction.follow_default": policy(),
  });
  const allowed = within(await screen.findByRole("list", { name: "Left alone by the allow list" }));
  expect(allowed.getByText(/2 times/)).toBeVisible();
  expect(allowed.getByText(/leaves nothing alone any more/)).toBeVisible();
  expect(await accessibilityProblems(container)).toEqual([]);
  await user.click(await screen.findByRole("button", { name: "Let claims-eu go by the default" }));
  const asked = host.asked.find((one) => one.name === "redaction.follow_default");
  expect(asked?.input).toEqual({ deployment: "claims-eu" });
});
