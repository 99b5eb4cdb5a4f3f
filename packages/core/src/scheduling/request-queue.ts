import type { BatchChoice } from "./batch-choice.ts";
import type { PendingRequest } from "./pending-request.ts";
import { type Priority, priorities } from "./priority.ts";

/** What {@link RequestQueue.takeBatch} took out. */
export interface TakenBatch {
  /** Those to run together. */
  readonly joined: readonly PendingRequest[];
  /** Those that were before them in the line, and would come late. */
  readonly refused: readonly PendingRequest[];
}

/**
 * Requests that wait, by batch key and priority. Within a key and a priority they leave in the
 * order in which they came; between priorities, by their rank ({@link PendingRequest.rank}).
 */
export class RequestQueue {
  readonly #byKey = new Map<string | symbol, Record<Priority, Fifo>>();
  readonly #rowsOf: Record<Priority, number> = { high: 0, normal: 0, low: 0 };
  readonly #sizeOf: Record<Priority, number> = { high: 0, normal: 0, low: 0 };

  /** Rows of all that wait. */
  get rows(): number {
    return this.#rowsOf.high + this.#rowsOf.normal + this.#rowsOf.low;
  }

  /** Requests that wait. */
  get size(): number {
    return this.#sizeOf.high + this.#sizeOf.normal + this.#sizeOf.low;
  }

  /** What goes before a new request of that priority, but for those that have aged. */
  before(priority: Priority): { readonly rows: number; readonly size: number } {
    let rows = 0;
    let size = 0;
    for (const other of priorities) {
      rows += this.#rowsOf[other];
      size += this.#sizeOf[other];
      if (other === priority) break;
    }
    return { rows, size };
  }

  add(request: PendingRequest): void {
    let lines = this.#byKey.get(request.batchKey);
    if (lines === undefined) {
      lines = { high: new Fifo(), normal: new Fifo(), low: new Fifo() };
      this.#byKey.set(request.batchKey, lines);
    }
    lines[request.priority].push(request);
    this.#rowsOf[request.priority] += request.rows;
    this.#sizeOf[request.priority] += 1;
  }

  /** Takes account of a request that was settled while it waited; it is dropped when its turn comes. */
  forget(request: PendingRequest): void {
    this.#byKey.get(request.batchKey)?.[request.priority].forget();
    this.#discount(request);
    // Nobody looks into an empty queue.
    if (this.size === 0) this.#byKey.clear();
  }

  #discount({ priority, rows }: PendingRequest): void {
    this.#rowsOf[priority] -= rows;
    this.#sizeOf[priority] -= 1;
  }

  /** The request whose turn it is. */
  peek(now: number): PendingRequest | undefined {
    let first: PendingRequest | undefined;
    for (const [key, lines] of this.#byKey) {
      const head = headOf(lines, now);
      // A key whose requests have gone is not kept: there may be ever new ones.
      if (head === undefined) this.#byKey.delete(key);
      else if (first === undefined || head.rank < first.rank) first = head;
    }
    return first;
  }

  /** Takes all that wait. */
  takeAll(): PendingRequest[] {
    const all: PendingRequest[] = [];
    for (let first = this.peek(-Infinity); first !== undefined; first = this.peek(-Infinity))
      all.push(this.take(first));
    return all;
  }

  /** The rows that could go into one batch with the request whose turn it is, counted up to `limit`. */
  batchableRows(request: PendingRequest, limit: number): number {
    const lines = this.#byKey.get(request.batchKey);
    let rows = 0;
    for (const priority of priorities) rows += lines?.[priority].countRows(limit - rows) ?? 0;
    return rows;
  }

  /** Those that could go into one batch with the request whose turn it is, and that one; not in order. */
  *batchable(request: PendingRequest): Iterable<PendingRequest> {
    const lines = this.#byKey.get(request.batchKey);
    if (lines !== undefined) for (const priority of priorities) yield* lines[priority].waiting();
  }

  /** Takes the request out whose turn it is. */
  take(first: PendingRequest): PendingRequest {
    this.#byKey.get(first.batchKey)![first.priority].shift();
    this.#discount(first);
    return first;
  }

  /** Takes a batch out, in the order of the ranks, from `first` on. */
  takeBatch(first: PendingRequest, choice: BatchChoice, now: number): TakenBatch {
    const joined: PendingRequest[] = [];
    const refused: PendingRequest[] = [];
    const lines = this.#byKey.get(first.batchKey)!;
    let rows = 0;
    for (let head = headOf(lines, now); head !== undefined; head = headOf(lines, now)) {
      const together = rows + head.rows;
      if (joined.length > 0 && together > choice.maxRows) break;
      const verdict = choice.judge(head, together);
      if (verdict === "wait") break;
      lines[head.priority].shift();
      this.#discount(head);
      if (verdict === "refuse") refused.push(head);
      else {
        joined.push(head);
        rows = together;
      }
    }
    return { joined, refused };
  }

  /** The smallest of what `valueOf` gives for those that wait. */
  min(valueOf: (request: PendingRequest) => number): number {
    let smallest = Infinity;
    for (const lines of this.#byKey.values()) {
      for (const priority of priorities) smallest = Math.min(smallest, lines[priority].min(valueOf));
    }
    return smallest;
  }
}

function headOf(lines: Record<Priority, Fifo>, now: number): PendingRequest | undefined {
  let first: PendingRequest | undefined;
  for (const priority of priorities) {
    const head = lines[priority].peek(now);
    if (head !== undefined && (first === undefined || head.rank < first.rank)) first = head;
  }
  return first;
}

/** First in, first out, without moving the rest; those already settled are passed over. */
class Fifo {
  #requests: PendingRequest[] = [];
  #head = 0;
  /** How many of those in the line are settled. */
  #settledCount = 0;

  push(request: PendingRequest): void {
    // Those given up behind one that waits on must not gather without end.
    if (this.#settledCount >= 64 && this.#settledCount * 2 > this.#requests.length - this.#head) {
      this.#requests = this.#requests.slice(this.#head).filter(({ isSettled }) => !isSettled);
      this.#head = 0;
      this.#settledCount = 0;
    }
    this.#requests.push(request);
  }

  forget(): void {
    this.#settledCount += 1;
  }

  peek(now: number): PendingRequest | undefined {
    while (this.#requests[this.#head]?.isOver(now)) {
      this.#settledCount -= 1;
      this.#advance();
    }
    return this.#requests[this.#head];
  }

  shift(): void {
    this.#advance();
  }

  *waiting(): Iterable<PendingRequest> {
    for (let index = this.#head; index < this.#requests.length; index += 1) {
      const request = this.#requests[index]!;
      if (!request.isSettled) yield request;
    }
  }

  countRows(limit: number): number {
    let rows = 0;
    for (let index = this.#head; index < this.#requests.length && rows < limit; index += 1) {
      const request = this.#requests[index]!;
      if (!request.isSettled) rows += request.rows;
    }
    return rows;
  }

  min(valueOf: (request: PendingRequest) => number): number {
    let smallest = Infinity;
    for (let index = this.#head; index < this.#requests.length; index += 1) {
      const request = this.#requests[index]!;
      if (!request.isSettled) smallest = Math.min(smallest, valueOf(request));
    }
    return smallest;
  }

  #advance(): void {
    this.#head += 1;
    if (this.#head === this.#requests.length) {
      this.#requests.length = 0;
      this.#head = 0;
      return;
    }
    if (this.#head < 64 || this.#head * 2 < this.#requests.length) return;
    this.#requests = this.#requests.slice(this.#head);
    this.#head = 0;
  }
}
