// Search or run a command: every screen, every action and every saved view by name. Never lists what
// records hold.

import { useNavigate } from "@tanstack/react-router";
import {
  Autocomplete,
  Dialog,
  Input,
  Menu,
  MenuItem,
  Modal,
  ModalOverlay,
  SearchField,
  useFilter,
} from "react-aria-components";
import { SCREENS } from "@/app/screens";
import { runChecks } from "@/lib/checking";
import { visible } from "@/lib/format";
import { chooseAndImport } from "@/lib/importing";
import { setPreferences, type Theme } from "@/lib/preferences";
import { useAsk } from "@/lib/query";

type Action = { id: string; title: string; act: () => void };

function useActions(isOpen: boolean): Action[] {
  const navigate = useNavigate();
  const views = useAsk("trail.views", {}, { enabled: isOpen });
  const themes: Theme[] = ["system", "light", "dark"];
  return [
    ...SCREENS.map((screen) => ({
      id: screen.to,
      title: `Go to ${screen.title}`,
      act: () => void navigate({ to: screen.to }),
    })),
    { id: "import-files", title: "Import files…", act: () => chooseAndImport("files") },
    { id: "import-folder", title: "Import a folder…", act: () => chooseAndImport("folder") },
    {
      id: "run-checks",
      title: "Run all checks",
      act: runChecks,
    },
    {
      id: "activities",
      title: "Show activities",
      act: () => void navigate({ to: "/trail", search: { tab: "activities" } }),
    },
    {
      id: "samples",
      title: "Show review samples",
      act: () => void navigate({ to: "/trail/samples" }),
    },
    ...(views.data ?? []).map((view) => ({
      id: `view-${view.leaf}`,
      title: `Open the view ${visible(view.name)}`,
      act: () =>
        void navigate({
          to: "/trail",
          search: {
            ...(view.records === "activities" ? { tab: "activities" } : {}),
            ...(view.query === "" ? {} : { q: view.query }),
            ...(view.columns.length === 0 ? {} : { saved: String(view.leaf) }),
          },
        }),
    })),
    {
      id: "coverage",
      title: "Show what each source covers",
      act: () => void navigate({ to: "/trail/coverage" }),
    },
    {
      id: "usage",
      title: "Show the provider's usage and cost reports",
      act: () => void navigate({ to: "/trail/usage" }),
    },
    ...themes.map((theme) => ({
      id: `theme-${theme}`,
      title: `Theme: ${theme}`,
      act: () => setPreferences({ theme }),
    })),
  ];
}

export function Palette({ isOpen, onClosed }: { isOpen: boolean; onClosed: () => void }) {
  const actions = useActions(isOpen);
  const { contains } = useFilter({ sensitivity: "base" });
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => {
        if (!open) onClosed();
      }}
      isDismissable
      className="fixed inset-0 z-40 flex justify-center bg-veil p-6 pt-20"
    >
      <Modal className="h-fit w-140 max-w-full rounded-control border border-line bg-surface shadow-pop">
        <Dialog aria-label="Search or run a command" className="outline-none">
          <Autocomplete filter={contains}>
            <SearchField aria-label="Command" autoFocus className="border-b border-line">
              <Input
                placeholder="Search or run a command…"
                className="h-11 w-full bg-transparent px-4 text-md outline-none placeholder:text-subtle"
              />
            </SearchField>
            <Menu
              aria-label="Commands"
              items={actions}
              className="max-h-90 overflow-auto p-1 outline-none"
              onAction={(key) => {
                onClosed();
                actions.find((action) => action.id === key)?.act();
              }}
              renderEmptyState={() => <p className="p-3 text-muted">No command has this name.</p>}
            >
              {(action) => (
                <MenuItem
                  id={action.id}
                  className="cursor-default rounded-chip px-3 py-1.5 outline-none focus:bg-selected"
                >
                  {action.title}
                </MenuItem>
              )}
            </Menu>
          </Autocomplete>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
