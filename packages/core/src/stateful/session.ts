import type { Tensor } from "../tensor/tensor.ts";
import type { Step } from "./step.ts";

/** What is kept for one key between its steps. Only a step that succeeded changes it. */
export class StatefulSession {
  readonly key: string;
  /** The state inputs of the next step, by name; `undefined` before the first one has succeeded. */
  states: Readonly<Record<string, Tensor>> | undefined;
  /** The ends of the inputs of the last step, by name. */
  history: Readonly<Record<string, Tensor>> | undefined;
  /** Steps that wait, in their order. */
  readonly waiting: Step[] = [];
  /** Whether one of its steps is running: then no other may begin. */
  isRunning = false;
  /** Milliseconds since the Unix epoch. */
  lastUsedAt: number;

  constructor(key: string, now: number) {
    this.key = key;
    this.lastUsedAt = now;
  }

  /** Whether no step of it waits or runs. */
  get isIdle(): boolean {
    return !this.isRunning && this.waiting.length === 0;
  }
}
