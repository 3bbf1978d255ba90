import * as vscode from "vscode";
import type { Connection } from "./connection";
import { here, onMove } from "./here";

/** The context keys that keybindings and menus of this extension ask for. */
export function register(tightlip: Connection): vscode.Disposable {
  const told = new Map<string, boolean>();
  const set = (name: string, value: boolean): void => {
    if (told.get(name) === value) return;
    told.set(name, value);
    void vscode.commands.executeCommand("setContext", `tightlip.${name}`, value);
  };
  const update = (): void => {
    const status = here(tightlip)?.status;
    set("running", tightlip.running);
    set("restricted", status?.state === "restricted");
    set("hasFindings", status?.state === "restricted" || status?.state === "findings");
    set("guardSend", tightlip.required("send") || vscode.workspace.getConfiguration("tightlip").get("guard.send", true));
  };
  update();
  return vscode.Disposable.from(
    tightlip.onChange(update),
    onMove(update),
    vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration("tightlip.guard.send") && update()),
  );
}
