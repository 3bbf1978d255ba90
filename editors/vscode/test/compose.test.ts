import assert from "node:assert/strict";
import { test } from "node:test";
import { message, redactedParts } from "../src/chat/compose";
import { redactedLines } from "../src/chat/lines";
import { Tally } from "../src/chat/tally";
import { latest, turnOf } from "../src/chat/turns";
import type { Finding, Verdict } from "../src/protocol";
import type { Check } from "../src/redacted/safe";

const SECRET = /hush\d|BEGIN[^]*?END/g;

/** Finds `hush1` and blocks from BEGIN to END; says of some names what the server would. */
const check: Check<string> = async (text, uri) => {
  const found = [...text.matchAll(SECRET)].map((match) => finding(text, match.index, match.index + match[0].length));
  const redacted = text.replace(SECRET, (value) => `TL_TOKEN_${value.length}${value.at(-1)?.toUpperCase()}AAAA`);
  const code = uri === "huge" ? "too-large" : uri === "vendor" ? "excluded" : uri === "odd" ? "never-heard-of" : "";
  const seen = code === "excluded" ? { findings: [], redacted: text } : { findings: found, redacted };
  return {
    decision: "off",
    summary: "",
    reasons: [],
    notices: code ? [{ code, message: "Only a part was checked." }] : [],
    restricted: uri === "pay" ? "Restricted: acme/pay may not be shared." : null,
    ...seen,
  } satisfies Verdict;
};

function finding(text: string, start: number, end: number): Finding {
  const points = (to: number): number => [...text.slice(0, to)].length;
  const line = text.slice(0, start).split("\n").length;
  return { rule: "token", title: "Token", category: "secret", entity: null, severity: "error", confidence: "high", start: points(start), end: points(end), line };
}

test("no value of a material reaches the message", async () => {
  const tally = new Tally();
  const { parts } = await redactedParts(check, [{ name: "hush1.py", text: "𝒙 hush1 hush2 hush1\n", uri: "a" }], tally);
  const sent = message(parts, "what is it?");
  assert.doesNotMatch(sent, /hush/);
  assert.match(sent, /TL_TOKEN_51AAAA TL_TOKEN_52AAAA TL_TOKEN_51AAAA/);
  assert.deepEqual([tally.values, tally.kinds], ["2 values", "Token (2)"]);
});

test("a restricted file is left out by name, with the policy's sentence", async () => {
  const { parts, leftOut } = await redactedParts(check, [{ name: "pay.py", text: "x = 1", uri: "pay" }], new Tally());
  assert.deepEqual([parts, leftOut], [[], [{ name: "pay.py", why: "Restricted: acme/pay may not be shared." }]]);
});

test("a file that was not checked completely is left out, whatever the reason is called", async () => {
  for (const uri of ["huge", "odd"]) {
    const { parts, leftOut } = await redactedParts(check, [{ name: uri, text: "hush1", uri }], new Tally());
    assert.deepEqual([parts, leftOut], [[], [{ name: uri, why: "Only a part was checked." }]]);
  }
});

test("a file that the policy excludes from checking is checked when it leaves", async () => {
  const { parts } = await redactedParts(check, [{ name: "vendor.js", text: "hush1", uri: "vendor" }], new Tally());
  assert.equal(parts[0]?.text, "TL_TOKEN_51AAAA");
});

test("when the server does not answer nothing is prepared", async () => {
  const dead: Check<string> = () => Promise.reject(new Error("gone"));
  await assert.rejects(redactedParts(dead, [{ name: "a", text: "x" }], new Tally()), /gone/);
});

test("of a selection the values around it are not sent, and those in it are redacted", async () => {
  const text = "one hush1\ntwo BEGIN\nmiddle\nEND\nfive hush5\nsix\n";
  const part = async (first: number, last: number): Promise<string | undefined> =>
    (await redactedParts(check, [{ name: "a", text, lines: { first, last } }], new Tally())).parts[0]?.text;
  assert.equal(await part(0, 0), "one TL_TOKEN_51AAAA");
  assert.equal(await part(2, 2), "two TL_TOKEN_16DAAAA");
  assert.equal(await part(3, 4), "two TL_TOKEN_16DAAAA\nfive TL_TOKEN_55AAAA");
  assert.equal(await part(5, 6), "six\n");
});

test("lines that cannot be told give all of the redacted text", () => {
  assert.equal(redactedLines("a\nb\nc", "TL_X", [], { first: 0, last: 0 }), "TL_X");
});

test("only values of the lines that are sent are counted", async () => {
  const tally = new Tally();
  await redactedParts(check, [{ name: "a", text: "hush1\nhush2\n", lines: { first: 1, last: 1 } }], tally);
  assert.deepEqual([tally.values, tally.kinds], ["1 value", "Token"]);
});

test("a value that is only known from elsewhere is counted", () => {
  const tally = new Tally();
  tally.add("is it hush1?", [], "is it TL_TOKEN_51AAAA?");
  assert.deepEqual([tally.values, tally.kinds], ["1 value", "1 known from elsewhere"]);
});

test("a fence in a material does not end its fence", () => {
  const sent = message([{ name: "a.md", text: "````\ncode\n````", findings: [] }], "hm");
  assert.equal(sent, "a.md:\n\n`````\n````\ncode\n````\n`````\n\nhm");
});

test("the latest turns are kept within the model's budget", async () => {
  const turns = ["a", "bb", "ccc"].map((text) => ({ prompt: text, answer: text }));
  const count = async (text: string): Promise<number> => text.length;
  assert.deepEqual(await latest(turns, 10, count), turns.slice(1));
  assert.deepEqual(await latest(turns, 3, count), []);
  assert.deepEqual(await latest(turns, 12, count), turns);
});

test("an answer's metadata of another shape is no turn", () => {
  assert.equal(turnOf(undefined), undefined);
  assert.equal(turnOf({ prompt: 1, answer: "a" }), undefined);
});
