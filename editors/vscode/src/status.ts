import * as vscode from "vscode";
import { SELECTOR } from "./client";
import type { Connection } from "./connection";
import { here, onMove } from "./here";
import { look, type Look } from "./look";

/** Milliseconds a check may take before it is worth showing: most are over sooner, and a bar that flickers is noise. */
const UNSEEN = 400;

/** The status bar item and the language status item. */
export function register(tightlip: Connection): vscode.Disposable {
  const bar = vscode.window.createStatusBarItem("tightlip.status", vscode.StatusBarAlignment.Right, 90);
  const item = vscode.languages.createLanguageStatusItem("tightlip.status", SELECTOR);
  const menu = { command: "tightlip.menu", title: "What can be done" };
  bar.name = item.name = "tightlip";
  bar.command = item.command = menu;
  let waiting: NodeJS.Timeout | undefined;
  let shown: string | undefined;

  const show = ({ icon, text, level, sentences }: Look): void => {
    const background = { quiet: undefined, busy: undefined, warning: "statusBarItem.warningBackground", error: "statusBarItem.errorBackground" }[level];
    bar.text = `$(${icon}) ${text}`;
    bar.tooltip = tooltip(sentences);
    bar.backgroundColor = background ? new vscode.ThemeColor(background) : undefined;
    bar.accessibilityInformation = { label: `tightlip: ${sentences.join(" ")}` };
    item.text = `tightlip: ${text}`;
    item.busy = level === "busy";
    item.severity = {
      quiet: vscode.LanguageStatusSeverity.Information,
      busy: vscode.LanguageStatusSeverity.Information,
      warning: vscode.LanguageStatusSeverity.Warning,
      error: vscode.LanguageStatusSeverity.Error,
    }[level];
    bar.show();
  };
  const update = (): void => {
    clearTimeout(waiting);
    const now = look(tightlip);
    const place = `${here(tightlip)?.uri} ${tightlip.running}`;
    if (now.level === "busy" && place === shown) {
      waiting = setTimeout(() => show(now), UNSEEN);
      return;
    }
    shown = place;
    show(now);
  };

  update();
  return vscode.Disposable.from(bar, item, tightlip.onChange(update), onMove(update), { dispose: () => clearTimeout(waiting) });
}

function tooltip(sentences: readonly string[]): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  sentences.forEach((sentence, index) => text.appendMarkdown(index ? "\n\n" : "").appendText(sentence));
  return text;
}
