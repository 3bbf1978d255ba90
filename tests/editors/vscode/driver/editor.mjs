// What a hand does and an eye sees in one window of VS Code.
import fs from "node:fs";
import path from "node:path";

const SQUIGGLES = [".squiggly-error", ".squiggly-warning", ".squiggly-info"].map((kind) => `.editor-instance ${kind}`).join(", ");

const CHAT_INPUT = ".interactive-input-part .monaco-editor";
const QUICK_INPUT = ".quick-input-widget:not([style*='display: none']) input";

export const plain = (text) => text.replaceAll("\u00a0", " ").replaceAll("\u200b", "");

function runs(value, size = 8) {
  return Array.from({ length: value.length - size + 1 }, (_, at) => value.slice(at, at + size));
}

export class Editor {
  constructor(page, folder, session) {
    Object.assign(this, { page, folder, session, leaks: [] });
    page.setDefaultTimeout(20000);
  }

  async ready() {
    await this.page.waitForSelector(".monaco-workbench .part.statusbar", { timeout: 90000 });
    await this.page.waitForSelector(".explorer-folders-view .monaco-list-row", { timeout: 60000 });
  }

  file(name) {
    return path.join(this.folder, name);
  }

  read(name) {
    return fs.readFileSync(this.file(name), "utf8");
  }

  async key(...keys) {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  async type(text, delay = 5) {
    await this.page.keyboard.type(text, { delay });
  }

  /** Put back what the scenario before left: dialogs, widgets, notifications, panels, editors with or without changes. */
  async reset() {
    this.session.configure({});
    this.leaks = [];
    for (let tries = 0; tries < 3 && (await this.page.locator(".monaco-dialog-box").count()); tries++) await this.key("Escape");
    await this.key("Escape", "Escape", "Control+Alt+Shift+F12");
    const tabs = this.page.locator(".part.editor .tab");
    for (let tries = 0; tries < 12 && (await tabs.count()); tries++) {
      const count = await tabs.count();
      await this.key("Control+Alt+Shift+F11");
      await this.until(async () => (await tabs.count()) < count, "an editor closes", 2000).catch(() => undefined);
    }
    await this.key("Control+Alt+Shift+F12");
  }

  /** Wait until `holds` is true; fails with `what`. */
  async until(holds, what, milliseconds = 20000) {
    const end = Date.now() + milliseconds;
    for (;;) {
      const value = await holds();
      if (value) return value;
      if (Date.now() > end) throw new Error(`not within ${milliseconds} ms: ${what}`);
      await this.page.waitForTimeout(50);
    }
  }

  pause(milliseconds) {
    return this.page.waitForTimeout(milliseconds);
  }

  async picture(name) {
    await this.page.screenshot({ path: path.join(this.session.shots, `${name}.png`) });
  }

  // --- files and commands -------------------------------------------------------------------------------------------

  /** Open a file by Quick Open; answers the milliseconds from its text's showing to its first squiggle when asked to. */
  async open(name, { squiggle = false, needle = "" } = {}) {
    const title = path.basename(name);
    await this.key("Control+P");
    await this.page.locator(QUICK_INPUT).first().fill(this.file(name));
    await this.page.waitForSelector(`.quick-input-list .monaco-list-row.focused:has-text("${title}")`);
    const measured = squiggle ? this.page.evaluate(watch, { needle, squiggles: SQUIGGLES }) : undefined;
    await this.key("Enter");
    await this.page.waitForSelector(`.tab.active:has-text("${title}")`);
    await this.page.waitForSelector(".editor-instance .view-lines, .notebook-editor .cell-list-container");
    return measured;
  }

  /** Run a command of the palette by its whole label. */
  async command(label) {
    await this.key("F1");
    await this.page.locator(QUICK_INPUT).first().fill(`>${label}`);
    await this.page.locator(`.quick-input-list .monaco-list-row[aria-label^="${label}"]`).first().click();
  }

  /** The labels that the palette offers for `text`. */
  async palette(text) {
    await this.key("F1");
    await this.page.locator(QUICK_INPUT).first().fill(`>${text}`);
    await this.pause(500);
    const labels = await this.page.locator(".quick-input-list .monaco-list-row .label-name").allInnerTexts();
    await this.key("Escape");
    return labels.map(plain);
  }

  async untitled() {
    await this.page.locator(".part.editor .tabs-container, .part.editor .editor-group-container.empty").first().dblclick({ position: { x: 400, y: 15 } });
    await this.page.waitForSelector('.tab.active:has-text("Untitled")');
    await this.page.waitForSelector(".editor-instance .view-lines");
  }

  async save() {
    await this.key("Control+S");
    await this.page.waitForSelector(".tab.active:not(.dirty)");
  }

  // --- what is shown ------------------------------------------------------------------------------------------------

  /** The text of the active editor, as far as it is on the screen. */
  async text(within = ".editor-group-container.active .editor-instance") {
    return plain(await this.page.evaluate(lines, within));
  }

  async shows(part) {
    await this.until(async () => (await this.text()).includes(part), `the editor shows ${part.length} characters that were waited for`);
  }

  squiggles() {
    return this.page.locator(SQUIGGLES).count();
  }

  async squiggled(count) {
    await this.until(async () => (await this.squiggles()) === count, `${count} squiggles`);
  }

  /** Wait for at least one squiggle; answers their number. */
  async marked() {
    await this.page.waitForSelector(SQUIGGLES);
    return this.squiggles();
  }

  /** Put the cursor on the first place where `part` is on the screen, once it rests there: a lens above it comes a moment after the text. */
  async click(part, within = ".editor-group-container.active .editor-instance") {
    let place;
    await this.until(async () => {
      const before = place;
      place = await this.page.evaluate(find, { within, part });
      await this.pause(250);
      return place && before && place.x === before.x && place.y === before.y;
    }, "a text to click on");
    await this.page.mouse.click(place.x, place.y);
  }

  async hover(part) {
    const place = await this.until(() => this.page.evaluate(find, { within: ".editor-group-container.active .editor-instance", part }), "a text to hover over");
    await this.page.mouse.move(place.x, place.y);
    await this.page.waitForSelector(".monaco-hover:not(.hidden) .hover-row");
    return plain(await this.page.locator(".monaco-hover:not(.hidden)").first().innerText());
  }

  /** What Ctrl+. offers at the cursor, top-down. Left open. The editor may just be taking new diagnostics in: then once more. */
  async actions() {
    const shown = this.page.locator(".action-widget .monaco-list-row.action");
    await this.until(async () => {
      await this.key("Control+.");
      return shown.first().waitFor({ timeout: 5000 }).then(() => true, () => false);
    }, "the menu of quick fixes opens");
    await this.pause(150);
    return (await shown.locator(".title").allInnerTexts()).map(plain);
  }

  async choose(title) {
    await this.page.locator(".action-widget .monaco-list-row.action").filter({ has: this.page.locator(`.title:text-is("${title}")`) }).first().click();
  }

  /** The rows of Problems, once they speak of files of these names only; those of a text closed just now go a moment later. */
  async problems(...names) {
    const row = this.page.locator(".markers-panel .monaco-list-row");
    const rows = async () => (await row.allInnerTexts()).map(plain);
    const ofOthers = (shown) => shown.filter((text) => /^[^\n]*\.\w+[^\n]*\n\d+$/.test(text) && !names.some((name) => text.startsWith(name)));
    await this.key("Control+Shift+M");
    await this.until(async () => {
      const shown = await rows();
      return names.every((name) => shown.some((text) => text.startsWith(name))) && !ofOthers(shown).length;
    }, `Problems lists ${names.join(", ")} and nothing else`);
    return rows();
  }

  /** Texts and descriptions of tightlip's items of the status bar. */
  async status() {
    return this.page.evaluate(() => [...document.querySelectorAll(".part.statusbar .statusbar-item")]
      .filter((item) => item.id.startsWith("tightlip.tightlip") || /tightlip/i.test(item.getAttribute("aria-label") ?? ""))
      .map((item) => ({ text: item.innerText.trim(), label: item.getAttribute("aria-label") ?? "", kind: item.className })));
  }

  async statusSays(part, milliseconds) {
    return this.until(async () => (await this.status()).find(({ text, label }) => `${text} ${label}`.includes(part)), `the status bar says "${part}"`, milliseconds);
  }

  /** Notifications that are on the screen: their texts and buttons. */
  async notifications() {
    return this.page.evaluate(() => [...document.querySelectorAll(".notifications-toasts .notification-list-item, .notifications-center .notification-list-item")].map((item) => ({
      text: item.querySelector(".notification-list-item-message")?.innerText ?? "",
      buttons: [...item.querySelectorAll(".notification-list-item-buttons-container .monaco-button")].map((button) => button.innerText.trim()),
    })));
  }

  async notified(part) {
    return this.until(async () => (await this.notifications()).find(({ text }) => text.includes(part)), `a notification that says "${part}"`);
  }

  async pressNotification(button) {
    await this.page.locator(".notifications-toasts .monaco-button").filter({ hasText: button }).first().click();
  }

  /** The modal dialog: message, detail, buttons. */
  async dialog() {
    await this.page.waitForSelector(".monaco-dialog-box");
    await this.pause(150);
    return this.page.evaluate(() => {
      const box = document.querySelector(".monaco-dialog-box");
      return {
        message: box.querySelector(".dialog-message")?.innerText ?? "",
        detail: box.querySelector(".dialog-message-detail")?.innerText ?? "",
        buttons: [...box.querySelectorAll(".dialog-buttons .monaco-button")].map((button) => button.innerText.trim()),
      };
    });
  }

  async press(button) {
    await this.page.locator(".monaco-dialog-box .monaco-button").filter({ hasText: button }).first().click();
    await this.page.waitForSelector(".monaco-dialog-box", { state: "detached" });
  }

  /** The button of a group of editors in its title bar. */
  async titleButton(label) {
    await this.page.locator(`.editor-group-container.active .editor-actions .action-label[aria-label^="${label}"]`).first().click();
  }

  /** Open the chat by its key and wait for its input to have the focus. */
  async chat() {
    await this.key("Control+Alt+I");
    await this.page.waitForSelector(CHAT_INPUT);
    await this.chatFocus();
  }

  /** Click into the chat's input until what is typed goes there: a widget that closes may take the focus back. */
  async chatFocus() {
    const input = this.page.locator(CHAT_INPUT).first();
    await this.until(async () => {
      await input.click({ position: { x: 20, y: 8 } });
      await this.pause(100);
      return this.page.evaluate((within) => Boolean(document.activeElement?.closest(within)), CHAT_INPUT);
    }, "the chat's input has the focus");
  }

  /** Copy what is selected, or else the cursor's line, and wait for it to be on the clipboard: extensions are asked first. */
  async copy(part) {
    await this.setClipboard("");
    await this.key("Control+C");
    await this.until(async () => (await this.clipboard()).includes(part), "the copied text is on the clipboard");
  }

  async chatText() {
    return plain(await this.page.evaluate(lines, ".interactive-input-part"));
  }

  async chatClear() {
    await this.chatFocus();
    await this.key("Control+A", "Delete");
  }

  /** Send what is typed and wait for the whole answer. */
  async chatAnswer() {
    const answers = this.page.locator(".interactive-item-container.interactive-response");
    const count = await answers.count();
    await this.key("Enter");
    await this.until(async () => (await answers.count()) > count, "an answer begins");
    await this.until(async () => !/chat-response-loading/.test(await answers.last().getAttribute("class")), "the answer ends", 40000);
    await this.pause(500);
    return plain(await answers.last().innerText());
  }

  clipboard() {
    return this.page.evaluate(() => navigator.clipboard.readText());
  }

  setClipboard(text) {
    return this.page.evaluate((given) => navigator.clipboard.writeText(given), text);
  }

  masked(text) {
    return this.session.values.reduce((rest, value, index) => runs(value).reduce((left, run) => left.replaceAll(run, `<${index}>`), rest), text);
  }

  /** Notes where the page shows a part of a value outside of texts that one edits, types or reads in a chat. */
  async inspect() {
    for (const { place, text } of await this.page.evaluate(beside)) {
      const shown = this.session.values.some((value) => runs(value).some((run) => text.includes(run)));
      if (shown) this.leaks.push(`${place}: ${this.masked(text)}`);
    }
  }

  /** Marks of the explorer's rows: name, badge, tooltip. */
  async explorer() {
    return this.page.evaluate(() => [...document.querySelectorAll(".explorer-folders-view .monaco-list-row")].map((row) => ({
      name: row.querySelector(".label-name")?.innerText ?? "",
      mark: getComputedStyle(row.querySelector(".monaco-icon-label") ?? row, "::after").content.replaceAll('"', ""),
      label: row.getAttribute("aria-label") ?? "",
      color: getComputedStyle(row.querySelector(".label-name") ?? row).color,
    })));
  }
}

// --- run inside the page ----------------------------------------------------------------------------------------------

function watch({ needle, squiggles }) {
  return new Promise((done) => {
    let shown;
    const look = () => {
      const now = performance.now();
      shown ??= [...document.querySelectorAll(".editor-instance .view-line")].some((line) => line.textContent.includes(needle)) ? now : undefined;
      if (shown !== undefined && document.querySelector(squiggles)) done(Math.round(now - shown));
      else requestAnimationFrame(look);
    };
    look();
  });
}

function lines(within) {
  const editors = [...document.querySelectorAll(`${within} .view-lines`)];
  return editors.map((editor) => [...editor.children]
    .sort((one, other) => parseFloat(one.style.top) - parseFloat(other.style.top))
    .map((line) => line.textContent).join("\n")).join("\n---\n");
}

function find({ within, part }) {
  const wanted = part.replaceAll(" ", "\u00a0");
  for (const line of document.querySelectorAll(`${within} .view-lines .view-line`)) {
    const at = line.textContent.replaceAll(" ", "\u00a0").indexOf(wanted);
    if (at < 0) continue;
    let passed = 0;
    const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const inside = at + Math.min(2, part.length - 1) - passed;
      if (inside < node.length) {
        const range = document.createRange();
        range.setStart(node, inside);
        range.setEnd(node, inside + 1);
        const box = range.getBoundingClientRect();
        return { x: box.x + 1, y: box.y + box.height / 2 };
      }
      passed += node.length;
    }
  }
  return undefined;
}

function beside() {
  // the last of them is what VS Code itself reads to a screen reader: the text at the cursor, a chat's answer
  const own = [
    ".part.editor .view-lines", ".notebookOverlay .view-lines", ".breadcrumbs-control", ".outline-pane", ".native-edit-context", "textarea",
    ".interactive-input-part .view-lines", ".interactive-session .interactive-list", ".chat-view-title-container",
    ".monaco-aria-container",
  ].join(", ");
  const found = [];
  const named = (node) => [...node.classList].slice(0, 3).join(".") || node.tagName;
  const walk = (node, place) => {
    if (node.nodeType === Node.TEXT_NODE) found.push({ place, text: node.data });
    if (node.nodeType !== Node.ELEMENT_NODE || node.matches(`script, style, ${own}`)) return;
    const here = `${place} > ${named(node)}`;
    for (const { name, value } of node.attributes) if (/^(title|aria-|data-)/.test(name)) found.push({ place: `${here}[${name}]`, text: value });
    for (const child of [...(node.shadowRoot?.childNodes ?? []), ...node.childNodes]) walk(child, here);
  };
  walk(document.body, "");
  return found.map(({ place, text }) => ({ place, text: text.replaceAll("\u00a0", " ") }));
}
