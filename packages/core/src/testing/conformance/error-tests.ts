import type { Session } from "../../backend/session.ts";
import { tensor, type TensorMap } from "../../tensor/tensor.ts";
import { assert, assertRejects, assertTensors, outcomeOf } from "./assertions.ts";
import type { ConformanceTest } from "./conformance-test.ts";

const wrong = (): TensorMap => ({ index: tensor("int32", [99], [1, 1]) });
const right = (): TensorMap => ({ index: tensor("int32", [0, 3], [2, 1]) });
const answer = (): TensorMap => ({ y: tensor("float32", [10, 40], [2, 1]) });

/** Runs that fail. */
export const errorTests = (): readonly ConformanceTest[] => [
  {
    name: "error: fails a run by BACKEND_FAILED with the runtime's error as its cause",
    models: ["lookup"],
    async run(context) {
      const session = await context.load("lookup");
      const error = await assertRejects(session.doRun(wrong(), {}), "BACKEND_FAILED", "a run that fails");
      assert(error.cause !== undefined, "the error of a run has no cause; keep the runtime's error as one");
    },
  },
  {
    name: "error: rejects and does not throw",
    models: ["lookup"],
    async run(context) {
      const session = await context.load("lookup");
      let run: Promise<TensorMap> | undefined;
      try {
        run = session.doRun(wrong(), {});
      } catch (error) {
        assert(false, `doRun threw ${String(error)}, and has to return a promise that rejects`);
      }
      assert(typeof run?.then === "function", "doRun returned no promise");
      await outcomeOf(run);
    },
  },
  {
    name: "error: runs on after a run that failed",
    models: ["lookup"],
    async run(context) {
      const session = await context.load("lookup");
      for (let count = 0; count < 3; count += 1) {
        await assertFails(session);
        assertTensors(await session.doRun(right(), {}), answer(), "outputs after a run that failed");
      }
    },
  },
];

async function assertFails(session: Session): Promise<void> {
  const outcome = await outcomeOf(session.doRun(wrong(), {}));
  assert("error" in outcome, "a run with an index out of range succeeds, and has to fail");
}
