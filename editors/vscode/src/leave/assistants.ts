import * as vscode from "vscode";
import { type Assistant, ASSISTANTS, type Way } from "./ways";

export interface Offer extends Way {
  readonly assistant: string;
}

/** What the assistants that are here can be asked for. */
export async function offers(): Promise<Offer[]> {
  const known = new Set(await vscode.commands.getCommands(true));
  return ASSISTANTS.flatMap((assistant) => assistant.ways
    .filter((way) => !way.key && (known.has(way.command) || declares(assistant, way.command)))
    .map((way) => ({ ...way, assistant: assistant.name })));
}

/** Keeps `tightlip.assistant.*` true to what is installed, so that a key is shadowed only where an assistant has it. */
export function watchAssistants(): vscode.Disposable {
  const look = async (): Promise<void> => {
    const known = new Set((await offers()).map((offer) => offer.assistant));
    for (const { key, name } of ASSISTANTS) {
      if (key) void vscode.commands.executeCommand("setContext", `tightlip.assistant.${key}`, known.has(name));
    }
  };
  void look();
  return vscode.Disposable.from(
    vscode.extensions.onDidChange(look),
    // an extension of the other extension host is known by its commands only, once it has been started
    vscode.window.onDidChangeWindowState((state) => state.focused && look()),
  );
}

function declares({ extension }: Assistant, command: string): boolean {
  const found = extension ? vscode.extensions.getExtension<unknown>(extension) : undefined;
  const manifest = found?.packageJSON as { contributes?: { commands?: { command: string }[] } } | undefined;
  return manifest?.contributes?.commands?.some((one) => one.command === command) ?? false;
}
