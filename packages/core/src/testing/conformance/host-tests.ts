import { openArtifact } from "../../artifact/open-artifact.ts";
import { tensor } from "../../tensor/tensor.ts";
import { assert, outcomeOf } from "./assertions.ts";
import type { ConformanceContext } from "./conformance-context.ts";
import type { ConformanceTest } from "./conformance-test.ts";
import { watchOutput, watchRejections } from "./watch-host.ts";

/** What a backend does to the program that it is part of. */
export const hostTests = (): readonly ConformanceTest[] => [
  {
    name: "host: prints nothing",
    models: ["lookup"],
    async run(context) {
      const printed = await watchOutput(() => succeedAndFail(context));
      assert(
        printed.length === 0,
        `it printed ${JSON.stringify(printed)}; a library hands out warnings and errors`,
      );
    },
  },
  {
    name: "host: leaves no rejection unhandled",
    models: ["lookup"],
    async run(context) {
      const rejections = await watchRejections(() => succeedAndFail(context));
      const [first] = rejections;
      assert(
        rejections.length === 0,
        `${rejections.length} promises were left rejected; one with ${String(first)}`,
      );
    },
  },
];

/** A load and a run that succeed, fail and are given up, and the release during a run. */
async function succeedAndFail(context: ConformanceContext): Promise<void> {
  const controller = new AbortController();
  const loading = outcomeOf(context.load("lookup", { signal: controller.signal }));
  controller.abort();
  await loading;
  await outcomeOf(context.loadArtifact(openArtifact(new TextEncoder().encode("no model"))));
  const session = await context.load("lookup");
  const index = tensor("int32", [0], [1, 1]);
  await outcomeOf(session.doRun({ index }, {}));
  await outcomeOf(session.doRun({ index: tensor("int32", [99], [1, 1]) }, {}));
  await outcomeOf(session.doRun({ index }, { signal: AbortSignal.abort() }));
  const last = outcomeOf(session.doRun({ index }, {}));
  await outcomeOf(session.release());
  await last;
  await outcomeOf(session.doRun({ index }, {}));
}
