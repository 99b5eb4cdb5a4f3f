import { dtypes } from "../../tensor/dtype.ts";
import { type Tensor, tensor, type TensorMap } from "../../tensor/tensor.ts";
import { copyTensors } from "../copy-tensors.ts";
import { findChange } from "../find-change.ts";
import { assert, assertEqual, assertTensors } from "./assertions.ts";
import { expectedOutputs } from "./conformance-models.ts";
import type { ConformanceTest } from "./conformance-test.ts";
import { distinctRows, rowsOfThree, valuesOf } from "./inputs.ts";
import { assertSignature } from "./metadata-tests.ts";

/** Made anew for each test: a backend that writes into its inputs fails that test only. */
const twoRows = (): TensorMap => rowsOfThree(1, 2, 3, 4, 5, 6);
const sameRows = (): TensorMap => ({ y: twoRows()["x"]! });

/** What runs give, and whose memory it is. */
export const runTests = (): readonly ConformanceTest[] => [
  ...dtypes.map((dtype): ConformanceTest => {
    const model = `identity-${dtype}` as const;
    return {
      name: `run: takes and gives ${dtype}`,
      models: [model],
      async run(context) {
        const session = await context.load(model);
        assertSignature(session, model);
        const outputs = await session.doRun({ x: valuesOf(dtype) }, {});
        assertTensors(outputs, { y: valuesOf(dtype) }, "outputs");
      },
    };
  }),
  {
    name: "run: gives what exact arithmetic gives, within its precision",
    models: ["network"],
    async run(context) {
      const session = await context.load("network");
      for (const rows of [1, 2, 7, 64].filter((count) => count <= session.maxBatchSize)) {
        const inputs = distinctRows(rows, 4, rows);
        const expected = await expectedOutputs("network", inputs);
        assertTensors(await session.doRun(inputs, {}), expected, "outputs", session.precision);
      }
    },
  },
  {
    name: "run: takes inputs by name, in any order",
    models: ["add"],
    async run(context) {
      const session = await context.load("add");
      const [a, b] = [tensor("float32", [1, 2], [1, 2]), tensor("float32", [10, 30], [1, 2])];
      const sum = tensor("float32", [11, 32], [1, 2]);
      assertTensors(await session.doRun({ a, b }, {}), { sum }, "outputs");
      assertTensors(await session.doRun({ b, a }, {}), { sum }, "outputs for b before a");
    },
  },
  {
    name: "run: takes a scalar",
    models: ["scalar-input"],
    async run(context) {
      const session = await context.load("scalar-input");
      const inputs = { ...rowsOfThree(1, 2, 3), factor: tensor("float32", [4], []) };
      assertTensors(await session.doRun(inputs, {}), { y: rowsOfThree(4, 8, 12)["x"]! }, "outputs");
    },
  },
  {
    name: "run: gives a scalar, of the shape []",
    models: ["scalar-output"],
    async run(context) {
      const session = await context.load("scalar-output");
      assertTensors(
        await session.doRun(twoRows(), {}),
        { y: tensor("float32", [21], []) },
        "outputs",
        session.precision,
      );
    },
  },
  {
    name: "run: takes any shape where the model declares none",
    models: ["unknown-rank"],
    async run(context) {
      const session = await context.load("unknown-rank");
      for (const shape of [[], [2], [1, 2, 1], [2, 3]]) {
        const count = shape.reduce((product, size) => product * size, 1);
        const value = tensor(
          "float32",
          Array.from({ length: count }, (_, index) => index + 1),
          shape,
        );
        assertTensors(await session.doRun({ x: value }, {}), { y: value }, `outputs for [${shape.join()}]`);
      }
    },
  },
  {
    name: "run: takes dimensions of another size each time",
    models: ["sequence"],
    async run(context) {
      const session = await context.load("sequence");
      for (const [rows, length] of [
        [2, 3],
        [1, 9],
        [4, 1],
        [2, 3],
      ] as const) {
        const inputs = distinctRows(rows, length, length);
        const expected = await expectedOutputs("sequence", inputs);
        assertTensors(await session.doRun(inputs, {}), expected, "outputs", session.precision);
      }
    },
  },
  {
    name: "run: takes the batch size that a model is fixed to",
    models: ["fixed-batch"],
    async run(context) {
      const session = await context.load("fixed-batch");
      const expected = { y: rowsOfThree(2, 4, 6)["x"]! };
      assertTensors(await session.doRun(rowsOfThree(1, 2, 3), {}), expected, "outputs");
    },
  },
  {
    name: "run: gives the outputs that were asked for, and all by default",
    models: ["two-outputs"],
    async run(context) {
      const session = await context.load("two-outputs");
      const all = await expectedOutputs("two-outputs", twoRows());
      const cases = [undefined, ["double"], ["negative"], ["double", "negative"]];
      for (const outputs of cases) {
        const expected: Record<string, Tensor> = {};
        for (const name of outputs ?? Object.keys(all)) expected[name] = all[name]!;
        assertTensors(
          await session.doRun(twoRows(), { outputs }),
          expected,
          `outputs for ${JSON.stringify(outputs)}`,
        );
      }
    },
  },
  {
    name: "run: gives the same for the same",
    models: ["network"],
    async run(context) {
      const session = await context.load("network");
      const inputs = distinctRows(Math.min(5, session.maxBatchSize), 4);
      const first = await session.doRun(inputs, {});
      for (let count = 0; count < 4; count += 1) {
        assertTensors(await session.doRun(inputs, {}), first, "outputs of a repeated run");
      }
    },
  },
  {
    name: "run: takes inputs that lie within larger memory",
    models: ["add"],
    async run(context) {
      const session = await context.load("add");
      const memory = Float32Array.of(99, 1, 2, 99, 10, 30, 99);
      const view = (start: number): Tensor => tensor("float32", memory.subarray(start, start + 2), [1, 2]);
      const sum = tensor("float32", [11, 32], [1, 2]);
      assertTensors(await session.doRun({ a: view(1), b: view(4) }, {}), { sum }, "outputs");
    },
  },
  {
    name: "run: leaves its inputs as they are",
    models: ["add", "identity-string"],
    async run(context) {
      const [add, text] = [await context.load("add"), await context.load("identity-string")];
      for (const [session, inputs] of [
        [add, { a: tensor("float32", [1, 2], [1, 2]), b: tensor("float32", [3, 4], [1, 2]) }],
        [text, { x: valuesOf("string") }],
      ] as const) {
        const before = copyTensors(inputs);
        await session.doRun(inputs, {});
        const changed = findChange(inputs, before);
        assert(changed === undefined, `the input ${JSON.stringify(changed)} changed; it is the caller's`);
      }
    },
  },
  {
    name: "run: takes inputs that are frozen",
    models: ["identity-float32"],
    async run(context) {
      const session = await context.load("identity-float32");
      const inputs = Object.freeze({
        x: Object.freeze({ ...twoRows()["x"]!, shape: Object.freeze([2, 3]) }) as Tensor,
      });
      assertTensors(await session.doRun(inputs, Object.freeze({})), sameRows(), "outputs");
    },
  },
  {
    name: "run: gives outputs in memory other than that of the inputs",
    models: ["identity-float32"],
    async run(context) {
      const session = await context.load("identity-float32");
      const inputs = twoRows();
      const outputs = await session.doRun(inputs, {});
      (inputs["x"]!.data as Float32Array).fill(99);
      assertTensors(outputs, sameRows(), "outputs after the inputs have changed");
    },
  },
  {
    name: "run: gives each output memory of its own",
    models: ["two-outputs"],
    async run(context) {
      const session = await context.load("two-outputs");
      const { double } = await expectedOutputs("two-outputs", twoRows());
      const outputs = await session.doRun(twoRows(), {});
      (outputs["negative"]!.data as Float32Array).fill(99);
      assertTensors(
        { double: outputs["double"]! },
        { double: double! },
        "outputs after the other has changed",
      );
    },
  },
  {
    name: "run: gives results that later runs leave alone",
    models: ["identity-float32", "identity-string"],
    async run(context) {
      const numbers = await context.load("identity-float32");
      const first = await numbers.doRun(twoRows(), {});
      const second = await numbers.doRun(rowsOfThree(7, 8, 9, 10, 11, 12), {});
      assertTensors(first, sameRows(), "outputs of the first run after a second one");
      (first["y"]!.data as Float32Array).fill(99);
      assertTensors(second, { y: rowsOfThree(7, 8, 9, 10, 11, 12)["x"]! }, "outputs of the second run");
      const text = await context.load("identity-string");
      const words = await text.doRun({ x: valuesOf("string") }, {});
      await text.doRun({ x: tensor("string", ["a", "b", "c"], [1, 3]) }, {});
      assertTensors(words, { y: valuesOf("string") }, "text of the first run after a second one");
    },
  },
  {
    name: "run: gives results that outlive the session",
    models: ["network"],
    async run(context) {
      const session = await context.load("network");
      const outputs = await session.doRun(distinctRows(1, 4), {});
      const before = copyTensors(outputs);
      await session.release();
      assertTensors(outputs, before, "outputs after the release");
    },
  },
  {
    name: "run: gives plain tensors that can be cloned and sent",
    models: ["two-outputs"],
    async run(context) {
      const session = await context.load("two-outputs");
      const outputs: TensorMap = await session.doRun(twoRows(), {});
      for (const [name, output] of Object.entries(outputs)) {
        assertEqual(Object.keys(output).toSorted(), ["data", "dtype", "shape"], `the properties of ${name}`);
        assert(Array.isArray(output.shape), `the shape of ${name} is no list`);
      }
      assertTensors(
        structuredClone(outputs),
        await expectedOutputs("two-outputs", twoRows()),
        "outputs that were cloned",
      );
    },
  },
];
