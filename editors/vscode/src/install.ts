import { homedir } from "node:os";
import * as vscode from "vscode";
import type { Connection } from "./connection";
import { places } from "./places";
import { findOnPath } from "./server";

export interface Installer {
  readonly name: "uv" | "pipx";
  readonly command: string;
}

const COMMANDS = { uv: "tool install tightlip", pipx: "install tightlip" } as const;

/** What could install the server into an environment of its own, or undefined. */
export async function installer(): Promise<Installer | undefined> {
  for (const name of ["uv", "pipx"] as const) {
    const program = await findOnPath(name, places());
    if (!program) continue;
    // by its whole path, for the shell may know another one or none; by its name where a shell would want it quoted
    const called = /^[\w./\\:-]+$/.test(program) ? program : name;
    return { name, command: `${called} ${COMMANDS[name]}` };
  }
  return undefined;
}

/** Runs the installation where the person sees it, and starts the server when it is over. */
export function install(tightlip: Connection, { command }: Installer): void {
  const terminal = vscode.window.createTerminal({ name: "Install tightlip", cwd: homedir() });
  const over = vscode.Disposable.from(
    vscode.window.onDidEndTerminalShellExecution((event) => event.terminal === terminal && finish()),
    vscode.window.onDidCloseTerminal((closed) => closed === terminal && finish()),
  );
  const finish = (): void => {
    over.dispose();
    void tightlip.server.restart();
  };
  terminal.show();
  terminal.sendText(command);
}
