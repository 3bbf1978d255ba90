import * as path from "node:path";
import * as vscode from "vscode";

/**
 * Shows a redacted text as an unsaved file beside the original, all of it selected, and makes it the active editor.
 *
 * Unsaved and not virtual: the assistants attach only files and unsaved texts.
 */
export async function showRedacted(original: vscode.TextDocument, text: string): Promise<void> {
  const document = await unsaved(original, text);
  if (lines(document.getText()) !== lines(text)) throw new Error("The redacted copy could not be made.");
  const editor = await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preview: false });
  const last = document.lineAt(document.lineCount - 1);
  editor.selection = new vscode.Selection(new vscode.Position(0, 0), last.range.end);
}

function lines(text: string): string {
  return text.replace(/\r\n?/g, "\n");
}

async function unsaved(original: vscode.TextDocument, text: string): Promise<vscode.TextDocument> {
  if (original.uri.scheme !== "file") return vscode.workspace.openTextDocument({ content: text, language: original.languageId });
  const document = await named(original.uri);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), text);
  await vscode.workspace.applyEdit(edit);
  return vscode.languages.setTextDocumentLanguage(document, original.languageId);
}

/** "app.redacted.py" next to "app.py", so that a chat shows what it is; with a number where a file has that name. */
async function named(uri: vscode.Uri): Promise<vscode.TextDocument> {
  const { dir, name, ext } = path.posix.parse(uri.path);
  for (let number = 1; ; number++) {
    const at = path.posix.join(dir, `${name}.redacted${number > 1 ? `-${number}` : ""}${ext}`);
    const opened = await Promise.resolve(vscode.workspace.openTextDocument(uri.with({ scheme: "untitled", path: at }))).catch(() => undefined);
    if (opened) return opened;
    if (number === 20) return vscode.workspace.openTextDocument();
  }
}
