import type { Restored } from "../protocol";
import { leftBehind } from "../redacted/words";
import { endsInLink, placeholdersInLinks, shieldLinks, unshieldLinks } from "./links";
import { certain } from "./pieces";

/** A longer line is given out in parts that know nothing of each other; no link is cut. */
const LONGEST_LINE = 8_000;

/**
 * Puts values back into an answer while it is still coming in chunks of any size.
 *
 * A piece is restored together with the line it stands in, since how a value is written depends on the quote before it.
 * When `restore` rejects, the rest of the answer is given out as it comes, with its placeholders.
 */
export class Restoring {
  private readonly unknown = new Set<string>();
  private readonly linked = new Set<string>();
  /** Everything since the beginning of the line that is being given out. */
  private line = "";
  /** How much of `line` was given out, and as what. */
  private given = 0;
  private shown = "";
  private broken = false;

  constructor(private readonly restore: (text: string) => Promise<Restored>) {}

  /** Placeholders left in the answer: nobody knows them, or they are damaged. */
  get left(): string[] {
    return [...this.unknown];
  }

  /** Placeholders left in links. */
  get inLinks(): string[] {
    return [...this.linked];
  }

  /** Whether values could not be put back from some place on. */
  get stopped(): boolean {
    return this.broken;
  }

  /** Take a chunk in; gives out what can be told already, which may be nothing. */
  async feed(chunk: string): Promise<string> {
    this.line += chunk;
    let out = "";
    const end = this.lineEnd();
    if (end) {
      out += await this.give(end);
      this.forget();
    }
    const sure = certain(this.line);
    if (sure > this.given) out += await this.give(sure);
    if (this.given > LONGEST_LINE && isOutsideLinks(this.line.slice(0, this.given))) this.forget();
    return out;
  }

  /** The rest. */
  async finish(): Promise<string> {
    const rest = await this.give(this.line.length);
    this.forget();
    return rest;
  }

  /** The end of the last line that no placeholder and no link goes beyond; 0 when there is none. */
  private lineEnd(): number {
    for (let at = this.line.lastIndexOf("\n"); at >= this.given; at = at > 0 ? this.line.lastIndexOf("\n", at - 1) : -1) {
      const lines = this.line.slice(0, at + 1);
      if (certain(lines) === lines.length && !endsInLink(lines)) return lines.length;
    }
    return 0;
  }

  private async give(end: number): Promise<string> {
    const before = this.given;
    this.given = end;
    if (this.broken || end === before) return this.line.slice(before, end);
    try {
      const whole = await this.restored(this.line.slice(0, end));
      const out = whole.startsWith(this.shown) ? whole.slice(this.shown.length) : undefined;
      this.shown = whole;
      return out ?? (await this.restored(this.line.slice(before, end)));
    } catch {
      this.broken = true;
      return this.line.slice(before, end);
    }
  }

  private async restored(markdown: string): Promise<string> {
    for (const token of placeholdersInLinks(markdown)) this.linked.add(token);
    const restored = await this.restore(shieldLinks(markdown));
    for (const token of leftBehind(restored)) this.unknown.add(unshieldLinks(token));
    return unshieldLinks(restored.text);
  }

  /** Begin a new line behind what was given out. */
  private forget(): void {
    this.line = this.line.slice(this.given);
    this.given = 0;
    this.shown = "";
  }
}

function isOutsideLinks(markdown: string): boolean {
  return /\s$/.test(markdown) && !endsInLink(markdown);
}
