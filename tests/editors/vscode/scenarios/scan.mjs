// The whole workspace: the tree by category, rule and file; the report.
export default async function scan(editor) {
  const { page } = editor;
  await editor.command("tightlip: Scan workspace");
  const said = await editor.notified("finding");
  await page.waitForSelector('.pane:has-text("Findings") .monaco-list-row');
  await editor.pause(300);
  const rows = async () => (await page.locator(".pane-body .monaco-list-row").allInnerTexts()).map((row) => row.replaceAll("\n", " "));
  const top = await rows();
  await editor.picture("scan-tree");
  await page.locator(".pane-body .monaco-list-row").filter({ hasText: "GitHub personal access token" }).first().click();
  await editor.until(async () => (await rows()).length > top.length, "the rule shows its files");
  const opened = await rows();
  await editor.picture("scan-files");
  await editor.key("Control+Shift+M");
  await page.waitForSelector(".markers-panel .monaco-list-row");
  await editor.pause(500);
  const problems = await page.locator(".markers-panel .monaco-list-row").allInnerTexts();
  await editor.picture("scan-problems");
  await editor.key("Control+Shift+M");
  await editor.command("tightlip: Show report");
  const text = await editor.until(async () => {
    for (const frame of page.frames()) {
      const body = await frame.locator("body").innerText({ timeout: 1000 }).catch(() => "");
      if (/tightlip/i.test(body) && /app\.py/.test(body) && frame !== page.mainFrame()) return body;
    }
    return undefined;
  }, "the report is shown", 40000);
  await editor.pause(500);
  await editor.picture("scan-report");
  return { said, top, opened, problems, report: text };
}
