import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { accessibilityProblems, renderAt } from "../../../tests/renderAt";

test.each(["appearance", "privacy", "store", "dates", "about"])(
  "the part %s of the settings is accessible",
  async (tab) => {
    const { container } = await renderAt(`/settings?tab=${tab}`, {});
    await screen.findByRole("tabpanel");
    expect(await accessibilityProblems(container)).toEqual([]);
  },
);
