// The same key over a text with nothing to hide goes its way.
export default async function cleanKeys(editor, { name }) {
  await editor.open(name);
  await editor.statusSays("nothing to hide");
  await editor.click("print");
  await editor.key("Control+Alt+I");
  await editor.page.waitForSelector(".interactive-input-part");
  return { dialogs: await editor.page.locator(".monaco-dialog-box").count() };
}
