import { describe, expect, test } from "vitest";

import { createPredictor } from "../predictor/create-predictor.ts";
import {
  fakeBackend,
  fakeModel,
  FakeSession,
  rows,
  setUpTensors,
} from "../predictor/fake-backend.fixtures.ts";
import { type BatchingOptions, type QueueOptions, resolveBatching } from "./options.ts";
import type { Priority } from "./priority.ts";

describe("resolveBatching()", () => {
  const defaults = { maxBatchSize: 64, maxDelayMs: 0, maxQueueSize: 1_024 };

  test.each<[given: BatchingOptions | false | undefined, queue: QueueOptions | undefined, expected: object]>([
    [undefined, undefined, defaults],
    [false, undefined, defaults],
    [{}, {}, defaults],
    [{ maxBatchSize: undefined, maxDelayMs: undefined }, { maxSize: undefined }, defaults],
    [
      { maxBatchSize: 1, maxDelayMs: 0.5 },
      { maxSize: 1 },
      { maxBatchSize: 1, maxDelayMs: 0.5, maxQueueSize: 1 },
    ],
  ])("makes of %j and %j: %j", (batching, queue, expected) => {
    expect(resolveBatching(batching, queue)).toEqual(expected);
  });

  const noCounts = [0, -1, 1.5, Number.NaN, Infinity, "8", null];
  const noDelays = [-1, Number.NaN, Infinity, "5", null, true];

  test.each([
    ...noCounts.map((maxBatchSize) => ["batching.maxBatchSize", { batching: { maxBatchSize } }] as const),
    ...noCounts.map((maxSize) => ["queue.maxSize", { queue: { maxSize } }] as const),
    ...["yes", 1, null].map(
      (rowsAreIndependent) => ["batching.rowsAreIndependent", { batching: { rowsAreIndependent } }] as const,
    ),
    ...noDelays.map((maxDelayMs) => ["batching.maxDelayMs", { batching: { maxDelayMs } }] as const),
  ])("refuses a %s that is none before anything is loaded: %o", async (option, options) => {
    let loads = 0;
    const backend = fakeBackend(() => {
      loads += 1;
      return new FakeSession();
    });
    const wrong = options as { batching?: BatchingOptions; queue?: QueueOptions };
    await expect(createPredictor({ model: fakeModel, backend, ...wrong })).rejects.toMatchObject({
      code: "INVALID_OPTIONS",
      option,
      message: expect.stringContaining("it has to be"),
    });
    expect(loads).toBe(0);
  });
});

test.each(["urgent", "", "__proto__", "toString", 1, null])("a priority of %o is none", async (priority) => {
  const { predictTensors, session } = await setUpTensors();
  await expect(predictTensors(rows(1), { priority: priority as Priority })).rejects.toMatchObject({
    code: "INVALID_OPTIONS",
    option: "priority",
    message: expect.stringContaining("high, normal, low"),
  });
  expect(session.runs).toEqual([]);
});

test.each(["high", "normal", "low", undefined] as const)("a priority of %o is one", async (priority) => {
  const { predictTensors, session } = await setUpTensors();
  await predictTensors(rows(1), { priority });
  expect(session.runs).toHaveLength(1);
});
