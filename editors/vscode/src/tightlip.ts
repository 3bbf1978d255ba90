import * as vscode from "vscode";
import type { Watch } from "./progress";
import type { Classified, Part, PolicyState, RecordedEvent, Restored, ShownText, Status, Verdict } from "./protocol";

/**
 * What every part of the extension knows of the server; `Connection` is it.
 *
 * The language client registers no VS Code commands: the part that owns an id registers it, so that the command is there
 * while the server is not. commands.ts: redactDocument, redactSelection, copyRedacted, restart, showLog; menu.ts: menu;
 * redacted/: openRedactedCopy, restore, restoreClipboard; scan/: scanWorkspace, showReport; leave/: guardedCommand.
 */
export interface Tightlip {
  /** The server answers. */
  readonly running: boolean;
  /** `running`, a status or the policy changed. */
  readonly onChange: vscode.Event<void>;
  /** What was told last of an open document. */
  status(uri: vscode.Uri): Status | undefined;
  readonly policy: PolicyState | undefined;
  /** Whether a policy forbids to switch a guard off. */
  required(part: Part): boolean;
  /** Whether a text may be sent. Rejects when the server does not answer. */
  checkText(text: string, uri?: vscode.Uri, languageId?: string, token?: vscode.CancellationToken): Promise<Verdict>;
  /** Values in place of placeholders. Rejects when the server does not answer. */
  restore(text: string, uri?: vscode.Uri): Promise<Restored>;
  /** Those of the files and folders that may not simply be shared, by `uri.toString()`. Rejects when the server does not answer. */
  classify(uris: readonly vscode.Uri[]): Promise<ReadonlyMap<string, Classified>>;
  /** Adds a line to the local record. Never rejects. */
  record(event: RecordedEvent): Promise<void>;
  /** Runs a command of the server; URIs and ranges as `asUri` and `asRange` give them. Rejects with the server's sentence. */
  execute<T>(command: string, ...args: unknown[]): Promise<T>;
  /** Runs a long command of the server where a person can see how far it is, and stop it: then it answers with what it has. */
  executeWatched<T>(command: string, watch: Watch): Promise<T>;
  asUri(uri: vscode.Uri): string;
  asRange(range: vscode.Range): unknown;
  /** Never a text of a document. */
  readonly log: vscode.LogOutputChannel;
  /** The server's program with its arguments, for its other commands; undefined when there is none. */
  program(): string[] | undefined;
  /** Texts the server wants shown. Everybody hears of each: a report has no `uri`, a redacted copy has one. */
  onOpenText(show: (shown: ShownText) => void): vscode.Disposable;
}
