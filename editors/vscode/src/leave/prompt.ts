import * as vscode from "vscode";
import { editorInView } from "../here";
import type { Tightlip } from "../tightlip";
import type { Decisions } from "./decide";
import type { Guards } from "./guards";
import { contextKey, type InView } from "./inView";
import { CHATS } from "./places";
import { showRedacted } from "./redactedEditor";
import { subjectOf } from "./subject";
import { within } from "./verdict";

const SUBMIT = "workbench.action.chat.submit";
const PATIENCE = 2000;
/** Redacts what it is asked, and what comes with it, by itself. */
const OWN = /^\s*@tightlip\b/;

type Send = () => Promise<void>;

/**
 * Stands before Enter in VS Code's own chats while the prompt has a finding, or text with something to hide is selected in
 * the editor: the chat takes a selection along unasked.
 *
 * `tightlip.guardPrompt` is true only then: every other prompt goes its way untouched.
 */
export class PromptGuard {
  constructor(
    private readonly tightlip: Tightlip, private readonly guards: Guards,
    private readonly decisions: Decisions, private readonly inView: InView,
  ) {}

  register(): vscode.Disposable {
    const tell = contextKey("guardPrompt", () => this.guards.send && (this.found().length > 0 || this.selected() !== undefined));
    return vscode.Disposable.from(
      vscode.commands.registerCommand("tightlip.guardedSubmit", () => this.submit()),
      this.guards.onChange(tell),
      this.inView.onChange(tell),
      vscode.workspace.onDidChangeTextDocument(({ document }) => CHATS.has(document.uri.scheme) && tell()),
      vscode.workspace.onDidCloseTextDocument(tell),
    );
  }

  /** Which of several chats has the focus is not told to extensions, so that each prompt with a finding is asked about. */
  private async submit(): Promise<void> {
    let send: Send = async () => void (await vscode.commands.executeCommand(SUBMIT));
    const editor = this.selected();
    if (editor) send = this.withSelection(editor, send);
    for (const prompt of this.found()) send = this.withPrompt(prompt, send);
    await send();
  }

  private prompts(): vscode.TextDocument[] {
    const typed = vscode.workspace.textDocuments.filter(({ uri }) => CHATS.has(uri.scheme)).filter((prompt) => prompt.getText().trim());
    return typed.filter((prompt) => !OWN.test(prompt.getText()));
  }

  private found(): vscode.TextDocument[] {
    return this.prompts().filter((prompt) => this.tightlip.status(prompt.uri)?.state === "findings");
  }

  private selected(): vscode.TextEditor | undefined {
    const editor = editorInView();
    return editor && !editor.selection.isEmpty && this.inView.hides && this.prompts().length > 0 ? editor : undefined;
  }

  private withPrompt(document: vscode.TextDocument, send: Send): Send {
    return async () => {
      const text = document.getText();
      const verdict = await within(PATIENCE, this.tightlip.checkText(text, document.uri, document.languageId)).catch(() => undefined);
      const subject = { document, name: "The prompt", later: false, text, verdict };
      await this.decisions.about(subject, SUBMIT, "Send redacted", (redacted) => replace(document, redacted), send);
    };
  }

  private withSelection(editor: vscode.TextEditor, send: Send): Send {
    return async () => {
      const subject = await subjectOf(this.tightlip, editor, SUBMIT);
      const redact = async (text: string): Promise<boolean> => {
        await showRedacted(subject.document, text);
        // not sent at once: the chat learns of the other editor a moment later, and would still take the old one along
        await vscode.commands.executeCommand("workbench.action.chat.open");
        return false;
      };
      await this.decisions.about(subject, SUBMIT, "Use redacted copy", redact, send);
    };
  }
}

async function replace(document: vscode.TextDocument, text: string): Promise<boolean> {
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), text);
  if (!(await vscode.workspace.applyEdit(edit)) || document.getText() !== text) throw new Error("The prompt could not be redacted.");
  return true;
}
