import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import { FakeEnvironment } from "../predictor/fake-environment.fixtures.ts";
import { PendingRequest } from "./pending-request.ts";
import { type Priority } from "./priority.ts";
import { RequestQueue } from "./request-queue.ts";

/** What a request in a {@link QueueSetup} is made with; by default one row, normal, of the key `k`. */
export interface QueuedOptions {
  readonly key?: string;
  readonly priority?: Priority | undefined;
  readonly rows?: number;
  /** Milliseconds from now. */
  readonly deadlineMs?: number;
}

/** A queue on a fake clock, and the names of what is in it. */
export class QueueSetup {
  readonly environment: FakeEnvironment = new FakeEnvironment();
  readonly queue: RequestQueue = new RequestQueue();
  readonly #names = new WeakMap<PendingRequest, string>();
  readonly #controllers = new Map<string, AbortController>();

  add(name: string, { key = "k", priority, rows = 1, deadlineMs }: QueuedOptions = {}): PendingRequest {
    const controller = new AbortController();
    const deadline = deadlineMs === undefined ? undefined : this.environment.now() + deadlineMs;
    const request = { tensors: {}, rows, outputs: undefined, signal: controller.signal, deadline, priority };
    const pending = new PendingRequest(request, key, this.environment, ignore, ignore);
    pending.onGivenUp = (given) => this.queue.forget(given);
    this.queue.add(pending);
    this.#names.set(pending, name);
    this.#controllers.set(name, controller);
    return pending;
  }

  abort(name: string): void {
    this.#controllers.get(name)!.abort();
  }

  /** The name of the one whose turn it is. */
  peek(): string | undefined {
    const first = this.queue.peek(this.environment.now());
    return first && this.#names.get(first);
  }

  /** The names of the next batch; none of an empty queue. */
  take(maxRows = 1): string[] {
    const now = this.environment.now();
    const first = this.queue.peek(now);
    if (first === undefined) return [];
    const choice = { maxRows, judge: () => "join" as const };
    return this.queue.takeBatch(first, choice, now).joined.map((request) => this.#names.get(request)!);
  }

  /** The names of all batches until the queue is empty. */
  takeAll(maxRows = 1): string[][] {
    const batches: string[][] = [];
    for (let batch = this.take(maxRows); batch.length > 0; batch = this.take(maxRows)) batches.push(batch);
    return batches;
  }
}

/** How many of them are still in memory after all that can be freed is. */
export async function countKept(references: readonly WeakRef<object>[]): Promise<number> {
  // What a reference was made of stays until the end of that turn.
  await new Promise<void>((resolve) => setImmediate(resolve));
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  return references.filter((reference) => reference.deref() !== undefined).length;
}

function ignore(): void {}
