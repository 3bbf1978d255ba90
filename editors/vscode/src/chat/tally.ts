import type { Finding } from "../protocol";
import { some } from "../redacted/words";
import { utf16Offsets } from "./lines";

const TOKEN = /TL_[A-Z0-9_]+_[0-9A-Z]{6,12}/g;

/** Counts the different values of some texts, by what they are. Values stay inside and go with it. */
export class Tally {
  private readonly found = new Map<string, Set<string>>();
  private readonly tokens = new Set<string>();

  /** A text, what was found in it, and what goes in its place. */
  add(text: string, findings: readonly Finding[], redacted: string): void {
    const offsets = utf16Offsets(text, findings.flatMap((finding) => [finding.start, finding.end]));
    findings.forEach((finding, index) => {
      const seen = this.found.get(finding.title) ?? new Set();
      this.found.set(finding.title, seen.add(text.slice(offsets[index * 2], offsets[index * 2 + 1])));
    });
    const before = new Set(text.match(TOKEN));
    for (const token of redacted.match(TOKEN) ?? []) if (!before.has(token)) this.tokens.add(token);
  }

  /** How many different values; a value that is only known from elsewhere has a placeholder and no finding. */
  get count(): number {
    return Math.max(this.different, this.tokens.size);
  }

  /** "2 values". */
  get values(): string {
    return some(this.count, "value");
  }

  /** "GitHub personal access token, E-mail address (2)". */
  get kinds(): string {
    const kinds = [...this.found].map(([title, seen]) => (seen.size > 1 ? `${title} (${seen.size})` : title));
    const elsewhere = this.count - this.different;
    if (elsewhere) kinds.push(`${elsewhere} known from elsewhere`);
    return kinds.join(", ");
  }

  private get different(): number {
    let count = 0;
    for (const seen of this.found.values()) count += seen.size;
    return count;
  }
}
