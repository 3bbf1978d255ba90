import * as vscode from "vscode";
import type { Connection } from "./connection";
import { editorHere } from "./here";
import { goToNextFinding } from "./next";

interface Redacted {
  readonly applied: boolean;
  readonly count: number;
}

/** The commands about the text in front of a person, and about the server. */
export function register(tightlip: Connection): vscode.Disposable {
  const command = (name: string, run: (...given: unknown[]) => unknown): vscode.Disposable =>
    vscode.commands.registerCommand(`tightlip.${name}`, async (...given: unknown[]) => {
      try {
        return await run(...given);
      } catch (error) {
        // the server's own sentence: why it will not do this, and what to do
        void vscode.window.showErrorMessage(error instanceof Error ? error.message : "This did not work.");
        return undefined;
      }
    });

  return vscode.Disposable.from(
    command("redactDocument", async (given) => {
      const place = placeOf(tightlip, given);
      if (!place) return;
      const { count } = await tightlip.execute<Redacted>("tightlip.redactDocument", place.uri);
      if (!count) say("Nothing to redact in this file.");
    }),
    command("redactSelection", async (given, range) => {
      const place = placeOf(tightlip, given, range);
      if (!place?.range) return void vscode.window.showInformationMessage("Select the text to redact first.");
      await tightlip.execute<Redacted>("tightlip.redactSelection", place.uri, place.range);
    }),
    command("copyRedacted", async (given, range) => {
      const place = placeOf(tightlip, given, range);
      if (place) await tightlip.execute("tightlip.copyRedacted", place.uri, place.range);
    }),
    // what the quick fix "Request exception…" ends with: the place to say why
    command("showRequest", (uri, range) => tightlip.execute("tightlip.showRequest", uri, range)),
    command("nextFinding", () => goToNextFinding()),
    command("restart", () => tightlip.server.restart()),
    command("showLog", () => tightlip.log.show()),
    tightlip.onCopyText(async ({ text }) => {
      await vscode.env.clipboard.writeText(text);
      say("Redacted text copied.");
    }),
  );
}

/** From a lens or a fix a command comes with its place; from a menu with a Uri; from the palette it means the active tab. */
function placeOf(tightlip: Connection, given: unknown, range?: unknown): { uri: string; range: unknown } | undefined {
  if (typeof given === "string") return { uri: given, range: range ?? null };
  const editor = editorHere();
  if (!editor) return undefined;
  return { uri: tightlip.asUri(editor.document.uri), range: editor.selection.isEmpty ? null : tightlip.asRange(editor.selection) };
}

function say(sentence: string): void {
  vscode.window.setStatusBarMessage(sentence, 5000);
}
