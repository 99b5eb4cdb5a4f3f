import type { Session } from "../backend/session.ts";
import type { BatchMemory } from "./batch.ts";

/** A session that runs one batch at a time. */
export interface Lane {
  readonly session: Session;
  /** `inline` computes on this thread, the others elsewhere. */
  readonly kind: "inline" | "worker";
  /** Where the inputs of its batches are put together. */
  readonly memory: BatchMemory;
}

/** A batch that looks for a lane. */
export interface LaneRequest {
  /** Rows that could run now. */
  readonly rows: number;
  /** Whether it is one request, with no other waiting or running. */
  readonly isAlone: boolean;
  /** Whether it may have ended the worker that it ran in: what it did there it must not do here. */
  readonly isSuspect: boolean;
  /** Milliseconds that the rows are expected to take in one run; 0 when nothing is known yet. */
  readonly expectedMs: number;
}

/** Where batches run. */
export interface Lanes {
  /** How many batches can run side by side. */
  readonly size: number;
  /** Lanes that are free. */
  readonly freeCount: number;
  /** Called whenever a lane becomes free, or there is another one. */
  onFree: () => void;
  /** Called when there is no lane, and another try to make one has failed: what waits would wait in vain. */
  onStuck: (error: unknown) => void;
  /** Takes a lane for a batch; `undefined` when the batch has to wait for {@link Lanes.onFree}. */
  take(request: LaneRequest): Lane | undefined;
  /** Gives a lane back. */
  free(lane: Lane): void;
  /** Waits for what is under way, and frees every session. */
  release(): Promise<void>;
}
