import fc from "fast-check";
import { expect, test } from "vitest";

import { headStartMs, priorities, type Priority } from "./priority.ts";
import { codesOf, SchedulerSetup, type Submission } from "./scheduler.fixtures.ts";

// Random arrivals at a model that computes on this thread: while it runs no timer is called, and
// nobody asks. Timers get their turn between one turn of the event loop and the next.

/** How long a turn takes besides what runs in it; what was due within is heard at its end. */
const turnMs = 1;

interface Arrival {
  readonly afterMs: number;
  readonly priority: Priority | undefined;
  readonly deadlineMs: number | undefined;
  readonly rowCount: number;
  readonly isGivenUp: boolean;
}

interface Served extends Arrival {
  readonly submission: Submission;
  readonly cameAt: number;
  answeredAt: number;
}

const costs = fc.record({
  fixedMs: fc.constantFrom(0, 1, 20),
  perRowMs: fc.constantFrom(0, 0.5, 10),
  maxBatchSize: fc.constantFrom(1, 4, 64),
  maxDelayMs: fc.constantFrom(0, 0, 7),
});

const arrivals: fc.Arbitrary<Arrival[]> = fc.array(
  fc.record({
    afterMs: fc.oneof(
      { weight: 5, arbitrary: fc.nat(12) },
      { weight: 4, arbitrary: fc.constant(0) },
      fc.constantFrom(500, 1_001, 2_100),
    ),
    priority: fc.option(fc.constantFrom(...priorities), { nil: undefined }),
    deadlineMs: fc.option(fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 200 })), {
      nil: undefined,
      freq: 2,
    }),
    rowCount: fc.oneof({ weight: 5, arbitrary: fc.constant(1) }, fc.integer({ min: 2, max: 4 })),
    isGivenUp: fc.nat(19).map((number) => number === 0),
  }),
  { minLength: 1, maxLength: 60, size: "max" },
);

interface Load {
  readonly costs: { fixedMs: number; perRowMs: number; maxBatchSize: number; maxDelayMs: number };
  readonly list: readonly Arrival[];
}

/**
 * Plays the arrivals; each comes at its time, or, where a run was under way, after that. Where
 * `areTimersLate`, as a busy host's are, they are called in each third turn only.
 */
async function play({ costs: { fixedMs, perRowMs, ...options }, list }: Load, areTimersLate = false) {
  const setup = new SchedulerSetup(options);
  const { environment, session } = setup;
  const startedAt: number[] = [];
  const doRun = session.doRun.bind(session);
  session.doRun = (inputs, runOptions) => {
    startedAt.push(environment.now());
    const answer = doRun(inputs, runOptions);
    environment.block(fixedMs + perRowMs * session.heldRuns[0]!.values.length);
    session.heldRuns[0]!.finish();
    return answer;
  };
  let turns = 0;
  const turn = async (byMs: number): Promise<void> => {
    await new Promise<void>((resolve) => setImmediate(resolve));
    turns += 1;
    if (areTimersLate && turns % 3 > 0) environment.block(byMs);
    else environment.advance(byMs);
  };

  const served: Served[] = [];
  let dueAt = environment.now();
  let value = 0;
  for (const arrival of list) {
    dueAt += arrival.afterMs;
    while (environment.now() < dueAt) {
      const isIdle = setup.scheduler.queued === 0 && setup.scheduler.running === 0;
      await turn(isIdle ? dueAt - environment.now() : turnMs);
    }
    const cameAt = environment.now();
    const deadline = arrival.deadlineMs === undefined ? undefined : cameAt + arrival.deadlineMs;
    const controller = new AbortController();
    const values = Array.from({ length: arrival.rowCount }, () => (value += 1));
    const submission = setup.submit(values, {
      priority: arrival.priority,
      deadline,
      signal: controller.signal,
    });
    const request: Served = { ...arrival, submission, cameAt, answeredAt: Number.NaN };
    served.push(request);
    submission.outcomes.push = (...outcomes) => {
      request.answeredAt = environment.now();
      return Array.prototype.push.apply(submission.outcomes, outcomes);
    };
    if (arrival.isGivenUp) controller.abort();
  }
  while (setup.scheduler.queued > 0 || setup.scheduler.running > 0) {
    await turn(turnMs);
  }
  await turn(0);
  return { served, setup, startedAt };
}

const anyLoad: fc.Arbitrary<Load> = fc.record({ costs, list: arrivals });

test("law: one answer to each, its own, and a refusal or a lateness only where there was a deadline", async () => {
  await fc.assert(
    fc.asyncProperty(anyLoad, async (load) => {
      const { served, setup } = await play(load);
      const isFair = ({ submission, isGivenUp, deadlineMs }: Served): boolean => {
        const [code] = codesOf([submission]);
        const own = submission.values.map((value) => 2 * value);
        const codes = [
          isGivenUp && "ABORTED",
          ...(deadlineMs === undefined ? [] : ["OVERLOADED", "DEADLINE_EXCEEDED"]),
        ];
        return (
          submission.outcomes.length === 1 && (String(code) === String(own) || codes.includes(code as string))
        );
      };
      expect(served.filter((request) => !isFair(request))).toEqual([]);
      expect(setup.session.violations).toEqual([]);
      expect(setup.environment.timerCount).toBe(0);
    }),
    { seed: 6, numRuns: 120 },
  );
});

test("law: no deadline is exceeded by more than one batch", async () => {
  await fc.assert(
    fc.asyncProperty(anyLoad, async (load) => {
      const { served } = await play(load);
      const { fixedMs, perRowMs, maxBatchSize } = load.costs;
      const longestMs = fixedMs + perRowMs * maxBatchSize;
      const late = served.filter(
        ({ answeredAt, cameAt, deadlineMs = Infinity }) =>
          answeredAt - cameAt > deadlineMs + longestMs + turnMs,
      );
      expect(late).toEqual([]);
    }),
    { seed: 6, numRuns: 120 },
  );
});

test("law: no run begins for a request whose deadline has passed", async () => {
  await fc.assert(
    fc.asyncProperty(anyLoad, async (load) => {
      const { served, setup, startedAt } = await play(load, true);
      const late = served.filter(({ submission, cameAt, deadlineMs = Infinity }) =>
        setup.batches.some(
          (batch, run) => batch.includes(submission.values[0]!) && startedAt[run]! >= cameAt + deadlineMs,
        ),
      );
      expect(late).toEqual([]);
    }),
    { seed: 6, numRuns: 120 },
  );
});

test("law: first in, first out within a priority, and nobody waits for one who came more than the head start later", async () => {
  await fc.assert(
    fc.asyncProperty(anyLoad, async (load) => {
      const { served, setup } = await play(load);
      const placeOf = new Map(setup.batches.flat().map((value, place) => [value, place]));
      const ran = served.flatMap((request) => {
        const place = placeOf.get(request.submission.values[0]!);
        return place === undefined
          ? []
          : [{ place, rank: request.cameAt - headStartMs[request.priority ?? "normal"], request }];
      });
      const passed = ran.filter(({ place, rank, request }) =>
        // A later one that goes before: by its priority, with a smaller rank, or as an equal of a more urgent kind.
        ran.some(
          (other) =>
            served.indexOf(other.request) > served.indexOf(request) &&
            other.place < place &&
            (other.rank > rank || (other.request.priority ?? "normal") === (request.priority ?? "normal")),
        ),
      );
      expect(passed).toEqual([]);
    }),
    { seed: 6, numRuns: 120 },
  );
});
