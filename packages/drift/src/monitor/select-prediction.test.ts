import { expect, test } from "vitest";
import { createDriftMonitor } from "./create-drift-monitor.ts";
import { predictionRow, selectPrediction } from "./select-prediction.ts";

test.each([
  ["spam", { class: "spam" }],
  [true, { class: "true" }],
  [0.25, { score: 0.25 }],
  [
    [0.2, 0.7, 0.1],
    { class: "1", confidence: 0.7, "probability:0": 0.2, "probability:1": 0.7, "probability:2": 0.1 },
  ],
  [Float32Array.of(0.5, 0.5), { class: "0", confidence: 0.5, "probability:0": 0.5, "probability:1": 0.5 }],
  [[], undefined],
  [["a"], undefined],
  [{}, undefined],
  [undefined, undefined],
])("the row of %j is %j", (prediction, row) => {
  expect(predictionRow(prediction)).toEqual(row);
});

test("labels name the probabilities; another number of them is passed over", () => {
  const select = selectPrediction({
    of: (output) => Reflect.get(Object(output), "p"),
    labels: ["no", "yes"],
  });
  const event = (p: readonly number[]) => ({ outcome: "success", startedAt: 0, output: { p } }) as const;
  expect(select(event([0.4, 0.6]))).toEqual({
    class: "yes",
    confidence: 0.6,
    "probability:no": 0.4,
    "probability:yes": 0.6,
  });
  expect(select(event([1]))).toBeUndefined();
  expect(() => selectPrediction({ labels: ["a", "a"] })).toThrow(/labels has one label twice/);
});

test("a monitor finds that a model predicts something else", () => {
  const predictions = Array.from({ length: 1_000 }, (_, index) => (index % 10 === 0 ? "spam" : "ham"));
  const monitor = createDriftMonitor({
    reference: predictions.map((prediction) => predictionRow(prediction)!),
    window: { rows: 300 },
    select: selectPrediction(),
  });
  for (let index = 0; index < 300; index += 1) {
    const output = index % 3 === 0 ? "spam" : "ham";
    monitor.observer({ outcome: "success", startedAt: index, output });
    monitor.observer({ outcome: "failure", startedAt: index, output });
  }
  expect(monitor.verdict()).toMatchObject({ status: "drift", rows: 300 });
  expect(monitor.health()).toMatchObject({ rows: 300, selectErrors: 0 });
});
