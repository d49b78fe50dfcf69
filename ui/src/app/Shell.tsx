// The frame around every screen: navigation, top bar, status bar, and what floats above them.

import { Outlet, useRouterState } from "@tanstack/react-router";
import { useLayoutEffect, useRef, useState } from "react";
import { CodeDialog } from "@/app/CodeDialog";
import { DropZone } from "@/app/DropZone";
import { EvidenceAlarm } from "@/app/EvidenceAlarm";
import { JobsDrawer } from "@/app/JobsDrawer";
import { Navigation } from "@/app/Navigation";
import { Palette } from "@/app/Palette";
import { Shortcuts } from "@/app/Shortcuts";
import { StatusBar } from "@/app/StatusBar";
import { StoreGate } from "@/app/StoreGate";
import { ToastRegion } from "@/app/ToastRegion";
import { TopBar } from "@/app/TopBar";
import { useKeys } from "@/app/useKeys";

export type Open = "nothing" | "palette" | "jobs" | "shortcuts";

export function Shell() {
  const [open, setOpen] = useState<Open>("nothing");
  const main = useRef<HTMLElement>(null);
  // Where the window is, once the screen's own code is there.
  const pathname = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  // Where it goes, from the moment on that somebody leaves.
  const going = useRouterState({ select: (state) => state.location.pathname });
  const left = useRef<Element | null>(null);
  useKeys(setOpen);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the address is what changes
  useLayoutEffect(() => {
    left.current = document.activeElement;
  }, [going]);
  // A new screen is announced by its heading, as a page load would be. Whoever was quicker and is on
  // something of it already stays there.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the address is what changes
  useLayoutEffect(() => {
    const at = document.activeElement;
    if (at !== left.current && main.current?.contains(at)) return;
    main.current?.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
  }, [pathname]);

  const close = () => setOpen("nothing");
  return (
    <div className="flex h-full flex-col bg-canvas">
      <a
        href="#main"
        className="sr-only z-50 rounded-control bg-accent px-3 py-1 text-onaccent focus:not-sr-only focus:absolute focus:top-1 focus:left-1"
      >
        Skip to the content
      </a>
      <TopBar onOpened={setOpen} />
      <EvidenceAlarm />
      <div className="flex min-h-0 flex-1">
        <Navigation />
        <main id="main" ref={main} className="min-w-0 flex-1 overflow-hidden">
          <StoreGate>
            <Outlet />
          </StoreGate>
        </main>
      </div>
      <StatusBar onJobs={() => setOpen("jobs")} />
      <Palette isOpen={open === "palette"} onClosed={close} />
      <JobsDrawer isOpen={open === "jobs"} onClosed={close} />
      <Shortcuts isOpen={open === "shortcuts"} onClosed={close} />
      <DropZone />
      <CodeDialog />
      <ToastRegion />
    </div>
  );
}
