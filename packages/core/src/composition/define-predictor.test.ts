import { describe, expect, test } from "vitest";

import { AbortedError } from "../errors/aborted-error.ts";
import { FakeEnvironment, settled } from "../predictor/fake-environment.fixtures.ts";
import type { PredictionEvent } from "../predictor/prediction-event.ts";
import type { PredictOptions } from "../predictor/predictor.ts";
import { tensor, type TensorMap } from "../tensor/tensor.ts";
import { definePredictor, type PredictorDefinition } from "./define-predictor.ts";
import { FakePredictor, watch } from "./fake-predictor.fixtures.ts";

function setUp(definition: Partial<PredictorDefinition<number, number>> = {}) {
  const environment = new FakeEnvironment();
  const predictor = definePredictor<number, number>({
    name: "doubling",
    version: "1",
    environment,
    predict: (value) => 2 * value,
    ...definition,
  });
  return { predictor, environment };
}

const hang = (): Promise<never> => new Promise(() => {});

describe("definePredictor()", () => {
  test("answers with the function", async () => {
    const { predictor } = setUp();
    expect(await predictor.predict(4)).toBe(8);
    expect(await predictor.predictMany([1, 2, 3])).toEqual([2, 4, 6]);
    expect(await predictor.predictMany([])).toEqual([]);
    expect(predictor).not.toHaveProperty("predictTensors");
  });

  test("keeps the results of the others when some fail", async () => {
    const predict = (value: number): number => {
      if (value < 0) throw new RangeError("it is below 0.");
      return value;
    };
    const failure = {
      status: "rejected",
      reason: { code: "BACKEND_FAILED", backend: "function", problem: "it is below 0" },
    };
    await expect(setUp({ predict }).predictor.predictMany([1, -2, 3])).rejects.toMatchObject({
      code: "PARTIAL_FAILURE",
      results: [{ status: "fulfilled", value: 1 }, failure, { status: "fulfilled", value: 3 }],
    });
  });

  test("asks for a few of many at a time", async () => {
    let open = 0;
    let mostOpen = 0;
    const predict = async (value: number): Promise<number> => {
      open += 1;
      mostOpen = Math.max(mostOpen, open);
      await settled();
      open -= 1;
      return value;
    };
    const inputs = Array.from({ length: 600 }, (_, index) => index);
    expect(await setUp({ predict }).predictor.predictMany(inputs)).toEqual(inputs);
    expect(mostOpen).toBe(256);
  });

  test("says what it is", () => {
    const labels = ["a"];
    expect(setUp({ backend: "rules", device: "abacus", labels }).predictor.info).toMatchObject({
      model: "doubling",
      version: "1",
      backend: "rules",
      device: "abacus",
      labels,
      warnings: [],
    });
    expect(setUp().predictor.info).toMatchObject({ backend: "function", device: "cpu" });
    for (const option of ["name", "version"]) {
      expect(() => setUp({ [option]: "a b" })).toThrow(
        expect.objectContaining({ code: "INVALID_OPTIONS", option }),
      );
    }
  });

  test("tells the infos of what it is made of", () => {
    const inner = new FakePredictor({ name: "inner" }).predictor;
    const { info } = setUp({ members: [inner] }).predictor;
    expect(info.members).toEqual([inner.info]);
    expect(setUp().predictor.info.members).toBeUndefined();
  });

  describe("limits", () => {
    test.each(["abort", "deadline"])(
      "end a request whose function goes on, by %s, and tell it",
      async (how) => {
        let given: PredictOptions = {};
        const { predictor, environment } = setUp({
          predict: (_, options) => {
            given = options;
            return hang();
          },
        });
        const controller = new AbortController();
        const outcome = watch(
          predictor.predict(1, { signal: controller.signal, deadline: environment.now() + 10 }),
        );
        await settled();
        expect(outcome.isSettled).toBe(false);
        if (how === "abort") controller.abort("enough");
        else environment.advance(10);
        await settled();
        expect(outcome.error).toMatchObject(
          how === "abort"
            ? { code: "ABORTED", stage: "running", cause: "enough" }
            : { code: "DEADLINE_EXCEEDED", stage: "running", waitedMs: 10 },
        );
        expect(given.signal?.aborted).toBe(true);
        expect(environment.timerCount).toBe(0);
      },
    );

    test("that have passed before ask nobody", async () => {
      const asked: number[] = [];
      const { predictor, environment } = setUp({ predict: (value) => asked.push(value) });
      await expect(predictor.predict(1, { signal: AbortSignal.abort("no") })).rejects.toMatchObject({
        code: "ABORTED",
        cause: "no",
      });
      await expect(predictor.predict(1, { deadline: environment.now() })).rejects.toMatchObject({
        code: "DEADLINE_EXCEEDED",
      });
      await expect(predictor.predict(1, { deadline: NaN })).rejects.toMatchObject({
        code: "INVALID_OPTIONS",
        option: "deadline",
      });
      expect(asked).toEqual([]);
    });

    test("that have passed for long were waited for 0 ms", async () => {
      const { predictor, environment } = setUp();
      await expect(predictor.predict(1, { deadline: environment.now() - 500 })).rejects.toMatchObject({
        code: "DEADLINE_EXCEEDED",
        stage: "queued",
        waitedMs: 0,
      });
    });

    test("leave the better error of the function to the caller", async () => {
      const predict = (_: number, { signal }: PredictOptions): Promise<number> =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener("abort", () => reject(new AbortedError({ stage: "queued" })));
        });
      const controller = new AbortController();
      const outcome = watch(setUp({ predict }).predictor.predict(1, { signal: controller.signal }));
      controller.abort();
      await settled();
      expect(outcome.error).toMatchObject({ code: "ABORTED", stage: "queued" });
    });

    test("make an abort of what the signal's reason makes the function throw", async () => {
      const predict = async (_: number, { signal }: PredictOptions): Promise<number> => {
        await settled();
        signal?.throwIfAborted();
        return 1;
      };
      const controller = new AbortController();
      const { predictor } = setUp({ predict });
      const answer = predictor.predict(1, { signal: controller.signal });
      controller.abort();
      await expect(answer).rejects.toMatchObject({ code: "ABORTED", cause: { name: "AbortError" } });
    });

    test("of very far deadlines outlast the longest timer", async () => {
      const { predictor, environment } = setUp({ predict: hang });
      const outcome = watch(predictor.predict(1, { deadline: environment.now() + 2 ** 33 }));
      environment.advance(2 ** 32);
      await settled();
      expect(outcome.isSettled).toBe(false);
      environment.advance(2 ** 32);
      await settled();
      expect(outcome.error).toMatchObject({ code: "DEADLINE_EXCEEDED" });
    });

    test("leave no listener behind", async () => {
      const { signal } = new AbortController();
      const listeners = new Set<unknown>();
      signal.addEventListener = (_type: string, listener: unknown) => void listeners.add(listener);
      signal.removeEventListener = (_type: string, listener: unknown) => void listeners.delete(listener);
      let during = 0;
      const { predictor, environment } = setUp({ predict: () => (during = listeners.size) });
      await predictor.predict(1, { signal, deadline: environment.now() + 10 });
      expect(during).toBeGreaterThan(0);
      expect(listeners.size).toBe(0);
    });
  });

  describe("observers", () => {
    test("hear of requests later, with what is known", async () => {
      const { predictor, environment } = setUp({
        predict: (value) => {
          environment.advance(30);
          if (value < 0) throw new Error("no");
          return 2 * value;
        },
      });
      const events: PredictionEvent[] = [];
      const stop = predictor.observe((event) => events.push(event));
      const startedAt = environment.now();
      await predictor.predict(1, { key: "k" });
      await expect(predictor.predict(-1)).rejects.toThrow("no");
      expect(events).toEqual([]);
      environment.runDeferred();
      const base = {
        model: "doubling",
        version: "1",
        totalMs: 30,
        // Nothing queued, and there was no batch; neither was empty.
        queueMs: undefined,
        runMs: 30,
        rows: 1,
        batchRows: undefined,
        inputTensors: undefined,
      };
      expect(events).toEqual([
        { ...base, key: "k", startedAt, input: 1, outcome: "success", output: 2, outputTensors: undefined },
        {
          ...base,
          key: undefined,
          startedAt: startedAt + 30,
          input: -1,
          outcome: "failure",
          error: expect.objectContaining({ code: "BACKEND_FAILED" }),
        },
      ]);
      stop();
      await predictor.predict(1);
      environment.runDeferred();
      expect(events).toHaveLength(2);
    });

    test("hear of tensors, and their rows", async () => {
      const environment = new FakeEnvironment();
      const tensors: TensorMap = { x: tensor("float32", [1, 2, 3, 4], [2, 2]) };
      const predictor = definePredictor<TensorMap, TensorMap>({
        name: "identity",
        version: "1",
        environment,
        predict: (input) => input,
        predictTensors: (input) => input,
      });
      const events: PredictionEvent[] = [];
      predictor.observe((event) => events.push(event));
      await predictor.predict(tensors);
      await predictor.predictTensors!(tensors);
      environment.runDeferred();
      const known = { rows: 2, inputTensors: tensors, outputTensors: tensors };
      expect(events).toMatchObject([
        { ...known, input: tensors, output: tensors },
        { ...known, input: undefined, output: undefined },
      ]);
    });

    test("do no harm, and are counted with those of the members", async () => {
      const inner = new FakePredictor();
      const { predictor, environment } = setUp({ members: [inner.predictor] });
      predictor.observe(() => {
        throw new Error("no");
      });
      expect(await predictor.predict(1)).toBe(2);
      environment.runDeferred();
      expect(predictor.health()).toMatchObject({
        observerErrors: 1,
        observers: [{ name: "unnamed", observing: 1, errors: 1, drops: 0 }],
      });
    });

    test("hear of everything before the end", async () => {
      const { predictor } = setUp();
      const events: PredictionEvent[] = [];
      predictor.observe((event) => events.push(event));
      await predictor.predict(1);
      await predictor.close();
      expect(events).toHaveLength(1);
    });
  });

  describe("health()", () => {
    test("of a function counts what runs, also for nobody any more", async () => {
      const finish: (() => void)[] = [];
      const { predictor } = setUp({ predict: () => new Promise((resolve) => finish.push(() => resolve(1))) });
      const controller = new AbortController();
      const outcome = watch(predictor.predict(1, { signal: controller.signal }));
      expect(predictor.health()).toMatchObject({ status: "ready", queued: 0, running: 1, observerErrors: 0 });
      controller.abort();
      await settled();
      expect(outcome.isSettled).toBe(true);
      expect(predictor.health().running).toBe(1);
      finish[0]!();
      await settled();
      expect(predictor.health().running).toBe(0);
    });

    test.each([
      { statuses: ["ready", "ready"], required: undefined, status: "ready" },
      { statuses: ["ready", "closing"], required: undefined, status: "closing" },
      { statuses: ["closed", "closing"], required: undefined, status: "closed" },
      { statuses: ["closed", "ready"], required: 1, status: "ready" },
      { statuses: ["closed", "closing", "ready"], required: 2, status: "closing" },
    ] as const)(
      "of members is that of the last one needed, and sums: %o",
      ({ statuses, required, status }) => {
        const members = statuses.map((own) => ({
          ...new FakePredictor().predictor,
          health: () => ({ status: own, queued: 2, running: 3, observerErrors: 5 }),
        }));
        // A member that takes part twice counts once.
        const { predictor } = setUp({ members: [...members, members[0]!], requiredMembers: required });
        const count = statuses.length;
        expect(predictor.health()).toMatchObject({
          status,
          queued: 2 * count,
          running: 3 * count,
          observerErrors: 5 * count,
        });
      },
    );
  });

  describe("close()", () => {
    test("finishes what was taken, refuses what comes, then closes itself and its members, once", async () => {
      const order: string[] = [];
      const finish: (() => void)[] = [];
      const inner = new FakePredictor();
      const { predictor } = setUp({
        predict: () => new Promise((resolve) => finish.push(() => resolve(1))),
        members: [inner.predictor, inner.predictor],
        close: async () => {
          await settled();
          order.push(`own, after ${inner.closeCount}`);
        },
      });
      const taken = watch(predictor.predict(1));
      const closing = predictor.close();
      expect(predictor.close()).toBe(closing);
      expect(predictor.health().status).toBe("closing");
      await expect(predictor.predict(2)).rejects.toMatchObject({ code: "CLOSED", model: "doubling" });
      await settled();
      expect([order, inner.closeCount]).toEqual([[], 0]);
      finish[0]!();
      await closing;
      expect(taken.output).toBe(1);
      expect([order, inner.closeCount]).toEqual([["own, after 0"], 1]);
      expect(predictor.health().status).toBe("closed");
      await predictor[Symbol.asyncDispose]();
      expect(inner.closeCount).toBe(1);
    });

    test("waits for a function whose caller has left", async () => {
      const finish: (() => void)[] = [];
      const { predictor } = setUp({ predict: () => new Promise((resolve) => finish.push(() => resolve(1))) });
      const controller = new AbortController();
      void watch(predictor.predict(1, { signal: controller.signal }));
      controller.abort();
      await settled();
      let isClosed = false;
      const closing = predictor.close().then(() => (isClosed = true));
      await settled();
      expect(isClosed).toBe(false);
      finish[0]!();
      await closing;
    });

    test("leaves members open that it does not own", async () => {
      const inner = new FakePredictor();
      const { predictor } = setUp({ members: [inner.predictor], closeMembers: false });
      await predictor.close();
      expect(inner.closeCount).toBe(0);
      expect(predictor.health().status).toBe("closed");
    });

    test("tells of everything that could not be closed", async () => {
      const stuck = (problem: string) => {
        return { ...new FakePredictor().predictor, close: () => Promise.reject(new Error(problem)) };
      };
      const { predictor } = setUp({ members: [stuck("one"), new FakePredictor().predictor, stuck("two")] });
      await expect(predictor.close()).rejects.toMatchObject({
        message: "2 parts of the predictor doubling could not be closed; the first: one",
        errors: [{ message: "one" }, { message: "two" }],
      });
      expect(predictor.health().status).toBe("closed");
    });

    test.each([true, false])(
      "closes everything although something cannot be closed (itself: %s)",
      async (itself) => {
        const fail = (): Promise<never> => Promise.reject(new Error("stuck"));
        const stuck = { ...new FakePredictor().predictor, close: fail };
        const inner = new FakePredictor();
        const { predictor } = setUp(
          itself ? { close: fail, members: [inner.predictor] } : { members: [stuck, inner.predictor] },
        );
        await expect(predictor.close()).rejects.toThrow("stuck");
        expect(inner.closeCount).toBe(1);
        expect(predictor.health().status).toBe("closed");
      },
    );
  });
});
