import * as vscode from "vscode";
import type { Finding } from "../protocol";

/** The findings of one rule in one file. */
export interface Group {
  readonly uri: string;
  readonly rule: string;
  readonly title: string;
  readonly category: string;
  /** Of the loudest: 1 error, 2 warning, 3 information, 4 hint. */
  readonly severity: number;
  /** Of the first, counted from 0. */
  readonly line: number;
  readonly count: number;
}

/** The answer of the server's command `tightlip.scanWorkspace`. */
export interface ScanAnswer {
  readonly files: number;
  readonly findings: number;
  readonly filesWithFindings: number;
  readonly restrictedFiles: number;
  readonly passedOver: number;
  readonly cancelled: boolean;
  readonly results: readonly Group[];
  /** URIs of files that may not simply be shared. */
  readonly restricted: readonly string[];
}

const SEVERITIES = ["error", "warning", "information", "hint"];

/** What the last scan saw, kept up with the documents that are open. By `uri.toString()`. */
export class Results implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private byFile = new Map<string, readonly Group[]>();
  private shut = new Set<string>();

  readonly onChange = this.changed.event;
  /** Undefined until something was scanned. */
  answer: ScanAnswer | undefined;

  take(answer: ScanAnswer): void {
    this.answer = answer;
    this.byFile = new Map();
    for (const group of answer.results) {
      const uri = key(group.uri);
      this.byFile.set(uri, [...(this.byFile.get(uri) ?? []), { ...group, uri }]);
    }
    this.shut = new Set(answer.restricted.map(key));
    this.changed.fire();
  }

  get groups(): readonly Group[] {
    return [...this.byFile.values()].flat();
  }

  get restricted(): readonly string[] {
    return [...this.shut];
  }

  has(uri: vscode.Uri): boolean {
    return this.byFile.has(uri.toString());
  }

  /** The findings of one file as they are now. */
  replace(uri: vscode.Uri, groups: readonly Group[]): void {
    const file = uri.toString();
    if (same(groups, this.byFile.get(file) ?? [])) return;
    if (groups.length) this.byFile.set(file, groups);
    else this.byFile.delete(file);
    this.changed.fire();
  }

  /** A file or folder is gone. */
  forget(uri: vscode.Uri): void {
    const gone = (file: string): boolean => file === uri.toString() || file.startsWith(`${uri.toString()}/`);
    for (const file of [...this.byFile.keys()].filter(gone)) this.byFile.delete(file);
    for (const file of [...this.shut].filter(gone)) this.shut.delete(file);
    this.changed.fire();
  }

  dispose(): void {
    this.changed.dispose();
  }
}

/** Findings of one text, by rule, in the order they stand. */
export function grouped(uri: vscode.Uri, findings: readonly Finding[]): Group[] {
  const groups = new Map<string, Group>();
  for (const { rule, title, category, severity, line } of findings) {
    const known = groups.get(rule);
    const loud = SEVERITIES.indexOf(severity) + 1 || SEVERITIES.length;
    groups.set(rule, {
      ...(known ?? { uri: uri.toString(), rule, title, category, line: line - 1 }),
      severity: Math.min(loud, known?.severity ?? loud),
      count: (known?.count ?? 0) + 1,
    });
  }
  return [...groups.values()];
}

function same(groups: readonly Group[], others: readonly Group[]): boolean {
  const told = ({ rule, severity, line, count }: Group): string => `${rule} ${severity} ${line} ${count}`;
  return groups.map(told).join() === others.map(told).join();
}

/** The server writes some characters of a URI differently. */
function key(uri: string): string {
  return vscode.Uri.parse(uri, true).toString();
}
