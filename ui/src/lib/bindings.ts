// Generated from crates/engine/src/commands.rs by its tests. Do not edit.

export type About = { version: string, store: string, store_bytes: number, schema: number, sqlite: string, 
/**
 * Whether its file is.
 */
encrypted: boolean, sample: boolean, organisation: string, offline: boolean, prices_as_of: string, facts_as_of: string, 
/**
 * Who is recorded for reveals and exports.
 */
user: string, };

export type AcceptRestore = { 
/**
 * The first eight digits of the log's id and the number of lost records: `0123abcd 17`.
 */
phrase: string, };

export type ActivityDetail = { activity: ActivityRow, 
/**
 * The calls that it is about, where it names any.
 */
calls: CallsAbout | null, provenance: Provenance | null, raw: Array<Segment>, raw_cut: number, erased: ErasedRecord | null, 
/**
 * The holds in force that cover it.
 */
holds: Array<string>, };

export type ActivityPage = { activities: Array<ActivityRow>, next: string | null, };

export type ActivityRow = { id: string, at: string | null, action: string, category: Category, kind: Kind | null, actor: string | null, source_ip: string | null, region: string | null, account: string | null, target: string | null, succeeded: boolean | null, error_type: string | null, source: string, 
/**
 * Given by the person, for this program's own activities.
 */
reason: string | null, oddities: Array<Oddity>, 
/**
 * The leaf that erased what was personal in it.
 */
erased: number | null, 
/**
 * A legal hold covers it.
 */
held: boolean, };

export type AddNote = { 
/**
 * The call's id.
 */
id: string, 
/**
 * 1–4,000 characters.
 */
text: string, 
/**
 * The note that it corrects.
 */
replaces?: number, };

export type AddPerson = { name: string, vkey: string, 
/**
 * The fingerprint as that person read it out; at least its first sixteen digits.
 */
fingerprint: string, };

export type AddTestText = { set: string, text?: string, call_id?: string, 
/**
 * Which text of the call, counted from 0 in the order of its preview; all where absent.
 */
part?: number, language?: string, };

export type AddedTexts = { set: string, 
/**
 * The numbers of the texts.
 */
texts: Array<number>, labels: number, 
/**
 * Of a corpus: what its labels were taken for, the most frequent first.
 */
taken_for: Array<LabelRow>, 
/**
 * Texts of a corpus that were left out, since nothing stands in them.
 */
empty: number, 
/**
 * Texts of a corpus that were left out, since the set holds them already, whatever their labels.
 */
held: number, };

export type Agreed = { first: string, second: string, 
/**
 * Items that both read.
 */
both_read: number, agreed: number, observed: Interval, 
/**
 * Cohen's kappa, −1 to 1; `None` where both used one word only.
 */
kappa: Interval | null, 
/**
 * Counts of fine, problem, unsure: the first reader down, the second across.
 */
table: Array<Array<number>>, 
/**
 * Positions on which they differ.
 */
differ: Array<number>, 
/**
 * Too few items to judge agreement by.
 */
is_too_few: boolean, says: string, };

export type Agreement = { tp: number, fp: number, fn: number, precision: number | null, recall: number | null, f1: number | null, f2: number | null, 
/**
 * 95 % Wilson interval of the precision, of `tp + fp`.
 */
precision_interval: [number, number] | null, 
/**
 * 95 % Wilson interval of the recall, of `tp + fn`.
 */
recall_interval: [number, number] | null, 
/**
 * 95 % bootstrap interval over records.
 */
f1_interval: [number, number] | null, 
/**
 * 95 % bootstrap interval over records.
 */
f2_interval: [number, number] | null, 
/**
 * Fewer than 30 labelled spans: too few to judge the recall, F1 and F2.
 */
too_few: boolean, 
/**
 * Fewer than 30 findings: too few to judge the precision, F1 and F2.
 */
too_few_found: boolean, };

export type AllowedCount = { 
/**
 * Where it stands: `allow[2]`.
 */
place: string, 
/**
 * The entry in a sentence.
 */
entry: string, 
/**
 * Its last day has passed: it leaves nothing alone any more.
 */
over: boolean, hits: number, };

export type Amount = { what: string, count: number, };

export type AnchorFailure = { name: string, destination: string, 
/**
 * The code of the error.
 */
code: string, message: string, };

export type AnchorMade = { 
/**
 * Leaves of the checkpoint.
 */
size: number, kind: string, name: string, 
/**
 * When it was received, by this computer's clock.
 */
received_at: string, 
/**
 * When they say that it was.
 */
stated_at: string | null, 
/**
 * As a time-stamping authority calls itself.
 */
authority: string | null, 
/**
 * What was and was not checked.
 */
says: string, };

export type AnchorNow = { 
/**
 * Only these; all where it is empty.
 */
names: Array<string>, };

export type AnchorRef = { name: string, };

export type AnchorRow = { name: string, 
/**
 * `tsa` or `witness`.
 */
kind: string, url: string, 
/**
 * Host and port: nothing is sent anywhere else.
 */
destination: string, 
/**
 * Whether asking leaves this computer.
 */
leaves_computer: boolean, 
/**
 * Its address may be private.
 */
private: boolean, 
/**
 * Of a witness: its verifier key.
 */
vkey: string | null, 
/**
 * Of a time-stamping authority: SHA-256 of its certificates as they were given.
 */
chain_sha256: string | null, 
/**
 * What is sent, in words.
 */
sends: string, 
/**
 * The largest checkpoint that it vouched for.
 */
last_size: number | null, last_at: string | null, };

export type AnchorSummary = { 
/**
 * Leaves of the checkpoint that was sent.
 */
size: number, made: Array<AnchorMade>, failed: Array<AnchorFailure>, 
/**
 * What somebody should know although it worked.
 */
warnings: Array<string>, };

export type AnchoredTo = { 
/**
 * Leaves.
 */
size: number, 
/**
 * RFC 3339: when their answer was received.
 */
at: string, 
/**
 * Who.
 */
by: string, 
/**
 * `tsa` or `witness`.
 */
kind: string, };

export type Anchors = { profiles: Array<AnchorRow>, 
/**
 * Newest first.
 */
anchors: Array<AnchorMade>, 
/**
 * Plain sentences.
 */
says: Array<string>, };

export type ApprovalFile = { handle: string, };

export type ApprovalRef = { 
/**
 * The first digits are enough.
 */
id: string, };

export type ApprovalRow = { id: string, kind: string, title: string, 
/**
 * What is asked, in sentences.
 */
says: Array<string>, 
/**
 * What is asked, exactly: JSON.
 */
content: string, content_sha256: string, asked_by: Signer, asked_at: string, until: string, 
/**
 * The leaf that records the request.
 */
asked_leaf: number, state: ApprovalState, 
/**
 * Why it is void.
 */
problem: string | null, 
/**
 * Whether whoever sits here asked.
 */
by_me: boolean, 
/**
 * Whether it waits for somebody, and whoever sits here may answer.
 */
for_me: boolean, decision: DecisionRow | null, used_at: string | null, used_leaf: number | null, };

export type ApprovalStanding = { 
/**
 * Whether the rule is on.
 */
needed: boolean, 
/**
 * The newest request for exactly this.
 */
request: ApprovalRow | null, 
/**
 * Whether it can be done now.
 */
free: boolean, };

export type ApprovalState = "waiting" | "approved" | "refused" | "used" | "expired" | "void";

export type Approvals = { 
/**
 * Plain sentences.
 */
says: Array<string>, 
/**
 * By kind: how many deeds were approved, of how many.
 */
tallies: Array<Tally>, 
/**
 * Newest first.
 */
rows: Array<Requested>, };

export type AskCases = { set: string, policy?: string, policy_toml?: string, 
/**
 * `missed`, `wrong`, or `all` texts.
 */
which: string, 
/**
 * Only cases of this type.
 */
entity_type?: string, 
/**
 * The last text of the page before.
 */
after?: number, };

export type AskExcerpts = { query: string, 
/**
 * Ids of calls, at most 500.
 */
ids: Array<string>, };

export type AskGate = { 
/**
 * `claims@3`, or `claims` for the newest. The one that is in force by default where absent: what
 * ending a deployment's own policy puts there.
 */
name?: string, 
/**
 * Only for records of this deployment; everywhere that no other is in force, where absent.
 */
deployment?: string, };

export type AskGuardCases = { run: string, entity_type?: string, writing?: string, 
/**
 * `both`, `only_guard`, `only_local`, `neither`, `partly`, `no_answer`; of texts with nothing
 * planted `clean` (found by the guard) and `clean_local`.
 */
which: string, 
/**
 * At most 500.
 */
limit?: number, };

export type AskHistogram = { query: string, 
/**
 * At most this many bars: 1–240.
 */
bars: number, };

export type AskReconciliation = { 
/**
 * A date or RFC 3339; inclusive.
 */
from?: string, 
/**
 * A date or RFC 3339; exclusive.
 */
to?: string, };

export type AskReport = { 
/**
 * `monthly`.
 */
kind: string, 
/**
 * RFC 3339 or a date; inclusive. The first call where absent.
 */
from?: string, 
/**
 * RFC 3339 or a date; exclusive. After the last call where absent.
 */
to?: string, 
/**
 * All where empty.
 */
deployments: Array<string>, };

export type AskRow = { query: string, 
/**
 * RFC 3339, or a date.
 */
at: string, };

export type AskSinks = { query: string, 
/**
 * Calls that are read, the newest first; at most 20,000.
 */
limit?: number, };

export type AskTextStatus = { 
/**
 * A query of calls.
 */
query?: string, };

export type AskUsage = { 
/**
 * A date or RFC 3339; buckets that begin then or later.
 */
from?: string, 
/**
 * A date or RFC 3339; buckets that begin before it.
 */
to?: string, 
/**
 * Rows of this model, with a date or without.
 */
model?: string, 
/**
 * `usage` or `cost`.
 */
report?: string, 
/**
 * Only rows that count, or only those that don't.
 */
counts?: boolean, 
/**
 * What a page before it answered as `next`.
 */
after?: string, 
/**
 * At most this many rows, 200 where absent.
 */
limit?: number, };

export type AskedGate = { 
/**
 * Why it is asked for all the same; `None` where no reason was given.
 */
reason: string | null, 
/**
 * Points that are not clear: now, else when it was asked; `None` where neither is known.
 */
not_clear: number | null, 
/**
 * Of how many.
 */
of: number, 
/**
 * As they stood when it was asked; `None` where the request does not say.
 */
asked: AskedPoints | null, 
/**
 * As they stand now.
 */
now: Gate | null, 
/**
 * Why that can't be told; a sentence.
 */
untold: string | null, 
/**
 * What is otherwise now than when it was asked; sentences.
 */
changed: Array<string>, };

export type AskedPoints = { before: string, after: string, 
/**
 * When it was asked; RFC 3339.
 */
at: string, points: Array<GatePoint>, };

export type Attention = { 
/**
 * `critical`, `high`, `medium`, `low`.
 */
severity: string, title: string, deployment: string | null, 
/**
 * The finding to open, where it is one.
 */
finding: string | null, 
/**
 * The trail query to open otherwise.
 */
query: string | null, 
/**
 * Whether it is about requests for approval.
 */
approvals: boolean, 
/**
 * The screen to open where it is neither: `imports`, `retention`.
 */
screen: string | null, };

export type BackendRef = { name: string, };

export type BackendRow = { name: string, kind: Kind, 
/**
 * `anthropic` or `bedrock_invoke`.
 */
dialect: string, 
/**
 * `https://…`; the sandbox has `embedded`.
 */
base_url: string, 
/**
 * Where it processes; `None` is unknown, and then nothing bound to a place is sent to it.
 */
place: string | null, 
/**
 * `x_api_key`, `bearer`, `sigv4`, `none`.
 */
auth: string, 
/**
 * Sends this model instead of the call's own.
 */
model: string | null, 
/**
 * The endpoint's address may be private.
 */
private: boolean, builtin: boolean, 
/**
 * Whether a key is there: `keychain`, `environment`, `none`, `not_needed`, or why it can't be told.
 */
key: string, 
/**
 * The last four characters of the key.
 */
key_last4: string | null, };

export type Bar = { start_ms: number, ok: number, 
/**
 * Answered 429.
 */
limited: number, 
/**
 * Any other error.
 */
errors: number, };

export type Basis = { 
/**
 * The word that is kept.
 */
name: string, title: string, };

export type Batch = { id: string, path: string, 
/**
 * `None` where no record was recognised.
 */
format: string | null, 
/**
 * Of the file as it lies on disk; `None` for an import that was cut short.
 */
sha256: string | null, 
/**
 * Read from disk.
 */
bytes: number, accepted: number, duplicates: number, rejected: number, blank: number, 
/**
 * Accepted records of calls; several may tell of one call, of this import or of another.
 */
calls: number, activities: number, 
/**
 * Accepted records whose id another record of the same source has with other content.
 */
conflicts: number, 
/**
 * Oddities of accepted records, by name.
 */
oddities: { [key in string]: number }, 
/**
 * `done`, `cancelled`, `failed`, `running` (cut short), `already_imported`.
 */
state: string, started_at: string, finished_at: string | null, 
/**
 * What stopped it, where it failed.
 */
error: string | null, 
/**
 * What CloudTrail's digests say of it; `None` for what is no CloudTrail log file.
 */
origin: LogOrigin | null, };

export type BilledComparison = { 
/**
 * Rows of usage reports in the period; 0: what was used is unknown.
 */
usage_rows: number, 
/**
 * Rows of cost reports in the period; 0: what was billed is unknown.
 */
cost_rows: number, 
/**
 * By deployment and model, over all days that are compared.
 */
models: Array<BilledModel>, 
/**
 * Day by day, the newest first.
 */
lines: Array<BilledLine>, 
/**
 * Earlier lines that are not shown.
 */
left_out: number, 
/**
 * Calls on days that no report covers.
 */
uncovered_calls: number, uncovered_query: string | null, 
/**
 * Billed cost that is of no model, by its type.
 */
other_costs: Array<OtherCost>, 
/**
 * What the state of a line means.
 */
states: Array<Rule>, 
/**
 * How it is compared, and which rows count.
 */
rules: Array<string>, };

export type BilledLine = { day: string, deployment: string | null, model: string | null, 
/**
 * Hours of the day that are compared; 0 where no usage report covers any.
 */
hours: number, billed: TokenCounts | null, held: TokenCounts | null, calls: number, without_tokens: number, calls_query: string, usage: AskUsage, billed_usd: string | null, held_usd: string | null, state: string, };

export type BilledModel = { 
/**
 * `None`: all deployments of the Claude API.
 */
deployment: string | null, 
/**
 * `None`: all models, where the report is not grouped by them; empty: the request named none.
 */
model: string | null, 
/**
 * Days that a usage report covers, wholly or in part.
 */
days: number, 
/**
 * `None` where no usage report covers a day: unknown.
 */
billed: TokenCounts | null, 
/**
 * What the trail holds of the same hours; `None` where it holds no call of it.
 */
held: TokenCounts | null, 
/**
 * Calls of the trail in these hours, and how many answered ones lack token counts.
 */
calls: number, without_tokens: number, calls_query: string, usage: AskUsage, 
/**
 * Days that a cost report covers.
 */
cost_days: number, billed_usd: string | null, 
/**
 * By the price table, of the same days; `None` where the trail holds no call of them.
 */
held_usd: string | null, 
/**
 * Answered calls of these days whose cost is not known.
 */
without_cost: number, cost: AskUsage, state: string, };

export type Blocking = { hold: string, records: number, };

export type Body = "present" | "missing" | "by_reference" | "not_carried";

export type BoundCanaries = { 
/**
 * The calls in copies of whose text values are planted.
 */
query: string, 
/**
 * A policy's name; the one in force where neither it nor its text is given.
 */
policy?: string, policy_toml?: string, 
/**
 * The same seed plants the same values in the same places; 1 where absent.
 */
seed?: number, 
/**
 * How many are planted, 2,000 where absent, 20,000 at most.
 */
count?: number, 
/**
 * Only these entity types; all that there are canaries of where empty.
 */
entity_types: Array<string>, 
/**
 * Only these writings: `plain`, `json_escaped` …; all where empty.
 */
writings: Array<string>, };

export type BoundRecapture = { query: string, 
/**
 * A policy's name; the one in force where neither it nor its text is given.
 */
policy?: string, policy_toml?: string, 
/**
 * The level of the model of names, `fast` or `full`; fast where absent.
 */
level?: string, };

export type BoundSample = { sample: number, };

export type BuildText = { 
/**
 * `words` or `phrases`: switches it on; absent to go on with what is on.
 */
detail?: string, };

export type ByField = { field: string, 
/**
 * Texts that were compared.
 */
texts: number, stretches: Stretches, };

export type ByOperator = { 
/**
 * Type and operator of the old policy.
 */
old: string, new: string, stretches: number, shows_more: number, };

export type ByType = { entity_type: string, category: string, stretches: Stretches, };

export type CallDetail = { call: CallRow, request: Array<MaskedPart>, response: Array<MaskedPart>, 
/**
 * Why there is no text, where there is none; for people.
 */
body_note: string | null, 
/**
 * `s3://…` references of the record.
 */
references: Array<string>, 
/**
 * The policy that masked the text, and its version.
 */
masked_by: string, cost: CostLine, provenance: Provenance, witnesses: Array<Witness>, 
/**
 * What each source recorded, the record shown first.
 */
versions: Array<SourceVersion>, 
/**
 * Where they disagree: region, tokens, cost, status, redaction.
 */
disagreements: Array<FieldDisagreement>, 
/**
 * Why it can't be told what else is of this call, where it can't; for people.
 */
ambiguity: string | null, 
/**
 * The record as received, masked; cut at 64 kB.
 */
raw: Array<Segment>, raw_cut: number, reveals: Array<Reveal>, 
/**
 * What Anthropic's feed of activities tells of it: newest first, 20 at most.
 */
activities: Array<ActivityRow>, erased: ErasedRecord | null, 
/**
 * The holds in force that cover it.
 */
holds: Array<string>, };

export type CallNotes = { 
/**
 * The id that the call is listed under.
 */
call: string, 
/**
 * Oldest first; withdrawn and corrected ones stay.
 */
notes: Array<NoteRow>, 
/**
 * Tags that stand on it now, by name.
 */
tags: Array<string>, 
/**
 * Who put tags on it and took them away, oldest first.
 */
tag_history: Array<TagRow>, 
/**
 * The policy by which texts are masked.
 */
masked_by: string, };

export type CallPage = { calls: Array<CallRow>, 
/**
 * The cursor of the next page; `None` at the end.
 */
next: string | null, };

export type CallRow = { 
/**
 * 32 hexadecimal digits: the content hash of the record.
 */
id: string, kind: Kind, deployment: string, 
/**
 * Every source that saw the call, the fullest record first.
 */
sources: Array<string>, 
/**
 * RFC 3339, UTC, milliseconds.
 */
started_at: string | null, latency_ms: number | null, request_model: string | null, response_model: string | null, requested_region: string | null, served_region: string | null, principal: string | null, source_ip: string | null, status: Status, http_status: number | null, error_type: string | null, stop_reason: string | null, input_tokens: number | null, output_tokens: number | null, cache_read_tokens: number | null, cache_write_5m_tokens: number | null, cache_write_1h_tokens: number | null, 
/**
 * US dollars as a decimal string; by the dated price table, or as the source reported.
 */
cost_usd: string | null, classification: string | null, request_ids: { [key in string]: string }, conversation_id: string | null, 
/**
 * Values are masked like prompt text.
 */
metadata: { [key in string]: string }, body: Body, features: Array<Feature>, oddities: Array<Oddity>, 
/**
 * Whether another record of the same source has the same id and other content.
 */
conflict: boolean, 
/**
 * Personal data and secrets found in its text; `None` until it was scanned.
 */
entities: number | null, 
/**
 * The leaf that erased its text and what was personal in it.
 */
erased: number | null, 
/**
 * A legal hold covers it.
 */
held: boolean, 
/**
 * Which of these figures another record of the call tells and not the one that is listed: the field, and
 * the source of that record.
 */
lent: { [key in string]: LentBy }, };

export type CallsAbout = { 
/**
 * Finds them.
 */
query: string, 
/**
 * How many of them the trail holds.
 */
count: number, };

export type CanaryBound = { policy: string, policy_version: string, query: string, seed: number, 
/**
 * Calls that match.
 */
matched: number, 
/**
 * Calls that were drawn by the seed, of these those with text that values were planted in.
 */
drawn: number, hosts: number, fared: Fared, by_type: Array<CanaryRow>, by_writing: Array<CanaryRow>, by_field: Array<CanaryRow>, 
/**
 * Types and writings of which any came through or partly, the most first.
 */
leaks: Array<CanaryCell>, says: string, limits: Array<string>, };

export type CanaryCell = { entity_type: string, writing: string, fared: Fared, };

export type CanaryRow = { name: string, fared: Fared, };

export type CarryOut = { request: string, 
/**
 * As `retention.requests` gives it.
 */
phrase: string, };

export type CasePage = { cases: Array<CaseRow>, 
/**
 * Whether there are more behind the last one.
 */
more: boolean, };

export type CaseRow = { text: number, set: string, 
/**
 * The call that it was taken from.
 */
call: string | null, language: string | null, field: string | null, segments: Array<CaseSegment>, 
/**
 * Whether it is shown as it is: of a text from a call what is labelled or found stands as dots.
 */
revealed: boolean, };

export type CaseSegment = { text: string, 
/**
 * The label that it belongs to.
 */
label: number | null, labelled_type: string | null, labelled_by: string | null, labelled_at: string | null, found_type: string | null, recognizer: string | null, 
/**
 * 0–1.
 */
score: number | null, category: string | null, 
/**
 * `plain`, `right`, `missed`, `wrong`.
 */
verdict: string, };

export type Category = "settings" | "access" | "administration" | "vendor_access" | "workbench" | "other";

export type CheckRow = { id: string, title: string, question: string, severity: string, clauses: Array<ClauseRow>, };

export type CheckStore = { 
/**
 * `tree`, `leaves` or `records`; each includes the ones before.
 */
depth: string, 
/**
 * Checkpoints or packs that were kept elsewhere, as chosen.
 */
against: Array<string>, };

export type CheckSummary = { met: number, not_met: number, unknown: number, waived: number, findings: Array<FindingRow>, 
/**
 * When the deployment that was checked longest ago was checked.
 */
ran_at: string | null, 
/**
 * Records imported since.
 */
since: number, 
/**
 * Deployments whose definition or settings changed since.
 */
changed: Array<string>, 
/**
 * Deployments that were never checked, while others were.
 */
unchecked: Array<string>, 
/**
 * Whether another policy is in force than the calls were searched by.
 */
policy_changed: boolean, };

export type CheckedPart = { checked: number, of: number, };

export type Chosen = { handle: string, 
/**
 * The last part of its name; for showing only.
 */
name: string, size_bytes: number | null, };

export type ClauseRow = { 
/**
 * "GDPR Art. 5(1)(e)".
 */
clause: string, asks: string, 
/**
 * As of when the clause was read; a date.
 */
as_of: string, };

export type Code = "bad_input" | "format_unknown" | "not_found" | "store_locked" | "store_too_new" | "store_damaged" | "store_rolled_back" | "store_encrypted" | "key_missing" | "backend_unreachable" | "backend_refused" | "rate_limited" | "budget_reached" | "policy_refused" | "not_confirmed" | "approval_needed" | "file_unwritable" | "cancelled" | "internal";

export type ComparePolicies = { from: string, to?: string, to_toml?: string, };

export type ComparedPolicies = { from: string, to: string, differences: Array<PolicyDifference>, lines: Array<DiffLine>, };

export type Comparison = { item: RunItem, 
/**
 * Word by word.
 */
diff: Array<DiffSegment>, 
/**
 * Further differences: stop reason, tool calls, tokens.
 */
differs: Array<Difference>, };

export type CostLine = { 
/**
 * By the price table, US dollars.
 */
computed_usd: string | null, 
/**
 * As the source reported, US dollars.
 */
reported_usd: string | null, 
/**
 * Which price row, and as of when; or why there is none.
 */
basis: string, };

export type CostOf = { bytes_per_record: number, 
/**
 * Of the whole index.
 */
bytes: number, };

export type Count = { matching: number, stored: number, };

export type Counted = { value: number, 
/**
 * "calls", "calls with a recorded cost" …; "call" of one.
 */
what: string, };

export type Coverage = { 
/**
 * The days, `2026-10-01`, in order, without a gap.
 */
days: Array<string>, 
/**
 * Earlier days of the period that are not shown.
 */
left_out: number, 
/**
 * Calls without a time, which stand on no day.
 */
without_time: number, sources: Array<SourceDays>, 
/**
 * What CloudTrail's digests say of each day that has a log file or a digest.
 */
digests: Array<DigestDay>, 
/**
 * What each state of a day means.
 */
states: Array<Rule>, 
/**
 * What each verdict of the digests means.
 */
verdicts: Array<Rule>, };

export type CreatePerson = { name: string, };

export type DayCell = { day: string, 
/**
 * recorded, partial, hole, elsewhere, nothing.
 */
state: string, 
/**
 * Calls that it saw.
 */
calls: number, query: string, 
/**
 * Calls of the deployments it covers that only other sources saw and that it could hold.
 */
elsewhere: number, elsewhere_query: string, 
/**
 * The names of the signatures of holes on this day.
 */
signatures: Array<string>, };

export type DecideApproval = { id: string, 
/**
 * `approved` or `refused`.
 */
verdict: string, reason: string, };

export type Decided = { 
/**
 * `approved`, `refused`.
 */
verdict: string, by: string, 
/**
 * The fingerprint of the key that signed.
 */
key: string, at: string, reason: string, leaf: number, };

export type DecisionRow = { 
/**
 * `approved` or `refused`.
 */
verdict: string, by: Signer, reason: string, 
/**
 * By that person's clock.
 */
said_at: string, 
/**
 * When it was recorded here.
 */
at: string, 
/**
 * The leaf that records it.
 */
leaf: number, };

export type Deed = { command: string, 
/**
 * The input, as JSON.
 */
input: string, };

export type DeploymentPage = { summary: DeploymentSummary, regions: Array<RegionRow>, settings: Array<SettingRow>, 
/**
 * Calls by source.
 */
sources: Array<NamedCount>, models: Array<NamedCount>, 
/**
 * The definition as TOML; a template where nobody wrote one yet.
 */
toml: string, };

export type DeploymentRef = { name: string, };

export type DeploymentSummary = { name: string, kind: Kind, description: string, owner: string | null, regulated: boolean, zero_retention: boolean, allowed_places: Array<string>, 
/**
 * Whether somebody wrote a definition; otherwise it was made from the calls' own account.
 */
declared: boolean, calls: number, errors: number, first_call_at: string | null, last_call_at: string | null, input_tokens: number, output_tokens: number, cost_usd: string, 
/**
 * For how many of its calls the cost is known.
 */
cost_known_calls: number, 
/**
 * Where its calls ran, by evidence; the most calls first.
 */
served_regions: Array<ServedRegion>, 
/**
 * Calls whose served region no record tells.
 */
region_unknown_calls: number, 
/**
 * Calls that carry evidence of a private network path.
 */
private_path_calls: number, 
/**
 * Calls scanned for personal data, and those with some.
 */
scanned_calls: number, entity_calls: number, 
/**
 * `None` until checks were run.
 */
verdicts: Verdicts | null, 
/**
 * The data-handling summary: one line or more a topic, the strongest mark first.
 */
handling: Array<HandlingLine>, };

export type DiffLine = { 
/**
 * `same`, `gone` or `new`.
 */
change: string, text: string, };

export type DiffSegment = { 
/**
 * `equal`, `removed`, `added`.
 */
change: string, text: string, };

export type Difference = { field: string, here: string | null, there: string | null, };

export type DigestChain = { account: string, region: string, trail: string, is_backfill: boolean, 
/**
 * `verified`, `partly`, `unknown`, `failed`.
 */
verdict: string, from: string, to: string, digests: number, digests_verified: number, digests_unsigned: number, digests_without_key: number, digests_failed: number, 
/**
 * Log files that the digests name.
 */
named: number, verified: number, hash_matches: number, failed: number, 
/**
 * Named and not imported.
 */
absent: number, gaps: Array<DigestGap>, 
/**
 * At most 200.
 */
failures: Array<DigestFailure>, 
/**
 * At most 200 of the named log files that were not imported.
 */
absent_files: Array<string>, 
/**
 * Plain sentences about the chain.
 */
says: Array<string>, };

export type DigestDay = { day: string, 
/**
 * verified, partly, unverified, no_digest, gap, failed.
 */
verdict: string, 
/**
 * Log files delivered on this day that were imported.
 */
files: number, verified: number, failed: number, };

export type DigestFailure = { 
/**
 * Its place in S3.
 */
object: string, 
/**
 * `signature`, `key_not_valid_then`, `other_content`, `renamed`, `changed`.
 */
why: string, sentence: string, };

export type DigestGap = { from: string, to: string, 
/**
 * The digest that is missing, where the following one names it.
 */
missing: string | null, };

export type DigestKey = { fingerprint: string, valid_from: string | null, valid_to: string | null, 
/**
 * The file that brought it.
 */
source: string, 
/**
 * SHA-256 of the key (DER), hexadecimal.
 */
sha256: string, };

export type DigestReport = { chains: Array<DigestChain>, keys: Array<DigestKey>, files: LogFileCounts, 
/**
 * When they were judged; `None` where there is no digest.
 */
judged_at: string | null, 
/**
 * Plain sentences: what this shows and what it does not.
 */
says: Array<string>, };

export type Disagreement = "region" | "tokens" | "cost" | "status" | "redaction";

export type Dispose = { 
/**
 * As `retention.status` gives it: it names the rule.
 */
phrase: string, };

export type DrawSample = { query: string, 
/**
 * The same seed, query and population give the same sample; chosen by chance where absent.
 */
seed?: number, 
/**
 * 1–2,000 calls.
 */
size: number, 
/**
 * By what calls are put into strata: `deployment`, `model`, `status`, `day`; none for one stratum.
 */
by: Array<string>, 
/**
 * `proportional` (at least one of each) or `equal`; proportional where absent.
 */
allocation?: string, 
/**
 * How many read it, 1 or 2; 2 where absent. Results are withheld until all have finished.
 */
readers?: number, };

export type DueText = { 
/**
 * Records whose text is due and that nothing holds.
 */
records: number, 
/**
 * Records that are due and stay, since a hold covers them.
 */
held: number, 
/**
 * First and last day that is due, dates.
 */
from_day: string | null, to_day: string | null, 
/**
 * Keys of days that are deleted with them.
 */
keys: number, 
/**
 * Evidence packs in the store's folder that hold text of these records.
 */
packs: number, };

export type EncryptStore = { 
/**
 * Opens the recovery copy; at least twelve characters. It is kept nowhere.
 */
passphrase: string, };

export type EndWaiver = { id: string, reason: string, };

export type EntityCount = { entity_type: string, category: string, count: number, };

export type EraseSubject = { 
/**
 * As `retention.find_subject` gave it.
 */
found: string, 
/**
 * How whoever asked refers to it: letters, digits, `.`, `_`, `-`.
 */
request: string, 
/**
 * One of `retention.bases`.
 */
basis: string, 
/**
 * As the search gave it.
 */
phrase: string, 
/**
 * Also delete the files that can't be searched.
 */
unsearchable_files: boolean, };

export type Erased = { 
/**
 * `None` where there was nothing to erase now.
 */
erasure: ErasureRow | null, 
/**
 * Records that stay, since a hold covers them.
 */
held: number, holds: Array<Blocking>, 
/**
 * What the same search finds now, of a person: records, rows and occurrences in files. Rows
 * that somebody has to look at are among them. `None` where nothing could be searched for.
 */
left: Array<Amount> | null, 
/**
 * Plain sentences.
 */
says: Array<string>, };

export type ErasedRecord = { 
/**
 * The leaf that names the record and the ground.
 */
leaf: number, 
/**
 * `subject` or `retention`.
 */
kind: string, basis: string, request: string, at: string, 
/**
 * For people.
 */
sentence: string, 
/**
 * What remains, and why; for people.
 */
remains: string, };

export type ErasureRow = { 
/**
 * The leaf that names the records and the ground.
 */
leaf: number, 
/**
 * `subject` or `retention`.
 */
kind: string, basis: string, request: string, begun_at: string, 
/**
 * The leaf that says what was destroyed; `None` while it is not ended.
 */
done_leaf: number | null, done_at: string | null, records: number, 
/**
 * What was destroyed: name to count.
 */
destroyed: { [key in string]: number }, };

export type Event = { "type": "job", job: Job, } | { "type": "changed", tags: Array<string>, };

export type Evidence = { 
/**
 * "E-12": the number in this report.
 */
id: string, what: string, query: string | null, call_ids: Array<string>, setting: string | null, };

export type EvidencePack = { path: string, handle: string, sha256: string, bytes: number, 
/**
 * Records of sources in it, in full.
 */
records: number, counts: PackCounts, 
/**
 * Leaves of the log up to the checkpoint.
 */
size: number, root: string, 
/**
 * Whether the checkpoint is signed.
 */
signed: boolean, 
/**
 * Of the key that a reader should compare; `None` where nothing is signed.
 */
fingerprint: string | null, 
/**
 * Sizes of the earlier checkpoints that it proves to continue.
 */
continues: Array<number>, };

export type EvidenceRow = { what: string, 
/**
 * Opens exactly the calls that are meant.
 */
query: string | null, 
/**
 * Some of the calls, at most 20.
 */
call_ids: Array<string>, 
/**
 * The setting that is meant, with the call that revealed it.
 */
setting: string | null, };

export type EvidenceState = "ok" | "not_signed" | "key_missing" | "rolled_back" | "damaged";

export type EvidenceStatus = { size: number, 
/**
 * Root hash, hexadecimal; empty where the tree is damaged.
 */
root: string, state: EvidenceState, 
/**
 * What the state is, and since when; a sentence each.
 */
sentences: Array<string>, 
/**
 * How far it is signed.
 */
signed_to: SignedTo | null, 
/**
 * How far somebody else vouches for it.
 */
anchored_to: AnchoredTo | null, 
/**
 * Records that no checkpoint covers yet.
 */
unsigned: number, key: ShownKey, 
/**
 * Set where the store was rolled back.
 */
rollback: ShownRollback | null, 
/**
 * What the last check of the store found; `None` where none is known.
 */
last_check: StoreCheck | null, 
/**
 * What was checked when the store was opened; a sentence.
 */
checked_at_opening: string, 
/**
 * What it proves and what it doesn't, a sentence each.
 */
proves: Array<string>, does_not_prove: Array<string>, };

export type Excerpt = { id: string, 
/**
 * The field that it is from; `None` where the source holds no text of calls.
 */
field: Field | null, 
/**
 * The text around the first match that is not masked; empty where there is none.
 */
pieces: Array<ExcerptPiece>, 
/**
 * The words stand in masked text only: the call is found, the text not shown.
 */
hidden: boolean, };

export type ExcerptPiece = { text: string, 
/**
 * It is what was searched for.
 */
mark: boolean, };

export type ExportApproval = { id: string, 
/**
 * Where to, as chosen; the store's own `approvals` folder where absent.
 */
handle?: string, };

export type ExportColumn = { name: string, 
/**
 * Whether it is exported where nobody chooses.
 */
standard: boolean, 
/**
 * Whether it holds the text of the call, which takes longer.
 */
text: boolean, };

export type ExportOriginals = { query: string, format: string, columns?: Array<string>, 
/**
 * Why; at least 10 characters.
 */
reason: string, handle?: string, };

export type ExportPlan = { 
/**
 * Records that match now.
 */
rows: number, columns: Array<ExportColumn>, 
/**
 * About how many bytes, judged by the newest rows; `None` where there are none.
 */
bytes: number | null, 
/**
 * Sheets of a workbook.
 */
sheets: number | null, 
/**
 * The policy that masks, and its version.
 */
policy: string, policy_version: string, 
/**
 * What to know before, a sentence each.
 */
notes: Array<string>, };

export type ExportPolicy = { 
/**
 * `claims@3`, or `claims` for the newest.
 */
name: string, 
/**
 * `presidio`, `litellm` or `bedrock`.
 */
form: string, };

export type ExportRows = { 
/**
 * A query in the language of the trail; empty for all.
 */
query: string, 
/**
 * `calls` or `activities`.
 */
records: string, 
/**
 * `csv`, `jsonl` or `xlsx`.
 */
format: string, 
/**
 * Names of columns in their order; the standard ones where absent.
 */
columns?: Array<string>, handle?: string, };

export type ExportedPolicy = { policy: string, form: string, 
/**
 * How such a file is called.
 */
file_name: string, text: string, losses: Array<PolicyLoss>, };

export type ExportedRows = { path: string, handle: string, 
/**
 * The file that says what it is.
 */
manifest: string, manifest_handle: string, format: string, records: string, rows: number, sheets: number | null, bytes: number, sha256: string, 
/**
 * `masked` or `original`.
 */
text: string, 
/**
 * The leaf that says that it would be written.
 */
leaf: number, 
/**
 * The leaf that says what was.
 */
written_leaf: number, };

export type ExposedByRule = { 
/**
 * The old policy's recognizer.
 */
recognizer: string, entity_type: string, 
/**
 * `kept`, `allowed`, `not_denied`, `names`, `no_rule`, `below_threshold`, `not_found`.
 */
because: string, says: string, exposed: number, 
/**
 * Of so many stretches that this rule hid as this type.
 */
of: number, calls: number, 
/**
 * Some of these calls, the newest first.
 */
ids: Array<string>, };

export type ExposedCall = { id: string, 
/**
 * RFC 3339, UTC; `None` where no record tells.
 */
started_at: string | null, exposed: number, 
/**
 * Recognizer and type of what is exposed, each once, at most eight.
 */
rules: Array<string>, };

export type Facet = { 
/**
 * The key in the query language.
 */
field: string, title: string, values: Array<FacetValue>, 
/**
 * How many further values there are.
 */
more: number, };

export type FacetValue = { value: string | null, count: number, };

export type FailedFile = { path: string, reason: string, detail: string, };

export type Fared = { planted: number, 
/**
 * No letter or digit of it is left as it was planted, but what a mask keeps.
 */
hidden: number, 
/**
 * Some of it is left.
 */
partly: number, 
/**
 * All of it is left, and nothing was found there.
 */
through: number, 
/**
 * It was found, and the policy keeps what is of its type.
 */
kept: number, };

export type Feature = "streaming" | "tools" | "code_execution" | "container" | "file_reference" | "mcp_servers" | "batch" | "web_search" | "web_fetch" | "prompt_caching" | "thinking" | "structured_output" | "image" | "document" | "guardrail" | "covered_model" | "bearer_token" | "bedrock_mantle";

export type Field = "system" | "user_message" | "assistant_message" | "tool_definition" | "tool_input" | "tool_result" | "thinking" | "document" | "metadata" | "response" | "response_tool_input" | "response_thinking";

export type FieldDisagreement = { field: Disagreement, 
/**
 * Of the records that tell it.
 */
values: Array<ToldValue>, };

export type Figure = { id: string, title: string, value: Value, denominator: Counted | null, 
/**
 * Records that could not be judged.
 */
unknown: Counted | null, 
/**
 * The trail query that opens its records.
 */
query: string | null, note: string | null, };

export type FigureRow = { id: string, value: string, denominator: string | null, query: string | null, };

export type Fill = { field: string, 
/**
 * Records in which it is recorded.
 */
told: number, 
/**
 * Of so many records.
 */
of: number, 
/**
 * Opens the calls whose record of this source lacks it.
 */
lacking_query: string, };

export type FindSubject = { 
/**
 * Names, addresses, numbers by which the person may stand in a record; kept nowhere.
 */
identifiers: Array<string>, 
/**
 * Also take all calls of the conversations in which one of them stands.
 */
conversations: boolean, };

export type Finding = { id: string, check: string, deployment: string, subject: string, 
/**
 * `met`, `not_met`, `unknown`, `waived`.
 */
verdict: string, severity: string, title: string, detail: string, how_to_fix: string, clauses: Array<string>, evidence: Array<Evidence>, counted: number, of: number, unknown: number, waiver: string | null, };

export type FindingRef = { id: string, };

export type FindingRow = { id: string, check: string, check_title: string, deployment: string, subject: string, 
/**
 * `met`, `not_met`, `unknown`, `waived`.
 */
verdict: string, 
/**
 * `critical`, `high`, `medium`, `low`, `info`.
 */
severity: string, title: string, detail: string, how_to_fix: string, clauses: Array<ClauseRow>, evidence: Array<EvidenceRow>, 
/**
 * Records that the finding speaks of.
 */
counted: number, 
/**
 * Records that were looked at.
 */
of: number, 
/**
 * Records that could not be judged.
 */
unknown: number, waiver: WaiverRow | null, };

export type FollowDefault = { deployment: string, 
/**
 * Why, where something stands against it or is unknown; it goes into the trail.
 */
reason?: string, };

export type FoundFile = { 
/**
 * Below the store's folder.
 */
name: string, bytes: number, 
/**
 * `holds`: it goes. `unsearchable`: it goes where that is asked for.
 */
why: string, };

export type FoundIdentifier = { 
/**
 * Its first and last letter and its length.
 */
masked: string, records: number, };

export type FoundOf = { found: number, 
/**
 * Found in part: the rest would still be read. Not among the found ones.
 */
partly: number, of: number, 
/**
 * The 95 % interval of the share, 0–1; none under 30, which are too few to judge.
 */
low: number | null, high: number | null, };

export type FoundSubject = { 
/**
 * Names this result for `retention.erase`, in this session only.
 */
found: string, identifiers: Array<FoundIdentifier>, 
/**
 * Records that would be erased, those that a hold keeps included.
 */
records: number, calls: number, activities: number, 
/**
 * Records of what this program did.
 */
others: number, 
/**
 * Of `records`: those without an identifier that tell of the same calls.
 */
joined: number, 
/**
 * Of `records`: calls without an identifier, of the same conversations.
 */
in_conversations: number, 
/**
 * Further calls of the same conversations, which stay.
 */
conversations_beside: number, 
/**
 * Records that were read.
 */
searched: number, 
/**
 * Of these, records that could not be read and so were not searched.
 */
unreadable: number, 
/**
 * Where the identifiers stand. A record can count in several places.
 */
places: Array<Amount>, 
/**
 * File names of imports, beginnings of rejected lines, queries of plans, findings that go.
 */
also: Array<Amount>, files: Array<FoundFile>, 
/**
 * Rows that stay: somebody has to look at them.
 */
to_decide: Array<Amount>, 
/**
 * Of `records`: those that holds keep.
 */
held: number, holds: Array<Blocking>, 
/**
 * Where this search can't look.
 */
not_searched: Array<string>, 
/**
 * What an erasure here does not reach.
 */
not_reached: Array<string>, 
/**
 * Typed to erase exactly this.
 */
phrase: string, };

export type Gate = { before: string, after: string, deployment: string | null, points: Array<GatePoint>, 
/**
 * Points that speak against it.
 */
against: number, 
/**
 * Points that were tried on a part of what there is.
 */
incomplete: number, 
/**
 * Points of which nobody knows.
 */
unknown: number, 
/**
 * Whether putting it in force takes a reason: a point is not clear.
 */
needs_reason: boolean, 
/**
 * What running the gate would do; empty where it would do nothing.
 */
to_run: Array<string>, 
/**
 * Every rule that differs from the one that it would replace, with the entries of its lists; `None`
 * where this version can't read that one.
 */
changes: Array<PolicyDifference> | null, 
/**
 * How both fare on the test sets, by set and labelled type, what fell first; empty where they
 * were not run.
 */
lines: Array<GateLine>, 
/**
 * What these points do not say.
 */
limits: Array<string>, };

export type GateLine = { set: string, entity_type: string, labelled: number, found_before: number, found_after: number, hidden_before: number, hidden_after: number, 
/**
 * Values that are hidden by the one in force, and would show.
 */
lost: number, 
/**
 * Whether less is found, or something is lost.
 */
fell: boolean, };

export type GatePoint = { 
/**
 * `rehearsal`, `test_sets`, `examples`, `secrets`, `rules` or `same_text`.
 */
point: string, title: string, state: GateState, says: string, 
/**
 * One line each; names of rules, types and test sets, and counts; never a value.
 */
details: Array<string>, 
/**
 * When it was tried, where it takes trying; RFC 3339.
 */
at: string | null, by: string | null, };

export type GateState = "clear" | "against" | "incomplete" | "unknown";

export type Group = { strict: Agreement, leaked: Leaked, tp: number, fp: number, fn: number, precision: number | null, recall: number | null, f1: number | null, f2: number | null, 
/**
 * 95 % Wilson interval of the precision, of `tp + fp`.
 */
precision_interval: [number, number] | null, 
/**
 * 95 % Wilson interval of the recall, of `tp + fn`.
 */
recall_interval: [number, number] | null, 
/**
 * 95 % bootstrap interval over records.
 */
f1_interval: [number, number] | null, 
/**
 * 95 % bootstrap interval over records.
 */
f2_interval: [number, number] | null, 
/**
 * Fewer than 30 labelled spans: too few to judge the recall, F1 and F2.
 */
too_few: boolean, 
/**
 * Fewer than 30 findings: too few to judge the precision, F1 and F2.
 */
too_few_found: boolean, };

export type GuardCase = { id: string, entity_type: string | null, writing: string, field: string, language: string, before: string, 
/**
 * The planted value as it was written; empty where nothing is planted.
 */
planted: string, after: string, 
/**
 * `found`, `partly`, `missed`, `no_answer`.
 */
guard: string, local: string, };

export type GuardCases = { 
/**
 * How many there are.
 */
count: number, cases: Array<GuardCase>, };

export type GuardKind = "presidio" | "bedrock" | "private";

export type GuardLine = { 
/**
 * None in a line over all types.
 */
entity_type: string | null, 
/**
 * None in a line over all writings.
 */
writing: string | null, 
/**
 * `claimed`, `not_claimed`, `not_known`: whether the guard says that it finds this type.
 */
claimed: string, 
/**
 * What guards of this kind call the type; empty where they have no name for it.
 */
guard_names: Array<string>, guard: FoundOf, local: FoundOf, both: number, only_guard: number, only_local: number, neither: number, 
/**
 * Texts without a verdict, apart from the others.
 */
no_answer: number, 
/**
 * What the guard called what it found there, the most frequent first.
 */
found_as: Array<NameCount>, };

export type GuardPlan = { 
/**
 * The plan's id; it is carried out once, within a day.
 */
id: string, guard: string, kind: GuardKind, 
/**
 * Host and port.
 */
destination: string, is_loopback: boolean, texts: number, planted: number, clean: number, 
/**
 * Of the texts alone.
 */
bytes: number, seed: number, 
/**
 * SHA-256 of the texts in order.
 */
sha256: string, policy: string, policy_version: string, 
/**
 * Dollars at most, where a price is known.
 */
cost_usd: string | null, 
/**
 * How the cost was worked out, or why it is not known.
 */
cost_note: string, 
/**
 * What has to be typed before anything is sent; none where nothing leaves this computer.
 */
phrase: string | null, 
/**
 * Some of the texts, as they would be sent.
 */
examples: Array<string>, };

export type GuardRef = { name: string, };

export type GuardRow = { name: string, kind: GuardKind, base_url: string, 
/**
 * Host and port.
 */
destination: string, 
/**
 * Nothing sent to it leaves this computer.
 */
is_loopback: boolean, region: string | null, 
/**
 * `x_api_key`, `bearer`, `sigv4`, `none`.
 */
auth: string, guardrail: string | null, version: string | null, 
/**
 * Bedrock: texts are judged as a model's answer.
 */
as_output: boolean, language: string | null, text_field: string | null, 
/**
 * What it is said to find, by its own names; empty is not known.
 */
claims: Array<string>, private: boolean, per_second: number | null, 
/**
 * Whether a key is there: `keychain`, `environment`, `none`, `not_needed`, or why it can't be told.
 */
key: string, 
/**
 * The last four characters of the key.
 */
key_last4: string | null, 
/**
 * The environment variable that a key is read from.
 */
key_variable: string, };

export type GuardRun = { run: GuardRunRow, 
/**
 * Over the types that the guard claims, or of which it is not known: `not_claimed` is apart.
 */
all: GuardLine, 
/**
 * Over the types that the guard does not claim; none where there are none.
 */
not_claimed: GuardLine | null, by_type: Array<GuardLine>, 
/**
 * Without the types that the guard does not claim.
 */
by_writing: Array<GuardLine>, 
/**
 * Type by writing.
 */
cells: Array<GuardLine>, 
/**
 * Texts with nothing planted in which something was found wrongly.
 */
clean_guard: FoundOf, clean_local: FoundOf, 
/**
 * Why there is no verdict, and on how many texts.
 */
faults: Array<NameCount>, 
/**
 * Why it ended early, for people.
 */
stopped: string | null, 
/**
 * Dollars, by the units that the guard counted.
 */
cost_usd: string | null, 
/**
 * What was measured in this run and what was not.
 */
notes: Array<string>, };

export type GuardRunRef = { run: string, };

export type GuardRunRow = { id: string, guard: string, kind: GuardKind, destination: string, 
/**
 * `running`, `done`, `cancelled`, `failed`.
 */
state: string, started_at: string | null, finished_at: string | null, 
/**
 * Texts of the plan.
 */
texts: number, 
/**
 * Texts that the guard gave a verdict on.
 */
judged: number, planted: number, 
/**
 * Judged ones with a planted value of a type that the guard does not leave out, and of these found
 * whole by the guard, and by the local rules.
 */
judged_planted: number, guard_found: number, local_found: number, policy: string, policy_version: string, };

export type Handling = { deployment: string, kind: string, description: string, owner: string | null, regulated: boolean, zero_retention: boolean, calls: number, places: Array<Place>, lines: Array<Line>, };

export type HandlingLine = { 
/**
 * The topic's name: `retention`, `training` …
 */
topic: string, 
/**
 * The topic as people read it.
 */
title: string, statement: string, 
/**
 * `observed`, `configured`, `vendor_stated`, `declared`, `unknown`.
 */
mark: string, source: string | null, 
/**
 * A date.
 */
as_of: string | null, 
/**
 * Older than its review date, or than 180 days.
 */
review_due: boolean, };

export type Histogram = { from_ms: number | null, to_ms: number | null, bar_ms: number, bars: Array<Bar>, 
/**
 * Calls that match but carry no valid time, so that no bar shows them.
 */
without_time: number, };

export type HoldRow = { name: string, 
/**
 * `calls` or `activities`.
 */
records: string, query: string, reason: string, set_by: string, set_at: string, 
/**
 * When to look whether it is still needed; it does not end by itself.
 */
review_at: string | null, review_due: boolean, 
/**
 * Records that it covers, or covered when it was released.
 */
held: number, released_by: string | null, released_at: string | null, release_reason: string | null, 
/**
 * The leaf that records it.
 */
leaf: number, };

export type HoleRow = { signature: string, title: string, source: string, source_title: string, deployment: string | null, 
/**
 * RFC 3339, UTC; half-open.
 */
from: string, to: string, 
/**
 * Whether nothing in the trail ends it: then `to` is only where what was looked at ends.
 */
no_end_known: boolean, count: number, denominator: number, 
/**
 * What is counted: calls, records (the query opens their calls), activities, files, or tokens of
 * the provider's report (the query opens the calls of their time and model).
 */
unit: string, 
/**
 * Opens the calls.
 */
query: string | null, 
/**
 * Opens the activities that prove it.
 */
activities_query: string | null, 
/**
 * Opens the rows of the provider's report that are counted.
 */
usage: AskUsage | null, says: string, };

export type Import = { path: string, format: string | null, sha256: string | null, accepted: number, duplicates: number, rejected: number, };

export type ImportPolicy = { handle?: string, text?: string, 
/**
 * `presidio`, `litellm` or `bedrock`; told by the file's keys where absent.
 */
form?: string, 
/**
 * What the policy is to be called.
 */
name?: string, };

export type ImportSet = { set: string, handle: string, 
/**
 * What its texts are in, where they do not say; of the set where absent.
 */
language?: string, 
/**
 * The kind of field that they are from, where they do not say; of the set where absent.
 */
field?: string, };

export type ImportSnapshot = { name: string, handles: Array<string>, };

export type ImportSummary = { accepted: number, duplicates: number, rejected: number, 
/**
 * Accepted records of calls.
 */
calls: number, activities: number, 
/**
 * Stretches of time of the provider's usage and cost reports; they hold no calls.
 */
report_buckets: number, 
/**
 * CloudTrail digest files, their signatures and public keys; they hold no records.
 */
digest_files: number, 
/**
 * Files that stand in records of a log beside them, and were not read as logs themselves.
 */
body_files: number, batches: Array<Batch>, 
/**
 * Files that could not be opened or read, with the reason.
 */
failed: Array<FailedFile>, 
/**
 * Why what is in the trail now is not signed; for people. `None` where it is.
 */
not_signed: string | null, };

export type ImportedPolicy = { name: string, form: string, toml: string, losses: Array<PolicyLoss>, 
/**
 * Why the draft can't be used yet.
 */
problem: string | null, };

export type InForce = { 
/**
 * `None` is everywhere that no other is in force.
 */
deployment: string | null, 
/**
 * RFC 3339; `None` where it was not kept.
 */
since: string | null, 
/**
 * `None` where it was not kept.
 */
by: string | null, 
/**
 * `None` while it is in force.
 */
until: string | null, };

export type Integrity = { size: number, 
/**
 * Hexadecimal.
 */
root: string, 
/**
 * The fingerprint of the first key that signed: the one that strangers pin.
 */
first_key: string | null, 
/**
 * How far it is signed and anchored, whether it was rolled back or is damaged, a sentence each.
 */
says: Array<string>, proves: Array<string>, does_not_prove: Array<string>, };

export type Interval = { 
/**
 * 0–1, as are the ends.
 */
estimate: number, low: number, high: number, };

export type Job = { id: number, 
/**
 * The command that it carries out: `imports.start`.
 */
command: string, 
/**
 * What it does, for people: "Importing 3 files".
 */
title: string, 
/**
 * What it works on, where that can be opened while it runs: a replay run's id.
 */
subject?: string, 
/**
 * What it is doing now.
 */
phase: string, 
/**
 * Units done.
 */
done: number, 
/**
 * Units in all, where known.
 */
total: number | null, 
/**
 * What is counted: `bytes`, `calls`.
 */
unit: string, 
/**
 * Units per second, smoothed; `None` in the first second.
 */
rate: number | null, 
/**
 * Seconds left; `None` while unknown.
 */
eta_s: number | null, 
/**
 * Further counts: records accepted, rejected …
 */
counts: { [key in string]: number }, state: JobState, 
/**
 * The command's output once done.
 */
result: JsonValue | null, error: WireError | null, 
/**
 * Milliseconds since the job began.
 */
elapsed_ms: number, };

export type JobRef = { job: number, };

export type JobState = "running" | "done" | "failed" | "cancelled";

export type JoinKind = "shown" | "request_id" | "inferred";

export type JsonValue = number | string | boolean | Array<JsonValue> | { [key in string]: JsonValue } | null;

export type JudgeItem = { sample: number, reader: string, 
/**
 * From 1.
 */
position: number, 
/**
 * `fine`, `problem` or `unsure`; nothing takes the last one back.
 */
judgement?: string, 
/**
 * At most 4,000 characters.
 */
note?: string, };

export type Kind = "claude_api" | "bedrock" | "vertex" | "private" | "claude_enterprise";

export type LabelRow = { label: string, 
/**
 * `None` where it was left out.
 */
entity_type: string | null, 
/**
 * `same`, `told`, `synonym`, `unknown`.
 */
how: string, spans: number, 
/**
 * Whether anything of the policy finds that type.
 */
is_found: boolean, };

export type LabelText = { text: number, 
/**
 * Where it begins and ends, in Unicode code points of the text; as the label before where
 * absent.
 */
from_point?: number, to_point?: number, 
/**
 * Its type; absent takes the label back.
 */
entity_type?: string, 
/**
 * The label that is taken back or changed.
 */
label?: number, };

export type Lack = { 
/**
 * `no_text`, `elsewhere`, `image`, `document`, `container_upload`, `damaged`, `erased`.
 */
reason: string, says: string, 
/**
 * Calls that count as not evaluable, with this reason; a call may have several.
 */
calls: number, 
/**
 * Calls that changed in what could be looked through, and lack this besides.
 */
besides: number, };

export type Latency = { 
/**
 * Calls that match.
 */
matching: number, 
/**
 * Of them, those whose latency is recorded: what the percentiles are of.
 */
known: number, 
/**
 * The 50th, 95th and 99th; none where no latency is recorded.
 */
percentiles: Array<LatencyPercentile>, };

export type LatencyPercentile = { percent: number, from_ms: number, to_ms: number, };

export type LeakBound = { 
/**
 * The reader, or `both readers`.
 */
by: string, read: number, items: number, 
/**
 * Judged as a problem, as unsure, as fine.
 */
leaks: number, unsure: number, no_leak: number, 
/**
 * `None` where nothing was read. Its ends: only sure leaks, and what nobody was sure of as well.
 */
share: Interval | null, estimate_with_unsure: number | null, 
/**
 * Calls of the population in strata of which something was read, and in the others.
 */
covered: number, not_covered: number, 
/**
 * The upper end over all of the population, strata of which nothing was read leaking whole.
 */
high_of_all: number | null, says: string, };

export type Leaked = { labelled_chars: number, leaked_chars: number, 
/**
 * 0–1.
 */
share: number | null, 
/**
 * 95 % bootstrap interval over records.
 */
interval: [number, number] | null, };

export type LentBy = { source: string, 
/**
 * That it is of the call was inferred.
 */
inferred: boolean, };

export type Line = { topic: string, statement: string, 
/**
 * `observed`, `configured`, `vendor_stated`, `declared`, `unknown`.
 */
mark: string, source: string | null, as_of: string | null, review_due: boolean, };

export type ListCalls = { 
/**
 * A query in the language of the trail; empty for all.
 */
query: string, 
/**
 * The cursor of the page before.
 */
after?: string, 
/**
 * Instead of a cursor: the number of the first row, from 0.
 */
row?: number, 
/**
 * At most this many: 1–500, 100 where absent.
 */
limit?: number, };

export type ListFindings = { deployment?: string, check?: string, 
/**
 * `met`, `not_met`, `unknown`, `waived`.
 */
verdict?: string, };

export type ListRejected = { batch?: string, 
/**
 * At most this many, 1,000 where absent.
 */
limit?: number, };

export type ListRules = { policy_toml: string, };

export type LogFileCounts = { total: number, 
/**
 * A digest that AWS signed names their hash.
 */
verified: number, 
/**
 * A digest without a verified signature names their hash.
 */
hash_matches: number, 
/**
 * A digest names them with another hash.
 */
failed: number, 
/**
 * No digest names them.
 */
unnamed: number, 
/**
 * Of those, delivered in a time that digests cover.
 */
unnamed_in_covered_time: number, 
/**
 * No digest was imported, or they were imported before their content was hashed.
 */
unknown: number, };

export type LogOrigin = { 
/**
 * `verified`, `hash_matches`, `failed`, `unnamed`, `unnamed_in_covered_time`, `unknown`.
 */
verdict: string, 
/**
 * The digest that says so: its place in S3.
 */
digest: string | null, sentence: string, };

export type Look = { 
/**
 * RFC 3339, UTC.
 */
at: string, who: string, 
/**
 * `revealed`, `copied`, `exported`, `refused`.
 */
what: string, 
/**
 * The call, the query of an export, or the command that was refused.
 */
record: string, reason: string | null, 
/**
 * The approval that was used.
 */
approval: string | null, 
/**
 * The leaf that records it.
 */
leaf: number, };

export type Looked = { 
/**
 * Plain sentences.
 */
says: Array<string>, tallies: Array<Tally>, 
/**
 * Newest first.
 */
rows: Array<Look>, 
/**
 * Rows that there are; more than `rows` holds where there are very many.
 */
total: number, };

export type MakeSet = { name: string, language?: string, field?: string, };

export type MaskedPart = { field: Field, turn: number | null, label: string | null, 
/**
 * Where the field stands, of a tool's input the whole: a JSON pointer.
 */
pointer: string, 
/**
 * Of a value of a tool's input, where in it: `rows[0].account`, `rows[0 to 4]` for numbers of a list in
 * one line; masked.
 */
path: string | null, segments: Array<Segment>, 
/**
 * Characters that were left out because the text is longer than a screen can hold.
 */
cut: number, };

export type Measured = { policy: string, policy_version: string, 
/**
 * The plugged-in model that looked for names as well; `None` where none did.
 */
names_model: NamesModelUsed | null, 
/**
 * `jsonl`, `presidio`, `conll`, `csv`; `set` for a test set of the store.
 */
format: string, records: number, chars: number, 
/**
 * Spent on finding, reading left out.
 */
seconds: number, 
/**
 * Only these types were judged; all where empty.
 */
only: Array<string>, 
/**
 * Whether what the policy says of some fields or deployments was applied: `none` where it says nothing of the
 * kind, `not_applied` where nobody told the field and the deployment of the texts, `applied`.
 */
scopes: string, 
/**
 * The same start, end and type.
 */
strict: Agreement, 
/**
 * Findings of the type cover at least half of the labelled span.
 */
overlap: Agreement, 
/**
 * Findings of any type cover at least half of the labelled span.
 */
hidden: Agreement, leaked: Leaked, 
/**
 * Overlap counts of each type.
 */
by_type: { [key in string]: Group }, by_field: { [key in string]: Group }, by_language: { [key in string]: Group }, 
/**
 * What the labels of the corpus were taken for, the most frequent first.
 */
labels: Array<LabelRow>, 
/**
 * Findings of types that the corpus never labels, by type; they count as wrong.
 */
never_labelled: { [key in string]: number }, };

export type MissingField = { source: string, field: string, calls: number, };

export type NameCount = { name: string, count: number, };

export type NamedCount = { name: string | null, count: number, query: string, };

export type NamesLabel = { 
/**
 * As the model calls it, without the prefix that says where a name begins.
 */
label: string, 
/**
 * `PERSON`, `LOCATION`, `ORGANIZATION`; `None` for what is not taken from the model.
 */
entity_type: string | null, };

export type NamesLevel = { 
/**
 * `off`, `fast`, `full`.
 */
level: string, 
/**
 * What is done at it, in a sentence.
 */
says: string, 
/**
 * Policies in force that look at it somewhere.
 */
policies: Array<string>, };

export type NamesModelFile = { 
/**
 * Below the folder.
 */
name: string, size_bytes: number, 
/**
 * Hexadecimal.
 */
sha256: string, };

export type NamesModelUsed = { name: string, 
/**
 * Over the names and hashes of its files, hexadecimal.
 */
sha256: string, };

export type NamesStatus = { levels: Array<NamesLevel>, model: PluggedModel | null, };

export type NotEvaluable = { calls: number, 
/**
 * Of these, calls of which some text was compared and did not change.
 */
partly: number, 
/**
 * Calls that hold something that could not be looked through, whatever became of their text.
 */
in_part: number, 
/**
 * Calls whose records hold no text: nothing of them can show under any policy.
 */
without_text: number, reasons: Array<Lack>, };

export type NoteRef = { note: number, };

export type NoteRow = { id: number, 
/**
 * Masked; `None` where it was withdrawn, or erased with the record.
 */
text: string | null, noted_by: string, 
/**
 * RFC 3339, UTC.
 */
noted_at: string, 
/**
 * The note that it corrects.
 */
replaces: number | null, 
/**
 * The note that corrects it.
 */
replaced_by: number | null, withdrawn_by: string | null, withdrawn_at: string | null, 
/**
 * Its text was erased with the record.
 */
is_erased: boolean, 
/**
 * The leaf that records it.
 */
leaf: number, };

export type Nothing = Record<symbol, never>;

export type Oddity = "time_missing" | "time_unreadable" | "time_without_zone" | "time_out_of_range" | "number_out_of_range" | "duplicate_key" | "text_damaged" | "body_unreadable" | "text_masked" | "text_placeholder" | "error_as_success" | "part_of_call";

export type OpenedRequest = { id: string, 
/**
 * The workspace that asks.
 */
workspace: string, organisation: string, 
/**
 * Whether that is the store that is open here.
 */
is_here: boolean, kind: string, title: string, says: Array<string>, content: string, content_sha256: string, asked_by: Signer, 
/**
 * Whether the key that asks is registered here.
 */
is_known: boolean, asked_at: string, until: string, is_expired: boolean, 
/**
 * Of a request about a policy, what stands against it.
 */
gate: AskedGate | null, 
/**
 * Why whoever sits here can't answer it.
 */
problem: string | null, };

export type OtherCost = { cost_type: string, usd: string, };

export type Overview = { organisation: string, sample: boolean, 
/**
 * First what is not met, the most severe first; then what else wants attention.
 */
attention: Array<Attention>, 
/**
 * Of these, findings that are not met; others may not be listed.
 */
listed_not_met: number, deployments: Array<DeploymentSummary>, calls: number, activities: number, rejected_lines: number, first_call_at: string | null, last_call_at: string | null, last_import_at: string | null, checked_at: string | null, 
/**
 * Records imported since the checks were last run.
 */
since_checked: number, 
/**
 * Deployments whose definition or settings changed since the checks were last run.
 */
changed_since_checked: Array<string>, 
/**
 * Deployments that were never checked, while others were.
 */
unchecked: Array<string>, 
/**
 * Whether another policy is in force than the calls were searched by.
 */
policy_changed: boolean, tree_size: number, 
/**
 * First 8 hexadecimal digits of the tree's root.
 */
root: string, };

export type PackCounts = { 
/**
 * Leaves up to the checkpoint.
 */
in_scope: number, 
/**
 * Of which the bytes are in the pack.
 */
shown: number, 
/**
 * Records of sources, in full.
 */
records: number, 
/**
 * The workbench's own, which explain the others.
 */
supporting: number, 
/**
 * Not in the pack.
 */
withheld: number, erased: number, 
/**
 * Neither here nor erased by a leaf: a failure.
 */
missing: number, 
/**
 * Erased ones that the query asks for.
 */
records_erased: number, 
/**
 * Lines that imports rejected; they are in no leaf.
 */
rejected: number, };

export type PackEvidence = { query: string, handle?: string, };

export type PackImport = { batch: string, 
/**
 * The leaf.
 */
end: number, 
/**
 * All lines or records of the file: the sum of the following.
 */
lines: number, accepted: number, duplicates: number, blank: number, rejected: number, };

export type Pair = { left: string, right: string, matched: number, only_left: number, only_right: number, 
/**
 * Opens exactly the calls that both saw.
 */
matched_query: string, 
/**
 * Opens exactly the calls that only the left one saw.
 */
only_left_query: string, only_right_query: string, 
/**
 * Matched calls that were compared field by field, the newest.
 */
compared: number, 
/**
 * What one side does not tell and the other does, in the compared calls.
 */
fields_missing: Array<MissingField>, };

export type PassphraseTried = { 
/**
 * Whether it opens the copy of the very key that the store is encrypted with.
 */
opens: boolean, };

export type Period = { from: string, to: string, };

export type PersonRow = { id: string, name: string, 
/**
 * C2SP: name, number and key.
 */
vkey: string, 
/**
 * SHA-256 of the key, eight groups of eight digits, to be compared by reading.
 */
fingerprint: string, 
/**
 * Whether its secret is at hand here, for this user.
 */
is_me: boolean, added_at: string, 
/**
 * The leaf that records it.
 */
added_leaf: number, revoked_at: string | null, };

export type Persons = { persons: Array<PersonRow>, 
/**
 * Where the own key is, or why there is none to sign with; sentences.
 */
says: Array<string>, };

export type Place = { 
/**
 * `None` is "not recorded".
 */
region: string | null, calls: number, };

export type PlanGuard = { guard: string, seed: number, 
/**
 * Texts with a planted value.
 */
count: number, 
/**
 * Texts with nothing planted.
 */
clean: number, 
/**
 * Empty stands for all types.
 */
entity_types?: Array<string>, 
/**
 * Empty stands for all writings.
 */
writings?: Array<string>, 
/**
 * The local rules that it is set against; the policy in force where it is left out.
 */
policy?: string, };

export type PlanItem = { call_id: string, deployment: string, started_at: string | null, model: string | null, 
/**
 * `sendable`, `needs_redaction`, `refused`.
 */
verdict: string, 
/**
 * Why it is refused, or what is redacted, in a sentence.
 */
reason: string | null, 
/**
 * Entities that the policy treats in it.
 */
entities: number, input_tokens: number, output_low: number, output_expected: number, output_high: number, 
/**
 * US dollars; `None` where the model has no price.
 */
cost_low_usd: string | null, cost_expected_usd: string | null, cost_high_usd: string | null, 
/**
 * What is taken out of the request before it is sent: server tools, file ids, links.
 */
removed: Array<string>, };

export type PlanReplay = { backend: string, query: string, 
/**
 * A policy's name, or `none` (only towards the call's own deployment kind and place).
 */
policy: string, 
/**
 * At most this many calls, newest first: 1–10,000; 100 where absent.
 */
limit?: number, 
/**
 * US dollars as a decimal string.
 */
budget_usd?: string, };

export type PluggedModel = { name: string, folder: string, 
/**
 * Over the names and hashes of its files, hexadecimal.
 */
sha256: string, files: Array<NamesModelFile>, 
/**
 * RFC 3339.
 */
set_at: string, set_by: string, 
/**
 * It can be used now, and its files are the ones that were plugged in.
 */
ready: boolean, 
/**
 * Why it can't be used; `None` where it can.
 */
refused: string | null, 
/**
 * What to do where it can't be used.
 */
hint: string | null, 
/**
 * Each label once; empty where it can't be used.
 */
labels: Array<NamesLabel>, };

export type PolicyDifference = { 
/**
 * `threshold`, `names`, `operator`, `allow`, `deny`, `recognizer` or `scope`.
 */
what: string, key: string, 
/**
 * `None` where the first has no such rule.
 */
before: string | null, 
/**
 * `None` where the second has none.
 */
after: string | null, };

export type PolicyLoss = { what: string, 
/**
 * What becomes of it, or what to do.
 */
becomes: string, };

export type PolicyRef = { name: string, };

export type PolicyRow = { name: string, 
/**
 * Its place among the versions of its name, from 1; `None` for a part of the program.
 */
number: number | null, 
/**
 * What names this very text: `claims@3`, or the name of a part of the program.
 */
reference: string, 
/**
 * What the text calls itself.
 */
version: string, 
/**
 * Whether this version is in force wherever no other is.
 */
in_force: boolean, 
/**
 * The newest of its name.
 */
newest: boolean, 
/**
 * Part of the program, can't be changed.
 */
builtin: boolean, toml: string, 
/**
 * RFC 3339; `None` for a part of the program.
 */
saved_at: string | null, saved_by: string | null, 
/**
 * What it was saved for.
 */
note: string | null, 
/**
 * What is other in some fields or deployments.
 */
scopes: Array<PolicyScope>, 
/**
 * When it was in force, the last time first; without an end where it is.
 */
times: Array<InForce>, };

export type PolicyScope = { 
/**
 * Every field, where there is none.
 */
fields: Array<string>, 
/**
 * Every deployment, where there is none.
 */
deployments: Array<string>, 
/**
 * What it says there: `EMAIL_ADDRESS: keep`.
 */
says: Array<string>, };

export type PolicyText = { policy_toml: string, };

export type PreviewField = { 
/**
 * `None` for a pasted text.
 */
field: Field | null, label: string | null, 
/**
 * Of a value of a tool's input, where in it: `rows[0].account`.
 */
path: string | null, turn: number | null, segments: Array<PreviewSegment>, };

export type PreviewRedaction = { text?: string, call_id?: string, 
/**
 * A version of a policy (`claims@3`), or a name for its newest; the one in force where absent.
 */
policy?: string, 
/**
 * Of a text: the field of a call that it is taken for; none where absent.
 */
field?: Field, 
/**
 * Of a text: the deployment that it is taken to be of; none where absent.
 */
deployment?: string, 
/**
 * A policy as TOML, tried without saving it.
 */
policy_toml?: string, };

export type PreviewSegment = { 
/**
 * Before. For a stored call the original of an entity is shown as dots until it is revealed.
 */
before: string, 
/**
 * After: what the operator makes of it.
 */
after: string, entity_type: string | null, 
/**
 * `person`, `contact`, `financial`, `govid`, `location`, `health`, `secret`, `custom`.
 */
category: string | null, 
/**
 * 0–1.
 */
score: number | null, recognizer: string | null, operator: string | null, 
/**
 * Why it matched and what it beat, a sentence each.
 */
why: Array<string>, };

export type Problems = { 
/**
 * The reader, or `both readers`.
 */
by: string, 
/**
 * Items read.
 */
read: number, items: number, fine: number, problem: number, unsure: number, 
/**
 * The share of problems among the items read, by Wilson.
 */
of_read: Interval | null, 
/**
 * The share that the sample estimates for its population, weighted by strata.
 */
of_population: Interval | null, 
/**
 * Calls of the population in strata of which nothing was read; the estimate says nothing of them.
 */
not_covered: number, strata: Array<StratumProblems>, };

export type Provenance = { source: string, format: string, batch: string, 
/**
 * As it was called when it was imported; for showing only.
 */
path: string, 
/**
 * From 1.
 */
line: number, 
/**
 * Bytes from the start of the (decompressed) file.
 */
offset: number, length: number, 
/**
 * SHA-256 of the record's bytes, hexadecimal.
 */
sha256: string | null, file_sha256: string | null, imported_at: string, 
/**
 * The record's place in the evidence tree, from 0.
 */
leaf: number, 
/**
 * The salted commitment in that leaf, hexadecimal.
 */
commitment: string, };

export type PutInForce = { 
/**
 * `claims@3`, or `claims` for the newest.
 */
name: string, 
/**
 * Only for records of this deployment; everywhere that no other is in force, where absent.
 */
deployment?: string, 
/**
 * Why, where something stands against it or is unknown; it goes into the trail.
 */
reason?: string, };

export type Query = { query: string, };

export type QueryKey = { key: string, 
/**
 * What it is, for completion.
 */
about: string, example: string, };

export type Question = { 
/**
 * Ends with a question mark.
 */
title: string, 
/**
 * What is going to happen, where, to how many.
 */
text: string, 
/**
 * The verb on the button that carries it out.
 */
yes: string, no: string, };

export type ReadItem = { sample: number, reader: string, 
/**
 * From 1; the first that this reader has not judged where absent.
 */
position?: number, };

export type ReadRecovery = { handle: string, passphrase: string, };

export type ReaderRef = { sample: number, 
/**
 * 1–64 characters, told apart from the user of the operating system.
 */
reader: string, };

export type ReaderRow = { name: string, 
/**
 * The user of the operating system who gave the name.
 */
os_user: string, joined_at: string, finished_at: string | null, };

export type ReadingItem = { sample: number, reader: string, 
/**
 * From 1.
 */
position: number, items: number, 
/**
 * Items that this reader has judged.
 */
read: number, 
/**
 * Items whose text was erased, so that nobody has to judge them.
 */
erased: number, 
/**
 * The first item that this reader has not judged; `None` where all were.
 */
next_unread: number | null, 
/**
 * The item that this reader judged last; what `undo` takes back.
 */
last_judged: number | null, 
/**
 * This reader's own judgement.
 */
judgement: string | null, 
/**
 * This reader's own note, masked.
 */
note: string | null, has_finished: boolean, 
/**
 * Masked.
 */
call: CallDetail, };

export type RecaptureBound = { policy: string, policy_version: string, 
/**
 * The plugged-in model that looked beside the program's own; `None` where none did.
 */
names_model: NamesModelUsed | null, query: string, matched: number, 
/**
 * Of these, calls with text.
 */
calls: number, texts: number, rows: Array<RecaptureRow>, limits: Array<string>, elapsed_ms: number, };

export type RecaptureRow = { 
/**
 * What was looked for: an entity type, or `leaks`.
 */
what: string, first: string, second: string, by_first: number, by_second: number, by_both: number, 
/**
 * By at least one.
 */
found: number, 
/**
 * Chapman's estimate of all there is, and its interval at 95 %; `None` where it is too few.
 */
total: Interval | null, missed: Interval | null, 
/**
 * Fewer than seven were found by both: nothing is estimated.
 */
is_too_few: boolean, says: string, };

export type RecognizerRow = { name: string, entity_type: string, category: string, about: string, examples: Array<string>, };

export type Reconciliation = { 
/**
 * The period as a trail query; empty for all.
 */
query: string, 
/**
 * Calls of the period, whichever source saw them.
 */
calls: number, sources: Array<SourceCalls>, pairs: Array<Pair>, 
/**
 * What the provider counted and billed against what the trail holds.
 */
billed: BilledComparison, coverage: Coverage, holes: Array<HoleRow>, 
/**
 * The signatures that are looked for, with their rules.
 */
signatures: Array<Rule>, };

export type RecordProof = { id: string, 
/**
 * Its number in the log.
 */
seq: number, 
/**
 * The leaf as it stands in the log.
 */
leaf: string, 
/**
 * Hexadecimal.
 */
leaf_hash: string, 
/**
 * Leaves below the checkpoint.
 */
size: number, root: string, 
/**
 * The leaf that erased the record's bytes.
 */
erased_by: number | null, 
/**
 * C2SP tlog-proof@v1: the path and the signed checkpoint.
 */
proof: string, };

export type RecordRef = { id: string, };

export type RedactedByRule = { recognizer: string, entity_type: string, newly_redacted: number, calls: number, ids: Array<string>, };

export type RedactionPreview = { 
/**
 * What names the very text: `claims@3`, or the name of a text that is only tried.
 */
policy: string, 
/**
 * What the text calls itself.
 */
policy_version: string, 
/**
 * The plugged-in model that looks for names as well; `None` where none does.
 */
names_model: NamesModelUsed | null, fields: Array<PreviewField>, counts: Array<EntityCount>, 
/**
 * Entries of the allow list that left something alone or are over, in their order.
 */
allowed: Array<AllowedCount>, 
/**
 * What the policy can't judge in this call: images, documents kept elsewhere …
 */
not_covered: Array<string>, characters: number, elapsed_us: number, 
/**
 * Whether `before` shows the original text.
 */
revealed: boolean, };

export type RegionRow = { requested_region: string | null, served_region: string | null, 
/**
 * What the declared places say of it: `allowed`, `outside`, `unknown`, `not_declared`.
 */
place: string, calls: number, 
/**
 * Opens exactly these calls.
 */
query: string, };

export type Rehearsal = { from: RehearsedPolicy, to: RehearsedPolicy, query: string, 
/**
 * Calls that match: the five counts together.
 */
matched: number, newly_exposed: number, 
/**
 * Of the exposed, calls in which something else is newly redacted.
 */
exposed_and_redacted: number, newly_redacted: number, treated_otherwise: number, unchanged: number, not_evaluable: NotEvaluable, 
/**
 * Texts and characters that were compared.
 */
texts: number, characters: number, stretches: Stretches, by_type: Array<ByType>, by_field: Array<ByField>, exposed_by_rule: Array<ExposedByRule>, redacted_by_rule: Array<RedactedByRule>, by_operator: Array<ByOperator>, 
/**
 * Exposed calls, the newest first; fewer than `newly_exposed` where there are more than were asked for.
 */
exposed_calls: Array<ExposedCall>, 
/**
 * What ran once for both policies, and what for each.
 */
runs: Array<string>, 
/**
 * What these counts do not say.
 */
limits: Array<string>, elapsed_ms: number, };

export type Rehearse = { 
/**
 * The old policy's name; the one in force where neither it nor its text is given.
 */
from?: string, 
/**
 * The old policy as TOML.
 */
from_toml?: string, 
/**
 * The new policy's name.
 */
to?: string, 
/**
 * The new policy as TOML, tried without saving it.
 */
to_toml?: string, 
/**
 * Which calls.
 */
query: string, 
/**
 * How many exposed calls are named, 1,000 where absent, 100,000 at most.
 */
most_ids?: number, };

export type RehearsedPolicy = { name: string, version: string, in_force: boolean, 
/**
 * It was tried from its text, and is not what is saved under the name.
 */
tried: boolean, 
/**
 * The plugged-in model that looked for names as well; `None` where none did.
 */
names_model: NamesModelUsed | null, };

export type RejectedLine = { batch: string, path: string, 
/**
 * From 1.
 */
line: number, offset: number, length: number, 
/**
 * The reason's name: `not_json` …
 */
reason: string, 
/**
 * The reason in a sentence.
 */
detail: string, 
/**
 * Its beginning, masked.
 */
excerpt: string, sha256: string, };

export type ReleaseHold = { name: string, 
/**
 * At least 10 characters.
 */
reason: string, 
/**
 * The hold's query, typed once more.
 */
scope: string, };

export type RenameView = { name: string, to: string, };

export type RenderReport = { report: AskReport, 
/**
 * `pdf`, `xlsx`, `csv`, `json`, `html`.
 */
format: string, 
/**
 * Where to write, as chosen; the store's own `reports` folder where absent.
 */
handle?: string, };

export type RenderedReport = { path: string, 
/**
 * A handle to show or fetch the file.
 */
handle: string, format: string, bytes: number, sha256: string, pages: number | null, figures: Array<FigureRow>, };

export type Repeated = { sample: number, is_same: boolean, 
/**
 * Members that are the same, of those that were drawn.
 */
same: number, items: number, 
/**
 * Calls that matched when it was drawn.
 */
population: number, 
/**
 * Calls that match now among the records of then.
 */
population_again: number, 
/**
 * Calls that match now.
 */
population_now: number, says: string, };

export type ReplayPlan = { id: string, backend: string, 
/**
 * Host and port that would be sent to.
 */
destination: string, place: string | null, processor: string, policy: string, matching: number, sendable: number, needs_redaction: number, refused: number, items: Array<PlanItem>, input_tokens: number, cost_low_usd: string, cost_expected_usd: string, cost_high_usd: string, 
/**
 * Calls that are refused because their cost can't be told.
 */
cost_unknown: number, 
/**
 * What the figures rest on.
 */
basis: string, warnings: Array<string>, budget_usd: string | null, 
/**
 * To be typed for a live run: says what is sent where and what it may cost. `None` for the
 * sandbox, where nothing leaves this computer.
 */
phrase: string | null, };

export type ReplayRun = { id: string, backend: string, destination: string, policy: string, 
/**
 * `running`, `done`, `stopped`, `budget_reached`, `failed`.
 */
state: string, started_at: string, finished_at: string | null, calls: number, 
/**
 * Calls whose new answer was set beside the original: what `same` and `changed` are of.
 */
compared: number, same: number, changed: number, 
/**
 * Answered calls whose record holds no answer to compare with.
 */
not_compared: number, errors: number, refused: number, not_run: number, spent_usd: string, 
/**
 * Sent calls whose cost can't be told.
 */
spent_unknown: number, budget_usd: string | null, items: Array<RunItem>, };

export type Report = { title: string, organisation: string, period: Period, deployments: Array<string>, 
/**
 * RFC 3339, UTC.
 */
generated_at: string, generated_by: string, version: string, 
/**
 * Made from the sample organisation.
 */
sample: boolean, 
/**
 * Plain sentences.
 */
summary: Array<string>, figures: Array<Figure>, verdicts: Verdicts, 
/**
 * When the checks were run; `None` where they were not.
 */
checked_at: string | null, handling: Array<Handling>, 
/**
 * Which calls and settings the findings are of, a sentence: not those of the period alone.
 */
findings_of: string, findings: Array<Finding>, weeks: Array<Week>, 
/**
 * What the sources of the period cover, over all deployments.
 */
coverage: ReportCoverage, 
/**
 * What the report does not cover, a sentence each.
 */
not_covered: Array<string>, integrity: Integrity, sources: Sources, imports: Array<Import>, 
/**
 * Who looked at original text within the period.
 */
looked: Looked, 
/**
 * What a second person approved within the period.
 */
approvals: Approvals, };

export type ReportCoverage = { 
/**
 * Plain sentences.
 */
says: Array<string>, 
/**
 * Counts with the query of calls that opens each: by source, by pair, holes, billed tokens.
 */
tallies: Array<Tally>, };

export type ReportRow = { id: string, kind: string, format: string, path: string, sha256: string, from: string | null, to: string | null, deployments: Array<string>, made_at: string, 
/**
 * Whether the file is still there and unchanged: `unchanged`, `changed`, `missing`.
 */
state: string, };

export type RequestApproval = { deed: Deed, 
/**
 * How long the request and its answer are good for; seven where absent, at most thirty.
 */
days?: number, };

export type RequestRow = { request: string, basis: string, made_by: string, made_at: string, 
/**
 * Records that were found for it.
 */
records: number, 
/**
 * Of these, records that are erased.
 */
erased: number, 
/**
 * Of these, records that are not.
 */
waiting: number, 
/**
 * The holds that keep records which wait.
 */
holds: Array<Blocking>, 
/**
 * `done`, `blocked` where a hold keeps some, `waiting` where none does any more.
 */
state: string, 
/**
 * Typed to erase those that wait; `None` while a hold keeps them all.
 */
phrase: string | null, };

export type Requested = { id: string, kind: string, what: string, asked_by: string, asked_key: string, 
/**
 * RFC 3339, UTC.
 */
asked_at: string, asked_leaf: number, 
/**
 * `waiting`, `approved`, `refused`, `used`, `expired`, `void`.
 */
state: string, decision: Decided | null, used_at: string | null, used_leaf: number | null, };

export type Requests = { requests: Array<RequestRow>, erasures: Array<ErasureRow>, bases: Array<Basis>, };

export type RestoreText = { text: string, reason: string, };

export type RestoredText = { text: string, 
/**
 * Tokens that were put back.
 */
restored: number, 
/**
 * Tokens of which the vault has no original.
 */
missing: number, 
/**
 * The activity that notes it.
 */
activity: string, };

export type RetentionRule = { 
/**
 * Whole days after the day of the record, UTC.
 */
days: number, set_by: string, set_at: string, };

export type RetentionStatus = { 
/**
 * `None`: no rule was set, and all text is kept.
 */
rule: RetentionRule | null, due: DueText, 
/**
 * Imported records.
 */
records: number, 
/**
 * Of these, records whose text was erased.
 */
erased: number, 
/**
 * Of these, records that a hold in force covers.
 */
held: number, holds_in_force: number, 
/**
 * Requests of which records wait for a hold.
 */
requests_waiting: number, 
/**
 * Erasures that were begun and not ended.
 */
erasures_open: number, 
/**
 * Typed to dispose of what is due by this rule; `None` without a rule.
 */
phrase: string | null, 
/**
 * Plain sentences.
 */
says: Array<string>, 
/**
 * What an erasure here does not reach.
 */
not_reached: Array<string>, };

export type Reveal = { at: string, by: string, reason: string, };

export type RevealCall = { id: string, 
/**
 * At least 10 characters.
 */
reason: string, };

export type RevealText = { text: number, 
/**
 * At least 10 characters.
 */
reason: string, policy?: string, policy_toml?: string, };

export type Revealed = { request: Array<MaskedPart>, response: Array<MaskedPart>, 
/**
 * The activity that records this reveal.
 */
activity: string, 
/**
 * Seconds after which the window hides the text again.
 */
hide_after_s: number, };

export type RevokePerson = { id: string, reason: string, };

export type RowNumber = { 
/**
 * From 0; of the first record at or before the time that was asked for.
 */
row: number, };

export type Rule = { name: string, title: string, says: string, };

export type RuleForm = { name: string, entity_type: string, 
/**
 * `person`, `contact`, `financial`, `govid`, `location`, `health`, `secret`, `custom`.
 */
category: string, about: string, 
/**
 * Empty where it matches words, or a check alone.
 */
pattern: string, 
/**
 * Whole words, in any case.
 */
words: Array<string>, 
/**
 * What a match has to pass, by name.
 */
validator: string | null, 
/**
 * Every text with a match holds one of these.
 */
needs: Array<string>, 
/**
 * Words near it that raise the score.
 */
context: Array<string>, 
/**
 * Only with one of those words near it.
 */
context_required: boolean, 
/**
 * Words near it that rule it out.
 */
not_context: Array<string>, 
/**
 * 0–1.
 */
score: number, 
/**
 * The operator of its type: a name or an inline table of TOML; what the policy says where absent.
 */
operator: string | null, examples: Array<string>, negative_examples: Array<string>, };

export type RuleList = { 
/**
 * Whether the text is a whole policy, and not rules alone.
 */
is_policy: boolean, rules: Array<RuleForm>, 
/**
 * The checks that a rule may name.
 */
validators: Array<string>, 
/**
 * The entity types that there are.
 */
entity_types: Array<string>, };

export type RuleProblem = { 
/**
 * `name`, `entity_type`, `pattern`, `words`, `validator`, `score`, `operator`, `policy`.
 */
part: string, message: string, hint: string, 
/**
 * The pattern before, at and behind the place; all empty where the whole is meant.
 */
before: string, at: string, after: string, };

export type RuleRow = { 
/**
 * `waivers`, `policies`, `replays`, `exports`, `erasures`.
 */
kind: string, title: string, 
/**
 * What needs it, in one sentence.
 */
about: string, on: boolean, since: string | null, };

export type RuleSegment = { text: string, entity_type: string | null, category: string | null, 
/**
 * Whether the rule that is tried found it.
 */
is_own: boolean, recognizer: string | null, 
/**
 * 0–1.
 */
score: number | null, why: Array<string>, };

export type RunChecks = { 
/**
 * Only these deployments; all where empty.
 */
deployments: Array<string>, };

export type RunGuard = { plan: string, phrase?: string, };

export type RunItem = { call_id: string, 
/**
 * `same`, `changed`, `not_compared` (answered, but the record holds no answer), `error`, `refused`, `not_run`, `unknown`.
 */
state: string, detail: string | null, 
/**
 * Share of words that both answers have in common: 0–1.
 */
similarity: number | null, model: string | null, original_input_tokens: number | null, original_output_tokens: number | null, input_tokens: number | null, output_tokens: number | null, original_latency_ms: number | null, latency_ms: number | null, original_cost_usd: string | null, cost_usd: string | null, http_status: number | null, };

export type RunRef = { run: string, };

export type RunSet = { set: string, 
/**
 * A policy's name; the one in force where absent.
 */
policy?: string, 
/**
 * A policy as TOML, measured without saving it.
 */
policy_toml?: string, };

export type SampleBound = { sample: number, 
/**
 * `None` where it named a person whose records were erased.
 */
query: string | null, population: number, bounds: Array<LeakBound>, 
/**
 * What two readers say of the leaks among the items that both read.
 */
recapture: RecaptureRow | null, limits: Array<string>, };

export type SampleDetail = { sample: SampleRow, strata: Array<StratumRow>, 
/**
 * The ids of its calls in the order of reading.
 */
calls: Array<string>, 
/**
 * What two names do not prove.
 */
weakness: string, };

export type SampleRef = { sample: number, };

export type SampleResults = { sample: SampleRow, problems: Array<Problems>, 
/**
 * `None` where fewer than two read it.
 */
agreement: Agreed | null, 
/**
 * How the figures were reckoned, with sources.
 */
method: string, weakness: string, };

export type SampleRow = { sample: number, 
/**
 * `None` where it named a person whose records were erased.
 */
query: string | null, seed: number, 
/**
 * Members.
 */
items: number, 
/**
 * Calls that matched when it was drawn.
 */
population: number, by: Array<string>, allocation: string, 
/**
 * It was drawn from the records before this leaf.
 */
tree_size: number, 
/**
 * Of the tree of that size, hexadecimal.
 */
root: string, 
/**
 * The newest signed checkpoint that covers its leaf; `None` where none does yet.
 */
checkpoint: number | null, 
/**
 * The leaf that commits to query, seed, population and members.
 */
leaf: number, drawn_by: string, 
/**
 * RFC 3339, UTC.
 */
drawn_at: string, 
/**
 * How many are to read it.
 */
readers_wanted: number, readers: Array<ReaderRow>, 
/**
 * Whoever ended the reading before all had finished.
 */
closed_by: string | null, closed_at: string | null, 
/**
 * Results are shown: all have finished, or reading was ended.
 */
results_shown: boolean, };

export type SaveAnchor = { name: string, 
/**
 * `tsa` or `witness`.
 */
kind: string, 
/**
 * https, or http on this computer. Of a witness its submission prefix.
 */
url: string, 
/**
 * Its address may be private.
 */
private: boolean, 
/**
 * Of a witness: its verifier key, name+number+key.
 */
vkey?: string, 
/**
 * Of a time-stamping authority: the file with its certificates (PEM), as a handle.
 */
chain?: string, };

export type SaveBackend = { name: string, kind: Kind, dialect: string, base_url: string, place?: string, auth: string, model?: string, private: boolean, };

export type SaveGuard = { name: string, kind: GuardKind, base_url: string, region?: string, auth: string, guardrail?: string, version?: string, as_output?: boolean, language?: string, text_field?: string, claims?: Array<string>, private?: boolean, per_second?: number, };

export type SavePolicy = { toml: string, 
/**
 * What it is saved for.
 */
note?: string, };

export type SaveView = { 
/**
 * 1–64 characters.
 */
name: string, 
/**
 * `calls` or `activities`.
 */
records: string, query: string, 
/**
 * Names of columns in order, `model`, or with a width in pixels, `model:190`; none for the usual
 * ones.
 */
columns?: Array<string>, };

export type Segment = { text: string, entity_type: string | null, 
/**
 * `person`, `contact`, `financial`, `govid`, `location`, `health`, `secret`, `custom`.
 */
category: string | null, 
/**
 * 0–1.
 */
score: number | null, recognizer: string | null, 
/**
 * Whether it was found and the policy leaves it as it is: `text` is the original.
 */
kept: boolean, };

export type ServedRegion = { name: string, 
/**
 * What the declared places say of it: `allowed`, `outside`, `unknown`, `not_declared`.
 */
place: string, calls: number, 
/**
 * Opens exactly these calls.
 */
query: string, };

export type SetDeployment = { name: string, 
/**
 * The definition as TOML.
 */
toml: string, };

export type SetGuardKey = { guard: string, key: string, };

export type SetHold = { name: string, 
/**
 * `calls` or `activities`.
 */
records: string, 
/**
 * Which records, those that come later included.
 */
query: string, 
/**
 * At least 10 characters.
 */
reason: string, 
/**
 * A date.
 */
review?: string, };

export type SetKey = { backend: string, key: string, };

export type SetNamesModel = { 
/**
 * The handle of the folder that was chosen.
 */
handle: string, 
/**
 * What it is called; the folder's name where absent.
 */
name?: string, };

export type SetRetention = { 
/**
 * 1 to 36,500.
 */
days: number, };

export type SetRow = { name: string, 
/**
 * Of its texts, where they are of one.
 */
language: string | null, 
/**
 * The kind of field that its texts are from.
 */
field: string | null, texts: number, 
/**
 * Of these, texts taken from stored calls.
 */
from_calls: number, 
/**
 * Texts that were erased with the call that they were taken from.
 */
erased: number, labels: number, made_by: string, made_at: string, };

export type SetRule = { kind: string, on: boolean, };

export type SetRun = { set: SetRow, measured: Measured, };

export type SetStorePassphrase = { passphrase: string, };

export type SettingRow = { topic: string, name: string, value: string, place: string | null, 
/**
 * The call that revealed it.
 */
revealed_by: string, as_of: string | null, source: string, };

export type ShowComparison = { run: string, call_id: string, };

export type ShownDamage = { 
/**
 * `changed`, `missing`, `added`, `signature` or `truncated`.
 */
what: string, table: string, 
/**
 * Which row: the values of its key.
 */
record: string, 
/**
 * Where it is known.
 */
column: string | null, 
/**
 * The leaf that it belongs to.
 */
leaf: number | null, sentence: string, };

export type ShownKey = { 
/**
 * The name of the log and of its keys.
 */
origin: string, 
/**
 * The verifier key that signs now: name, number and key. `None` where nothing was signed yet.
 */
vkey: string | null, 
/**
 * SHA-256 of the key, eight groups of eight digits, to be compared by reading.
 */
fingerprint: string | null, 
/**
 * The verifier key that strangers pin: the first one.
 */
first_vkey: string | null, first_fingerprint: string | null, 
/**
 * How often the key was replaced.
 */
rotations: number, 
/**
 * `keychain`, `state_file`, `named_file`, `given`; `None` where it is not at hand.
 */
place: string | null, 
/**
 * Where the secret is, or why it is not at hand; for people.
 */
sentence: string, 
/**
 * Whether a recovery copy of this key was written.
 */
has_recovery: boolean, };

export type ShownRollback = { 
/**
 * The origin that was remembered.
 */
remembered_origin: string, 
/**
 * Leaves that were remembered.
 */
remembered_size: number, 
/**
 * Records that are not there any more.
 */
lost: number, 
/**
 * What to type to go on with the store as it is.
 */
phrase: string, };

export type SignApproval = { handle: string, 
/**
 * `approved` or `refused`.
 */
verdict: string, reason: string, 
/**
 * Where the decision goes, as chosen; the store's own `approvals` folder where absent.
 */
out?: string, };

export type SignedCheckpoint = { 
/**
 * Leaves.
 */
size: number, 
/**
 * Hexadecimal.
 */
root: string, 
/**
 * RFC 3339.
 */
at: string, 
/**
 * C2SP signed note.
 */
note: string, };

export type SignedTo = { 
/**
 * Leaves.
 */
size: number, 
/**
 * RFC 3339.
 */
at: string, };

export type Signer = { name: string, fingerprint: string, };

export type SinkLine = { entity_type: string, clear_in_both: number, 
/**
 * In clear in `one`, a placeholder in the same field of `other`.
 */
clear_in_one: number, clear_in_other: number, 
/**
 * In clear in one of them, and the other holds neither it nor a placeholder there: it was cut,
 * left out or written otherwise.
 */
unclear: number, };

export type SinkPair = { one: string, other: string, 
/**
 * What people call them.
 */
one_title: string, other_title: string, 
/**
 * Calls that both recorded.
 */
together: number, 
/**
 * Of these, calls whose text both tell, in clear or masked.
 */
compared: number, 
/**
 * Why the others could not be compared.
 */
not_compared: Array<NameCount>, 
/**
 * Compared calls in which neither holds anything that the policy finds.
 */
nothing_found: number, 
/**
 * Compared calls in which `one` holds in clear what `other` masks, and the other way round.
 */
calls_clear_in_one: number, calls_clear_in_other: number, by_type: Array<SinkLine>, 
/**
 * Ids of such calls, the newest first; at most 50 each.
 */
examples_one: Array<string>, examples_other: Array<string>, };

export type Sinks = { query: string, 
/**
 * Calls that match.
 */
matching: number, 
/**
 * Of these, calls that several sources recorded.
 */
several: number, 
/**
 * Of these, calls that were read, the newest first: those of which two sources may hold the text.
 */
looked: number, policy: string, policy_version: string, pairs: Array<SinkPair>, };

export type SnapshotSummary = { deployment: string, settings: Array<SettingRow>, 
/**
 * Answers that were not understood, with the reason.
 */
rejected: Array<string>, };

export type SourceCalls = { source: string, title: string, 
/**
 * Calls of which it holds a record.
 */
calls: number, query: string, 
/**
 * Calls that no other source saw.
 */
alone: number, alone_query: string, 
/**
 * Its records in the period, those that stand behind another one and conflicts included.
 */
records: number, errors: number, 
/**
 * How often each field is recorded, of its records; the text, of answered calls that could
 * hold it. Fields that it never records are in it with 0.
 */
fields: Array<Fill>, };

export type SourceChain = { title: string, 
/**
 * `verified`, `partly`, `unknown`, `failed`.
 */
verdict: string, 
/**
 * Plain sentences with their figures: digests, files, gaps, failures.
 */
says: Array<string>, };

export type SourceDays = { source: string, title: string, 
/**
 * One a day, in the order of the days.
 */
cells: Array<DayCell>, };

export type SourceVersion = { id: string, source: string, join: JoinKind, 
/**
 * Which id, or from what it was inferred; for people.
 */
joined_by: string, started_at: string | null, request_model: string | null, requested_region: string | null, served_region: string | null, status: Status, http_status: number | null, input_tokens: number | null, output_tokens: number | null, cache_read_tokens: number | null, cache_write_5m_tokens: number | null, cache_write_1h_tokens: number | null, 
/**
 * US dollars.
 */
cost_usd: string | null, 
/**
 * By the source itself; else by the price table.
 */
cost_is_reported: boolean, text: ToldText, };

export type Sources = { 
/**
 * CloudTrail log files that were imported.
 */
files: number, 
/**
 * Named by a digest that AWS signed.
 */
verified: number, 
/**
 * Named by a digest with another hash.
 */
failed: number, 
/**
 * Neither: no digest, no key, no signature, or not compared.
 */
unknown: number, 
/**
 * Plain sentences: what is verified and what is not known.
 */
says: Array<string>, chains: Array<SourceChain>, };

export type StartImport = { handles: Array<string>, 
/**
 * Put every call into this deployment instead of asking the deployments' rules.
 */
deployment?: string, };

export type StartReplay = { plan: string, 
/**
 * US dollars as a decimal string; needed but for the sandbox.
 */
budget_usd?: string, phrase?: string, };

export type Started = { job: number, };

export type Status = "ok" | "error";

export type StoreCheck = { ok: boolean, 
/**
 * `tree`, `leaves` or `records`.
 */
depth: string, 
/**
 * RFC 3339.
 */
at: string, 
/**
 * Leaves.
 */
size: number, 
/**
 * What was checked: name to how many of how many.
 */
checked: { [key in string]: CheckedPart }, 
/**
 * At most 1,000.
 */
damage: Array<ShownDamage>, 
/**
 * All of it.
 */
damaged: number, 
/**
 * What this check says nothing of; sentences.
 */
not_checked: Array<string>, 
/**
 * What to do now; sentences, none where nothing is damaged.
 */
what_to_do: Array<string>, };

export type StoreConverted = { encrypted: boolean, key: string | null, 
/**
 * Leaves; the same before and after, with the one that says so.
 */
size: number, 
/**
 * Hexadecimal; the same before and after.
 */
root: string, tables: number, 
/**
 * Rows that were compared in number.
 */
rows: number, bytes_before: number, bytes_after: number, 
/**
 * For people.
 */
says: Array<string>, };

export type StoreEncryption = { encrypted: boolean, 
/**
 * Names the key; 16 hexadecimal digits.
 */
key: string | null, 
/**
 * `keychain`, `state_file`, `named_file`, `given`; none where it is not at hand.
 */
key_place: string | null, 
/**
 * RFC 3339: since when it is encrypted with this key.
 */
since: string | null, 
/**
 * Whether a copy of the key lies beside the store that the recovery passphrase opens.
 */
has_recovery: boolean, 
/**
 * Of the store's file.
 */
store_bytes: number, 
/**
 * Free on its disk; none where the system does not say.
 */
free_bytes: number | null, 
/**
 * What converting it needs beside it for a while.
 */
needed_bytes: number, 
/**
 * For people: how it stands, where the key is.
 */
sentences: Array<string>, 
/**
 * For people: what encryption costs here, measured when.
 */
cost: Array<string>, 
/**
 * For people: what it protects from, and what not.
 */
protects: Array<string>, };

export type StratumProblems = { values: Array<string | null>, population: number, read: number, problem: number, share: Interval | null, };

export type StratumRow = { 
/**
 * Its values, in the order of `by`; `None` is not recorded.
 */
values: Array<string | null>, population: number, items: number, };

export type Stretches = { 
/**
 * Stretches of text that the old policy hides: exposed, otherwise and unchanged together.
 */
hidden_by_old: number, hidden_by_new: number, 
/**
 * Hidden by the old one, with a letter or digit that the new one leaves.
 */
exposed: number, newly_redacted: number, 
/**
 * Hidden by both: another operator, type or extent.
 */
treated_otherwise: number, 
/**
 * Of these, stretches of which the new policy's mask shows more letters or digits.
 */
shows_more: number, unchanged: number, };

export type TagCall = { 
/**
 * The call's id.
 */
id: string, 
/**
 * 1–40 lower-case letters, digits and hyphens, beginning with a letter.
 */
tag: string, };

export type TagRow = { 
/**
 * `None` where it was erased with the record.
 */
tag: string | null, added_by: string, 
/**
 * RFC 3339, UTC.
 */
added_at: string, removed_by: string | null, removed_at: string | null, 
/**
 * The leaf that records that it was put there.
 */
leaf: number, };

export type TakeOutRule = { policy_toml: string, name: string, };

export type Tally = { id: string, title: string, value: number, of: Counted, 
/**
 * In the language of the trail: for activities, or of coverage for calls.
 */
query: string | null, note: string | null, };

export type TextCost = { 
/**
 * Calls that would be in it.
 */
records: number, 
/**
 * Calls of which it is told.
 */
sampled: number, words: CostOf, phrases: CostOf, };

export type TextRef = { text: number, policy?: string, policy_toml?: string, };

export type TextStatus = { 
/**
 * What it keeps: `words`, `phrases`; `None` where it is off.
 */
detail: string | null, 
/**
 * Calls whose words are in it.
 */
records: number, 
/**
 * Calls that hold a record to search.
 */
of: number, 
/**
 * Calls that a search reads, since they are not in it.
 */
unread: number, 
/**
 * Seconds that reading these takes, told from a few of them.
 */
read_s: number, 
/**
 * Every call before this leaf is in it.
 */
up_to: number | null, 
/**
 * What it takes in the store's file, as last measured.
 */
bytes: number | null, bytes_per_record: number | null, 
/**
 * It does not hold, and is made anew when it is next built.
 */
damaged: boolean, 
/**
 * The job that builds it.
 */
job: number | null, 
/**
 * Whether the query that was given searches for words.
 */
has_words: boolean, };

export type TokenCounts = { input_tokens: number, output_tokens: number, cache_read_tokens: number, cache_write_5m_tokens: number, cache_write_1h_tokens: number, 
/**
 * All of them.
 */
all: number, };

export type ToldText = "clear" | "masked" | "none" | "erased";

export type ToldValue = { source: string, id: string, 
/**
 * For people.
 */
value: string, };

export type ToolStep = { 
/**
 * What it shows where it passes.
 */
shows: string, command: string, 
/**
 * `passed`, `failed`, `not_run`.
 */
outcome: string, 
/**
 * What it printed, at most 8 KiB.
 */
output: string, 
/**
 * Why it failed or was not run.
 */
reason: string | null, };

export type ToolsRun = { 
/**
 * Whether every command was run and passed.
 */
ok: boolean, passed: number, failed: number, not_run: number, steps: Array<ToolStep>, };

export type TriedExample = { 
/**
 * What the rule alone finds in it.
 */
segments: Array<RuleSegment>, holds: boolean, 
/**
 * What came of it in a sentence.
 */
says: string, };

export type TriedNames = { model: NamesModelUsed, stretches: Array<TriedStretch>, found: number, characters: number, elapsed_us: number, 
/**
 * On one thread of this computer, for this text.
 */
characters_per_second: number | null, };

export type TriedRule = { 
/**
 * Why it can't be used; the rest is empty then.
 */
problem: RuleProblem | null, 
/**
 * What is harmless and worth knowing.
 */
remarks: Array<string>, examples: Array<TriedExample>, negative_examples: Array<TriedExample>, 
/**
 * Whether it can be used and keeps to all its examples.
 */
holds: boolean, 
/**
 * The text as the policy with the rule sees it.
 */
text: Array<RuleSegment>, 
/**
 * The policy with the rule in it.
 */
policy_toml: string | null, 
/**
 * Megabytes a second of the text that it is slowest on, without the rest of the policy.
 */
slowest_mb_per_s: number | null, };

export type TriedStretch = { text: string, 
/**
 * `None` for what the model takes for no name.
 */
entity_type: string | null, 
/**
 * 0–1, the model's own; not calibrated.
 */
score: number | null, };

export type TryNames = { text: string, };

export type TryRule = { rule: RuleForm, 
/**
 * The policy as edited.
 */
policy_toml: string, 
/**
 * The rule of the policy that it is instead of.
 */
replaces?: string, 
/**
 * A text to try it on, at most 100 kB.
 */
text?: string, };

export type TryStorePassphrase = { passphrase: string, };

export type UnlockStore = { passphrase: string, 
/**
 * Whether the key is put back where it is kept, so that it is not asked for again.
 */
keep: boolean, };

export type UsagePage = { rows: Array<UsageRow>, 
/**
 * Rows that match, those of other pages included.
 */
total: number, 
/**
 * Of these, rows that count.
 */
counted: number, 
/**
 * What the counted rows of usage reports hold together; `None` where none of them matches.
 */
tokens: TokenCounts | null, 
/**
 * The same of cost reports, US dollars.
 */
amount_usd: string | null, 
/**
 * Rows of a cost report in another currency, which are in no sum.
 */
other_currency: number, 
/**
 * Asks for the page behind this one.
 */
next: string | null, 
/**
 * Which rows count.
 */
rule: string, };

export type UsageRow = { 
/**
 * As `next` would name it.
 */
id: string, 
/**
 * `usage` or `cost`.
 */
report: string, 
/**
 * RFC 3339, UTC; half-open.
 */
from: string, to: string, 
/**
 * The deployment whose report it is, where the import said so.
 */
deployment: string | null, model: string | null, workspace_id: string | null, api_key_id: string | null, account_id: string | null, service_account_id: string | null, service_tier: string | null, context_window: string | null, inference_geo: string | null, cost_type: string | null, token_type: string | null, description: string | null, 
/**
 * Of a usage report.
 */
tokens: TokenCounts | null, web_searches: number | null, 
/**
 * Of a cost report; `None` where its currency is not the US dollar.
 */
amount_usd: string | null, currency: string | null, 
/**
 * False where another row says the same of this time.
 */
counts: boolean, 
/**
 * The import that brought it, and the line of its bucket.
 */
batch: string, path: string, line: number, };

export type Value = { "is": "count", "value": number } | { "is": "share", "value": number } | { "is": "money", "value": number } | { "is": "duration_ms", "value": number } | { "is": "text", "value": string };

export type VaultStatus = { entries: number, 
/**
 * When the first of them was kept; RFC 3339, UTC.
 */
first_kept: string | null, last_kept: string | null, 
/**
 * Where its key is, in a sentence.
 */
key: string, key_at_hand: boolean, };

export type Verdicts = { met: number, not_met: number, unknown: number, waived: number, };

export type Verification = { 
/**
 * Whether nothing in it fails. Who signed it is said by `key`.
 */
ok: boolean, 
/**
 * `pinned`: by the key that the reader knows. `not_compared`: by a key that nobody compared.
 * `unsigned`: by nobody.
 */
key: string, 
/**
 * The verdict, for people.
 */
says: string, 
/**
 * Records of sources in it, in full.
 */
records: number, counts: PackCounts, imports: Array<PackImport>, 
/**
 * Imports of records in the pack that had not ended when it was made.
 */
unfinished: number, 
/**
 * The log's name, its leaves and its root.
 */
origin: string | null, size: number, root: string | null, 
/**
 * The first key of the log, the one to compare.
 */
first_fingerprint: string | null, first_vkey: string | null, query: string, made_at: string, 
/**
 * The earlier checkpoint that the reader holds and this pack continues.
 */
continues: number | null, 
/**
 * What else has to be known, a sentence each.
 */
notes: Array<string>, 
/**
 * A sentence each; at most 200 of them.
 */
failures: Array<string>, 
/**
 * All of them.
 */
failed: number, };

export type VerifyPack = { handle: string, 
/**
 * The log's key as the reader was told: a fingerprint, or a verifier key.
 */
key?: string, 
/**
 * An earlier checkpoint or pack of the log.
 */
against?: string, };

export type ViewRef = { name: string, };

export type ViewRow = { name: string, 
/**
 * `calls` or `activities`.
 */
records: string, query: string, 
/**
 * Names in order; empty for the usual ones.
 */
columns: Array<string>, saved_by: string, 
/**
 * RFC 3339, UTC.
 */
saved_at: string, 
/**
 * The leaf that records how it is now.
 */
leaf: number, };

export type WaiveFinding = { id: string, 
/**
 * At least 30 characters.
 */
reason: string, owner: string, 
/**
 * Somebody else than the owner; may be empty where a second person signs.
 */
approver: string, 
/**
 * A date, at most 365 days ahead.
 */
until: string, };

export type WaiverRow = { 
/**
 * The verdict that was accepted, `not_met` or `unknown`: what was accepted as unknown covers
 * no `not_met`.
 */
accepted: string, reason: string, owner: string, approver: string, 
/**
 * The approval that the approver signed; `None` where the approver is a name that nobody signed.
 */
approval: string | null, set_at: string, until: string, ended_at: string | null, };

export type Week = { 
/**
 * Date of its first day.
 */
from: string, calls: number, errors: number, input_tokens: number, output_tokens: number, 
/**
 * Calls whose tokens are recorded.
 */
tokens_known: number, cost_usd_micros: number, 
/**
 * Calls whose cost is known.
 */
cost_known: number, };

export type WireError = { code: Code, 
/**
 * What could not be done, lower case, no full stop, the value after a colon.
 */
message: string, 
/**
 * What to do about it, where there is something.
 */
hint: string | null, };

export type Witness = { id: string, source: string, started_at: string | null, join: JoinKind, 
/**
 * What it was joined by: `aws_request_id` …, or from what that was inferred.
 */
joined_by: string, 
/**
 * Fields in which it says something else than the record shown.
 */
differs: Array<Difference>, };

export type WritePolicy = { 
/**
 * `claims@3`, or `claims` for the newest.
 */
name: string, 
/**
 * `presidio`, `litellm` or `bedrock`; this program's own TOML where absent.
 */
form?: string, 
/**
 * The chosen file; in the store's folder of exports where absent.
 */
handle?: string, };

export type WriteRecovery = { 
/**
 * Where, as chosen.
 */
handle: string, 
/**
 * At least twelve characters; it is not kept.
 */
passphrase: string, };

export type WrittenApproval = { path: string, 
/**
 * A handle to show or fetch the file.
 */
handle: string, sha256: string, };

export type WrittenPolicy = { path: string, 
/**
 * A handle to show or fetch the file.
 */
handle: string, sha256: string, };

export type Commands = {
  "overview.show": { input: Nothing; output: Overview; form: "plain" };
  "settings.about": { input: Nothing; output: About; form: "plain" };
  "settings.store_encryption": { input: Nothing; output: StoreEncryption; form: "plain" };
  "settings.encrypt_store": { input: EncryptStore; output: StoreConverted; form: "job" };
  "settings.rotate_store_key": { input: EncryptStore; output: StoreConverted; form: "job" };
  "settings.decrypt_store": { input: Nothing; output: StoreConverted; form: "job" };
  "settings.set_store_passphrase": { input: SetStorePassphrase; output: StoreEncryption; form: "plain" };
  "settings.try_store_passphrase": { input: TryStorePassphrase; output: PassphraseTried; form: "plain" };
  "settings.unlock_store": { input: UnlockStore; output: StoreEncryption; form: "plain" };
  "jobs.list": { input: Nothing; output: Array<Job>; form: "plain" };
  "jobs.cancel": { input: JobRef; output: Nothing; form: "plain" };
  "imports.start": { input: StartImport; output: ImportSummary; form: "job" };
  "imports.list": { input: Nothing; output: Array<Batch>; form: "plain" };
  "imports.rejected": { input: ListRejected; output: Array<RejectedLine>; form: "plain" };
  "imports.digests": { input: Nothing; output: DigestReport; form: "plain" };
  "trail.calls": { input: ListCalls; output: CallPage; form: "plain" };
  "trail.count": { input: Query; output: Count; form: "plain" };
  "trail.histogram": { input: AskHistogram; output: Histogram; form: "plain" };
  "trail.latency": { input: Query; output: Latency; form: "plain" };
  "trail.facets": { input: Query; output: Array<Facet>; form: "plain" };
  "trail.call": { input: RecordRef; output: CallDetail; form: "plain" };
  "trail.excerpts": { input: AskExcerpts; output: Array<Excerpt>; form: "plain" };
  "trail.text_status": { input: AskTextStatus; output: TextStatus; form: "plain" };
  "trail.text_cost": { input: Nothing; output: TextCost; form: "plain" };
  "trail.text_build": { input: BuildText; output: TextStatus; form: "job" };
  "trail.text_drop": { input: Nothing; output: TextStatus; form: "plain" };
  "trail.reveal": { input: RevealCall; output: Revealed; form: "plain" };
  "trail.copied": { input: RecordRef; output: Nothing; form: "plain" };
  "trail.activities": { input: ListCalls; output: ActivityPage; form: "plain" };
  "trail.activity_count": { input: Query; output: Count; form: "plain" };
  "trail.row_at": { input: AskRow; output: RowNumber; form: "plain" };
  "trail.activity_row_at": { input: AskRow; output: RowNumber; form: "plain" };
  "trail.activity": { input: RecordRef; output: ActivityDetail; form: "plain" };
  "trail.plan_export": { input: ExportRows; output: ExportPlan; form: "plain" };
  "trail.export": { input: ExportRows; output: ExportedRows; form: "job" };
  "trail.export_originals": { input: ExportOriginals; output: ExportedRows; form: "job" };
  "trail.reconcile": { input: AskReconciliation; output: Reconciliation; form: "plain" };
  "trail.usage": { input: AskUsage; output: UsagePage; form: "plain" };
  "trail.keys": { input: Nothing; output: Array<QueryKey>; form: "plain" };
  "trail.notes": { input: RecordRef; output: CallNotes; form: "plain" };
  "trail.add_note": { input: AddNote; output: CallNotes; form: "plain" };
  "trail.withdraw_note": { input: NoteRef; output: CallNotes; form: "plain" };
  "trail.add_tag": { input: TagCall; output: CallNotes; form: "plain" };
  "trail.remove_tag": { input: TagCall; output: CallNotes; form: "plain" };
  "trail.views": { input: Nothing; output: Array<ViewRow>; form: "plain" };
  "trail.save_view": { input: SaveView; output: ViewRow; form: "plain" };
  "trail.rename_view": { input: RenameView; output: ViewRow; form: "plain" };
  "trail.delete_view": { input: ViewRef; output: Nothing; form: "plain" };
  "trail.samples": { input: Nothing; output: Array<SampleRow>; form: "plain" };
  "trail.sample": { input: SampleRef; output: SampleDetail; form: "plain" };
  "trail.repeat_sample": { input: SampleRef; output: Repeated; form: "plain" };
  "trail.sample_results": { input: SampleRef; output: SampleResults; form: "plain" };
  "trail.draw_sample": { input: DrawSample; output: SampleDetail; form: "plain" };
  "trail.join_sample": { input: ReaderRef; output: SampleDetail; form: "plain" };
  "trail.read_item": { input: ReadItem; output: ReadingItem; form: "plain" };
  "trail.judge_item": { input: JudgeItem; output: ReadingItem; form: "plain" };
  "trail.finish_reading": { input: ReaderRef; output: SampleDetail; form: "plain" };
  "trail.close_sample": { input: SampleRef; output: SampleDetail; form: "plain" };
  "deployments.list": { input: Nothing; output: Array<DeploymentSummary>; form: "plain" };
  "deployments.show": { input: DeploymentRef; output: DeploymentPage; form: "plain" };
  "deployments.set": { input: SetDeployment; output: DeploymentPage; form: "plain" };
  "snapshots.import": { input: ImportSnapshot; output: SnapshotSummary; form: "plain" };
  "redaction.preview": { input: PreviewRedaction; output: RedactionPreview; form: "plain" };
  "redaction.policies": { input: Nothing; output: Array<PolicyRow>; form: "plain" };
  "redaction.versions": { input: PolicyRef; output: Array<PolicyRow>; form: "plain" };
  "redaction.save_policy": { input: SavePolicy; output: PolicyRow; form: "plain" };
  "redaction.return_to": { input: PolicyRef; output: PolicyRow; form: "plain" };
  "redaction.put_in_force": { input: PutInForce; output: PolicyRow; form: "plain" };
  "redaction.gate_standing": { input: AskGate; output: Gate; form: "plain" };
  "redaction.gate": { input: AskGate; output: Gate; form: "job" };
  "redaction.compare": { input: ComparePolicies; output: ComparedPolicies; form: "plain" };
  "redaction.import_policy": { input: ImportPolicy; output: ImportedPolicy; form: "plain" };
  "redaction.export_policy": { input: ExportPolicy; output: ExportedPolicy; form: "plain" };
  "redaction.write_policy": { input: WritePolicy; output: WrittenPolicy; form: "plain" };
  "redaction.follow_default": { input: FollowDefault; output: PolicyRow; form: "plain" };
  "redaction.rules": { input: ListRules; output: RuleList; form: "plain" };
  "redaction.try_rule": { input: TryRule; output: TriedRule; form: "plain" };
  "redaction.take_out_rule": { input: TakeOutRule; output: PolicyText; form: "plain" };
  "redaction.sets": { input: Nothing; output: Array<SetRow>; form: "plain" };
  "redaction.make_set": { input: MakeSet; output: SetRow; form: "plain" };
  "redaction.import_set": { input: ImportSet; output: AddedTexts; form: "plain" };
  "redaction.add_text": { input: AddTestText; output: AddedTexts; form: "plain" };
  "redaction.run_set": { input: RunSet; output: SetRun; form: "plain" };
  "redaction.cases": { input: AskCases; output: CasePage; form: "plain" };
  "redaction.text": { input: TextRef; output: CaseRow; form: "plain" };
  "redaction.reveal_text": { input: RevealText; output: CaseRow; form: "plain" };
  "redaction.label": { input: LabelText; output: CaseRow; form: "plain" };
  "redaction.take_out_text": { input: TextRef; output: Nothing; form: "plain" };
  "redaction.names": { input: Nothing; output: NamesStatus; form: "plain" };
  "redaction.set_names_model": { input: SetNamesModel; output: NamesStatus; form: "plain" };
  "redaction.remove_names_model": { input: Nothing; output: NamesStatus; form: "plain" };
  "redaction.try_names": { input: TryNames; output: TriedNames; form: "plain" };
  "redaction.recognizers": { input: Nothing; output: Array<RecognizerRow>; form: "plain" };
  "redaction.rehearse": { input: Rehearse; output: Rehearsal; form: "job" };
  "redaction.vault": { input: Nothing; output: VaultStatus; form: "plain" };
  "redaction.restore": { input: RestoreText; output: RestoredText; form: "plain" };
  "redaction.bound_canaries": { input: BoundCanaries; output: CanaryBound; form: "job" };
  "redaction.bound_sample": { input: BoundSample; output: SampleBound; form: "plain" };
  "redaction.bound_recapture": { input: BoundRecapture; output: RecaptureBound; form: "job" };
  "redaction.guards": { input: Nothing; output: Array<GuardRow>; form: "plain" };
  "redaction.save_guard": { input: SaveGuard; output: GuardRow; form: "plain" };
  "redaction.remove_guard": { input: GuardRef; output: Nothing; form: "plain" };
  "redaction.set_guard_key": { input: SetGuardKey; output: GuardRow; form: "plain" };
  "redaction.plan_guard": { input: PlanGuard; output: GuardPlan; form: "plain" };
  "redaction.run_guard": { input: RunGuard; output: GuardRun; form: "job" };
  "redaction.guard_runs": { input: Nothing; output: Array<GuardRunRow>; form: "plain" };
  "redaction.guard_run": { input: GuardRunRef; output: GuardRun; form: "plain" };
  "redaction.guard_cases": { input: AskGuardCases; output: GuardCases; form: "plain" };
  "redaction.sinks": { input: AskSinks; output: Sinks; form: "job" };
  "checks.list": { input: Nothing; output: Array<CheckRow>; form: "plain" };
  "checks.run": { input: RunChecks; output: CheckSummary; form: "job" };
  "checks.findings": { input: ListFindings; output: CheckSummary; form: "plain" };
  "checks.explain": { input: FindingRef; output: FindingRow; form: "plain" };
  "checks.waive": { input: WaiveFinding; output: FindingRow; form: "plain" };
  "checks.end_waiver": { input: EndWaiver; output: FindingRow; form: "plain" };
  "replay.backends": { input: Nothing; output: Array<BackendRow>; form: "plain" };
  "replay.save_backend": { input: SaveBackend; output: BackendRow; form: "plain" };
  "replay.remove_backend": { input: BackendRef; output: Nothing; form: "plain" };
  "replay.set_key": { input: SetKey; output: BackendRow; form: "plain" };
  "replay.plan": { input: PlanReplay; output: ReplayPlan; form: "plain" };
  "replay.start": { input: StartReplay; output: ReplayRun; form: "job" };
  "replay.runs": { input: Nothing; output: Array<ReplayRun>; form: "plain" };
  "replay.show": { input: RunRef; output: ReplayRun; form: "plain" };
  "replay.comparison": { input: ShowComparison; output: Comparison; form: "plain" };
  "reports.preview": { input: AskReport; output: Report; form: "plain" };
  "reports.render": { input: RenderReport; output: RenderedReport; form: "job" };
  "reports.list": { input: Nothing; output: Array<ReportRow>; form: "plain" };
  "retention.status": { input: Nothing; output: RetentionStatus; form: "plain" };
  "retention.set_rule": { input: SetRetention; output: RetentionStatus; form: "plain" };
  "retention.dispose": { input: Dispose; output: Erased; form: "job" };
  "retention.holds": { input: Nothing; output: Array<HoldRow>; form: "plain" };
  "retention.set_hold": { input: SetHold; output: HoldRow; form: "plain" };
  "retention.release_hold": { input: ReleaseHold; output: HoldRow; form: "plain" };
  "retention.find_subject": { input: FindSubject; output: FoundSubject; form: "job" };
  "retention.erase": { input: EraseSubject; output: Erased; form: "job" };
  "retention.requests": { input: Nothing; output: Requests; form: "plain" };
  "retention.carry_out": { input: CarryOut; output: Erased; form: "job" };
  "evidence.status": { input: Nothing; output: EvidenceStatus; form: "plain" };
  "evidence.pack": { input: PackEvidence; output: EvidencePack; form: "job" };
  "evidence.checkpoint": { input: Nothing; output: SignedCheckpoint; form: "plain" };
  "evidence.key": { input: Nothing; output: ShownKey; form: "plain" };
  "evidence.rotate_key": { input: Nothing; output: ShownKey; form: "plain" };
  "evidence.write_recovery": { input: WriteRecovery; output: ShownKey; form: "plain" };
  "evidence.read_recovery": { input: ReadRecovery; output: ShownKey; form: "plain" };
  "evidence.accept_restore": { input: AcceptRestore; output: ShownKey; form: "plain" };
  "evidence.anchors": { input: Nothing; output: Anchors; form: "plain" };
  "evidence.save_anchor": { input: SaveAnchor; output: AnchorRow; form: "plain" };
  "evidence.remove_anchor": { input: AnchorRef; output: Nothing; form: "plain" };
  "evidence.anchor_now": { input: AnchorNow; output: AnchorSummary; form: "job" };
  "evidence.fsck": { input: CheckStore; output: StoreCheck; form: "job" };
  "evidence.prove": { input: RecordRef; output: RecordProof; form: "plain" };
  "evidence.run_tools": { input: VerifyPack; output: ToolsRun; form: "job" };
  "evidence.verify": { input: VerifyPack; output: Verification; form: "plain" };
  "approvals.persons": { input: Nothing; output: Persons; form: "plain" };
  "approvals.create_key": { input: CreatePerson; output: PersonRow; form: "plain" };
  "approvals.add_person": { input: AddPerson; output: PersonRow; form: "plain" };
  "approvals.revoke_person": { input: RevokePerson; output: Persons; form: "plain" };
  "approvals.rules": { input: Nothing; output: Array<RuleRow>; form: "plain" };
  "approvals.set_rule": { input: SetRule; output: Array<RuleRow>; form: "plain" };
  "approvals.list": { input: Nothing; output: Array<ApprovalRow>; form: "plain" };
  "approvals.show": { input: ApprovalRef; output: ApprovalRow; form: "plain" };
  "approvals.gate": { input: ApprovalRef; output: AskedGate; form: "plain" };
  "approvals.standing": { input: Deed; output: ApprovalStanding; form: "plain" };
  "approvals.request": { input: RequestApproval; output: ApprovalRow; form: "plain" };
  "approvals.decide": { input: DecideApproval; output: ApprovalRow; form: "plain" };
  "approvals.export": { input: ExportApproval; output: WrittenApproval; form: "plain" };
  "approvals.open_file": { input: ApprovalFile; output: OpenedRequest; form: "plain" };
  "approvals.sign_file": { input: SignApproval; output: WrittenApproval; form: "plain" };
  "approvals.import": { input: ApprovalFile; output: ApprovalRow; form: "plain" };
};

export const effects = {
  "overview.show": { form: "plain", confirmed: false, reads: ["trail", "deployments", "findings", "approvals", "retention"], writes: [] },
  "settings.about": { form: "plain", confirmed: false, reads: ["trail"], writes: [] },
  "settings.store_encryption": { form: "plain", confirmed: false, reads: ["trail"], writes: [] },
  "settings.encrypt_store": { form: "job", confirmed: true, reads: [], writes: ["trail", "activities"] },
  "settings.rotate_store_key": { form: "job", confirmed: true, reads: [], writes: ["trail", "activities"] },
  "settings.decrypt_store": { form: "job", confirmed: true, reads: [], writes: ["trail", "activities"] },
  "settings.set_store_passphrase": { form: "plain", confirmed: true, reads: [], writes: ["trail", "activities"] },
  "settings.try_store_passphrase": { form: "plain", confirmed: false, reads: [], writes: [] },
  "settings.unlock_store": { form: "plain", confirmed: false, reads: [], writes: ["trail"] },
  "jobs.list": { form: "plain", confirmed: false, reads: ["jobs"], writes: [] },
  "jobs.cancel": { form: "plain", confirmed: false, reads: [], writes: ["jobs"] },
  "imports.start": { form: "job", confirmed: false, reads: [], writes: ["trail", "imports", "deployments"] },
  "imports.list": { form: "plain", confirmed: false, reads: ["imports"], writes: [] },
  "imports.rejected": { form: "plain", confirmed: false, reads: ["imports"], writes: [] },
  "imports.digests": { form: "plain", confirmed: false, reads: ["imports"], writes: [] },
  "trail.calls": { form: "plain", confirmed: false, reads: ["trail"], writes: [] },
  "trail.count": { form: "plain", confirmed: false, reads: ["trail"], writes: [] },
  "trail.histogram": { form: "plain", confirmed: false, reads: ["trail"], writes: [] },
  "trail.latency": { form: "plain", confirmed: false, reads: ["trail"], writes: [] },
  "trail.facets": { form: "plain", confirmed: false, reads: ["trail"], writes: [] },
  "trail.call": { form: "plain", confirmed: false, reads: ["trail", "activities"], writes: [] },
  "trail.excerpts": { form: "plain", confirmed: false, reads: ["trail"], writes: [] },
  "trail.text_status": { form: "plain", confirmed: false, reads: ["trail"], writes: [] },
  "trail.text_cost": { form: "plain", confirmed: false, reads: ["trail"], writes: [] },
  "trail.text_build": { form: "job", confirmed: false, reads: [], writes: ["trail", "activities"] },
  "trail.text_drop": { form: "plain", confirmed: false, reads: [], writes: ["trail", "activities"] },
  "trail.reveal": { form: "plain", confirmed: true, reads: [], writes: ["activities"] },
  "trail.copied": { form: "plain", confirmed: false, reads: [], writes: ["activities"] },
  "trail.activities": { form: "plain", confirmed: false, reads: ["trail", "activities"], writes: [] },
  "trail.activity_count": { form: "plain", confirmed: false, reads: ["trail", "activities"], writes: [] },
  "trail.row_at": { form: "plain", confirmed: false, reads: ["trail"], writes: [] },
  "trail.activity_row_at": { form: "plain", confirmed: false, reads: ["trail", "activities"], writes: [] },
  "trail.activity": { form: "plain", confirmed: false, reads: ["trail"], writes: [] },
  "trail.plan_export": { form: "plain", confirmed: false, reads: ["trail", "activities", "policies"], writes: [] },
  "trail.export": { form: "job", confirmed: false, reads: [], writes: ["activities", "trail"] },
  "trail.export_originals": { form: "job", confirmed: true, reads: [], writes: ["activities", "trail"] },
  "trail.reconcile": { form: "plain", confirmed: false, reads: ["trail", "activities", "imports"], writes: [] },
  "trail.usage": { form: "plain", confirmed: false, reads: ["trail", "imports"], writes: [] },
  "trail.keys": { form: "plain", confirmed: false, reads: [], writes: [] },
  "trail.notes": { form: "plain", confirmed: false, reads: ["notes"], writes: [] },
  "trail.add_note": { form: "plain", confirmed: false, reads: [], writes: ["notes", "trail", "activities"] },
  "trail.withdraw_note": { form: "plain", confirmed: false, reads: [], writes: ["notes", "trail", "activities"] },
  "trail.add_tag": { form: "plain", confirmed: false, reads: [], writes: ["notes", "trail", "activities"] },
  "trail.remove_tag": { form: "plain", confirmed: false, reads: [], writes: ["notes", "trail", "activities"] },
  "trail.views": { form: "plain", confirmed: false, reads: ["views"], writes: [] },
  "trail.save_view": { form: "plain", confirmed: false, reads: [], writes: ["views", "activities"] },
  "trail.rename_view": { form: "plain", confirmed: false, reads: [], writes: ["views", "activities"] },
  "trail.delete_view": { form: "plain", confirmed: false, reads: [], writes: ["views", "activities"] },
  "trail.samples": { form: "plain", confirmed: false, reads: ["samples", "trail"], writes: [] },
  "trail.sample": { form: "plain", confirmed: false, reads: ["samples", "trail"], writes: [] },
  "trail.repeat_sample": { form: "plain", confirmed: false, reads: ["samples", "trail"], writes: [] },
  "trail.sample_results": { form: "plain", confirmed: false, reads: ["samples"], writes: [] },
  "trail.draw_sample": { form: "plain", confirmed: false, reads: [], writes: ["samples", "trail", "activities"] },
  "trail.join_sample": { form: "plain", confirmed: false, reads: [], writes: ["samples", "activities"] },
  "trail.read_item": { form: "plain", confirmed: false, reads: ["readings", "trail"], writes: [] },
  "trail.judge_item": { form: "plain", confirmed: false, reads: [], writes: ["readings", "activities"] },
  "trail.finish_reading": { form: "plain", confirmed: false, reads: [], writes: ["samples", "readings", "activities"] },
  "trail.close_sample": { form: "plain", confirmed: false, reads: [], writes: ["samples", "readings", "activities"] },
  "deployments.list": { form: "plain", confirmed: false, reads: ["trail", "deployments", "findings"], writes: [] },
  "deployments.show": { form: "plain", confirmed: false, reads: ["trail", "deployments", "findings"], writes: [] },
  "deployments.set": { form: "plain", confirmed: false, reads: [], writes: ["deployments", "activities"] },
  "snapshots.import": { form: "plain", confirmed: false, reads: [], writes: ["deployments", "activities"] },
  "redaction.preview": { form: "plain", confirmed: false, reads: [], writes: [] },
  "redaction.policies": { form: "plain", confirmed: false, reads: ["policies"], writes: [] },
  "redaction.versions": { form: "plain", confirmed: false, reads: ["policies"], writes: [] },
  "redaction.save_policy": { form: "plain", confirmed: false, reads: [], writes: ["policies", "activities"] },
  "redaction.return_to": { form: "plain", confirmed: false, reads: [], writes: ["policies", "activities"] },
  "redaction.put_in_force": { form: "plain", confirmed: false, reads: [], writes: ["policies", "trail", "activities"] },
  "redaction.gate_standing": { form: "plain", confirmed: false, reads: ["policies", "test_sets", "trail"], writes: [] },
  "redaction.gate": { form: "job", confirmed: false, reads: [], writes: ["trail", "activities"] },
  "redaction.compare": { form: "plain", confirmed: false, reads: ["policies"], writes: [] },
  "redaction.import_policy": { form: "plain", confirmed: false, reads: [], writes: [] },
  "redaction.export_policy": { form: "plain", confirmed: false, reads: [], writes: [] },
  "redaction.write_policy": { form: "plain", confirmed: false, reads: [], writes: ["activities"] },
  "redaction.follow_default": { form: "plain", confirmed: false, reads: [], writes: ["policies", "trail", "activities"] },
  "redaction.rules": { form: "plain", confirmed: false, reads: [], writes: [] },
  "redaction.try_rule": { form: "plain", confirmed: false, reads: [], writes: [] },
  "redaction.take_out_rule": { form: "plain", confirmed: false, reads: [], writes: [] },
  "redaction.sets": { form: "plain", confirmed: false, reads: ["test_sets"], writes: [] },
  "redaction.make_set": { form: "plain", confirmed: false, reads: [], writes: ["test_sets", "activities"] },
  "redaction.import_set": { form: "plain", confirmed: false, reads: [], writes: ["test_sets", "activities"] },
  "redaction.add_text": { form: "plain", confirmed: false, reads: [], writes: ["test_sets", "activities"] },
  "redaction.run_set": { form: "plain", confirmed: false, reads: ["test_sets", "policies"], writes: [] },
  "redaction.cases": { form: "plain", confirmed: false, reads: ["test_sets", "policies"], writes: [] },
  "redaction.text": { form: "plain", confirmed: false, reads: ["test_sets", "policies"], writes: [] },
  "redaction.reveal_text": { form: "plain", confirmed: false, reads: [], writes: ["activities"] },
  "redaction.label": { form: "plain", confirmed: false, reads: [], writes: ["test_sets", "activities"] },
  "redaction.take_out_text": { form: "plain", confirmed: false, reads: [], writes: ["test_sets", "activities"] },
  "redaction.names": { form: "plain", confirmed: false, reads: ["policies"], writes: [] },
  "redaction.set_names_model": { form: "plain", confirmed: false, reads: [], writes: ["policies", "trail", "activities"] },
  "redaction.remove_names_model": { form: "plain", confirmed: false, reads: [], writes: ["policies", "trail", "activities"] },
  "redaction.try_names": { form: "plain", confirmed: false, reads: [], writes: [] },
  "redaction.recognizers": { form: "plain", confirmed: false, reads: [], writes: [] },
  "redaction.rehearse": { form: "job", confirmed: false, reads: [], writes: ["trail", "activities"] },
  "redaction.vault": { form: "plain", confirmed: false, reads: ["activities"], writes: [] },
  "redaction.restore": { form: "plain", confirmed: false, reads: [], writes: ["activities"] },
  "redaction.bound_canaries": { form: "job", confirmed: false, reads: [], writes: [] },
  "redaction.bound_sample": { form: "plain", confirmed: false, reads: ["samples"], writes: [] },
  "redaction.bound_recapture": { form: "job", confirmed: false, reads: [], writes: [] },
  "redaction.guards": { form: "plain", confirmed: false, reads: ["guards"], writes: [] },
  "redaction.save_guard": { form: "plain", confirmed: false, reads: [], writes: ["guards", "activities"] },
  "redaction.remove_guard": { form: "plain", confirmed: false, reads: [], writes: ["guards", "activities"] },
  "redaction.set_guard_key": { form: "plain", confirmed: false, reads: [], writes: ["guards"] },
  "redaction.plan_guard": { form: "plain", confirmed: false, reads: [], writes: [] },
  "redaction.run_guard": { form: "job", confirmed: true, reads: [], writes: ["guard_runs", "activities"] },
  "redaction.guard_runs": { form: "plain", confirmed: false, reads: ["guard_runs"], writes: [] },
  "redaction.guard_run": { form: "plain", confirmed: false, reads: ["guard_runs"], writes: [] },
  "redaction.guard_cases": { form: "plain", confirmed: false, reads: ["guard_runs"], writes: [] },
  "redaction.sinks": { form: "job", confirmed: false, reads: [], writes: [] },
  "checks.list": { form: "plain", confirmed: false, reads: [], writes: [] },
  "checks.run": { form: "job", confirmed: false, reads: [], writes: ["findings", "deployments", "trail"] },
  "checks.findings": { form: "plain", confirmed: false, reads: ["findings"], writes: [] },
  "checks.explain": { form: "plain", confirmed: false, reads: ["findings"], writes: [] },
  "checks.waive": { form: "plain", confirmed: false, reads: [], writes: ["findings", "activities"] },
  "checks.end_waiver": { form: "plain", confirmed: false, reads: [], writes: ["findings", "activities"] },
  "replay.backends": { form: "plain", confirmed: false, reads: ["backends"], writes: [] },
  "replay.save_backend": { form: "plain", confirmed: false, reads: [], writes: ["backends", "activities"] },
  "replay.remove_backend": { form: "plain", confirmed: false, reads: [], writes: ["backends", "activities"] },
  "replay.set_key": { form: "plain", confirmed: false, reads: [], writes: ["backends", "activities"] },
  "replay.plan": { form: "plain", confirmed: false, reads: [], writes: [] },
  "replay.start": { form: "job", confirmed: true, reads: [], writes: ["runs", "activities"] },
  "replay.runs": { form: "plain", confirmed: false, reads: ["runs"], writes: [] },
  "replay.show": { form: "plain", confirmed: false, reads: ["runs"], writes: [] },
  "replay.comparison": { form: "plain", confirmed: false, reads: ["runs"], writes: [] },
  "reports.preview": { form: "plain", confirmed: false, reads: ["trail", "deployments", "findings"], writes: [] },
  "reports.render": { form: "job", confirmed: false, reads: [], writes: ["reports", "activities"] },
  "reports.list": { form: "plain", confirmed: false, reads: ["reports"], writes: [] },
  "retention.status": { form: "plain", confirmed: false, reads: ["retention", "trail"], writes: [] },
  "retention.set_rule": { form: "plain", confirmed: false, reads: [], writes: ["retention", "activities"] },
  "retention.dispose": { form: "job", confirmed: true, reads: [], writes: ["notes", "views", "samples", "retention", "trail", "activities", "findings", "reports"] },
  "retention.holds": { form: "plain", confirmed: false, reads: ["retention", "trail"], writes: [] },
  "retention.set_hold": { form: "plain", confirmed: false, reads: [], writes: ["retention", "trail", "activities"] },
  "retention.release_hold": { form: "plain", confirmed: true, reads: [], writes: ["retention", "trail", "activities"] },
  "retention.find_subject": { form: "job", confirmed: false, reads: [], writes: [] },
  "retention.erase": { form: "job", confirmed: true, reads: [], writes: ["notes", "views", "samples", "retention", "trail", "activities", "imports", "findings", "runs", "reports", "deployments"] },
  "retention.requests": { form: "plain", confirmed: false, reads: ["retention", "trail"], writes: [] },
  "retention.carry_out": { form: "job", confirmed: true, reads: [], writes: ["notes", "views", "samples", "retention", "trail", "activities", "imports", "findings", "runs", "reports", "deployments"] },
  "evidence.status": { form: "plain", confirmed: false, reads: ["trail"], writes: [] },
  "evidence.pack": { form: "job", confirmed: true, reads: [], writes: ["activities", "trail"] },
  "evidence.checkpoint": { form: "plain", confirmed: false, reads: [], writes: ["trail"] },
  "evidence.key": { form: "plain", confirmed: false, reads: ["trail"], writes: [] },
  "evidence.rotate_key": { form: "plain", confirmed: true, reads: [], writes: ["trail", "activities"] },
  "evidence.write_recovery": { form: "plain", confirmed: false, reads: [], writes: ["trail"] },
  "evidence.read_recovery": { form: "plain", confirmed: false, reads: [], writes: ["trail"] },
  "evidence.accept_restore": { form: "plain", confirmed: true, reads: [], writes: ["trail", "activities"] },
  "evidence.anchors": { form: "plain", confirmed: false, reads: ["anchors", "trail"], writes: [] },
  "evidence.save_anchor": { form: "plain", confirmed: true, reads: [], writes: ["anchors", "activities"] },
  "evidence.remove_anchor": { form: "plain", confirmed: false, reads: [], writes: ["anchors", "activities"] },
  "evidence.anchor_now": { form: "job", confirmed: false, reads: [], writes: ["anchors", "trail", "activities"] },
  "evidence.fsck": { form: "job", confirmed: false, reads: [], writes: ["trail"] },
  "evidence.prove": { form: "plain", confirmed: false, reads: ["trail"], writes: [] },
  "evidence.run_tools": { form: "job", confirmed: false, reads: [], writes: [] },
  "evidence.verify": { form: "plain", confirmed: false, reads: [], writes: [] },
  "approvals.persons": { form: "plain", confirmed: false, reads: ["approvals"], writes: [] },
  "approvals.create_key": { form: "plain", confirmed: false, reads: [], writes: ["approvals", "activities"] },
  "approvals.add_person": { form: "plain", confirmed: true, reads: [], writes: ["approvals", "activities"] },
  "approvals.revoke_person": { form: "plain", confirmed: true, reads: [], writes: ["approvals", "activities"] },
  "approvals.rules": { form: "plain", confirmed: false, reads: ["approvals"], writes: [] },
  "approvals.set_rule": { form: "plain", confirmed: true, reads: [], writes: ["approvals", "activities"] },
  "approvals.list": { form: "plain", confirmed: false, reads: ["approvals"], writes: [] },
  "approvals.show": { form: "plain", confirmed: false, reads: ["approvals"], writes: [] },
  "approvals.gate": { form: "plain", confirmed: false, reads: ["approvals", "policies", "test_sets", "trail"], writes: [] },
  "approvals.standing": { form: "plain", confirmed: false, reads: ["approvals", "trail", "findings", "policies"], writes: [] },
  "approvals.request": { form: "plain", confirmed: false, reads: [], writes: ["approvals", "activities"] },
  "approvals.decide": { form: "plain", confirmed: true, reads: [], writes: ["approvals", "activities"] },
  "approvals.export": { form: "plain", confirmed: false, reads: [], writes: [] },
  "approvals.open_file": { form: "plain", confirmed: false, reads: [], writes: [] },
  "approvals.sign_file": { form: "plain", confirmed: true, reads: [], writes: ["activities"] },
  "approvals.import": { form: "plain", confirmed: false, reads: [], writes: ["approvals", "activities"] },
} as const;
