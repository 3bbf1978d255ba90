import * as vscode from "vscode";
import type { Verdict } from "../protocol";
import type { Tightlip } from "../tightlip";
import { type Copied, COPIED_TYPE, mark, nameOf } from "./clipboard";
import type { Guards } from "./guards";
import { CHATS } from "./places";
import { matters, why } from "./verdict";

/** Time to paste a copy in this window before anything is said: moving code about is not leaving, and a chat gets it redacted. */
const GRACE = 1000;
/** A notification stays about so long; a second one on top of it would be noise. */
const SHOWN = 12_000;
const PASSING = 6000;

interface Waiting {
  readonly id: number;
  readonly verdict: Verdict;
  readonly stillThere: () => boolean;
  readonly timer: NodeJS.Timeout;
  readonly text: string;
}

/**
 * Says so when a value is on the clipboard, and offers a redacted one.
 *
 * The copy itself is never held up: the server is asked beside it. One notification for a text, and none for
 * what is pasted in this window within the grace; for a cut, and while another notification is in view, a line in the status
 * bar. Losing the focus of the window ends the grace: what was copied may be on its way.
 */
export class CopyGuard implements vscode.DocumentPasteEditProvider {
  private lastId = 0;
  private waiting: Waiting | undefined;
  private readonly warned = new Set<string>();
  private shownAt = -SHOWN;
  /** Of the newest notification that offers it. */
  private offered = { redacted: "" };

  constructor(private readonly tightlip: Tightlip, private readonly guards: Guards) {}

  register(): vscode.Disposable {
    return vscode.Disposable.from(
      vscode.languages.registerDocumentPasteEditProvider("*", this, { providedPasteEditKinds: [], copyMimeTypes: [COPIED_TYPE] }),
      vscode.window.onDidChangeWindowState((state) => !state.focused && this.speak()),
      { dispose: () => clearTimeout(this.waiting?.timer) },
    );
  }

  prepareDocumentPaste(document: vscode.TextDocument, ranges: readonly vscode.Range[], transfer: vscode.DataTransfer): void {
    const copied: Copied = { id: ++this.lastId, uri: document.uri };
    mark(transfer, copied);
    this.settle();
    if (this.guards.copy === "off" || CHATS.has(document.uri.scheme) || !this.tightlip.running) return;
    void this.look(copied, document, ranges);
  }

  /** It was pasted in this window, into a file or redacted into a chat: it has not left. */
  pasted(copied: Copied): void {
    if (this.waiting?.id === copied.id) this.settle();
  }

  private async look({ id }: Copied, document: vscode.TextDocument, ranges: readonly vscode.Range[]): Promise<void> {
    const read = () => ranges.map((range) => document.getText(range)).join(document.eol === vscode.EndOfLine.CRLF ? "\r\n" : "\n");
    const text = read();
    if (!text.trim()) return;
    // the status bar item says when the server is gone; a copy is no moment to say it again
    const verdict = await this.tightlip.checkText(text, document.uri, document.languageId).catch(() => undefined);
    if (!verdict || !matters(verdict) || id !== this.lastId) return;
    this.waiting = { id, verdict, text, stillThere: () => document.isClosed || read() === text, timer: setTimeout(() => this.speak(), GRACE) };
    if (!vscode.window.state.focused) this.speak();
  }

  private settle(): void {
    clearTimeout(this.waiting?.timer);
    this.waiting = undefined;
  }

  private speak(): void {
    const waiting = this.waiting;
    if (!waiting) return;
    this.settle();
    const { verdict, text } = waiting;
    const name = nameOf(text);
    const cut = !waiting.stillThere();
    if (cut || this.warned.has(name) || Date.now() - this.shownAt < SHOWN) {
      vscode.window.setStatusBarMessage(`$(warning) ${sentence(verdict)}`, PASSING);
      // the notification that stands for this copy too
      if (verdict.restricted === null) this.offered.redacted = verdict.redacted;
      return;
    }
    this.warned.add(name);
    this.shownAt = Date.now();
    void this.offer(verdict);
  }

  private async offer(verdict: Verdict): Promise<void> {
    if (verdict.restricted !== null) {
      const clear = "Clear clipboard";
      if ((await vscode.window.showWarningMessage(sentence(verdict), clear)) !== clear) return;
      await vscode.env.clipboard.writeText("");
      vscode.window.setStatusBarMessage("The clipboard is empty.", PASSING);
      return;
    }
    const offered = (this.offered = { redacted: verdict.redacted });
    const copy = "Copy redacted";
    if ((await vscode.window.showWarningMessage(sentence(verdict), copy)) !== copy) return;
    await vscode.env.clipboard.writeText(offered.redacted);
    vscode.window.setStatusBarMessage("The clipboard has the redacted text.", PASSING);
  }
}

function sentence(verdict: Verdict): string {
  return verdict.restricted === null && verdict.summary ? `The clipboard has ${verdict.summary}` : why(verdict);
}
