import fc from "fast-check";
import { expect, test } from "vitest";

import { MlopsError } from "../errors/mlops-error.ts";
import { FakeEnvironment, settled } from "../predictor/fake-environment.fixtures.ts";
import { HeldModel, poison, remember, stepOf } from "./counting-model.fixtures.ts";
import { statefulPredictor } from "./stateful-predictor.ts";

// The law: whatever happens in whichever order, a step that succeeds was given exactly the state that
// the steps of its own session that succeeded before it have made, each step ends once, and no two
// steps of a session are under way together.

const choice = fc.nat(50);
const action = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.record({
      type: fc.constant("ask" as const),
      key: fc.nat(5),
      values: fc.array(fc.nat(9), { minLength: 1, maxLength: 2 }),
      rate: fc.constantFrom(8, 16),
      isPoisoned: fc.integer({ min: 0, max: 9 }).map((number) => number === 0),
      deadlineMs: fc.option(fc.nat(20), { freq: 6 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("abort" as const), choice }) },
  { weight: 7, arbitrary: fc.record({ type: fc.constant("finish" as const), choice }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("lose" as const), choice }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("end" as const), key: fc.nat(5) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("advance" as const), byMs: fc.nat(8) }) },
  { weight: 5, arbitrary: fc.constant({ type: "settle" as const }) },
);
const actions = fc.array(action, { minLength: 5, maxLength: 80, size: "max" });

interface Asked {
  /** The key, and how often its session had been ended. */
  readonly session: string;
  readonly values: readonly number[];
  readonly rate: number;
  readonly controller: AbortController;
  readonly causes: Set<string>;
  readonly deadline: number;
  readonly outcomes: (readonly [hash: number, count: number] | string)[];
}

const settings = fc.record({
  maxBatchSize: fc.constantFrom(1, 3, 64),
  maxParallelRuns: fc.constantFrom(1, 2),
  hasHistory: fc.boolean(),
});

test("whose state a step was given", async () => {
  let largestBatch = 0;
  let succeeded = 0;
  const law = fc.asyncProperty(actions, settings, async (taken, { hasHistory, ...limits }) => {
    const environment = new FakeEnvironment();
    const model = new HeldModel(environment);
    const stateful = statefulPredictor(model.predictor, {
      states: { memory: "memoryN" },
      ...(hasHistory ? { history: { x: 1 } } : {}),
      ...limits,
      environment,
    });
    const requests: Asked[] = [];
    const ended = new Map<number, number>();
    let isLossy = false;

    const ask = (step: Extract<(typeof taken)[number], { type: "ask" }>): void => {
      const controller = new AbortController();
      const values = step.isPoisoned ? [poison] : step.values;
      const deadline = step.deadlineMs === null ? Infinity : environment.now() + step.deadlineMs;
      const session = `${step.key}, ${ended.get(step.key) ?? 0}`;
      const asked: Asked = {
        session,
        values,
        rate: step.rate,
        controller,
        causes: new Set(step.isPoisoned ? ["BACKEND_FAILED"] : []),
        deadline,
        outcomes: [],
      };
      requests.push(asked);
      const options = { key: String(step.key), signal: controller.signal, deadline };
      stateful.predict(stepOf(values, step.rate), options).then(
        ({ seen }) => {
          const [hash, count] = seen!.data as Float64Array;
          asked.outcomes.push([hash!, count!]);
        },
        (error: unknown) => asked.outcomes.push(MlopsError.isInstance(error) ? error.code : String(error)),
      );
    };
    const isOpen = ({ outcomes }: Asked): boolean => outcomes.length === 0;

    for (const step of taken) {
      if (step.type === "ask") ask(step);
      else if (step.type === "abort") {
        const open = requests.filter(isOpen);
        const asked = open[step.choice % open.length];
        asked?.causes.add("ABORTED");
        asked?.controller.abort();
      } else if (step.type === "finish") {
        const { open } = model;
        open[step.choice % open.length]?.finish();
      } else if (step.type === "lose") {
        const { open } = model;
        const run = open[step.choice % open.length];
        isLossy ||= run !== undefined;
        run?.fail(new Error("lost"));
      } else if (step.type === "end") {
        if (stateful.end(String(step.key))) ended.set(step.key, (ended.get(step.key) ?? 0) + 1);
      } else if (step.type === "advance") environment.advance(step.byMs);
      else await settled();
      for (const { inputs } of model.open) {
        largestBatch = Math.max(largestBatch, inputs["x"]!.shape[0]!);
        expect(inputs["x"]!.shape[0]).toBeLessThanOrEqual(limits.maxBatchSize);
      }
      expect(model.open.length).toBeLessThanOrEqual(limits.maxParallelRuns);
    }
    for (let round = 0; round < 400 && requests.some(isOpen); round += 1) {
      model.open.forEach((run) => run.finish());
      await settled();
    }

    const strange: string[] = [];
    const states = new Map<string, { hash: number; count: number; last: number }>();
    for (const { session, values, rate, outcomes, causes, deadline } of requests) {
      expect(outcomes).toHaveLength(1);
      const [outcome] = outcomes;
      if (typeof outcome === "string") {
        const mayBe = [...causes];
        if (deadline < Infinity) mayBe.push("DEADLINE_EXCEEDED");
        if (isLossy) mayBe.push("BACKEND_FAILED");
        if (!mayBe.includes(outcome)) strange.push(outcome);
        continue;
      }
      succeeded += 1;
      const state = states.get(session) ?? { hash: 0, count: 0, last: 0 };
      expect(outcome).toEqual([state.hash, state.count]);
      const given = hasHistory ? [state.last, ...values] : values;
      const hash = remember(state.hash, given, rate);
      states.set(session, { hash, count: state.count + 1, last: values.at(-1)! });
    }
    expect(strange, "errors that nothing gave cause for").toEqual([]);
    const closing = stateful.close();
    model.runs.forEach((run) => run.isOver || run.finish());
    await closing;
    expect(environment.timerCount).toBe(0);
    expect(model.closeCount).toBe(1);
  });
  await fc.assert(law, { seed: 6, numRuns: 250 });
  // So that the law speaks of something.
  expect(largestBatch).toBeGreaterThan(3);
  expect(succeeded).toBeGreaterThan(1_000);
});
