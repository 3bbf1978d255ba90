import * as vscode from "vscode";
import type { ShownText } from "../protocol";
import type { Tightlip } from "../tightlip";
import { SCHEME, originalOf } from "./address";
import { Refusal, checked } from "./safe";
import { openDocument, readSource } from "./source";

const REST = 250;

/** Redacted copies as read-only documents that follow their originals. */
export class Copies implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;
  private readonly subscriptions: vscode.Disposable[];
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly asked = new Map<string, number>();

  constructor(private readonly tightlip: Tightlip) {
    this.subscriptions = [
      this.changed,
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
      vscode.workspace.onDidChangeTextDocument((event) => this.touch(event.document.uri)),
      tightlip.onChange(() => this.touch()),
    ];
  }

  /** Whether the server shows the text because this asked for it; such a text is already being shown. */
  hasAskedFor(shown: ShownText): boolean {
    return this.asked.has(shown.uri);
  }

  /** What may be seen of a document. Throws a Refusal, and what the server rejects with. */
  async redacted(original: vscode.Uri): Promise<string> {
    if (openDocument(original) && this.tightlip.status(original)) return this.redactedDocument(original);
    const source = await readSource(original);
    const check = this.tightlip.checkText.bind(this.tightlip);
    return (await checked<vscode.Uri>(check, source)).redacted;
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    try {
      return await this.redacted(originalOf(uri));
    } catch (error) {
      return `${told(error, this.tightlip)}\n`;
    }
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  /** An open document's: what the slower detectors have found in it by now is left out as well. */
  private async redactedDocument(original: vscode.Uri): Promise<string> {
    const uri = this.tightlip.asUri(original);
    this.asked.set(uri, (this.asked.get(uri) ?? 0) + 1);
    try {
      return (await this.tightlip.execute<ShownText>("tightlip.openRedactedCopy", uri)).text;
    } finally {
      const rest = (this.asked.get(uri) ?? 1) - 1;
      if (rest) this.asked.set(uri, rest);
      else this.asked.delete(uri);
    }
  }

  /** Show the copies of a document, or all of them, anew once it rests. */
  private touch(original?: vscode.Uri): void {
    const wanted = original?.toString();
    for (const { uri } of vscode.workspace.textDocuments) {
      if (uri.scheme !== SCHEME || (wanted && originalOf(uri).toString() !== wanted)) continue;
      const key = uri.toString();
      clearTimeout(this.timers.get(key));
      this.timers.set(key, setTimeout(() => { this.timers.delete(key); this.changed.fire(uri); }, REST));
    }
  }
}

/** Why a copy cannot be shown, as a sentence. */
export function told(error: unknown, tightlip: Tightlip): string {
  if (error instanceof Refusal || (tightlip.running && error instanceof Error)) return error.message;
  return "This cannot be redacted: the tightlip server does not answer.";
}
