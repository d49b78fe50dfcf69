// What may stand behind `?` in each screen's address: the state that Back, reload and links keep.

type Given = Record<string, unknown>;

function text(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

function only<Keys extends string>(
  given: Given,
  keys: readonly Keys[],
): { [Key in Keys]?: string | undefined } {
  const kept: { [Key in Keys]?: string | undefined } = {};
  for (const key of keys) {
    const value = text(given[key]);
    if (value !== undefined) kept[key] = value;
  }
  return kept;
}

/** `view`: `compare` for the table of deployments. */
export const overviewSearch = (given: Given) => only(given, ["view"]);
/**
 * `q`: query; `tab`: calls or activities; `rec`: the record that is open; `view`: its tab; `saved`: the
 * leaf of the saved view whose columns are shown.
 */
export const trailSearch = (given: Given) => only(given, ["q", "tab", "rec", "view", "saved"]);
/** `q`: the calls that a sample would be drawn from. */
export const samplesSearch = (given: Given) => only(given, ["q"]);
/** `from`, `to`: the first day of the period, and the first after it. */
export const coverageSearch = (given: Given) => only(given, ["from", "to"]);
/** `from`, `to`, `model`, `report`: whose rows of reports are listed; `counts`: `yes`, `no`, or both. */
export const usageSearch = (given: Given) => only(given, ["from", "to", "model", "report", "counts"]);
/** `call`: a stored call to preview; `policy`: the policy; `set`: the test set; `run`: of a guard; `tab`. */
export const redactionSearch = (given: Given) => only(given, ["call", "policy", "set", "run", "tab"]);
/** `q`: the calls to plan with. */
export const replaySearch = (given: Given) => only(given, ["q"]);
/** `call`: the comparison that is open. */
export const runSearch = (given: Given) => only(given, ["call"]);
/** What findings are listed. */
export const checksSearch = (given: Given) => only(given, ["deployment", "verdict", "check", "tab"]);
/** `batch`: whose rejected lines are listed. */
export const importsSearch = (given: Given) => only(given, ["batch"]);
/** `tab` of a deployment's page, of retention, of settings. */
export const tabSearch = (given: Given) => only(given, ["tab"]);
/** A report's period and deployments (comma between them). */
export const reportSearch = (given: Given) => only(given, ["from", "to", "deployments"]);
/** `tab`: requests, persons or rules; `id`: the request that is open. */
export const approvalsSearch = (given: Given) => only(given, ["tab", "id"]);
