// Every entry of the quick-fix menu, one after the other, each undone.
export default async function fixes(editor, { name, needle }) {
  await editor.setClipboard("");
  await editor.open(name);
  await editor.marked();
  const titles = await editor.until(() => own(editor, needle), "the menu offers tightlip's fixes");
  await editor.picture("fixes-menu");
  await editor.key("Escape");
  Object.assign(editor, { tabs: 1, copied: await editor.clipboard() });
  const before = await editor.text();
  const results = {};
  for (const title of titles) {
    const seen = await once(editor, needle, title, before);
    await editor.pause(250);
    results[title] = { ...seen, dirty: await editor.page.locator(".tab.dirty").allInnerTexts() };
    await editor.picture(`fixes-${titles.indexOf(title) + 1}`);
    if (seen.text === before) continue;
    await editor.key("Control+Z");
    await editor.until(async () => (await editor.text()) === before, `undoing "${title}" brings the text back`);
  }
  await editor.marked();
  return { titles, results, before };
}

const OF_THE_ASSISTANT = ["Fix", "Explain", "Generate", "Modify", "Review"];

/** What the menu offers but for the assistant's entries. A lens that comes over the text just then moves it away under the click. */
async function own(editor, needle) {
  await editor.click(needle);
  const titles = (await editor.actions()).filter((title) => !OF_THE_ASSISTANT.includes(title));
  if (titles.length) return titles;
  await editor.key("Escape");
  return undefined;
}

/** Choose a fix; once more when the menu was taken away under the click, as VS Code does while it takes new diagnostics in. */
async function once(editor, needle, title, before) {
  for (let tries = 0; ; tries++) {
    await editor.until(async () => (await own(editor, needle))?.includes(title), `the menu offers "${title}"`);
    await editor.choose(title);
    try {
      return await editor.until(() => evidence(editor, before), `"${title}" does something`, 7000);
    } catch (error) {
      if (tries === 2) throw error;
    }
  }
}

/** What a fix has done: changed this text, another one, or the clipboard; or opened another. */
async function evidence(editor, before) {
  const text = await editor.text();
  const tabs = (await editor.page.locator(".tab").allInnerTexts()).map((tab) => tab.split("\n")[0]);
  const clipboard = await editor.clipboard();
  const other = tabs.length > editor.tabs || clipboard !== editor.copied;
  editor.tabs = tabs.length;
  editor.copied = clipboard;
  return (text !== before || other) && { text, tabs, clipboard };
}
