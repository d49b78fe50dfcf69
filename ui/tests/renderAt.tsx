// The whole UI at an address, over a fake host.

import { QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, createRouter, RouterProvider } from "@tanstack/react-router";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import { I18nProvider } from "react-aria-components";
import { router } from "@/app/router";
import { setHost } from "@/lib/host";
import { listenToJobs } from "@/lib/jobs";
import { client } from "@/lib/query";
import { type Answers, fakeHost } from "./fakeHost";
import { about, checkSummary, ENCRYPTION, EVIDENCE } from "./records";

const FRAME: Answers = {
  "settings.about": about(),
  "settings.store_encryption": ENCRYPTION,
  "evidence.status": EVIDENCE,
  "checks.findings": checkSummary({ ran_at: null }),
  "jobs.list": [],
};

/** Renders the address and answers the host, the router and a user; waits for the screen's heading. */
export async function renderAt(address: string, answers: Answers) {
  const host = fakeHost({ ...FRAME, ...answers });
  setHost(host);
  client.clear();
  listenToJobs();
  const own = createRouter({
    routeTree: router.routeTree,
    history: createMemoryHistory({ initialEntries: [address] }),
  });
  const shown = render(
    <I18nProvider locale="en-GB">
      <QueryClientProvider client={client}>
        <RouterProvider router={own} />
      </QueryClientProvider>
    </I18nProvider>,
  );
  await screen.findByRole("heading", { level: 1 });
  return { host, router: own, user: userEvent.setup(), container: shown.container };
}

/** What axe finds wrong; colour and layout need a real browser. */
export async function accessibilityProblems(container: Element): Promise<string[]> {
  const { violations } = await axe.run(container, {
    rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
  });
  return violations.map(
    (violation) => `${violation.id}: ${violation.nodes.map((node) => node.html).join(" ")}`,
  );
}
