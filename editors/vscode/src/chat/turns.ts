/** What a turn leaves for the next: prompt and answer as the model saw them, so that no value is needed again. */
export interface Turn {
  readonly prompt: string;
  readonly answer: string;
}

/** The turn that an answer's metadata keeps, if it keeps one. */
export function turnOf(metadata: { readonly [key: string]: unknown } | undefined): Turn | undefined {
  const { prompt, answer } = metadata ?? {};
  return typeof prompt === "string" && typeof answer === "string" ? { prompt, answer } : undefined;
}

/** The latest turns that a budget of tokens takes, oldest first. */
export async function latest(turns: readonly Turn[], budget: number, count: (text: string) => Promise<number>): Promise<Turn[]> {
  const kept: Turn[] = [];
  let left = budget;
  for (const turn of [...turns].reverse()) {
    left -= (await count(turn.prompt)) + (await count(turn.answer));
    if (left < 0) break;
    kept.unshift(turn);
  }
  return kept;
}
