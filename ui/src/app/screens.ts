// The navigation: groups, names, pictures and the keys that go there.

import {
  ClipboardCheck,
  FileBarChart,
  FileInput,
  Gauge,
  Hourglass,
  type LucideIcon,
  Repeat2,
  ScrollText,
  ServerCog,
  Settings,
  ShieldCheck,
  SquareDashedMousePointer,
  UsersRound,
} from "lucide-react";

export type Screen = {
  to:
    | "/"
    | "/trail"
    | "/redaction"
    | "/replay"
    | "/checks"
    | "/reports"
    | "/evidence"
    | "/approvals"
    | "/deployments"
    | "/imports"
    | "/retention"
    | "/settings";
  title: string;
  icon: LucideIcon;
  /** Pressed after `g`. */
  key: string;
};

export const GROUPS: readonly { title: string | null; screens: readonly Screen[] }[] = [
  { title: null, screens: [{ to: "/", title: "Overview", icon: Gauge, key: "o" }] },
  {
    title: "Investigate",
    screens: [
      { to: "/trail", title: "Trail", icon: ScrollText, key: "a" },
      { to: "/deployments", title: "Deployments", icon: ServerCog, key: "d" },
    ],
  },
  {
    title: "Test",
    screens: [
      { to: "/redaction", title: "Redaction", icon: SquareDashedMousePointer, key: "r" },
      { to: "/replay", title: "Replay", icon: Repeat2, key: "p" },
    ],
  },
  {
    title: "Prove",
    screens: [
      { to: "/checks", title: "Checks", icon: ClipboardCheck, key: "c" },
      { to: "/reports", title: "Reports", icon: FileBarChart, key: "e" },
      { to: "/evidence", title: "Evidence", icon: ShieldCheck, key: "v" },
      { to: "/approvals", title: "Approvals", icon: UsersRound, key: "u" },
    ],
  },
  {
    title: "Manage",
    screens: [
      { to: "/imports", title: "Imports", icon: FileInput, key: "i" },
      { to: "/retention", title: "Retention", icon: Hourglass, key: "h" },
      { to: "/settings", title: "Settings", icon: Settings, key: "s" },
    ],
  },
];

export const SCREENS: readonly Screen[] = GROUPS.flatMap((group) => group.screens);
