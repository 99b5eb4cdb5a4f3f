/** A load. */
export interface Scenario {
  readonly name: string;
  readonly concurrency: number;
  readonly maxRequests: number;
  readonly maxMs: number;
  /** How long the same load runs before it is measured; 0 for none. */
  readonly warmUpMs: number;
}

/** The paper's measurement: 100 requests, one after the other, to a server that has just started. */
const hundredRequests: Scenario = {
  name: "100 requests",
  concurrency: 1,
  maxRequests: 100,
  maxMs: 60_000,
  warmUpMs: 0,
};

/** The loads of a run. A quick one is for finding out whether everything works, not how fast it is. */
export function createScenarios({ quick }: { readonly quick: boolean }): Scenario[] {
  const limits = quick
    ? { maxRequests: 200, maxMs: 1000, warmUpMs: 20 }
    : { maxRequests: 100_000, maxMs: 2000, warmUpMs: 300 };
  const closedLoops = [1, 16, 64].map((concurrency) => ({
    name: `${concurrency} at once`,
    concurrency,
    ...limits,
  }));
  return [hundredRequests, ...closedLoops];
}
