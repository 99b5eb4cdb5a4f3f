import { InvalidOptionsError } from "@mlops/core";
import { z } from "zod";

import type { GuardrailEvent } from "../guardrail/guardrail.ts";
import { readJsonLines, type TextSource } from "../ndjson/read-json-lines.ts";

/** A request of the past. A `PredictionEvent` of `@mlops/core` is one, also as JSON. */
export interface RecordedEvent extends GuardrailEvent {
  /** Which version answered. */
  readonly version: string;
  /** When the request came, in milliseconds since the Unix epoch. */
  readonly startedAt: number;
  readonly key?: string | undefined;
  /** Whether the answer turned out to be right. Absent: nobody has said. */
  readonly isCorrect?: boolean | undefined;
}

const schema: z.ZodType<RecordedEvent> = z.object({
  version: z.string(),
  startedAt: z.number(),
  totalMs: z.number(),
  outcome: z.enum(["success", "failure"]),
  output: z.unknown().optional(),
  live: z.unknown().optional(),
  error: z.object({ code: z.string() }).optional(),
  key: z.string().optional(),
  isCorrect: z.boolean().optional(),
});

/**
 * Reads events that were recorded as newline-delimited JSON, such as by
 * `predictor.observe((event) => file.write(JSON.stringify(event) + "\n"))`.
 * What an output has to be as JSON, an array for a typed array, is the recorder's to see to.
 *
 * @throws InvalidOptionsError `INVALID_OPTIONS` with the line that is no event.
 */
export async function* readEvents(source: TextSource): AsyncGenerator<RecordedEvent> {
  for await (const { line, value } of readJsonLines(source)) {
    const result = schema.safeParse(value);
    if (!result.success) {
      const { path, message } = result.error.issues[0]!;
      const place = path.length === 0 ? "" : ` at ${path.map(String).join(".")}`;
      const problem = `has no event in line ${line}${place}: ${message}`;
      throw new InvalidOptionsError({ option: "events", problem, cause: result.error });
    }
    yield result.data;
  }
}
