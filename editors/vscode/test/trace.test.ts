import assert from "node:assert/strict";
import { test } from "node:test";
import { Tracer } from "../src/trace";

test("the trace tells which messages went which way, and nothing of what is in them", () => {
  const lines: string[] = [];
  const tracer = new Tracer((line) => lines.push(line));
  const text = "hush";
  tracer.sent({ jsonrpc: "2.0", method: "textDocument/didOpen", params: { textDocument: { uri: text, text } } });
  tracer.sent({ jsonrpc: "2.0", id: 1, method: "tightlip/checkText", params: { text } });
  tracer.received({ jsonrpc: "2.0", id: 1, method: "workspace/applyEdit", params: { label: text } });
  tracer.sent({ jsonrpc: "2.0", id: 1, result: { applied: true, failureReason: text } });
  tracer.received({ jsonrpc: "2.0", id: 1, error: { code: -32603, message: text, data: text } });
  assert.deepEqual(lines.map((line) => line.replace(/\d+ ms/, "0 ms")), [
    "sent textDocument/didOpen",
    "sent tightlip/checkText #1",
    "received workspace/applyEdit #1",
    "sent answer to workspace/applyEdit #1, 0 ms",
    "received answer to tightlip/checkText #1, error -32603, 0 ms",
  ]);
});
