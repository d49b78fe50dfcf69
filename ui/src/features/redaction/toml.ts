// The two lines of a policy's text that a form may change: its name and its version.

function line(key: string): RegExp {
  return new RegExp(`^${key}\\s*=\\s*"([^"]*)"`, "m");
}

/** The value of a line `key = "…"`. */
export function quoted(toml: string, key: "name" | "version"): string {
  return line(key).exec(toml)?.[1] ?? "";
}

/** The text with another name and version; lines that lack are put on top. */
export function renamed(toml: string, name: string, version: string): string {
  let text = toml;
  for (const [key, value] of [
    ["version", version],
    ["name", name],
  ] as const) {
    const own = `${key} = ${JSON.stringify(value)}`;
    text = line(key).test(text) ? text.replace(line(key), () => own) : `${own}\n${text}`;
  }
  return text;
}
