import { createHmac, randomBytes } from "node:crypto";
import * as vscode from "vscode";

/** Travels with what is copied in this window, and only there; holds no text. */
export const COPIED_TYPE = "application/vnd.tightlip.copied";

const key = randomBytes(32);

/** A copy made in this window: which one, and from which document. */
export interface Copied {
  readonly id: number;
  readonly uri: vscode.Uri;
}

export function mark(transfer: vscode.DataTransfer, copied: Copied): void {
  transfer.set(COPIED_TYPE, new vscode.DataTransferItem(JSON.stringify({ id: copied.id, uri: copied.uri.toString() })));
}

/** The copy a paste comes from, if it was made in this window. */
export async function markOf(transfer: vscode.DataTransfer): Promise<Copied | undefined> {
  const item = transfer.get(COPIED_TYPE);
  if (!item) return undefined;
  const { id, uri } = JSON.parse(await item.asString()) as { id: number; uri: string };
  return { id, uri: vscode.Uri.parse(uri) };
}

/** Names a text without keeping it; the key dies with the window. */
export function nameOf(text: string): string {
  return createHmac("sha256", key).update(text).digest("base64");
}
