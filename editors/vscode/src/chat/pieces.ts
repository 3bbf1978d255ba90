const INVISIBLE = "\\u00ad\\u180e\\u200b-\\u200f\\u2060-\\u2064\\ufeff";
const SEPARATORS = `${INVISIBLE}\\\\%&_\\-\\u2010-\\u2013`;
const LETTER = `[A-Za-z0-9#;${SEPARATORS}]`;
const LINE = "[ \\t]*\\\\?(?:\\r\\n|\\n|\\r)[ \\t]*(?:(?:[>#*|/]|//|--?)[ \\t]*)?";
/** What may follow `TL`: a separator or a line end, then letters, with one line end between them. */
const REST = `[${SEPARATORS} \\t\\r\\n]${LETTER}*(?:${LINE}${LETTER}*)?[ \\t]*`;
const BEGUN = new RegExp(`["']?(?:t[${INVISIBLE}]*(?:l(?:${REST})?)?["']?)?$`, "i");
/** An unquoted number may stand for a number. */
const NUMBER = /[\w.]*[0-9][\w.]*$/;
/** A placeholder is shorter, however its underscores are written. */
const LONGEST = 320;

/** How much of a text that is still coming cannot be the beginning of a placeholder any more. */
export function certain(text: string): number {
  const from = Math.max(0, text.length - LONGEST);
  const tail = text.slice(from);
  let end = tail.length;
  // what is held back may decide where a placeholder or number right before it ends
  for (let begins = begun(tail); begins < end; begins = begun(tail.slice(0, end))) end = begins;
  return from + end;
}

/** Where the placeholder or number that a text may end with begins. */
function begun(text: string): number {
  return Math.min(...[BEGUN, NUMBER].map((pattern) => pattern.exec(text)?.index ?? text.length));
}
