import * as vscode from "vscode";
import { Refusal } from "../redacted/safe";
import { readSource } from "../redacted/source";
import type { LeftOut, Material } from "./compose";
import { lineNumbers } from "./lines";

/** What the references of a prompt hold, each once, and those that cannot be read. */
export async function materialsOf(
  references: readonly vscode.ChatPromptReference[],
): Promise<{ materials: Material<vscode.Uri>[]; leftOut: LeftOut[] }> {
  const materials: Material<vscode.Uri>[] = [];
  const leftOut: LeftOut[] = [];
  const seen = new Set<string>();
  for (const reference of references) {
    const key = keyOf(reference.value);
    if (seen.has(key)) continue;
    seen.add(key);
    try {
      const material = await materialOf(reference);
      if (material.text.trim()) materials.push(material);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      leftOut.push({ name: nameOf(reference), why: error.message });
    }
  }
  return { materials, leftOut };
}

async function materialOf(reference: vscode.ChatPromptReference): Promise<Material<vscode.Uri>> {
  const { value } = reference;
  if (typeof value === "string") return { name: reference.modelDescription ?? "Text", text: value };
  if (value instanceof vscode.Uri) return readSource(value);
  if (value instanceof vscode.Location) {
    const source = await readSource(value.uri);
    const first = value.range.start.line;
    // a range that ends at the beginning of a line does not mean that line
    const last = value.range.end.character || value.range.isEmpty ? value.range.end.line : Math.max(first, value.range.end.line - 1);
    return { ...source, name: `${source.name}, ${lineNumbers({ first, last })}`, lines: { first, last } };
  }
  throw new Refusal("This cannot be checked.");
}

function keyOf(value: unknown): string {
  if (value instanceof vscode.Location) {
    const { start, end } = value.range;
    return [value.uri, start.line, start.character, end.line, end.character].join(" ");
  }
  return String(value);
}

function nameOf({ id, value }: vscode.ChatPromptReference): string {
  if (value instanceof vscode.Uri) return vscode.workspace.asRelativePath(value);
  if (value instanceof vscode.Location) return vscode.workspace.asRelativePath(value.uri);
  return id;
}
