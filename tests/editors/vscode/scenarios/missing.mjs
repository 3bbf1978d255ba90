// The program is not where the setting says; then it is.
export default async function missing(editor, { name }) {
  await editor.open(name);
  await editor.marked();
  editor.session.configureMachine({ "tightlip.server.path": "/nowhere/tightlip" });
  const said = await editor.notified("tightlip.server.path");
  const status = await editor.statusSays("tightlip not found");
  await editor.pause(400);
  await editor.picture("missing-said");
  const squiggles = await editor.squiggles();
  await editor.key("Control+End");
  await editor.type("\n# typed while nothing is checked\n", 0);
  await editor.save();
  const notifications = await editor.notifications();
  await editor.page.locator('.statusbar-item[id*="tightlip.status"]').click();
  await editor.page.waitForSelector(".quick-input-list .monaco-list-row");
  await editor.pause(300);
  const menu = (await editor.page.locator(".quick-input-list .monaco-list-row .label-name").allInnerTexts()).map((label) => label.trim());
  await editor.picture("missing-menu");
  await editor.key("Escape");
  editor.session.configureMachine({});
  await editor.statusSays("1 finding");
  await editor.marked();
  return { said, status, squiggles, notifications, menu, saved: editor.read(name) };
}
