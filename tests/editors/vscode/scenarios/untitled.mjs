// A text without a name: marked while one types, redacted by a command, undone.
export default async function untitled(editor, { value }) {
  await editor.untitled();
  const began = Date.now();
  await editor.type(`ask about ${value} please`, 0);
  await editor.marked();
  const milliseconds = Date.now() - began;
  const status = await editor.statusSays("1 finding");
  await editor.picture("untitled-marked");
  await editor.command("tightlip: Redact all in file");
  await editor.squiggled(0);
  const redacted = await editor.text();
  await editor.key("Control+Z");
  await editor.shows(value);
  await editor.key("Control+A", "Delete");
  return { milliseconds, status, redacted };
}
