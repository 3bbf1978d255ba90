import * as vscode from "vscode";
import { Turn, turnOf } from "./turns";

/** Earlier turns of a conversation, oldest first, with what their prompts referred to. */
export function earlierTurns(context: vscode.ChatContext): { turns: Turn[]; references: vscode.ChatPromptReference[] } {
  const turns: Turn[] = [];
  const references: vscode.ChatPromptReference[] = [];
  let asked: vscode.ChatRequestTurn | undefined;
  for (const part of context.history) {
    if (part instanceof vscode.ChatRequestTurn) {
      asked = part;
      continue;
    }
    const turn = turnOf(part.result.metadata);
    if (turn && asked) {
      turns.push(turn);
      references.push(...asked.references);
    }
    asked = undefined;
  }
  return { turns, references };
}
