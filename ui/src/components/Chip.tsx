// Small signs with a word: severity, verdict, the mark of a statement. Colour is never the only sign.

import {
  Circle,
  CircleCheck,
  CircleDashed,
  Diamond,
  FileClock,
  FileText,
  Hourglass,
  Info,
  type LucideIcon,
  OctagonAlert,
  OctagonX,
  Radar,
  Settings2,
  TriangleAlert,
  UserPen,
} from "lucide-react";

type Props = { look: string; icon: LucideIcon; word: string };

function Chip({ look, icon: Icon, word }: Props) {
  return (
    <span
      className={`inline-flex h-5 shrink-0 items-center gap-1 rounded-chip px-1.5 text-sm font-semibold whitespace-nowrap ${look}`}
    >
      <Icon aria-hidden size={12} strokeWidth={2.25} />
      {word}
    </span>
  );
}

const SEVERITIES: Record<string, Props> = {
  critical: { look: "chip-critical", icon: OctagonAlert, word: "Critical" },
  high: { look: "chip-high", icon: TriangleAlert, word: "High" },
  medium: { look: "chip-medium", icon: Diamond, word: "Medium" },
  low: { look: "chip-low", icon: Circle, word: "Low" },
  info: { look: "chip-info", icon: Info, word: "Info" },
};

const VERDICTS: Record<string, Props> = {
  met: { look: "chip-met", icon: CircleCheck, word: "Met" },
  not_met: { look: "chip-critical", icon: OctagonX, word: "Not met" },
  unknown: { look: "chip-unknown", icon: CircleDashed, word: "Unknown" },
  waived: { look: "chip-waived", icon: FileClock, word: "Waived" },
};

const MARKS: Record<string, Props> = {
  observed: { look: "chip-low", icon: Radar, word: "Observed" },
  configured: { look: "chip-low", icon: Settings2, word: "Configured" },
  vendor_stated: { look: "chip-info", icon: FileText, word: "Vendor-stated" },
  declared: { look: "chip-medium", icon: UserPen, word: "Declared" },
  unknown: { look: "chip-unknown", icon: CircleDashed, word: "Unknown" },
};

const PLACES: Record<string, Props> = {
  allowed: { look: "chip-met", icon: CircleCheck, word: "Allowed" },
  outside: { look: "chip-critical", icon: OctagonX, word: "Outside" },
  unknown: { look: "chip-unknown", icon: CircleDashed, word: "Unknown" },
  not_declared: { look: "chip-info", icon: Info, word: "Not declared" },
};

const STANDINGS: Record<string, Props> = {
  ok: { look: "chip-met", icon: CircleCheck, word: "Signed" },
  not_signed: { look: "chip-unknown", icon: CircleDashed, word: "Not signed" },
  key_missing: { look: "chip-high", icon: TriangleAlert, word: "Not signing: key missing" },
  rolled_back: { look: "chip-critical", icon: OctagonX, word: "Rolled back" },
  damaged: { look: "chip-critical", icon: OctagonX, word: "Damaged" },
};

const APPROVALS: Record<string, Props> = {
  waiting: { look: "chip-medium", icon: Hourglass, word: "Waiting" },
  approved: { look: "chip-met", icon: CircleCheck, word: "Approved" },
  refused: { look: "chip-critical", icon: OctagonX, word: "Refused" },
  used: { look: "chip-low", icon: CircleCheck, word: "Used" },
  expired: { look: "chip-unknown", icon: CircleDashed, word: "Too old" },
  void: { look: "chip-high", icon: TriangleAlert, word: "Doesn't hold" },
};

const STEPS: Record<string, Props> = {
  passed: { look: "chip-met", icon: CircleCheck, word: "Passed" },
  failed: { look: "chip-critical", icon: OctagonX, word: "Failed" },
  not_run: { look: "chip-unknown", icon: CircleDashed, word: "Not run" },
};

const GATES: Record<string, Props> = {
  clear: { look: "chip-met", icon: CircleCheck, word: "Clear" },
  against: { look: "chip-high", icon: TriangleAlert, word: "Against" },
  incomplete: { look: "chip-medium", icon: CircleDashed, word: "Incomplete" },
  unknown: { look: "chip-unknown", icon: CircleDashed, word: "Unknown" },
};

const ODD: Props = { look: "chip-unknown", icon: CircleDashed, word: "Unknown" };

export function SeverityChip({ severity }: { severity: string }) {
  return <Chip {...(SEVERITIES[severity] ?? { ...ODD, word: severity })} />;
}

export function VerdictChip({ verdict, note }: { verdict: string; note?: string }) {
  const shown = VERDICTS[verdict] ?? ODD;
  return <Chip {...shown} word={note ? `${shown.word} ${note}` : shown.word} />;
}

/** What a statement of data handling rests on. */
export function MarkChip({ mark }: { mark: string }) {
  return <Chip {...(MARKS[mark] ?? ODD)} />;
}

/** What the allowed places say of where calls ran. */
export function PlaceChip({ place }: { place: string }) {
  return <Chip {...(PLACES[place] ?? ODD)} />;
}

/** How the evidence tree stands. */
export function StandingChip({ state }: { state: string }) {
  return <Chip {...(STANDINGS[state] ?? { ...ODD, word: state })} />;
}

/** What became of a request for approval. */
export function ApprovalChip({ state }: { state: string }) {
  return <Chip {...(APPROVALS[state] ?? { ...ODD, word: state })} />;
}

/** What became of a command that checks a pack. */
export function StepChip({ outcome }: { outcome: string }) {
  return <Chip {...(STEPS[outcome] ?? { ...ODD, word: outcome })} />;
}

/** What is known of a policy before it is put in force. */
export function GateChip({ state }: { state: string }) {
  return <Chip {...(GATES[state] ?? ODD)} />;
}

/** A plain remark: "Review due", "3 items masked". */
export function NoteChip({
  word,
  tone = "info",
}: {
  word: string;
  tone?: "info" | "medium" | "high" | "met";
}) {
  const icons = { info: Info, medium: Diamond, high: TriangleAlert, met: CircleCheck };
  return <Chip look={`chip-${tone}`} icon={icons[tone]} word={word} />;
}
