import type { Verdict } from "../protocol";

const QUIET = new Set(["off", "info"]);

/** Whether a person is to be stopped for it: what the policy only mentions passes without a word. */
export function matters(verdict: Verdict): boolean {
  return verdict.restricted !== null || !QUIET.has(verdict.decision);
}

/** Why it matters, in one sentence of the server. */
export function why(verdict: Verdict): string {
  return verdict.restricted ?? (verdict.summary || (verdict.reasons[0]?.text ?? ""));
}

/** An answer of the server, or a rejection after so many milliseconds: nobody waits for a paste. */
export function within<T>(milliseconds: number, answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("no answer")), milliseconds);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
