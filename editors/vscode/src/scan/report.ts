import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import type { CancellationToken } from "vscode";

/** Was stopped by the person. */
export class Cancelled extends Error {}

/**
 * The report on some folders, a page of HTML without values, made by the command line program `[program, ...arguments]`.
 * Rejects with `Cancelled`, or with the program's sentence.
 */
export async function makeReport(program: readonly string[], folders: readonly string[], token: CancellationToken): Promise<string> {
  const place = await mkdtemp(path.join(os.tmpdir(), "tightlip-report-"));
  try {
    const file = path.join(place, "report.html");
    const problem = await run([...program, "scan", "--format", "html", "--output", file, "--", ...folders], place, token);
    if (token.isCancellationRequested) throw new Cancelled();
    return await readFile(file, "utf8").catch(() => {
      throw new Error(problem);
    });
  } finally {
    await rm(place, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** What the program said last on its standard error. It ends with 1 when there are findings: that is no failure. */
function run([program = "", ...rest]: readonly string[], folder: string, token: CancellationToken): Promise<string> {
  return new Promise((resolve, reject) => {
    // its folder is not one of the workspace: what is checked must not choose its checker
    const child = spawn(program, rest, { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
    const stop = token.onCancellationRequested(() => child.kill());
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said = `${said}${text}`.slice(-4000);
    });
    child.once("error", (error: NodeJS.ErrnoException) => {
      stop.dispose();
      reject(new Error(`${program} cannot be started (${error.code ?? "?"}).`));
    });
    child.once("close", () => {
      stop.dispose();
      resolve((said.trim().split(/\r?\n/).at(-1) ?? "").replace(/^(tightlip|Error): /, ""));
    });
  });
}
