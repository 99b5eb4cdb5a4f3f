/**
 * How a backend is made again in another thread or process.
 *
 * The module at `module` calls `hostBackend(createBackend)` of `@mlops/core/worker`, and
 * `createBackend` is given `config`.
 */
export interface BackendWorker {
  /** The backend's worker entry, an ES module, as a URL that this host can start a worker from. */
  readonly module: URL;
  /** What the backend was configured with. It has to survive the structured clone algorithm. */
  readonly config: unknown;
}
