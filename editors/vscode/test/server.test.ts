import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { test } from "node:test";
import { findProgram, type Places } from "../src/server";

const FILE = process.platform === "win32" ? "tightlip.exe" : "tightlip";
const top = mkdtempSync(path.join(tmpdir(), "places-"));
const home = path.join(top, "home");
const project = path.join(top, "project");

function program(...folders: string[]): string {
  const folder = path.join(...folders);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, FILE), "", { mode: 0o755 });
  return path.join(folder, FILE);
}

function look(more: Partial<Places>, ...on: string[]): ReturnType<typeof findProgram> {
  return findProgram({ setting: "", home, folders: [project], ...more, environment: { PATH: on.join(path.delimiter), ...more.environment } });
}

const own = program(top, "own");
const theirs = program(project, ".venv", "bin");
const active = program(top, "environments", "project", "bin");

test("a setting comes before the variable, the variable before PATH", async () => {
  const environment = { TIGHTLIP_PATH: active };
  assert.deepEqual(await look({ setting: ` ${own} `, environment }), { program: own, how: "setting" });
  assert.deepEqual(await look({ environment }, path.dirname(own)), { program: active, how: "variable" });
  assert.deepEqual(await look({}, path.dirname(own)), { program: own, how: "PATH" });
});

test("what a person named and is not there is not replaced by another", async () => {
  assert.deepEqual(await look({ setting: path.join(top, "gone") }, path.dirname(own)), { missing: "setting" });
  assert.deepEqual(await look({ environment: { TIGHTLIP_PATH: top } }, path.dirname(own)), { missing: "variable" });
});

test("a program inside the workspace is passed over, even behind a link", async () => {
  assert.deepEqual(await look({}, path.dirname(theirs), path.dirname(own)), { program: own, how: "PATH" });
  const linked = path.join(top, "linked");
  mkdirSync(linked);
  symlinkSync(theirs, path.join(linked, FILE));
  assert.deepEqual(await look({}, linked, path.dirname(own)), { program: own, how: "PATH" });
});

test("an active virtual environment is the project's, wherever it lies", async () => {
  const environment = { VIRTUAL_ENV: path.dirname(path.dirname(active)) };
  assert.deepEqual(await look({ environment }, path.dirname(active), path.dirname(own)), { program: own, how: "PATH" });
});

test("a relative folder on PATH is not looked into", async () => {
  const from = process.cwd();
  process.chdir(path.dirname(own));
  try {
    const found = await look({}, ".", "");
    assert.notEqual("program" in found && path.resolve(found.program), own);
  } finally {
    process.chdir(from);
  }
});

test("who opens the home folder as a workspace still has their own programs", async () => {
  const local = program(home, ".local", "bin");
  assert.deepEqual(await look({ folders: [home] }), { program: local, how: "PATH" });
  assert.deepEqual(await look({ setting: `~/.local/bin/${FILE}` }), { program: local, how: "setting" });
});
