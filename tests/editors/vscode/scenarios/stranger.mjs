// A folder nobody trusts, whose settings and policy would switch everything off.
export default async function stranger(editor, { name, value }) {
  const { page } = editor;
  await editor.open(name);
  await editor.marked();
  const status = await editor.statusSays("1 finding");
  await editor.picture("stranger-marked");
  await editor.click(value.slice(0, 12));
  await editor.key("Control+C");
  const copied = await editor.notified("clipboard");
  await editor.key("Control+Alt+I");
  const dialog = await editor.dialog();
  await editor.picture("stranger-modal");
  await editor.press("Cancel");
  await editor.reset();
  await editor.untitled();
  await editor.type(`note ${value}`, 0);
  await editor.marked();
  await editor.key("Control+A", "Delete");
  const bar = await editor.statusSays("policy untrusted");
  await editor.picture("stranger-status");
  await editor.setClipboard(`note ${value}`);
  await editor.key("Control+V");
  await editor.shows("TL_");
  const pasted = await editor.text();
  await editor.key("Control+A", "Delete");
  await editor.command("tightlip: Show report");
  const report = await editor.notified("report");
  return { status, copied, dialog, bar, pasted, report };
}
