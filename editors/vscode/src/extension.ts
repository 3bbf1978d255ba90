import * as vscode from "vscode";
import * as chat from "./chat";
import * as commands from "./commands";
import { Connection } from "./connection";
import * as context from "./context";
import * as decorations from "./decorations";
import * as inputs from "./inputs";
import * as leave from "./leave";
import * as menu from "./menu";
import * as redacted from "./redacted";
import * as scan from "./scan";
import * as schema from "./schema";
import * as status from "./status";
import * as trouble from "./trouble";

const PARTS = [trouble, commands, context, decorations, inputs, menu, status, leave, redacted, chat, scan, schema];

let tightlip: Connection | undefined;

export function activate({ subscriptions }: vscode.ExtensionContext): void {
  const connection = (tightlip = new Connection());
  subscriptions.push(
    ...PARTS.map((part) => part.register(connection)),
    vscode.workspace.onDidGrantWorkspaceTrust(() => connection.trust()),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("tightlip.server.path")) void connection.server.restart();
    }),
  );
  void connection.server.restart();
}

export async function deactivate(): Promise<void> {
  await tightlip?.dispose();
}
