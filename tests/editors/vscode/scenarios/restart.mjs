// The person restarts the server.
export default async function restart(editor, { name }) {
  await editor.open(name);
  await editor.marked();
  const before = editor.session.servers();
  await editor.command("tightlip: Restart server");
  await editor.until(() => editor.session.servers().every((pid) => !before.includes(pid)) && editor.session.servers().length === before.length, "another server runs");
  await editor.statusSays("1 finding");
  await editor.marked();
  return { before, after: editor.session.servers(), notifications: await editor.notifications() };
}
