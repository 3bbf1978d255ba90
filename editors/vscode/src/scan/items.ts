import * as path from "node:path";
import * as vscode from "vscode";
import { OPEN } from "./ids";
import type { CategoryNode, FileNode, LineNode, Node, RestrictedNode, RuleNode } from "./nodes";
import { counted } from "./words";

const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;

const CATEGORIES: Record<string, { label: string; icon: string }> = {
  secret: { label: "Secrets", icon: "key" },
  pii: { label: "Personal data", icon: "person" },
  term: { label: "Terms", icon: "symbol-text" },
  restricted: { label: "Restricted code", icon: "lock" },
  "restricted files": { label: "Restricted files", icon: "lock" },
};

const SEVERITIES = [
  { icon: "error", color: "problemsErrorIcon.foreground" },
  { icon: "warning", color: "problemsWarningIcon.foreground" },
  { icon: "info", color: "problemsInfoIcon.foreground" },
];

/** How a node is shown. */
export function item(node: Node): vscode.TreeItem {
  switch (node.kind) {
    case "category":
      return categoryItem(node);
    case "rule":
      return ruleItem(node);
    case "file":
      return fileItem(node);
    case "line":
      return lineItem(node);
    case "restricted":
      return restrictedItem(node);
  }
}

function categoryItem({ category, count }: CategoryNode): vscode.TreeItem {
  const { label, icon } = CATEGORIES[category] ?? { label: category, icon: "symbol-misc" };
  const shown = new vscode.TreeItem(label, category === "restricted files" ? Collapsed : Expanded);
  shown.id = category;
  shown.iconPath = new vscode.ThemeIcon(icon);
  shown.description = count.toLocaleString("en-US");
  shown.tooltip = `${label}: ${counted(count, category === "restricted files" ? "file" : "finding")}`;
  return shown;
}

function ruleItem({ rule, title, severity, count, children }: RuleNode): vscode.TreeItem {
  const { icon, color } = SEVERITIES[severity - 1] ?? { icon: "info", color: "problemsInfoIcon.foreground" };
  const shown = new vscode.TreeItem(title, Collapsed);
  shown.id = rule;
  shown.iconPath = new vscode.ThemeIcon(icon, new vscode.ThemeColor(color));
  shown.description = count.toLocaleString("en-US");
  shown.tooltip = `${rule}: ${counted(count, "finding")} in ${counted(children.length, "file")}`;
  return shown;
}

function fileItem({ uri, group }: FileNode): vscode.TreeItem {
  const shown = file(uri, group.count > 1 ? Collapsed : None);
  const line = group.count > 1 ? "" : `, line ${group.line + 1}`;
  shown.id = `${group.rule} ${group.uri}`;
  shown.description = [folder(uri), group.count > 1 ? group.count.toLocaleString("en-US") : ""].filter(Boolean).join(" · ");
  shown.tooltip = `${vscode.workspace.asRelativePath(uri)}${line}`;
  shown.command = open(uri, group.line);
  return shown;
}

function lineItem({ uri, range }: LineNode): vscode.TreeItem {
  const shown = new vscode.TreeItem(`Line ${range.start.line + 1}`, None);
  shown.command = open(uri, range.start.line, range.start.character);
  return shown;
}

function restrictedItem({ uri }: RestrictedNode): vscode.TreeItem {
  const shown = file(uri, None);
  shown.id = `restricted ${uri.toString()}`;
  shown.description = folder(uri);
  shown.tooltip = vscode.workspace.asRelativePath(uri);
  shown.command = open(uri);
  return shown;
}

function file(uri: vscode.Uri, state: vscode.TreeItemCollapsibleState): vscode.TreeItem {
  // the icon of its name, without the number of problems and the git state that a file of the explorer has beside it
  const shown = new vscode.TreeItem(uri.with({ scheme: "tightlip-tree" }), state);
  shown.label = path.posix.basename(uri.path);
  shown.iconPath = vscode.ThemeIcon.File;
  return shown;
}

function folder(uri: vscode.Uri): string {
  const way = path.posix.dirname(vscode.workspace.asRelativePath(uri));
  return way === "." ? "" : way;
}

function open(uri: vscode.Uri, line = 0, column = 0): vscode.Command {
  return { command: OPEN, title: "Open", arguments: [uri.toString(), line, column] };
}
