import type { Finding } from "../protocol";

/** Lines of a text, counted from 0, both ends included. */
export interface Lines {
  readonly first: number;
  readonly last: number;
}

/** "line 3", "lines 3 to 5", as a person counts. */
export function lineNumbers({ first, last }: Lines): string {
  return first === last ? `line ${first + 1}` : `lines ${first + 1} to ${last + 1}`;
}

/**
 * Some lines of a redacted text, counted as in the original.
 *
 * A value of many lines (a private key) becomes one; where the counts cannot be brought together, all of the redacted text.
 */
export function redactedLines(original: string, redacted: string, findings: readonly Finding[], wanted: Lines): string {
  const lines = redacted.split("\n");
  const starts = lineStarts(original);
  const folded = folds(original, findings, starts);
  const lost = folded.reduce((sum, fold) => sum + fold.last - fold.first, 0);
  if (starts.length - lost !== lines.length) return redacted;
  return lines.slice(place(wanted.first, folded), place(wanted.last, folded) + 1).join("\n");
}

/** Values of more than one line, by the lines they stand on. */
function folds(original: string, findings: readonly Finding[], starts: readonly number[]): Lines[] {
  const offsets = utf16Offsets(original, findings.flatMap((finding) => [finding.start, finding.end]));
  return findings
    .map((_, index) => ({ first: lineOf(offsets[index * 2] ?? 0, starts), last: lineOf(offsets[index * 2 + 1] ?? 0, starts) }))
    .filter((fold) => fold.last > fold.first)
    .sort((one, other) => one.first - other.first);
}

/** Where a line of the original stands in the redacted text. */
function place(line: number, folded: readonly Lines[]): number {
  return folded.reduce((at, fold) => at - Math.max(0, Math.min(line, fold.last) - fold.first), line);
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** The line an offset is on, by halving. */
function lineOf(offset: number, starts: readonly number[]): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Offsets in code points as offsets in UTF-16 units, in the order given. */
export function utf16Offsets(text: string, points: readonly number[]): number[] {
  const order = points.map((_, index) => index).sort((one, other) => (points[one] ?? 0) - (points[other] ?? 0));
  const offsets = new Array<number>(points.length).fill(text.length);
  let point = 0;
  let unit = 0;
  for (const index of order) {
    for (const wanted = points[index] ?? 0; point < wanted && unit < text.length; point++) {
      unit += (text.codePointAt(unit) ?? 0) > 0xffff ? 2 : 1;
    }
    offsets[index] = unit;
  }
  return offsets;
}
