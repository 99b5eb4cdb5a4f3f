import { z } from "zod";

import { MlopsError } from "../errors/mlops-error.ts";
import { OverloadedError } from "../errors/overloaded-error.ts";
import { defineModel } from "../model/define-model.ts";
import type { Model } from "../model/model.ts";
import type { Priority } from "../scheduling/priority.ts";
import { rows, valuesOfY } from "./fake-backend.fixtures.ts";

/** A request of a schedule. */
export interface SubmitStep {
  readonly type: "submit";
  readonly isAborted: boolean;
  /** Whether every run fails that it is in. */
  readonly isPoison: boolean;
  readonly deadlineMs: number | undefined;
  readonly priority: Priority | undefined;
  readonly rowCount: number;
}

/** One step of a schedule. `choice` picks one of the requests, or of the runs under way. */
export type Step =
  | SubmitStep
  | { readonly type: "abort" | "finish" | "fail"; readonly choice: number }
  | { readonly type: "advance"; readonly byMs: number }
  | { readonly type: "settle" | "close" };

/** What a schedule is played on. */
export interface ScheduleOptions {
  readonly isTyped: boolean;
  readonly supportsParallelRuns: boolean;
  /** The most rows of a batch; 0 when requests do not share runs. */
  readonly maxBatchSize: number;
  readonly maxDelayMs: number;
  readonly maxQueueSize: number;
}

/** What there is to know of one request. */
export interface SubmittedRequest extends SubmitStep {
  /** Its rows, which no other request has, the more the later it came. */
  readonly values: readonly number[];
  readonly controller: AbortController;
  readonly deadline: number;
  readonly rank: number;
  /** How it may end: more than one way only where several causes came before anyone could act on the first. */
  readonly possible: Set<string>;
  /** Whether an answer is certain to have been given. */
  isAnswered: boolean;
  /** Whether it has reached the queue: at once as tensors, after its encoding as a typed input. */
  isQueued: boolean;
  /** When it is certain to have done so. */
  queuedAt: number;
  /** The runs that had begun when it came. */
  readonly runsBefore: number;
  /** The runs that had begun when there was an answer to it: no later one may have its rows. */
  runsUntil: number;
  readonly outcomes: string[];
}

/** A model of lists of numbers, every step of which is asynchronous. */
export const typedModel: Model<number[], unknown[]> = defineModel({
  name: "doubling",
  version: "1",
  artifact: "model.fake",
  input: z.array(z.number()).refine(async () => true),
  encode: async (values) => rows(...values),
  decode: async (outputs) => valuesOfY(outputs),
});

/** What an error is in the words of a schedule. */
export function wordsOf(error: unknown): string {
  if (OverloadedError.isInstance(error)) return `OVERLOADED ${error.reason}`;
  return MlopsError.isInstance(error) ? error.code : `untyped ${String(error)}`;
}
