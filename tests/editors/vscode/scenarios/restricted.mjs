// A file that may not be shared: its mark in the explorer, its status, its diagnostic, and what is not offered for it.
export default async function restricted(editor, { name }) {
  await editor.open(name);
  const status = await editor.statusSays("restricted");
  await editor.marked();
  await editor.pause(500);
  const explorer = await editor.explorer();
  const problems = await editor.problems("ledger.py");
  await editor.picture("restricted-problems");
  await editor.key("Control+Shift+M");
  await editor.click("settle");
  const actions = await editor.actions();
  await editor.picture("restricted-actions");
  await editor.key("Escape");
  const palette = await editor.palette("tightlip: ");
  await editor.picture("restricted");
  return { status, explorer, problems, actions, palette };
}
