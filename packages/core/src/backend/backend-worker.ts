/**
 * How a backend is made again in another thread or process.
 *
 * The module at `module` calls `hostBackend(createBackend)` of `@mlops/core/worker`, and
 * `createBackend` is given `config`.
 */
export interface BackendWorker {
  /**
   * The backend's worker entry, an ES module: as a URL that this host can start a worker from, or,
   * in a page, as a function that starts a web worker with it. Bundlers find the entry when that
   * function is `() => new Worker(new URL("./worker.js", import.meta.url), { type: "module" })`,
   * written out.
   */
  readonly module: URL | (() => WebWorker);
  /** What the backend was configured with. It has to survive the structured clone algorithm. */
  readonly config: unknown;
  /**
   * Whether `execution: "auto"` means a worker from the start, because what runs on the caller's
   * thread holds up more than requests: a page. Where none can be started the model runs inline all
   * the same, with a warning. Default false.
   */
  readonly isPreferred?: boolean | undefined;
}

/** The part of a web worker that is used; core does without the DOM's types. */
export interface WebWorker {
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
  addEventListener(
    type: "message" | "messageerror" | "error",
    listener: (event: WebWorkerEvent) => void,
  ): void;
  terminate(): void;
}

/** What is read of a web worker's events. */
interface WebWorkerEvent {
  /** Of a message. */
  readonly data?: unknown;
  /** Of an error, where the host tells it. */
  readonly message?: string;
  readonly error?: unknown;
  preventDefault(): void;
}
