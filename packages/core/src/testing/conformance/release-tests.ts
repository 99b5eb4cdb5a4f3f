import { tensor, type TensorMap } from "../../tensor/tensor.ts";
import { assert, assertRejects, assertTensors, outcomeOf } from "./assertions.ts";
import type { ConformanceTest } from "./conformance-test.ts";
import { distinctRows, rowsOfThree } from "./inputs.ts";
import { MlopsError } from "../../errors/mlops-error.ts";

const oneRow = (): TensorMap => rowsOfThree(1, 2, 3);

/** How a session ends. */
export const releaseTests = (): readonly ConformanceTest[] => [
  {
    name: "release: may be called again",
    models: ["identity-float32"],
    async run(context) {
      const session = await context.load("identity-float32");
      await session.doRun(oneRow(), {});
      await Promise.all([session.release(), session.release()]);
      await session.release();
    },
  },
  {
    name: "release: frees a session that never ran",
    models: ["identity-float32"],
    async run(context) {
      await (await context.load("identity-float32")).release();
    },
  },
  {
    name: "release: frees a session whose run failed",
    models: ["lookup"],
    async run(context) {
      const session = await context.load("lookup");
      await outcomeOf(session.doRun({ index: tensor("int32", [99], [1, 1]) }, {}));
      await session.release();
    },
  },
  {
    name: "release: fails later runs by a typed error",
    models: ["identity-float32"],
    async run(context) {
      const session = await context.load("identity-float32");
      await session.release();
      await assertRejects(session.doRun(oneRow(), {}), "any", "a run after the release");
    },
  },
  {
    name: "release: settles a run that is under way, by its result or a typed error",
    models: ["slow"],
    async run(context) {
      const session = await context.load("slow");
      const inputs = distinctRows(Math.min(64, session.maxBatchSize), 3);
      const run = outcomeOf(session.doRun(inputs, {}));
      await session.release();
      const outcome = await run;
      if ("value" in outcome) {
        return assertTensors(outcome.value, { y: inputs["x"]! }, "outputs", session.precision);
      }
      const { error } = outcome;
      assert(MlopsError.isInstance(error), `the run failed with ${String(error)}, which is no typed error`);
    },
  },
  {
    name: "release: leaves the backend able to load again",
    models: ["identity-float32"],
    async run(context) {
      for (let count = 0; count < 3; count += 1) {
        const session = await context.load("identity-float32");
        assertTensors(await session.doRun(oneRow(), {}), { y: oneRow()["x"]! }, "outputs");
        await session.release();
      }
    },
  },
];
