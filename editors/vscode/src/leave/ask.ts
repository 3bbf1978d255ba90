import * as vscode from "vscode";
import type { Subject } from "./subject";
import { why } from "./verdict";

export type Choice = "redacted" | "anyway" | "cancelled" | "restart" | "policy";

interface Button extends vscode.MessageItem {
  readonly choice: Choice;
}

/** What can be offered besides cancelling. */
export interface Offered {
  /** The words of the button that sends it redacted. */
  readonly redacted: string;
  readonly override: boolean;
  readonly policy: boolean;
}

/** What a person wants done about something that is about to leave. The first button, which Enter presses, never sends a value. */
export async function ask(subject: Subject, offered: Offered): Promise<Choice> {
  const { message, detail } = words(subject);
  const chosen = await vscode.window.showWarningMessage<Button>(message, { modal: true, detail }, ...buttons(subject, offered));
  return chosen?.choice ?? "cancelled";
}

function words({ name, later, verdict }: Subject): { message: string; detail?: string } {
  const sent = `${name} ${later ? "could" : "would"} be sent`;
  if (!verdict) return { message: `${sent} unchecked.`, detail: "The tightlip server does not answer." };
  if (verdict.restricted === null && verdict.summary) return { message: `${sent} with ${verdict.summary}` };
  return { message: `${sent}.`, detail: why(verdict) };
}

function buttons({ verdict, text }: Subject, offered: Offered): Button[] {
  const list: Button[] = [];
  if (!verdict) list.push({ title: "Restart server", choice: "restart" });
  else if (verdict.restricted === null && verdict.redacted !== text) list.push({ title: offered.redacted, choice: "redacted" });
  else if (offered.policy) list.push({ title: "Show policy", choice: "policy" });
  // without the server there is nobody to record it
  if (offered.override) list.push({ title: verdict ? "Send anyway (recorded)" : "Send anyway", choice: "anyway" });
  return list;
}
