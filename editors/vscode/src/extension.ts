import * as path from "node:path";
import * as vscode from "vscode";
import { LanguageClient, LanguageClientOptions, ServerOptions } from "vscode-languageclient/node";

interface Status { uri: string; state: "safe" | "findings" | "restricted" | "checking"; count: number; worker: string }
interface Shown { title: string; languageId: string; text: string }

let client: LanguageClient | undefined;
const statuses = new Map<string, Status>();

/** Everything that starts or changes the server comes through here: activation, a changed setting, the command. */
async function restart(bar: vscode.StatusBarItem): Promise<void> {
  await client?.stop().catch(() => undefined);
  statuses.clear();
  const command = vscode.workspace.getConfiguration("tightlip").get<string>("path") || process.env.TIGHTLIP_PATH || "tightlip";
  // not a folder of the workspace: what is checked must not choose its checker
  const server: ServerOptions = { command, args: ["server"], options: { cwd: path.dirname(process.execPath) } };
  const options: LanguageClientOptions = {
    documentSelector: [{ scheme: "file" }, { scheme: "untitled" }, { scheme: "vscode-notebook-cell" }],
    synchronize: { configurationSection: "tightlip" },
    middleware: {
      // from the palette a command comes without arguments: it is about the file and the selection one looks at
      executeCommand: (name, given, next) => next(name, given.length ? given : here()),
    },
  };
  client = new LanguageClient("tightlip", "tightlip", server, options);
  client.onNotification("tightlip/status", (status: Status) => { statuses.set(status.uri, status); show(bar); });
  client.onNotification("tightlip/copyText", async ({ text }: { text: string }) => {
    await vscode.env.clipboard.writeText(text);
    vscode.window.setStatusBarMessage("tightlip: redacted text is in the clipboard", 5000);
  });
  client.onNotification("tightlip/openText", async ({ text, languageId }: Shown) => {
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content: text, language: languageId }));
  });
  await client.start();
}

function here(): unknown[] {
  const editor = vscode.window.activeTextEditor;
  if (!editor || !client) return [];
  const range = editor.selection.isEmpty ? null : client.code2ProtocolConverter.asRange(editor.selection);
  return [client.code2ProtocolConverter.asUri(editor.document.uri), range];
}

function show(bar: vscode.StatusBarItem): void {
  const editor = vscode.window.activeTextEditor;
  const status = editor && client && statuses.get(client.code2ProtocolConverter.asUri(editor.document.uri));
  const marked = status?.state === "restricted" || status?.state === "findings";
  bar.text = status?.state === "restricted" ? "$(lock) restricted" : `$(eye) ${status?.count ?? 0}`;
  bar.backgroundColor = marked ? new vscode.ThemeColor("statusBarItem.warningBackground") : undefined;
  if (status) bar.show(); else bar.hide();
}

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const bar = vscode.window.createStatusBarItem("tightlip.status", vscode.StatusBarAlignment.Right);
  bar.name = bar.tooltip = "tightlip";
  context.subscriptions.push(
    bar,
    vscode.commands.registerCommand("tightlip.restart", () => restart(bar)),
    vscode.window.onDidChangeActiveTextEditor(() => show(bar)),
    vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration("tightlip.path") && restart(bar)),
  );
  await restart(bar);
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}
