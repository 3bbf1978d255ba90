// Copying a value: said so, and one button puts the redacted text on the clipboard. A clean line says nothing.
export default async function copy(editor, { name, value, clean }) {
  await editor.open(name);
  await editor.marked();
  await editor.click(clean);
  await editor.key("Control+C");
  await editor.pause(1800);
  const silent = await editor.notifications();
  await editor.click(value.slice(0, 12));
  await editor.key("Control+C");
  const said = await editor.notified("clipboard");
  await editor.pause(400);
  await editor.picture("copy-said");
  await editor.inspect();
  const before = await editor.clipboard();
  await editor.pressNotification("Copy redacted");
  await editor.until(async () => (await editor.clipboard()).includes("TL_"), "the clipboard has the redacted text");
  return { silent, said, before, after: await editor.clipboard() };
}
