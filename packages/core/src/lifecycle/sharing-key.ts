import type { OpenModelOptions } from "./model-store.ts";

/**
 * Makes a function that gives equal keys to what can share one loaded model: the same model and
 * the same backend, each by identity, as both hold functions; and options that are equal.
 */
export function sharingKey(): <Input, Output>(options: OpenModelOptions<Input, Output>) => string {
  const numbers = new WeakMap<object, number>();
  let count = 0;
  const numberOf = (value: object): number => {
    const known = numbers.get(value);
    if (known !== undefined) return known;
    count += 1;
    numbers.set(value, count);
    return count;
  };
  return ({ model, backend, batching, execution = "auto", workers, queue, warmup, weight = 1 }) =>
    JSON.stringify([
      numberOf(model),
      numberOf(Object(backend)),
      batching === undefined || batching === false
        ? batching === false
        : [batching.maxBatchSize, batching.maxDelayMs],
      execution,
      [workers?.min, workers?.max],
      queue?.maxSize,
      // Inputs may hold anything, so that only the same ones are equal.
      typeof warmup === "object" ? numberOf(warmup) : String(warmup),
      weight,
    ]);
}
