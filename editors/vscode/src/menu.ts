import * as vscode from "vscode";
import type { Connection } from "./connection";
import { editorHere } from "./here";
import { install, installer } from "./install";
import { look } from "./look";
import { openSetting } from "./trouble";

type Item = vscode.QuickPickItem & { readonly run?: () => unknown };

const PLACEHOLDER = /\bTL_[A-Z0-9_]+_[0-9A-Z]{6,12}\b/;

/** `tightlip.menu`: what can be done right now, and nothing else. */
export function register(tightlip: Connection): vscode.Disposable {
  return vscode.commands.registerCommand("tightlip.menu", async () => {
    const editor = editorHere();
    const groups = tightlip.running ? [forText(tightlip, editor), forWorkspace(tightlip)] : [await forMissingServer(tightlip)];
    groups.push(forServer(tightlip));
    const filled = groups.filter((group) => group.length);
    const items = filled.flatMap((group, index): Item[] => (index ? [{ label: "", kind: vscode.QuickPickItemKind.Separator }, ...group] : group));
    const chosen = await vscode.window.showQuickPick(items, { title: "tightlip", placeHolder: look(tightlip).sentences[0] ?? "" });
    await chosen?.run?.();
  });
}

function forText(tightlip: Connection, editor: vscode.TextEditor | undefined): Item[] {
  const status = editor && tightlip.status(editor.document.uri);
  if (!editor || !status) return [];
  const found = status.count > 0;
  const restricted = status.state === "restricted";
  const selected = !editor.selection.isEmpty;
  const items: (Item | false)[] = [
    found && item("arrow-down", "Go to next finding", "tightlip.nextFinding"),
    found && item("eye-closed", "Redact all in file", "tightlip.redactDocument"),
    selected && item("eye-closed", "Redact selection", "tightlip.redactSelection"),
    found && !restricted && item("clippy", selected ? "Copy selection redacted" : "Copy file redacted", "tightlip.copyRedacted"),
    found && !restricted && item("go-to-file", "Open redacted copy", "tightlip.openRedactedCopy"),
    PLACEHOLDER.test(editor.document.getText()) && item("discard", "Restore values", "tightlip.restore"),
  ];
  return items.filter((one): one is Item => one !== false);
}

function forWorkspace(tightlip: Connection): Item[] {
  const folders = vscode.workspace.workspaceFolders?.some((folder) => folder.uri.scheme === "file");
  const files = tightlip.policy?.files ?? [];
  const items: (Item | false | undefined)[] = [
    folders && item("search", "Scan workspace", "tightlip.scanWorkspace"),
    item("output", "Show report", "tightlip.showReport"),
    files.length > 0 && { label: "$(law) Open policy", run: () => openPolicy(files) },
  ];
  return items.filter((one): one is Item => !!one);
}

async function forMissingServer(tightlip: Connection): Promise<Item[]> {
  if (tightlip.server.phase !== "missing") return [];
  const found = await installer();
  const setting: Item = { label: "$(gear) Name the program in the settings", run: openSetting };
  return found ? [{ label: `$(cloud-download) Install with ${found.name}`, run: () => install(tightlip, found) }, setting] : [setting];
}

function forServer(tightlip: Connection): Item[] {
  const restart = item("refresh", tightlip.running ? "Restart server" : "Start server", "tightlip.restart");
  return tightlip.server.phase === "starting" ? [item("list-flat", "Show log", "tightlip.showLog")] : [restart, item("list-flat", "Show log", "tightlip.showLog")];
}

function item(icon: string, label: string, command: string): Item {
  return { label: `$(${icon}) ${label}`, run: () => vscode.commands.executeCommand(command) };
}

/** The policy file, or one of several by its place; the innermost, which is the one a person can change, first. */
async function openPolicy(files: readonly string[]): Promise<void> {
  const uris = files.map((file) => vscode.Uri.parse(file)).reverse();
  const places = uris.map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri }));
  const chosen = places.length > 1 ? await vscode.window.showQuickPick(places, { title: "Open policy" }) : places[0];
  if (chosen) await vscode.window.showTextDocument(chosen.uri);
}
