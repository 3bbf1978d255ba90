import * as vscode from "vscode";
import type { Tightlip } from "../tightlip";
import { participant } from "./participant";
import { ReadRedacted } from "./readRedacted";

/** The participant `@tightlip` and the tool for agents. An editor without a chat does without. */
export function register(tightlip: Tightlip): vscode.Disposable {
  const chat = vscode.chat.createChatParticipant("tightlip.chat", participant(tightlip));
  chat.iconPath = new vscode.ThemeIcon("shield");
  return vscode.Disposable.from(chat, vscode.lm.registerTool("tightlip_readRedacted", new ReadRedacted(tightlip)));
}
