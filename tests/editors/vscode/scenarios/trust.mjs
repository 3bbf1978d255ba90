// The user trusts the folder, as one does in a real window.
export default async function trust(editor) {
  const { page } = editor;
  const before = await editor.statusSays("tightlip");
  await page.locator('.statusbar-item:has-text("Restricted Mode")').click();
  await page.waitForSelector(".workspace-trust-editor");
  await page.locator(".workspace-trust-editor .monaco-button").filter({ hasText: /^Trust$/ }).first().click();
  await page.waitForSelector('.statusbar-item:has-text("Restricted Mode")', { state: "detached" });
  return { before, after: await editor.statusSays("tightlip") };
}
