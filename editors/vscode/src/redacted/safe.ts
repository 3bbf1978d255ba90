import type { Notice, Verdict } from "../protocol";

/** `Tightlip.checkText`, without the editor's types. */
export type Check<U> = (text: string, uri?: U, languageId?: string) => Promise<Verdict>;

/** A text with where it comes from. */
export interface Source<U> {
  /** As a person calls it. */
  readonly name: string;
  readonly text: string;
  readonly uri?: U;
  readonly languageId?: string;
}

/** Why a text may not go, not even redacted. The message is a sentence for a person and holds nothing of the text. */
export class Refusal extends Error {}

/**
 * The verdict on a text that may go once redacted.
 *
 * Throws a Refusal for a restricted file and for a text that was not looked at completely: its redacted text would still
 * hold what was not looked at. A file that the policy leaves out of checking is checked all the same when it leaves.
 * Rejects as `check` does.
 */
export async function checked<U>(check: Check<U>, source: Source<U>): Promise<Verdict> {
  const verdict = await check(source.text, source.uri, source.languageId);
  if (verdict.restricted) throw new Refusal(verdict.restricted);
  const gap = verdict.notices.find((notice) => !isHarmless(notice));
  if (gap) throw new Refusal(gap.message);
  if (source.uri !== undefined && verdict.notices.some((notice) => notice.code === "excluded")) {
    return checked(check, { name: source.name, text: source.text, languageId: source.languageId });
  }
  return verdict;
}

/** A notice that leaves nothing of a text unseen by the built-in rules. Everything unheard of counts as a gap. */
function isHarmless(notice: Notice): boolean {
  return notice.code === "excluded" || notice.code === "baseline" || notice.code.startsWith("deep");
}
