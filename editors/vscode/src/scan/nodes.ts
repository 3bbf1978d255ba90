import * as vscode from "vscode";
import type { Group, Results } from "./results";

/** Everything of one category. */
export interface CategoryNode {
  readonly kind: "category";
  readonly category: string;
  readonly count: number;
  readonly children: readonly (RuleNode | RestrictedNode)[];
}

/** Everything one rule found. */
export interface RuleNode {
  readonly kind: "rule";
  readonly rule: string;
  readonly title: string;
  readonly severity: number;
  readonly count: number;
  readonly children: readonly FileNode[];
}

/** What one rule found in one file. */
export interface FileNode {
  readonly kind: "file";
  readonly uri: vscode.Uri;
  readonly group: Group;
}

/** One of several findings of a rule in a file. */
export interface LineNode {
  readonly kind: "line";
  readonly uri: vscode.Uri;
  readonly range: vscode.Range;
}

/** A file that may not simply be shared. */
export interface RestrictedNode {
  readonly kind: "restricted";
  readonly uri: vscode.Uri;
}

export type Node = CategoryNode | RuleNode | FileNode | LineNode | RestrictedNode;

const ORDER = ["secret", "pii", "term", "restricted"];

/** The roots of the tree: what hurts most first. */
export function roots(results: Results): CategoryNode[] {
  const found = [...by(results.groups, (group) => group.category)].map(([category, groups]) => categoryNode(category, groups));
  const restricted = results.restricted.map((uri): RestrictedNode => ({ kind: "restricted", uri: vscode.Uri.parse(uri, true) }));
  restricted.sort((one, other) => one.uri.path.localeCompare(other.uri.path));
  if (restricted.length) found.push({ kind: "category", category: "restricted files", count: restricted.length, children: restricted });
  return found.sort((one, other) => place(one.category) - place(other.category));
}

/** The lines of a file's findings, as the Problems panel has them; only the first is known of a file it does not have. */
export function lines({ uri, group }: FileNode): LineNode[] {
  const ranges = vscode.languages
    .getDiagnostics(uri)
    .filter(({ source, code }) => source === "tightlip" && (typeof code === "object" ? code.value : code) === group.rule)
    .map(({ range }) => range)
    .sort((one, other) => one.start.compareTo(other.start));
  const first = new vscode.Range(group.line, 0, group.line, 0);
  return (ranges.length ? ranges : [first]).map((range) => ({ kind: "line", uri, range }));
}

function categoryNode(category: string, groups: readonly Group[]): CategoryNode {
  const rules = [...by(groups, (group) => group.rule).values()].map(ruleNode);
  rules.sort((one, other) => one.severity - other.severity || other.count - one.count || one.title.localeCompare(other.title));
  return { kind: "category", category, count: sum(groups), children: rules };
}

function ruleNode(groups: readonly [Group, ...Group[]]): RuleNode {
  const { rule, title } = groups[0];
  const files = groups.map((group): FileNode => ({ kind: "file", uri: vscode.Uri.parse(group.uri, true), group }));
  files.sort((one, other) => one.uri.path.localeCompare(other.uri.path));
  const severity = Math.min(...groups.map((group) => group.severity));
  return { kind: "rule", rule, title, severity, count: sum(groups), children: files };
}

export function sum(groups: readonly Group[]): number {
  return groups.reduce((count, group) => count + group.count, 0);
}

function by<T>(items: readonly T[], name: (item: T) => string): Map<string, [T, ...T[]]> {
  const found = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const known = found.get(name(item));
    if (known) known.push(item);
    else found.set(name(item), [item]);
  }
  return found;
}

function place(category: string): number {
  const known = ORDER.indexOf(category);
  return known < 0 ? ORDER.length : known;
}
