import { type ChildProcess, spawn } from "node:child_process";
import { homedir } from "node:os";
import { createInterface } from "node:readline";
import type * as vscode from "vscode";
import { type DataCallback, type Disposable, type Message, type MessageTransports, StreamMessageReader, StreamMessageWriter } from "vscode-languageclient/node";
import { Tracer } from "./trace";

/** A server's process and the way to talk to it. */
export class ServerProcess {
  /** How it ended: "code 1", "signal SIGKILL". */
  readonly ended: Promise<string>;

  private constructor(private readonly process: ChildProcess, readonly transports: MessageTransports) {
    this.ended = new Promise((resolve) => process.once("exit", (code, signal) => resolve(signal ? `signal ${signal}` : `code ${code}`)));
  }

  /** Rejects when the program cannot be started. */
  static async start(program: string, log: vscode.LogOutputChannel, isTraced: () => boolean): Promise<ServerProcess> {
    // its folder is not one of the workspace: what is checked must not be able to choose its checker
    const child = spawn(program, ["server"], { cwd: homedir(), stdio: ["pipe", "pipe", "pipe"] });
    const tracer = new Tracer((line) => isTraced() && log.info(line));
    const started = new ServerProcess(child, {
      reader: new TracedReader(child.stdout, tracer),
      writer: new TracedWriter(child.stdin, tracer),
    });
    createInterface({ input: child.stderr }).on("line", (line) => log.warn(line.slice(0, 500)));
    await new Promise<void>((resolve, reject) => child.once("spawn", resolve).once("error", reject));
    return started;
  }

  get id(): number | undefined {
    return this.process.pid;
  }

  /** Ends a process that has not ended by itself. */
  async end(patience: number): Promise<void> {
    const slow = setTimeout(() => this.process.kill("SIGKILL"), patience);
    await this.ended;
    clearTimeout(slow);
  }
}

class TracedReader extends StreamMessageReader {
  constructor(stream: NodeJS.ReadableStream, private readonly tracer: Tracer) {
    super(stream);
  }

  override listen(callback: DataCallback): Disposable {
    return super.listen((message) => {
      this.tracer.received(message);
      callback(message);
    });
  }
}

class TracedWriter extends StreamMessageWriter {
  constructor(stream: NodeJS.WritableStream, private readonly tracer: Tracer) {
    super(stream);
  }

  override write(message: Message): Promise<void> {
    this.tracer.sent(message);
    return super.write(message);
  }
}
