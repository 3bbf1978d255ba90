import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { touching } from "../src/leave/touching";
import { matters, why, within } from "../src/leave/verdict";
import { wayOf } from "../src/leave/ways";
import type { Decision, Finding, Verdict } from "../src/protocol";

interface Manifest {
  contributes: {
    keybindings: { command: string; key: string; mac?: string; when: string; args?: { command: string } }[];
    configuration: { properties: Record<string, { scope: string; markdownDescription: string }> };
  };
}

const { contributes } = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;
const shadows = contributes.keybindings.filter(({ command }) => command === "tightlip.guardedCommand");

function verdict(decision: Decision, more: Partial<Verdict> = {}): Verdict {
  return { decision, summary: "", reasons: [], findings: [], notices: [], redacted: "", restricted: null, ...more };
}

function finding(start: number, end: number): Finding {
  return { rule: "r", title: "R", category: "secret", entity: null, severity: "error", confidence: "high", start, end, line: 1 };
}

test("a shadowed key stands for a command the guard knows", () => {
  assert.ok(shadows.length > 10);
  for (const { args } of shadows) assert.ok(args && wayOf(args.command), args?.command);
});

test("a key is shadowed only while the file in view has something to hide, and has a key of its own on a Mac", () => {
  for (const { when, mac } of shadows) {
    assert.match(when, /^tightlip\.guardKeys /);
    assert.ok(mac);
  }
});

test("Enter in a chat is the chat's own unless the prompt has a finding", () => {
  const enter = contributes.keybindings.filter(({ key }) => key === "enter");
  assert.deepEqual(enter.map(({ command }) => command), ["tightlip.guardedSubmit"]);
  assert.match(enter[0]?.when ?? "", /^tightlip\.guardPrompt && inChatInput /);
});

test("no workspace can switch a guard off, and each says that a policy can require it", () => {
  for (const part of ["copy", "paste", "send"]) {
    const setting = contributes.configuration.properties[`tightlip.guard.${part}`];
    assert.equal(setting?.scope, "application");
    assert.match(setting.markdownDescription, /policy can require/);
  }
});

test("a selection is judged by what it touches, in code points of the file", () => {
  const text = "\u{1F511}\u{1F511} key\nrest";
  const [start, end] = [text.indexOf("key"), text.indexOf("key") + 3];
  assert.equal(touching([finding(3, 6)], text, start, end), 1);
  assert.equal(touching([finding(3, 6)], text, start + 2, end), 1);
  assert.equal(touching([finding(3, 6)], text, end, text.length), 0);
  assert.equal(touching([finding(0, 2)], text, start, end), 0);
});

test("what the policy only mentions passes, a restricted file never does", () => {
  assert.deepEqual((["off", "info", "warn", "ask", "block"] as const).map((decision) => matters(verdict(decision))), [false, false, true, true, true]);
  assert.ok(matters(verdict("off", { restricted: "Restricted." })));
  assert.equal(why(verdict("block", { restricted: "Restricted.", summary: "1 value." })), "Restricted.");
  assert.equal(why(verdict("ask", { reasons: [{ action: "ask", text: "Ask first.", rule: null, source: null }] })), "Ask first.");
});

test("a server that does not answer is not waited for", async () => {
  await assert.rejects(within(5, new Promise(() => undefined)));
  assert.equal(await within(1000, Promise.resolve(1)), 1);
});
