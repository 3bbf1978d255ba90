import * as vscode from "vscode";
import type { Restored } from "../protocol";
import type { Tightlip } from "../tightlip";
import { told } from "./copies";
import { difference } from "./difference";
import { isCopy } from "./open";
import { leftBehind, leftSentence, restoredSentence, some } from "./words";

/** Puts values back in the selections of the active editor, or in all of its file where nothing is selected. */
export async function restoreHere(tightlip: Tightlip): Promise<void> {
  const editor = writable();
  if (!editor) return;
  const { document, selections } = editor;
  const version = document.version;
  const selected = selections.filter((selection) => !selection.isEmpty);
  const ranges: readonly vscode.Range[] = selected.length ? selected : [all(document)];
  const edit = new vscode.WorkspaceEdit();
  const left = new Set<string>();
  let count = 0;
  try {
    for (const range of ranges) {
      const before = document.getText(range);
      const restored = await tightlip.restore(before, document.uri);
      if (document.version !== version) return say("The text changed while its values were looked up; restore it again.", true);
      count += restored.restored;
      for (const token of leftBehind(restored)) left.add(token);
      const change = difference(before, restored.text);
      if (!change) continue;
      const start = document.offsetAt(range.start);
      const place = new vscode.Range(document.positionAt(start + change.start), document.positionAt(start + change.end));
      edit.replace(document.uri, place, change.text);
    }
  } catch (error) {
    return say(told(error, tightlip), true);
  }
  if (count && !(await vscode.workspace.applyEdit(edit))) return say("This text cannot be changed.", true);
  say(restoredSentence(count, [...left]), left.size > 0);
}

/** Offers the clipboard's text with its values back, at the cursor. The clipboard stays as it is: every program reads it. */
export async function restoreClipboard(tightlip: Tightlip): Promise<void> {
  const target = writable();
  if (!target) return;
  const text = await vscode.env.clipboard.readText();
  if (!text) return say("The clipboard holds no text.", false);
  let restored: Restored;
  try {
    restored = await tightlip.restore(text, target.document.uri);
  } catch (error) {
    return say(told(error, tightlip), true);
  }
  const left = leftBehind(restored);
  if (!restored.restored) return say(restoredSentence(0, left), left.length > 0);
  const paste = "Paste at the cursor";
  const sentences = [`Paste the clipboard with ${some(restored.restored, "value")} restored?`, leftSentence(left)];
  sentences.push("The clipboard itself keeps its placeholders: every program can read it.");
  if ((await vscode.window.showInformationMessage(sentences.filter(Boolean).join(" "), paste)) !== paste) return;
  const editor = vscode.window.visibleTextEditors.includes(target) ? target : writable();
  if (!editor) return;
  const pasted = await editor.edit((edit) => {
    for (const selection of editor.selections) edit.replace(selection, restored.text);
  });
  if (!pasted) say("This text cannot be changed.", true);
}

function writable(): vscode.TextEditor | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor && !isCopy(editor.document)) return editor;
  say(editor ? "A redacted copy is read-only; restore in the file itself." : "Open the file the values belong in.", true);
  return undefined;
}

function all(document: vscode.TextDocument): vscode.Range {
  return document.validateRange(new vscode.Range(0, 0, document.lineCount, 0));
}

function say(sentence: string, loud: boolean): void {
  if (loud) void vscode.window.showWarningMessage(sentence);
  else void vscode.window.setStatusBarMessage(sentence, 6000);
}
