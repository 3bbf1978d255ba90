import * as vscode from "vscode";
import type { PolicyState } from "./protocol";
import type { Tightlip } from "./tightlip";

/** Milliseconds in which the files of an opened folder are gathered into one question. */
const GATHER = 30;

interface Asked {
  readonly uri: vscode.Uri;
  readonly answer: (decoration: vscode.FileDecoration | undefined) => void;
}

/** Marks files and folders that may not be shared, wherever the editor lists files. */
export function register(tightlip: Tightlip): vscode.Disposable {
  const changed = new vscode.EventEmitter<undefined>();
  const known = new Map<string, vscode.FileDecoration | undefined>();
  let waiting: Asked[] = [];
  let seen: { policy: PolicyState | undefined; running: boolean } = { policy: tightlip.policy, running: tightlip.running };

  const ask = async (): Promise<void> => {
    const asked = waiting;
    waiting = [];
    const restricted = await tightlip.classify(asked.map(({ uri }) => uri)).catch(() => undefined);
    for (const { uri, answer } of asked) {
      const decoration = decorationOf(restricted?.get(uri.toString())?.sentence);
      if (restricted) known.set(uri.toString(), decoration);
      answer(decoration);
    }
  };
  const provider: vscode.FileDecorationProvider = {
    onDidChangeFileDecorations: changed.event,
    provideFileDecoration(uri) {
      if (uri.scheme !== "file" || !tightlip.running) return undefined;
      const key = uri.toString();
      if (known.has(key)) return known.get(key);
      return new Promise((answer) => {
        if (!waiting.length) setTimeout(() => void ask(), GATHER);
        waiting.push({ uri, answer });
      });
    },
  };
  const refresh = tightlip.onChange(() => {
    const { policy, running } = tightlip;
    if (policy === seen.policy && running === seen.running) return;
    seen = { policy, running };
    known.clear();
    changed.fire(undefined);
  });
  return vscode.Disposable.from(changed, refresh, vscode.window.registerFileDecorationProvider(provider));
}

function decorationOf(sentence: string | undefined): vscode.FileDecoration | undefined {
  if (sentence === undefined) return undefined;
  const decoration = new vscode.FileDecoration("R", sentence, new vscode.ThemeColor("list.warningForeground"));
  // a folder that holds one restricted file is not itself restricted
  decoration.propagate = false;
  return decoration;
}
