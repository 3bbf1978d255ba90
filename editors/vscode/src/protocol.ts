/** What client and server say to each other beyond the Language Server Protocol. URIs are strings in the protocol's form. */

export type State = "safe" | "findings" | "restricted" | "checking";
export type Decision = "off" | "info" | "warn" | "ask" | "block";
export type Part = "copy" | "paste" | "send";

/** `tightlip/status`: how an open document stands. */
export interface Status {
  readonly uri: string;
  readonly state: State;
  readonly count: number;
  readonly worker: "off" | "starting" | "ready" | "busy" | "failed";
  /** For a tooltip; empty when there is nothing to say. */
  readonly sentence: string;
}

/** `tightlip/policy`: what holds, told after every reading of the policy. */
export interface PolicyState {
  readonly state: "ok" | "absent" | "problem" | "untrusted";
  readonly sentence: string;
  readonly files: readonly string[];
  readonly problems: readonly PolicyProblem[];
  /** Guards that may not be switched off. */
  readonly required: readonly string[];
  /** Not told by a server older than the organisation's policy. */
  readonly organisation?: OrganisationState;
}

/** How the organisation's policy stands; where it is not wholly in force, its sentence is the policy's. */
export interface OrganisationState {
  readonly state: "trusted" | "signed" | "untrusted" | "stale" | "absent";
  readonly sentence: string;
}

export interface PolicyProblem {
  readonly uri: string | null;
  /** 1-based. */
  readonly line: number | null;
  readonly message: string;
}

/** The answer to `tightlip/checkText`. */
export interface Verdict {
  readonly decision: Decision;
  /** One sentence for a person; empty when nothing was found. */
  readonly summary: string;
  readonly reasons: readonly Reason[];
  readonly findings: readonly Finding[];
  readonly notices: readonly Notice[];
  readonly redacted: string;
  /** Why not even the redacted text may go, for a text of a restricted file. */
  readonly restricted: string | null;
}

export interface Reason {
  readonly action: Decision;
  readonly text: string;
  readonly rule: string | null;
  readonly source: string | null;
}

export interface Finding {
  readonly rule: string;
  readonly title: string;
  readonly category: string;
  readonly entity: string | null;
  readonly severity: string;
  readonly confidence: "low" | "medium" | "high";
  /** Code points of the text that was asked about, not the UTF-16 units of a string. */
  readonly start: number;
  readonly end: number;
  /** 1-based. */
  readonly line: number;
}

export interface Notice {
  readonly code: string;
  readonly message: string;
}

/** The answer to `tightlip/restore`. */
export interface Restored {
  readonly text: string;
  /** Placeholders replaced. */
  readonly restored: number;
  /** Placeholders nobody knows. */
  readonly unknown: readonly string[];
  /** Places of the new text (code points) that look like a damaged placeholder. */
  readonly leftover: readonly { readonly token: string; readonly start: number; readonly end: number; readonly nearest: string | null }[];
}

/** Of `tightlip/classify`: a file or folder that may not simply be shared. */
export interface Classified {
  readonly class: string;
  readonly action: Decision;
  readonly sentence: string;
}

/** `tightlip/record`: what a person decided when something was about to leave. */
export interface RecordedEvent {
  readonly event: "sent-anyway" | "sent-redacted" | "cancelled";
  readonly surface: string;
  readonly uri?: string;
  readonly decision: Decision;
  readonly rules: readonly string[];
}

/** `tightlip/copyText`: a text for the clipboard. */
export interface CopiedText {
  readonly uri: string;
  readonly text: string;
}

/** `tightlip/openText`: a text to show; `uri` is empty for one that is made of many files (the report). */
export interface ShownText {
  readonly uri: string;
  readonly title: string;
  readonly languageId: string;
  readonly text: string;
}

/** `initializationOptions.settings` and the keys of section `tightlip` that the server reads. */
export interface ServerSettings {
  readonly debounce: number;
  readonly deep: boolean;
  readonly codeLens: boolean;
  readonly untitled: boolean;
}
