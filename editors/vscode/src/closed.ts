import type { TextDocument, Uri } from "vscode";
import { vsdiag } from "vscode-languageclient/node";

/** Rounds of the language client's look at the workspace: in the first its last question about a text may still be open. */
const ROUNDS = 2;

/**
 * Texts that were closed and whose problems are still listed.
 *
 * The language client leaves the problems of a closed text to a report on the whole workspace, which a person has to ask
 * for; until then nobody would take back what is no longer true.
 */
export class Closed {
  private readonly rounds = new Map<string, { readonly uri: Uri; left: number }>();

  close({ uri }: TextDocument): void {
    this.rounds.set(uri.toString(), { uri, left: ROUNDS });
  }

  open({ uri }: TextDocument): void {
    this.rounds.delete(uri.toString());
  }

  /** For each of them a report without problems. */
  reports(): vsdiag.WorkspaceDocumentDiagnosticReport[] {
    const texts = [...this.rounds.values()];
    for (const text of texts) if (!--text.left) this.rounds.delete(text.uri.toString());
    return texts.map(({ uri }) => ({ kind: vsdiag.DocumentDiagnosticReportKind.full, uri, version: null, items: [] }));
  }
}
