import { describe, expect, test } from "vitest";

import { createPredictor } from "../predictor/create-predictor.ts";
import {
  fakeBackend,
  type FakeRun,
  FakeSession,
  fakeModel,
  rows,
  valuesOfY,
} from "../predictor/fake-backend.fixtures.ts";
import { FakeEnvironment, settled } from "../predictor/fake-environment.fixtures.ts";
import type { Predictor } from "../predictor/predictor.ts";
import { createCoreBudget, type CoreBudgetOptions } from "./core-budget.ts";

interface Subject {
  readonly predictor: Predictor;
  readonly session: FakeSession;
  /** How long each of its runs takes. */
  readonly runMs: number;
  servedMs: number;
}

/** Several models on the same cores, whose runs take their time on a clock that stands. */
class SharedCores {
  readonly environment: FakeEnvironment = new FakeEnvironment();
  readonly subjects: Subject[] = [];
  readonly #budget;
  readonly #ends = new Map<FakeRun, { readonly subject: Subject; readonly startedAt: number }>();

  constructor(options: CoreBudgetOptions) {
    this.#budget = createCoreBudget(options);
  }

  async add(
    runMs: number,
    options: { weight?: number; threads?: number | undefined } = {},
  ): Promise<Subject> {
    const { weight, threads } = options;
    const session = Object.assign(new FakeSession({ hold: true }), { threads });
    const predictor = await createPredictor({
      model: fakeModel,
      backend: fakeBackend(session),
      cores: this.#budget,
      weight,
      environment: this.environment,
      warmup: false,
      batching: false,
    });
    const subject: Subject = { predictor, session, runMs, servedMs: 0 };
    this.subjects.push(subject);
    return subject;
  }

  /** How many runs are under way, of each model. */
  async running(): Promise<number[]> {
    await settled();
    return this.subjects.map(({ session }) => session.heldRuns.length);
  }

  /** Ends the run that is due next. False when there is none. */
  async step(): Promise<boolean> {
    await settled();
    for (const subject of this.subjects) {
      for (const run of subject.session.heldRuns) {
        if (!this.#ends.has(run)) this.#ends.set(run, { subject, startedAt: this.environment.now() });
      }
    }
    const [next] = [...this.#ends].toSorted((a, b) => endOf(a[1]) - endOf(b[1]));
    if (next === undefined) return false;
    const [run, entry] = next;
    this.#ends.delete(run);
    this.environment.advance(Math.max(endOf(entry) - this.environment.now(), 0));
    entry.subject.servedMs += this.environment.now() - entry.startedAt;
    run.finish();
    return true;
  }
}

const endOf = ({ subject, startedAt }: { subject: Subject; startedAt: number }): number =>
  startedAt + subject.runMs;

const ask = (predictor: Predictor, count: number): Promise<number[]> =>
  Promise.all(
    Array.from({ length: count }, async (_, index) =>
      Number(valuesOfY(await predictor.predict(rows(index)))[0]),
    ),
  );

describe("models on the same cores", () => {
  test("run one after the other, by the run time that each has had", async () => {
    const shared = new SharedCores({ cores: 4, maxTurnMs: Infinity });
    const heavy = await shared.add(50);
    const light = await shared.add(2);
    const answers = [ask(heavy.predictor, 4), ask(light.predictor, 100)];
    for (let step = 0; step < 60; step += 1) {
      expect(
        Math.max(...(await shared.running()).map((count, index, all) => count + (all[1 - index] ?? 0))),
      ).toBe(1);
      await shared.step();
      expect(Math.abs(heavy.servedMs - light.servedMs)).toBeLessThanOrEqual(50);
    }
    while (await shared.step());
    const expected = [4, 100].map((count) => Array.from({ length: count }, (_, index) => 2 * index));
    expect(await Promise.all(answers)).toEqual(expected);
    await Promise.all(shared.subjects.map(({ predictor }) => predictor.close()));
    expect(shared.subjects.flatMap(({ session }) => session.violations)).toEqual([]);
  });

  test("get more of them by their weight", async () => {
    const shared = new SharedCores({ cores: 1, maxTurnMs: Infinity });
    const one = await shared.add(10);
    const three = await shared.add(10, { weight: 3 });
    for (const { predictor } of shared.subjects) ask(predictor, 100).catch(() => {});
    for (let step = 0; step < 40; step += 1) await shared.step();
    expect([one.servedMs, three.servedMs]).toEqual([100, 300]);
  });

  test("run side by side as many as fit, by what their sessions say that they use", async () => {
    const shared = new SharedCores({ cores: 4, threadsPerRun: 2, maxTurnMs: Infinity });
    for (const threads of [undefined, 1, 2, 3]) await shared.add(10, { threads });
    for (const { predictor } of shared.subjects) ask(predictor, 1).catch(() => {});
    expect(await shared.running()).toEqual([1, 1, 0, 0]);
    await shared.step();
    await shared.step();
    // Both have had nothing yet; they need five cores together.
    expect(await shared.running()).toEqual([0, 0, 0, 1]);
    await shared.step();
    expect(await shared.running()).toEqual([0, 0, 1, 0]);
  });

  test("do not wait when they compute elsewhere", async () => {
    const shared = new SharedCores({ cores: 1, maxTurnMs: Infinity });
    const busy = await shared.add(10);
    const onGpu = await shared.add(10, { threads: 0 });
    for (const { predictor } of [busy, onGpu]) ask(predictor, 1).catch(() => {});
    expect(await shared.running()).toEqual([1, 1]);
  });

  test("keep deadlines and aborts while they wait for their turn, and give the turn on", async () => {
    const shared = new SharedCores({ cores: 1, maxTurnMs: Infinity });
    const [busy, waiting, next] = [await shared.add(100), await shared.add(1), await shared.add(1)];
    const { environment } = shared;
    const first = busy.predictor.predict(rows(1));
    await settled();
    const late = waiting.predictor.predict(rows(2), { deadline: environment.now() + 50 });
    late.catch(() => {});
    const patient = next.predictor.predict(rows(3));
    await settled();
    environment.advance(50);
    await expect(late).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED", stage: "queued" });
    busy.session.heldRuns[0]!.finish();
    await first;
    expect(await shared.running()).toEqual([0, 0, 1]);
    next.session.heldRuns[0]!.finish();
    expect(valuesOfY(await patient)).toEqual([6]);
    await Promise.all(shared.subjects.map(({ predictor }) => predictor.close()));
  });

  test("are closed while they wait for their turn, once it has come", async () => {
    const shared = new SharedCores({ cores: 1, maxTurnMs: 20 });
    const [busy, waiting] = [await shared.add(100), await shared.add(1)];
    const held = busy.predictor.predict(rows(1));
    await settled();
    const answer = waiting.predictor.predict(rows(2));
    const closing = waiting.predictor.close();
    await settled();
    shared.environment.advance(20);
    await settled();
    waiting.session.heldRuns[0]!.finish();
    expect(valuesOfY(await answer)).toEqual([4]);
    await closing;
    busy.session.heldRuns[0]!.finish();
    await held;
    await busy.predictor.close();
    expect(shared.environment.timerCount).toBe(0);
  });
});
