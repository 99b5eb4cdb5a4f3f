import type { RunOptions } from "../backend/session.ts";
import type { TensorMap } from "../tensor/tensor.ts";

/** One run of a fake backend. */
export interface FakeRun {
  /** Counted from 1, over all sessions of the backend. */
  readonly number: number;
  /** A copy of what came: core uses the memory of a batch again. */
  readonly inputs: TensorMap;
  readonly options: RunOptions;
  readonly state: "held" | "running" | "succeeded" | "failed";
  /** Lets a held run go on. Does nothing for one that is not held. */
  finish(): void;
  /** Fails a run that is under way. */
  fail(error: unknown): void;
}
