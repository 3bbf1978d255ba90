import * as vscode from "vscode";
import type { Tightlip } from "../tightlip";
import { COPIED_TYPE, markOf } from "./clipboard";
import type { CopyGuard } from "./copy";
import type { Guards } from "./guards";
import { CHATS } from "./places";
import { matters, within } from "./verdict";

/** Under plain text, so that what yields to plain text, or prefers it, comes to the redacted text first. */
const KIND = vscode.DocumentDropOrPasteEditKind.Empty.append("text", "plain", "tightlip");
/** Named, because who names a scheme comes before who takes all: a chat has paste providers of its own. */
const PLACES: vscode.DocumentSelector = ["*", ...["file", "untitled", "vscode-notebook-cell", "vscode-scm", ...CHATS].map((scheme) => ({ scheme }))];
const PATIENCE = 2000;

/**
 * Text with findings arrives redacted in a chat and in a file; VS Code's paste widget switches back.
 *
 * What was copied in this window arrives in a file as it is: moving code is not leaving. A chat gets it redacted, and nothing
 * of a restricted file.
 */
export class PasteGuard implements vscode.DocumentPasteEditProvider {
  private saidUnchecked = false;

  constructor(private readonly tightlip: Tightlip, private readonly guards: Guards, private readonly copies: CopyGuard) {}

  register(): vscode.Disposable {
    return vscode.Disposable.from(
      vscode.languages.registerDocumentPasteEditProvider(PLACES, this, { providedPasteEditKinds: [KIND], pasteMimeTypes: ["text/plain", COPIED_TYPE] }),
      this.tightlip.onChange(() => { if (this.tightlip.running) this.saidUnchecked = false; }),
    );
  }

  async provideDocumentPasteEdits(
    document: vscode.TextDocument, _ranges: readonly vscode.Range[], transfer: vscode.DataTransfer,
    _context: vscode.DocumentPasteEditContext, token: vscode.CancellationToken,
  ): Promise<vscode.DocumentPasteEdit[] | undefined> {
    const chat = CHATS.has(document.uri.scheme);
    const copied = await markOf(transfer);
    const guard = this.guards.paste;
    if (copied && !(chat && guard === "off")) this.copies.pasted(copied);
    if (guard === "off" || (!chat && (copied || guard === "chat"))) return undefined;
    const text = await transfer.get("text/plain")?.asString();
    if (!text?.trim()) return undefined;
    const asked = chat ? this.tightlip.checkText(text, copied?.uri, undefined, token)
      : this.tightlip.checkText(text, document.uri, document.languageId, token);
    const verdict = await within(PATIENCE, asked).catch(() => undefined);
    if (token.isCancellationRequested) return undefined;
    if (!verdict) return chat ? this.unchecked() : undefined;
    if (chat && verdict.restricted !== null) {
      void vscode.window.showWarningMessage(`Left out of the chat. ${verdict.restricted}`);
      return [new vscode.DocumentPasteEdit("[restricted code left out]", "Leave out restricted code", KIND)];
    }
    if (!matters(verdict) || verdict.redacted === text) return undefined;
    return [new vscode.DocumentPasteEdit(verdict.redacted, "Paste redacted", KIND)];
  }

  /** Says so once for every absence of the server; a policy that requires the guard keeps the text out. */
  private unchecked(): vscode.DocumentPasteEdit[] | undefined {
    const required = this.tightlip.required("paste");
    if (!this.saidUnchecked) {
      this.saidUnchecked = true;
      const what = required ? "Left out of the chat" : "Pasted unchecked";
      void vscode.window.showWarningMessage(`${what}: the tightlip server does not answer.`, "Restart server").then(
        (chosen) => chosen && vscode.commands.executeCommand("tightlip.restart"));
    }
    return required ? [new vscode.DocumentPasteEdit("[unchecked text left out]", "Leave out unchecked text", KIND)] : undefined;
  }
}
