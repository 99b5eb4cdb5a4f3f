import { createNaiveEngine } from "./naive-engine.ts";
import type { EngineOptions } from "./engine.ts";
import { ownSessionOptions } from "./session-options.ts";

/** A row to ask for, and its row of `y` from a run of its own. */
export interface Exchange {
  readonly row: Float32Array;
  readonly expected: Float32Array;
}

/** More than there are callers, so that no two rows of a batch are equal. */
const exchangeCount = 128;

/** The requests of a model, each another one, with the answers of the bare runtime. */
export async function createExchanges(options: EngineOptions): Promise<Exchange[]> {
  const engine = await createNaiveEngine(options, ownSessionOptions(options.modelFile));
  const exchanges: Exchange[] = [];
  for (let index = 0; index < exchangeCount; index += 1) {
    const row = Float32Array.from({ length: options.inputSize }, (_, column) =>
      Math.sin(1 + index * 12.9898 + column * 78.233 * (1 + index)),
    );
    exchanges.push({ row, expected: await engine.predict(row) });
  }
  await engine.close();
  return exchanges;
}
