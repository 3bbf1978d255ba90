import { realpath } from "node:fs/promises";
import * as path from "node:path";
import * as vscode from "vscode";
import { Refusal } from "../redacted/safe";
import { openDocument } from "../redacted/source";

const OUTSIDE = "This file is outside the workspace, so it is not read.";

/** The file of the workspace that a path or URI names. Throws a Refusal where there is none or it lies outside. */
export async function placeOf(named: { readonly path?: string; readonly uri?: string }): Promise<vscode.Uri> {
  const uri = named.uri ? parsed(named.uri) : named.path ? await found(named.path) : undefined;
  if (!uri) throw new Refusal("Name a file of the workspace by its path or URI.");
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  if (!folder) throw new Refusal(OUTSIDE);
  if (uri.scheme === "file" && folder.uri.scheme === "file" && !openDocument(uri)) await stayInside(uri, folder.uri);
  return uri;
}

function parsed(text: string): vscode.Uri {
  try {
    return vscode.Uri.parse(text, true);
  } catch {
    throw new Refusal("This is not a URI.");
  }
}

async function found(name: string): Promise<vscode.Uri | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (path.isAbsolute(name) || name.startsWith("/")) {
    const first = folders[0];
    return first && first.uri.scheme !== "file" ? first.uri.with({ path: name }) : vscode.Uri.file(name);
  }
  const relative = path.sep === "\\" ? name.replace(/\\/g, "/") : name;
  const candidates = folders.map((folder) => vscode.Uri.joinPath(folder.uri, relative));
  // as VS Code shows it where there are many folders: the folder's name first
  for (const folder of folders) {
    if (relative.startsWith(`${folder.name}/`)) candidates.push(vscode.Uri.joinPath(folder.uri, relative.slice(folder.name.length + 1)));
  }
  for (const candidate of candidates) if (await exists(candidate)) return candidate;
  return candidates[0];
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  if (openDocument(uri)) return true;
  return vscode.workspace.fs.stat(uri).then(() => true, () => false);
}

/** A symbolic link may lead out of the workspace. */
async function stayInside(uri: vscode.Uri, folder: vscode.Uri): Promise<void> {
  let inside: string;
  try {
    inside = path.relative(await realpath(folder.fsPath), await realpath(uri.fsPath));
  } catch {
    throw new Refusal("This file cannot be read.");
  }
  if (inside === ".." || inside.startsWith(`..${path.sep}`) || path.isAbsolute(inside)) throw new Refusal(OUTSIDE);
}
