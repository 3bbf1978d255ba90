import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { CancellationToken } from "vscode";
import { forFile, forPanel } from "../src/scan/page";
import { Cancelled, makeReport } from "../src/scan/report";
import { lookedAt, told } from "../src/scan/words";

const REPORT = `<html><head><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-a'; script-src 'sha256-b'"></head><body>
<td><code>/home/me/pro&amp;j/a &lt;b&gt;.py:3:10</code></td><li><code>/home/me/pro&amp;j/big.bin</code></li><td><code>/home/me/project/x.py:1:1</code></td></body></html>`;
const ROOTS = [{ path: "/home/me/pro&j", shown: "" }];

const scan = { files: 1204, findings: 12, filesWithFindings: 5, restrictedFiles: 0, passedOver: 0, cancelled: false, results: [], restricted: [] };

/** Cancelled by whoever calls `cancel`. */
function token(): CancellationToken & { cancel(): void } {
  const stopping = new AbortController();
  return {
    get isCancellationRequested() {
      return stopping.signal.aborted;
    },
    onCancellationRequested(listener) {
      stopping.signal.addEventListener("abort", () => listener(undefined));
      return { dispose: () => undefined };
    },
    cancel: () => stopping.abort(),
  };
}

/** A program that gets the arguments of `scan` and runs some code with `out`, the file it is to write. */
function program(code: string): string[] {
  return [process.execPath, "-e", `const out = process.argv[process.argv.indexOf("--output") + 1]; ${code}`, "--"];
}

test("the saved report says paths as the workspace has them", () => {
  const page = forFile(REPORT, ROOTS);
  assert.ok(page.includes("<code>a &lt;b&gt;.py:3:10</code>"));
  assert.ok(page.includes("<code>big.bin</code>"));
  assert.ok(page.includes("<code>/home/me/project/x.py:1:1</code>"), "a neighbour whose name begins alike is another folder");
  assert.ok(forFile(REPORT, [{ path: "/home/me/project", shown: "project/" }]).includes("<code>project/x.py:1:1</code>"));
});

test("the panel's page links every place and lets no more run than the report did", () => {
  const page = forPanel(REPORT, ROOTS, (path) => `file://${path}`);
  const link = /href="command:tightlip\.openPlace\?([^"]*)"><code>a &lt;b&gt;/.exec(page)?.[1] ?? "";
  assert.deepEqual(JSON.parse(decodeURIComponent(link)), ["file:///home/me/pro&j/a <b>.py", 2, 9]);
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? "";
  assert.match(policy, /^default-src 'none'; style-src 'sha256-[\w+/=]+' 'sha256-a'; script-src 'sha256-b'$/);
});

test("a page without a content policy is not shown", () => {
  assert.throws(() => forPanel("<html><head></head></html>", [], String), /another version/);
});

test("findings are no failure, and the file is gone afterwards", async () => {
  const report = await makeReport(program(`require("fs").writeFileSync(out, out + process.cwd()); process.exit(1)`), ["/x"], token());
  const file = report.slice(0, report.indexOf("report.html") + "report.html".length);
  assert.ok(file.startsWith(join(tmpdir(), "tightlip-report-")));
  assert.ok(!existsSync(file));
  assert.ok(file.startsWith(report.slice(file.length)), "it runs in its own folder");
});

test("folders cannot be taken for options", async () => {
  const report = await makeReport(program(`require("fs").writeFileSync(out, JSON.stringify(process.argv.slice(-2)))`), ["--config=x"], token());
  assert.deepEqual(JSON.parse(report), ["--", "--config=x"]);
});

test("without a report the program's own sentence is told", async () => {
  await assert.rejects(makeReport(program(`console.error("noise\\nError: no such folder"); process.exit(2)`), ["/x"], token()), { message: "no such folder" });
  await assert.rejects(makeReport(["/no/such/program"], ["/x"], token()), /cannot be started/);
});

test("cancelling ends the program", async () => {
  const stop = token();
  const report = makeReport(program("setTimeout(() => {}, 60000)"), ["/x"], stop);
  setTimeout(() => stop.cancel(), 300);
  await assert.rejects(report, Cancelled);
});

test("the end of a scan is one sentence", () => {
  assert.equal(told(scan), "12 findings in 5 of 1,204 files.");
  assert.equal(told({ ...scan, restrictedFiles: 3 }), "12 findings in 5 of 1,204 files; 3 are restricted.");
  assert.equal(told({ ...scan, findings: 0, filesWithFindings: 0 }), "Nothing to hide in 1,204 files.");
  assert.equal(told({ ...scan, findings: 0, files: 1, restrictedFiles: 1 }), "No finding in 1 file; 1 is restricted.");
  assert.equal(told({ ...scan, findings: 1, cancelled: true }), "Scan cancelled after 1,204 files: 1 finding so far.");
});

test("what was not looked at is said above the tree", () => {
  assert.equal(lookedAt(scan, 12), "1,204 files looked at.");
  assert.equal(lookedAt({ ...scan, passedOver: 7 }, 10), "1,204 files looked at, 7 passed over (binary or too large), only the first 10 findings are listed.");
});

test("the page this extension rewrites is the page the program makes", () => {
  const template = readFileSync(join(__dirname, "../../../../server/tightlip/cli/formats/page/report.html.jinja"), "utf8");
  assert.doesNotThrow(() => forPanel(template, [], String));
  assert.ok(template.includes("<td><code>{{ result.path|printable }}:{{ finding.line }}:{{ finding.column }}</code>"));
});
