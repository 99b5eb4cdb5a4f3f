import { describe, expect, test } from "vitest";

import { createPredictor } from "../predictor/create-predictor.ts";
import { fakeBackend, fakeModel, FakeSession } from "../predictor/fake-backend.fixtures.ts";
import { settled } from "../predictor/fake-environment.fixtures.ts";
import { tensor, type TensorMap } from "../tensor/tensor.ts";
import { codesOf, doubled, outcomesOf, range, SchedulerSetup } from "./scheduler.fixtures.ts";

describe("a request of more rows than a batch may have", () => {
  test.each([
    [5, [4, 1]],
    [8, [4, 4]],
    [11, [4, 4, 3]],
  ])("of %i rows runs in parts of %j, and has one result", async (size, sizes) => {
    const setup = new SchedulerSetup({ maxBatchSize: 4 });
    const request = setup.submit(range(1, size));
    await setup.runAll();
    expect(setup.batches.map(({ length }) => length)).toEqual(sizes);
    expect(setup.batches.flat()).toEqual(range(1, size));
    expect(outcomesOf([request])).toEqual(doubled([request]));
    const { y, z } = request.result!.outputs;
    expect(y).toEqual({
      dtype: "float32",
      shape: [size],
      data: Float32Array.from(range(1, size), (value) => 2 * value),
    });
    expect([...z!.data]).toEqual(range(1, size).map((value) => -value));
  });

  test("waits in line, and shares its last run with who comes after", async () => {
    const setup = new SchedulerSetup({ maxBatchSize: 4 });
    setup.submitEach(1, 2);
    setup.submit(range(3, 8));
    setup.submitEach(9, 10, 11);
    await setup.runAll();
    expect(setup.batches).toEqual([[1, 2], [3, 4, 5, 6], [7, 8, 9, 10], [11]]);
    expect(outcomesOf(setup.submissions)).toEqual(doubled(setup.submissions));
  });

  test("tells of its largest batch, of the wait for its last part, and of the time of all runs", async () => {
    const setup = new SchedulerSetup({ maxBatchSize: 4 });
    const request = setup.submit(range(1, 6));
    await settled();
    await setup.finish(10);
    await setup.finish(5);
    expect(request.result).toMatchObject({ batchRows: 4, queueMs: 10, runMs: 15 });
  });

  test("is counted in rows of the queue, and refused as a whole", async () => {
    const setup = new SchedulerSetup({ maxBatchSize: 4, maxQueueSize: 10 });
    setup.submit(0);
    await settled();
    setup.submit(1);
    const [fits, tooLarge] = [setup.submit(range(2, 10)), setup.submit(range(11, 16))];
    await setup.runAll();
    expect(codesOf([fits, tooLarge])).toEqual([doubled([fits])[0]![0 as never], "OVERLOADED"]);
    expect(setup.batches.flat()).toEqual(range(0, 10));
  });

  test.each(["abort", "deadline"])(
    "that is given up by %s cancels its parts that wait, and is answered once",
    async (how) => {
      const setup = new SchedulerSetup({ maxBatchSize: 4 });
      const controller = new AbortController();
      const deadline = setup.environment.now() + 10;
      const request = setup.submit(range(1, 12), { signal: controller.signal, deadline });
      const after = setup.submit(13);
      await settled();
      expect(setup.scheduler).toMatchObject({ running: 1, queued: 3 });
      if (how === "abort") controller.abort("enough");
      else setup.environment.advance(10);
      await settled();
      expect(setup.scheduler).toMatchObject({ running: 1, queued: 1 });
      await setup.runAll();
      expect(setup.batches).toEqual([range(1, 4), [13]]);
      const given =
        how === "abort" ? { code: "ABORTED", cause: "enough" } : { code: "DEADLINE_EXCEEDED", waitedMs: 10 };
      expect(request.outcomes).toMatchObject([given]);
      expect(after.outcomes).toEqual([[26]]);
      expect(setup.environment.timerCount).toBe(0);
    },
  );

  test("fails once, with the error of the part that failed, whose mates do not", async () => {
    const setup = new SchedulerSetup({ maxBatchSize: 4 });
    const request = setup.submit(range(1, 14));
    const mate = setup.submit(15);
    await settled();
    await setup.finish();
    setup.session.heldRuns[0]!.fail(new Error("poison 6"));
    await setup.runAll();
    expect(codesOf([request])).toEqual(["poison 6"]);
    expect(request.outcomes).toHaveLength(1);
    expect(mate.outcomes).toEqual([[30]]);
    // The third part, not begun when the second failed, is not begun any more; the mate runs alone.
    expect(setup.batches).toEqual([range(1, 4), range(5, 8), [15]]);
    await setup.scheduler.drain();
  });

  test("does not disturb the results of others that ran with its parts", async () => {
    const setup = new SchedulerSetup({ maxBatchSize: 4 });
    setup.submit(range(1, 6));
    setup.submit([7, 8]);
    setup.submit(range(9, 20));
    setup.submit(21);
    await setup.runAll((value) => value === 10);
    expect(codesOf(setup.submissions)).toEqual([
      range(1, 6).map((value) => 2 * value),
      [14, 16],
      "poison 10",
      [42],
    ]);
  });
});

/** Compares every row of `a` with as many of `b`: two unnamed first dimensions of their own. */
class CompareSession extends FakeSession {
  override readonly inputs = ["a", "b"].map((name) => ({ name, dtype: "float32" as const, shape: [null] }));
  override readonly outputs = [{ name: "y", dtype: "float32" as const, shape: [null] }];

  override async doRun({ a, b }: TensorMap): Promise<TensorMap> {
    const values = [...(a!.data as Float32Array)];
    const largest = Math.max(...(b!.data as Float32Array));
    return {
      y: tensor(
        "float32",
        values.map((value) => value - largest),
      ),
    };
  }
}

test.each([100, 2])(
  "a request whose inputs differ in their rows is neither split nor shared: %i rows",
  async (size) => {
    const predictor = await createPredictor({ model: fakeModel, backend: fakeBackend(new CompareSession()) });
    const compare = async (largest: number): Promise<unknown> => {
      const a = tensor("float32", range(1, size));
      const b = tensor("float32", range(largest - size, largest));
      return [...(await predictor.predict({ a, b }))["y"]!.data];
    };
    const results = await Promise.all([compare(300), compare(500)]);
    expect(results).toEqual([300, 500].map((largest) => range(1, size).map((value) => value - largest)));
  },
);
