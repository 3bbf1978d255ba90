// What is pasted into the chat arrives redacted, whether it comes from elsewhere or from the editor; of a restricted file nothing does.
export default async function pasteChat(editor, { name, value, restricted, text }) {
  await editor.chat();
  await editor.setClipboard(text);
  await editor.key("Control+V");
  await editor.until(async () => (await editor.chatText()).includes("TL_"), "the chat's input has a placeholder");
  await editor.picture("pasteChat-elsewhere");
  const fromElsewhere = await editor.chatText();
  await editor.chatClear();
  await editor.open(name);
  await editor.marked();
  await editor.click(value.slice(0, 12));
  await editor.copy(value);
  await editor.chatFocus();
  await editor.key("Control+V");
  await editor.until(async () => (await editor.chatText()).includes("TL_"), "the chat's input has a placeholder");
  const fromEditor = await editor.chatText();
  await editor.chatClear();
  await editor.open(restricted);
  await editor.statusSays("restricted");
  await editor.click("settle");
  await editor.key("Control+A");
  await editor.copy("settle");
  await editor.chatFocus();
  await editor.key("Control+V");
  await editor.until(async () => (await editor.chatText()).trim().length > 0, "something is pasted");
  const fromRestricted = await editor.chatText();
  const said = await editor.notifications();
  await editor.pause(400);
  await editor.picture("pasteChat-restricted");
  await editor.chatClear();
  return { fromElsewhere, fromEditor, fromRestricted, said };
}
