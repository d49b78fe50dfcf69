// Small policies, previews, plans, runs and reports for tests; a test changes what it is about.

import { plainSegment } from "@/features/redaction/blocks";
import type {
  Job,
  PlanItem,
  PolicyRow,
  PreviewSegment,
  RedactionPreview,
  ReplayPlan,
  ReplayRun,
  Report,
  RunItem,
} from "@/lib/bindings";

/** A job that has ended with a result. */
export function endedJob(id: number, command: string, result: Job["result"]): Job {
  return {
    id,
    command,
    title: "Job",
    phase: "done",
    done: 1,
    total: 1,
    unit: "calls",
    rate: null,
    eta_s: null,
    counts: {},
    state: "done",
    result,
    error: null,
    elapsed_ms: 10,
  };
}

export function policy(change: Partial<PolicyRow> = {}): PolicyRow {
  return {
    name: "default",
    number: null,
    reference: change.name ?? "default",
    version: "1",
    in_force: true,
    newest: true,
    builtin: true,
    saved_at: null,
    saved_by: null,
    note: null,
    scopes: [],
    times: [],
    toml: 'name = "default"\nversion = "1"\n[operators]\ndefault = { operator = "replace" }\n',
    ...change,
  };
}

export function segment(change: Partial<PreviewSegment> = {}): PreviewSegment {
  return {
    before: "tom@example.com",
    after: "[EMAIL_ADDRESS_1]",
    entity_type: "EMAIL_ADDRESS",
    category: "contact",
    score: 0.9,
    recognizer: "email",
    operator: "replace",
    why: ["matched the pattern of `email`"],
    ...change,
  };
}

export function preview(change: Partial<RedactionPreview> = {}): RedactionPreview {
  return {
    policy: "default",
    policy_version: "1",
    names_model: null,
    fields: [
      { field: null, label: null, path: null, turn: null, segments: [plainSegment("Write to "), segment()] },
    ],
    counts: [{ entity_type: "EMAIL_ADDRESS", category: "contact", count: 1 }],
    allowed: [],
    not_covered: [],
    characters: 24,
    elapsed_us: 2100,
    revealed: true,
    ...change,
  };
}

export function planItem(change: Partial<PlanItem> = {}): PlanItem {
  return {
    call_id: "a".repeat(32),
    deployment: "claims",
    started_at: "2026-10-01T10:00:00.000Z",
    model: "claude-sonnet-5",
    verdict: "sendable",
    reason: null,
    entities: 0,
    input_tokens: 100,
    output_low: 1,
    output_expected: 50,
    output_high: 1000,
    cost_low_usd: "0.000315",
    cost_expected_usd: "0.00105",
    cost_high_usd: "0.0153",
    removed: [],
    ...change,
  };
}

export function plan(change: Partial<ReplayPlan> = {}): ReplayPlan {
  return {
    id: "plan-1",
    backend: "sandbox",
    destination: "this computer",
    place: "this computer",
    processor: "nobody: the sandbox of this computer",
    policy: "default",
    matching: 9,
    sendable: 1,
    needs_redaction: 0,
    refused: 0,
    items: [planItem()],
    input_tokens: 100,
    cost_low_usd: "0",
    cost_expected_usd: "0",
    cost_high_usd: "0",
    cost_unknown: 0,
    basis: "the sandbox costs nothing",
    warnings: [],
    budget_usd: null,
    phrase: null,
    ...change,
  };
}

export function runItem(change: Partial<RunItem> = {}): RunItem {
  return {
    call_id: "a".repeat(32),
    state: "changed",
    detail: null,
    similarity: 0.5,
    model: "claude-sonnet-5",
    original_input_tokens: 100,
    original_output_tokens: 40,
    input_tokens: 100,
    output_tokens: 50,
    original_latency_ms: 1200,
    latency_ms: null,
    original_cost_usd: "0.001",
    cost_usd: null,
    http_status: 200,
    ...change,
  };
}

export function replayRun(change: Partial<ReplayRun> = {}): ReplayRun {
  return {
    id: "run-1",
    backend: "sandbox",
    destination: "this computer",
    policy: "default",
    state: "done",
    started_at: "2026-11-01T10:00:00.000Z",
    finished_at: "2026-11-01T10:00:05.000Z",
    calls: 1,
    compared: 1,
    same: 0,
    changed: 1,
    not_compared: 0,
    errors: 0,
    refused: 0,
    not_run: 0,
    spent_usd: "0",
    spent_unknown: 0,
    budget_usd: null,
    items: [runItem()],
    ...change,
  };
}

export function report(change: Partial<Report> = {}): Report {
  return {
    title: "Monthly audit of Claude deployments",
    organisation: "Northwind",
    period: { from: "2026-10-01", to: "2026-11-01" },
    deployments: ["claims"],
    generated_at: "2026-11-02T10:00:00Z",
    generated_by: "A. Khan",
    version: "0.1.0",
    sample: false,
    summary: ["The trail holds 100 calls."],
    figures: [
      {
        id: "errors",
        title: "Calls that failed",
        value: { is: "share", value: 4 },
        denominator: { value: 100, what: "calls" },
        unknown: null,
        query: "status:error",
        note: null,
      },
    ],
    verdicts: { met: 0, not_met: 0, unknown: 0, waived: 0 },
    checked_at: null,
    handling: [],
    findings_of: "Findings are of the whole trail, not of this period alone.",
    findings: [],
    weeks: [],
    coverage: { says: ["No source holds a call of the period."], tallies: [] },
    not_covered: ["The checks were not run."],
    integrity: { size: 3, root: "ab".repeat(32), first_key: null, says: [], proves: [], does_not_prove: [] },
    sources: { files: 0, verified: 0, failed: 0, unknown: 0, says: [], chains: [] },
    imports: [],
    looked: { says: [], tallies: [], rows: [], total: 0 },
    approvals: { says: [], tallies: [], rows: [] },
    ...change,
  };
}
