import * as vscode from "vscode";
import type { Tightlip } from "../tightlip";
import { type Results, grouped } from "./results";

/** Milliseconds a document's diagnostics must rest. */
const REST = 500;

/** Keeps the results of a scan in step with the documents that are open, and with files that go. */
export class Live implements vscode.Disposable {
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly subscriptions: vscode.Disposable;

  constructor(private readonly tightlip: Tightlip, private readonly results: Results) {
    this.subscriptions = vscode.Disposable.from(
      vscode.languages.onDidChangeDiagnostics(({ uris }) => {
        const open = new Set(uris.map(String));
        for (const document of vscode.workspace.textDocuments) if (open.has(document.uri.toString())) this.touch(document.uri);
      }),
      // what was not saved is gone: the file says again what is in it
      vscode.workspace.onDidCloseTextDocument(({ uri }) => results.has(uri) && this.touch(uri)),
      vscode.workspace.onDidDeleteFiles(({ files }) => files.forEach((uri) => results.forget(uri))),
      vscode.workspace.onDidRenameFiles(({ files }) => files.forEach(({ oldUri }) => results.forget(oldUri))),
    );
  }

  /** A scan reads files from the disk; documents may not be saved. */
  touchAll(): void {
    for (const { uri } of vscode.workspace.textDocuments) this.touch(uri);
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.subscriptions.dispose();
  }

  private touch(uri: vscode.Uri): void {
    if (!this.results.answer || uri.scheme !== "file" || !vscode.workspace.getWorkspaceFolder(uri)) return;
    const name = uri.toString();
    clearTimeout(this.timers.get(name));
    this.timers.set(
      name,
      setTimeout(() => {
        this.timers.delete(name);
        void this.refresh(uri).catch(() => this.tightlip.log.debug("a file of the scan could not be looked at again"));
      }, REST),
    );
  }

  private async refresh(uri: vscode.Uri): Promise<void> {
    if (!this.tightlip.running) return;
    const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri.toString());
    const version = document?.version;
    const text = document?.getText() ?? new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    const { findings } = await this.tightlip.checkText(text, uri, document?.languageId);
    if (document?.version === version) this.results.replace(uri, grouped(uri, findings));
  }
}
