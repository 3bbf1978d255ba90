/** A message of the protocol as far as a trace may know it: never its parameters or its result, which are the texts of files. */
interface Envelope {
  readonly id?: number | string | null;
  readonly method?: string;
  readonly error?: { readonly code: number };
}

/**
 * One line per message: direction, method, number, duration. The language client's own trace can be made to print
 * parameters, so it stays off.
 */
export class Tracer {
  private readonly asked = new Map<string, { readonly method: string; readonly at: number }>();

  constructor(private readonly write: (line: string) => void) {}

  sent(message: object): void {
    this.note("sent", "received", message);
  }

  received(message: object): void {
    this.note("received", "sent", message);
  }

  private note(way: string, other: string, { id, method, error }: Envelope): void {
    const number = id === undefined || id === null ? "" : ` #${id}`;
    if (method !== undefined) {
      if (number) this.asked.set(way + number, { method, at: Date.now() });
      this.write(`${way} ${method}${number}`);
      return;
    }
    // both sides count for themselves, so an answer belongs to what the other one asked
    const asked = this.asked.get(other + number);
    this.asked.delete(other + number);
    this.write(`${way} answer to ${asked?.method ?? "?"}${number}${error ? `, error ${error.code}` : ""}, ${asked ? Date.now() - asked.at : "?"} ms`);
  }
}
