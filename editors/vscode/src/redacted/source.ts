import * as vscode from "vscode";
import { Refusal, Source } from "./safe";

/** Larger files are not read to be shared. */
const LARGEST = 10_000_000;

/** The newest text of a document or file: the editor's before the disk's. Throws a Refusal for what is not a text. */
export async function readSource(uri: vscode.Uri): Promise<Source<vscode.Uri>> {
  const name = vscode.workspace.asRelativePath(uri);
  const open = openDocument(uri);
  if (open) return { name, text: open.getText(), uri, languageId: open.languageId };
  return { name, text: await readFile(uri), uri };
}

export function openDocument(uri: vscode.Uri): vscode.TextDocument | undefined {
  const wanted = uri.toString();
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === wanted);
}

async function readFile(uri: vscode.Uri): Promise<string> {
  let bytes: Uint8Array;
  try {
    const found = await vscode.workspace.fs.stat(uri);
    if (found.type & vscode.FileType.Directory) throw new Refusal("This is a folder; choose files in it.");
    if (found.size > LARGEST) throw new Refusal("This file is too large to be shared.");
    bytes = await vscode.workspace.fs.readFile(uri);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal("This file cannot be read.");
  }
  return decode(bytes);
}

function decode(bytes: Uint8Array): string {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : "utf-8";
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    if (!text.includes("\0")) return text;
  } catch {
    // not of this encoding
  }
  throw new Refusal("This is not a text file.");
}
