// What wants attention, the most severe first. What the checks could not tell stands below it.

import { Link } from "@tanstack/react-router";
import { Button } from "@/components/Button";
import { Panel } from "@/components/Page";
import { ProgressBar } from "@/components/ProgressBar";
import { When } from "@/components/text/When";
import { AttentionLine } from "@/features/overview/AttentionLine";
import type { Overview, Verdicts } from "@/lib/bindings";
import { notCovered, runChecks, useRunningChecks } from "@/lib/checking";
import { ago, count, counted } from "@/lib/format";

export function AttentionPanel({ overview }: { overview: Overview }) {
  const running = useRunningChecks();
  const { attention, checked_at: checkedAt } = overview;
  const sums = summed(overview);
  return (
    <Panel
      title="Needs attention"
      flush
      actions={
        <Button tone={checkedAt === null ? "primary" : "plain"} isDisabled={!!running} onPress={runChecks}>
          {checkedAt === null ? "Run checks" : "Run checks again"}
        </Button>
      }
    >
      {running && (
        <div className="border-b border-line px-4 py-2">
          <ProgressBar job={running} />
        </div>
      )}
      {attention.length > 0 && (
        <ul>
          {attention.map((item, index) => (
            <AttentionLine
              key={`${item.finding ?? item.title}`}
              item={item}
              isFirst={index === 0 && checkedAt !== null}
            />
          ))}
        </ul>
      )}
      <div className="grid gap-1 px-4 py-2.5 text-muted">
        {checkedAt === null ? (
          <p>
            The checks haven't run yet, so nothing here says whether a deployment meets what is asked of it.
          </p>
        ) : (
          <>
            <p>
              <Verdict verdict="not_met" sums={sums} name="not met" /> ·{" "}
              <Verdict verdict="unknown" sums={sums} name="unknown" /> ·{" "}
              <Verdict verdict="waived" sums={sums} name="waived" /> ·{" "}
              <Verdict verdict="met" sums={sums} name="met" /> – of {counted(all(sums), "answer")}
              {listed(overview, sums.not_met)}
            </p>
            <p>
              Checked {ago(checkedAt, Date.now())} (<When at={checkedAt} />){since(overview)}
            </p>
          </>
        )}
      </div>
    </Panel>
  );
}

/** What the lines above are, where they are not all that is not met. */
function listed({ attention, listed_not_met: shown }: Overview, notMet: number): string {
  if (notMet <= shown) return "";
  const others = attention.length - shown;
  const beside = others > 0 ? `, beside ${counted(others, "other line")}` : "";
  return `. Of what is not met the ${count(shown)} most severe are listed${beside}.`;
}

function Verdict({ verdict, sums, name }: { verdict: keyof Verdicts; sums: Verdicts; name: string }) {
  return (
    <Link to="/checks" search={{ verdict }} className="text-accent underline underline-offset-2">
      {count(sums[verdict])} {name}
    </Link>
  );
}

/** What the answers don't cover, because it came after them. */
function since(overview: Overview): string {
  const { since_checked, changed_since_checked, unchecked, policy_changed } = overview;
  const later = notCovered(since_checked, changed_since_checked, unchecked, policy_changed);
  if (later.length === 0) return ", nothing imported or changed since.";
  return `, ${later.join(", ")}. These answers don't cover that.`;
}

function summed(overview: Overview): Verdicts {
  const sums: Verdicts = { met: 0, not_met: 0, unknown: 0, waived: 0 };
  for (const { verdicts } of overview.deployments) {
    if (verdicts === null) continue;
    sums.met += verdicts.met;
    sums.not_met += verdicts.not_met;
    sums.unknown += verdicts.unknown;
    sums.waived += verdicts.waived;
  }
  return sums;
}

function all(sums: Verdicts): number {
  return sums.met + sums.not_met + sums.unknown + sums.waived;
}
