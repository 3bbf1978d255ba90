// A secret is marked when its file opens; hover, Problems, the preferred fix, save, undo.
export default async function secret(editor, { name, value }) {
  const { page } = editor;
  await editor.open(name);
  await editor.marked();
  const status = await editor.statusSays("1 finding");
  const hovered = await editor.hover(value.slice(0, 12));
  await editor.picture("secret-hover");
  await editor.key("Escape");
  await page.mouse.move(5, 5);
  const problems = await editor.problems(name);
  await editor.picture("secret-problems");
  await editor.inspect();
  await editor.click(value.slice(0, 12));
  const actions = await editor.actions();
  await editor.picture("secret-actions");
  await editor.choose(actions[0]);
  await editor.shows("TL_GITHUB_TOKEN_");
  await editor.squiggled(0);
  await editor.save();
  const saved = editor.read(name);
  const clean = await editor.statusSays("nothing to hide");
  await editor.picture("secret-redacted");
  await editor.key("Control+Z");
  await editor.shows(value);
  await editor.marked();
  return { status, hovered, problems, actions, saved, clean, undone: await editor.text() };
}
