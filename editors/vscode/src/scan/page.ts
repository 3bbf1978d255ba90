import { createHash } from "node:crypto";
import { OPEN } from "./ids";

/** A workspace folder: its path as the report writes it (with `/`), and what to write instead. */
export interface Root {
  readonly path: string;
  readonly shown: string;
}

/** The editor's own colours and letters for the report's. */
const THEME = `
:root { --ink: var(--vscode-editor-foreground); --paper: var(--vscode-editor-background); --quiet: var(--vscode-descriptionForeground);
  --line: var(--vscode-editorGroup-border, var(--vscode-contrastBorder)); --raised: var(--vscode-sideBar-background); --blue: var(--vscode-textLink-foreground);
  --red: var(--vscode-errorForeground); --amber: var(--vscode-editorWarning-foreground); --green: var(--vscode-testing-iconPassed); }
:root { font-size: var(--vscode-font-size); }
body { font: 1rem/1.5 var(--vscode-font-family); color-scheme: dark; }
body.vscode-light, body.vscode-high-contrast-light { color-scheme: light; }
code { font-family: var(--vscode-editor-font-family); color: inherit; background: none; padding: 0; }
a, a:hover { color: var(--blue); }
input, select { background: var(--vscode-input-background); color: var(--vscode-input-foreground); border-color: var(--vscode-input-border, var(--line)); }
input:focus, select:focus { outline: 1px solid var(--vscode-focusBorder); }
`;

const POLICY = /(<meta http-equiv="Content-Security-Policy" content="[^"]*?style-src )/;
const PLACE = /<td><code>([^<]+):(\d+):(\d+)<\/code>/g;

/** The report as a file of its own: paths as the workspace has them, not as this machine does. */
export function forFile(report: string, roots: readonly Root[]): string {
  return roots.reduce((page, root) => page.replaceAll(`<code>${escaped(root.path)}/`, `<code>${escaped(root.shown)}`), report);
}

/**
 * The report for a panel: in the editor's colours, each place a link. Its content policy stays as strict as it was, and lets
 * one more style in. Throws when the report is not one of a version this extension knows.
 */
export function forPanel(report: string, roots: readonly Root[], uriOf: (path: string) => string): string {
  if (!POLICY.test(report)) throw new Error("The report is of another version of tightlip than this extension.");
  const linked = report.replace(PLACE, (_, path: string, line: string, column: string) => {
    const place = encodeURIComponent(JSON.stringify([uriOf(unescaped(path)), Number(line) - 1, Number(column) - 1]));
    return `<td><a href="command:${OPEN}?${place}"><code>${path}<wbr>:${line}:${column}</code></a>`;
  });
  const hash = createHash("sha256").update(THEME).digest("base64");
  return forFile(linked, roots).replace(POLICY, `$1'sha256-${hash}' `).replace("</head>", () => `<style>${THEME}</style></head>`);
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "'": "&#39;", '"': "&#34;" };
const CHARACTERS = Object.fromEntries(Object.entries(ENTITIES).map(([character, entity]) => [entity, character]));

function escaped(text: string): string {
  return text.replace(/[&<>'"]/g, (character) => ENTITIES[character] ?? character);
}

function unescaped(text: string): string {
  return text.replace(/&(?:amp|lt|gt|#39|#34);/g, (entity) => CHARACTERS[entity] ?? entity);
}
