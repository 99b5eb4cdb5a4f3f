import type { Session } from "../../backend/session.ts";
import { hasErrorCode } from "../../errors/mlops-error.ts";
import { tensor, type TensorMap } from "../../tensor/tensor.ts";
import { assert, assertRejects, assertTensors, outcomeOf } from "./assertions.ts";
import { expectedOutputs } from "./conformance-models.ts";
import type { ConformanceTest } from "./conformance-test.ts";
import { distinctRows } from "./inputs.ts";

/** Runs that are given up: they may end early, and have to end. */
export const abortTests = (): readonly ConformanceTest[] => [
  {
    name: "abort: settles a run whose signal was aborted before, and runs on",
    models: ["slow"],
    async run(context) {
      const session = await context.load("slow");
      await assertGivenUp(session, AbortSignal.abort(new Error("given up before")), () => {});
      await assertRunsOn(session);
    },
  },
  {
    name: "abort: settles a run whose signal is aborted during it, and runs on",
    models: ["slow"],
    async run(context) {
      const session = await context.load("slow");
      const controller = new AbortController();
      await assertGivenUp(session, controller.signal, () => controller.abort(new Error("given up during")));
      await assertRunsOn(session);
    },
  },
  {
    name: "abort: takes no notice of a signal that is aborted after the run",
    models: ["slow"],
    async run(context) {
      const session = await context.load("slow");
      const controller = new AbortController();
      const inputs = distinctRows(1, 3);
      const outputs = await session.doRun(inputs, { signal: controller.signal });
      controller.abort(new Error("given up after"));
      assertTensors(outputs, { y: inputs["x"]! }, "outputs", session.precision);
      await assertRunsOn(session);
    },
  },
  {
    name: "abort: fails the request that was given up, and no other",
    models: ["network"],
    async run(context) {
      const predictor = await context.predictor("network");
      const controller = new AbortController();
      const input = distinctRows(1, 4);
      const given = [0, 1, 2, 3].map((index) =>
        predictor.predict(input, index === 2 ? { signal: controller.signal } : {}),
      );
      const [first, second, aborted, last] = given.map(outcomeOf);
      controller.abort(new Error("given up"));
      const outcome = await aborted!;
      assert(
        "value" in outcome || hasErrorCode(outcome.error, "ABORTED"),
        `the request that was given up fails with ${"error" in outcome && String(outcome.error)}`,
      );
      const expected = await expectedOutputs("network", input);
      const { precision } = await context.load("network");
      for (const other of [first, second, last]) {
        const settled = await other!;
        if ("error" in settled) throw settled.error;
        assertTensors(settled.value, expected, "outputs of another request", precision);
      }
      const late = predictor.predict(input, { signal: AbortSignal.abort() });
      await assertRejects(late, "ABORTED", "a request whose signal was aborted before");
    },
  },
];

async function assertGivenUp(session: Session, signal: AbortSignal, during: () => void): Promise<void> {
  const batch = (): TensorMap => distinctRows(Math.min(64, session.maxBatchSize), 3);
  const run = outcomeOf(session.doRun(batch(), { signal }));
  during();
  const outcome = await run;
  if ("value" in outcome) {
    return assertTensors(
      outcome.value,
      { y: batch()["x"]! },
      "outputs of the run that went on",
      session.precision,
    );
  }
  assert(
    hasErrorCode(outcome.error, "ABORTED") || outcome.error === signal.reason,
    `the run failed with ${String(outcome.error)}; it may succeed, or fail with ABORTED or the signal's reason`,
  );
}

async function assertRunsOn(session: Session): Promise<void> {
  const x = tensor("float32", [7, 8, 9], [1, 3]);
  assertTensors(await session.doRun({ x }, {}), { y: x }, "outputs of the next run", session.precision);
}
