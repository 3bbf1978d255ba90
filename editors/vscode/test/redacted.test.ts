import assert from "node:assert/strict";
import { test } from "node:test";
import { difference } from "../src/redacted/difference";
import { leftBehind, leftSentence, restoredSentence } from "../src/redacted/words";

function changed(before: string, after: string): string {
  const change = difference(before, after);
  return change ? before.slice(0, change.start) + change.text + before.slice(change.end) : before;
}

test("a difference turns one text into the other and touches as little as it can", () => {
  for (const [before, after] of [["abc", "abc"], ["abc", "axc"], ["aa", "aaa"], ["", "x"], ["x", ""], ["😀b", "😁b"], ["b😀", "b🐀"]] as const) {
    assert.equal(changed(before, after), after);
  }
  assert.deepEqual(difference("one TL_A two", "one value two"), { start: 4, end: 8, text: "value" });
});

test("a difference never cuts a character in two", () => {
  assert.deepEqual(difference("😀", "😁"), { start: 0, end: 2, text: "😁" });
  assert.deepEqual(difference("\ud83d\ude00", "\ud83c\ude00"), { start: 0, end: 2, text: "\ud83c\ude00" });
});

test("what was restored and what was left is said in a sentence each", () => {
  assert.equal(restoredSentence(0, []), "There is no placeholder to restore.");
  assert.equal(restoredSentence(1, []), "Restored 1 value.");
  assert.equal(restoredSentence(2, ["TL_A"]), "Restored 2 values. 1 placeholder has no value here and stays: TL_A.");
  assert.equal(leftSentence(["a", "b", "c", "d", "e"]), "5 placeholders have no value here and stay: a, b, c and 2 more.");
});

test("a placeholder that is unknown and damaged is told once", () => {
  const leftover = [{ token: "TL_A", start: 0, end: 4, nearest: null }, { token: "TL_B", start: 5, end: 9, nearest: "TL_C" }];
  assert.deepEqual(leftBehind({ unknown: ["TL_A"], leftover }), ["TL_A", "TL_B"]);
});
