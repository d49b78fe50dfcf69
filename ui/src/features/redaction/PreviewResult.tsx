// The answer to a preview: counts, both sides, the list, why, what isn't covered.

import { memo, useCallback, useMemo, useState } from "react";
import { Checkbox } from "@/components/form/Checkbox";
import { Panel } from "@/components/Page";
import { Counts } from "@/features/redaction/Counts";
import { NotCovered } from "@/features/redaction/NotCovered";
import { Replacements } from "@/features/redaction/Replacements";
import { replacements } from "@/features/redaction/replacements";
import { SideBySide } from "@/features/redaction/SideBySide";
import { Why } from "@/features/redaction/Why";
import type { RedactionPreview } from "@/lib/bindings";

export const PreviewResult = memo(function PreviewResult({ preview }: { preview: RedactionPreview }) {
  const [chosen, setChosen] = useState<number | null>(1);
  const [onlyFound, setOnlyFound] = useState(true);
  const choose = useCallback((number: number) => setChosen(number), []);
  const found = useMemo(() => replacements(preview.fields), [preview]);
  const one = found.find((other) => other.number === chosen);
  const fieldsFound = useMemo(() => new Set(found.map((other) => other.field)).size, [found]);
  return (
    <div className="grid gap-3">
      <Counts preview={preview} />
      {found.length > 0 && preview.fields.length > 1 && (
        <Checkbox
          label={`Only fields in which something was found (${fieldsFound} of ${preview.fields.length})`}
          isSelected={onlyFound}
          onChange={setOnlyFound}
        />
      )}
      <SideBySide
        preview={preview}
        onlyFound={onlyFound && found.length > 0}
        chosen={chosen}
        onChosen={choose}
      />
      <div className="grid gap-3 lg:grid-cols-2">
        <Panel title="Replacements" flush>
          {found.length === 0 ? (
            <p className="p-4 text-muted">Nothing was found in this text by this policy.</p>
          ) : (
            <Replacements found={found} chosen={chosen} onChosen={choose} />
          )}
        </Panel>
        <Panel title="Why">
          <Why one={one} />
        </Panel>
      </div>
      <Panel title="What this preview doesn't cover">
        <NotCovered sentences={preview.not_covered} />
      </Panel>
    </div>
  );
});
