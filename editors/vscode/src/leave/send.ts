import * as vscode from "vscode";
import { editorInView } from "../here";
import type { Tightlip } from "../tightlip";
import { offers } from "./assistants";
import type { Decisions } from "./decide";
import type { Guards } from "./guards";
import { contextKey, type InView } from "./inView";
import { showRedacted } from "./redactedEditor";
import { subjectOf } from "./subject";

/** Arguments of `tightlip.guardedCommand`: the assistant's command a key stands for. */
export interface Guarded {
  readonly command: string;
  readonly args?: unknown;
}

/** Stands between an assistant's key and its command: asks first where the editor in view has something to hide. */
export class SendGuard {
  constructor(
    private readonly tightlip: Tightlip, private readonly guards: Guards,
    private readonly decisions: Decisions, private readonly inView: InView,
  ) {}

  register(): vscode.Disposable {
    const tell = contextKey("guardKeys", () => this.guards.send && this.inView.hides);
    return vscode.Disposable.from(
      this.guards.onChange(tell),
      this.inView.onChange(tell),
      vscode.commands.registerCommand("tightlip.guardedCommand", (guarded?: Guarded) =>
        guarded && (this.guards.send ? this.checked(guarded) : execute(guarded))),
      vscode.commands.registerCommand("tightlip.sendToAssistant", () => this.pick()),
    );
  }

  /** For what an assistant has no key for, and for who would rather ask: always checked. */
  private async pick(): Promise<void> {
    const items = (await offers()).map((offer) => ({ label: offer.title, description: offer.assistant, offer }));
    if (!items.length) return void vscode.window.showInformationMessage("No assistant that tightlip knows is installed.");
    const picked = await vscode.window.showQuickPick(items, { placeHolder: "Checked before it is sent", matchOnDescription: true });
    if (picked) await this.checked({ command: picked.offer.command });
  }

  private async checked(guarded: Guarded): Promise<void> {
    const editor = editorInView();
    if (!editor) return execute(guarded);
    const subject = await subjectOf(this.tightlip, editor, guarded.command);
    const redact = async (text: string): Promise<boolean> => {
      await showRedacted(subject.document, text);
      return true;
    };
    await this.decisions.about(subject, guarded.command, "Send redacted copy", redact, () => execute(guarded));
  }
}

async function execute({ command, args }: Guarded): Promise<void> {
  try {
    await vscode.commands.executeCommand(command, ...(args === undefined ? [] : Array.isArray(args) ? (args as unknown[]) : [args]));
  } catch {
    void vscode.window.showWarningMessage(`${command} could not be run: its assistant may be missing.`);
  }
}
