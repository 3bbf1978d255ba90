import * as vscode from "vscode";
import { QuietClient } from "./client";
import { places } from "./places";
import { findProgram } from "./server";
import { ServerProcess } from "./transport";

export type Phase = "stopped" | "starting" | "running" | "missing" | "failed";

/** What a person should hear about the server. */
export type Trouble = "not-installed" | "setting-wrong" | "variable-wrong" | "did-not-start" | "recovered" | "gave-up";

/** A server that ends more often than this within `WHILE` milliseconds is not started again unasked. */
const RECOVERIES = 3;
const WHILE = 3 * 60_000;

/** One server at a time, from the search for its program to its end. */
export class Lifecycle implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly troubled = new vscode.EventEmitter<Trouble>();
  private readonly ends: number[] = [];
  private current: { readonly client: QuietClient; readonly process: ServerProcess } | undefined;
  private turn: Promise<void> = Promise.resolve();
  private disposed = false;

  readonly onChange = this.changed.event;
  readonly onTrouble = this.troubled.event;
  phase: Phase = "starting";
  program: string | undefined;

  /** `attach` listens to what a new client is told. */
  constructor(private readonly log: vscode.LogOutputChannel, private readonly attach: (client: QuietClient) => void) {}

  /** Everything that starts or changes the server comes through here: activation, a setting, the person, its own end. */
  restart(because: "asked" | "ended" = "asked"): Promise<void> {
    if (because === "asked") this.ends.length = 0;
    this.turn = this.turn.then(async () => {
      await this.stop("starting");
      if (!this.disposed) await this.start();
    });
    return this.turn;
  }

  /** The client while the server answers. */
  get client(): QuietClient | undefined {
    return this.phase === "running" ? this.current?.client : undefined;
  }

  /** The client once a start that is under way is through. Rejects where there is no server. */
  async ready(): Promise<QuietClient> {
    if (!this.client) await this.turn;
    if (!this.client) throw new Error("The tightlip server is not running.");
    return this.client;
  }

  async dispose(): Promise<void> {
    this.disposed = true;
    await this.stop("stopped");
    this.changed.dispose();
    this.troubled.dispose();
  }

  private async stop(next: Phase): Promise<void> {
    const old = this.current;
    this.current = undefined;
    this.become(next);
    if (!old) return;
    await old.client.stop();
    await old.process.end(2000);
  }

  private async start(): Promise<void> {
    const found = await findProgram(places());
    if ("missing" in found) {
      this.program = undefined;
      this.log.error(found.missing === "installation" ? "no program tightlip was found" : `the program that the ${found.missing} names was not found`);
      this.become("missing");
      this.troubled.fire(found.missing === "installation" ? "not-installed" : `${found.missing}-wrong`);
      return;
    }
    this.program = found.program;
    try {
      await this.connect(found.program);
      this.become("running");
      this.log.info(`the server runs: ${found.program} (${found.how}), process ${this.current?.process.id}`);
    } catch {
      this.current = undefined;
      this.become("failed");
      this.troubled.fire("did-not-start");
    }
  }

  private async connect(program: string): Promise<void> {
    const isTraced = (): boolean => vscode.workspace.getConfiguration("tightlip").get("trace.server") === "messages";
    const process = await ServerProcess.start(program, this.log, isTraced).catch((error: NodeJS.ErrnoException) => {
      this.log.error(`${program} cannot be started (${error.code ?? "?"})`);
      throw error;
    });
    void process.ended.then((how) => this.log.info(`process ${process.id} ended (${how})`));
    const client = new QuietClient(process.transports, this.log, () => this.ended(client));
    this.current = { client, process };
    this.attach(client);
    try {
      await client.start();
    } catch (error) {
      void process.end(0);
      throw error;
    }
  }

  /** A server that ended unasked is started again, unless it does so over and over. */
  private ended(client: QuietClient): void {
    if (this.client !== client) return;
    const now = Date.now();
    this.ends.push(now);
    while (now - (this.ends[0] ?? now) > WHILE) this.ends.shift();
    if (this.ends.length > RECOVERIES) {
      this.current = undefined;
      this.become("failed");
      this.troubled.fire("gave-up");
      return;
    }
    void this.restart("ended").then(() => this.client && this.troubled.fire("recovered"));
  }

  private become(phase: Phase): void {
    if (this.phase === phase) return;
    this.phase = phase;
    this.changed.fire();
  }
}
