// Theme, zoom, density. Kept on this computer, never in the store.

import { Select } from "@/components/form/Select";
import { host } from "@/lib/host";
import { type Density, setPreferences, type Theme, usePreferences, ZOOMS } from "@/lib/preferences";

const THEMES: readonly { id: Theme; title: string }[] = [
  { id: "system", title: "As the system" },
  { id: "light", title: "Light" },
  { id: "dark", title: "Dark" },
];
const DENSITIES: readonly { id: Density; title: string }[] = [
  { id: "compact", title: "Compact" },
  { id: "comfortable", title: "Comfortable" },
];

export function AppearanceTab() {
  const { theme, zoom, density } = usePreferences();
  return (
    <div className="grid max-w-100 gap-4">
      <Select
        label="Theme"
        options={THEMES}
        chosen={theme}
        onChosen={(id) => setPreferences({ theme: THEMES.find((other) => other.id === id)?.id ?? "system" })}
      />
      <Select
        label="Rows of tables"
        options={DENSITIES}
        chosen={density}
        onChosen={(id) =>
          setPreferences({ density: DENSITIES.find((other) => other.id === id)?.id ?? "compact" })
        }
      />
      {host().kind === "window" ? (
        <Select
          label="Zoom"
          options={ZOOMS.map((factor) => ({ id: String(factor), title: `${Math.round(factor * 100)} %` }))}
          chosen={String(zoom)}
          onChosen={(id) => setPreferences({ zoom: Number(id) })}
        />
      ) : (
        <p className="text-muted">Zoom: use the browser's own (Ctrl + and Ctrl −).</p>
      )}
      <p className="text-muted">Times are shown in UTC everywhere.</p>
    </div>
  );
}
