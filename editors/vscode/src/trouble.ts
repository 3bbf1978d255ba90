import * as vscode from "vscode";
import type { Connection } from "./connection";
import { install, installer } from "./install";
import type { Trouble } from "./lifecycle";

type Act = readonly [button: string, run: () => unknown];

/** One message per trouble, with what can be done about it. */
export function register(tightlip: Connection): vscode.Disposable {
  let shown = 0;
  return tightlip.server.onTrouble(async (trouble) => {
    const turn = ++shown;
    const { sentence, acts, severe } = await message(tightlip, trouble);
    const show = severe ? vscode.window.showErrorMessage : vscode.window.showWarningMessage;
    const chosen = await show(sentence, ...acts.map(([button]) => button));
    // a message of an older server may still be open
    if (turn === shown || chosen === LOG) acts.find(([button]) => button === chosen)?.[1]();
  });
}

const LOG = "Show log";

async function message(tightlip: Connection, trouble: Trouble): Promise<{ sentence: string; acts: Act[]; severe: boolean }> {
  const log: Act = [LOG, () => tightlip.log.show()];
  const setting: Act = ["Open setting", openSetting];
  const restart: Act = ["Restart", () => tightlip.server.restart()];
  switch (trouble) {
    case "not-installed": {
      const found = await installer();
      const offer: Act[] = found ? [[`Install with ${found.name}`, () => install(tightlip, found)]] : [];
      const how = found ? "" : " Install uv or pipx, then run “pipx install tightlip”.";
      return { sentence: `The program tightlip is not installed, so nothing is checked.${how}`, acts: [...offer, setting, log], severe: true };
    }
    case "setting-wrong":
      return { sentence: "The setting tightlip.server.path names a program that is not there, so nothing is checked.", acts: [setting, log], severe: true };
    case "variable-wrong":
      return { sentence: "TIGHTLIP_PATH names a program that is not there, so nothing is checked.", acts: [setting, log], severe: true };
    case "did-not-start":
      return { sentence: "The tightlip server did not start, so nothing is checked.", acts: [restart, log], severe: true };
    case "recovered":
      return { sentence: "The tightlip server had stopped; it was started again.", acts: [log], severe: false };
    case "gave-up":
      return { sentence: "The tightlip server keeps stopping, so nothing is checked.", acts: [restart, log], severe: true };
  }
}

export function openSetting(): Thenable<unknown> {
  return vscode.commands.executeCommand("workbench.action.openSettings", "tightlip.server.path");
}
