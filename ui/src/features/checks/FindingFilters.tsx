// Deployment, verdict and check: kept in the address.

import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button } from "@/components/Button";
import { type Option, Select } from "@/components/form/Select";
import type { CheckSummary } from "@/lib/bindings";

const ANY = "any";
const VERDICTS: readonly Option[] = [
  { id: ANY, title: "All verdicts" },
  { id: "not_met", title: "Not met" },
  { id: "unknown", title: "Unknown" },
  { id: "waived", title: "Waived" },
  { id: "met", title: "Met" },
];

export function FindingFilters({ summary: { findings } }: { summary: CheckSummary }) {
  const search = useSearch({ from: "/checks" });
  const navigate = useNavigate();
  const deployments = [...new Set(findings.map((finding) => finding.deployment))];
  const checks = new Map(findings.map((finding) => [finding.check, finding.check_title]));
  const choose = (key: "deployment" | "verdict" | "check") => (id: string) =>
    void navigate({ to: "/checks", search: { ...search, [key]: id === ANY ? undefined : id } });
  return (
    <div className="flex flex-wrap items-end gap-3">
      <Select
        label="Deployment"
        options={[
          { id: ANY, title: "All deployments" },
          ...deployments.map((name) => ({ id: name, title: name })),
        ]}
        chosen={search.deployment ?? ANY}
        onChosen={choose("deployment")}
      />
      <Select
        label="Verdict"
        options={VERDICTS}
        chosen={search.verdict ?? ANY}
        onChosen={choose("verdict")}
      />
      <Select
        label="Check"
        options={[{ id: ANY, title: "All checks" }, ...[...checks].map(([id, title]) => ({ id, title }))]}
        chosen={search.check ?? ANY}
        onChosen={choose("check")}
      />
      {(search.deployment ?? search.verdict ?? search.check) !== undefined && (
        <Button onPress={() => void navigate({ to: "/checks", search: {} })}>Clear filters</Button>
      )}
    </div>
  );
}
