import { homedir } from "node:os";
import * as vscode from "vscode";
import type { Places } from "./server";

/** Where programs are looked for in this window. */
export function places(): Places {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter((folder) => folder.uri.scheme === "file");
  return {
    setting: vscode.workspace.getConfiguration("tightlip").get("server.path", ""),
    environment: process.env,
    home: homedir(),
    folders: folders.map((folder) => folder.uri.fsPath),
  };
}
