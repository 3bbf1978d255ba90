import { constants } from "node:fs";
import { access, realpath, stat } from "node:fs/promises";
import * as path from "node:path";

/** Where to look, and where not. */
export interface Places {
  /** The setting `tightlip.server.path`; VS Code itself leaves out what an untrusted workspace says. */
  readonly setting: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly home: string;
  /** The folders of the workspace. */
  readonly folders: readonly string[];
}

export type Found =
  | { readonly program: string; readonly how: string }
  /** What a person named is not there: nothing else is tried in its place. */
  | { readonly missing: "setting" | "variable" | "installation" };

const WINDOWS = process.platform === "win32";

/** The program `tightlip`: the one a person named, else an installation of its own; never a part of what is checked. */
export async function findProgram(places: Places): Promise<Found> {
  const setting = places.setting.trim();
  if (setting) return named("setting", setting, places);
  const variable = places.environment.TIGHTLIP_PATH?.trim();
  if (variable) return named("variable", variable, places);
  const program = await findOnPath("tightlip", places);
  return program ? { program, how: "PATH" } : { missing: "installation" };
}

/** A program of the person's own installations, or undefined. */
export async function findOnPath(name: string, places: Places): Promise<string | undefined> {
  const excluded = await excludedFolders(places);
  for (const folder of searched(places)) {
    const program = path.join(folder, WINDOWS ? `${name}.exe` : name);
    if (!(await isProgram(program))) continue;
    const resolved = [program, await realpath(program)];
    if (!resolved.some((place) => excluded.some((root) => isUnder(place, root)))) return program;
  }
  return undefined;
}

async function named(by: "setting" | "variable", value: string, places: Places): Promise<Found> {
  const bare = !value.includes("/") && !value.includes("\\");
  const program = bare ? await findOnPath(value, places) : path.resolve(places.home, value.replace(/^~(?=[/\\])/, places.home));
  return program && (await isProgram(program)) ? { program, how: by } : { missing: by };
}

/** An editor started from a desktop may not have the shell's PATH, so the usual places come after it. */
function searched({ environment, home }: Places): string[] {
  const { PATH, UV_TOOL_BIN_DIR, PIPX_BIN_DIR, XDG_BIN_HOME } = environment;
  const folders = [...(PATH ?? "").split(path.delimiter), UV_TOOL_BIN_DIR, PIPX_BIN_DIR, XDG_BIN_HOME, path.join(home, ".local", "bin")];
  if (!WINDOWS) folders.push("/opt/homebrew/bin", "/usr/local/bin");
  // a relative folder means another one wherever the editor was started
  return [...new Set(folders)].filter((folder): folder is string => !!folder && path.isAbsolute(folder));
}

/** The workspace and the environment that was active when the editor started: both belong to the project. */
async function excludedFolders({ environment, home, folders }: Places): Promise<string[]> {
  // who opens the whole home folder still has their own programs in it
  const roots = folders.filter((root) => !isUnder(home, root));
  if (environment.VIRTUAL_ENV) roots.push(environment.VIRTUAL_ENV);
  const real = await Promise.all(roots.map((root) => realpath(root).catch(() => root)));
  return [...new Set([...roots, ...real])];
}

function isUnder(place: string, root: string): boolean {
  const way = path.relative(root, place);
  return way !== ".." && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way);
}

async function isProgram(place: string): Promise<boolean> {
  try {
    await access(place, constants.X_OK);
    return (await stat(place)).isFile();
  } catch {
    return false;
  }
}
