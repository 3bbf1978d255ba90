import * as vscode from "vscode";
import type { Tightlip } from "../tightlip";
import type { Live } from "./live";
import type { Results, ScanAnswer } from "./results";
import type { Tree } from "./tree";
import { told } from "./words";

/** Has the server look through the workspace, and shows what it saw. */
export class Scan {
  private running: Promise<void> | undefined;

  constructor(private readonly tightlip: Tightlip, private readonly results: Results, private readonly tree: Tree, private readonly live: Live) {}

  /** One at a time: who asks again while a scan runs gets that one. */
  run(): Promise<void> {
    this.running ??= this.scan().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  private async scan(): Promise<void> {
    if (!vscode.workspace.workspaceFolders?.length) {
      await offer(vscode.window.showInformationMessage("Open a folder to scan its files.", "Open folder"), { "Open folder": "vscode.openFolder" });
      return;
    }
    let answer: ScanAnswer;
    try {
      answer = await vscode.window.withProgress(
        { location: vscode.ProgressLocation.Notification, title: "Looking through the workspace", cancellable: true },
        (progress, stop) => this.tightlip.executeWatched<ScanAnswer>("tightlip.scanWorkspace", { progress, stop }),
      );
    } catch {
      const sentence = this.tightlip.running ? "The workspace could not be scanned." : "The workspace was not scanned: the tightlip server is not running.";
      const choices = { "Restart server": "tightlip.restart", "Show log": "tightlip.showLog" };
      void offer(vscode.window.showErrorMessage(sentence, ...Object.keys(choices)), choices);
      return;
    }
    this.results.take(answer);
    this.live.touchAll();
    await this.tree.reveal();
    // waits for the person, a scan does not
    void this.say(answer);
  }

  private async say(answer: ScanAnswer): Promise<void> {
    const found = answer.findings || answer.restrictedFiles;
    const choices: Record<string, string> = found && !answer.cancelled ? { "Show report": "tightlip.showReport" } : {};
    await offer(vscode.window.showInformationMessage(told(answer), ...Object.keys(choices)), choices);
  }
}

/** Runs the command of the button that is pressed. */
async function offer(asked: Thenable<string | undefined>, commands: Record<string, string>): Promise<void> {
  const command = commands[(await asked) ?? ""];
  if (command) await vscode.commands.executeCommand(command);
}
