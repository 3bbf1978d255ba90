// One VS Code (code-server in Chromium) for many scenarios. Reads one JSON request a line, writes one JSON answer a line.
//   {"start": {...}}                            starts everything, answers {"seen": {...}} when tightlip's status shows
//   {"run": name, "window": name, "given": {...}}   runs scenarios/<name>.mjs, answers what it saw or why it failed
import fs from "node:fs";
import path from "node:path";
import readline from "node:readline";
import { pathToFileURL } from "node:url";
import { Session } from "./session.mjs";

const scenarios = new URL("../scenarios/", import.meta.url);
let session;

async function answer(request) {
  if (request.start) {
    session = new Session(request.start);
    return session.start();
  }
  const editor = await session.window(request.window);
  try {
    const scenario = await import(pathToFileURL(path.join(scenarios.pathname, `${request.run}.mjs`)));
    await editor.reset();
    const seen = (await scenario.default(editor, request.given)) ?? {};
    await editor.picture(request.run);
    await editor.inspect();
    return { ...seen, foreign: [...session.foreign], leaks: editor.leaks };
  } catch (error) {
    await editor.picture(`${request.run}.failed`).catch(() => undefined);
    throw error;
  }
}

const out = fs.createWriteStream(null, { fd: 1 });
for await (const line of readline.createInterface({ input: process.stdin })) {
  let reply;
  try {
    reply = { seen: await answer(JSON.parse(line)) };
  } catch (error) {
    reply = { error: error.stack ?? String(error) };
  }
  out.write(JSON.stringify(reply) + "\n");
}
await session?.stop();
process.exit(0);
