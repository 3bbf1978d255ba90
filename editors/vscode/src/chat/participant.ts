import * as vscode from "vscode";
import { Refusal, checked } from "../redacted/safe";
import { leftSentence, some } from "../redacted/words";
import type { Tightlip } from "../tightlip";
import { LeftOut, PREAMBLE, Part, message, redactedParts } from "./compose";
import { earlierTurns } from "./history";
import { materialsOf } from "./references";
import { Restoring } from "./restoring";
import { Tally } from "./tally";
import { Turn, latest } from "./turns";

const SILENT = "Nothing was sent: the tightlip server does not answer.";

/** Answers a prompt to `@tightlip`: redacted on its way to the chosen model, with its values back in the answer. */
export function participant(tightlip: Tightlip): vscode.ChatRequestHandler {
  return async (request, context, stream, token) => {
    const told = new Told(stream);
    let ready: Ready;
    try {
      ready = await prepare(tightlip, request, context, token);
    } catch (error) {
      if (token.isCancellationRequested) return {};
      return failed(error instanceof Refusal ? `Nothing was sent: ${error.message}` : SILENT);
    }
    if (token.isCancellationRequested) return {};
    told.leftOut(ready.leftOut);
    if (request.command === "check") {
      told.check(ready);
      return {};
    }
    told.redacted(ready.tally);
    return ask(tightlip, ready, request.model, stream, token);
  };
}

/** All that would be sent, redacted. */
interface Ready {
  readonly prompt: string;
  readonly parts: readonly Part[];
  readonly leftOut: readonly LeftOut[];
  readonly turns: readonly Turn[];
  readonly tally: Tally;
}

async function prepare(
  tightlip: Tightlip,
  request: vscode.ChatRequest,
  context: vscode.ChatContext,
  token: vscode.CancellationToken,
): Promise<Ready> {
  const check = (text: string, uri?: vscode.Uri, languageId?: string) => tightlip.checkText(text, uri, languageId, token);
  const tally = new Tally();
  const { turns, references } = request.command === "check" ? { turns: [], references: [] } : earlierTurns(context);
  const now = await materialsOf(request.references);
  const before = await materialsOf(references);
  const names = new Set(now.materials.map((material) => material.name));
  const earlier = before.materials.filter((material) => !names.has(material.name));
  const mine = await redactedParts(check, now.materials, tally);
  const theirs = await redactedParts(check, earlier, tally);
  // last: by now the values of what it refers to are known, and one that looks like nothing is found in it as well
  const verdict = await checked(check, { name: "prompt", text: request.prompt, languageId: "markdown" });
  tally.add(request.prompt, verdict.findings, verdict.redacted);
  return {
    prompt: verdict.redacted,
    parts: [...theirs.parts, ...mine.parts],
    leftOut: [...now.leftOut, ...mine.leftOut],
    turns,
    tally,
  };
}

async function ask(
  tightlip: Tightlip,
  ready: Ready,
  model: vscode.LanguageModelChat,
  stream: vscode.ChatResponseStream,
  token: vscode.CancellationToken,
): Promise<vscode.ChatResult> {
  const restoring = new Restoring((text) => tightlip.restore(text));
  let answer = "";
  let problem: vscode.ChatResult = {};
  const show = (text: string): void => {
    if (text) stream.markdown(text);
  };
  try {
    const response = await model.sendRequest(await messages(ready, model, token), {}, token);
    for await (const chunk of response.text) {
      if (token.isCancellationRequested) break;
      answer += chunk;
      show(await restoring.feed(chunk));
    }
  } catch (error) {
    if (!token.isCancellationRequested) problem = failed(`The model did not answer: ${sentence(error)}`);
  }
  show(await restoring.finish());
  new Told(stream).restored(restoring);
  return { ...problem, metadata: { prompt: ready.prompt, answer } };
}

async function messages(ready: Ready, model: vscode.LanguageModelChat, token: vscode.CancellationToken): Promise<vscode.LanguageModelChatMessage[]> {
  const { User, Assistant } = vscode.LanguageModelChatMessage;
  const now = `${PREAMBLE}\n\n${message(ready.parts, ready.prompt)}`;
  const count = async (text: string): Promise<number> => model.countTokens(text, token);
  const turns = await latest(ready.turns, model.maxInputTokens - (await count(now)), count);
  return [...turns.flatMap((turn) => [User(turn.prompt), Assistant(turn.answer)]), User(now)];
}

/** What a person is told besides the answer. */
class Told {
  constructor(private readonly stream: vscode.ChatResponseStream) {}

  redacted(tally: Tally): void {
    const sentence = tally.count ? `Redacted ${tally.values} before sending: ${tally.kinds}` : "Found nothing to redact before sending";
    this.stream.markdown(`_${plain(sentence)}._\n\n`);
  }

  leftOut(leftOut: readonly LeftOut[]): void {
    for (const { name, why } of leftOut) this.stream.markdown(`_Not sent: ${plain(`${name}. ${why}`)}_\n\n`);
  }

  check({ tally }: Ready): void {
    this.stream.markdown(tally.count ? `Would redact ${tally.values}: ${plain(tally.kinds)}. Nothing was sent.` : "Found nothing to redact. Nothing was sent.");
  }

  restored(restoring: Restoring): void {
    const notes = [leftSentence(restoring.left)];
    const { length } = restoring.inLinks;
    if (length) notes.push(`${some(length, "placeholder")} in a link ${length === 1 ? "stays" : "stay"}: following the link would send the value.`);
    if (restoring.stopped) notes.push("The tightlip server stopped answering, so placeholders stay.");
    const said = notes.filter(Boolean).join(" ");
    if (said) this.stream.markdown(`\n\n_${plain(said)}_`);
  }
}

/** Words that are no Markdown. */
function plain(words: string): string {
  return words.replace(/[\\`*_{}[\]()<>#+!|~-]/g, "\\$&");
}

function failed(message: string): vscode.ChatResult {
  return { errorDetails: { message } };
}

/** The model has seen redacted text only, so its error holds no value. */
function sentence(error: unknown): string {
  return error instanceof Error && error.message ? error.message : "it gave no reason.";
}
