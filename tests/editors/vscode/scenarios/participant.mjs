// A question to @tightlip: the model gets placeholders, the person reads the values.
export default async function participant(editor, { value }) {
  const { page } = editor;
  await editor.chat();
  await editor.type(`@tightlip is ${value} still valid?`, 5);
  await editor.pause(500);
  await editor.key("Escape");
  const answer = await editor.chatAnswer();
  await editor.picture("participant-answer");
  await page.locator(".interactive-input-part .monaco-editor").first().click({ position: { x: 20, y: 8 } });
  await editor.chatClear();
  return { answer };
}
