import type { Session } from "../../backend/session.ts";
import type { TensorInfo } from "../../tensor/tensor-info.ts";
import { assert, assertEqual } from "./assertions.ts";
import { type ConformanceModelName, conformanceModels } from "./conformance-models.ts";
import type { ConformanceTest } from "./conformance-test.ts";

/** What a session says of itself. */
export const metadataTests = (): readonly ConformanceTest[] => [
  {
    name: "metadata: names inputs and outputs in the model's order",
    models: ["add", "two-outputs"],
    async run(context) {
      const namesOf = (infos: readonly TensorInfo[]): string[] => infos.map(({ name }) => name);
      const add = await context.load("add");
      assertEqual(namesOf(add.inputs), ["a", "b"], "the inputs of add");
      assertEqual(namesOf(add.outputs), ["sum"], "the outputs of add");
      const { outputs } = await context.load("two-outputs");
      assertEqual(namesOf(outputs), ["negative", "double"], "the outputs of two-outputs");
    },
  },
  shapes("metadata: tells fixed sizes as numbers, and varying ones as names or null", "add", "sequence"),
  shapes("metadata: tells the shape of a scalar as []", "scalar-input", "scalar-output"),
  shapes("metadata: tells an unknown shape as undefined, never as []", "unknown-rank"),
  shapes("metadata: tells a fixed batch size as a number", "fixed-batch"),
  {
    name: "metadata: declares limits as data",
    models: ["identity-float32"],
    async run(context) {
      const session = await context.load("identity-float32");
      const { device, maxBatchSize, supportsParallelRuns, precision, warnings = [] } = session;
      assert(typeof device === "string" && device !== "", "device is no text, or empty");
      assert(
        maxBatchSize === Infinity || (Number.isSafeInteger(maxBatchSize) && maxBatchSize >= 1),
        `maxBatchSize is ${maxBatchSize}, and has to be a whole number of at least 1 or Infinity`,
      );
      assertEqual(typeof supportsParallelRuns, "boolean", "the type of supportsParallelRuns");
      for (const kind of ["relative", "absolute"] as const) {
        const value = precision?.[kind];
        assert(
          Number.isFinite(value) && value >= 0,
          `precision.${kind} is ${value}, and has to be at least 0`,
        );
      }
      assert(Array.isArray(warnings), "warnings are no list");
    },
  },
  {
    name: "metadata: tells a fixed batch size as maxBatchSize",
    models: ["fixed-batch"],
    async run(context) {
      assertEqual((await context.load("fixed-batch")).maxBatchSize, 1, "maxBatchSize");
    },
  },
  {
    name: "metadata: stays as it is over runs and the release",
    models: ["two-outputs"],
    async run(context) {
      const session = await context.load("two-outputs");
      const before = JSON.stringify(describe(session));
      await session.doRun({ x: { dtype: "float32", shape: [1, 3], data: new Float32Array(3) } }, {});
      await session.release();
      assertEqual(JSON.stringify(describe(session)), before, "the metadata");
    },
  },
];

function describe(session: Session): unknown {
  const { inputs, outputs, device, maxBatchSize, supportsParallelRuns, precision } = session;
  return { inputs, outputs, device, maxBatchSize: String(maxBatchSize), supportsParallelRuns, precision };
}

function shapes(name: string, ...models: ConformanceModelName[]): ConformanceTest {
  return {
    name,
    models,
    async run(context) {
      for (const model of models) assertSignature(await context.load(model), model);
    },
  };
}

/** @throws ConformanceError unless the session has the model's signature. */
export function assertSignature(session: Session, model: ConformanceModelName): void {
  for (const side of ["inputs", "outputs"] as const) {
    assertEqual(session[side].length, conformanceModels[model][side].length, `the number of ${side}`);
    for (const [index, expected] of conformanceModels[model][side].entries()) {
      const actual = session[side][index]!;
      const what = `${JSON.stringify(expected.name)} of ${model}`;
      assertEqual(actual.name, expected.name, `the name of ${what}`);
      assertEqual(actual.dtype, expected.dtype, `the dtype of ${what}`);
      assertShape(actual.shape, expected.shape, what);
    }
  }
}

function assertShape(actual: TensorInfo["shape"], expected: TensorInfo["shape"], what: string): void {
  if (actual === undefined || expected === undefined) {
    return assertEqual(actual, expected, `the shape of ${what}`);
  }
  assert(Array.isArray(actual), `the shape of ${what} is no list`);
  assertEqual(actual.length, expected.length, `the number of dimensions of ${what}`);
  for (const [axis, dimension] of expected.entries()) {
    if (typeof dimension === "number") {
      assertEqual(actual[axis], dimension, `dimension ${axis} of ${what}`);
    } else {
      // What a varying dimension is called is the format's affair; some have no names for them.
      const isVarying = actual[axis] === null || (typeof actual[axis] === "string" && actual[axis] !== "");
      assert(
        isVarying,
        `dimension ${axis} of ${what} is ${JSON.stringify(actual[axis])}, and has to be a name or null`,
      );
    }
  }
}
