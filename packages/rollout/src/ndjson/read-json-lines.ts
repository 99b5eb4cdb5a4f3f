/** Text in pieces: a file's stream, a response's body, or strings. */
export type TextSource = AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;

/** A line and where it stands. */
export interface JsonLine {
  /** From 1. */
  readonly line: number;
  /** Its value; `undefined` where it is no JSON. */
  readonly value: unknown;
}

/** Reads newline-delimited JSON. Lines without anything are passed over. */
export async function* readJsonLines(source: TextSource): AsyncGenerator<JsonLine> {
  const decoder = new TextDecoder();
  let rest = "";
  let line = 0;
  for await (const piece of source) {
    const parts = (
      rest + (typeof piece === "string" ? piece : decoder.decode(piece, { stream: true }))
    ).split("\n");
    rest = parts.pop()!;
    for (const text of parts) {
      line += 1;
      if (text.trim() !== "") yield { line, value: parse(text) };
    }
  }
  rest += decoder.decode();
  if (rest.trim() !== "") yield { line: line + 1, value: parse(rest) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
