/**
 * Addresses in a model's Markdown. A value is never put back there: whoever follows the link, or shows the picture, would
 * send it to the address's owner, and a text that the model read may have asked for such a link.
 *
 * Recognized widely on purpose: bare addresses as Markdown links them, and whatever stands as a link's destination, since
 * entities (`https&#58;`) can hide an address there.
 */
const LINK = /\b(?:https?|ftp|wss?):[^\s<]*|\bwww\.[^\s<]*|\]\(\s*<[^>]*>?|\]\(\s*[^\s]*|^[ \t>*+\-\d.)]*\[(?:\\.|[^\]\\\n])+\]:\s*\S*/gim;
const OPEN = /\]\(\s*(?:<[^>]*)?$|(?:^|\n)[ \t>*+\-\d.)]*\[(?:\\.|[^\]\\\n])+\]:\s*$/;
const PLACEHOLDER = /TL_[A-Z0-9_]*_[A-Z0-9]{6,12}/gi;
const PRIVATE = 0xe000;

/** The text with addresses written so that no placeholder is recognized in them; of the same length. */
export function shieldLinks(markdown: string): string {
  return markdown.replace(LINK, (link) => link.replace(/[Tt0-9]/g, (one) => String.fromCharCode(PRIVATE + one.charCodeAt(0))));
}

/** The text with its addresses as they were. */
export function unshieldLinks(text: string): string {
  return text.replace(/[\ue030-\ue039\ue054\ue074]/g, (one) => String.fromCharCode(one.charCodeAt(0) - PRIVATE));
}

/** Placeholders that stand in addresses, each once. */
export function placeholdersInLinks(markdown: string): string[] {
  const links = markdown.match(LINK) ?? [];
  return [...new Set(links.flatMap((link) => link.match(PLACEHOLDER) ?? []))];
}

/** Whether an address may go on behind the text's end, over a line end too. */
export function endsInLink(markdown: string): boolean {
  return OPEN.test(markdown);
}
