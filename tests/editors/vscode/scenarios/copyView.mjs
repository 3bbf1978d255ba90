// The redacted copy beside the original, read-only, following it; and the comparison of both.
export default async function copyView(editor, { name, value, other }) {
  const { page } = editor;
  await editor.open(name);
  await editor.marked();
  await editor.pause(300);
  await editor.titleButton("Open redacted copy");
  await page.waitForSelector('.tab:has-text("redacted")');
  const groups = page.locator(".editor-group-container .editor-instance");
  const both = () => editor.text(".editor-group-container .editor-instance");
  await editor.until(async () => (await groups.count()) === 2 && (await both()).includes("TL_"), "the copy is shown beside the original");
  await editor.picture("copyView-beside");
  const copied = (await both()).split("\n---\n").find((text) => text.includes("TL_"));
  await editor.click("import os", ".editor-group-container.active .editor-instance");
  await editor.key("Control+End");
  await editor.type(`more = "${other}"`, 0);
  await editor.until(async () => /more = "TL_/.test(await both()), "the copy follows the original");
  const followed = (await both()).split("\n---\n").find((text) => text.includes("TL_"));
  await editor.command("tightlip: Compare with redacted copy");
  await page.waitForSelector(".monaco-diff-editor .line-insert, .monaco-diff-editor .line-delete, .monaco-diff-editor .char-delete");
  await editor.pause(500);
  const sides = await editor.text(".monaco-diff-editor .editor");
  return { copied, followed, sides, tabs: await page.locator(".tab .label-name").allInnerTexts() };
}
