import * as vscode from "vscode";
import type { RecordedEvent } from "../protocol";
import type { Tightlip } from "../tightlip";
import { ask } from "./ask";
import type { Subject } from "./subject";
import { matters, within } from "./verdict";

/** Asks a person about what is about to leave, keeps the record, and remembers what may pass. */
export class Decisions {
  /** What was sent anyway in this window, each way with the findings it had: asked once, recorded every time. */
  private readonly passed = new Set<string>();
  private asking = false;

  constructor(private readonly tightlip: Tightlip) {}

  /** Calls `send` when the subject may go as it is; when its redacted form is to go, `redact`, and `send` if that says yes. */
  async about(subject: Subject, command: string, button: string, redact: (text: string) => Promise<boolean>, send: () => Promise<void>): Promise<void> {
    if (subject.verdict && !matters(subject.verdict)) return send();
    if (this.passed.has(situation(subject, command))) return this.anyway(subject, command, send);
    if (this.asking) return;
    this.asking = true;
    const offered = { redacted: button, override: this.mayOverride(subject), policy: this.policyFile !== undefined };
    const choice = await ask(subject, offered).finally(() => (this.asking = false));
    switch (choice) {
      case "redacted":
        if (!(await redact(subject.verdict?.redacted ?? ""))) return;
        await this.record("sent-redacted", subject, command);
        return send();
      case "anyway":
        if (subject.verdict) this.passed.add(situation(subject, command));
        return this.anyway(subject, command, send);
      case "restart":
        return void vscode.commands.executeCommand("tightlip.restart");
      case "policy":
        await this.record("cancelled", subject, command);
        return void (this.policyFile && vscode.window.showTextDocument(vscode.Uri.parse(this.policyFile)));
      case "cancelled":
        return this.record("cancelled", subject, command);
    }
  }

  private get policyFile(): string | undefined {
    return this.tightlip.policy?.files[0];
  }

  /** A policy that makes the guard mandatory and blocks the text leaves no way round it here. */
  private mayOverride({ verdict }: Subject): boolean {
    return !(this.tightlip.required("send") && (!verdict || verdict.decision === "block"));
  }

  private async anyway(subject: Subject, command: string, send: () => Promise<void>): Promise<void> {
    await this.record("sent-anyway", subject, command);
    if (subject.verdict) vscode.window.setStatusBarMessage(`$(warning) ${subject.name}: sent anyway, recorded`, 5000);
    return send();
  }

  private async record(event: RecordedEvent["event"], { document, verdict }: Subject, command: string): Promise<void> {
    const recorded = this.tightlip.record({
      event, surface: `vscode:${command}`, uri: this.tightlip.asUri(document.uri),
      decision: verdict?.decision ?? "off", rules: [...new Set(verdict?.findings.map((finding) => finding.rule) ?? [])],
    });
    await within(1000, recorded).catch(() => undefined);
  }
}

function situation({ document, name, verdict }: Subject, command: string): string {
  return JSON.stringify([command, document.uri.toString(), name, verdict?.restricted, verdict?.findings.map((finding) => finding.rule).sort()]);
}
