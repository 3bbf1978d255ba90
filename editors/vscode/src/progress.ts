import { randomUUID } from "node:crypto";
import * as vscode from "vscode";
import { type BaseLanguageClient, WorkDoneProgress, WorkDoneProgressCancelNotification } from "vscode-languageclient/node";

/** Where a person sees how far a command of the server is, and can stop it. */
export interface Watch {
  readonly progress: vscode.Progress<{ message?: string; increment?: number }>;
  readonly stop: vscode.CancellationToken;
}

/**
 * Runs a request of the server with a progress token of its own. What the server reports without one is shown in the
 * status bar, where it cannot be stopped. A request that is stopped answers with what it has.
 */
export async function watched<T>(client: BaseLanguageClient, { progress, stop }: Watch, request: (workDoneToken: string) => Promise<T>): Promise<T> {
  const token = randomUUID();
  let percentage = 0;
  const cancel = (): void => void client.sendNotification(WorkDoneProgressCancelNotification.type, { token });
  const told = client.onProgress(WorkDoneProgress.type, token, (value) => {
    // asked before it began, the server did not know what to stop
    if (value.kind === "begin" && stop.isCancellationRequested) cancel();
    if (value.kind !== "report") return;
    const now = value.percentage ?? percentage;
    progress.report({ increment: now - percentage, ...(value.message && { message: value.message }) });
    percentage = now;
  });
  const stopped = stop.onCancellationRequested(cancel);
  try {
    return await request(token);
  } finally {
    told.dispose();
    stopped.dispose();
  }
}
