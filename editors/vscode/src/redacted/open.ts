import * as vscode from "vscode";
import type { Tightlip } from "../tightlip";
import { SCHEME, copyOf, fileName, originalOf } from "./address";
import { Copies, told } from "./copies";
import { openDocument } from "./source";

/** Opens the redacted copy of a document beside it. */
export async function openCopy(tightlip: Tightlip, copies: Copies, given?: unknown): Promise<void> {
  const original = await allowed(tightlip, copies, given);
  if (!original) return;
  const copy = await document(original);
  const shown = vscode.window.visibleTextEditors.find((editor) => editor.document === copy);
  await vscode.window.showTextDocument(copy, {
    viewColumn: shown?.viewColumn ?? vscode.ViewColumn.Beside,
    preserveFocus: true,
    preview: true,
  });
}

/** Compares a document with its redacted copy. */
export async function diffCopy(tightlip: Tightlip, copies: Copies, given?: unknown): Promise<void> {
  const original = await allowed(tightlip, copies, given);
  if (!original) return;
  const copy = await document(original);
  await vscode.commands.executeCommand("vscode.diff", original, copy.uri, `${fileName(original)} ↔ redacted`, { preview: true });
}

/** A command comes from the palette with nothing, from a menu with a Uri, from the server with a string. */
function meant(given: unknown): vscode.Uri | undefined {
  if (given instanceof vscode.Uri) return originalOf(given);
  if (typeof given === "string") return originalOf(vscode.Uri.parse(given, true));
  const active = vscode.window.activeTextEditor?.document.uri;
  return active && originalOf(active);
}

/** The document that is meant, once it is known that its copy can be shown; else a person is told why not. */
async function allowed(tightlip: Tightlip, copies: Copies, given: unknown): Promise<vscode.Uri | undefined> {
  const original = meant(given);
  if (!original) {
    void vscode.window.showInformationMessage("Open the file you want a redacted copy of.");
    return undefined;
  }
  try {
    await copies.redacted(original);
    return original;
  } catch (error) {
    void vscode.window.showWarningMessage(told(error, tightlip));
    return undefined;
  }
}

async function document(original: vscode.Uri): Promise<vscode.TextDocument> {
  const copy = await vscode.workspace.openTextDocument(copyOf(original));
  const language = openDocument(original)?.languageId;
  return language && language !== copy.languageId ? vscode.languages.setTextDocumentLanguage(copy, language) : copy;
}

/** Whether a document may be changed by a person. */
export function isCopy(document: vscode.TextDocument): boolean {
  return document.uri.scheme === SCHEME;
}
