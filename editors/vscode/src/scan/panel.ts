import * as vscode from "vscode";
import type { Tightlip } from "../tightlip";
import { OPEN, PANEL } from "./ids";
import { type Root, forFile, forPanel } from "./page";
import { Cancelled, makeReport } from "./report";

/** The report on the workspace, in a panel of the editor. */
export class Panel implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private file = "";

  constructor(private readonly tightlip: Tightlip) {}

  /** Makes the report, anew where there is one, and shows it. */
  async show(): Promise<void> {
    const folders = (vscode.workspace.workspaceFolders ?? []).filter((folder) => folder.uri.scheme === "file");
    const program = this.tightlip.program();
    // the command line program follows the policies it finds, and these may leave findings out
    if (!vscode.workspace.isTrusted) return offer("A report follows the workspace's own policy: trust the workspace to get one.", "Manage trust", "workbench.trust.manage");
    if (!folders.length) return offer("Open a folder to get a report on its files.", "Open folder", "vscode.openFolder");
    if (!program) return offer("There is no report: the program tightlip was not found.", "Restart server", "tightlip.restart");
    try {
      this.fill(await written(program, folders), folders);
    } catch (error) {
      if (error instanceof Cancelled) return;
      const why = error instanceof Error ? error.message : "";
      this.tightlip.log.error(`no report: ${why}`);
      await offer(`The report could not be written. ${why}`.trim(), "Show log", "tightlip.showLog");
    }
  }

  /** Writes the report into a file the person chooses. */
  async save(): Promise<void> {
    if (!this.file) return;
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const target = await vscode.window.showSaveDialog({
      filters: { HTML: ["html"] },
      title: "Save report",
      ...(folder && { defaultUri: vscode.Uri.joinPath(folder, "tightlip-report.html") }),
    });
    if (target) await vscode.workspace.fs.writeFile(target, Buffer.from(this.file));
  }

  dispose(): void {
    this.panel?.dispose();
  }

  private fill(report: string, folders: readonly vscode.WorkspaceFolder[]): void {
    const roots = folders.map(({ uri, name }): Root => ({ path: uri.fsPath.replaceAll("\\", "/"), shown: folders.length > 1 ? `${name}/` : "" }));
    const html = forPanel(report, roots, (path) => vscode.Uri.file(path).toString());
    this.file = forFile(report, roots);
    this.panel ??= this.open();
    this.panel.webview.html = html;
    this.panel.reveal();
  }

  private open(): vscode.WebviewPanel {
    const panel = vscode.window.createWebviewPanel(PANEL, "tightlip report", vscode.ViewColumn.Active, {
      // the page's own filter; its content policy names it by its hash and lets nothing else run
      enableScripts: true,
      enableForms: false,
      enableFindWidget: true,
      enableCommandUris: [OPEN],
      localResourceRoots: [],
    });
    panel.onDidDispose(() => {
      this.panel = undefined;
      this.file = "";
    });
    return panel;
  }
}

function written(program: readonly string[], folders: readonly vscode.WorkspaceFolder[]): Thenable<string> {
  const paths = folders.map((folder) => folder.uri.fsPath);
  const options = { location: vscode.ProgressLocation.Notification, title: "Writing the report", cancellable: true };
  return vscode.window.withProgress(options, (_, token) => makeReport(program, paths, token));
}

async function offer(sentence: string, choice: string, command: string): Promise<void> {
  if ((await vscode.window.showWarningMessage(sentence, choice)) === choice) await vscode.commands.executeCommand(command);
}
