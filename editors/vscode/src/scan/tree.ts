import * as vscode from "vscode";
import { VIEW } from "./ids";
import { item } from "./items";
import { type CategoryNode, type Node, lines, roots, sum } from "./nodes";
import type { Results } from "./results";
import { counted, lookedAt, told } from "./words";

/** What a scan saw: category, rule, file, line. */
export class Tree implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<undefined>();
  private readonly view: vscode.TreeView<Node>;
  private readonly listener: vscode.Disposable;
  private top: readonly CategoryNode[] = [];

  readonly onDidChangeTreeData = this.changed.event;

  constructor(private readonly results: Results) {
    this.view = vscode.window.createTreeView(VIEW, { treeDataProvider: this, showCollapseAll: true });
    this.listener = results.onChange(() => this.refresh());
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return item(node);
  }

  getChildren(node?: Node): Node[] {
    if (!node) return [...this.top];
    if (node.kind === "file") return lines(node);
    return "children" in node ? [...node.children] : [];
  }

  /** Asked for by `reveal`, which is used for roots only. */
  getParent(): undefined {
    return undefined;
  }

  /** Brings the view forward and leaves the keyboard where it is. */
  async reveal(): Promise<void> {
    const first = this.top[0];
    if (first) await this.view.reveal(first, { select: false, focus: false });
  }

  dispose(): void {
    vscode.Disposable.from(this.listener, this.view, this.changed).dispose();
  }

  private refresh(): void {
    const { answer, groups } = this.results;
    this.top = roots(this.results);
    const count = sum(groups);
    // a text of its own takes the place of the welcome, which offers what was just done
    this.view.message = answer && (this.top.length ? lookedAt(answer, sum(answer.results)) : told({ ...answer, findings: 0, restrictedFiles: 0 }));
    this.view.badge = count ? { value: count, tooltip: counted(count, "finding") } : undefined;
    this.changed.fire(undefined);
  }
}
