// An assistant's own key while the file in view has a finding: cancel, send a redacted copy, send anyway.
export default async function keys(editor, { name }) {
  const { page } = editor;
  await editor.open(name);
  await editor.marked();
  await editor.statusSays("1 finding");
  await editor.click("import os");
  await editor.key("Control+Alt+I");
  const dialog = await editor.dialog();
  await editor.picture("keys-modal");
  await editor.inspect();
  await editor.press("Cancel");
  await editor.pause(400);
  const opened = await page.locator(".interactive-input-part").isVisible().catch(() => false);
  await editor.key("Control+Alt+I");
  await editor.dialog();
  await editor.press("Send redacted copy");
  await page.waitForSelector('.tab:has-text("redacted")');
  await page.waitForSelector(".interactive-input-part");
  await editor.pause(800);
  await editor.picture("keys-redacted");
  const copies = await editor.text(".editor-group-container .editor-instance");
  const attached = await page.locator(".chat-attached-context-attachment, .chat-attached-context .monaco-icon-label").allInnerTexts();
  await editor.reset();
  await editor.open(name);
  await editor.marked();
  await editor.click("import os");
  await editor.key("Control+Alt+I");
  await editor.dialog();
  await editor.picture("keys-again");
  await editor.press("Send anyway");
  await page.waitForSelector(".interactive-input-part");
  await editor.pause(500);
  return { dialog, opened, copies, attached };
}
