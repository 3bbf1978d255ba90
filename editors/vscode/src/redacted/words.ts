import type { Restored } from "../protocol";

const NAMED = 3;

/** "1 value", "3 values". */
export function some(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** The first few of some names: "a, b, c and 2 more". */
export function few(names: readonly string[]): string {
  const more = names.length - NAMED;
  return more > 0 ? `${names.slice(0, NAMED).join(", ")} and ${more} more` : names.join(", ");
}

/** Placeholders that were not put back, each once: those nobody knows, and what is left of damaged ones. */
export function leftBehind(restored: Pick<Restored, "unknown" | "leftover">): string[] {
  return [...new Set([...restored.unknown, ...restored.leftover.map((left) => left.token)])];
}

/** What to say of placeholders that were not put back; empty when there are none. */
export function leftSentence(tokens: readonly string[]): string {
  if (!tokens.length) return "";
  const stay = tokens.length === 1 ? "has no value here and stays" : "have no value here and stay";
  return `${some(tokens.length, "placeholder")} ${stay}: ${few(tokens)}.`;
}

/** What restoring did, in one or two sentences. */
export function restoredSentence(count: number, left: readonly string[]): string {
  if (!count && !left.length) return "There is no placeholder to restore.";
  return [count ? `Restored ${some(count, "value")}.` : "", leftSentence(left)].filter(Boolean).join(" ");
}
