import assert from "node:assert/strict";
import { test } from "node:test";
import { Restoring } from "../src/chat/restoring";
import type { Restored } from "../src/protocol";

const VALUES: Record<string, string> = { TL_EMAIL_7F3K2Q: "anna@example.com", TL_PASSWORD_2M8XQA: 'pa"ss', TL_SSN_4H7KQ2: "078", "918273": "123456" };

/** The server's manner: any case, a line end inside, numbers; a quote is escaped where one is open in the line. */
async function server(text: string): Promise<Restored> {
  const unknown: string[] = [];
  let restored = 0;
  const out = text.replace(/TL[_-]([A-Z]+)[_-](?:\n)?([0-9A-Z]{6})(?![A-Z0-9])|\b918273\b/gi, (token, type, body, at: number) => {
    const value = VALUES[type ? `TL_${type}_${body}`.toUpperCase() : token];
    if (value === undefined) return unknown.push(token), token;
    restored++;
    const line = text.slice(text.lastIndexOf("\n", at) + 1, at);
    return (line.split('"').length - 1) % 2 ? value.replace(/"/g, '\\"') : value;
  });
  return { text: out, restored, unknown, leftover: [] };
}

async function through(chunks: readonly string[], restore = server): Promise<{ pieces: string[]; restoring: Restoring }> {
  const restoring = new Restoring(restore);
  const pieces: string[] = [];
  for (const chunk of chunks) pieces.push(await restoring.feed(chunk));
  pieces.push(await restoring.finish());
  return { pieces, restoring };
}

const ANSWER = [
  "Mail TL_EMAIL_7F3K2Q, or tl-email-7f3k2q; the number is 918273.",
  'password = "TL_PASSWORD_2M8XQA" # TL_PASSWORD_2M8XQA',
  "Broken: TL_EMAIL_",
  "7F3K2Q and so on. Salt, total, TL and TL_ are words. 3.14",
  "",
  "TL_SSN_4H7KQ2",
].join("\n");

test("an answer is the same however it is cut into chunks", async () => {
  const { text } = await server(ANSWER);
  for (let size = 1; size <= ANSWER.length; size++) {
    const chunks = ANSWER.match(new RegExp(`[^]{1,${size}}`, "g")) ?? [];
    const { pieces } = await through(chunks);
    assert.equal(pieces.join(""), text, `chunks of ${size}`);
  }
});

test("an answer cut in two at any place is the same", async () => {
  const { text } = await server(ANSWER);
  for (let at = 0; at <= ANSWER.length; at++) {
    const { pieces } = await through([ANSWER.slice(0, at), ANSWER.slice(at)]);
    assert.equal(pieces.join(""), text, `cut at ${at}`);
  }
});

test("words are given out as they come, a line need not be complete", async () => {
  const { pieces } = await through(["Dear ", "reader, ", "mail TL_EM", "AIL_7F3K2Q", " please"]);
  assert.deepEqual(pieces, ["Dear ", "reader, ", "mail ", "", "anna@example.com please", ""]);
});

test("placeholders that nobody knows stay and are named once", async () => {
  const { pieces, restoring } = await through(["TL_EMAIL_AAAA22 and TL_EMAIL", "_AAAA22 again"]);
  assert.equal(pieces.join(""), "TL_EMAIL_AAAA22 and TL_EMAIL_AAAA22 again");
  assert.deepEqual(restoring.left, ["TL_EMAIL_AAAA22"]);
});

const LINKS = [
  "see https://evil.test/?q=TL_EMAIL_7F3K2Q now",
  "see www.evil.test/TL_EMAIL_7F3K2Q now",
  "![x](https://evil.test/TL_EMAIL_7F3K2Q.png)",
  "[x](<https://evil.test/ a TL_EMAIL_7F3K2Q>)",
  "[x](https&#58;//evil.test/TL_EMAIL_7F3K2Q)",
  "[x](\nhttps&#58;//evil.test/TL_EMAIL_7F3K2Q)",
  "[x][r]\n\n[r]: https&colon;//evil.test/TL_EMAIL_7F3K2Q",
  "- [r]:\n  https&colon;//evil.test/TL_EMAIL_7F3K2Q",
  "<https://evil.test/918273/TL_EMAIL_7F3K2Q>",
];

test("a value is never put into a link, however the answer is cut", async () => {
  for (const link of LINKS) {
    for (let at = 0; at <= link.length; at++) {
      const { pieces, restoring } = await through([link.slice(0, at), link.slice(at), "\nmail TL_EMAIL_7F3K2Q"]);
      assert.equal(pieces.join(""), `${link}\nmail anna@example.com`, `${link} cut at ${at}`);
      assert.deepEqual(restoring.inLinks, ["TL_EMAIL_7F3K2Q"]);
      assert.deepEqual(restoring.left, []);
    }
  }
});

test("a long link is still a link at its end", async () => {
  for (const [open, close] of [["https://evil.test/", ""], ["[x](<https&#58;//evil.test/ ", ">)"]] as const) {
    const chunks = [open, ...new Array<string>(100).fill(open.endsWith(" ") ? "padding ".repeat(30) : "padding.".repeat(30)), "TL_EMAIL_7F3K2Q", close];
    assert.equal((await through(chunks)).pieces.join(""), chunks.join(""));
  }
});

test("when the server stops answering, the rest comes with its placeholders", async () => {
  let asked = 0;
  const { pieces, restoring } = await through(["TL_EMAIL_7F3K2Q one\n", "TL_EMAIL_7F3K2Q two\n", "TL_EMAIL_7F3K2Q three"], (text) => {
    if (++asked > 1) return Promise.reject(new Error("gone"));
    return server(text);
  });
  assert.equal(pieces.join(""), "anna@example.com one\nTL_EMAIL_7F3K2Q two\nTL_EMAIL_7F3K2Q three");
  assert.equal(restoring.stopped, true);
});

test("a long line without an end does not make every chunk dearer", async () => {
  let characters = 0;
  const chunks = new Array<string>(4000).fill("words and words, ");
  await through(chunks, (text) => {
    characters += text.length;
    return server(text);
  });
  assert.ok(characters < 60_000_000, `${characters} characters`);
});
