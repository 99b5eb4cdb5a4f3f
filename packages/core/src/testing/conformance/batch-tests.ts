import { tensor } from "../../tensor/tensor.ts";
import { findBatchVariance } from "../find-batch-variance.ts";
import { assert, assertTensors, outcomeOf } from "./assertions.ts";
import { expectedOutputs } from "./conformance-models.ts";
import type { ConformanceTest } from "./conformance-test.ts";
import { distinctRows, rowsBetween, rowsOfThree } from "./inputs.ts";

/** Rows that run together, and runs that run together. */
export const batchTests = (): readonly ConformanceTest[] => [
  {
    name: "batch: gives a row the same in any batch as alone, within its precision",
    models: ["network"],
    async run(context) {
      const session = await context.load("network");
      const rows = distinctRows(Math.min(33, session.maxBatchSize), 4);
      const variance = await findBatchVariance(session, rows);
      assert(variance === undefined, variance ?? "");
    },
  },
  {
    name: "batch: keeps a row's NaN out of the other rows",
    models: ["network"],
    async run(context) {
      const session = await context.load("network");
      if (session.maxBatchSize < 3) return;
      const inputs = distinctRows(3, 4);
      const expected = await expectedOutputs("network", inputs);
      (inputs["x"]!.data as Float32Array).fill(Number.NaN, 4, 8);
      const { y } = await session.doRun(inputs, {});
      for (const row of [0, 2]) {
        const actual = rowsBetween({ x: y! }, row, row + 1);
        const wanted = rowsBetween({ x: expected["y"]! }, row, row + 1);
        assertTensors(actual, wanted, `outputs of row ${row} beside NaN`, session.precision);
      }
    },
  },
  {
    name: "batch: gives each of many requests its own answer",
    models: ["network"],
    async run(context) {
      const predictor = await context.predictor("network");
      const session = await context.load("network");
      const inputs = Array.from({ length: 60 }, (_, index) => distinctRows(1, 4, index));
      const answers = await Promise.all(inputs.map((input) => predictor.predict(input)));
      for (const [index, answer] of answers.entries()) {
        const expected = await expectedOutputs("network", inputs[index]!);
        assertTensors(answer, expected, `outputs of request ${index}`, session.precision);
      }
    },
  },
  {
    name: "batch: keeps runs that overlap apart, where it supports them",
    models: ["slow", "network"],
    async run(context) {
      for (const [model, columns] of [
        ["slow", 3],
        ["network", 4],
      ] as const) {
        const session = await context.load(model);
        const inputs = Array.from({ length: 6 }, (_, index) => distinctRows(1 + (index % 3), columns, index));
        const run = (index: number): ReturnType<typeof session.doRun> => session.doRun(inputs[index]!, {});
        const results = session.supportsParallelRuns
          ? await Promise.all(inputs.map((_, index) => run(index)))
          : await inSeries(inputs.length, run);
        for (const [index, result] of results.entries()) {
          const expected = await expectedOutputs(model, inputs[index]!);
          assertTensors(result, expected, `outputs of run ${index} of ${model}`, session.precision);
        }
      }
    },
  },
  {
    name: "batch: runs the rows of a fixed batch size one after the other",
    models: ["fixed-batch"],
    async run(context) {
      const predictor = await context.predictor("fixed-batch");
      const inputs = [1, 2, 3, 4].map((value) => rowsOfThree(value, 0, -value));
      const answers = await Promise.all(inputs.map((input) => predictor.predict(input)));
      for (const [index, answer] of answers.entries()) {
        const value = 2 * (index + 1);
        assertTensors(answer, { y: rowsOfThree(value, 0, -value)["x"]! }, `outputs of request ${index}`);
      }
    },
  },
  {
    name: "batch: fails the request that the runtime fails on, and no other",
    models: ["lookup"],
    async run(context) {
      const predictor = await context.predictor("lookup");
      const positions = [0, 1, 99, 2, 3, 99, 1];
      const outcomes = await Promise.all(
        positions.map((position) =>
          outcomeOf(predictor.predict({ index: tensor("int32", [position], [1, 1]) })),
        ),
      );
      for (const [request, outcome] of outcomes.entries()) {
        const position = positions[request]!;
        if (position === 99) {
          assert("error" in outcome, `request ${request}, for the index 99, has an answer`);
          continue;
        }
        if ("error" in outcome) throw outcome.error;
        const y = tensor("float32", [10 * (position + 1)], [1, 1]);
        assertTensors(outcome.value, { y }, `outputs of request ${request}`);
      }
    },
  },
];

async function inSeries<Result>(count: number, run: (index: number) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let index = 0; index < count; index += 1) results.push(await run(index));
  return results;
}
