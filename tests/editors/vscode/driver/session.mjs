// code-server, the extensions in it, and a Chromium that looks at it. Everything on the loopback, in folders of its own.
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import net from "node:net";
import path from "node:path";
import { Editor } from "./editor.mjs";

const SETTINGS = {
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.editor.useModal": "off",
  "workbench.colorTheme": "Default Dark Modern",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "window.dialogStyle": "custom",
  "security.workspace.trust.enabled": true,
  "security.workspace.trust.startupPrompt": "never",
  "security.workspace.trust.banner": "never",
  "security.workspace.trust.emptyWindow": true,
  "telemetry.telemetryLevel": "off",
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "update.mode": "none",
  "git.openRepositoryInParentFolders": "never",
  "files.autoSave": "off",
  "editor.occurrencesHighlight": "off",
  "editor.minimap.enabled": false,
  "chat.disableAIFeatures": false,
  "chat.commandCenter.enabled": false,
  "tightlip.trace.server": "messages",
};

/** One chord that puts a window back: no widget, no notification, no panel. */
const KEYS = [
  {
    key: "ctrl+alt+shift+f12",
    command: "runCommands",
    args: { commands: ["notifications.clearAll", "workbench.action.closePanel", "workbench.action.closeAuxiliaryBar", "workbench.action.editorLayoutSingle", "workbench.view.explorer", "workbench.action.focusActiveEditorGroup"] },
  },
  { key: "ctrl+alt+shift+f11", command: "workbench.action.revertAndCloseActiveEditor" },
  { key: "ctrl+alt+shift+f10", command: "workbench.action.closeAllEditors" },
];

const CHROMIUM = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

async function freePort() {
  const server = net.createServer().listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

export class Session {
  /** `given`: installed, home, folder, shots, extensions: paths; settings: object; variables: of the environment. */
  constructor(given) {
    Object.assign(this, given);
    this.data = path.join(this.home, "code");
    this.entry = path.join(this.installed, "code-server/node_modules/code-server/out/node/entry.js");
    this.foreign = new Set();
    this.windows = new Map();
  }

  get environment() {
    return { ...process.env, EXTENSIONS_GALLERY: "{}", ...this.variables };
  }

  code(...args) {
    return [this.entry, "--user-data-dir", this.data, "--extensions-dir", path.join(this.home, "extensions"), ...args];
  }

  async start() {
    const user = path.join(this.data, "User");
    fs.mkdirSync(user, { recursive: true });
    fs.mkdirSync(this.shots, { recursive: true });
    this.userSettings = path.join(user, "settings.json");
    this.baseSettings = { ...SETTINGS, ...this.settings };
    this.configure({});
    fs.writeFileSync(path.join(user, "keybindings.json"), JSON.stringify(KEYS));
    const installs = this.extensions.flatMap((file) => ["--install-extension", file]);
    execFileSync(process.execPath, this.code(...installs), { env: this.environment, stdio: "pipe" });
    this.port = await freePort();
    const log = fs.openSync(path.join(this.home, "code-server.log"), "w");
    this.server = spawn(
      process.execPath,
      this.code("--auth", "none", "--bind-addr", `127.0.0.1:${this.port}`, "--disable-telemetry", "--disable-update-check", "--disable-getting-started-override"),
      { env: this.environment, stdio: ["ignore", log, log] },
    );
    await this.healthy();
    const require = createRequire(path.join(this.installed, "playwright/package.json"));
    const { chromium } = require("playwright-core");
    this.browser = await chromium.launchPersistentContext(path.join(this.home, "chromium"), {
      executablePath: this.chromium, headless: true, viewport: { width: 1280, height: 800 },
      permissions: ["clipboard-read", "clipboard-write"], args: CHROMIUM,
    });
    return {};
  }

  async healthy() {
    for (let tries = 0; ; tries++) {
      try {
        await fetch(`http://127.0.0.1:${this.port}/healthz`);
        return;
      } catch (error) {
        if (tries > 300) throw error;
        await new Promise((done) => setTimeout(done, 100));
      }
    }
  }

  /** Write the user's settings: those of every scenario and these. */
  configure(settings) {
    const text = JSON.stringify({ ...this.baseSettings, ...settings }, null, 2);
    if (!fs.existsSync(this.userSettings) || fs.readFileSync(this.userSettings, "utf8") !== text) fs.writeFileSync(this.userSettings, text);
  }

  /** Write the settings of the machine that code-server runs on: paths of programs stand there. */
  configureMachine(settings) {
    fs.mkdirSync(path.join(this.data, "Machine"), { recursive: true });
    fs.writeFileSync(path.join(this.data, "Machine", "settings.json"), JSON.stringify(settings));
  }

  /** Process ids of tightlip's servers, those of all windows. */
  servers() {
    const rows = execFileSync("ps", ["-eo", "pid=,ppid=,args="], { encoding: "utf8" }).trim().split("\n").map((row) => row.trim().split(/\s+/));
    const below = new Set([String(this.server.pid)]);
    for (let size = 0; size !== below.size;) {
      size = below.size;
      for (const [pid, parent] of rows) if (below.has(parent)) below.add(pid);
    }
    return rows.filter(([pid, , ...args]) => below.has(pid) && args.join(" ").endsWith("-m tightlip server")).map(([pid]) => Number(pid));
  }

  /** The window on `folder` of the session's folder: opened when first asked for. */
  async window(folder) {
    let editor = this.windows.get(folder);
    if (!editor) {
      const page = this.windows.size ? await this.browser.newPage() : this.browser.pages()[0];
      page.on("request", (request) => {
        const { hostname, protocol } = new URL(request.url());
        if (/^(https?|wss?):$/.test(protocol) && hostname !== "127.0.0.1" && hostname !== "localhost") this.foreign.add(hostname);
      });
      const work = path.join(this.folder, folder);
      editor = new Editor(page, work, this);
      this.windows.set(folder, editor);
      await page.goto(`http://127.0.0.1:${this.port}/?folder=${encodeURIComponent(work)}`);
      await editor.ready();
    }
    await editor.page.bringToFront();
    return editor;
  }

  async stop() {
    await this.browser?.close().catch(() => undefined);
    this.server?.kill("SIGTERM");
  }
}
