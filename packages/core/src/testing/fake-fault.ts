/** Something that goes wrong once, at the load or run with the given number. */
export type FakeFault = {
  /** Which of the backend's loads or runs, counted from 1 in the order in which they begin. */
  readonly number: number;
} & (
  | {
      readonly on: "load" | "run";
      /** It fails with `error`, or a plain `Error` that says so. */
      readonly action: "fail";
      readonly error?: unknown;
    }
  | {
      readonly on: "load" | "run";
      /** It takes longer by `delayMs`, by the backend's clock. */
      readonly action: "slow";
      readonly delayMs: number;
    }
  | {
      readonly on: "load" | "run";
      /**
       * It never ends: a load as a download that stalls, which ends when its signal is aborted; a
       * run as native code that does not come back, which heeds nothing.
       */
      readonly action: "hang";
    }
  | {
      readonly on: "run";
      /** The worker dies: it and all other runs under way fail with `WORKER_LOST`. Later ones succeed. */
      readonly action: "crash";
    }
);
