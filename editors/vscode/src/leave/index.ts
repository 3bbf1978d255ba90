import * as vscode from "vscode";
import type { Tightlip } from "../tightlip";
import { watchAssistants } from "./assistants";
import { CopyGuard } from "./copy";
import { Decisions } from "./decide";
import { Guards } from "./guards";
import { InView } from "./inView";
import { PasteGuard } from "./paste";
import { PromptGuard } from "./prompt";
import { SendGuard } from "./send";

/** The guards at the moment of leaving: copy, paste, the assistants' own keys, Enter in a chat. */
export function register(tightlip: Tightlip): vscode.Disposable {
  const guards = new Guards(tightlip);
  const copies = new CopyGuard(tightlip, guards);
  const decisions = new Decisions(tightlip);
  const inView = new InView(tightlip);
  return vscode.Disposable.from(
    guards,
    inView,
    copies.register(),
    new PasteGuard(tightlip, guards, copies).register(),
    new SendGuard(tightlip, guards, decisions, inView).register(),
    new PromptGuard(tightlip, guards, decisions, inView).register(),
    watchAssistants(),
  );
}
