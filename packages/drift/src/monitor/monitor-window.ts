/** Which rows a monitor judges together. */
export type MonitorWindow = RowWindow | SlidingWindow | TimeWindow;

/** Rows 1 to n, then the next n, and so on: each row is judged once. */
export interface RowWindow {
  /** Rows per window, a whole number from 1. */
  readonly rows: number;
  readonly sliding?: false;
}

/** The latest rows, judged again and again while they move on. */
export interface SlidingWindow {
  /** Rows in the window, a whole number from 1. Nothing is judged before it is full. */
  readonly rows: number;
  readonly sliding: true;
  /** After how many rows it is judged again, a whole number from 1. By default a tenth of `rows`. */
  readonly every?: number;
}

/**
 * Spans of time that follow each other from the Unix epoch on, so that every process has the same ones.
 * They end by the clock, at the next row or question after their end: the monitor starts no timer.
 */
export interface TimeWindow {
  /** Milliseconds per window, a whole number from 1. */
  readonly ms: number;
  /** For how long after its end a window still takes rows that come late. By default 0. */
  readonly lateMs?: number;
  /**
   * Whether windows are only counted here, and judged over all replicas by `collect`. By default
   * false.
   */
  readonly shared?: boolean;
}

/** A {@link MonitorWindow} with its defaults, checked. */
export type ResolvedWindow =
  | { readonly kind: "rows"; readonly rows: number }
  | { readonly kind: "sliding"; readonly rows: number; readonly every: number }
  | { readonly kind: "time"; readonly ms: number; readonly lateMs: number; readonly shared: boolean };
