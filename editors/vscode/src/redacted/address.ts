import * as path from "node:path";
import * as vscode from "vscode";

/** Scheme of redacted copies. The language server is told nothing of their documents. */
export const SCHEME = "tightlip-redacted";

/** Where the redacted copy of a document is shown: under its own file name, whose end says how it is highlighted. */
export function copyOf(original: vscode.Uri): vscode.Uri {
  return vscode.Uri.from({ scheme: SCHEME, path: `/redacted ${fileName(original)}`, query: original.toString() });
}

/** The document a copy shows; what is no copy is its own original. */
export function originalOf(uri: vscode.Uri): vscode.Uri {
  return uri.scheme === SCHEME ? vscode.Uri.parse(uri.query, true) : uri;
}

export function fileName(uri: vscode.Uri): string {
  return path.posix.basename(uri.path) || "document";
}
