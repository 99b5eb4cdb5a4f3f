import type { CostModel } from "./cost-model.ts";
import type { PendingRequest } from "./pending-request.ts";

/** Says who of those in line goes into the next batch. */
export interface BatchChoice {
  /** The most rows; a first request that has more goes by itself. */
  readonly maxRows: number;
  /** What becomes of the next in line, with which the batch would have so many rows. */
  judge(request: PendingRequest, rows: number): Verdict;
}

/** To go into the batch; to wait for the next one, with all that come after; or to be refused. */
export type Verdict = "join" | "wait" | "refuse";

/**
 * The choice where there is time for all: a batch is kept so small that it ends before the
 * tightest deadline in it. Who will come late all the same goes along, and holds up nobody.
 */
export class EverybodyInTime implements BatchChoice {
  readonly maxRows: number;
  readonly #cost: CostModel;
  readonly #now: number;
  #tightest = Infinity;

  constructor(maxRows: number, cost: CostModel, now: number) {
    this.maxRows = maxRows;
    this.#cost = cost;
    this.#now = now;
  }

  judge({ deadline = Infinity }: PendingRequest, rows: number): Verdict {
    const endsAt = this.#now + this.#cost.predictMs(rows);
    if (endsAt > this.#tightest) return "wait";
    if (endsAt <= deadline) this.#tightest = Math.min(this.#tightest, deadline);
    return "join";
  }
}

/**
 * The choice where there is not: the batch that answers the most rows in time for each millisecond
 * that it takes. Whoever would come late by it would by any later one, and is refused. So under
 * overload batches stay as large as the deadlines allow, however little time the first in line has
 * left; if they were cut to that, each would be slower than the requests that come meanwhile, the
 * next in line would have less time still, and it would end with batches of one.
 */
export class MostInTime implements BatchChoice {
  readonly maxRows: number;
  readonly #cost: CostModel;
  readonly #now: number;

  private constructor(maxRows: number, cost: CostModel, now: number) {
    this.maxRows = maxRows;
    this.#cost = cost;
    this.#now = now;
  }

  /** @returns `undefined` when nobody could be answered in time: then there is nothing to choose. */
  static among(
    waiting: Iterable<PendingRequest>,
    maxRows: number,
    cost: CostModel,
    now: number,
  ): MostInTime | undefined {
    // At each size, the rows of those for whom a batch may have that size at most.
    const rowsAt = new Float64Array(maxRows + 1);
    for (const request of waiting) rowsAt[largestInTime(request, maxRows, cost, now)]! += request.rows;
    let best = 0;
    let bestRate = 0;
    let rowsInTime = 0;
    for (let size = maxRows; size >= 1; size -= 1) {
      rowsInTime += rowsAt[size]!;
      const rate = Math.min(rowsInTime, size) / cost.predictMs(size);
      if (rate > bestRate) [best, bestRate] = [size, rate];
    }
    return best === 0 ? undefined : new MostInTime(best, cost, now);
  }

  judge(request: PendingRequest): Verdict {
    return largestInTime(request, this.maxRows, this.#cost, this.#now) === this.maxRows ? "join" : "refuse";
  }
}

/** The most rows, up to `maxRows`, of a batch with this request that ends before its deadline; 0 if none does. */
function largestInTime(
  { rows, deadline }: PendingRequest,
  maxRows: number,
  { perRowMs, fixedMs, deviationMs }: CostModel,
  now: number,
): number {
  if (deadline === undefined) return maxRows;
  const availableMs = deadline - now - caution * deviationMs;
  if (perRowMs * rows + fixedMs > availableMs) return 0;
  if (perRowMs === 0) return maxRows;
  return Math.min(Math.max(Math.floor((availableMs - fixedMs) / perRowMs), 1), maxRows);
}

/** By how many of their usual deviations batches may be late before it matters. */
const caution = 2;
