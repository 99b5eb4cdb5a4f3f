import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { FakeEnvironment } from "../predictor/fake-environment.fixtures.ts";
import { type CoreBudget, type CoreRun, type CoreShare, createCoreBudget } from "./core-budget.ts";

/** A clock whose turns of the event loop are run by hand, so that thousands take no time. */
class TurnEnvironment extends FakeEnvironment {
  #turns: (() => void)[] = [];

  override nextTurn(callback: () => void): void {
    this.#turns.push(callback);
  }

  runTurns(): void {
    while (this.#turns.length > 0) {
      const callbacks = this.#turns;
      this.#turns = [];
      for (const callback of callbacks) callback();
    }
  }
}

/** A model with lanes and a queue, as the scheduler drives them. */
class FakeModel {
  /** Run time that it has had. */
  servedMs = 0;
  /** How long each request waited for its run. */
  readonly waitsMs: number[] = [];
  readonly runs: { readonly run: CoreRun; readonly startedAt: number; readonly endsAt: number }[] = [];
  readonly #environment: TurnEnvironment;
  readonly #share: CoreShare;
  readonly #runMs: () => number;
  readonly #lanes: number;
  readonly #queue: number[] = [];

  constructor(
    environment: TurnEnvironment,
    budget: CoreBudget,
    { runMs, weight = 1, threads = budget.threadsPerRun, lanes = 1 }: FakeModelOptions,
  ) {
    this.#environment = environment;
    this.#runMs = runMs;
    this.#lanes = lanes;
    this.#share = budget.join({ weight, threads, environment, onTurn: () => this.#plan() });
  }

  ask(requests: number): void {
    for (let count = 0; count < requests; count += 1) this.#queue.push(this.#environment.now());
    this.#plan();
  }

  /** Forgets its requests, as when all of them are aborted. */
  giveUp(): void {
    this.#queue.length = 0;
  }

  leave(): void {
    this.#share.leave();
  }

  #plan(): void {
    this.#environment.nextTurn(() => this.#dispatch());
  }

  #dispatch(): void {
    while (this.#queue.length > 0 && this.runs.length < this.#lanes) {
      const run = this.#share.tryStart();
      if (run === undefined) return;
      const now = this.#environment.now();
      this.waitsMs.push(now - this.#queue.shift()!);
      this.runs.push({ run, startedAt: now, endsAt: now + this.#runMs() });
    }
  }

  /** Ends what is due. */
  endDue(): void {
    const now = this.#environment.now();
    for (const ended of this.runs.filter(({ endsAt }) => endsAt <= now)) {
      this.runs.splice(this.runs.indexOf(ended), 1);
      this.servedMs += now - ended.startedAt;
      this.#plan();
      ended.run.end();
    }
  }
}

interface FakeModelOptions {
  readonly runMs: () => number;
  readonly weight?: number;
  readonly threads?: number;
  readonly lanes?: number;
}

/** Lets the models run until none does, or `untilMs` has passed; looks after each end. */
function play(
  environment: TurnEnvironment,
  models: readonly FakeModel[],
  { untilMs = Infinity, onEnd = () => {} }: { readonly untilMs?: number; readonly onEnd?: () => void } = {},
): void {
  const stopAt = environment.now() + untilMs;
  for (;;) {
    environment.runTurns();
    const nextEnd = Math.min(...models.flatMap(({ runs }) => runs.map(({ endsAt }) => endsAt)));
    if (nextEnd === Infinity || nextEnd > stopAt) break;
    environment.advance(nextEnd - environment.now());
    for (const model of models) model.endDue();
    onEnd();
  }
}

const durations = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 8 });
const weights = fc.constantFrom(0.5, 1, 2, 3);

/** Repeats a list for ever. */
const cycle = (list: readonly number[]): (() => number) => {
  let index = 0;
  return () => list[index++ % list.length]!;
};

describe("models that all have more to do than there are cores", () => {
  test("get run time by their weights, within one run at any moment", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ durations, weight: weights }), { minLength: 2, maxLength: 6 }),
        (list) => {
          const environment = new TurnEnvironment();
          const budget = createCoreBudget({ cores: 4, maxTurnMs: Infinity });
          const models = list.map(
            ({ durations: runs, weight }) =>
              new FakeModel(environment, budget, { runMs: cycle(runs), weight }),
          );
          const longest = Math.max(...list.map(({ durations: runs, weight }) => Math.max(...runs) / weight));
          for (const model of models) model.ask(1e4);
          play(environment, models, {
            untilMs: 5_000,
            onEnd() {
              const shares = models.map(({ servedMs }, index) => servedMs / list[index]!.weight);
              expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(longest + 1e-6);
            },
          });
          // None of the time was left unused.
          const total = models.reduce((sum, { servedMs }) => sum + servedMs, 0);
          expect(total).toBeGreaterThanOrEqual(4_900);
        },
      ),
      { numRuns: 60, seed: 1 },
    );
  });

  test("never use more cores than there are, and leave none unused that one could use", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.array(
          fc.record({
            durations,
            threads: fc.integer({ min: 1, max: 10 }),
            lanes: fc.integer({ min: 1, max: 3 }),
          }),
          { minLength: 1, maxLength: 5 },
        ),
        (cores, list) => {
          const environment = new TurnEnvironment();
          const budget = createCoreBudget({ cores, maxTurnMs: Infinity });
          const models = list.map(
            ({ durations: runs, threads, lanes }) =>
              new FakeModel(environment, budget, { runMs: cycle(runs), threads, lanes }),
          );
          for (const model of models) model.ask(20);
          play(environment, models, {
            onEnd() {
              environment.runTurns();
              const used = models.map(
                ({ runs }, index) => runs.length * Math.min(list[index]!.threads, cores),
              );
              expect(used.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(cores);
            },
          });
          // Everybody has had all their runs: nobody starved, and no turn was lost.
          expect(models.map(({ waitsMs }) => waitsMs.length)).toEqual(list.map(() => 20));
        },
      ),
      { numRuns: 100, seed: 2 },
    );
  });

  test("side by side on their own cores share by run time, too", () => {
    fc.assert(
      fc.property(fc.array(durations, { minLength: 3, maxLength: 6 }), (list) => {
        const environment = new TurnEnvironment();
        const budget = createCoreBudget({ cores: 2, threadsPerRun: 1, maxTurnMs: Infinity });
        const models = list.map((runs) => new FakeModel(environment, budget, { runMs: cycle(runs) }));
        for (const model of models) model.ask(1e4);
        play(environment, models, { untilMs: 5_000 });
        const longest = Math.max(...list.flat());
        const served = models.map(({ servedMs }) => servedMs);
        expect(Math.max(...served) - Math.min(...served)).toBeLessThanOrEqual(2 * longest);
      }),
      { numRuns: 60, seed: 3 },
    );
  });
});

describe("a light model among heavy ones", () => {
  test("waits for one of their runs at most, whenever it comes", () => {
    fc.assert(
      fc.property(
        fc.array(durations, { minLength: 1, maxLength: 4 }),
        // Light: it asks for less than any share of the time would give it.
        fc.array(fc.integer({ min: 150, max: 400 }), { minLength: 1, maxLength: 20 }),
        (heavyRuns, gapsMs) => {
          const environment = new TurnEnvironment();
          const budget = createCoreBudget({ cores: 4, maxTurnMs: Infinity });
          const heavy = heavyRuns.map((runs) => new FakeModel(environment, budget, { runMs: cycle(runs) }));
          const light = new FakeModel(environment, budget, { runMs: () => 1 });
          const models = [...heavy, light];
          for (const model of heavy) model.ask(1e4);
          for (const gapMs of gapsMs) {
            const comesAt = environment.now() + gapMs;
            play(environment, models, { untilMs: gapMs });
            environment.advance(comesAt - environment.now());
            light.ask(1);
          }
          play(environment, models, { untilMs: 1_000 });
          expect(light.waitsMs).toHaveLength(gapsMs.length);
          expect(Math.max(...light.waitsMs)).toBeLessThanOrEqual(Math.max(...heavyRuns.flat()));
        },
      ),
      { numRuns: 60, seed: 4 },
    );
  });

  test("saves nothing up while it is idle", () => {
    const environment = new TurnEnvironment();
    const budget = createCoreBudget({ cores: 1, maxTurnMs: Infinity });
    const busy = new FakeModel(environment, budget, { runMs: () => 10 });
    const idle = new FakeModel(environment, budget, { runMs: () => 10 });
    const models = [busy, idle];
    idle.ask(1);
    busy.ask(1e4);
    play(environment, models, { untilMs: 10_000 });
    const before = busy.servedMs;
    idle.ask(1e4);
    play(environment, models, { untilMs: 1_000 });
    expect(Math.abs(busy.servedMs - before - 500)).toBeLessThanOrEqual(10);
  });

  test("begins beside a run that takes longer than a turn, or that never ends", () => {
    const environment = new TurnEnvironment();
    const budget = createCoreBudget({ cores: 4, maxTurnMs: 20 });
    const hanging = new FakeModel(environment, budget, { runMs: () => Infinity });
    const light = new FakeModel(environment, budget, { runMs: () => 1 });
    hanging.ask(1);
    environment.runTurns();
    environment.advance(5);
    light.ask(3);
    environment.runTurns();
    expect([light.runs.length, environment.timerCount]).toEqual([0, 1]);
    environment.advance(14);
    environment.runTurns();
    expect(light.runs).toHaveLength(0);
    environment.advance(1);
    play(environment, [light]);
    expect(light.waitsMs).toEqual([15, 16, 17]);
    expect(environment.timerCount).toBe(0);
  });
});

test("a run that ends when it is overdue gives its cores back once", () => {
  const environment = new TurnEnvironment();
  const budget = createCoreBudget({ cores: 1, maxTurnMs: 20 });
  const long = new FakeModel(environment, budget, { runMs: cycle([30]) });
  const others = [1, 2].map(() => new FakeModel(environment, budget, { runMs: () => 15 }));
  const models = [long, ...others];
  long.ask(1);
  environment.runTurns();
  for (const model of others) model.ask(1);
  environment.runTurns();
  environment.advance(20);
  environment.runTurns();
  expect(models.map(({ runs }) => runs.length)).toEqual([1, 0, 1]);
  environment.advance(10);
  long.endDue();
  environment.runTurns();
  expect(models.map(({ runs }) => runs.length)).toEqual([0, 0, 1]);
  play(environment, models);
  expect(models.map(({ servedMs }) => servedMs)).toEqual([30, 15, 15]);
});

test("a run that is under way counts for what it has taken so far", () => {
  const environment = new TurnEnvironment();
  const budget = createCoreBudget({ cores: 2, threadsPerRun: 1, maxTurnMs: Infinity });
  const wide = new FakeModel(environment, budget, { runMs: cycle([1_000, 1]), lanes: 2 });
  const narrow = new FakeModel(environment, budget, { runMs: () => 10 });
  for (const model of [wide, narrow]) model.ask(1e4);
  play(environment, [wide, narrow], { untilMs: 900 });
  // One core is the long run's, so that the other is the other model's.
  expect(narrow.servedMs).toBeGreaterThanOrEqual(870);
});

describe("a turn", () => {
  test("that is not taken goes to the next one", () => {
    const environment = new TurnEnvironment();
    const budget = createCoreBudget({ cores: 1, maxTurnMs: Infinity });
    const [first, second, third] = [1, 2, 3].map(
      () => new FakeModel(environment, budget, { runMs: () => 10 }),
    ) as [FakeModel, FakeModel, FakeModel];
    first.ask(1);
    environment.runTurns();
    for (const model of [second, third]) model.ask(1);
    environment.runTurns();
    third.giveUp();
    play(environment, [first, second, third]);
    expect([first, second, third].map(({ waitsMs }) => waitsMs)).toEqual([[0], [10], []]);
    third.ask(1);
    play(environment, [third]);
    expect(third.waitsMs).toEqual([0]);
  });

  test("of a model that leaves goes to the next one, too", () => {
    const environment = new TurnEnvironment();
    const budget = createCoreBudget({ cores: 1, maxTurnMs: 20 });
    const [first, second, third] = [1, 2, 3].map(
      () => new FakeModel(environment, budget, { runMs: () => 10 }),
    ) as [FakeModel, FakeModel, FakeModel];
    first.ask(1);
    environment.runTurns();
    for (const model of [second, third]) model.ask(1);
    environment.runTurns();
    third.giveUp();
    third.leave();
    play(environment, [first, second, third]);
    expect(second.waitsMs).toEqual([10]);
    expect(environment.timerCount).toBe(0);
  });

  test("is never waited for by a model that is alone", () => {
    const environment = new TurnEnvironment();
    const budget = createCoreBudget({ cores: 1, maxTurnMs: Infinity });
    const alone = new FakeModel(environment, budget, { runMs: () => 10 });
    alone.ask(100);
    play(environment, [alone]);
    expect(alone.servedMs).toBe(1_000);
    expect(Math.max(...alone.waitsMs)).toBe(990);
    expect(environment.timerCount).toBe(0);
  });
});

test.each([
  ["cores", { cores: 0 }],
  ["cores", { cores: 1.5 }],
  ["threadsPerRun", { cores: 2, threadsPerRun: 3 }],
  ["threadsPerRun", { threadsPerRun: 0 }],
  ["maxTurnMs", { maxTurnMs: -1 }],
  ["maxTurnMs", { maxTurnMs: Number.NaN }],
])("an option %s of %o is refused", (option, options) => {
  expect(() => createCoreBudget(options)).toThrow(
    expect.objectContaining({ code: "INVALID_OPTIONS", option }),
  );
});

test.each([0, -1, Number.NaN, Infinity])("a weight of %d is refused", (weight) => {
  const environment = new FakeEnvironment();
  expect(() => createCoreBudget().join({ weight, threads: 1, environment, onTurn: () => {} })).toThrow(
    expect.objectContaining({ code: "INVALID_OPTIONS", option: "weight" }),
  );
});

test("by default the cores are those of this process, and a run may use them all", () => {
  const { cores, threadsPerRun } = createCoreBudget();
  expect(cores).toBeGreaterThanOrEqual(1);
  expect(threadsPerRun).toBe(cores);
});
