import * as vscode from "vscode";
import type { Part } from "../protocol";
import type { Tightlip } from "../tightlip";

export type CopySetting = "warn" | "off";
export type PasteSetting = "redact" | "chat" | "off";

const PARTS: readonly Part[] = ["copy", "paste", "send"];
const OFF: Readonly<Record<Part, unknown>> = { copy: "off", paste: "off", send: false };

/** What the person's settings and the policy together ask of the guards; a policy that requires a guard comes first. */
export class Guards implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly told = new Set<Part>();
  private readonly listeners: vscode.Disposable[];

  readonly onChange = this.changed.event;

  constructor(private readonly tightlip: Tightlip) {
    this.listeners = [
      this.changed,
      tightlip.onChange(() => this.tell()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (!event.affectsConfiguration("tightlip.guard")) return;
        this.tell();
        this.changed.fire();
      }),
    ];
    this.tell();
  }

  get copy(): CopySetting {
    return this.tightlip.required("copy") ? "warn" : setting<CopySetting>("copy", "warn");
  }

  get paste(): PasteSetting {
    return this.tightlip.required("paste") ? "redact" : setting<PasteSetting>("paste", "redact");
  }

  get send(): boolean {
    return this.tightlip.required("send") || setting("send", true);
  }

  dispose(): void {
    for (const listener of this.listeners) listener.dispose();
  }

  /** Says once which guards stay on though they were switched off. */
  private tell(): void {
    const kept = PARTS.filter((part) => this.tightlip.required(part) && setting<unknown>(part, undefined) === OFF[part]);
    if (kept.some((part) => !this.told.has(part))) {
      void vscode.window.showInformationMessage(`The policy requires ${named(kept)}: ${kept.length > 1 ? "their settings do not switch them" : "its setting does not switch it"} off.`);
    }
    this.told.clear();
    for (const part of kept) this.told.add(part);
  }
}

/** "the copy guard", "the copy and paste guards". */
function named(parts: readonly Part[]): string {
  return `the ${new Intl.ListFormat("en-GB").format(parts)} guard${parts.length > 1 ? "s" : ""}`;
}

function setting<T>(part: Part, otherwise: T): T {
  return vscode.workspace.getConfiguration("tightlip.guard").get<T>(part, otherwise);
}
