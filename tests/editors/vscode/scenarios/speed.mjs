// How long a text is on the screen before it is marked, once the server runs.
export default async function speed(editor, { clean, names, needle }) {
  const milliseconds = [];
  for (const name of names) {
    await editor.open(clean);
    await editor.statusSays("nothing to hide");
    await editor.squiggled(0);
    milliseconds.push(await editor.open(name, { squiggle: true, needle }));
  }
  return { milliseconds };
}
