/** How urgent a request is, against others of the same model. */
export type Priority = "high" | "normal" | "low";

/** All priorities, the most urgent first. */
export const priorities: readonly Priority[] = Object.freeze(["high", "normal", "low"]);

/**
 * The head start of each priority, in milliseconds of waiting: a request goes before every one of
 * the next lower priority that came up to a second earlier, and after those that have waited
 * longer. So priorities order what waits, and nothing starves.
 */
export const headStartMs: Readonly<Record<Priority, number>> = Object.freeze({
  high: 1_000,
  normal: 0,
  low: -1_000,
});
