import { createBatcherEngine } from "./batcher-engine.ts";
import type { Engine, EngineOptions } from "./engine.ts";
import { createNaiveEngine } from "./naive-engine.ts";
import { createOwnEngine } from "./own-engine.ts";
import { ownSessionOptions } from "./session-options.ts";

/** What everybody does without a library. */
export const naiveName = "naive";
/** The same with our session options. */
export const tunedName = "naive, tuned";
export const batcherName = "25-line batcher";
export const ownName = "@mlops/core";

/** The subjects by name, in the order of the tables. */
export const subjects: Readonly<Record<string, (options: EngineOptions) => Promise<Engine>>> = {
  [naiveName]: (options) => createNaiveEngine(options),
  [tunedName]: (options) => createNaiveEngine(options, ownSessionOptions(options.modelFile)),
  [batcherName]: createBatcherEngine,
  [ownName]: createOwnEngine,
};
