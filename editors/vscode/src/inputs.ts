import * as vscode from "vscode";
import { DocumentDiagnosticReportKind, DocumentDiagnosticRequest } from "vscode-languageclient/node";
import type { Connection } from "./connection";

/** Boxes one types into that are no editors of a tab: the commit message, the chat. The language client never asks about them. */
const SCHEMES = new Set(["vscode-scm", "chatSessionInput"]);
/** Milliseconds without a keystroke. */
const REST = 150;

/** Marks findings in input boxes. */
export function register(tightlip: Connection): vscode.Disposable {
  const marks = vscode.languages.createDiagnosticCollection("tightlip inputs");
  const resting = new Map<string, NodeJS.Timeout>();

  const look = async (document: vscode.TextDocument): Promise<void> => {
    const client = tightlip.server.client;
    if (!client || document.isClosed) return marks.delete(document.uri);
    const { version } = document;
    const textDocument = client.code2ProtocolConverter.asTextDocumentIdentifier(document);
    const report = await client.sendRequest(DocumentDiagnosticRequest.type, { textDocument, identifier: "tightlip" }).catch(() => undefined);
    if (report?.kind !== DocumentDiagnosticReportKind.Full || document.version !== version) return;
    marks.set(document.uri, await client.protocol2CodeConverter.asDiagnostics(report.items));
  };
  const soon = (document: vscode.TextDocument): void => {
    if (!SCHEMES.has(document.uri.scheme)) return;
    const key = document.uri.toString();
    clearTimeout(resting.get(key));
    resting.set(key, setTimeout(() => void look(document), REST));
  };
  const all = (): void => vscode.workspace.textDocuments.forEach(soon);
  all();
  return vscode.Disposable.from(
    marks,
    tightlip.onChange(all),
    vscode.workspace.onDidOpenTextDocument(soon),
    vscode.workspace.onDidChangeTextDocument(({ document }) => soon(document)),
    vscode.workspace.onDidCloseTextDocument((document) => marks.delete(document.uri)),
    { dispose: () => resting.forEach((timer) => clearTimeout(timer)) },
  );
}
