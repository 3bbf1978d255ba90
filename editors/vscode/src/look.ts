import type { Connection } from "./connection";
import { type Here, here } from "./here";

/** How things stand for the text in front of a person: what the status bar, the language status and the menu show. */
export interface Look {
  readonly icon: string;
  readonly text: string;
  readonly level: "quiet" | "busy" | "warning" | "error";
  /** Sentences for a tooltip, the most important first. */
  readonly sentences: readonly string[];
}

const DOWN = "Files are not being checked.";

export function look(tightlip: Connection): Look {
  switch (tightlip.server.phase) {
    case "missing":
      return { icon: "error", text: "tightlip not found", level: "error", sentences: [`The program tightlip was not found. ${DOWN}`] };
    case "failed":
    case "stopped":
      return { icon: "error", text: "tightlip not running", level: "error", sentences: [`The tightlip server is not running. ${DOWN}`] };
    case "starting":
      return { icon: "loading~spin", text: "tightlip", level: "busy", sentences: ["The tightlip server is starting."] };
    case "running":
      return withPolicy(tightlip, ofText(here(tightlip)));
  }
}

function ofText(text: Here | undefined): Look {
  const status = text?.status;
  if (!status) return { icon: "eye", text: "tightlip", level: "quiet", sentences: [text ? "This text is not checked." : "tightlip is ready."] };
  const said = (otherwise: string): string[] => [status.sentence || otherwise];
  switch (status.state) {
    case "restricted":
      return { icon: "lock", text: "restricted", level: "warning", sentences: said("This file may not be shared with an assistant.") };
    case "findings": {
      const findings = count(status.count);
      return { icon: "eye", text: findings, level: "warning", sentences: said(`${findings} an assistant would receive.`) };
    }
    case "checking":
      return { icon: "loading~spin", text: "checking", level: "busy", sentences: said("This text is being checked.") };
    case "safe":
      return { icon: "check", text: "nothing to hide", level: "quiet", sentences: said("Nothing was found in this text.") };
  }
}

/**
 * The policy speaks up in the tooltip, and in the bar where the text itself says nothing worse; always where the organisation's
 * is not wholly in force.
 */
function withPolicy(tightlip: Connection, look: Look): Look {
  const policy = tightlip.policy;
  if (!policy?.sentence) return look;
  if (policy.state === "problem" && policy.sentence === policy.organisation?.sentence && look.level === "warning")
    return { ...look, text: `${look.text}, policy problem`, sentences: [policy.sentence, ...look.sentences] };
  if (policy.state === "absent" || policy.state === "ok" || look.level !== "quiet") return { ...look, sentences: [...look.sentences, policy.sentence] };
  const sentences = [policy.sentence, ...look.sentences];
  return policy.state === "untrusted"
    ? { icon: "shield", text: "policy untrusted", level: "warning", sentences }
    : { icon: "warning", text: "policy problem", level: "warning", sentences };
}

function count(findings: number): string {
  return findings === 1 ? "1 finding" : `${findings} findings`;
}
