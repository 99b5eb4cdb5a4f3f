/** Lets one piece of work run at a time. */
export interface Lock {
  /** Runs `work` when all that asked before, and all that other threads run, has settled. */
  run<Result>(work: () => Result | Promise<Result>): Promise<Result>;
}

/**
 * The lock that all threads of this process share under `name`.
 *
 * It comes to a worker thread by Node's environment data, so to every thread that is started after
 * the first call, from that thread or one below it. Where there are no worker threads, work is
 * serialised for the caller alone.
 */
export function processLock(name: string): Lock {
  // No import, so that a page's bundle needs no stand-in for it.
  const threads = globalThis.process?.getBuiltinModule?.("node:worker_threads");
  let shared: unknown = threads?.getEnvironmentData(name);
  if (!(shared instanceof SharedArrayBuffer)) {
    shared = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
    threads?.setEnvironmentData(name, shared as SharedArrayBuffer);
  }
  return new SharedLock(new Int32Array(shared as SharedArrayBuffer));
}

const free = 0;
const taken = 1;

class SharedLock implements Lock {
  readonly #cell: Int32Array<SharedArrayBuffer>;

  constructor(cell: Int32Array<SharedArrayBuffer>) {
    this.#cell = cell;
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
    if (this.#tryToTake()) return;
    // Node ends a thread that waits for nothing but a lock.
    const keepAlive = setInterval(() => {}, longestDelayMs);
    do await atomics().waitAsync(this.#cell, 0, taken).value;
    while (!this.#tryToTake());
    clearInterval(keepAlive);
  }

  #tryToTake(): boolean {
    return Atomics.compareExchange(this.#cell, 0, free, taken) === free;
  }
}

const longestDelayMs = 2 ** 31 - 1;

// Node has `waitAsync` since version 16; TypeScript's library of ECMAScript 2023 has not.
const atomics = (): typeof Atomics & WaitAsync => Atomics as typeof Atomics & WaitAsync;

interface WaitAsync {
  waitAsync(cell: Int32Array, index: number, value: number): { readonly value: string | Promise<string> };
}
