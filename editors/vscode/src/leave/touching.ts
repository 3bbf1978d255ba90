import type { Finding } from "../protocol";

/** How many findings a range of UTF-16 offsets touches. */
export function touching(findings: readonly Finding[], text: string, start: number, end: number): number {
  const from = codePoints(text, start);
  const to = from + codePoints(text.slice(start), end - start);
  return findings.filter((finding) => finding.start < to && from < finding.end).length;
}

function codePoints(text: string, units: number): number {
  let count = 0;
  for (const _ of text.slice(0, units)) count++;
  return count;
}
