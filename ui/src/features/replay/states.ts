// States of runs and of their calls, in words.

export const RUN_STATES: Record<string, string> = {
  running: "Running",
  done: "Done",
  stopped: "Stopped",
  budget_reached: "Stopped at the budget",
  failed: "Failed",
};

/** What stands for a call that was begun and has no result yet, while its run goes on. */
export const IN_FLIGHT = "in_flight";

export const ITEM_STATES: Record<string, { title: string; look: string }> = {
  same: { title: "Same", look: "chip-info" },
  changed: { title: "Changed", look: "chip-low" },
  not_compared: { title: "Not compared", look: "chip-unknown" },
  error: { title: "Error", look: "chip-high" },
  refused: { title: "Refused", look: "chip-medium" },
  not_run: { title: "Not run", look: "chip-unknown" },
  [IN_FLIGHT]: { title: "In flight", look: "chip-unknown" },
  unknown: { title: "Unknown", look: "chip-unknown" },
};
