import * as vscode from "vscode";
import {
  CloseAction,
  type DynamicFeature,
  ErrorAction,
  ExecuteCommandRequest,
  LanguageClient,
  type LanguageClientOptions,
  type MessageTransports,
  ResponseError,
  RevealOutputChannelOn,
  type StaticFeature,
} from "vscode-languageclient/node";
import { Closed } from "./closed";
import type { ServerSettings } from "./protocol";

/** Every text a person may be looking at; not the old side of a diff, which is history and cannot be changed. */
export const SELECTOR: { scheme: string }[] = [
  { scheme: "file" },
  { scheme: "untitled" },
  { scheme: "vscode-notebook-cell" },
  { scheme: "vscode-scm" },
  { scheme: "chatSessionInput" },
];

/** The language client without its own windows, its own commands, and anything that could write a text into the log. */
export class QuietClient extends LanguageClient {
  /** Whether files that are not open are asked about: only once a person wanted the workspace looked through. */
  scanned = false;

  /** `whenClosed` is called when the connection ends unasked. */
  constructor(transports: MessageTransports, private readonly channel: vscode.LogOutputChannel, whenClosed: () => void) {
    super("tightlip", "tightlip", () => Promise.resolve(transports), options(channel, whenClosed, () => this.scanned));
  }

  /** Commands are registered by the parts of the extension that own them. */
  override registerFeature(feature: StaticFeature | DynamicFeature<unknown>): void {
    const method = "registrationType" in feature ? feature.registrationType.method : undefined;
    if (method !== ExecuteCommandRequest.method) super.registerFeature(feature);
  }

  /** An error's words and stack may quote a message, and a message holds texts; its code is a number. */
  override error(message: string, data?: unknown): void {
    this.channel.error(data instanceof ResponseError ? `${message} (${data.code})` : message);
  }

  override warn(message: string): void {
    this.channel.warn(message);
  }

  override info(message: string): void {
    this.channel.info(message);
  }

  override debug(message: string): void {
    this.channel.debug(message);
  }

  override trace(): void {}

  /** A client that never came up cannot be stopped, and need not be. */
  override async stop(timeout?: number): Promise<void> {
    await super.stop(timeout).catch(() => undefined);
  }
}

/** The server's own notifications that this client does something with. */
const HANDLED = ["status", "policy", "copyText", "openText"];

/** What the server reads of the settings. */
export function serverSettings(): ServerSettings {
  const settings = vscode.workspace.getConfiguration("tightlip");
  return {
    debounce: settings.get("debounce", 50),
    deep: settings.get("deep", true),
    codeLens: settings.get("codeLens", true),
    untitled: settings.get("untitled", true),
  };
}

function options(channel: vscode.LogOutputChannel, whenClosed: () => void, scanned: () => boolean): LanguageClientOptions {
  const closed = new Closed();
  return {
    documentSelector: SELECTOR,
    outputChannel: channel,
    traceOutputChannel: neverTracing(channel),
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    initializationOptions: () => ({ settings: serverSettings(), trusted: vscode.workspace.isTrusted, notifications: HANDLED, diagnosticsInHover: true }),
    synchronize: { configurationSection: "tightlip" },
    diagnosticPullOptions: { onChange: true, onSave: true, onFocus: true },
    middleware: {
      didOpen: (document, next) => {
        closed.open(document);
        return next(document);
      },
      didClose: (document, next) => {
        closed.close(document);
        return next(document);
      },
      provideWorkspaceDiagnostics: (known, token, report, next) => {
        if (scanned()) return next(known, token, report);
        report({ items: closed.reports() });
        return { items: [] };
      },
    },
    initializationFailedHandler: () => false,
    errorHandler: {
      error: () => ({ action: ErrorAction.Shutdown, message: "a message could not be read or written", handled: true }),
      closed: () => {
        whenClosed();
        return { action: CloseAction.DoNotRestart, message: "the connection to the server ended", handled: true };
      },
    },
  };
}

/** The log as the language client's tracer sees it: at a level at which it writes nothing. */
function neverTracing(channel: vscode.LogOutputChannel): vscode.LogOutputChannel {
  return new Proxy(channel, {
    get(target, name) {
      if (name === "logLevel") return vscode.LogLevel.Info;
      if (name === "onDidChangeLogLevel") return () => new vscode.Disposable(() => undefined);
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}
