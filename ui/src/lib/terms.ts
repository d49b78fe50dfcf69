// Terms of the trail's query language, written and taken out of a query as text.
//
// The engine alone reads queries; this only writes terms as it does and finds them again.

/** `key:value` as the engine writes it; `null` is "not recorded". */
export function termFor(key: string, value: string | null): string {
  if (value === null) return `-has:${key}`;
  const isPlain = /^[\p{L}\p{N}_\-./@:+]+$/u.test(value) && !value.includes("..");
  return isPlain ? `${key}:${value}` : `${key}:"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

/** The words of a query, as they are written, quotation marks kept together. */
export function termsOf(query: string): string[] {
  return query.match(/(?:[^\s"]|"(?:\\.|[^"\\])*")+/g) ?? [];
}

/** The key of a term, or `null` for words of the text. */
export function keyOf(term: string): string | null {
  const found = /^-?(?:has:)?([a-z][a-z0-9_]*)(?::|$)/.exec(term);
  return term.includes(":") ? (found?.[1] ?? null) : null;
}

export function hasTerm(query: string, term: string): boolean {
  return termsOf(query).includes(term);
}

export function withTerm(query: string, term: string): string {
  return hasTerm(query, term) ? query : [...termsOf(query), term].join(" ");
}

export function withoutTerm(query: string, term: string): string {
  return termsOf(query)
    .filter((other) => other !== term)
    .join(" ");
}

/** The query with `term` in the place of every term about the same key. */
export function onlyTerm(query: string, key: string, term: string): string {
  return [...termsOf(query).filter((other) => keyOf(other) !== key), term].join(" ");
}
