import * as vscode from "vscode";

/** What `OPEN` does. */
export async function openPlace(uri: unknown, line: unknown, column: unknown): Promise<void> {
  if (typeof uri !== "string") return;
  const at = new vscode.Position(number(line), number(column));
  await vscode.commands.executeCommand("vscode.open", vscode.Uri.parse(uri, true), { selection: new vscode.Range(at, at), preview: true });
}

/** What stands above a text and says that something was found in it leads to the list of what it is. */
export async function showProblems(uri: string): Promise<void> {
  const wanted = vscode.Uri.parse(uri, true);
  if (wanted.scheme !== "vscode-notebook-cell") await vscode.commands.executeCommand("vscode.open", wanted);
  await vscode.commands.executeCommand("workbench.actions.view.problems");
}

function number(value: unknown): number {
  return typeof value === "number" && Number.isInteger(value) && value > 0 ? value : 0;
}
