import { CostModel } from "./cost-model.ts";
import type { Lane } from "./lane.ts";

/** What runs cost: in general, and on this thread, which decides whether they stay there. */
export class RunCosts {
  /** What a run costs, wherever it is. */
  readonly overall: CostModel = new CostModel();
  readonly #inline = new CostModel();
  /** The last run in a worker. */
  #lastInWorker = { rows: 0, ms: 0 };

  /** Learns from a run of `rows` rows that took `ms` milliseconds. */
  observe({ kind }: Lane, rows: number, ms: number): void {
    this.overall.observe(rows, ms);
    if (kind === "inline") this.#inline.observe(rows, ms);
    else this.#lastInWorker = { rows, ms };
  }

  /** Milliseconds that so many rows are expected to take on this thread. */
  predictInlineMs(rows: number): number {
    const cost = this.#inline.isTrained ? this.#inline : this.overall;
    // What a worker did with at least as many rows takes no longer here. Without this bound a line
    // that was once too steep would keep batches away from this thread, and so never be corrected.
    const boundMs = rows <= this.#lastInWorker.rows ? this.#lastInWorker.ms : Infinity;
    return Math.min(cost.predictMs(rows), boundMs);
  }
}
