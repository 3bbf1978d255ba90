import type { ScanAnswer } from "./results";

/** "1 file", "1,204 files". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
}

/** What a scan saw, in one sentence. */
export function told(answer: ScanAnswer): string {
  const files = counted(answer.files, "file");
  const are = counted(answer.restrictedFiles, "is", "are");
  const restricted = answer.restrictedFiles ? `; ${are} restricted` : "";
  if (answer.cancelled) return `Scan cancelled after ${files}: ${counted(answer.findings, "finding")} so far.`;
  if (answer.findings) return `${counted(answer.findings, "finding")} in ${answer.filesWithFindings.toLocaleString("en-US")} of ${files}${restricted}.`;
  return answer.restrictedFiles ? `No finding in ${files}${restricted}.` : `Nothing to hide in ${files}.`;
}

/** What stands above the tree: how much was looked at, and what was not. */
export function lookedAt(answer: ScanAnswer, listed: number): string {
  const parts = [answer.cancelled ? `Cancelled after ${counted(answer.files, "file")}` : `${counted(answer.files, "file")} looked at`];
  if (answer.passedOver) parts.push(`${answer.passedOver.toLocaleString("en-US")} passed over (binary or too large)`);
  if (listed < answer.findings) parts.push(`only the first ${listed.toLocaleString("en-US")} findings are listed`);
  return `${parts.join(", ")}.`;
}
