// Personal data in a row of a table.
export default async function table(editor, { name, value, cell }) {
  await editor.open(name);
  await editor.marked();
  const problems = await editor.problems(name);
  await editor.picture("table-problems");
  await editor.key("Control+Shift+M");
  await editor.click(value.slice(0, 6));
  const actions = await editor.actions();
  await editor.picture("table-actions");
  await editor.choose(actions[0]);
  await editor.shows(cell);
  await editor.save();
  const saved = editor.read(name);
  await editor.key("Control+Z");
  await editor.shows(value);
  return { problems, actions, saved };
}
