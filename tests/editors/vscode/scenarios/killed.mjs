// The server's process is killed: it comes back by itself, and says so.
export default async function killed(editor, { name }) {
  await editor.open(name);
  await editor.marked();
  const before = editor.session.servers();
  process.kill(before[0], "SIGKILL");
  const said = await editor.notified("stopped");
  await editor.pause(400);
  await editor.picture("killed-said");
  await editor.statusSays("1 finding");
  await editor.key("Control+End");
  await editor.type("\n# typed after", 0);
  await editor.marked();
  return { before, after: editor.session.servers(), said };
}
