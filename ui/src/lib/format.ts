// How numbers, times, money and ids are written. Locale and zone are always ours: WebKitGTK's own
// answers differ from machine to machine. Not here: words.

const LOCALE = "en-GB";
const integer = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });
const oneDecimal = new Intl.NumberFormat(LOCALE, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const compact = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });
// Made once: a list asks for each on every row, and making one costs more than drawing the row.
const dollars = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD" });
const smallDollars = new Intl.NumberFormat("en-US", {
  maximumSignificantDigits: 4,
  maximumFractionDigits: 20,
});
const day = new Intl.DateTimeFormat(LOCALE, {
  day: "numeric",
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});

/** What stands where a source did not record something. */
export const MISSING = "–";

/** 2,318,447 */
export function count(value: number): string {
  return integer.format(value);
}

/** 12.4k above 9,999; exact below. */
export function shortCount(value: number): string {
  return value > 9999 ? compact.format(value).toLowerCase() : count(value);
}

/** "1 call", "2,318 calls". */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** "1.4 % (904 of 64,211)"; a share of nothing is not a number. */
export function share(part: number, whole: number): string {
  if (whole === 0) return `${MISSING} (of 0)`;
  return `${percent(part, whole)} (${count(part)} of ${count(whole)})`;
}

/** "1.4 %". A part is never rounded to none or to all. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return MISSING;
  const value = (part / whole) * 100;
  if (part > 0 && value < 0.1) return "< 0.1 %";
  if (part < whole && value > 99.9) return "> 99.9 %";
  return `${oneDecimal.format(value)} %`;
}

/** `2026-11-23 14:08:51.418`, for a column whose header says UTC. */
export function timeCell(at: string | null): string {
  return at === null ? MISSING : at.replace("T", " ").replace("Z", "");
}

/** `23 Nov 2026, 14:08:51 UTC`, for prose. */
export function time(at: string | null): string {
  if (at === null) return MISSING;
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? at : `${day.format(date)}, ${date.toISOString().slice(11, 19)} UTC`;
}

/** `23 Nov 2026`, in UTC. */
export function date(at: string | null): string {
  if (at === null) return MISSING;
  const value = new Date(at);
  return Number.isNaN(value.getTime()) ? at : day.format(value);
}

/** "4 min ago", "3 days ago": only beside the moment itself. */
export function ago(at: string, nowMs: number): string {
  const minutes = Math.floor((nowMs - new Date(at).getTime()) / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${count(minutes)} min ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${count(hours)} h ago` : `${count(Math.floor(hours / 24))} days ago`;
}

/** The UTC moment of a histogram's edge: `2 Sep 2026, 14:00`. */
export function moment(ms: number): string {
  return `${day.format(new Date(ms))}, ${new Date(ms).toISOString().slice(11, 16)}`;
}

/** `2,418 ms`, `12.4 s`, `3 m 20 s`. */
export function duration(ms: number | null): string {
  if (ms === null) return MISSING;
  if (ms < 10_000) return `${count(ms)} ms`;
  if (ms < 100_000) return `${oneDecimal.format(ms / 1000)} s`;
  const seconds = Math.round(ms / 1000);
  return seconds < 3600
    ? `${count(Math.floor(seconds / 60))} m ${seconds % 60} s`
    : `${count(Math.floor(seconds / 3600))} h ${Math.floor((seconds % 3600) / 60)} m`;
}

/** A decimal string in US dollars: `$1,204.50`, `$0.0083`. */
export function usd(decimal: string | null): string {
  if (decimal === null) return MISSING;
  const value = Number(decimal);
  if (!Number.isFinite(value)) return decimal;
  if (value !== 0 && Math.abs(value) < 0.01) {
    return `$${smallDollars.format(value)}`;
  }
  return dollars.format(value);
}

/** `12.4 GB`, decimal units. */
export function bytes(value: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let size = value;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? count(size) : oneDecimal.format(size)} ${units[unit]}`;
}

/** `req_01J9…7QK4`: the middle of a long id is cut; it is shown whole in its tooltip. */
export function shortId(id: string): string {
  return id.length > 15 ? `${id.slice(0, 8)}…${id.slice(-4)}` : id;
}

/** A name from the engine as people read it: `not_met` → "not met". */
export function words(name: string): string {
  return name.replaceAll("_", " ");
}

/** Control and direction characters as visible escapes, so that text is what it seems. */
export function visible(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it makes visible
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu,
    (letter) => `\\u${(letter.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );
}

/** A message of the engine as a sentence: a capital at its beginning, a point at its end. */
export function sentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?:]$/.test(begun) ? begun : `${begun}.`;
}
