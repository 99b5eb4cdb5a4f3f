import type { Engine, EngineOptions } from "./engine.ts";
import { ownSessionOptions } from "./session-options.ts";

/** What everybody does without a library. */
export const naiveName = "naive";
/** The same with our session options. */
export const tunedName = "naive, tuned";
export const batcherName = "25-line batcher";
export const ownName = "@mlops/core";

/** The subjects by name, in the order of the tables. Each loads its own code only, so that no other's is in its memory. */
export const subjects: Readonly<Record<string, (options: EngineOptions) => Promise<Engine>>> = {
  async [naiveName](options) {
    const { createNaiveEngine } = await import("./naive-engine.ts");
    return createNaiveEngine(options);
  },
  async [tunedName](options) {
    const { createNaiveEngine } = await import("./naive-engine.ts");
    return createNaiveEngine(options, ownSessionOptions(options.modelFile));
  },
  async [batcherName](options) {
    const { createBatcherEngine } = await import("./batcher-engine.ts");
    return createBatcherEngine(options);
  },
  async [ownName](options) {
    const { createOwnEngine } = await import("./own-engine.ts");
    return createOwnEngine(options);
  },
};
