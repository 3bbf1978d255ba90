import type { Finding } from "../protocol";
import { Check, Refusal, Source, checked } from "../redacted/safe";
import { Lines, redactedLines } from "./lines";
import type { Tally } from "./tally";

/** Something a prompt refers to. */
export interface Material<U> extends Source<U> {
  /** Of which only some lines are meant; the rest is read to understand them. */
  readonly lines?: Lines;
}

/** What goes to the model of one material. */
export interface Part {
  readonly name: string;
  readonly text: string;
  /** What was found in it. */
  readonly findings: readonly Finding[];
}

/** What is left out, and the sentence that says why. */
export interface LeftOut {
  readonly name: string;
  readonly why: string;
}

/** The redacted part of a material. Throws a Refusal where nothing of it may go; rejects where the server does not answer. */
export async function redactedPart<U>(check: Check<U>, material: Material<U>): Promise<Part> {
  const { redacted, findings } = await checked(check, material);
  const { lines, text } = material;
  const name = await redactedName(check, material.name);
  if (!lines) return { name, text: redacted, findings };
  return {
    name,
    text: redactedLines(text, redacted, findings, lines),
    findings: findings.filter((finding) => finding.line > lines.first && finding.line <= lines.last + 1),
  };
}

/** Redacts materials one by one; what may not go is left out by name. Rejects where the server does not answer. */
export async function redactedParts<U>(
  check: Check<U>,
  materials: readonly Material<U>[],
  tally: Tally,
): Promise<{ parts: Part[]; leftOut: LeftOut[] }> {
  const parts: Part[] = [];
  const leftOut: LeftOut[] = [];
  for (const material of materials) {
    try {
      const part = await redactedPart(check, material);
      tally.add(material.text, part.findings, part.text);
      parts.push(part);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      leftOut.push({ name: material.name, why: error.message });
    }
  }
  return { parts, leftOut };
}

/** A file's name may be somebody's. */
async function redactedName<U>(check: Check<U>, name: string): Promise<string> {
  return (await checked(check, { name, text: name })).redacted;
}

/** What is said to the model before anything else, so that placeholders come back whole. */
export const PREAMBLE =
  "Some values in these messages were replaced by placeholders such as TL_EMAIL_7F3K2Q. " +
  "Treat a placeholder as the value it stands for, and write it exactly as it is wherever the value belongs.";

/** One message of materials and a prompt. */
export function message(parts: readonly Part[], prompt: string): string {
  return [...parts.map((part) => `${part.name}:\n\n${fenced(part.text)}`), prompt].join("\n\n");
}

/** Text in a fence that nothing in it ends. */
function fenced(text: string): string {
  const longest = (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 2);
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${text}${text.endsWith("\n") ? "" : "\n"}${fence}`;
}
