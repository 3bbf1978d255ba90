import * as vscode from "vscode";
import { editorHere } from "./here";

/** Puts the cursor on the next finding of the active editor, from the last one back to the first. */
export async function goToNextFinding(): Promise<void> {
  const editor = editorHere();
  if (!editor) return;
  const ranges = findingsOf(editor.document).map((diagnostic) => diagnostic.range);
  const next = ranges.find((range) => range.start.isAfter(editor.selection.start)) ?? ranges[0];
  if (!next) return;
  editor.selection = new vscode.Selection(next.start, next.start);
  editor.revealRange(next, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  await vscode.window.showTextDocument(editor.document, { viewColumn: editor.viewColumn ?? vscode.ViewColumn.Active });
  await vscode.commands.executeCommand("editor.action.showHover");
}

/** What tightlip marked in a text, from the top. */
function findingsOf(document: vscode.TextDocument): vscode.Diagnostic[] {
  return vscode.languages
    .getDiagnostics(document.uri)
    .filter((diagnostic) => diagnostic.source === "tightlip")
    .sort((one, other) => one.range.start.compareTo(other.range.start));
}
