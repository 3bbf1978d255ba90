import * as vscode from "vscode";
import type { Tightlip } from "../tightlip";
import { Scan } from "./command";
import { OPEN } from "./ids";
import { Live } from "./live";
import { openPlace, showProblems } from "./open";
import { Panel } from "./panel";
import { Results } from "./results";
import { Tree } from "./tree";

/** The look through the workspace: its command, the tree of what it saw, the report. */
export function register(tightlip: Tightlip): vscode.Disposable {
  const results = new Results();
  const tree = new Tree(results);
  const live = new Live(tightlip, results);
  const scan = new Scan(tightlip, results, tree, live);
  const panel = new Panel(tightlip);
  return vscode.Disposable.from(
    live,
    tree,
    results,
    panel,
    vscode.commands.registerCommand("tightlip.scanWorkspace", () => scan.run()),
    // a code lens gives the document it stands in
    vscode.commands.registerCommand("tightlip.showReport", (uri?: unknown) => (typeof uri === "string" ? showProblems(uri) : panel.show())),
    vscode.commands.registerCommand("tightlip.saveReport", () => panel.save()),
    vscode.commands.registerCommand(OPEN, openPlace),
  );
}
