import { MlopsError } from "../errors/mlops-error.ts";
import { SchedulerSetup, type SchedulerSetupOptions } from "./scheduler.fixtures.ts";

/** Requests that come whether or not the last ones were answered, and a model that takes so long. */
export interface SimulatedLoad extends SchedulerSetupOptions {
  /** Requests of one row in a millisecond, at the times of a Poisson process. */
  readonly perMs: number;
  readonly forMs: number;
  /** Milliseconds of a run of so many rows, the how manieth it is. */
  readonly runMs: (rows: number, run: number) => number;
  /** The options of a request, from uniform random numbers. */
  readonly requestOf: (random: () => number) => { deadlineMs?: number; priority?: "high" | "low" };
  /** What comes before this is not counted. Default 0. */
  readonly countFromMs?: number;
}

/** What a {@link SimulatedLoad} came to. */
export interface SimulatedOutcome {
  /** Rows in a millisecond that were answered in time. */
  readonly goodPerMs: number;
  /** How many requests ended how: `good`, `late` or a code. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** The rows of each run. */
  readonly batches: readonly number[];
}

/** Plays a load on a clock that is moved by hand, so that it is the same on every machine. */
export async function simulate({
  perMs,
  forMs,
  runMs,
  requestOf,
  countFromMs = 0,
  ...options
}: SimulatedLoad): Promise<SimulatedOutcome> {
  const setup = new SchedulerSetup(options);
  const { environment, scheduler } = setup;
  const batches: number[] = [];
  for (const session of setup.sessions) {
    const doRun = session.doRun.bind(session);
    session.doRun = (inputs, runOptions) => {
      const answer = doRun(inputs, runOptions);
      const run = session.runs.pop()!;
      batches.push(run.values.length);
      environment.setTimer(() => run.finish(), runMs(run.values.length, batches.length));
      return answer;
    };
  }
  const random = seededUniform(1);
  const startedAt = environment.now();
  const outcomes: Record<string, number> = {};
  let good = 0;
  let submitted = 0;
  let settledCount = 0;
  const settle = (outcome: string): void => {
    settledCount += 1;
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    if (outcome === "good" && environment.now() >= startedAt + countFromMs) good += 1;
  };
  const submit = (): void => {
    const { deadlineMs = Infinity, priority } = requestOf(random);
    const deadline = environment.now() + deadlineMs;
    const data = Float32Array.of((submitted += 1));
    scheduler
      .submit({
        tensors: { x: { dtype: "float32", shape: [1], data } },
        rows: 1,
        outputs: undefined,
        signal: undefined,
        deadline: deadlineMs === Infinity ? undefined : deadline,
        priority,
      })
      .then(
        () => settle(environment.now() <= deadline ? "good" : "late"),
        (error: unknown) => settle(MlopsError.isInstance(error) ? error.code : "untyped"),
      );
  };
  for (let dueAt = startedAt; environment.now() - startedAt < forMs; environment.advance(1)) {
    for (; dueAt <= environment.now(); dueAt -= Math.log(1 - random()) / perMs) submit();
    // Once for those that this turn has woken, and once for those that wait for the next one.
    for (let turn = 0; turn < 2; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
  }
  const goodPerMs = good / (forMs - countFromMs);
  while (settledCount < submitted) {
    environment.advance(1);
    for (let turn = 0; turn < 2; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
  }
  return { goodPerMs, outcomes, batches };
}

/** Uniform in (0, 1), from a seed (Park and Miller 1988, "Random number generators: good ones are hard to find"). */
function seededUniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
