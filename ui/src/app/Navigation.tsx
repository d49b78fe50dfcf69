// The navigation at the left; `[` makes it narrow.

import { Link } from "@tanstack/react-router";
import { GROUPS, type Screen } from "@/app/screens";
import { count } from "@/lib/format";
import { usePreferences } from "@/lib/preferences";
import { useAsk } from "@/lib/query";

export function Navigation() {
  const isNarrow = usePreferences().navigation === "narrow";
  return (
    <nav
      aria-label="Screens"
      className={`flex shrink-0 flex-col gap-0.5 overflow-y-auto border-r border-line bg-surface p-2 max-[900px]:w-13 ${isNarrow ? "w-13" : "w-52"}`}
    >
      {GROUPS.map((group) => (
        <div key={group.title ?? "first"} className="grid gap-0.5">
          {group.title && !isNarrow && (
            <div className="px-2 pt-3 pb-1 text-sm font-semibold text-muted max-[900px]:hidden">
              {group.title}
            </div>
          )}
          {group.screens.map((screen) => (
            <NavigationLink key={screen.to} screen={screen} isNarrow={isNarrow} />
          ))}
        </div>
      ))}
    </nav>
  );
}

function NavigationLink({ screen, isNarrow }: { screen: Screen; isNarrow: boolean }) {
  const Icon = screen.icon;
  return (
    <Link
      to={screen.to}
      title={`${screen.title} (g ${screen.key})`}
      activeOptions={{ exact: screen.to === "/", includeSearch: false }}
      className="flex h-8 items-center gap-2.5 rounded-control px-2 text-muted hover:bg-hover data-[status=active]:bg-selected data-[status=active]:font-semibold data-[status=active]:text-ink"
    >
      <Icon aria-hidden size={16} className="shrink-0" />
      <span className={isNarrow ? "sr-only" : "max-[900px]:sr-only"}>{screen.title}</span>
      {screen.to === "/checks" && !isNarrow && <OpenFindings />}
    </Link>
  );
}

/** How many findings are not met; nothing where checks have not run. */
function OpenFindings() {
  const { data } = useAsk("checks.findings", {});
  if (!data || data.ran_at === null || data.not_met === 0) return null;
  return (
    <span
      className="chip-critical ml-auto rounded-chip px-1.5 text-sm font-semibold max-[900px]:hidden"
      title={`${data.not_met} not met`}
    >
      {count(data.not_met)}
      <span className="sr-only"> not met</span>
    </span>
  );
}
