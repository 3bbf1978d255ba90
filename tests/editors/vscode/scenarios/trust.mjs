// The user trusts the folder, as one does in a real window; then the server has its rules and says how a file stands.
export default async function trust(editor, { clean }) {
  const { page } = editor;
  await editor.statusSays("tightlip");
  await page.locator('.statusbar-item:has-text("Restricted Mode")').click();
  await page.waitForSelector(".workspace-trust-editor");
  await page.locator(".workspace-trust-editor .monaco-button").filter({ hasText: /^Trust$/ }).first().click();
  await page.waitForSelector('.statusbar-item:has-text("Restricted Mode")', { state: "detached" });
  await editor.open(clean);
  await editor.statusSays("nothing to hide", 60000);
}
