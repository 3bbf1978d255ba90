import assert from "node:assert/strict";
import { test } from "node:test";
import { certain } from "../src/chat/pieces";

function sure(text: string): string {
  return text.slice(0, certain(text));
}

test("what may become a placeholder is held back from its quote on, the rest is not", () => {
  const held = ["t", "T", "TL", "TL_", "TL_EMAIL_7F3K2Q", "tl-email", "TL\\_EM", "TL%5F", "TL&#95;E", "TL_EMAIL_\n", "TL_EMAIL_\n> 7F3", '"TL_DATE_4H7', '"TL_DATE_4H7KZ2"', "'t", "918", "3.9", "TL_EMAIL_\n7F3K2Q3.9"];
  for (const part of held) assert.equal(sure(`say ${part}`), "say ", part);
  for (const part of ["salt ", "TL_EMAIL_7F3K2Q, ", "918273 ", "to be\n", "x = 1;", "😀"]) assert.equal(sure(part), part, part);
});

test("a number or placeholder is held back with what is glued to it", () => {
  assert.equal(sure("is 918273TL_EM"), "is ");
  assert.equal(sure("is TL\\_EMAIL\\_7F3K2Q3.9"), "is ");
  assert.equal(sure('is "TL_DATE_4H7KZ2"TL_EM'), "is ");
  assert.equal(sure('is "TL_DATE_4H7KZ2", "TL_EM'), 'is "TL_DATE_4H7KZ2", ');
});

test("what is held back has a limit", () => {
  assert.ok("7".repeat(5000).length - certain("7".repeat(5000)) <= 320);
});
