import * as vscode from "vscode";
import type { Tightlip } from "../tightlip";
import { Copies } from "./copies";
import { diffCopy, openCopy } from "./open";
import { restoreClipboard, restoreHere } from "./restore";

/** Redacted copies, and values back in their place. */
export function register(tightlip: Tightlip): vscode.Disposable {
  const copies = new Copies(tightlip);
  return vscode.Disposable.from(
    copies,
    vscode.commands.registerCommand("tightlip.openRedactedCopy", (given?: unknown) => openCopy(tightlip, copies, given)),
    vscode.commands.registerCommand("tightlip.diffRedacted", (given?: unknown) => diffCopy(tightlip, copies, given)),
    vscode.commands.registerCommand("tightlip.restore", () => restoreHere(tightlip)),
    vscode.commands.registerCommand("tightlip.restoreClipboard", () => restoreClipboard(tightlip)),
    tightlip.onOpenText((shown) => {
      if (shown.uri && !copies.hasAskedFor(shown)) void openCopy(tightlip, copies, shown.uri);
    }),
  );
}
