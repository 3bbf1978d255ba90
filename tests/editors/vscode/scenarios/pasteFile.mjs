// What comes from elsewhere arrives in a file redacted, and the widget switches back; what is moved in the window arrives as it is.
export default async function pasteFile(editor, { name, value, text }) {
  const { page } = editor;
  await editor.open(name);
  await editor.click("end of file");
  await editor.key("Control+End");
  await editor.setClipboard(text);
  await editor.key("Control+V");
  await editor.shows("TL_");
  const redacted = await editor.text();
  const widget = page.locator(".post-edit-widget");
  await widget.waitFor();
  await editor.picture("pasteFile-widget");
  await widget.locator(".monaco-button, .action-label, a").first().click();
  await page.waitForSelector(".action-widget .monaco-list-row");
  await editor.pause(200);
  const choices = await page.locator(".action-widget .monaco-list-row .title").allInnerTexts();
  await editor.picture("pasteFile-choices");
  await page.locator(".action-widget .monaco-list-row").filter({ hasText: /plain text/i }).first().click();
  await editor.shows(value);
  const switched = await editor.text();
  await editor.key("Control+Z", "Control+Z");
  return { redacted, choices, switched };
}
