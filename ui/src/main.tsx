import "@/boot-locale";
import { bootFailed } from "@/boot-errors";
import "@/styles/app.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "@/app/App";
import { setHost } from "@/lib/host";
import { listenToJobs } from "@/lib/jobs";
import { startPreferences } from "@/lib/preferences";

async function start(): Promise<void> {
  const root = document.getElementById("root");
  if (!root) throw new Error("the page has no root");
  const { chooseHost } = await import("@/lib/host/choose");
  setHost(await chooseHost());
  startPreferences();
  listenToJobs();
  root.dataset.started = "true";
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}

start().catch((problem: unknown) => bootFailed(String(problem)));
