import { systemEnvironment } from "../environment.ts";
import { InvalidOptionsError } from "../errors/invalid-options-error.ts";
import type { PredictOptions, Predictor } from "../predictor/predictor.ts";
import type { TensorMap } from "../tensor/tensor.ts";
import { AnswerCache, type RequestCounts } from "./answer-cache.ts";
import { ByteLru, type ByteLruStats } from "./byte-lru.ts";
import { copyValue } from "./copy-value.ts";
import type { CompositionOptions } from "./composition-options.ts";
import { DefinedPredictor } from "./defined-predictor.ts";
import { estimateBytes } from "./estimate-bytes.ts";
import { stableKey } from "./stable-key.ts";
import { runAuthorCode } from "./typed-errors.ts";

/** Options of {@link cached}. */
export interface CachedOptions<Input, Output> extends CompositionOptions {
  /**
   * How much memory the cache may hold, in bytes by `sizeOf`, two for each character of a key, and
   * 128 for each entry. With 0 nothing is kept, and equal requests that come together still share
   * one run.
   */
  readonly maxBytes: number;
  /** Milliseconds after which a result is too old. Default `Infinity`. */
  readonly ttlMs?: number | undefined;
  /**
   * Says which inputs are equal: those with the same string. `undefined` for one that is not to be
   * cached. Default {@link stableKey}, the whole input written out exactly: give a `key` for large
   * inputs, or when only a part of the input matters, or when the result depends on `options.key`.
   */
  readonly key?: ((input: Input, options: PredictOptions) => string | undefined) | undefined;
  /** How many bytes an output takes in memory. Default {@link estimateBytes}. */
  readonly sizeOf?: ((output: Output) => number) | undefined;
  /**
   * Copies an output, so that one caller's changes to it are not seen by others. Default: lists,
   * plain objects, dates and typed arrays are copied, and instances of classes are shared.
   */
  readonly copy?: ((output: Output) => Output) | undefined;
}

/** What a cache has done so far, and holds now. */
export interface CacheStats extends ByteLruStats {
  /** Requests that were answered from the cache. */
  readonly hits: number;
  /** Requests that joined the run of an equal one. */
  readonly joins: number;
  /** Requests that started a run. */
  readonly misses: number;
  /** Requests without a key, which were passed on. */
  readonly uncacheable: number;
}

/** A predictor that remembers. */
export interface CachedPredictor<Input, Output> extends Predictor<Input, Output> {
  /** What the cache has done so far, and holds now. */
  stats(): CacheStats;
  /** Forgets every result. Runs that are under way go on, and are remembered. */
  clear(): void;
}

/**
 * Remembers results, and answers equal inputs with them: the least recently used leave when
 * `maxBytes` is reached. Errors are not remembered.
 *
 * Equal requests that come together share one run. It has the options of the first, without its
 * deadline and signal: each caller keeps his own, and the run is aborted when all of them have gone.
 * The shared run's error goes to all.
 *
 * Requests in tensors are cached too, by names and bytes of the tensors, whatever `key` says.
 *
 * @throws InvalidOptionsError `INVALID_OPTIONS` when `maxBytes` or `ttlMs` is out of range.
 */
export function cached<Input, Output>(
  predictor: Predictor<Input, Output>,
  options: CachedOptions<Input, Output>,
): CachedPredictor<Input, Output> {
  const { maxBytes, ttlMs = Infinity, environment = systemEnvironment } = options;
  const { key = stableKey, sizeOf = estimateBytes, copy = copyValue } = options;
  check("maxBytes", maxBytes, maxBytes >= 0 && maxBytes < Infinity, "a finite number of bytes of at least 0");
  check("ttlMs", ttlMs, ttlMs > 0, "a number of milliseconds above 0");
  const { model } = predictor.info;
  const store = new ByteLru<unknown>(maxBytes);
  const counts: RequestCounts = { hits: 0, joins: 0, misses: 0, uncacheable: 0 };
  const parts = { store, ttlMs, environment, counts };
  const answers = new AnswerCache<Output>({
    ...parts,
    prefix: "input:",
    sizeOf: (output) => runAuthorCode(model, "sizeOf", () => sizeOf(output)),
    copy: (output) => runAuthorCode(model, "copy", () => copy(output)),
  });
  const tensorAnswers = new AnswerCache<TensorMap>({
    ...parts,
    prefix: "tensors:",
    sizeOf: estimateBytes,
    copy: copyValue,
  });

  const inTensors = predictor.predictTensors?.bind(predictor);
  const defined = new DefinedPredictor<Input, Output>(predictor.info, {
    ...options,
    members: [predictor],
    close: () => store.clear(),
    async predict(input, asked) {
      const inputKey: unknown = await runAuthorCode(model, "key", () => key(input, asked), asked.signal);
      if (inputKey !== undefined && typeof inputKey !== "string") {
        throw new InvalidOptionsError({ option: "key", problem: "gave something that is no string" });
      }
      return answers.answer(inputKey, (passed) => predictor.predict(input, passed), asked);
    },
    predictTensors:
      inTensors &&
      ((tensors, asked) =>
        tensorAnswers.answer(
          stableKey([tensors, asked.outputs]),
          (passed) => inTensors(tensors, passed),
          asked,
        )),
  });
  return Object.assign(defined, {
    stats: () => ({ ...counts, ...store.stats }),
    clear: () => store.clear(),
  });
}

function check(option: string, value: number, isAllowed: boolean, allowed: string): void {
  if (typeof value === "number" && isAllowed) return;
  throw new InvalidOptionsError({ option, problem: `is ${String(value)}; it has to be ${allowed}` });
}
