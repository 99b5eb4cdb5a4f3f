/** Options of {@link runClosedLoop}. */
export interface ClosedLoopOptions<Answer> {
  /** How many clients there are; each sends its next request when it has the answer to its last. */
  readonly concurrency: number;
  /** No request is started after this many, */
  readonly maxRequests: number;
  /** nor after this time. */
  readonly maxMs: number;
  /** Sends the request of this number, counted from 0. A rejection counts as an error. */
  readonly send: (index: number) => Promise<Answer>;
  /** Says what is wrong with an answer. It runs after the clock has been read. */
  readonly findProblem: (answer: Answer, index: number) => string | undefined;
}

/** What a closed loop came to. */
export interface ClosedLoopResult {
  /** The latency of every good answer, in the order in which they came. */
  readonly latenciesMs: readonly number[];
  /** How many requests were not answered well. */
  readonly errors: number;
  /** What was wrong with the first of them. */
  readonly firstProblem: string | undefined;
  /** From the first request to the last answer. */
  readonly durationMs: number;
}

/**
 * Clients that each wait for their answer before they ask again, until a number of requests or a
 * time is reached.
 */
export async function runClosedLoop<Answer>(options: ClosedLoopOptions<Answer>): Promise<ClosedLoopResult> {
  const { concurrency, maxRequests, maxMs, send, findProblem } = options;
  const latenciesMs: number[] = [];
  let started = 0;
  let errors = 0;
  let firstProblem: string | undefined;
  const startedAt = performance.now();

  const runClient = async (): Promise<void> => {
    while (started < maxRequests && performance.now() - startedAt < maxMs) {
      const index = started;
      started += 1;
      const sentAt = performance.now();
      let problem: string | undefined;
      try {
        const answer = await send(index);
        const latencyMs = performance.now() - sentAt;
        problem = findProblem(answer, index);
        if (problem === undefined) latenciesMs.push(latencyMs);
      } catch (error) {
        problem = error instanceof Error ? error.message : String(error);
      }
      if (problem !== undefined) {
        errors += 1;
        firstProblem ??= problem;
      }
    }
  };

  await Promise.all(Array.from({ length: concurrency }, runClient));
  return { latenciesMs, errors, firstProblem, durationMs: performance.now() - startedAt };
}
