// Small rules, test sets, figures and cases for tests; a test changes what it is about.

import type {
  Agreement,
  CaseRow,
  CaseSegment,
  Measured,
  RuleForm,
  SetRow,
  SetRun,
  TriedRule,
} from "@/lib/bindings";

export function rule(change: Partial<RuleForm> = {}): RuleForm {
  return {
    name: "claim",
    entity_type: "CLAIM",
    category: "custom",
    about: "",
    pattern: "C-[0-9]{6}",
    words: [],
    validator: null,
    needs: [],
    context: [],
    context_required: false,
    not_context: [],
    score: 0.8,
    operator: null,
    examples: ["see C-123456"],
    negative_examples: ["part 123456"],
    ...change,
  };
}

export function tried(change: Partial<TriedRule> = {}): TriedRule {
  const plain = { entity_type: null, category: null, is_own: false, recognizer: null, score: null, why: [] };
  return {
    problem: null,
    remarks: [],
    examples: [{ segments: [], holds: true, says: "Matches, as it must." }],
    negative_examples: [{ segments: [], holds: true, says: "Left alone, as it must be." }],
    holds: true,
    text: [
      { ...plain, text: "see " },
      {
        text: "C-123456",
        entity_type: "CLAIM",
        category: "custom",
        is_own: true,
        recognizer: "claim",
        score: 0.8,
        why: [],
      },
    ],
    policy_toml: "name = 'changed'",
    slowest_mb_per_s: 200,
    ...change,
  };
}

export function set(change: Partial<SetRow> = {}): SetRow {
  return {
    name: "claims en",
    language: "en",
    field: null,
    texts: 2,
    from_calls: 1,
    erased: 0,
    labels: 2,
    made_by: "tester",
    made_at: "2026-11-23T12:00:00Z",
    ...change,
  };
}

export function agreement(change: Partial<Agreement> = {}): Agreement {
  return {
    tp: 36,
    fp: 2,
    fn: 4,
    precision: 0.947,
    recall: 0.9,
    f1: 0.923,
    f2: 0.909,
    precision_interval: [0.827, 0.985],
    recall_interval: [0.77, 0.96],
    f1_interval: [0.85, 0.97],
    f2_interval: [0.83, 0.96],
    too_few: false,
    too_few_found: false,
    ...change,
  };
}

export function run(change: Partial<Measured> = {}): SetRun {
  const leaked = { labelled_chars: 400, leaked_chars: 40, share: 0.1, interval: null };
  const few = agreement({ tp: 1, fp: 0, fn: 1, too_few: true, too_few_found: true });
  return {
    set: set(),
    measured: {
      policy: "default",
      policy_version: "1",
      names_model: null,
      format: "set",
      records: 2,
      chars: 800,
      seconds: 0.01,
      only: [],
      scopes: "none",
      strict: agreement({ tp: 30, fn: 10, recall: 0.75 }),
      overlap: agreement(),
      hidden: agreement(),
      leaked,
      by_type: {
        PERSON: { ...agreement(), strict: agreement(), leaked },
        CLAIM: { ...few, strict: few, leaked },
      },
      by_field: {},
      by_language: {},
      labels: [{ label: "CLAIM", entity_type: "CLAIM", how: "unknown", spans: 2, is_found: false }],
      never_labelled: {},
      ...change,
    },
  };
}

export function caseSegment(change: Partial<CaseSegment> = {}): CaseSegment {
  return {
    text: "ask ",
    label: null,
    labelled_type: null,
    labelled_by: null,
    labelled_at: null,
    found_type: null,
    recognizer: null,
    score: null,
    category: null,
    verdict: "plain",
    ...change,
  };
}

export function caseRow(change: Partial<CaseRow> = {}): CaseRow {
  return {
    text: 7,
    set: "claims en",
    call: null,
    language: "en",
    field: null,
    segments: [
      caseSegment({ text: "👩 ask " }),
      caseSegment({
        text: "Ann",
        label: 3,
        labelled_type: "PERSON",
        labelled_by: "tester",
        labelled_at: "2026-11-23T12:00:00Z",
        category: "person",
        verdict: "missed",
      }),
      caseSegment({ text: " of Bonn" }),
    ],
    revealed: true,
    ...change,
  };
}
