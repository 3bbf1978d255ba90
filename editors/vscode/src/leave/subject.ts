import * as path from "node:path";
import * as vscode from "vscode";
import type { Verdict } from "../protocol";
import type { Tightlip } from "../tightlip";
import { touching } from "./touching";
import { within } from "./verdict";
import { wayOf } from "./ways";

const PATIENCE = 4000;

/** What a command would hand to an assistant from the editor in view, and what the server says of it. */
export interface Subject {
  readonly document: vscode.TextDocument;
  /** "app.py", "The selection in app.py" or "The prompt". */
  readonly name: string;
  /** It would not be sent at once. */
  readonly later: boolean;
  readonly text: string;
  /** Undefined when the server does not answer. */
  readonly verdict: Verdict | undefined;
}

export async function subjectOf(tightlip: Tightlip, editor: vscode.TextEditor, command: string): Promise<Subject> {
  const { document, selection } = editor;
  const way = wayOf(command);
  const file = path.posix.basename(document.uri.path);
  const text = document.getText();
  const check = (asked: string) => within(PATIENCE, tightlip.checkText(asked, document.uri, document.languageId)).catch(() => undefined);
  const whole = await check(text);
  const inFile: Subject = { document, name: file, later: way?.opens ?? false, text, verdict: whole };
  if (!way?.selection || selection.isEmpty || !whole || whole.restricted !== null) return inFile;

  const selected = document.getText(selection);
  const part = await check(selected);
  const touched = touching(whole.findings, text, document.offsetAt(selection.start), document.offsetAt(selection.end));
  // a value known by what stands beside it (a column, a field name) is not seen in the selection alone: then the file it is
  if (!part || touched > part.findings.length) return inFile;
  return { document, name: `The selection in ${file}`, later: false, text: selected, verdict: part };
}
