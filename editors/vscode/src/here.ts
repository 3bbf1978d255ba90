import * as vscode from "vscode";
import type { Status } from "./protocol";
import type { Tightlip } from "./tightlip";

/** The text of the active tab: what an assistant takes for "this file", wherever the cursor is (a panel, a box, the chat). */
export interface Here {
  readonly uri: vscode.Uri;
  /** Undefined where the text is not checked. */
  readonly status: Status | undefined;
}

export function here(tightlip: Tightlip): Here | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (input instanceof vscode.TabInputNotebook) return { uri: input.uri, status: ofNotebook(tightlip, input.uri) };
  const uri = input instanceof vscode.TabInputTextDiff ? input.modified : input instanceof vscode.TabInputText ? input.uri : undefined;
  return uri && { uri, status: tightlip.status(uri) };
}

/** The editor of the active tab. */
export function editorHere(): vscode.TextEditor | undefined {
  const { activeTextEditor: active, visibleTextEditors, tabGroups } = vscode.window;
  const input = tabGroups.activeTabGroup.activeTab?.input;
  if (input instanceof vscode.TabInputNotebook) return active?.document.uri.scheme === "vscode-notebook-cell" ? active : undefined;
  const uri = input instanceof vscode.TabInputTextDiff ? input.modified : input instanceof vscode.TabInputText ? input.uri : undefined;
  const shows = (editor: vscode.TextEditor | undefined): boolean => !!uri && editor?.document.uri.toString() === uri.toString();
  return shows(active) ? active : visibleTextEditors.find(shows);
}

/** The editor that was used last, else that of the active tab: VS Code may have none for a moment, while it shows one. */
export function editorInView(): vscode.TextEditor | undefined {
  return vscode.window.activeTextEditor ?? editorHere();
}

/** Calls back when another text comes to the front. */
export function onMove(moved: () => void): vscode.Disposable {
  const { tabGroups, onDidChangeActiveTextEditor, onDidChangeActiveNotebookEditor } = vscode.window;
  return vscode.Disposable.from(
    tabGroups.onDidChangeTabs(moved),
    tabGroups.onDidChangeTabGroups(moved),
    onDidChangeActiveTextEditor(moved),
    onDidChangeActiveNotebookEditor(moved),
  );
}

/** A notebook is sent whole, so it stands as the worst of its cells. */
function ofNotebook(tightlip: Tightlip, uri: vscode.Uri): Status | undefined {
  const notebook = vscode.workspace.notebookDocuments.find((open) => open.uri.toString() === uri.toString());
  const cells = (notebook?.getCells() ?? []).map((cell) => tightlip.status(cell.document.uri)).filter((status) => status !== undefined);
  const worst = (["restricted", "findings", "checking", "safe"] as const).flatMap((state) => cells.filter((cell) => cell.state === state));
  if (!worst[0]) return undefined;
  const telling = cells.filter((cell) => cell.count > 0);
  const sentence = worst[0].state === "restricted" || telling.length < 2 ? worst[0].sentence : "";
  return { ...worst[0], count: telling.reduce((sum, cell) => sum + cell.count, 0), sentence };
}
