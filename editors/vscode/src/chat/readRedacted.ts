import * as vscode from "vscode";
import { Refusal } from "../redacted/safe";
import { readSource } from "../redacted/source";
import { some } from "../redacted/words";
import type { Tightlip } from "../tightlip";
import { redactedPart } from "./compose";
import { Lines, lineNumbers } from "./lines";
import { placeOf } from "./place";
import { Tally } from "./tally";

/** What an assistant gives the tool. */
interface Input {
  readonly path?: string;
  readonly uri?: string;
  /** 1-based, as both. */
  readonly startLine?: number;
  readonly endLine?: number;
}

/** The tool `tightlip_readRedacted`: a file of the workspace with placeholders for its values. Refusals are its answer. */
export class ReadRedacted implements vscode.LanguageModelTool<Input> {
  constructor(private readonly tightlip: Tightlip) {}

  prepareInvocation({ input }: vscode.LanguageModelToolInvocationPrepareOptions<Input>): vscode.PreparedToolInvocation {
    return { invocationMessage: `Reading ${input.path ?? input.uri ?? "a file"} with its values redacted` };
  }

  async invoke(
    { input, tokenizationOptions }: vscode.LanguageModelToolInvocationOptions<Input>,
    token: vscode.CancellationToken,
  ): Promise<vscode.LanguageModelToolResult> {
    let answer: string;
    try {
      answer = await this.read(input, token);
    } catch (error) {
      if (token.isCancellationRequested) throw new vscode.CancellationError();
      answer = error instanceof Refusal ? `Not read: ${error.message}` : "Not read: the tightlip server does not answer.";
    }
    const cut = tokenizationOptions ? await fitting(answer, tokenizationOptions, token) : answer;
    return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(cut)]);
  }

  private async read(input: Input, token: vscode.CancellationToken): Promise<string> {
    const uri = await placeOf(input);
    const source = await readSource(uri);
    const count = source.text.split("\n").length;
    const lines = linesOf(input, count);
    const check = (text: string, of?: vscode.Uri, languageId?: string) => this.tightlip.checkText(text, of, languageId, token);
    const part = await redactedPart(check, lines ? { ...source, lines } : source);
    const tally = new Tally();
    tally.add(source.text, part.findings, part.text);
    const which = lines ? `${lineNumbers(lines)} of ${count}` : some(count, "line");
    const notes = tally.count ? ` ${tally.values} redacted: keep the placeholders (TL_...) exactly as they are.` : "";
    return `${part.name}, ${which}.${notes}\n\n${part.text}`;
  }
}

function linesOf({ startLine, endLine }: Input, count: number): Lines | undefined {
  if (startLine === undefined && endLine === undefined) return undefined;
  const first = Math.max(1, startLine ?? 1);
  const last = Math.min(count, endLine ?? count);
  if (first > last) throw new Refusal(`This file has ${some(count, "line")}.`);
  return { first: first - 1, last: last - 1 };
}

/** As many whole lines of an answer as the asker's budget takes. */
async function fitting(
  answer: string,
  { tokenBudget, countTokens }: vscode.LanguageModelToolTokenizationOptions,
  token: vscode.CancellationToken,
): Promise<string> {
  const lines = answer.split("\n");
  for (let kept = lines.length; kept > 1; kept = Math.floor(kept * 0.7)) {
    const part = lines.slice(0, kept).join("\n");
    const text = kept < lines.length ? `${part}\n\n(Cut here: ask for the rest by its lines.)` : part;
    if ((await countTokens(text, token)) <= tokenBudget) return text;
  }
  return lines[0] ?? "";
}
