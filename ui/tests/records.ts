// Records for tests, with what a test doesn't care about filled in.

import type {
  About,
  ActivityRow,
  ApprovalRow,
  CallDetail,
  CallRow,
  CheckSummary,
  DeploymentPage,
  DeploymentSummary,
  EvidenceStatus,
  FindingRow,
  HandlingLine,
  Job,
  MaskedPart,
  Overview,
  Persons,
  RuleRow,
  ShownKey,
  StoreEncryption,
  Verification,
} from "@/lib/bindings";

export function about(change: Partial<About> = {}): About {
  return {
    version: "0.1.0",
    store: "store",
    store_bytes: 1000,
    schema: 2,
    sqlite: "3.50.0",
    encrypted: false,
    sample: false,
    organisation: "",
    offline: false,
    prices_as_of: "2026-08-22",
    facts_as_of: "2026-08-22",
    user: "auditor",
    ...change,
  };
}

export const ENCRYPTION: StoreEncryption = {
  encrypted: false,
  key: null,
  key_place: null,
  since: null,
  has_recovery: false,
  store_bytes: 1_000_000,
  free_bytes: 9_000_000_000,
  needed_bytes: 65_000_000,
  sentences: ["This store is not encrypted."],
  cost: ["An import takes 1.4 to 2.1 times the processor time."],
  protects: ["It protects the store's file."],
};

export function handlingLine(change: Partial<HandlingLine> = {}): HandlingLine {
  return {
    topic: "retention",
    title: "Retention",
    statement: "Nothing is known. Declare it.",
    mark: "unknown",
    source: null,
    as_of: null,
    review_due: false,
    ...change,
  };
}

export function deployment(change: Partial<DeploymentSummary> = {}): DeploymentSummary {
  return {
    name: "claims",
    kind: "bedrock",
    description: "",
    owner: null,
    regulated: false,
    zero_retention: false,
    allowed_places: [],
    declared: true,
    calls: 100,
    errors: 0,
    first_call_at: "2026-10-01T00:00:00.000Z",
    last_call_at: "2026-10-31T00:00:00.000Z",
    input_tokens: 0,
    output_tokens: 0,
    cost_usd: "0.00",
    cost_known_calls: 0,
    served_regions: [],
    region_unknown_calls: 100,
    private_path_calls: 0,
    scanned_calls: 0,
    entity_calls: 0,
    verdicts: null,
    handling: [handlingLine()],
    ...change,
  };
}

export function deploymentPage(change: Partial<DeploymentPage> = {}): DeploymentPage {
  return {
    summary: deployment(),
    regions: [],
    settings: [],
    sources: [],
    models: [],
    toml: 'name = "claims"\nkind = "bedrock"\n',
    ...change,
  };
}

export function finding(change: Partial<FindingRow> = {}): FindingRow {
  return {
    id: "f1",
    check: "residency",
    check_title: "Allowed places",
    deployment: "claims",
    subject: "all calls",
    verdict: "not_met",
    severity: "critical",
    title: "3 of 100 calls ran or were sent outside the European Union.",
    detail: "A call counts as inside only where its record names the place it ran in.",
    how_to_fix: "Use a geographic profile.",
    clauses: [{ clause: "GDPR Art. 44", asks: "Transfers need a basis.", as_of: "2026-08-22" }],
    evidence: [],
    counted: 3,
    of: 100,
    unknown: 0,
    waiver: null,
    ...change,
  };
}

/** Counts are those of the findings, as the engine makes them. */
export function checkSummary(change: Partial<CheckSummary> = {}): CheckSummary {
  const findings = change.findings ?? [];
  const of = (verdict: string) => findings.filter((row) => row.verdict === verdict).length;
  return {
    met: of("met"),
    not_met: of("not_met"),
    unknown: of("unknown"),
    waived: of("waived"),
    findings,
    ran_at: "2026-11-01T10:00:00.000Z",
    since: 0,
    changed: [],
    unchecked: [],
    policy_changed: false,
    ...change,
  };
}

export function overview(change: Partial<Overview> = {}): Overview {
  return {
    organisation: "",
    sample: false,
    attention: [],
    listed_not_met: 0,
    deployments: [deployment()],
    calls: 100,
    activities: 0,
    rejected_lines: 0,
    first_call_at: "2026-10-01T00:00:00.000Z",
    last_call_at: "2026-10-31T00:00:00.000Z",
    last_import_at: "2026-11-01T00:00:00.000Z",
    checked_at: null,
    since_checked: 0,
    changed_since_checked: [],
    unchecked: [],
    policy_changed: false,
    tree_size: 100,
    root: "00000000",
    ...change,
  };
}

export function job(change: Partial<Job> = {}): Job {
  return {
    id: 1,
    command: "imports.start",
    title: "Importing 1 file",
    phase: "reading",
    done: 0,
    total: null,
    unit: "bytes",
    rate: null,
    eta_s: null,
    counts: {},
    state: "running",
    result: null,
    error: null,
    elapsed_ms: 0,
    ...change,
  };
}

export function activityRow(change: Partial<ActivityRow> = {}): ActivityRow {
  return {
    id: "a1",
    at: "2026-10-02T08:00:00.000Z",
    action: "anthropic_access",
    category: "vendor_access",
    kind: "claude_api",
    actor: "anthropic_actor",
    source_ip: null,
    region: null,
    account: null,
    target: null,
    succeeded: null,
    error_type: null,
    source: "compliance_activities",
    reason: null,
    oddities: [],
    erased: null,
    held: false,
    ...change,
  };
}

export function callRow(change: Partial<CallRow> = {}): CallRow {
  return {
    id: "c1",
    kind: "bedrock",
    deployment: "claims",
    sources: ["bedrock_invocation_log"],
    started_at: "2026-10-01T10:00:00.000Z",
    latency_ms: null,
    request_model: null,
    response_model: null,
    requested_region: null,
    served_region: null,
    principal: null,
    source_ip: null,
    status: "ok",
    http_status: null,
    error_type: null,
    stop_reason: null,
    input_tokens: null,
    output_tokens: null,
    cache_read_tokens: null,
    cache_write_5m_tokens: null,
    cache_write_1h_tokens: null,
    cost_usd: null,
    classification: null,
    request_ids: {},
    conversation_id: null,
    metadata: {},
    body: "present",
    features: [],
    oddities: [],
    conflict: false,
    entities: null,
    erased: null,
    held: false,
    lent: {},
    ...change,
  };
}

/** A part in which one e-mail address is masked. */
export function maskedPart(change: Partial<MaskedPart> = {}): MaskedPart {
  return {
    field: "user_message",
    turn: 0,
    label: null,
    pointer: "/messages/0",
    path: null,
    segments: [
      {
        text: "[EMAIL_ADDRESS_1]",
        entity_type: "email_address",
        category: "contact",
        score: 1,
        recognizer: "email",
        kept: false,
      },
    ],
    cut: 0,
    ...change,
  };
}

export function callDetail(change: Partial<CallDetail> = {}): CallDetail {
  return {
    call: callRow(),
    request: [],
    response: [],
    body_note: null,
    references: [],
    masked_by: "default 1",
    cost: { computed_usd: null, reported_usd: null, basis: "no price" },
    provenance: {
      source: "bedrock_invocation_log",
      format: "bedrock",
      batch: "1",
      path: "claims.jsonl",
      line: 1,
      offset: 0,
      length: 10,
      sha256: "0".repeat(64),
      file_sha256: null,
      imported_at: "2026-11-01T10:00:00.000Z",
      leaf: 0,
      commitment: "0".repeat(64),
    },
    witnesses: [],
    versions: [],
    disagreements: [],
    ambiguity: null,
    raw: [],
    raw_cut: 0,
    reveals: [],
    activities: [],
    erased: null,
    holds: [],
    ...change,
  };
}

const SIGNING_KEY: ShownKey = {
  origin: "assay.local/0123",
  vkey: "assay.local/0123+01234567+AQID",
  fingerprint: "01234567 89abcdef",
  first_vkey: "assay.local/0123+01234567+AQID",
  first_fingerprint: "01234567 89abcdef",
  rotations: 0,
  place: "keychain",
  sentence: "The key is in the keychain of this computer.",
  has_recovery: false,
};
/** A tree that is signed but for its last leaves. */
export const EVIDENCE: EvidenceStatus = {
  size: 42,
  root: "ab".repeat(32),
  state: "ok",
  sentences: ["Signed to #40 at 2026-11-01T00:00:00Z."],
  signed_to: { size: 40, at: "2026-11-01T00:00:00Z" },
  anchored_to: null,
  unsigned: 2,
  key: SIGNING_KEY,
  rollback: null,
  last_check: null,
  checked_at_opening: "When the store was opened, all of its tree and every checkpoint were checked.",
  proves: ["Each record has exactly its bytes."],
  does_not_prove: ["That the source told the truth."],
};

export function approvalRow(change: Partial<ApprovalRow> = {}): ApprovalRow {
  return {
    id: "3f2a91c0".repeat(4),
    kind: "exports",
    title: "Unredacted exports",
    says: [
      "Write 5 calls, all that the query matches, as they were received, with the personal data in them, into an evidence pack.",
    ],
    content: '{\n  "query": "kind:bedrock"\n}',
    content_sha256: "ab".repeat(32),
    asked_by: { name: "Ann Khan", fingerprint: "11111111 22222222" },
    asked_at: "2026-11-20T10:00:00.000Z",
    until: "2026-11-27T10:00:00.000Z",
    asked_leaf: 40,
    state: "waiting",
    problem: null,
    by_me: false,
    for_me: true,
    decision: null,
    used_at: null,
    used_leaf: null,
    ...change,
  };
}

export const DECIDED: ApprovalRow["decision"] = {
  verdict: "approved",
  by: { name: "Ben Ode", fingerprint: "33333333 44444444" },
  reason: "Agreed",
  said_at: "2026-11-21T10:00:00.000Z",
  at: "2026-11-21T10:05:00.000Z",
  leaf: 41,
};

export const PERSONS: Persons = {
  persons: [
    {
      id: "1",
      name: "Ann Khan",
      vkey: "person/ann-khan+00000001+AAAA",
      fingerprint: "11111111 22222222",
      is_me: true,
      added_at: "2026-11-01T10:00:00.000Z",
      added_leaf: 7,
      revoked_at: null,
    },
    {
      id: "2",
      name: "Ben Ode",
      vkey: "person/ben-ode+00000002+BBBB",
      fingerprint: "33333333 44444444",
      is_me: false,
      added_at: "2026-11-01T10:01:00.000Z",
      added_leaf: 8,
      revoked_at: null,
    },
  ],
  says: ["You are Ann Khan: the secret of that key is at hand here."],
};

export const RULES: RuleRow[] = [
  { kind: "waivers", title: "Waivers", about: "Accepting a finding for a time.", on: false, since: null },
  {
    kind: "exports",
    title: "Unredacted exports",
    about: "Writing records as they were received.",
    on: true,
    since: "2026-11-02T10:00:00.000Z",
  },
];

/** A pack that holds, by a key that nobody compared. */
export const VERIFICATION: Verification = {
  ok: true,
  key: "not_compared",
  says: "holds, by a key that you have not compared: 5 records of 40 leaves",
  records: 5,
  counts: {
    in_scope: 40,
    shown: 8,
    records: 5,
    supporting: 3,
    withheld: 32,
    erased: 0,
    missing: 0,
    records_erased: 0,
    rejected: 2,
  },
  imports: [],
  unfinished: 0,
  origin: "assay.local/0123",
  size: 40,
  root: "ab".repeat(32),
  first_fingerprint: "01234567 ".repeat(8).trim(),
  first_vkey: "assay.local/0123+01234567+AAAA",
  query: "status:error",
  made_at: "2026-11-01T00:00:00.000Z",
  continues: null,
  notes: ["Compare the fingerprint."],
  failures: [],
  failed: 0,
};
