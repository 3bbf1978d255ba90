// A cell of a notebook is marked and redacted like any file.
export default async function notebook(editor, { name, value }) {
  const { page } = editor;
  await editor.open(name);
  await page.waitForSelector('.notebookOverlay [class*="squiggly-"]');
  await page.locator(".notebookOverlay .cell-editor-container .view-line").first().click();
  const status = await editor.statusSays("1 finding");
  const problems = await editor.problems(name);
  await editor.picture("notebook-problems");
  await editor.key("Control+Shift+M");
  await editor.click(value.slice(0, 12), ".notebookOverlay");
  const actions = await editor.actions();
  await editor.picture("notebook-actions");
  await editor.choose(actions[0]);
  await editor.until(async () => (await editor.text(".notebookOverlay")).includes("TL_GITHUB_TOKEN_"), "the cell shows a placeholder");
  await editor.key("Control+S");
  await page.waitForSelector(".tab.active:not(.dirty)");
  return { status, problems, actions, saved: editor.read(name) };
}
