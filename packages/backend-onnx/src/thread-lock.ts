/** Lets one piece of work run at a time. */
export interface Lock {
  /** Runs `work` when no other work runs, in this thread or another. Those that wait have no fixed order. */
  run<Result>(work: () => Result | Promise<Result>): Promise<Result>;
}

/**
 * The lock that all threads of this process share under `name`.
 *
 * It comes to a worker thread by Node's environment data, so to every thread that is started after
 * the first call, from that thread or one below it. A thread that ends in the middle of its work, as one
 * that is terminated, gives the lock back, if the thread that made the first call has started it. Where
 * there are no worker threads, work is serialised for the caller alone.
 */
export function processLock(name: string): Lock {
  // No import, so that a page's bundle needs no stand-in for it.
  const threads = globalThis.process?.getBuiltinModule?.("node:worker_threads");
  let shared: unknown = threads?.getEnvironmentData(name);
  if (!(shared instanceof SharedArrayBuffer)) {
    shared = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
    threads?.setEnvironmentData(name, shared as SharedArrayBuffer);
    freeAfterLostThreads(new Int32Array(shared as SharedArrayBuffer));
  }
  return new SharedLock(new Int32Array(shared as SharedArrayBuffer), ownerOf(threads?.threadId ?? 0));
}

const free = 0;

/** What is in the cell while a thread has the lock. The main thread's number is 0. */
function ownerOf(threadId: number): number {
  return threadId + 1;
}

function freeAfterLostThreads(cell: Int32Array<SharedArrayBuffer>): void {
  globalThis.process?.on?.("worker", (worker) => {
    // Once it has ended, it has no number any more.
    const owner = ownerOf(worker.threadId);
    worker.once("exit", () => {
      if (Atomics.compareExchange(cell, 0, owner, free) === owner) Atomics.notify(cell, 0, 1);
    });
  });
}

class SharedLock implements Lock {
  readonly #cell: Int32Array<SharedArrayBuffer>;
  readonly #owner: number;

  constructor(cell: Int32Array<SharedArrayBuffer>, owner: number) {
    this.#cell = cell;
    this.#owner = owner;
  }

  async run<Result>(work: () => Result | Promise<Result>): Promise<Result> {
    await this.#take();
    try {
      return await work();
    } finally {
      Atomics.store(this.#cell, 0, free);
      Atomics.notify(this.#cell, 0, 1);
    }
  }

  async #take(): Promise<void> {
    let owner = this.#tryToTake();
    if (owner === free) return;
    // Node ends a thread that waits for nothing but a lock.
    const keepAlive = setInterval(() => {}, longestDelayMs);
    for (; owner !== free; owner = this.#tryToTake()) await atomics().waitAsync(this.#cell, 0, owner).value;
    clearInterval(keepAlive);
  }

  /** Who has the lock; `free` when it is this thread's now. */
  #tryToTake(): number {
    return Atomics.compareExchange(this.#cell, 0, free, this.#owner);
  }
}

const longestDelayMs = 2 ** 31 - 1;

// Node has `waitAsync` since version 16; TypeScript's library of ECMAScript 2023 has not.
const atomics = (): typeof Atomics & WaitAsync => Atomics as typeof Atomics & WaitAsync;

interface WaitAsync {
  waitAsync(cell: Int32Array, index: number, value: number): { readonly value: string | Promise<string> };
}
