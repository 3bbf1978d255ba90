import * as vscode from "vscode";
import { ExecuteCommandRequest } from "vscode-languageclient/node";
import type { QuietClient } from "./client";
import { Lifecycle } from "./lifecycle";
import { type Watch, watched } from "./progress";
import type { Classified, CopiedText, Part, PolicyState, RecordedEvent, Restored, ShownText, Status, Verdict } from "./protocol";
import type { Tightlip } from "./tightlip";

/** Milliseconds a question waits for its answer. */
const PATIENCE = 10_000;
/** The same for values to be put back: those of files that were never opened are looked for in the whole workspace. */
const SEARCH_PATIENCE = 60_000;

/** What the server told, and what it can be asked. */
export class Connection implements Tightlip, vscode.Disposable {
  readonly log = vscode.window.createOutputChannel("tightlip", { log: true });
  readonly server = new Lifecycle(this.log, (client) => this.listen(client));
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly opened = new vscode.EventEmitter<ShownText>();
  private readonly copied = new vscode.EventEmitter<CopiedText>();
  private readonly statuses = new Map<string, Status>();

  readonly onChange = this.changed.event;
  readonly onCopyText = this.copied.event;
  readonly onOpenText = this.opened.event;
  /** Outlives the server that told it: what it forbids to switch off stays on while a new one starts. */
  policy: PolicyState | undefined;

  constructor() {
    this.server.onChange(() => {
      if (!this.running) this.statuses.clear();
      this.changed.fire();
    });
  }

  get running(): boolean {
    return this.server.client !== undefined;
  }

  status(uri: vscode.Uri): Status | undefined {
    return this.statuses.get(this.asUri(uri));
  }

  required(part: Part): boolean {
    return this.policy?.required.includes(part) ?? false;
  }

  checkText(text: string, uri?: vscode.Uri, languageId?: string, token?: vscode.CancellationToken): Promise<Verdict> {
    return this.ask("tightlip/checkText", { text, uri: uri && this.asUri(uri), languageId }, token);
  }

  restore(text: string, uri?: vscode.Uri): Promise<Restored> {
    return this.ask("tightlip/restore", { text, uri: uri && this.asUri(uri) }, undefined, SEARCH_PATIENCE);
  }

  async classify(uris: readonly vscode.Uri[]): Promise<ReadonlyMap<string, Classified>> {
    const { restricted } = await this.ask<{ restricted: Record<string, Classified> }>("tightlip/classify", { uris: uris.map((uri) => this.asUri(uri)) });
    return new Map(Object.entries(restricted));
  }

  async record(event: RecordedEvent): Promise<void> {
    await this.ask("tightlip/record", event).catch(() => this.log.error("an event could not be recorded"));
  }

  async execute<T>(command: string, ...args: unknown[]): Promise<T> {
    const client = await this.server.ready();
    const result: unknown = await client.sendRequest(ExecuteCommandRequest.type, { command, arguments: args });
    return result as T;
  }

  async executeWatched<T>(command: string, watch: Watch): Promise<T> {
    const client = await this.server.ready();
    // no patience here: a scan takes as long as it takes, and shows its progress
    const result: unknown = await watched(client, watch, (workDoneToken) => client.sendRequest(ExecuteCommandRequest.type, { command, workDoneToken }));
    // who stops a scan does not want the rest of it done unseen
    if (command === "tightlip.scanWorkspace" && !(result as { cancelled?: boolean }).cancelled) client.scanned = true;
    return result as T;
  }

  asUri(uri: vscode.Uri): string {
    return uri.toString();
  }

  asRange({ start, end }: vscode.Range): unknown {
    return { start: { line: start.line, character: start.character }, end: { line: end.line, character: end.character } };
  }

  program(): string[] | undefined {
    return this.server.program === undefined ? undefined : [this.server.program];
  }

  /** The workspace is trusted from now on: its policy files count in full. */
  trust(): void {
    void this.server.ready().then((client) => client.sendNotification("tightlip/trust", { trusted: true })).catch(() => undefined);
  }

  async dispose(): Promise<void> {
    await this.server.dispose();
    for (const emitter of [this.changed, this.opened, this.copied]) emitter.dispose();
    this.log.dispose();
  }

  private listen(client: QuietClient): void {
    client.onNotification("tightlip/status", (status: Status) => {
      this.statuses.set(status.uri, status);
      this.changed.fire();
    });
    client.onNotification("tightlip/policy", (policy: PolicyState) => {
      this.policy = policy;
      this.changed.fire();
    });
    client.onNotification("tightlip/openText", (shown: ShownText) => this.opened.fire(shown));
    client.onNotification("tightlip/copyText", (copied: CopiedText) => this.copied.fire(copied));
  }

  private async ask<T>(method: string, params: object, token?: vscode.CancellationToken, patience = PATIENCE): Promise<T> {
    const client = await this.server.ready();
    const source = new vscode.CancellationTokenSource();
    const listener = token?.onCancellationRequested(() => source.cancel());
    let slow: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      slow = setTimeout(() => {
        source.cancel();
        reject(new Error("The tightlip server does not answer."));
      }, patience);
    });
    try {
      return await Promise.race([client.sendRequest<T>(method, params, source.token), late]);
    } finally {
      clearTimeout(slow);
      listener?.dispose();
      source.dispose();
    }
  }
}
