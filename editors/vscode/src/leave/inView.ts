import * as vscode from "vscode";
import { editorInView, onMove } from "../here";
import type { Tightlip } from "../tightlip";

/**
 * Whether the file in view has something to hide: findings, or a class that may not be shared.
 *
 * What was known of a file last counts on while the server is away, and while a file that is opened again is checked, so
 * that neither opens the way.
 */
export class InView implements vscode.Disposable {
  private readonly known = new Map<string, boolean>();
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly listeners: vscode.Disposable[];

  /** Another file came into view, its state changed, or a selection in it. */
  readonly onChange = this.changed.event;

  constructor(private readonly tightlip: Tightlip) {
    const fire = (): void => this.changed.fire();
    this.listeners = [
      this.changed,
      tightlip.onChange(() => { this.learn(); fire(); }),
      onMove(fire),
      vscode.window.onDidChangeVisibleTextEditors(fire),
      vscode.window.onDidChangeTextEditorSelection(fire),
    ];
    this.learn();
  }

  get hides(): boolean {
    const uri = editorInView()?.document.uri.toString();
    return uri !== undefined && (this.known.get(uri) ?? false);
  }

  dispose(): void {
    for (const listener of this.listeners) listener.dispose();
  }

  private learn(): void {
    for (const { uri } of vscode.workspace.textDocuments) {
      const state = this.tightlip.status(uri)?.state;
      if (state && state !== "checking") this.known.set(uri.toString(), state !== "safe");
    }
  }
}

/** Tells VS Code's keybindings whether something holds; the function returned tells it again where it changed. */
export function contextKey(name: string, holds: () => boolean): () => void {
  let told: boolean | undefined;
  const tell = (): void => {
    const now = holds();
    if (now === told) return;
    told = now;
    void vscode.commands.executeCommand("setContext", `tightlip.${name}`, now);
  };
  tell();
  return tell;
}
